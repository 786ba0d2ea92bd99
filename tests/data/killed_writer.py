"""A writer in a process of its own, to be killed: puts numbered facts and says what is kept."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from ccengine.calls.store import CallRecordProjector
from ccengine.db.session import Database
from ccengine.journal.spool import Spool
from ccengine.journal.writer import JournalWriter
from tests.data.stories import START, wrapped_up
from tests.kit.clock import HandClock


async def write(url: str, spool: Path, boot_id: str, first: int) -> None:
    writer = JournalWriter(
        Database(url).hops,
        Spool(spool, segment_bytes=20_000),
        projector=CallRecordProjector(),
        clock=HandClock(),
        boot_id=boot_id,
        back_off_s=(0.02,),
        patience_s=0.02,
    )
    await writer.start(catch_up_s=0.0)
    for n in range(first, first + 1_000_000):
        writer.put([wrapped_up("call-1", START + n, float(n))])
        if n % 20 == 0:
            sys.stdout.write(f"{writer.durable}\n")
            sys.stdout.flush()
            await asyncio.sleep(0.002)


asyncio.run(write(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
