"""Snapshots against what the engine believes; adoption of what an engine before this one left."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from msgspec.structs import replace

from ccengine.acd.inputs import AdoptAgent, Input, PhoneChanged, PhoneState
from ccengine.asterisk.accounts import CallAccount
from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.ami_wire import OutcomeUnknownError
from ccengine.asterisk.snapshot import ChannelSeen, Snapshot
from ccengine.engine.adoption import Adoption, agent_inputs
from ccengine.engine.door import EngineDoor
from ccengine.engine.reconciliation import Reconciliation
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallbackAsked,
    CallEnded,
    CallQueued,
    Fact,
    HangupBy,
    OfferMade,
    Outcome,
    TalkEnded,
)
from ccengine.journal.store import AgentMemory
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open

CALL = CallId("0f8fad5b-d9cb-469f-a165-70867728950e")
ANN = AgentId("1001")
SALES = QueueId("sales")
EVERYTHING_IDLE = {AgentId("1001"): PhoneState.IDLE, AgentId("1002"): PhoneState.IDLE}


def channel_of(caller: Caller) -> ChannelSeen:
    return ChannelSeen(
        channel="PJSIP/trunk-carrier-0000000a",
        uniqueid=caller.uniqueid,
        linked_to=caller.uniqueid,
        call_id=caller.call_id,
        agent_id=None,
        bridged=False,
    )


def leg_of(caller: Caller, agent_id: AgentId = ANN) -> ChannelSeen:
    return ChannelSeen(
        channel=f"PJSIP/{agent_id}-0000000b",
        uniqueid=f"{caller.uniqueid}.leg",
        linked_to=caller.uniqueid,
        call_id=caller.call_id,
        agent_id=agent_id,
        bridged=True,
    )


class FakeLink:
    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.up.set()


class Eyes:
    """A reconciliation whose snapshots the test paints."""

    def __init__(self, centre: QuickCentre, patch: pytest.MonkeyPatch) -> None:
        self.centre = centre
        self.seen: Snapshot | Exception = Snapshot(phones=EVERYTHING_IDLE, channels=())
        self.looks = 0
        self.firsts = 0
        self.first_fails = False
        self.passed_by: list[CallId] = []
        self.link = FakeLink()
        self.reconciliation = Reconciliation(
            link=cast(AmiLink, self.link),
            floor=centre.floor,
            calls=centre.calls,
            on_gone=centre.endings.channel_gone,
            on_first=self._first,
            on_passed_by=self.passed_by.append,
        )
        patch.setattr("ccengine.engine.reconciliation.snapshot.take", self._take)

    async def _take(self, _link: AmiLink) -> Snapshot:
        self.looks += 1
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen

    async def _first(self, _seen: Snapshot) -> None:
        self.firsts += 1
        if self.first_fails:
            raise ConnectionError("the database is away")

    def shows(self, *channels: ChannelSeen) -> None:
        self.seen = Snapshot(phones=EVERYTHING_IDLE, channels=channels)


async def _waiting(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    return caller


def test_a_call_is_gone_only_when_two_snapshots_miss_it(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre(max_wait=None)
        eyes = Eyes(centre, monkeypatch)
        caller = await _waiting(centre)
        caller.drop()
        await asyncio.sleep(1)
        eyes.shows()
        await eyes.reconciliation.link_up()
        assert centre.told(CallEnded) == [], "it may have come while the first was taken"
        eyes.shows(channel_of(caller))
        await eyes.reconciliation.link_up()
        eyes.shows()
        await eyes.reconciliation.link_up()
        assert centre.told(CallEnded) == [], "it was there in between"
        await eyes.reconciliation.link_up()
        assert len(centre.told(CallEnded)) == 1
        await eyes.reconciliation.link_up()
        centre.check_over([])
        centre.dispatch.stop()

    run()


def test_a_snapshot_tells_the_acd_only_of_phones_it_knows_otherwise(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre(max_wait=None)
        eyes = Eyes(centre, monkeypatch)
        await eyes.reconciliation.link_up()
        told: list[Input] = []
        decide = centre.dispatch.submit
        monkeypatch.setattr(
            centre.dispatch, "submit", lambda item: (told.append(item), decide(item))
        )
        await eyes.reconciliation.link_up()
        assert told == []
        phones = EVERYTHING_IDLE | {ANN: PhoneState.BUSY}
        eyes.seen = Snapshot(phones=phones, channels=())
        await eyes.reconciliation.link_up()
        assert told == [PhoneChanged(agent_id=ANN, phone=PhoneState.BUSY)]
        await eyes.reconciliation.link_up()
        assert len(told) == 1
        assert centre.acd.phone(ANN) is PhoneState.BUSY
        centre.dispatch.stop()

    run()


def test_an_agent_the_acd_never_heard_of_is_told_though_its_phone_is_away(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre(max_wait=None)
        eyes = Eyes(centre, monkeypatch)
        centre.acd._floor.agents.pop(ANN, None)
        assert centre.acd.phone(ANN) is None
        eyes.seen = Snapshot(phones={}, channels=())
        await eyes.reconciliation.link_up()
        assert centre.acd.phone(ANN) is PhoneState.UNREACHABLE
        centre.dispatch.stop()

    run()


def test_a_talk_without_the_agents_leg_is_over(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event of its end was lost with the link; the agent must not talk for ever."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre(agents=["1001"])
        eyes = Eyes(centre, monkeypatch)
        centre.phone_of["1001"] = Phone(answers=1.0, talks=600.0)
        caller = await _waiting(centre)
        centre.at_work("1001")
        await centre.until(lambda: centre.state("1001") is AgentState.TALKING)
        eyes.shows(channel_of(caller), leg_of(caller))
        for _ in range(3):
            await eyes.reconciliation.link_up()
        assert centre.state("1001") is AgentState.TALKING
        eyes.shows(channel_of(caller))
        await eyes.reconciliation.link_up()
        assert centre.state("1001") is AgentState.TALKING
        await eyes.reconciliation.link_up()
        assert centre.state("1001") is AgentState.WRAP_UP
        assert [fact.by for fact in centre.told(TalkEnded)] == [HangupBy.UNKNOWN]
        await centre.stop()
        assert len(centre.told(TalkEnded)) == 1
        centre.check_over(["1001"])

    run()


def test_phones_follow_the_snapshot(open_centre: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        eyes = Eyes(centre, monkeypatch)
        await eyes.reconciliation.link_up()
        assert centre.acd.agent(ANN).phone is PhoneState.IDLE
        eyes.seen = Snapshot(phones={ANN: PhoneState.BUSY}, channels=())
        await eyes.reconciliation.link_up()
        assert centre.acd.agent(ANN).phone is PhoneState.BUSY
        assert centre.acd.agent(AgentId("1002")).phone is PhoneState.UNREACHABLE

    run()


def test_it_looks_now_and_then_and_a_look_that_fails_is_no_end(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        eyes = Eyes(centre, monkeypatch)
        task = asyncio.create_task(eyes.reconciliation.run())
        await asyncio.sleep(21)
        assert eyes.looks == 4
        eyes.seen = OutcomeUnknownError("no answer")
        await asyncio.sleep(10)
        eyes.link.up.clear()
        await asyncio.sleep(10)
        assert eyes.looks == 6
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run()


def test_a_caller_of_whom_this_engine_knew_nothing_is_seen_to_be_gone(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asterisk's word for its end was not heard: the snapshots tell of it, once."""

    @in_quick_time
    async def run() -> None:
        eyes = Eyes(open_centre(), monkeypatch)
        eyes.shows(seen())
        await eyes.reconciliation.link_up()
        await eyes.reconciliation.link_up()
        assert eyes.passed_by == []
        eyes.shows()
        await eyes.reconciliation.link_up()
        await eyes.reconciliation.link_up()
        assert eyes.passed_by == [CALL]

    run()


