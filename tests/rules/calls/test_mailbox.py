"""A call's mailbox: in order, looked at without taking, woken without mail."""

from __future__ import annotations

import asyncio

from ccengine.acd.commands import Announce, Offer, Release, Withdraw
from ccengine.calls.mailbox import MOST_KEYS, MOST_WORDS, KeyPressed, Mailbox
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import AbandonReason
from tests.kit.quick_time import in_quick_time

CALL = CallId("c-1")
OFFER = Offer(
    offer_id=OfferId("o-2"),
    call_id=CALL,
    queue=QueueId("sales"),
    agents=(AgentId("1001"),),
    ring_timeout_s=10.0,
    decided_at=0.0,
)
RELEASE = Release(call_id=CALL, reason=AbandonReason.TIMED_OUT)


def withdraw(offer_id: str) -> Withdraw:
    return Withdraw(offer_id=OfferId(offer_id), call_id=CALL)


@in_quick_time
async def test_mail_is_taken_in_its_order() -> None:
    box = Mailbox()
    assert (box.take(), box.empty) == (None, True)
    for item in (withdraw("o-1"), OFFER, RELEASE):
        box.put(item)
    assert [box.take(), box.take(), box.take(), box.take()] == [
        withdraw("o-1"),
        OFFER,
        RELEASE,
        None,
    ]


@in_quick_time
async def test_a_withdrawal_is_taken_from_among_other_mail() -> None:
    box = Mailbox()
    box.put(RELEASE)
    box.put(withdraw("o-1"))
    box.put(withdraw("o-2"))
    assert not box.take_withdrawal("o-3")
    assert box.take_withdrawal("o-2")
    assert not box.take_withdrawal("o-2")
    assert [box.take(), box.take(), box.take()] == [RELEASE, withdraw("o-1"), None]


@in_quick_time
async def test_arrival_takes_nothing_and_ends_with_its_time() -> None:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    since = loop.time()
    assert not await box.arrival(2.0)
    assert abs(loop.time() - since - 2.0) < 0.01
    assert not await box.arrival(-5.0)
    box.put(RELEASE)
    assert await box.arrival(2.0)
    assert await box.arrival(-5.0)
    assert box.take() == RELEASE
    assert not await box.arrival(0.1)


@in_quick_time
async def test_a_ring_wakes_once_and_brings_nothing() -> None:
    box = Mailbox()
    asyncio.get_running_loop().call_later(1.0, box.ring)
    assert await box.arrival(5.0)
    assert box.take() is None
    assert not await box.arrival(0.1)
    box.ring()
    assert not box.take_withdrawal("o-1")
    assert not await box.arrival(0.1)


@in_quick_time
async def test_mail_that_is_left_keeps_the_flag_up() -> None:
    box = Mailbox()
    box.put(OFFER)
    box.put(withdraw("o-1"))
    assert box.take_withdrawal("o-1")
    assert await box.arrival(0.1)
    assert box.take() == OFFER
    assert not await box.arrival(0.1)


@in_quick_time
async def test_words_wait_and_all_else_is_urgent() -> None:
    box = Mailbox()
    box.listen("9")
    box.put(Announce(call_id=CALL, message="busy"))
    assert await box.arrival(0.1)
    assert not box.urgent
    assert not await box.urgent_arrival(0.1)
    box.press("9")
    assert await box.urgent_arrival(0.1)
    assert not box.decided
    box.put(OFFER)
    assert box.decided
    assert box.take_key("9") == "9"
    assert box.take_key("9") == ""
    assert [box.take(), box.take()] == [Announce(call_id=CALL, message="busy"), OFFER]
    assert not await box.urgent_arrival(0.1)


@in_quick_time
async def test_only_keys_that_mean_something_are_kept_and_not_without_bound() -> None:
    box = Mailbox()
    box.press("9")
    assert box.empty, "nobody listens"
    box.listen("9#")
    for key in "5" * 100 + "9" * 100:
        box.press(key)
    for _ in range(100):
        box.put(Announce(call_id=CALL, message="busy"))
    taken = list(iter(box.take, None))
    assert taken.count(KeyPressed(key="9")) == MOST_KEYS
    assert len(taken) == MOST_KEYS + MOST_WORDS
    box.press("#")
    box.listen("#")
    assert box.empty, "what was pressed before is forgotten"
    box.put(RELEASE)
    box.drop_all()
    box.press("#")
    assert box.empty
