"""Queues whose settings contradict each other, or the rest of the site."""

from __future__ import annotations

import pytest

from tests.rules.site.site_text import complaint, complaints, sales, site


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            'agents: ["1001", {agent: "1001", level: 1}]',
            "1:30 the agent '1001' is in this list twice | keep one",
        ),
        (
            'agents: ["1001", {agent: "1009", level: 0}]',
            "1:30 there is no agent '1009' | did you mean '1001'?",
        ),
        (
            "hours: ofice",
            "1:12 there are no hours 'ofice' | did you mean 'office'?",
        ),
        (
            "when_closed: release",
            "1:5 a queue without hours never closes | add `hours: …`, or remove this",
        ),
        (
            'strategy: random\nagents: [{agent: "1001", share: 3}]',
            "2:30 a share means nothing to the strategy random | "
            "use `strategy: weighted_random`, or remove the share",
        ),
        (
            "max_wait: 60\nsticky: 90",
            "2:13 callers are let go after 60 s, before this time is over | "
            "write less than max_wait",
        ),
    ],
)
def test_refused(rules: str, said: str) -> None:
    assert complaint(rules) == said


def test_names_of_personal_queues_are_taken() -> None:
    text = sales("").replace("  sales:", "  personal_1001:")
    (said,) = complaints(text)
    assert said == (
        "-1:3 names that begin with personal_ belong to the agents' own queues | "
        "give the queue another name"
    )


@pytest.mark.parametrize(
    "rules",
    [
        "hours: office\nwhen_closed: release",
        'strategy: weighted_random\nagents: [{agent: "1001", share: 3}]',
        "max_wait: 90\nsticky: 30",
    ],
)
def test_taken(rules: str) -> None:
    assert site(sales(rules))


LEVELS = 'agents: ["1001", {agent: "1002", level: 1}, {agent: "1003", level: 2}]\n'


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            'agents: ["1001", {agent: "1003", level: 2}]',
            "1:45 level 2 is here, and nobody has level 1 | use levels 0, 1, 2 … in a row",
        ),
        (
            'agents: [{agent: "1001", level: 1}]',
            "1:37 level 1 is here, and nobody has level 0 | use levels 0, 1, 2 … in a row",
        ),
        (
            LEVELS + "widen: [{after: 10, level: 1}, {after: 20, level: 2}, {after: 30, level: 3}]",
            "2:78 no agent of this queue has level 3 | "
            "give an agent this level, or remove the step",
        ),
        (
            LEVELS + "widen: [{after: 10, level: 2}, {after: 20, level: 1}]",
            "2:55 level 1 is open by then already | write a higher level, or remove the step",
        ),
        (
            LEVELS + "widen: [{after: 10, level: 0}, {after: 20, level: 2}]",
            "2:32 level 0 is open by then already | write a higher level, or remove the step",
        ),
        (
            LEVELS + "max_wait: 60\nwiden: [{after: 10, level: 1}, {after: 60, level: 2}]",
            "3:44 callers are let go after 60 s, so this comes too late | write less than max_wait",
        ),
        (
            LEVELS + "widen: [{after: 10, level: 1}]",
            "1:72 level 2 is never opened: this agent would never be rung | "
            "add {after: …, level: 2} to `widen`",
        ),
    ],
)
def test_levels_refused(rules: str, said: str) -> None:
    assert complaint(rules) == said


@pytest.mark.parametrize(
    "rules",
    [
        LEVELS,
        LEVELS + "widen: [{after: 10, level: 1}, {after: 20, level: 2}]",
        LEVELS + "widen: [{after: 10, level: 2}]",
        LEVELS + "widen: [{after: 9, level: 1}]\n"
        "overflow: [{name: all, when: {waited: 60}, do: widen}]",
    ],
)
def test_levels_taken(rules: str) -> None:
    assert site(sales(rules))
