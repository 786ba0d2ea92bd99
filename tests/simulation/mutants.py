"""Planted bugs: each one a small change of the engine that the simulation must notice.

A mutant swaps one function, wherever it is bound, for one that forgets or mistakes a single thing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from msgspec import structs

from ccengine.acd import adoption, match, offers, presence, queueing, table, wrapup
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import Join, PhoneState
from ccengine.acd.line import Line
from ccengine.acd.state import LegState, TimerKind
from ccengine.acd.table import LegEvent, Move
from ccengine.engine.reconciliation import Reconciliation
from ccengine.journal.facts import AgentState, CallAbandoned, OfferResult


@dataclass(frozen=True, slots=True)
class Mutant:
    """``faults``: the kind of run in which it must be found."""

    name: str
    of: Any
    what: str
    make: Callable[[Any], Any]
    faults: str = "rough"

    @contextmanager
    def planted(self) -> Iterator[None]:
        right = getattr(self.of, self.what)
        wrong = self.make(right)
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(self.of, self.what, wrong))
            for name, module in list(sys.modules.items()):
                if name.startswith("ccengine.") and module is not self.of:
                    for bound, value in list(vars(module).items()):
                        if value is right:
                            stack.enter_context(mock.patch.object(module, bound, wrong))
            yield


def _nothing(_: Any) -> Any:
    return lambda *args, **kwargs: None


def _wrap_up_timer_stays(right: Any) -> Any:
    def end_wrap_up(floor: Any, agent: Any) -> None:
        agent.wrap_up = None
        right(floor, agent)

    return end_wrap_up


def _refusal_keeps_the_agent(right: Any) -> Any:
    def leg_over(floor: Any, offer: Any, agent_id: Any, result: Any) -> None:
        if result is OfferResult.REFUSED:
            with mock.patch.object(floor, "rest"):
                right(floor, offer, agent_id, result)
        else:
            right(floor, offer, agent_id, result)

    return leg_over


def _to_the_end(right: Any) -> Any:
    """The call goes back into line behind everybody."""

    def offer_over(floor: Any, offer: Any) -> None:
        call = floor.calls[offer.call_id]
        last = max(other.place for other in floor.calls.values() if other.line is call.line)
        if last != call.place:
            call.line.leave(call.place, call.need)
            call.place = last._replace(entry=last.entry + 1, call_id=call.call_id)
            call.line.enter(call.place, call.need)
            call.line.hold(call.place, call.need)
        right(floor, offer)

    return offer_over


def _adopted_at_the_end(right: Any) -> Any:
    def join(floor: Any, said: Join) -> None:
        right(floor, replace(said, queued_at=floor.now) if said.adopted else said)

    return join


def _head_start_twice(right: Any) -> Any:
    def join(floor: Any, said: Join) -> None:
        right(floor, replace(said, head_start_s=2 * said.head_start_s))

    return join


def _release_untold(right: Any) -> Any:
    def release(floor: Any, call: Any, reason: Any, **more: Any) -> None:
        right(floor, call, reason, **more)
        floor.said[:] = [word for word in floor.said if not isinstance(word, CallAbandoned)]

    return release


def _stale_timers_fire(right: Any) -> Any:
    def cancel_timer(self: Floor, timer_id: Any) -> None:
        timer = self.timers.get(timer_id) if timer_id is not None else None
        if timer is None or timer.kind not in (TimerKind.RETRY, TimerKind.GUARD):
            right(self, timer_id)

    return cancel_timer


def _any_phone_will_do(right: Any) -> Any:
    def refresh(self: Floor, agent: Any) -> None:
        phone, agent.phone = agent.phone, PhoneState.IDLE
        right(self, agent)
        agent.phone = phone

    return refresh


def _talks_not_remembered(right: Any) -> Any:
    def end_talk(floor: Any, call: Any, by: Any, hold_s: float) -> None:
        agent = floor.agents[call.agent_id]
        before = dict(agent.last_call_ended_at)
        right(floor, call, by, hold_s)
        agent.last_call_ended_at = before

    return end_talk


def _answers_not_counted(right: Any) -> Any:
    def connect(floor: Any, call: Any, agent: Any, **more: Any) -> None:
        before = dict(agent.answered)
        right(floor, call, agent, **more)
        agent.answered = before

    return connect


def _misses_not_counted(right: Any) -> Any:
    def leg_over(floor: Any, offer: Any, agent_id: Any, result: Any) -> None:
        right(floor, offer, agent_id, result)
        floor.agents[agent_id].missed_in_a_row = 0

    return leg_over


def _no_pause_for_the_unreachable(right: Any) -> Any:
    def leg_over(floor: Any, offer: Any, agent_id: Any, result: Any) -> None:
        calm = OfferResult.WITHDRAWN if result is OfferResult.UNREACHABLE else result
        said = len(floor.said)
        right(floor, offer, agent_id, calm)
        if calm is not result:
            floor.said[said] = structs.replace(floor.said[said], result=result)

    return leg_over


def _withdrawn_agents_stay(right: Any) -> Any:
    def withdraw(floor: Any, call: Any) -> None:
        offer = floor.offers.get(call.offer_id)
        if offer is not None:
            offer.ringing = []
        right(floor, call)

    return withdraw


def _pause_request_lost(right: Any) -> Any:
    def not_ready(floor: Any, agent: Any, reason: str) -> None:
        if agent.state is not AgentState.TALKING:
            right(floor, agent, reason)

    return not_ready


def _adopted_agents_are_ready(right: Any) -> Any:
    def adopt_agent(floor: Any, agent: Any, said: Any) -> None:
        right(floor, agent, replace(said, ready=True))

    return adopt_agent


def _wrap_up_without_end(right: Any) -> Any:
    def set_timer(self: Floor, at: float, timer: Any) -> Any:
        late = 600.0 if timer.kind is TimerKind.WRAP_UP else 0.0
        return right(self, at + late, timer)

    return set_timer


def _two_answers(right: Any) -> Any:
    return {**right, LegEvent.ANSWERED: dict.fromkeys(LegState, Move((LegState.ANSWERED,)))}


MUTANTS: tuple[Mutant, ...] = (
    Mutant("a wrap-up's timer is not cancelled", wrapup, "end_wrap_up", _wrap_up_timer_stays),
    Mutant("a wrap-up lasts ten minutes longer", Floor, "set_timer", _wrap_up_without_end),
    Mutant("an agent who refused is not freed", offers, "_leg_over", _refusal_keeps_the_agent),
    Mutant("a call goes back to the end of the line", offers, "_offer_over", _to_the_end),
    Mutant("who was rung in vain is forgotten", offers, "_mark_tried", _nothing),
    Mutant("a second answer is accepted", table, "LEG_TABLE", _two_answers, "wild"),
    Mutant("sign-out while ringing leaves the offer", presence, "take_out", _nothing),
    Mutant("an adopted call loses its place", queueing, "join", _adopted_at_the_end, "wild"),
    Mutant("a head start counts twice", queueing, "join", _head_start_twice),
    Mutant("a release without its fact", queueing, "release", _release_untold),
    Mutant("timers of the past are believed", Floor, "cancel_timer", _stale_timers_fire),
    Mutant("the snapshot repairs nothing", Reconciliation, "_repair", _nothing, "wild"),
    Mutant("a phone in use counts as free", Floor, "refresh", _any_phone_will_do),
    Mutant("the last talk is not remembered", wrapup, "end_talk", _talks_not_remembered, "calm"),
    Mutant("answered calls are not counted", offers, "connect", _answers_not_counted, "calm"),
    Mutant("the round robin forgets its turn", Line, "rang", _nothing, "calm"),
    Mutant("missed offers are not counted", offers, "_leg_over", _misses_not_counted),
    Mutant(
        "no pause for a phone that is not there",
        offers,
        "_leg_over",
        _no_pause_for_the_unreachable,
        "wild",
    ),
    Mutant("a withdrawn offer keeps its agents", offers, "withdraw", _withdrawn_agents_stay),
    Mutant("a pause asked for in a talk is lost", presence, "not_ready", _pause_request_lost),
    Mutant(
        "adopted agents are all ready", adoption, "adopt_agent", _adopted_agents_are_ready, "wild"
    ),
    Mutant("who is rung may be chosen again", match, "_hold", _nothing),
)
