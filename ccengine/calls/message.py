"""What a caller speaks in its flow: a message for a mailbox, for the flow itself, or a reason.

Asterisk writes raw sound (16 bit, 8 kHz, mono), which no crash can leave with a broken header; the
engine makes a WAV with a checksum of it and tells the journal, then deletes the raw file. The name
says whose it is and what for, so that an engine after this one can finish what it finds
(Asterisk: AGI command RECORD FILE).
"""

from __future__ import annotations

import asyncio
import itertools
import re
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ccengine.asterisk.events import call_id_of
from ccengine.calls import recording
from ccengine.ids import CallId
from ccengine.journal.facts import MessageLeft

Purpose = Literal["voicemail", "message", "reason", "speech"]
"""``speech`` is only listened to, and never kept."""
FORMAT = "sln"
"""Asterisk's name, and the file's suffix, of raw sound of 16 bit at 8 kHz."""
FRAME = recording.RATE_HZ // 50
LOUD = 128
"""Mean level of 20 ms above which they are not silence; Asterisk's own measure of it."""
LEAST_SPOKEN_S = 0.2
"""Of what is not silence. Less is a breath or a click, and no message."""
_NAME = re.compile(r"([0-9a-f-]{36})\.[0-9]{1,3}\.(voicemail|message|reason)\.([a-z0-9_]{1,32}|-)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message that is being spoken, or was: ``raw`` is Asterisk's file."""

    call_id: CallId
    purpose: Purpose
    mailbox: str
    raw: Path

    @property
    def asked(self) -> str:
        """The file as Asterisk is asked for it: without its suffix."""
        return str(self.raw.with_suffix(""))


def new_message(
    folder: Path, call_id: CallId, day: float, purpose: Purpose, mailbox: str
) -> Spoken:
    """Where Asterisk is to record: a folder a day (UTC), a name that no other message has.

    ``mailbox``: a queue or an agent of the site file, or empty. Raises OSError.
    """
    folder = folder.resolve() / datetime.fromtimestamp(day, UTC).strftime("%Y-%m-%d")
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        if not any(folder.glob(f"{call_id}.{number}.*")):
            break
    raw = folder / f"{call_id}.{number}.{purpose}.{mailbox or '-'}.{FORMAT}"
    return Spoken(call_id=call_id, purpose=purpose, mailbox=mailbox, raw=raw)


def unfinished(folder: Path, call_id: CallId | None = None) -> Iterator[Spoken]:
    """Raw files that wait for their WAV, the oldest name first: of one call, or of all."""
    for raw in sorted(folder.resolve().glob(f"*/{call_id or '*'}.*.{FORMAT}")):
        named = _NAME.fullmatch(raw.stem)
        owner = call_id_of(named[1]) if named else None
        if named is None or owner is None:
            continue
        purpose: Purpose = named[2]  # type: ignore[assignment]  # the pattern knows no other
        mailbox = "" if named[3] == "-" else named[3]
        yield Spoken(call_id=owner, purpose=purpose, mailbox=mailbox, raw=raw)


async def kept(folder: Path, spoken: Spoken, now: float) -> MessageLeft | None:
    """Make the WAV, and the fact that tells of it; None, and no file: nothing was said.

    The raw file stays until ``recording.discard``: first the fact has to be on its way. Raises
    OSError when the disk is full or the folder cannot be written.
    """
    if await asyncio.to_thread(spoken_s, spoken.raw) < LEAST_SPOKEN_S:
        await recording.discard(spoken.raw)
        return None
    done = await asyncio.to_thread(recording.wrap, folder, spoken.raw, 1)
    return MessageLeft(
        at=now,
        call_id=spoken.call_id,
        purpose=spoken.purpose,
        mailbox=spoken.mailbox,
        path=done.path,
        duration_s=done.duration_s,
        sha256=done.sha256,
        bytes=done.size,
    )


def sound(folder: Path, reference: str) -> tuple[str, float]:
    """A message that is kept, as Asterisk is asked to play it (absolute, without its suffix), and
    its seconds. Blocks; raises OSError, or wave.Error for what is no WAV."""
    file = folder.resolve() / reference
    with wave.open(str(file), "rb") as read:
        return str(file.with_suffix("")), read.getnframes() / read.getframerate()


def spoken_s(raw: Path) -> float:
    """Seconds of raw sound that are not silence; 0 without a file. Blocks."""
    if not raw.is_file():
        return 0.0
    loud = 0
    with raw.open("rb") as sound:
        while block := sound.read(FRAME * 2):
            samples = array("h", block[: len(block) // 2 * 2])
            loud += sum(map(abs, samples)) > LOUD * FRAME
    return loud * FRAME / recording.RATE_HZ
