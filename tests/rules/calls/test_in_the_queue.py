"""What a caller hears and may do while it waits, told as calls on a made-up Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ccengine.acd.commands import Announce, Move, ProposeCallback, Release
from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import AskCallback, Input
from ccengine.calls.callback_number import callable_number
from ccengine.ids import AgentId, QueueId
from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    AbandonReason,
    CallAbandoned,
    CallAnswered,
    CallEnded,
    FlowEnded,
    FlowStepped,
    OfferEnded,
    OfferResult,
    Outcome,
)
from ccengine.site.model import Site, Trunk
from tests.kit.quick_centre import PROMPT_S, Caller, Phone, QuickCentre, QuickFloor
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import small_site

FLOW = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: sales
    steps:
      sales:
        type: enqueue
        queue: sales
        timed_out: late
        no_agents: nobody
        full: late
        closed: shut
        keys: {"9": else_, "0": else_}
        branches: {sorry: else_}
      late: {type: hangup, say: {zh-CN: 太久, en: Too long}}
      nobody: {type: hangup, say: {zh-CN: 没有人, en: Nobody}}
      shut: {type: hangup, say: {zh-CN: 下班了, en: Closed}}
      else_: {type: hangup, say: {zh-CN: 其他, en: Else}}
"""
LAST_AGENT = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: known
    steps:
      known: {type: enqueue, agent: last, timed_out: end, no_agents: stranger, full: end}
      stranger: {type: hangup, say: {zh-CN: 生客, en: A stranger}}
      end: {type: hangup}
