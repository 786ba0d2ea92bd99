"""A caller's session: the flow on the phone, and a place taken up again from the channel."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable

import pytest

from ccengine.calls.live import LiveCall
from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    CallAdopted,
    CallArrived,
    CallEnded,
    CallQueued,
    FlowEnded,
    FlowStepped,
    Outcome,
)
from tests.kit.quick_centre import Caller, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open, small_site

MENU = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: menu
    steps:
      menu:
        type: menu
        say: {zh-CN: 请按1。, en: Press 1.}
        keys: {"1": sales}
        timeout: 3
        retries: 1
        no_input: bye
        invalid: bye
      sales:
        type: enqueue
        queue: sales
        timed_out: bye
        no_agents: bye
        full: bye
      bye:
        type: play
        say: {zh-CN: 再见。, en: Goodbye.}
        next: end
      end:
        type: hangup
"""


@pytest.fixture
def menu(flow_of: Callable[[str], Flow]) -> Callable[[], QuickCentre]:
    flow = flow_of(MENU)
    return lambda: QuickCentre(small_site(), flow)


Menu = Callable[[], QuickCentre]


def saved(caller: Caller) -> dict[str, object]:
    state = json.loads(base64.b64decode(caller.variables["CC_FLOW_STATE"]))
    assert isinstance(state, dict)
    return state


def place(caller: Caller) -> str:
    """The step at which a restarted engine would take it up."""
    step: str = saved(caller)["frames"][-1]["step"]
    return step


def test_a_key_cuts_the_words_and_leads_on(menu: Menu) -> None:
    @in_quick_time
    async def run() -> None:
        centre = menu()
        caller = centre.call()
        await asyncio.sleep(1)
        caller.press("1")
        await asyncio.sleep(0.5)
        assert centre.waits(caller)
        assert [(f.step, f.result) for f in centre.told(FlowStepped)] == [("menu", "1")]
        live = centre.calls.get(caller.call_id)
        assert live is not None
        assert [step.step for step in live.path] == ["menu"]
        await centre.stop()
        centre.check_over([])

    run()


def test_who_presses_nothing_hears_it_again_and_then_goodbye(menu: Menu) -> None:
    @in_quick_time
    async def run() -> None:
        centre = menu()
        caller = centre.call()
        await centre.until(caller.session_done)
        assert caller.heard[-1] == "再见。"
        assert len([path for path in caller.heard if path == "请按1。"]) == 2
        await centre.stop()
        (ended,) = centre.told(CallEnded)
        assert ended.outcome is Outcome.SELF_SERVED
        assert caller.variables["CC_DONE"] == "1"
        centre.check_over([])

    run()


def test_the_place_is_on_the_channel_before_each_wait(menu: Menu) -> None:
    @in_quick_time
    async def run() -> None:
        centre = menu()
        caller = centre.call()
        await asyncio.sleep(1)
        assert (place(caller), caller.variables["CC_PHASE"]) == ("menu", "flow")
        assert caller.variables["CC_LANG"] == "zh-CN"
        caller.press("1")
        await asyncio.sleep(0.5)
        assert (place(caller), caller.variables["CC_PHASE"]) == ("sales", "queued")
        assert caller.variables["CC_QUEUE"] == "sales"
        await centre.stop()

    run()


def _handed_to(centre: QuickCentre, caller: Caller) -> Caller:
    """The same channel, handed over to (another) engine by its dialplan."""
    again = Caller(centre, 1)
    again.call_id, again.uniqueid = caller.call_id, caller.uniqueid
    again.variables.update(caller.variables)
    again.phase = caller.variables["CC_PHASE"]
    centre.callers.append(again)
    again.connect()
    return again


def test_a_restarted_engine_goes_on_where_the_call_stood(menu: Menu) -> None:
    @in_quick_time
    async def run() -> None:
        before, after = menu(), menu()
        caller = before.call()
        await asyncio.sleep(1)
        caller.press("1")
        await asyncio.sleep(5)
        queued_at = before.told(CallQueued)[0].queued_at
        again = _handed_to(after, caller)
        await asyncio.sleep(1)
        assert after.waits(again)
        assert [fact.phase for fact in after.told(CallAdopted)] == ["queued"]
        assert [fact.queued_at for fact in after.told(CallQueued)] == [pytest.approx(queued_at)]
        assert after.told(CallArrived) == []
        await before.stop()
        await after.stop()
        after.check_over([])

    run()


@pytest.mark.parametrize(
    "state",
    [
        "",
        "not base64 !",
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b'{"flow": "main", "version": "old"}').decode(),
        "SAME" + base64.b64encode(b"x").decode(),
    ],
)
def test_a_place_that_cannot_be_read_begins_the_flow_anew(menu: Menu, state: str) -> None:
    @in_quick_time
    async def run() -> None:
        before, after = menu(), menu()
        caller = before.call()
        await asyncio.sleep(1)
        caller.variables["CC_FLOW_STATE"] = state
        again = _handed_to(after, caller)
        await asyncio.sleep(1)
        assert again.heard == ["请按1。"]
        await before.stop()
        await after.stop()
        after.check_over([])

    run()


@pytest.mark.parametrize(
    "change",
    [{"step": "gone"}, {"memory": {"x": []}}, {"path": 1}, {"format": 2}],
)
def test_a_saved_place_that_makes_no_sense_begins_the_flow_anew(
    menu: Menu, change: dict[str, object]
) -> None:
    @in_quick_time
    async def run() -> None:
        before, after = menu(), menu()
        caller = before.call()
        await asyncio.sleep(1)
        changed = saved(caller) | change
        caller.variables["CC_FLOW_STATE"] = base64.b64encode(json.dumps(changed).encode()).decode()
        again = _handed_to(after, caller)
        await asyncio.sleep(1)
        assert again.heard == ["请按1。"]
        await before.stop()
        await after.stop()
        after.check_over([])

    run()


def test_a_queue_that_left_the_site_file_lets_the_caller_go_on(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        caller = centre.call()
        await asyncio.sleep(1)
        site = centre.floor.site
        centre.floor.site = site.model_copy(update={"queues": {}})
        await centre.until(caller.session_done)
        assert caller.heard == ["您好。", "再见。"]
        centre.floor.site = site
        await centre.stop()
        assert centre.told(CallEnded)[0].outcome is Outcome.SELF_SERVED
        assert [fact.result for fact in centre.told(FlowEnded)] == ["finished"]
        centre.check_over([])

    run()


def test_a_second_connection_of_a_call_is_let_go(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        caller = centre.call()
        await centre.until(lambda: centre.waits(caller))
        twin = _handed_to(centre, caller)
        await centre.until(twin.session_done)
        assert twin.commands == []
        assert centre.waits(caller)
        await centre.stop()
        assert len(centre.told(CallEnded)) == 1

    run()


async def _broken(_call: LiveCall) -> None:
    raise ZeroDivisionError("ours")


def test_a_fault_of_ours_in_one_call_stays_with_it(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre(agents=["1001"])
        good = centre.call()
        await centre.until(lambda: centre.waits(good))
        centre.floor.know_caller = _broken  # type: ignore[assignment, method-assign]
        bad = centre.call()
        await centre.until(bad.session_done)
        assert centre.waits(good)
        await centre.stop()
        centre.check_over([])

    run()
