"""Outside numbers: the list, and limits that are sums over facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from ccengine.engine.transfers import Transfers
from ccengine.ids import CallId
from ccengine.journal.facts import (
    CallEnded,
    CallTransferred,
    Fact,
    HangupBy,
    Outcome,
    TransferBegan,
)
from tests.kit.asterisk import example_site

NOON = 1_795_320_000.0  # 2026-11-22, noon in Shanghai
NUMBER = "13900000001"
RULES = {
    "trunk": "carrier",
    "allowed": ["139", "021"],
    "most_at_once": 2,
    "per_day": 4,
    "per_number": 2,
}


@dataclass
class World:
    """The engine's memory of what it has called, at a moment moved by hand."""

    rules: dict[str, Any] | None = field(default_factory=lambda: dict(RULES))
    at: float = NOON
    open: bool = True

    def __post_init__(self) -> None:
        trunk = {"match": ["127.0.0.1"], "outbound": "127.0.0.1:5061", "allowed": ["1"]}
        self.site = example_site(trunks={"carrier": trunk}, transfers=self.rules)
        self.before: list[Fact] = []
        self.transfers = Transfers(self, self)  # type: ignore[arg-type]

    def now(self) -> float:
        return self.at

    def is_open(self, hours: str, now: float) -> bool:
        return self.open

    async def between(self, *_: object, **__: object) -> list[Fact]:
        return self.before

    async def remembers(self) -> Transfers:
        await self.transfers.remember(SimpleNamespace(between=self.between))  # type: ignore[arg-type]
        return self.transfers

    def began(self, call: str, number: str = NUMBER) -> TransferBegan:
        return TransferBegan(at=self.at, call_id=CallId(call), to=number, outside=True)

    def over(self, call: str) -> CallTransferred:
        return CallTransferred(
            at=self.at, call_id=CallId(call), to=NUMBER, result="answered", rang_s=1, talk_s=1
        )


async def test_nothing_is_allowed_by_default_or_before_the_journal_was_read() -> None:
    assert (await World(rules=None).remembers()).refused(NUMBER) == "none_allowed"
    world = World()
    assert world.transfers.refused(NUMBER) == "none_allowed"
    assert (await world.remembers()).refused(NUMBER) == ""


@pytest.mark.parametrize(
    "number", ["", "110", "13800000001", "+12025550123", "010123456", "139", "1390000000１"]
)
async def test_what_is_not_on_the_list_is_refused(number: str) -> None:
    assert (await World().remembers()).refused(number) == "not_allowed"


async def test_calls_at_once_count_until_they_are_over() -> None:
    world = World()
    transfers = await world.remembers()
    transfers.heard([world.began("a"), world.began("b", "13900000002")])
    assert transfers.refused("13900000003") == "too_many"
    ended = CallEnded(
        at=world.at, call_id=CallId("b"), outcome=Outcome.TRANSFERRED, by=HangupBy.CALLER
    )
    transfers.heard([ended])
    assert transfers.refused("13900000003") == ""


async def test_the_days_limits_count_attempts_and_survive_a_restart() -> None:
    world = World()
    for call in "ab":
        world.before += [world.began(call), world.over(call)]
    transfers = await world.remembers()
    assert transfers.refused(NUMBER) == "number_too_often"
    assert transfers.refused("13900000002") == ""
    for call in "cd":
        transfers.heard([world.began(call, "13900000002"), world.over(call)])
    assert transfers.refused("13900000003") == "too_many_today"
    world.at += 12 * 3_600  # midnight in Shanghai
    assert transfers.refused(NUMBER) == ""


async def test_outside_of_the_hours_nothing_is_called() -> None:
    world = World(rules=RULES | {"hours": "office"}, open=False)
    assert (await world.remembers()).refused(NUMBER) == "closed"
    world.open = True
    assert world.transfers.refused(NUMBER) == ""


async def test_phones_inside_cost_nothing() -> None:
    world = World()
    transfers = await world.remembers()
    inside = TransferBegan(at=NOON, call_id=CallId("a"), to="1001", outside=False)
    transfers.heard([inside] * 9)
    assert transfers.refused(NUMBER) == ""
