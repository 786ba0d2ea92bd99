"""What callers have spoken, listed from either database."""

from __future__ import annotations

from pathlib import Path

from ccengine.calls.store import CallRecordProjector
from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.ids import CallId
from ccengine.journal.facts import MessageLeft
from ccengine.journal.messages import MessageList
from ccengine.journal.spool import Spool
from ccengine.journal.writer import JournalWriter
from tests.data.stories import START, arrived
from tests.kit.clock import HandClock


def left(call: str, after_s: float, mailbox: str = "support") -> MessageLeft:
    return MessageLeft(
        at=START + after_s,
        call_id=CallId(call),
        purpose="voicemail",
        mailbox=mailbox,
        path=f"day/{call}.{after_s:g}.wav",
        duration_s=2.0,
    )


async def test_the_newest_first_by_mailbox_and_page_by_page(
    database: Database, tmp_path: Path, clock: HandClock
) -> None:
    story = [
        arrived("one"),
        left("one", 1),
        left("two", 2, "sales"),
        left("one", 3),
        left("three", 4),
    ]
    writer = JournalWriter(
        database.hops, Spool(tmp_path / "spool"), projector=CallRecordProjector(), clock=clock
    )
    await writer.start()
    writer.put(story)
    assert await writer.drain(20.0)
    await writer.stop()
    messages = MessageList(database.sessions)

    async def listed(since_s: float = 0, **asked: object) -> list[tuple[str, int]]:
        given = {"limit": 10} | asked
        found = await messages.since(moment(START + since_s), **given)  # type: ignore[arg-type]
        return [(one.left.call_id, one.number) for one in found]

    assert await listed() == [("three", 1), ("one", 2), ("two", 1), ("one", 1)]
    assert await listed(since_s=2) == [("three", 1), ("one", 2), ("two", 1)]
    assert await listed(mailbox="support") == [("three", 1), ("one", 2), ("one", 1)]
    assert await listed(mailbox="nobody") == []
    first = await messages.since(moment(START), limit=2)
    assert await listed(before=first[-1].place) == [("two", 1), ("one", 1)]
    assert first[0].left == story[-1]
