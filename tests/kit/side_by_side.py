"""Which tests share a worker when several run side by side (``make test``), and who goes first.

Tests of one file stay together, and those of one of these groups: they share something dear, such
as an Asterisk. Groups begin in the order written here; the other files follow. All tests that call
through an Asterisk are in the first two, so no more than two of them are busy at a time.
"""

from __future__ import annotations

import functools
import os
from typing import Any

import pytest

GROUPS = {
    "a whole centre": ("tests/first_call/",),
    "an Asterisk": (
        "tests/on_asterisk/",
        "tests/asterisk_config/",
        "tests/kit_selftest/",
        "tests/cli/",
    ),
    "a browser": ("tests/browser/",),
    "a PostgreSQL": ("tests/data/",),
}
HURRY = {"a whole centre", "an Asterisk", "a browser"}
"""Callers, phones and pages are held to seconds: while they are, the other groups give way."""
LONG = ("tests/simulation/", "tests/rules/plan/")
"""Files of these come before other files: nobody is to wait for them alone at the end."""

GIVES_WAY = 10
"""So nice (see nice(1)) is a worker from its first test that is in no hurry."""


def group_of(test: str) -> str:
    """The group, or else the file, of this test id."""
    for group, folders in GROUPS.items():
        if test.startswith(folders):
            return group
    return test.partition("::")[0]


def _turn(test: str) -> int:
    group = group_of(test)
    if group in GROUPS:
        return list(GROUPS).index(group)
    return len(GROUPS) + (not test.startswith(LONG))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _is_worker(config):
        items.sort(key=lambda item: _turn(item.nodeid))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if _is_worker(item.config) and group_of(item.nodeid) not in HURRY:
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
    """Once for a worker: those in a hurry have all begun before."""
    os.nice(GIVES_WAY)
