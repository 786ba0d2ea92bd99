"""Calls that no engine held: one row each, with an outcome, and never two."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from ccengine.asterisk import accounts
from ccengine.asterisk.accounts import CallAccount
from ccengine.calls.store import CallRecords
from ccengine.engine.adoption import Adoption
from ccengine.engine.door import EngineDoor
from ccengine.engine.passed_by import PassedBy
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import (
    CallArrived,
    CallEnded,
    CallQueued,
    Fact,
    HangupBy,
    OfferMade,
    Outcome,
)
from tests.kit.quick_centre import QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open

CALL = CallId("0f8fad5b-d9cb-469f-a165-70867728950e")


def account(end: str, call_id: CallId = CALL) -> CallAccount:
    return CallAccount(
        call_id=call_id,
        arrived_at=100.0,
        ended_at=140.0,
        dnis="4001",
        trunk="carrier",
        ani="13900000000",
        ani_malformed=False,
        end=end,
    )


class Records:
    def __init__(self) -> None:
        self.known: dict[CallId, Outcome | None] = {}
        self.away = False

    async def outcomes(self, call_ids: Collection[CallId]) -> dict[CallId, Outcome | None]:
        if self.away:
            raise OperationalError("select", {}, Exception("away"))
        return {one: self.known[one] for one in call_ids if one in self.known}


class Scene:
    def __init__(self, centre: QuickCentre, patch: pytest.MonkeyPatch) -> None:
        self.centre = centre
        self.records = Records()
        self.file: dict[CallId, CallAccount] = {}
        door = EngineDoor(centre.dispatch, centre.clock, centre.facts.append)
        self.story: list[Fact] = []
        """What the journal has of the call."""
        self.passed_by = PassedBy(
            floor=centre.floor,
            calls=centre.calls,
            records=cast(CallRecords, self.records),
            story_of=self._story_of,
            close=Adoption(centre.floor, centre.calls, door).close,
            file=Path("calls.csv"),
        )

        async def at_once(read: object, _file: Path) -> dict[CallId, CallAccount]:
            assert read is accounts.read
            return self.file

        patch.setattr("ccengine.engine.passed_by.asyncio.to_thread", at_once)

    async def _story_of(self, _call_id: CallId) -> list[Fact]:
        return self.story

    async def over(self) -> list[str]:
        """Asterisk says that the call is over; what the journal is told."""
        self.passed_by.over(CALL)
        await asyncio.sleep(5)
        return [fact.kind for fact in self.centre.facts]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, ["call.arrived", "call.ended"]),
        ({CALL: Outcome.ABANDONED}, []),
    ],
)
@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ("voicemail", Outcome.FALLBACK),
        ("fallback", Outcome.FALLBACK),
        ("served", Outcome.LOST),
        ("", Outcome.LOST),
        ("early", Outcome.LEFT_IN_FLOW),
    ],
)
def test_a_call_that_ended_without_us(
    open_centre: Open,
    monkeypatch: pytest.MonkeyPatch,
    known: dict[CallId, Outcome | None],
    expected: list[str],
    end: str,
    outcome: Outcome,
) -> None:
    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        scene.records.known = known
        scene.file = {CALL: account(end)}
        assert await scene.over() == expected
        assert await scene.over() == expected  # told twice, written down once
        for arrived in scene.centre.told(CallArrived):
            assert (arrived.at, arrived.dnis, arrived.ani_verified) == (100.0, "4001", False)
        for ended in scene.centre.told(CallEnded):
            assert (ended.at, ended.outcome) == (140.0, outcome)
            by_caller = end == "early"
            assert ended.by is (HangupBy.CALLER if by_caller else HangupBy.UNKNOWN)

    run()


ARRIVED = CallArrived(
    at=100.0, call_id=CALL, ani="139", dnis="4001", trunk="carrier", ani_verified=True
)
QUEUED = CallQueued(
    at=110.0, call_id=CALL, queue=QueueId("sales"), head_start_s=0.0, queued_at=110.0, position=1
)
RUNG = OfferMade(
    at=115.0,
    call_id=CALL,
    queue=QueueId("sales"),
    offer_id=OfferId("o-1"),
    agents=(AgentId("1001"),),
    strategy="least_recent",
    waited_s=5.0,
)


@pytest.mark.parametrize(
    ("end", "kinds", "outcome"),
    [
        ("served", ["call.answered", "talk.ended", "call.ended"], Outcome.ANSWERED),
        ("fallback_queue", ["call.abandoned", "call.ended"], Outcome.FALLBACK),
        ("", ["call.abandoned", "call.ended"], Outcome.LOST),
    ],
)
def test_a_ring_that_outlived_its_engine_is_told_as_it_went_on(
    open_centre: Open,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    kinds: list[str],
    outcome: Outcome,
) -> None:
    """Given an engine that fell while a phone rang, when the agent answers and the talk is over
    before the next engine has looked round, then it is in the report as answered."""

    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        scene.records.known = {CALL: None}
        scene.story = [ARRIVED, QUEUED, RUNG]
        scene.file = {CALL: account(end)}
        assert await scene.over() == kinds
        assert scene.centre.told(CallEnded)[0].outcome is outcome
        assert await scene.over() == kinds

    run()


def test_a_callback_whose_customer_was_not_reached_is_no_call_that_ended(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        scene.story = [replace(QUEUED, callback=True)]
        scene.file = {CALL: account("done")}
        assert await scene.over() == []

    run()


def test_without_an_account_or_a_database_nothing_is_made_up(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start finds it in the account."""

    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        assert await scene.over() == []
        scene.file = {CALL: account("voicemail")}
        scene.records.away = True
        assert await scene.over() == []
        scene.records.away = False
        await scene.passed_by.catch_up(scene.file)
        assert len(scene.centre.told(CallEnded)) == 1

    run()


def test_at_the_start_only_calls_without_a_record_are_written_down(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        other, third = CallId("1" + CALL[1:]), CallId("2" + CALL[1:])
        scene.records.known = {other: Outcome.ANSWERED, third: None}
        known = {one: account("fallback", one) for one in (CALL, other, third)}
        await scene.passed_by.catch_up(known)
        assert [fact.call_id for fact in scene.centre.told(CallEnded)] == [CALL]

    run()


def test_a_call_that_is_held_again_is_not_passed_by(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_quick_time
    async def run() -> None:
        scene = Scene(open_centre(), monkeypatch)
        caller = scene.centre.call()
        scene.file = {caller.call_id: account("fallback", caller.call_id)}
        scene.passed_by.over(caller.call_id)
        await asyncio.sleep(3)
        assert scene.centre.told(CallEnded) == []
        await scene.centre.stop()
        scene.centre.check_over([])

    run()
