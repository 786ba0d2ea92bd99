"""Tests that run side by side take nothing from each other."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.kit.asterisk import PROJECT
from tests.kit.ports import rtp_range, server_ports
from tests.kit.side_by_side import COMPUTE, GROUPS, group_of

_ANOTHER = """
import json
from tests.kit.ports import rtp_range, server_ports
print(json.dumps([server_ports(49), [rtp_range() for _ in range(4)]]), flush=True)
input()
"""
_CALLS_COME_THROUGH = ("asterisk_site:", "running_asterisk(", "tests.kit.centre", "--asterisk")


def test_two_processes_of_tests_have_no_port_in_common() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ANOTHER],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as another:
        assert another.stdout is not None
        servers, sounds = json.loads(another.stdout.readline())

        mine = set(server_ports(20))
        mine.update(*(range(first, last + 1) for first, last in (rtp_range() for _ in range(4))))

        assert mine.isdisjoint(servers)
        assert mine.isdisjoint(port for first, last in sounds for port in range(first, last + 1))
        another.communicate(b"\n", timeout=10)


def test_every_folder_of_a_group_is_there() -> None:
    folders = [folder for group in (*GROUPS.values(), COMPUTE) for folder in group]

    assert [folder for folder in folders if not (PROJECT / folder).is_dir()] == []


def test_every_file_with_calls_is_in_a_group_of_calls() -> None:
    """Or more Asterisks than workers for them would be busy at once."""
    alone = [
        name
        for file in (PROJECT / "tests").rglob("test_*.py")
        if group_of(name := file.relative_to(PROJECT).as_posix()) not in GROUPS
        and any(word in file.read_text("utf-8") for word in _CALLS_COME_THROUGH)
    ]

    assert alone == []
