"""What an engineer writes short, and what is said when it is written wrong."""

from __future__ import annotations

import pytest

from ccengine.acd.rules import OverflowAction, OverflowMeasure
from ccengine.yamlsource.model import BadFileError
from tests.rules.site.site_text import complaint, complaints, sales, site


def test_members_and_rules_may_be_written_short() -> None:
    queue = site(
        sales(
            """
            strategy: weighted_random
            agents: ["1001", {agent: "1002", level: 1, share: 3}]
            overflow:
              - {name: long, when: {waited: 120}, do: widen}
              - {name: longer, when: {position: 5}, do: {branch: sorry}}
            """
        )
    ).queues["sales"]
    assert [(m.agent, m.level, m.share) for m in queue.agents] == [("1001", 0, 1), ("1002", 1, 3)]
    long, longer = queue.overflow
    assert (long.when.measure, long.when.limit) == (OverflowMeasure.WAITED, 120)
    assert (long.do.action, long.do.target) == (OverflowAction.WIDEN, "")
    assert (longer.do.action, longer.do.target) == (OverflowAction.BRANCH, "sorry")


def rule(when: str = "{waited: 120}", do: str = "widen") -> str:
    return f"overflow:\n  - name: long\n    when: {when}\n    do: {do}"


ONE_MEASURE = "one measure with its limit is wanted | write it like {waited: 120}"
ONE_ACTION = "one action is wanted | write it like `widen` or {queue: sales}"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            'agents: ["1001", 1002]',
            '1:22 1002 is a number where text is wanted | write it in quotes: "1002"',
        ),
        (
            'agents: [{agent: "1001", lvl: 1}]',
            "1:30 unknown key 'lvl' | did you mean 'level'?",
        ),
        (
            "agents: [{agent: 1001, level: 1}]",
            '1:22 1001 is a number where text is wanted | write it in quotes: "1001"',
        ),
        (
            "agents: [{level: 1}]",
            "1:14 the key 'agent' is missing | add `agent: …`",
        ),
        (
            'agents: [{agent: "1001", level: 10}]',
            "1:37 10 is out of range | write 9 or less",
        ),
        ("agents: [true]", "1:14 text is wanted, not true | write a text"),
        (rule(when="120"), f"3:15 {ONE_MEASURE}"),
        (rule(when="{waited: 120, position: 3}"), f"3:15 {ONE_MEASURE}"),
        (rule(when="{}"), f"3:15 {ONE_MEASURE}"),
        (
            rule(when="{wated: 120}"),
            "3:16 'wated' is not one of the choices | did you mean 'waited'?",
        ),
        (
            rule(when="{waited: 2 min}"),
            "3:24 a number is wanted, not '2 min' | write a number without quotes or unit",
        ),
        (rule(when="{waited: -1}"), "3:24 -1 is out of range | write 0.0 or more"),
        (rule(do="{queue: sales, branch: x}"), f"4:13 {ONE_ACTION}"),
        (rule(do="[widen]"), f"4:13 {ONE_ACTION}"),
        (rule(do="widden"), "4:13 'widden' is not one of the choices | did you mean 'widen'?"),
        (
            rule(do="{queues: sales}"),
            "4:14 'queues' is not one of the choices | did you mean 'queue'?",
        ),
        (
            rule(do="{queue: 7}"),
            '4:21 7 is a number where text is wanted | write it in quotes: "7"',
        ),
        ("relax: {after: 20, skill: english, level: 2}", "a list is wanted, not a mapping"),
        ("relax: [{after: 20, skil: english, level: 2}]", "did you mean 'skill'?"),
        ("skills: [english]", "1:13 keys with values are wanted, not a list"),
        ("callback: 1", "1:15 keys with values are wanted, not 1"),
        ("callback: {trunk: carrier, key: 12}", "12 is a number where text is wanted"),
        (
            'callback: {trunk: carrier, key: "12"}',
            "1:37 '12' cannot stand here | write one key of a telephone: a digit, * or #",
        ),
        ("load: {calls_per_hour: 0, handling: 60}", "1:28 0 is out of range | write more than 0"),
    ],
)
def test_what_is_written_wrong_is_told_at_its_place(rules: str, said: str) -> None:
    found = complaints(sales(rules))
    assert any(said in told for told in found), found


WRONG = ["7", '"7"', "true", "[]", "[1]", "{}", "{a: 1}", "null", "-1", '"?"', ".5", "99999999"]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "place",
    [
        "agents: [{agent: %s}]",
        'agents: [{agent: "1001", level: %s, share: %s}]',
        "strategy: %s",
        "ring_timeout: %s",
        "wrap_up_mode: %s",
        "max_calls: %s",
        "skills: %s",
        "skills: {english: %s}",
        "relax: [%s]",
        "widen: [{after: %s, level: %s}]",
        "overflow: [{name: %s, when: %s, do: %s}]",
        "overflow: [{name: a, when: {waited: %s}, do: {queue: %s}}]",
        "callback: {trunk: %s, first: %s, attempts: %s, offer_every: %s}",
        "messages: {m: {say: %s, every: %s}}",
        "load: {calls_per_hour: %s, handling: %s, vip: {gold: %s}}",
        "whisper: %s",
        "hours: %s",
        "join_when_empty: %s",
    ],
)
def test_no_wrong_value_is_told_in_words_of_a_library(place: str, wrong: str) -> None:
    text = sales(place.replace("%s", wrong))
    try:
        site(text)
    except BadFileError as error:
        told = str(error)
        assert complaints(text)  # each with a cure
        for word in ("Input should", "Value error", "validation", "instance of", "pydantic"):
            assert word not in told


def test_a_rule_without_a_name_is_told_to_take_one() -> None:
    said = complaint("overflow:\n  - {when: {waited: 120}, do: widen}")
    assert said == "2:9 the key 'name' is missing | add `name: …`"
