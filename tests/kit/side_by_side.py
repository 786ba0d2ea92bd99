"""Which tests share a worker when several run side by side (``make test``), and who goes first.

Tests of one file stay together, and those of one of these groups: they share something dear, such
as an Asterisk. Groups begin in the order written here, the other files follow. All tests that call
through an Asterisk are in the first groups; most of their time they wait for what callers do, so
that four at a time are well within two cores.
"""

from __future__ import annotations

import functools
import os
from typing import Any

import pytest

GROUPS = {
    "a whole centre": ("tests/first_call/",),
    "a centre whose engine falls": ("tests/engine_away/",),
    "a centre and its flows": (
        "tests/flows_on_the_phone/",
        "tests/keys/",
        "tests/people_on_the_phone/",
        "tests/words_on_the_phone/",
    ),
    "an Asterisk": (
        "tests/on_asterisk/",
        "tests/asterisk_config/",
        "tests/kit_selftest/",
        "tests/cli/",
    ),
    "a browser": ("tests/browser/",),
    "a PostgreSQL": ("tests/data/",),
}
COMPUTE = ("tests/simulation/", "tests/rules/plan/", "tests/rules/")
"""Files of these come last, the long ones first so that nobody waits for one alone at the end."""

GIVES_WAY = 5
"""So nice (see nice(1)) is a worker once it only computes: callers are held to seconds."""


def group_of(test: str) -> str:
    """The group, or else the file, of this test id."""
    for group, folders in GROUPS.items():
        if test.startswith(folders):
            return group
    return test.partition("::")[0]


def _turn(test: str) -> tuple[int, int]:
    group = group_of(test)
    if group in GROUPS:
        return 0, list(GROUPS).index(group)
    return 1, next((turn for turn, folder in enumerate(COMPUTE) if test.startswith(folder)), -1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _is_worker(config):
        items.sort(key=lambda item: _turn(item.nodeid))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if _is_worker(item.config) and item.nodeid.startswith(COMPUTE):
        _give_way()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@functools.cache
def _give_way() -> None:
    """Once for a worker: whatever is held to seconds has begun before."""
    os.nice(GIVES_WAY)
