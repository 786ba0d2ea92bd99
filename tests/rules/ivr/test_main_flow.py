"""The demo's flows, as callers live through them: every branch of both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ccengine.clock import moment
from ccengine.ids import CallId, FlowId
from ccengine.ivr.answers import Played, QueueResult
from ccengine.ivr.engine import FlowRun
from ccengine.ivr.model import Flow, FlowContext
from ccengine.ivr.waits import PlayWait
from ccengine.journal.facts import FlowEntered
from ccengine.site.hours import is_open
from ccengine.site.model import Site

Dial = Any
MENU = "销售咨询，请按1"


def in_menu(dial: Dial, flow: Flow) -> Any:
    """A caller who let the greeting pass."""
    call = dial(flow)
    call.hears("欢迎致电", "press 9")
    call.listens()
    call.hears(MENU)
    return call


def test_a_caller_who_presses_1_waits_for_sales(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("1")
    call.waits_in("sales")
    call.leaves_queue(QueueResult.SERVED)
    call.ends("finished", step="sales")
    assert call.way == [
        ("welcome", "kept"),
        ("opening_hours", "open"),
        ("main_menu", "1"),
        ("sales", "served"),
    ]


def test_the_flow_is_entered_once_in_the_journal(dial: Dial, main: Flow) -> None:
    call = dial(main)
    assert call.facts == [
        FlowEntered(
            at=1_000.0,
            call_id=CallId("c-1"),
            flow=FlowId("main"),
            version=main.version,
            language="zh-CN",
        )
    ]


@pytest.mark.parametrize(("key", "queue"), [("1", "sales"), ("2", "support"), ("0", "operator")])
def test_each_key_has_its_queue_in_english_too(
    dial: Dial, main: Flow, key: str, queue: str
) -> None:
    call = dial(main)
    call.presses("9")
    call.hears("For sales, press 1")
    call.presses(key)
    call.waits_in(queue, "en")


def test_the_greeting_is_cut_only_by_the_key_it_offers(dial: Dial, main: Flow) -> None:
    call = dial(main)
    greeting = call.hears("欢迎致电", "press 9")
    assert greeting.keys == "9"
    assert [prompt.language for prompt in greeting.prompts] == ["zh-CN", "en"]
    assert [prompt.name for prompt in greeting.prompts] == ["welcome", "offer_english"]


def test_out_of_hours_the_caller_is_told_and_let_go(dial: Dial, main: Flow) -> None:
    call = dial(main, is_open=False)
    call.listens()
    call.hears("非工作时间")
    call.listens()
    call.hears("再见")
    call.listens()
    call.ends("finished", step="goodbye")
    assert call.asked_hours == [("office", 1_001.0)]


def test_silence_repeats_the_menu_twice_and_then_gives_a_person(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.listens()
    call.hears("没有收到您的按键", MENU)
    call.listens()
    call.hears("没有收到您的按键", MENU)
    call.listens()
    call.waits_in("operator")
    assert call.way[-1] == ("main_menu", "no_input")


def test_wrong_keys_are_told_apart_from_silence(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("7")
    call.hears("按键有误", MENU)
    call.listens()
    call.hears("没有收到您的按键", MENU)
    call.presses("*")
    call.waits_in("operator")
    assert call.way[-1] == ("main_menu", "invalid")


def test_a_wrong_key_can_be_mended(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("7")
    call.presses("2")
    call.waits_in("support")


def test_an_answer_is_read_and_can_be_heard_again(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("3")
    call.asks("如何报修宽带")
    call.is_told("请先重启光猫。")
    assert call.hears("请先重启光猫").keys == "#"
    call.presses("#")
    call.hears("重听请按1")
    call.presses("1")
    call.asks("如何报修宽带")
    call.is_told("请先重启光猫。")
    call.listens()
    call.presses("*")
    call.hears(MENU)


def test_the_question_is_asked_in_the_callers_language(dial: Dial, main: Flow) -> None:
    call = dial(main)
    call.presses("9")
    call.presses("3")
    call.asks("How do I report a broadband fault")
    assert call.wait.language == "en"


def test_after_the_answer_an_operator_is_one_key_away(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("3")
    call.is_told("请先重启光猫。")
    call.listens()
    call.presses("0")
    call.waits_in("operator")


@pytest.mark.parametrize("keys", [["", ""], ["5", "5"], ["5", ""]])
def test_after_the_answer_silence_and_wrong_keys_say_goodbye(
    dial: Dial, main: Flow, keys: list[str]
) -> None:
    call = in_menu(dial, main)
    call.presses("3")
    call.is_told("请先重启光猫。")
    call.listens()
    for key in keys:
        if key:
            call.presses(key)
        else:
            call.listens()
    call.hears("再见")
    call.listens()
    call.ends("finished", step="goodbye")


@pytest.mark.parametrize("spoken", [None, ""])
def test_without_an_answer_the_caller_gets_support(
    dial: Dial, main: Flow, spoken: str | None
) -> None:
    call = in_menu(dial, main)
    call.presses("3")
    if spoken is None:
        call.finds_nothing()
    else:
        call.is_told(spoken)
    call.hears("没有找到")
    call.listens()
    call.waits_in("support")


@pytest.mark.parametrize("key", ["1", "2", "0"])
@pytest.mark.parametrize(
    ("result", "word"),
    [
        (QueueResult.TIMED_OUT, "坐席全忙"),
        (QueueResult.FULL, "坐席全忙"),
        (QueueResult.NO_AGENTS, "没有坐席在线"),
    ],
)
def test_who_is_not_served_hears_why_and_goodbye(
    dial: Dial, main: Flow, key: str, result: QueueResult, word: str
) -> None:
    call = in_menu(dial, main)
    call.presses(key)
    call.leaves_queue(result)
    call.hears(word)
    call.listens()
    call.hears("再见")
    call.listens()
    call.ends("finished", step="goodbye")


def test_hanging_up_in_the_menu_names_the_menu(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.hangs_up()
    call.ends("hung_up", step="main_menu")


def test_hanging_up_in_the_queue_names_the_queue_step(dial: Dial, main: Flow) -> None:
    call = in_menu(dial, main)
    call.presses("2")
    call.hangs_up()
    call.ends("hung_up", step="support")


def test_the_support_line_goes_straight_to_support(dial: Dial, flows: dict[FlowId, Flow]) -> None:
    call = dial(flows[FlowId("straight_to_support")])
    assert call.hears("技术支持专线").keys == ""
    call.listens()
    call.waits_in("support")
    call.leaves_queue(QueueResult.TIMED_OUT)
    call.hears("没有坐席")
    call.listens()
    call.ends("finished", step="sorry")


def test_the_hours_are_those_of_the_site_in_its_time_zone(main: Flow, site: Site) -> None:
    week = {"mon": ("09:00-18:00",)}
    office = site.hours["office"].model_copy(update={"week": week})

    def office_is_open(name: str, now: float) -> bool:
        return is_open({"office": office}[name], site.time_zone, moment(now))

    for clock, text in [(10, MENU), (20, "非工作时间")]:
        context = FlowContext(
            call_id=CallId("c"),
            ani="",
            dnis="",
            vip_level="",
            language="zh-CN",
            is_open=office_is_open,
        )
        run = FlowRun(main, context)
        run.start(0.0)
        # Monday in Shanghai, eight hours ahead.
        monday = datetime(2026, 11, 23, clock - 8, tzinfo=UTC).timestamp()
        wait = run.resume(Played(), monday).wait
        assert isinstance(wait, PlayWait)
        assert text in wait.prompts[0].text