"""
BUSY = {"say": {"zh-CN": "今天很忙。", "en": "We are busy today."}}
ONLINE = {"say": {"zh-CN": "也可在线办理。", "en": "See our site."}}
WHISPER = {"whisper": True, "title": {"zh-CN": "xiaoshou", "en": "sales"}}
OFFER = "如需我们给您回电，请按1。您的排队位置将为您保留。"
CONFIRM = "确认请按1。使用其他号码，请直接输入号码，按井号键结束。"
ASK = "请输入您希望接听回电的号码，固定电话请加区号，按井号键结束。"
BAD = "很抱歉，我们无法拨打这个号码。"
WAIT_ON = "没有登记回电，您仍在排队，请继续等待。"
ARRANGED = "回电已登记，轮到您时我们会给您去电。感谢您的来电，再见。"
OWN_NUMBER = list("幺三九") + ["零"] * 8


def _site(support: dict[str, Any] | None = None, **sales: Any) -> Site:
    overflow = sales.pop("overflow", [])
    raw = small_site(max_wait=None, **sales).model_dump(by_alias=True)
    raw["queues"]["support"] = raw["queues"]["sales"] | {"music": "calm"} | (support or {})
    raw["queues"]["sales"] |= {"overflow": overflow}
    raw["trunks"]["carrier"] |= {"outbound": "192.0.2.1", "allowed": ["1", "0"]}
    raw["personal_queues"] = {}
    return Site.model_validate(raw)


Open = Callable[..., QuickCentre]


@pytest.fixture
def centre_with(flow_of: Callable[[str], Flow]) -> Open:
    """``centre_with(announce_every=10)``: sales with these rules, and support beside it."""
    flow = flow_of(FLOW)

    def made(support: dict[str, Any] | None = None, **sales: Any) -> QuickCentre:
        return QuickCentre(_site(support, **sales), flow)

    return made


async def _waiting(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    return caller


async def _over(centre: QuickCentre) -> None:
    await centre.stop()
    centre.check_over([agent for agent in ("1001", "1002") if centre.state(agent) != "logged_out"])


def _way(centre: QuickCentre) -> list[tuple[str, str]]:
    return [(fact.step, fact.result) for fact in centre.told(FlowStepped)]


# -- keys


@in_quick_time
async def test_an_exit_key_leads_out_of_the_queue(centre_with: Open) -> None:
    centre = centre_with()
    caller = await _waiting(centre)
    await asyncio.sleep(5)
    caller.press("7")
    await asyncio.sleep(5)
    assert centre.waits(caller), "a key without a meaning does nothing"
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    assert _way(centre)[0] == ("sales", "key_9")
    (left,) = centre.told(CallAbandoned)
    assert (left.reason, left.waited_s) == (AbandonReason.EXIT_KEY, pytest.approx(10, abs=0.1))
    await _over(centre)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED


@in_quick_time
async def test_an_exit_key_stops_the_ringing(centre_with: Open) -> None:
    centre = centre_with()
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: len(centre.rings) == 1)
    await asyncio.sleep(2)
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    (leg,) = centre.told(OfferEnded)
    assert leg.result is OfferResult.WITHDRAWN
    assert leg.rang_s == pytest.approx(2, abs=0.2), "no longer than the caller waited"
    assert len(centre.hung_up) == 1
    await asyncio.sleep(1)
    assert centre.state("1001") == "ready"
    await _over(centre)


@in_quick_time
async def test_an_exit_key_while_the_page_is_asked_rings_nobody(centre_with: Open) -> None:
    centre = centre_with()
    centre.floor.pop_s = 0.1
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.floor.pops != [])
    caller.press("0")
    await centre.until(caller.session_done)
    assert (centre.rings, _way(centre)[0]) == ([], ("sales", "key_0"))
    await _over(centre)


@in_quick_time
async def test_a_key_in_a_talk_does_nothing(centre_with: Open) -> None:
    centre = centre_with()
    centre.phone_of["1001"] = Phone(answers=1.0, talks=10.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.told(CallAnswered) != [])
    caller.press("9", "9", "9")
    await centre.until(caller.session_done)
    assert _way(centre)[0] == ("sales", "served")
    await _over(centre)


@in_quick_time
async def test_an_answer_in_the_moment_of_the_key_is_let_go(centre_with: Open) -> None:
    """The key came first: the ACD has the call out of its line when the answer is told."""
    centre = centre_with()
    centre.phone_of["1001"] = Phone(answers=2.0, talks=1.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: len(centre.rings) == 1)
    live = centre.calls.get(caller.call_id)
    assert live is not None
    await centre.until(lambda: len(live.legs) == 1)
    live.legs.clear()  # the leg cannot be hung up: the answer is quicker
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    assert centre.told(CallAnswered) == []
    assert caller.variables["CC_SERVED"] == "0"
    await _over(centre)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED


@in_quick_time
async def test_keys_outside_a_queue_are_dropped(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY | {"every": 15}})
    caller = await _waiting(centre)
    for _ in range(200):
        caller.press("5")
    live = centre.calls.get(caller.call_id)
    assert live is not None
    assert live.mailbox.empty
    centre.decides(Release(call_id=caller.call_id, reason=AbandonReason.TIMED_OUT))
    await centre.until(lambda: caller.heard == ["太久"])
    caller.press("9")
    assert live.mailbox.empty
    await asyncio.sleep(PROMPT_S)
    await centre.stop()


# -- ways out by decision


@pytest.mark.parametrize(
    ("reason", "branch", "heard"),
    [
        (AbandonReason.TIMED_OUT, "", "太久"),
        (AbandonReason.NO_AGENTS, "", "没有人"),
        (AbandonReason.QUEUE_FULL, "", "太久"),
        (AbandonReason.CLOSED, "", "下班了"),
        (AbandonReason.OVERFLOW, "sorry", "其他"),
    ],
)
def test_who_is_let_go_takes_its_way(
    centre_with: Open, reason: AbandonReason, branch: str, heard: str
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with()
        caller = await _waiting(centre)
        centre.decides(Release(call_id=caller.call_id, reason=reason, branch=branch))
        await centre.until(caller.session_done)
        assert caller.heard == [heard]
        await centre.stop()

    run()


@in_quick_time
async def test_who_is_to_leave_a_message_is_handed_to_the_dialplan(centre_with: Open) -> None:
    centre = centre_with()
    caller = await _waiting(centre)
    centre.decides(
        Release(call_id=caller.call_id, reason=AbandonReason.OVERFLOW, branch="voicemail")
    )
    await centre.until(caller.session_done)
    assert caller.variables["CC_DONE"] == "voicemail"
    assert "HANGUP" not in caller.commands
    assert [fact.result for fact in centre.told(FlowEnded)] == ["voicemail"]
    caller.end = "message"
    await asyncio.sleep(60)
    assert centre.told(CallEnded) == [], "the caller still speaks its message"
    await centre.stop()
    (ended,) = centre.told(CallEnded)
    assert (ended.outcome, ended.by) == (Outcome.ABANDONED, "caller")


@in_quick_time
async def test_a_moved_call_hears_the_other_queue_and_is_recorded_as_that_one_wants(
    centre_with: Open,
) -> None:
    centre = centre_with({"record": False, "messages": {"online": ONLINE | {"every": 20}}})
    caller = await _waiting(centre)
    centre.decides(Move(call_id=caller.call_id, queue=QueueId("support")))
    await asyncio.sleep(1)
    assert caller.variables["CC_QUEUE"] == "support"
    assert caller.commands.count('SET MUSIC ON "calm"') == 1
    assert [line for line in caller.commands if "MixMonitor" in line][-1].startswith(
        "EXEC StopMixMonitor"
    )
    await asyncio.sleep(22)
    assert caller.heard == ["也可在线办理。"]
    caller.press("9")
    await centre.until(caller.session_done)
    assert _way(centre)[0] == ("sales", "key_9"), "the step's own ways still hold"
    await centre.stop()


@in_quick_time
async def test_a_moved_call_that_comes_back_stands_where_it_was_moved_to(
    centre_with: Open,
) -> None:
    centre = centre_with()
    caller = await _waiting(centre)
    centre.decides(Move(call_id=caller.call_id, queue=QueueId("support")))
    await asyncio.sleep(1)
    caller.drop()
    await asyncio.sleep(1)
    caller.connect()
    await asyncio.sleep(1)
    live = centre.calls.get(caller.call_id)
    assert live is not None
    assert live.queue == "support"
    assert caller.commands[-3:].count('SET MUSIC ON "calm"') <= 1
    assert 'SET MUSIC ON "calm"' in caller.commands[-6:]
    await centre.stop()


# -- what is heard


@in_quick_time
async def test_place_and_wait_are_told_at_entry_and_again(centre_with: Open) -> None:
    centre = centre_with(announce_every=30)
    centre.floor.expected = Expected(low_s=190, high_s=350)
    caller = await _waiting(centre)
    await asyncio.sleep(2)
    assert caller.heard == ["您是下一位，请稍候。"]
    await asyncio.sleep(3)
    assert caller.heard[1:] == ["预计等待三到六分钟。"]
    await asyncio.sleep(27)
    assert caller.heard[2:] == ["您是下一位，请稍候。"]
    await centre.stop()


@pytest.mark.parametrize(
    ("position", "wait", "heard"),
    [
        (False, True, ["预计等待三到六分钟。"]),
        (True, False, ["您是下一位，请稍候。"]),
        (False, False, []),
    ],
)
def test_a_site_says_what_of_them_is_told(
    centre_with: Open, position: bool, wait: bool, heard: list[str]
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with(announce_every=30, announce_position=position, announce_wait=wait)
        centre.floor.expected = Expected(low_s=190, high_s=350)
        caller = await _waiting(centre)
        await asyncio.sleep(20)
        assert caller.heard == heard
        await centre.stop()

    run()


@in_quick_time
async def test_a_wait_that_cannot_be_trusted_is_not_told(centre_with: Open) -> None:
    centre = centre_with(announce_every=30)
    caller = await _waiting(centre)
    await asyncio.sleep(20)
    assert caller.heard == ["您是下一位，请稍候。"]
    await centre.stop()


@in_quick_time
async def test_messages_take_turns_with_music_between_them(centre_with: Open) -> None:
    centre = centre_with(
        announce_every=20,
        messages={"busy": BUSY | {"every": 20}, "online": ONLINE | {"every": 20}},
    )
    caller = await _waiting(centre)
    spoken: list[tuple[float, str]] = []
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() < begun + 180:
        await asyncio.sleep(0.1)
        for text in caller.heard[len(spoken) :]:
            spoken.append((loop.time(), text))
    gaps = [later - at - PROMPT_S for (at, _), (later, _) in pairwise(spoken)]
    assert min(gaps) >= 9.8, "never one upon the other"
    for text in ("您是下一位，请稍候。", "今天很忙。", "也可在线办理。"):
        assert sum(said == text for _, said in spoken) >= 4, "and none is forgotten"
    await centre.stop()


@in_quick_time
async def test_a_rule_speaks_at_once_and_is_not_cut_by_the_next(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY, "online": ONLINE})
    caller = await _waiting(centre)
    centre.decides(
        Announce(call_id=caller.call_id, message="busy"),
        Announce(call_id=caller.call_id, message="gone"),
        Announce(call_id=caller.call_id, message="online"),
    )
    await asyncio.sleep(0.5)
    assert caller.heard == ["今天很忙。"]
    await asyncio.sleep(2)
    assert caller.heard == ["今天很忙。", "也可在线办理。"]
    assert not any("stop" in line.lower() and "file" in line.lower() for line in caller.commands)
    await centre.stop()


@in_quick_time
async def test_no_more_messages_wait_than_make_sense(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY})
    caller = await _waiting(centre)
    centre.decides(*(Announce(call_id=caller.call_id, message="busy") for _ in range(50)))
    await asyncio.sleep(60)
    assert len(caller.heard) <= 5
    await centre.stop()


@in_quick_time
async def test_an_offer_cuts_a_message_of_a_rule(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY})
    caller = await _waiting(centre)
    centre.decides(Announce(call_id=caller.call_id, message="busy"))
    await asyncio.sleep(0.5)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: len(centre.rings) == 1)
    assert asyncio.get_running_loop().time() - since < 0.2, "not after the words"
    await centre.stop()


# -- whisper


@in_quick_time
async def test_the_agent_hears_the_queue_before_the_caller_is_there(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=3.0)
    caller = await _waiting(centre)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: centre.told(CallAnswered) != [])
    assert asyncio.get_running_loop().time() - since == pytest.approx(1 + PROMPT_S, abs=0.2)
    assert centre.whispered == [("1001", "xiaoshou")]
    assert caller.heard == []
    await _over(centre)


@in_quick_time
async def test_an_agent_who_leaves_in_the_whisper_has_not_served(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, leaves_whisper=True)
    centre.phone_of["1002"] = Phone(answers=1.0, talks=3.0)
    centre.at_work("1001", "1002")
    caller = centre.call()
    await centre.until(caller.session_done)
    (leg,) = centre.told(OfferEnded)
    assert (leg.agent_id, leg.result) == ("1001", OfferResult.REFUSED)
    (answered,) = centre.told(CallAnswered)
    assert answered.agent_id == "1002"
    await _over(centre)


@in_quick_time
async def test_an_exit_key_in_the_whisper_leads_out(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=3.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.whispered != [])
    caller.press("9")
    await centre.until(caller.session_done)
    assert _way(centre)[0] == ("sales", "key_9")
    assert centre.told(CallAnswered) == []
    await _over(centre)


# -- for one agent


@pytest.mark.parametrize("known", [True, False])
def test_a_customer_is_led_to_who_served_it_last(
    flow_of: Callable[[str], Flow], known: bool
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = QuickCentre(_site(), flow_of(LAST_AGENT))
        centre.floor.last_agent = AgentId("1002") if known else None
        centre.phone_of["1002"] = Phone(answers=1.0, talks=1.0)
        centre.at_work("1001", "1002")
        caller = centre.call()
        await centre.until(caller.session_done)
        assert [agent for agent, _, _ in centre.rings] == (["1002"] if known else [])
        assert caller.heard == ([] if known else ["生客"])
        assert _way(centre)[0] == ("known", "served" if known else "no_agents")
        await _over(centre)

    run()


@in_quick_time
async def test_a_sticky_queue_prefers_who_served_the_customer_last(centre_with: Open) -> None:
    centre = centre_with(sticky=20)
    centre.floor.last_agent = AgentId("1002")
    centre.at_work("1001", "1002")
    centre.call()
    await centre.until(lambda: centre.rings != [])
    assert centre.rings[0][0] == "1002"
    await centre.stop()


@in_quick_time
async def test_skills_of_the_flow_are_asked_for(flow_of: Callable[[str], Flow]) -> None:
    raw = _site().model_dump(by_alias=True)
    raw["skills"] = {"english": {"zh-CN": "英语", "en": "English"}}
    raw["agents"]["1001"]["skills"] = {"english": 1}
    raw["agents"]["1002"]["skills"] = {"english": 2}
    flow = flow_of(FLOW.replace("queue: sales\n", "queue: sales\n        skills: {english: 2}\n"))
    centre = QuickCentre(Site.model_validate(raw), flow)
    centre.at_work("1001", "1002")
    centre.call()
    await centre.until(lambda: centre.rings != [])
    assert centre.rings[0][0] == "1002"
    await centre.stop()


# -- by the site's own rules


def _rule(when: dict[str, int], do: Any) -> dict[str, Any]:
    return {"overflow": [{"name": "rule", "when": when, "do": do}]}


@pytest.mark.parametrize(
    ("sales", "way"),
    [
        (_rule({"waited": 5}, {"branch": "sorry"}), "sorry"),
        (_rule({"waited": 5}, "voicemail"), "voicemail"),
        (_rule({"position": 1}, {"branch": "sorry"}), "sorry"),
        ({"join_when_empty": "logged_out"}, "no_agents"),
    ],
)
def test_a_rule_of_the_site_leads_the_caller_on(
    centre_with: Open, sales: dict[str, Any], way: str
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with(**sales)
        caller = centre.call()
        await centre.until(caller.session_done)
        assert _way(centre)[0] == ("sales", way)
        await _over(centre)

    run()


@in_quick_time
async def test_a_rule_moves_the_call_to_an_agent_of_another_queue(centre_with: Open) -> None:
    centre = centre_with(
        {"agents": ["1002"]}, agents=["1001"], **_rule({"waited": 5}, {"queue": "support"})
    )
    centre.phone_of["1002"] = Phone(answers=1.0, talks=1.0)
    centre.at_work("1002")
    caller = centre.call()
    await centre.until(caller.session_done)
    (answered,) = centre.told(CallAnswered)
    assert (answered.queue, answered.agent_id) == ("support", "1002")
    assert answered.waited_s == pytest.approx(6, abs=0.3)
    assert centre.floor.pops[0].queue == "support"
    await _over(centre)


# -- callbacks


CALLBACK = {"callback": {"trunk": "carrier", "offer_every": 20}}


async def _asks(centre: QuickCentre) -> Caller:
    """A caller who was told of the key has pressed it."""
    caller = await _waiting(centre)
    caller.press("1")
    await asyncio.sleep(1)
    assert centre.waits(caller), "before it is offered the key means nothing"
    await centre.until(lambda: caller.heard == [OFFER])
    caller.press("1")
    return caller


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AskCallback]:
    """What the ACD was asked for; it takes the call out of its line, as its callbacks do."""
    asked: list[AskCallback] = []
    submit = QuickFloor.submit

    def taken(floor: QuickFloor, item: Input) -> None:
        if isinstance(item, AskCallback):
            asked.append(item)
        submit(floor, item)

    monkeypatch.setattr(QuickFloor, "submit", taken)
    return asked


@in_quick_time
async def test_a_callback_at_the_callers_own_number(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    assert caller.heard[2:-1] == OWN_NUMBER
    caller.press("1")
    await centre.until(caller.session_done)
    assert caller.heard[-1] == ARRANGED
    assert [(ask.call_id, ask.number, ask.at) for ask in asked] == [
        (caller.call_id, "13900000000", None)
    ]
    assert asked[0].callback_id != caller.call_id
    assert _way(centre)[0] == ("sales", "callback")
    await centre.stop()
    assert centre.broken == []
    assert centre.told(CallEnded, caller)[0].outcome is Outcome.CALLBACK


@in_quick_time
async def test_a_callback_at_another_number(centre_with: Open, asked: list[AskCallback]) -> None:
    """1 begins a number as well: only alone, or followed by a pause, it confirms."""
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    caller.press(*"13")
    await asyncio.sleep(1)
    caller.press(*"811112222#")
    before = len(caller.heard)
    await centre.until(lambda: caller.heard[before:].count(CONFIRM) == 1)
    caller.press("1", "#")
    await centre.until(caller.session_done)
    assert [ask.number for ask in asked] == ["13811112222"]
    await centre.stop()


@in_quick_time
async def test_after_three_tries_the_caller_waits_on(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    for keys in ("110#", "200#", ""):
        before = len(caller.heard)
        await centre.until(lambda before=before: CONFIRM in caller.heard[before:])  # type: ignore[misc]
        caller.press(*keys)
        await asyncio.sleep(3)
    await centre.until(lambda: WAIT_ON in caller.heard)
    assert caller.heard.count(BAD) == 2
    assert asked == []
    assert centre.waits(caller)
    await asyncio.sleep(PROMPT_S + 0.5)
    assert caller.commands[-2].startswith("SET MUSIC ON")
    await _over(centre)


@in_quick_time
async def test_an_offer_cuts_the_question_and_the_call_is_served(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await asyncio.sleep(2.5)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=1.0)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: len(centre.rings) == 1)
    assert asyncio.get_running_loop().time() - since < 0.2
    await centre.until(caller.session_done)
    assert (_way(centre)[0], asked) == (("sales", "served"), [])
    await _over(centre)


@in_quick_time
async def test_a_rule_proposes_a_callback(centre_with: Open) -> None:
    centre = centre_with(callback={"trunk": "carrier", "offer_every": None, "key": "*"})
    caller = await _waiting(centre)
    await asyncio.sleep(100)
    assert caller.heard == []
    centre.decides(ProposeCallback(call_id=caller.call_id))
    await asyncio.sleep(0.5)
    assert "请按星号键" in caller.heard[0]
    caller.press("*")
    await asyncio.sleep(0.5)
    assert caller.heard[1].startswith("我们将拨打"), "the key cut the words that named it"
    await centre.stop()


@pytest.mark.parametrize(
    ("keyed", "number"),
    [
        ("13811112222", "13811112222"),
        ("013811112222", "13811112222"),
        ("8613811112222", "13811112222"),
        ("01012345678", "01012345678"),
        ("110", ""),
        ("10086", ""),
        ("4008000000", ""),
        ("0012025550123", ""),
        ("+12025550123", ""),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_only_allowed_numbers_are_called(keyed: str, number: str) -> None:
    allowed = ("1", "01", "02")
    trunk = Trunk(match=("192.0.2.1",), outbound="192.0.2.1", allowed=allowed)
    assert callable_number(keyed, trunk) == number
    assert callable_number(keyed, trunk.model_copy(update={"allowed": ()})) == ""