def test_what_was_left_is_settled_at_each_connect(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        eyes = Eyes(open_centre(), monkeypatch)
        eyes.first_fails = True
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await eyes.reconciliation.link_up()
        eyes.first_fails = False
        for _ in range(3):
            await eyes.reconciliation.link_up()
        assert eyes.firsts == 5
        eyes.first_fails = True
        await eyes.reconciliation.link_up()  # the link stays: the next look tries again

    run()


# -- adoption


def arrived(at: float = 100.0) -> CallArrived:
    return CallArrived(
        at=at, call_id=CALL, ani="139", dnis="4001", trunk="carrier", ani_verified=True
    )


QUEUED = CallQueued(
    at=110.0, call_id=CALL, queue=SALES, head_start_s=0.0, queued_at=110.0, position=1
)
ANSWERED = CallAnswered(
    at=120.0, call_id=CALL, queue=SALES, offer_id=OfferId("o-1"), agent_id=ANN, waited_s=10.0
)
TALKED = TalkEnded(
    at=150.0,
    call_id=CALL,
    queue=SALES,
    agent_id=ANN,
    talk_s=30.0,
    hold_s=0.0,
    by=HangupBy.AGENT,
)


def account(
    end: str = "", ended_at: float = 140.0, answered_by: AgentId | None = None
) -> CallAccount:
    return CallAccount(
        call_id=CALL,
        arrived_at=100.0,
        ended_at=ended_at,
        dnis="4001",
        trunk="carrier",
        ani="139",
        ani_malformed=False,
        end=end,
        answered_by=answered_by,
    )


def seen(agent_id: AgentId | None = None, *, bridged: bool = False) -> ChannelSeen:
    return ChannelSeen(
        channel="PJSIP/trunk-carrier-0000000a" if agent_id is None else "PJSIP/1001-0000000b",
        uniqueid="u-1" if agent_id is None else "u-2",
        linked_to="u-1",
        call_id=CALL,
        agent_id=agent_id,
        bridged=bridged,
    )


ASKED_BACK = CallbackAsked(
    at=130.0,
    call_id=CALL,
    queue=SALES,
    callback_id=CallId("cb"),
    number="1",
    chosen_at=None,
    waited_s=20.0,
    queued_at=110.0,
    head_start_s=0.0,
    ageing=1.0,
    requires=(),
)
LEFT = CallAbandoned(
    at=125.0, call_id=CALL, queue=SALES, reason=AbandonReason.TIMED_OUT, waited_s=15.0
)


class Start:
    """A restarted engine: stories of the journal in, a snapshot beside them."""

    def __init__(self, centre: QuickCentre) -> None:
        self.centre = centre
        self.door = EngineDoor(centre.dispatch, centre.clock, centre.facts.append)

    def settle(
        self, story: list[Fact], *channels: ChannelSeen, told: CallAccount | None = None
    ) -> list[Fact]:
        Adoption(self.centre.floor, self.centre.calls, self.door).settle(
            {CALL: story},
            Snapshot(phones=EVERYTHING_IDLE, channels=channels),
            {} if told is None else {CALL: told},
        )
        return self.centre.facts


@pytest.mark.parametrize(
    ("story", "told", "outcome", "before"),
    [
        ([arrived()], None, Outcome.LOST, None),
        ([arrived()], account("voicemail"), Outcome.FALLBACK, None),
        ([arrived()], account("done"), Outcome.LOST, None),
        ([arrived(), QUEUED], None, Outcome.LOST, CallAbandoned),
        ([arrived(), QUEUED], account("fallback_queue"), Outcome.FALLBACK, CallAbandoned),
        ([arrived(), QUEUED, ANSWERED], account("served"), Outcome.ANSWERED, TalkEnded),
        ([arrived(), QUEUED, ANSWERED], None, Outcome.ANSWERED, TalkEnded),
        ([arrived(), QUEUED], account("served"), Outcome.ANSWERED, CallAbandoned),
        ([arrived(), QUEUED, ANSWERED, TALKED], account("served"), Outcome.ANSWERED, None),
        ([arrived(), QUEUED, ASKED_BACK], None, Outcome.CALLBACK, None),
        ([arrived(), QUEUED, LEFT, QUEUED], None, Outcome.LOST, CallAbandoned),
        ([replace(QUEUED, callback=True), arrived()], None, Outcome.LOST, None),
    ],
)
def test_a_call_that_is_gone_is_closed_with_what_is_known(
    open_centre: Open,
    story: list[Fact],
    told: CallAccount | None,
    outcome: Outcome,
    before: type[Fact] | None,
) -> None:
    @in_quick_time
    async def run() -> None:
        facts = Start(open_centre()).settle(story, told=told)
        *others, ended = facts
        assert isinstance(ended, CallEnded)
        assert ended.outcome is outcome
        assert [type(fact) for fact in others] == ([] if before is None else [before])
        if told is not None:
            assert {fact.at for fact in facts} == {140.0}
        for fact in others:
            if isinstance(fact, TalkEnded):
                assert fact.talk_s == (20.0 if told else 0.0)
            if isinstance(fact, CallAbandoned):
                assert fact.reason is AbandonReason.ENGINE_LOST

    run()


def offer(*agents: AgentId) -> OfferMade:
    return OfferMade(
        at=115.0,
        call_id=CALL,
        queue=SALES,
        offer_id=OfferId("o-1"),
        agents=agents,
        strategy="ring_all",
        waited_s=5.0,
    )


def test_a_talk_that_began_and_ended_without_an_engine_is_told(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        start = Start(open_centre(ring_timeout=10))
        facts = start.settle([arrived(), QUEUED, offer(ANN)], told=account("served"))
        answered, talk, ended = facts
        assert isinstance(answered, CallAnswered)
        assert isinstance(talk, TalkEnded)
        assert isinstance(ended, CallEnded)
        # when is not known: at the latest when the ring would have been over
        assert (answered.agent_id, answered.at, answered.waited_s) == (ANN, 125.0, 15.0)
        assert (talk.agent_id, talk.talk_s) == (ANN, 15.0)
        assert ended.outcome is Outcome.ANSWERED

    run()


def test_who_of_several_answered_is_not_invented(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        start = Start(open_centre())
        both = offer(ANN, AgentId("1002"))
        facts = start.settle([arrived(), QUEUED, both], told=account("served"))
        assert [fact.kind for fact in facts] == ["call.abandoned", "call.ended"]
        assert facts[-1] == CallEnded(
            at=140.0, call_id=CALL, outcome=Outcome.ANSWERED, by=HangupBy.UNKNOWN
        )

    run()


@pytest.mark.parametrize("others", [(), (ANN, AgentId("1003"))])
def test_asterisk_knows_who_of_several_answered(
    open_centre: Open, others: tuple[AgentId, ...]
) -> None:
    """Also when the offer itself was among the last facts of the engine that fell."""

    @in_quick_time
    async def run() -> None:
        start = Start(open_centre())
        bob = AgentId("1002")
        rung = [offer(*others, bob)] if others else []
        told = account("served", answered_by=bob)
        answered, talk, ended = start.settle([arrived(), QUEUED, *rung], told=told)
        assert isinstance(answered, CallAnswered)
        assert isinstance(talk, TalkEnded)
        assert isinstance(ended, CallEnded)
        assert (answered.agent_id, talk.agent_id) == (bob, bob)
        assert (answered.offer_id == "o-1") is bool(others)
        assert ended.outcome is Outcome.ANSWERED

    run()


def test_a_talk_that_began_without_an_engine_and_goes_on_is_taken_up(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        both = offer(ANN, AgentId("1002"))
        Start(centre).settle([arrived(), QUEUED, both], seen(), seen(ANN, bridged=True))
        assert centre.state("1001") is AgentState.TALKING
        (answered,) = centre.told(CallAnswered)
        assert (answered.agent_id, answered.offer_id) == (ANN, "o-1")
        (call,) = centre.calls
        call.gone.set()
        centre.endings.channel_gone(call)
        assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
        assert len(centre.told(TalkEnded)) == 1
        assert centre.told(CallAbandoned) == []
        centre.dispatch.stop()

    run()


def test_a_talk_that_goes_on_is_taken_up_and_its_end_is_told(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        start = Start(centre)
        centre.dispatch.submit(
            agent_inputs(
                [
                    AgentMemory(
                        agent_id=ANN,
                        last=AgentStateChanged(
                            at=120.0, agent_id=ANN, state=AgentState.TALKING, call_id=CALL
                        ),
                    )
                ],
                {},
            )[0]
        )
        story: list[Fact] = [arrived(), QUEUED, ANSWERED]
        start.settle(story, seen(), seen(ANN, bridged=True))
        start.settle(story, seen(), seen(ANN, bridged=True))
        assert centre.state("1001") is AgentState.TALKING
        (call,) = centre.calls
        assert (call.agent_id, call.served, call.uniqueid) == (ANN, True, "u-1")
        assert start.door.set_disposition(ANN, CALL, "solved", "")
        assert not start.door.set_disposition(AgentId("1002"), CALL, "solved", "")
        call.gone.set()
        centre.endings.channel_gone(call)
        assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
        assert len(centre.told(TalkEnded)) == 1
        assert centre.told(CallAnswered) == [], "the journal has it already"
        centre.dispatch.stop()

    run()


@pytest.mark.parametrize(
    ("story", "channels"),
    [
        ([arrived(), QUEUED], (seen(),)),
        ([arrived(), QUEUED, ANSWERED], (seen(), seen(ANN, bridged=False))),
        ([arrived(), QUEUED], (seen(), seen(ANN, bridged=True))),
    ],
)
def test_a_caller_who_lives_and_does_not_talk_comes_back_by_itself(
    open_centre: Open, story: list[Fact], channels: tuple[ChannelSeen, ...]
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        assert Start(centre).settle(story, *channels) == []
        assert len(centre.calls) == 0

    run()


def test_a_call_that_is_back_already_is_left_alone(open_centre: Open) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        caller = await _waiting(centre)
        before = len(centre.facts)
        story: list[Fact] = [
            CallArrived(
                at=1.0,
                call_id=caller.call_id,
                ani="",
                dnis="",
                trunk="",
                ani_verified=False,
            )
        ]
        Adoption(centre.floor, centre.calls, Start(centre).door).settle(
            {caller.call_id: story}, Snapshot(phones={}, channels=()), {}
        )
        assert len(centre.facts) == before
        await centre.stop()
        centre.check_over([])

    run()


def _memory(state: AgentState, **more: object) -> AgentMemory:
    values = {"at": 500.0, "agent_id": ANN, "state": state} | more
    last = AgentStateChanged(**values)  # type: ignore[arg-type]
    return AgentMemory(agent_id=ANN, last=last, calls_answered={SALES: 3})


@pytest.mark.parametrize(
    ("memory", "ready", "reason"),
    [
        (_memory(AgentState.READY), True, ""),
        (_memory(AgentState.OFFERED, call_id=CALL), True, ""),
        (_memory(AgentState.TALKING, call_id=CALL), True, ""),
        (_memory(AgentState.NOT_READY, reason="meal"), False, "meal"),
        (_memory(AgentState.WRAP_UP, call_id=CallId("unknown")), True, ""),
    ],
)
def test_agents_are_as_the_journal_saw_them_last(
    memory: AgentMemory, ready: bool, reason: str
) -> None:
    (adopted,) = agent_inputs([memory], {CALL: (SALES, 20.0)})
    assert (adopted.signed_in, adopted.ready, adopted.reason) == (True, ready, reason)
    assert adopted.wrap_up_until is None
    assert adopted.calls_answered == {SALES: 3}


def test_a_wrap_up_goes_on_from_where_it_began() -> None:
    memory = _memory(AgentState.WRAP_UP, call_id=CALL)
    (adopted,) = agent_inputs([memory], {CALL: (SALES, 20.0)})
    assert isinstance(adopted, AdoptAgent)
    assert (adopted.wrap_up_since, adopted.wrap_up_until) == (500.0, 520.0)
    assert (adopted.wrap_up_call, adopted.wrap_up_queue) == (CALL, SALES)


def test_who_was_logged_out_or_never_seen_is_not_adopted() -> None:
    nobody = AgentMemory(agent_id=ANN, last=None)
    assert agent_inputs([_memory(AgentState.LOGGED_OUT), nobody], {}) == []
