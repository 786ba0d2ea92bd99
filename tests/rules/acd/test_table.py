"""Every cell of the tables, walked: each state with each event does what the table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ccengine.acd.commands import Ignored, Offer
from ccengine.acd.diagram import document
from ccengine.acd.gates import queue_state
from ccengine.acd.inputs import (
    AdoptAgent,
    AdoptCallback,
    AdoptQueue,
    AdoptTalk,
    Answered,
    AskCallback,
    CallbackTried,
    CancelCallback,
    ExtendWrapUp,
    Input,
    Join,
    Leave,
    LegEnded,
    NotReady,
    OfferClosed,
    PhoneChanged,
    PhoneState,
    QueueHours,
    Ready,
    SignIn,
    SignOut,
    TalkOver,
    TimerFired,
)
from ccengine.acd.offers import leg_state
from ccengine.acd.rules import (
    CallbackRules,
    OverflowAction,
    OverflowMeasure,
    OverflowRule,
    Widening,
)
from ccengine.acd.state import CallState, LegState, QueueState
from ccengine.acd.table import (
    AGENT_INNER,
    AGENT_TABLE,
    CALL_INNER,
    CALL_TABLE,
    CALLBACK_STATES,
    CALLER_STATES,
    LEG_INNER,
    LEG_TABLE,
    AgentEvent,
    CallEvent,
    Drop,
    LegEvent,
    QueueEvent,
)
from ccengine.acd.table_of_callbacks import CALLBACK_TABLE, QUEUE_TABLE
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, AgentState, CallbackResult, HangupBy, OfferResult
from tests.rules.acd.floor_driver import START, Centre, queue

CALLBACK = CallId("cb")
ANN, C1, SALES = AgentId("ann"), CallId("c1"), QueueId("sales")
WIDEN = Widening(after_s=33, level=1)
RULES = replace(
    queue(agents="ann", ring=14, wrap_up=20, max_wait=60, widen=(WIDEN,)),
    overflow=(
        OverflowRule(
            name="busy",
            measure=OverflowMeasure.WAITED,
            limit=37,
            action=OverflowAction.ANNOUNCE,
            target="busy",
        ),
    ),
    callback=CallbackRules(retry_after_s=600, expires_after_s=700),
    wrap_up_extension_s=30,
    wrap_up_extensions=1,
)


def timer_after(centre: Centre, seconds: float) -> TimerId:
    """The id of the timer set for that moment, fired, cancelled or neither."""
    wanted = [t for t, at in centre.timers.items() if at == centre.now + seconds]
    return wanted[0] if wanted else TimerId("b-t0")


def call_in(state: CallState) -> Centre:
    """Call c1 in this state; for a retry pause to exist, ann has refused it once."""
    centre = Centre(RULES)
    match state:
        case CallState.GONE:
            pass
        case CallState.WAITING:
            centre.at_work("ann")
            centre.call("c1")
            centre.refuses("ann")
        case CallState.OFFERED:
            centre.call("c1")  # waits first: only who has waited has a look at its rules ahead
            centre.at_work("ann")
        case CallState.TALKING:
            centre.at_work("ann")
            centre.call("c1")
            centre.answers("ann")
    return centre


def adopt_callback(callback_id: CallId, now: float) -> AdoptCallback:
    return AdoptCallback(
        callback_id=callback_id,
        queue=SALES,
        number="1",
        queued_at=now,
        head_start_s=0,
        ageing=1,
        requires=(),
        not_before=now,
        attempts=0,
        asked_at=now,
    )


def callback_in(state: CallState) -> Centre:
    """Callback c1 in this state; for a retry pause to exist, ann has refused it once."""
    centre = Centre(RULES)
    centre.at_work("ann")
    centre.say(adopt_callback(C1, centre.now))
    match state:
        case CallState.SLEEPING:
            centre.say(CallbackTried(callback_id=C1, result=CallbackResult.BUSY))
        case CallState.WAITING:
            centre.refuses("ann")
        case CallState.TALKING:
            centre.answers("ann")
        case _:
            pass
    return centre


CALL_INPUTS: dict[CallEvent, Callable[[Centre], Input]] = {
    CallEvent.JOIN: lambda c: Join(call_id=C1, queue=SALES, queued_at=c.now),
    CallEvent.LEAVE: lambda c: Leave(call_id=C1, reason=AbandonReason.EXIT_KEY),
    CallEvent.TALK_OVER_BY_CALLER: lambda c: TalkOver(call_id=C1, by=HangupBy.CALLER),
    CallEvent.TALK_OVER_BY_OTHERS: lambda c: TalkOver(call_id=C1, by=HangupBy.AGENT),
    CallEvent.ADOPT_TALK: lambda c: AdoptTalk(
        call_id=C1,
        queue=SALES,
        agent_id=AgentId("zoe"),
        offer_id=OfferId("x"),
        queued_at=START,
        answered_at=START,
    ),
    CallEvent.MAX_WAIT: lambda c: TimerFired(timer_id=timer_after(c, 60)),
    CallEvent.RELAX: lambda c: TimerFired(timer_id=timer_after(c, 33)),
    CallEvent.RETRY: lambda c: TimerFired(timer_id=timer_after(c, 10)),
    CallEvent.OVERFLOW: lambda c: TimerFired(timer_id=timer_after(c, 37)),
    CallEvent.ASK_CALLBACK: lambda c: AskCallback(call_id=C1, callback_id=CALLBACK, number="1"),
    CallEvent.CALLBACK_TRIED: lambda c: CallbackTried(
        callback_id=C1, result=CallbackResult.NO_ANSWER
    ),
    CallEvent.CANCEL_CALLBACK: lambda c: CancelCallback(callback_id=C1),
    CallEvent.ADOPT_CALLBACK: lambda c: adopt_callback(C1, c.now),
    CallEvent.WAKE: lambda c: TimerFired(timer_id=timer_after(c, 600)),
    CallEvent.EXPIRY: lambda c: TimerFired(timer_id=timer_after(c, 700)),
}


def agent_in(state: AgentState) -> Centre:
    """Ann in this state, with an idle phone."""
    centre = Centre(RULES)
    if state is AgentState.LOGGED_OUT:
        centre.phone("ann", PhoneState.IDLE)
        return centre
    centre.at_work("ann")
    if state is AgentState.NOT_READY:
        centre.not_ready("ann")
    if state in (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP):
        centre.call("c1")
    if state in (AgentState.TALKING, AgentState.WRAP_UP):
        centre.answers("ann")
    if state is AgentState.WRAP_UP:
        centre.talk_ends("c1")
    return centre


def adopt_ann() -> AdoptAgent:
    return AdoptAgent(
        agent_id=ANN,
        signed_in=True,
        ready=True,
        reason="",
        wrap_up_until=None,
        wrap_up_call=None,
        calls_answered={},
        last_call_ended_at={},
    )


AGENT_INPUTS: dict[AgentEvent, Callable[[Centre], Input]] = {
    AgentEvent.SIGN_IN: lambda c: SignIn(agent_id=ANN),
    AgentEvent.SIGN_OUT: lambda c: SignOut(agent_id=ANN),
    AgentEvent.READY: lambda c: Ready(agent_id=ANN),
    AgentEvent.NOT_READY: lambda c: NotReady(agent_id=ANN, reason="meal"),
    AgentEvent.PHONE_CHANGED: lambda c: PhoneChanged(agent_id=ANN, phone=PhoneState.BUSY),
    AgentEvent.EXTEND_WRAP_UP: lambda c: ExtendWrapUp(agent_id=ANN),
    AgentEvent.ADOPT_AGENT: lambda c: adopt_ann(),
    AgentEvent.ADOPT_TALK: lambda c: AdoptTalk(
        call_id=CallId("found"),
        queue=SALES,
        agent_id=ANN,
        offer_id=OfferId("x"),
        queued_at=START,
        answered_at=START,
    ),
    AgentEvent.WRAP_UP_OVER: lambda c: TimerFired(timer_id=timer_after(c, 20)),
    AgentEvent.PAUSE_OVER: lambda c: TimerFired(timer_id=timer_after(c, 5)),
}


def with_pause(centre: Centre) -> None:
    """A running pause, whatever state ann is in: her phone could not be reached before."""
    centre.at_work("ann")
    centre.call("p")
    centre.leg_ends("ann", OfferResult.UNREACHABLE)
    centre.leaves("p")


def paused_agent_in(state: AgentState) -> Centre:
    """As ``agent_in``, while the pause still runs."""
    centre = Centre(RULES)
    with_pause(centre)
    match state:
        case AgentState.LOGGED_OUT:
            centre.sign_out("ann")
        case AgentState.NOT_READY:
            centre.not_ready("ann")
        case AgentState.READY:
            pass
        case AgentState.OFFERED:
            centre = agent_in(state)  # without a pause: nobody is rung in one
        case AgentState.TALKING | AgentState.WRAP_UP:
            centre.say(AGENT_INPUTS[AgentEvent.ADOPT_TALK](centre))
            if state is AgentState.WRAP_UP:
                centre.talk_ends("found")
    return centre


def leg_in(state: LegState) -> tuple[Centre, OfferId]:
    centre = Centre(RULES)
    centre.at_work("ann")
    centre.call("c1")
    offer = centre.offer_of("ann")
    match state:
        case LegState.RINGING:
            pass
        case LegState.ANSWERED:
            centre.answers("ann")
        case LegState.OVER:
            centre.refuses("ann")
        case LegState.FORGOTTEN:
            centre.leaves("c1")
    return centre, offer


LEG_INPUTS: dict[LegEvent, Callable[[Centre, OfferId], Input]] = {
    LegEvent.ANSWERED: lambda c, o: Answered(offer_id=o, agent_id=ANN),
    LegEvent.LEG_ENDED: lambda c, o: LegEnded(offer_id=o, agent_id=ANN, result=OfferResult.REFUSED),
    LegEvent.OFFER_CLOSED: lambda c, o: OfferClosed(offer_id=o, result=OfferResult.MISSED),
    LegEvent.GUARD: lambda c, o: TimerFired(timer_id=timer_after(c, 19)),
}


def test_the_tables_have_all_cells() -> None:
    for table, events, states in (
        (CALL_TABLE, CallEvent, CALLER_STATES),
        (CALLBACK_TABLE, CallEvent, CALLBACK_STATES),
        (QUEUE_TABLE, QueueEvent, QueueState),
        (LEG_TABLE, LegEvent, LegState),
        (AGENT_TABLE, AgentEvent, AgentState),
    ):
        cells = {(event, state) for event, row in table.items() for state in row}
        assert cells == {(event, state) for event in events for state in states}
    assert set(CALL_INPUTS) | set(CALL_INNER) == set(CallEvent)
    assert set(CALLER_STATES) | set(CALLBACK_STATES) == set(CallState)
    assert set(QUEUE_INPUTS) == set(QueueEvent)
    assert set(LEG_INPUTS) | set(LEG_INNER) == set(LegEvent)
    assert set(AGENT_INPUTS) | set(AGENT_INNER) == set(AgentEvent)


@pytest.mark.parametrize("state", CALLER_STATES)
@pytest.mark.parametrize("event", CALL_INPUTS)
def test_a_call(event: CallEvent, state: CallState) -> None:
    centre, cell = call_in(state), CALL_TABLE[event][state]
    assert centre.acd.call_state(C1) is state
    centre.say(CALL_INPUTS[event](centre))
    if isinstance(cell, Drop):
        assert centre.ignored()
        assert centre.acd.call_state(C1) is state
    else:
        assert centre.heard(Ignored) == []
        assert centre.acd.call_state(C1) in cell.to


@pytest.mark.parametrize("state", CALLBACK_STATES)
@pytest.mark.parametrize("event", CALL_INPUTS)
def test_a_callback(event: CallEvent, state: CallState) -> None:
    centre, cell = callback_in(state), CALLBACK_TABLE[event][state]
    assert centre.acd.call_state(C1) is state
    centre.say(CALL_INPUTS[event](centre))
    if isinstance(cell, Drop):
        assert centre.ignored()
        assert centre.acd.call_state(C1) is state
    else:
        assert centre.heard(Ignored) == []
        assert centre.acd.call_state(C1) in cell.to


QUEUE_INPUTS: dict[QueueEvent, Callable[[QueueId], Input]] = {
    QueueEvent.OPEN: lambda queue: QueueHours(queue=queue, open=True),
    QueueEvent.CLOSE: lambda queue: QueueHours(queue=queue, open=False),
    QueueEvent.ADOPT_QUEUE: lambda queue: AdoptQueue(queue=queue, rang_last=ANN, answered_last=ANN),
}


@pytest.mark.parametrize("state", QueueState)
@pytest.mark.parametrize("event", QUEUE_INPUTS)
def test_a_queue(event: QueueEvent, state: QueueState) -> None:
    centre, cell = Centre(RULES), QUEUE_TABLE[event][state]
    name = QueueId("nowhere") if state is QueueState.UNKNOWN else SALES
    if state is QueueState.CLOSED:
        centre.say(QueueHours(queue=SALES, open=False))
    floor = centre.acd._floor
    assert queue_state(floor, name) is state
    centre.say(QUEUE_INPUTS[event](name))
    if isinstance(cell, Drop):
        assert centre.ignored()
        assert queue_state(floor, name) is state
    else:
        assert centre.heard(Ignored) == []
        assert queue_state(floor, name) in cell.to


@pytest.mark.parametrize("state", LegState)
@pytest.mark.parametrize("event", LEG_INPUTS)
def test_a_leg(event: LegEvent, state: LegState) -> None:
    (centre, offer), cell = leg_in(state), LEG_TABLE[event][state]
    floor = centre.acd._floor
    assert leg_state(floor, offer, ANN) is state
    if event is LegEvent.GUARD and state is not LegState.RINGING:
        centre.timers.clear()  # the guard was cancelled: its old id is what is left
    centre.say(LEG_INPUTS[event](centre, offer))
    if isinstance(cell, Drop):
        assert centre.ignored()
        assert leg_state(floor, offer, ANN) is state
    else:
        assert leg_state(floor, offer, ANN) in cell.to


@pytest.mark.parametrize("state", AgentState)
@pytest.mark.parametrize("event", AGENT_INPUTS)
def test_an_agent(event: AgentEvent, state: AgentState) -> None:
    cell = AGENT_TABLE[event][state]
    centre = paused_agent_in(state) if event is AgentEvent.PAUSE_OVER else agent_in(state)
    assert centre.state("ann") is state
    if event is AgentEvent.SIGN_IN and state is AgentState.TALKING:
        centre.sign_out("ann")
    centre.say(AGENT_INPUTS[event](centre))
    if isinstance(cell, Drop):
        assert centre.ignored()
        assert centre.state("ann") is state
    else:
        assert centre.state("ann") in cell.to


def test_a_ready_agent_takes_the_waiting_call_in_the_same_breath() -> None:
    for event in (AgentEvent.READY, AgentEvent.ADOPT_AGENT, AgentEvent.WRAP_UP_OVER):
        state = AgentState.WRAP_UP if event is AgentEvent.WRAP_UP_OVER else AgentState.NOT_READY
        centre = agent_in(state)
        centre.call("c2")
        centre.say(AGENT_INPUTS[event](centre))
        assert centre.one(Offer).call_id == "c2"
        assert AgentState.OFFERED in AGENT_TABLE[event][state].to  # type: ignore[union-attr]


def test_the_page_is_what_the_tables_say() -> None:
    """Else: python -m ccengine.acd.diagram > docs/acd-states.md"""
    page = Path(__file__).parents[3] / "docs" / "acd-states.md"
    assert page.read_text(encoding="utf-8") == document()
