"""After a start: what was going on before, compared with what Asterisk still has.

The journal knows which calls had no end and where each agent was; Asterisk knows which channels
live. A call that still talks is taken up here; one that waits comes back by itself over FastAGI
with its place in its channel's variables; one that is gone is closed with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import structlog

from ccengine.acd.inputs import AdoptAgent, AdoptCallback, AdoptTalk, CancelCallback
from ccengine.acd.rules import SkillRequirement
from ccengine.asterisk.accounts import CallAccount
from ccengine.asterisk.snapshot import ChannelSeen, Snapshot
from ccengine.calls.call_out import OUT
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.parts import Floor
from ccengine.engine.door import EngineDoor
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.ivr.answers import TransferResult
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallbackAsked,
    CallEnded,
    CallFact,
    CallQueued,
    CallTransferred,
    Fact,
    HangupBy,
    OfferMade,
    Outcome,
    TalkEnded,
    TransferBegan,
)
from ccengine.journal.store import AgentMemory, OpenCallback

log = structlog.get_logger(__name__)
_F = TypeVar("_F", bound=Fact)

UNTOLD = "untold"
"""How the id of an offer begins that was lost with the engine that made it."""


def agent_inputs(
    memories: Iterable[AgentMemory], wrap_ups: Mapping[CallId, tuple[QueueId, float | None]]
) -> list[AdoptAgent]:
    """Each agent as the journal last saw it. Offered before the fall is ready again after it,

    unless it had asked for something else meanwhile.

    ``wrap_ups``: for the calls that agents were wrapping up, their queue and its seconds, None
    where the wrap-up lasts until the agent is done.
    """
    inputs = []
    for memory in memories:
        last, wish = memory.last, memory.wish
        if last is None or last.state is AgentState.LOGGED_OUT:
            continue
        wrapping = last.state is AgentState.WRAP_UP and last.call_id in wrap_ups
        queue, wrap_up_s = wrap_ups[last.call_id] if wrapping and last.call_id else (None, None)
        until = None if wrap_up_s is None else last.at + wrap_up_s
        if memory.extended is not None and until is not None:
            until = memory.extended.until
        will_be = last.state if wish is None else wish.state
        away = last if wish is None else wish
        inputs.append(
            AdoptAgent(
                agent_id=memory.agent_id,
                signed_in=will_be is not AgentState.LOGGED_OUT,
                ready=will_be is not AgentState.NOT_READY,
                reason=away.reason if will_be is AgentState.NOT_READY else "",
                wrap_up_until=until,
                wrap_up_call=last.call_id if wrapping else None,
                wrap_up_queue=queue,
                wrap_up_since=last.at if wrapping else None,
                wrap_up_extended=memory.extended.extended if memory.extended else 0,
                missed_in_a_row=memory.missed_in_a_row,
                calls_answered=memory.calls_answered,
                last_call_ended_at=memory.last_call_ended_at,
            )
        )
    return inputs


def callback_inputs(found: Iterable[OpenCallback]) -> list[AdoptCallback]:
    """Callbacks that are still to be made, each with the wait and the attempts it has had."""
    inputs = []
    for callback in found:
        asked = callback.asked
        chosen = asked.chosen_at
        begins = asked.at if chosen is None else chosen
        inputs.append(
            AdoptCallback(
                callback_id=asked.callback_id,
                queue=asked.queue,
                number=asked.number,
                queued_at=asked.queued_at if chosen is None else chosen - asked.waited_s,
                head_start_s=asked.head_start_s,
                ageing=asked.ageing,
                requires=tuple(map(_requirement, asked.requires)),
                not_before=callback.next_at or begins,
                attempts=callback.attempts,
                asked_at=begins,
            )
        )
    return inputs


def _requirement(word: str) -> SkillRequirement:
    """As the journal writes it: ``skill:level``."""
    skill, _, level = word.rpartition(":")
    return SkillRequirement(skill=skill, level=int(level))


class Adoption:
    """Takes up or closes each call that had no end when the engine before this one fell."""

    def __init__(self, floor: Floor, calls: LiveCalls, door: EngineDoor) -> None:
        self._floor = floor
        self._calls = calls
        self._door = door

    def settle(
        self,
        stories: Mapping[CallId, Sequence[Fact]],
        snapshot: Snapshot,
        accounts: Mapping[CallId, CallAccount],
    ) -> None:
        """``stories``: the facts of each open call, oldest first.

        ``accounts``: what Asterisk wrote down of calls that are over.
        """
        alive = {
            seen.call_id: seen
            for seen in sorted(snapshot.channels, key=_own_leg)
            if seen.agent_id is None
        }
        talking = {
            seen.call_id: seen.agent_id
            for seen in snapshot.channels
            if seen.agent_id is not None and seen.bridged
        }
        for call_id, story in stories.items():
            if self._calls.get(call_id) is not None or self._calls.is_over(call_id):
                continue  # ours; the journal may be behind
            caller = alive.get(call_id)
            if caller is None:
                self.close(call_id, story, accounts.get(call_id))
            elif talking.get(call_id) is not None:
                self._take_up(call_id, caller.uniqueid, caller.channel, talking[call_id], story)

    def _take_up(
        self,
        call_id: CallId,
        uniqueid: str,
        channel: str,
        agent_id: AgentId | None,
        story: Sequence[Fact],
    ) -> None:
        arrived = _last(story, CallArrived) or _unknown_caller(call_id, story)
        answered = _last(story, CallAnswered)
        queued = _last(story, CallQueued)
        if answered is None and agent_id is not None:
            answered = self._unseen_answer(story, agent_id, self._floor.clock.now(), served=False)
            if answered is not None:
                self._floor.record(answered)
        if answered is None or queued is None or agent_id is None:
            log.warning("adopt.story_incomplete", call_id=call_id)
            return
        call = LiveCall(
            may_be_recorded=True,
            call_id=call_id,
            uniqueid=uniqueid,
            channel=channel,
            ani=arrived.ani,
            dnis=arrived.dnis,
            trunk=arrived.trunk,
            ani_verified=arrived.ani_verified,
            ani_malformed=arrived.ani_malformed,
            vip_level=arrived.vip_level,
            language=self._floor.site.languages[0],
            arrived_at=arrived.at,
            queue=answered.queue,
            queued_at=queued.queued_at,
            offer_id=answered.offer_id,
            agent_id=agent_id,
            served=True,
            session=False,
        )
        self._calls.add(call)
        self._door.talked(agent_id, call_id)
        self._floor.submit(
            AdoptTalk(
                call_id=call_id,
                queue=answered.queue,
                agent_id=agent_id,
                offer_id=answered.offer_id,
                queued_at=queued.queued_at,
                answered_at=answered.at,
            )
        )
        log.info("adopt.talk", call_id=call_id, agent_id=agent_id)

    def close(self, call_id: CallId, story: Sequence[Fact], account: CallAccount | None) -> None:
        """Gone while nobody looked: what is known is closed, what is not is not invented."""
        self._calls.end_told(call_id)
        ended_at = account.ended_at if account else self._floor.clock.now()
        facts: list[CallFact] = []
        answered = _last(story, CallAnswered)
        queued = _open_stay(story)
        if answered is None and account is not None and account.served:
            answered = self._unseen_answer(story, account.answered_by, ended_at, served=True)
            if answered is not None:
                facts.append(answered)
        if answered is not None and _last(story, TalkEnded) is None:
            facts.append(
                TalkEnded(
                    at=ended_at,
                    call_id=call_id,
                    queue=answered.queue,
                    agent_id=answered.agent_id,
                    # Without Asterisk's account nobody knows how long they talked.
                    talk_s=max(0.0, ended_at - answered.at) if account else 0.0,
                    hold_s=0.0,
                    by=HangupBy.UNKNOWN,
                )
            )
        elif queued is not None and answered is None:
            facts.append(
                CallAbandoned(
                    at=ended_at,
                    call_id=call_id,
                    queue=queued.queue,
                    reason=AbandonReason.ENGINE_LOST,
                    waited_s=max(0.0, ended_at - queued.queued_at),
                )
            )
        outcome = Outcome.LOST
        if answered is not None or (account is not None and account.served):
            outcome = Outcome.ANSWERED
        elif account is not None and account.transferred:
            facts += _unseen_transfer(story, ended_at)
            outcome = Outcome.TRANSFERRED
        elif _last(story, CallbackAsked) is not None:
            outcome = Outcome.CALLBACK
        elif account is not None and account.by_fallback:
            outcome = Outcome.FALLBACK
        elif account is not None and account.left_message:
            outcome = Outcome.ABANDONED
        facts.append(CallEnded(at=ended_at, call_id=call_id, outcome=outcome, by=HangupBy.UNKNOWN))
        self._floor.record(*facts)
        if any(isinstance(fact, CallQueued) and fact.callback for fact in story):
            # The customer was there and is gone: it is not called once more.
            self._floor.submit(CancelCallback(callback_id=call_id))
        log.warning("adopt.closed", call_id=call_id, outcome=outcome)

    def _unseen_answer(
        self, story: Sequence[Fact], agent_id: AgentId | None, latest: float, *, served: bool
    ) -> CallAnswered | None:
        """The answer to the ring that outlived the engine; none if nobody knows who gave it.

        Its moment is not known, but it was within the ring's time. The offer itself may be among
        the last facts of the engine that fell; then only Asterisk's word that one of ours was
        ``served`` tells this talk from one of the fallback's own queue.
        """
        queued, offer = _open_stay(story), _last(story, OfferMade)
        if queued is None:
            return None
        if agent_id is None and offer is not None and len(offer.agents) == 1:
            agent_id = offer.agents[0]
        if agent_id is None:
            return None
        at, offer_id = latest, OfferId(f"{UNTOLD}-{queued.call_id}")
        if offer is not None and agent_id in offer.agents:
            queue = self._floor.site.queues.get(offer.queue)
            at = latest if queue is None else min(latest, offer.at + queue.ring_timeout)
            offer_id = offer.offer_id
        elif not served:
            return None
        return CallAnswered(
            at=at,
            call_id=queued.call_id,
            queue=queued.queue,
            offer_id=offer_id,
            agent_id=agent_id,
            waited_s=max(0.0, at - queued.queued_at),
        )


def _own_leg(seen: ChannelSeen) -> bool:
    """Sorts the leg that a callback is known by behind the others that bear its mark."""
    return seen.uniqueid.startswith(OUT) and not seen.uniqueid.endswith(";2")


def _open_stay(story: Sequence[Fact]) -> CallQueued | None:
    """The wait in which it is; None: it is in no queue (any more).

    A callback's wait is the ACD's to end: it goes on though a leg to its customer is gone.
    """
    said = (CallQueued, CallAnswered, CallAbandoned, CallbackAsked)
    newest = next((fact for fact in reversed(story) if isinstance(fact, said)), None)
    return newest if isinstance(newest, CallQueued) and not newest.callback else None


def _unknown_caller(call_id: CallId, story: Sequence[Fact]) -> CallArrived:
    """Its arrival was among the last facts of an engine that fell; its talk goes on."""
    return CallArrived(
        at=story[0].at, call_id=call_id, ani="", dnis="", trunk="", ani_verified=False
    )


def _unseen_transfer(story: Sequence[Fact], ended_at: float) -> list[CallFact]:
    """The talk with somebody whom the flow rang outlived the engine; when it began is not known."""
    began, told = _last(story, TransferBegan), _last(story, CallTransferred)
    if began is None or (told is not None and told.at >= began.at):
        return []
    return [
        CallTransferred(
            at=ended_at,
            call_id=began.call_id,
            to=began.to,
            result=TransferResult.ANSWERED.value,
            rang_s=0.0,
            talk_s=max(0.0, ended_at - began.at),
        )
    ]


def _last(story: Sequence[Fact], kind: type[_F]) -> _F | None:
    return next((fact for fact in reversed(story) if isinstance(fact, kind)), None)
