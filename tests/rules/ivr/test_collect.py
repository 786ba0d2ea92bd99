"""Digits keyed in: how many, what they must be, read back, secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ccengine.ivr.answers import Collected
from ccengine.ivr.model import Flow
from ccengine.ivr.steps.digits import (
    Between,
    DateCheck,
    DigitsCheck,
    date_holds,
    id_card,
    in_range,
    luhn,
)
from ccengine.ivr.waits import CollectWait
from ccengine.journal.facts import FlowStepped

Dial = Any
Write = Callable[[str], Flow]
TODAY = date(2026, 11, 22)

COLLECT = """
start: ask
steps:
  ask:
    type: collect
    say: {{zh-CN: 请输入, en: Key it in}}
    into: order_no
    digits: {digits}
    {extra}
    no_input: {{say: {{zh-CN: 没有听到, en: Nothing heard}}, next: silent}}
    invalid: {{say: {{zh-CN: 输入有误, en: That is wrong}}, next: wrong}}
    next: good
  good: {{type: hangup}}
  silent: {{type: hangup}}
  wrong: {{type: hangup}}
"""


def keyed(call: Dial, digits: str, by: str = "terminator") -> None:
    assert isinstance(call.wait, CollectWait), call.wait
    call.answers(Collected(digits=digits, by=by))  # type: ignore[arg-type]


def texts(call: Dial) -> list[str]:
    return [prompt.text for prompt in call.wait.prompts]


def test_digits_are_learnt_under_their_name(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(COLLECT.format(digits="{least: 4, most: 12}", extra="")))
    wait = call.wait
    assert (wait.most, wait.terminator, wait.secret, wait.fresh) == (12, "#", False, False)
    keyed(call, "20418857")
    assert call.run.data == {"order_no": "20418857"}
    assert call.way[0] == ("ask", "collected")


def test_silence_and_too_few_digits_count_together(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(COLLECT.format(digits="6", extra="retries: 2")))
    keyed(call, "", "timeout")
    assert texts(call) == ["没有听到", "请输入"]
    assert call.wait.fresh, "what was typed ahead was meant for elsewhere"
    keyed(call, "123", "timeout")
    assert texts(call) == ["输入有误", "请输入"]
    keyed(call, "", "timeout")
    assert call.way[0] == ("ask", "no_input")
    fact = next(fact for fact in call.facts if isinstance(fact, FlowStepped))
    assert (fact.no_input, fact.invalid) == (2, 1)


def test_a_number_is_read_back_and_may_be_keyed_in_again(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(COLLECT.format(digits="3", extra="confirm: true")))
    keyed(call, "127")
    call.hears("您输入的是", "幺", "二", "七", "确认请按1")
    call.presses("2")
    assert texts(call) == ["请输入"]
    keyed(call, "128")
    call.presses("5")
    call.hears("输入有误", "您输入的是", "幺", "二", "八", "确认请按1")
    call.presses("1")
    assert call.run.data == {"order_no": "128"}


def test_a_secret_is_in_no_data_no_fact_and_no_saved_run(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(COLLECT.format(digits="6", extra="secret: true")))
    assert call.wait.secret
    keyed(call, "739164", "length")
    assert call.run.data == {}
    assert "739164" not in repr(call.facts)
    assert "739164" not in json.dumps(call.run.save())
    assert call.way[0] == ("ask", "collected")


def test_an_identity_number_may_end_with_a_star(dial: Dial, write_flow: Write) -> None:
    flow = write_flow(COLLECT.format(digits="18", extra="check: {id_card: true}"))
    call = dial(flow)
    assert call.wait.star
    keyed(call, "11010519491231002*", "length")
    assert call.run.data == {"order_no": "11010519491231002X"}


@pytest.mark.parametrize(
    ("digits", "good"),
    [
        ("11010519491231002X", True),
        ("440524188001010014", False),  # born before anybody alive
        ("110105194912310021", False),
        ("99010519491231002X", False),
        ("11010520991231002X", False),
        ("11010519490230002X", False),
        ("1101051949123100", False),
    ],
)
def test_identity_numbers(digits: str, good: bool) -> None:
    assert id_card(digits, TODAY) is good


@pytest.mark.parametrize(
    ("digits", "good"),
    [("4111111111111111", True), ("4111111111111112", False), ("0000", False), ("", False)],
)
def test_luhn(digits: str, good: bool) -> None:
    assert luhn(digits) is good


@pytest.mark.parametrize(
    ("form", "when", "digits", "good"),
    [
        ("yyyymmdd", None, "20280229", True),
        ("yyyymmdd", None, "20270229", False),
        ("yyyymmdd", "past", "20261122", True),
        ("yyyymmdd", "past", "20261123", False),
        ("yyyymmdd", "future", "20261122", True),
        ("yyyymmdd", "future", "20261121", False),
        ("ddmmyyyy", "past", "31121999", True),
        ("mmyy", "future", "1126", True),
        ("mmyy", "future", "1026", False),
        ("mmyy", "past", "1326", False),
        ("mmdd", None, "0229", True),
        ("mmdd", None, "0230", False),
        ("mmdd", None, "229", False),
    ],
)
def test_dates(form: Any, when: Any, digits: str, good: bool) -> None:
    assert date_holds(digits, DateCheck(format=form, when=when), TODAY) is good


def test_numbers() -> None:
    between = Between(least=1, most=31)
    assert [in_range(text, between) for text in ("0", "1", "31", "32", "031", "")] == [
        False, True, True, False, True, False,
    ]  # fmt: skip


def test_what_the_check_refuses_is_invalid(dial: Dial, write_flow: Write) -> None:
    extra = 'retries: 0\n    check: {pattern: "1[3-9][0-9]{9}"}'
    for digits, way in (("13912345678", "collected"), ("12912345678", "invalid")):
        call = dial(write_flow(COLLECT.format(digits="11", extra=extra)))
        keyed(call, digits, "length")
        assert call.way[0] == ("ask", way)


def test_a_day_begins_where_the_site_is(dial: Dial, write_flow: Write) -> None:
    """Half past one in Shanghai, still yesterday in UTC."""
    check = DigitsCheck(date=DateCheck(format="yyyymmdd", when="past"))
    now = datetime(2026, 11, 22, 17, 30, tzinfo=UTC).timestamp()
    assert check.holds("20261123", now, "Asia/Shanghai")
    assert not check.holds("20261123", now, "UTC")


@pytest.mark.parametrize(
    "extra", ["{secret: true, confirm: true}", '{terminator: "5"}', '{terminator: "7"}']
)
def test_what_makes_no_sense_is_refused(extra: str, write_flow: Write) -> None:
    lines = "\n    ".join(part.strip() for part in extra.strip("{}").split(","))
    with pytest.raises(AssertionError):
        write_flow(COLLECT.format(digits="4", extra=lines))
