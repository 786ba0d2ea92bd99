"""Customers who are called back: each attempt's way, and that each callback ends once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.exc import OperationalError

from ccengine.acd.inputs import AskCallback, CancelCallback, RulesReplaced, SignOut
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.events import ChannelGone
from ccengine.asterisk.snapshot import ChannelSeen
from ccengine.calls.live import LiveCall
from ccengine.ids import AgentId, CallId
from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    AgentState,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnded,
    CallEnded,
    Outcome,
)
from ccengine.site.acd import acd_rules
from tests.kit.quick_centre import Caller, NoRecords, Phone, QuickCentre, QuickFloor
from tests.kit.quick_customers import BUSY, NO_ANSWER, NO_CIRCUIT, CallsOut, Customer
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import flow_of, quiet_logs
from tests.rules.calls.queue_site import FLOW, queue_site, waiting

__all__ = ["flow_of", "quiet_logs"]

CALLBACK, NUMBER = CallId("00000000-0000-0000-0000-00000000cb00"), "13800000009"
RETRY_S, RING_S, AGENT_RING_S = 60.0, 20.0, 10.0
FIRST = pytest.mark.parametrize("first", ["caller", "agent"])


class World:
    """A centre in which somebody has asked to be called back; no agent is there yet."""

    def __init__(self, centre: QuickCentre) -> None:
        self.centre = centre
        self.out = CallsOut(centre)

    async def asked(self, callback: CallId = CALLBACK, number: str = NUMBER) -> None:
        caller = await waiting(self.centre)
        self.centre.dispatch.submit(
            AskCallback(call_id=caller.call_id, callback_id=callback, number=number)
        )
        caller.hang_up()
        await self.centre.until(lambda: self.centre.is_over(caller))

    def at_work(self, agent: str = "1001", answers: float | None = 1.0, talks: float = 5.0) -> None:
        self.centre.phone_of[agent] = Phone(answers=answers, talks=talks)
        self.centre.at_work(agent)

    async def started(self, channels: Sequence[ChannelSeen] = ()) -> None:
        await self.centre.callbacks.look_round(channels)

    def gone(self, leg: ChannelSeen) -> None:
        self.centre.phones.heard(
            ChannelGone(
                channel=leg.channel,
                uniqueid=leg.uniqueid,
                linked_to="",
                call_id=leg.call_id,
                agent_id=None,
            )
        )

    def attempts(self) -> list[str]:
        return [fact.result.value for fact in self.centre.told(CallbackAttempted)]

    def ends(self) -> list[str]:
        return [fact.result.value for fact in self.centre.told(CallbackEnded)]

    async def once_tried(self) -> None:
        await self.centre.until(lambda: self.attempts() != [])

    async def over(self) -> None:
        """Everything has come to its end, once."""
        await asyncio.sleep(1_000)
        await self.centre.stop()
        assert self.centre.broken == []
        assert len(self.centre.calls) == 0
        assert all(leg.gone for leg in self.out.legs)
        assert len(self.ends()) == len(self.centre.told(CallbackAsked))
        for agent in ("1001", "1002"):
            assert self.centre.state(agent) in (
                AgentState.READY,
                AgentState.NOT_READY,
                AgentState.LOGGED_OUT,
            )


Open = Callable[..., World]


@pytest.fixture
def world(flow_of: Callable[[str], Flow]) -> Open:
    flow = flow_of(FLOW)

    def made(first: str = "caller", most_calls: int = 10, **callback: object) -> World:
        rules = {"trunk": "carrier", "first": first, "attempts": 2, "ring": RING_S}
        rules |= {"retry_after": RETRY_S} | callback
        site = queue_site(callback=rules, ring_timeout=AGENT_RING_S)
        trunk = site.trunks["carrier"].model_copy(update={"most_calls": most_calls})
        site = site.model_copy(update={"trunks": {"carrier": trunk}})
        return World(QuickCentre(site, flow))

    return made


@FIRST
def test_customer_and_agent_talk(world: Open, first: str) -> None:
    @in_quick_time
    async def run() -> None:
        w = world(first)
        await w.started()
        await w.asked()
        w.at_work()
        await w.centre.until(lambda: w.centre.told(CallAnswered) != [])
        await w.over()
        assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["connected"])
        (end,) = [end for end in w.centre.told(CallEnded) if end.call_id == CALLBACK]
        assert end.outcome is Outcome.ANSWERED

    run()


@pytest.mark.parametrize(
    ("first", "cause", "result"),
    [
        ("caller", BUSY, "busy"),
        ("caller", NO_ANSWER, "no_answer"),
        ("caller", NO_CIRCUIT, "failed"),
        ("agent", BUSY, "busy"),
        ("agent", NO_ANSWER, "no_answer"),
        ("agent", NO_CIRCUIT, "failed"),
    ],
)
def test_why_the_customer_was_not_reached(world: Open, first: str, cause: int, result: str) -> None:
    @in_quick_time
    async def run() -> None:
        w = world(first)
        w.out.customer = Customer(cause=cause)
        await w.started()
        await w.asked()
        w.at_work(talks=100)
        await w.once_tried()
        await asyncio.sleep(1)
        assert w.centre.state("1001") is AgentState.READY
        await w.over()
        assert (w.attempts(), w.ends()) == ([result] * 2, ["gave_up"])
        assert w.out.rung() == 2
        assert CALLBACK not in [end.call_id for end in w.centre.told(CallEnded)]

    run()


@FIRST
def test_a_phone_that_is_not_answered(world: Open, first: str) -> None:
    @in_quick_time
    async def run() -> None:
        w = world(first, attempts=1)
        w.out.customer = Customer(answers=None)
        await w.started()
        await w.asked()
        w.at_work(talks=100)
        await w.over()
        assert (w.attempts(), w.ends(), w.out.rung()) == (["no_answer"], ["gave_up"], 1)

    run()


def _not_allowed(w: World) -> None:
    trunk = w.centre.floor.site.trunks["carrier"].model_copy(update={"allowed": ("0",)})
    w.centre.floor.site = w.centre.floor.site.model_copy(update={"trunks": {"carrier": trunk}})


def _no_trunk(w: World) -> None:
    w.centre.floor.site = w.centre.floor.site.model_copy(update={"trunks": {}})


def _no_link(w: World) -> None:
    w.out.refuses = LinkDownError("down")


def _refused(w: World) -> None:
    w.out.refuses = ActionRefusedError("no")


@pytest.mark.parametrize("spoil", [_not_allowed, _no_trunk, _no_link, _refused])
def test_an_attempt_that_cannot_be_made_frees_the_agent_and_is_counted(
    world: Open, spoil: Callable[[World], None]
) -> None:
    @in_quick_time
    async def run() -> None:
        w = world()
        await w.started()
        await w.asked()
        spoil(w)
        w.at_work()
        await w.over()
        assert (w.attempts(), w.ends(), w.out.legs) == (["failed"] * 2, ["gave_up"], [])

    run()


@in_quick_time
async def test_a_link_that_is_back_in_a_moment_costs_no_attempt(world: Open) -> None:
    w = world()
    await w.started()
    await w.asked()
    w.out.refuses = LinkDownError("down")
    w.at_work()
    await asyncio.sleep(3)
    w.out.refuses = None
    await w.over()
    assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["connected"])


@FIRST
def test_an_originate_whose_answer_is_lost_is_not_sent_again(world: Open, first: str) -> None:
    @in_quick_time
    async def run() -> None:
        w = world(first)
        w.out.loses = OutcomeUnknownError("Originate")
        await w.started()
        await w.asked()
        w.at_work()
        await asyncio.sleep(8)
        assert w.out.sent.count("Originate") == 1
        w.out.loses = None
        await w.over()
        assert len(w.ends()) == 1

    run()


@in_quick_time
async def test_a_lost_originate_that_was_never_carried_out_ends_by_its_deadline(
    world: Open,
) -> None:
    w = world(attempts=1)
    w.out.refuses = OutcomeUnknownError("Originate")
    await w.started()
    await w.asked()
    w.at_work()
    await w.over()
    assert (w.attempts(), w.ends(), w.out.legs) == (["failed"], ["gave_up"], [])


@in_quick_time
async def test_an_agent_who_hangs_up_while_the_customers_phone_rings(world: Open) -> None:
    w = world("agent", attempts=1)
    w.out.customer = Customer(answers=10.0)
    await w.started()
    await w.asked()
    w.at_work(talks=2.0)
    await w.over()
    assert (w.attempts(), w.ends()) == (["no_agent"], ["gave_up"])


@in_quick_time
async def test_a_customer_who_hangs_up_while_the_agents_phone_rings_is_not_called_again(
    world: Open,
) -> None:
    w = world()
    w.out.customer = Customer(answers=1.0, stays=5.0)
    await w.started()
    await w.asked()
    w.at_work(answers=None)
    await w.over()
    assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["cancelled"])
    (end,) = [end for end in w.centre.told(CallEnded) if end.call_id == CALLBACK]
    assert end.outcome is Outcome.ABANDONED


@in_quick_time
async def test_a_customer_on_the_line_hears_music_while_the_next_agent_is_rung(
    world: Open,
) -> None:
    w = world()
    await w.started()
    await w.asked()
    w.at_work("1001", answers=None)
    w.at_work("1002", answers=2.0)
    await w.centre.until(lambda: w.centre.told(CallAnswered) != [])
    rings = [(agent, call) for agent, call, _ in w.centre.rings]
    assert rings == [("1001", CALLBACK), ("1002", CALLBACK)]
    assert not any(what == "HANGUP" for what in w.out.legs[0].commands)
    await w.over()
    assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["connected"])


@in_quick_time
async def test_an_agent_first_who_does_not_answer_costs_no_attempt(world: Open) -> None:
    w = world("agent")
    await w.started()
    await w.asked()
    w.at_work("1001", answers=None)
    await w.centre.until(lambda: any(leg.gone for leg in w.out.legs))
    assert "Redirect" not in w.out.sent
    w.centre.phone_of["1001"] = Phone(answers=1.0, talks=20.0)
    await w.over()
    assert (w.attempts(), w.ends()) == ([], ["connected"])


@FIRST
def test_a_callback_that_is_cancelled_while_its_leg_is_out(world: Open, first: str) -> None:
    @in_quick_time
    async def run() -> None:
        w = world(first)
        w.out.customer = Customer(answers=None)
        await w.started()
        await w.asked()
        w.at_work(talks=100)
        await w.centre.until(lambda: w.out.legs != [])
        await asyncio.sleep(3)
        w.centre.dispatch.submit(CancelCallback(callback_id=CALLBACK))
        await asyncio.sleep(1)
        assert w.out.legs[0].gone, "the phone rings on for nothing"
        assert w.centre.state("1001") is AgentState.READY
        await w.over()
        assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["cancelled"])

    run()


@in_quick_time
async def test_a_customer_who_waits_for_an_agent_is_let_go_when_the_callback_expires(
    world: Open,
) -> None:
    w = world(expires_after=600)
    await w.started()
    await w.asked()
    w.at_work(answers=None)
    await w.centre.until(lambda: CALLBACK in [call.call_id for call in w.centre.calls])
    await asyncio.sleep(5)
    w.centre.dispatch.submit(SignOut(agent_id=AgentId("1001")))
    await asyncio.sleep(700)
    assert w.out.legs[0].heard[-1].startswith("很抱歉")
    await w.over()
    assert (w.out.rung(), w.ends()) == (1, ["expired"])


@in_quick_time
async def test_a_queue_that_a_new_site_file_takes_away_ends_its_callbacks(world: Open) -> None:
    w = world()
    w.out.customer = Customer(answers=None)
    await w.started()
    await w.asked()
    w.at_work()
    await w.centre.until(lambda: w.out.legs != [])
    site = w.centre.floor.site
    queues = {name: queue for name, queue in site.queues.items() if name != "sales"}
    without = site.model_copy(update={"queues": queues})
    w.centre.dispatch.submit(RulesReplaced(rules=acd_rules(without)))
    await asyncio.sleep(1)
    assert w.out.legs[0].gone
    await w.over()
    assert w.ends() == ["cancelled"]


@in_quick_time
async def test_of_many_callbacks_no_more_go_out_at_once_than_the_trunk_may(world: Open) -> None:
    w = world(most_calls=1)
    w.out.customer = Customer(answers=4.0)
    await w.started()
    await w.asked()
    other = CallId(CALLBACK.replace("cb", "cc"))
    await w.asked(other, "13800000010")
    w.at_work("1001")
    w.at_work("1002")
    await w.over()
    assert w.out.most_at_once == 1
    assert w.ends() == ["connected"] * 2


@in_quick_time
async def test_who_asks_again_for_the_same_number_has_one_callback(world: Open) -> None:
    w = world()
    await w.started()
    await w.asked()
    await w.asked(CallId(CALLBACK.replace("cb", "cc")))
    assert w.ends() == ["cancelled"]
    w.at_work()
    await w.over()
    assert (w.out.rung(), w.ends()) == (1, ["cancelled", "connected"])


async def _rings_again(w: World) -> Caller:
    await w.started()
    await w.asked(number="13900000000")
    caller = await waiting(w.centre)
    # The callback stands before the new call; its customer is engaged, of course.
    w.out.customer = Customer(cause=BUSY)
    w.at_work()
    await w.centre.until(lambda: w.centre.told(CallAnswered, caller) != [])
    return caller


@in_quick_time
async def test_who_rang_again_and_is_served_is_not_called_back(world: Open) -> None:
    w = world()
    await _rings_again(w)
    await w.over()
    assert (w.attempts(), w.ends(), w.out.rung()) == (["busy"], ["cancelled"], 1)


@in_quick_time
async def test_a_number_that_is_not_believed_cancels_nobodys_callback(world: Open) -> None:
    w = world()
    trunk = w.centre.floor.site.trunks["carrier"].model_copy(update={"trusted": False})
    w.centre.floor.site = w.centre.floor.site.model_copy(update={"trunks": {"carrier": trunk}})
    await _rings_again(w)
    w.out.customer = Customer()
    await w.over()
    assert (w.attempts(), w.ends(), w.out.rung()) == (["busy"], ["connected"], 2)


def _left(suffix: str = "", *, up: bool, bridged: bool = False) -> ChannelSeen:
    leg = "Local/s@cc-callback-customer-00000001" if suffix else "PJSIP/trunk-carrier-00000001"
    return ChannelSeen(
        channel=leg + suffix,
        uniqueid=f"cc-out-{CALLBACK}-7" + suffix.removesuffix(";1"),
        linked_to="",
        call_id=CALLBACK,
        agent_id=None,
        bridged=bridged,
        up=up,
    )


@in_quick_time
async def test_nobody_is_called_before_the_first_look_round(world: Open) -> None:
    w = world()
    await w.asked()
    w.at_work()
    await asyncio.sleep(3)
    assert w.out.legs == []
    await w.started()
    await w.over()
    assert (w.out.rung(), w.ends()) == (1, ["connected"])


@pytest.mark.parametrize(
    "channels",
    [
        [_left(up=False)],
        [_left(";1", up=True), _left(";2", up=True)],
    ],
)
def test_a_leg_left_ringing_is_ended_before_the_next_goes_out(
    world: Open, channels: list[ChannelSeen]
) -> None:
    @in_quick_time
    async def run() -> None:
        w = world()
        await w.asked()
        await w.started(channels)
        assert w.centre.hung_up == {channels[0].channel}
        w.at_work()
        await asyncio.sleep(2)
        assert w.out.legs == [], "the old leg has not been heard to end"
        w.gone(channels[0])
        await w.over()
        assert (w.out.rung(), w.ends()) == (1, ["connected"])

    run()


@in_quick_time
async def test_a_leg_that_ends_while_the_engine_looks_round_is_not_waited_for(world: Open) -> None:
    w = world()
    await w.asked()
    w.gone(_left(up=False))
    await w.started([_left(up=False)])
    w.at_work()
    await w.over()
    assert (w.out.rung(), w.attempts(), w.ends()) == (1, [], ["connected"])


@in_quick_time
async def test_a_talk_that_began_while_no_engine_looked_is_not_cut_nor_repeated(
    world: Open,
) -> None:
    w = world()
    await w.asked()
    leg = _left(";1", up=True, bridged=True)
    await w.started([leg, _left(";2", up=True, bridged=True)])
    assert w.centre.hung_up == set()
    w.at_work()
    await asyncio.sleep(2)
    w.gone(leg)
    await w.over()
    assert (w.out.rung(), w.ends()) == (0, ["cancelled"])


@FIRST
def test_a_database_that_is_away_keeps_no_customer_waiting(
    world: Open, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    async def away(records: NoRecords, call_id: CallId) -> None:
        raise OperationalError("select", {}, OSError("the disk is gone"))

    @in_quick_time
    async def run() -> None:
        monkeypatch.setattr(NoRecords, "get", away)
        here = world(first)
        await here.asked()
        await here.started()
        here.at_work()
        await here.over()
        assert here.ends() == ["connected"]

    run()


def test_a_fault_of_ours_frees_the_agent_and_the_next_attempt_is_made(
    world: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a lookup that breaks in the first attempt only."""
    broken = [True]

    async def know_caller(floor: QuickFloor, call: LiveCall) -> None:
        if broken and broken.pop():
            raise RuntimeError("not foreseen")

    @in_quick_time
    async def run() -> None:
        here = world("caller")
        await here.asked()
        monkeypatch.setattr(QuickFloor, "know_caller", know_caller)
        await here.started()
        here.at_work()
        await here.once_tried()
        assert here.centre.state("1001") is AgentState.READY
        await here.over()
        assert here.attempts() == ["failed"]
        assert here.ends() == ["connected"]

    run()
