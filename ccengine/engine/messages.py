"""Messages that an engine before this one had no time to finish."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog

from ccengine.calls import message, recording
from ccengine.calls.live import LiveCalls
from ccengine.calls.parts import Floor
from ccengine.ids import CallId

log = structlog.get_logger(__name__)


class Messages:
    """What callers spoke is told once, also when the engine went while they did."""

    def __init__(self, floor: Floor, calls: LiveCalls) -> None:
        self._floor = floor
        self._calls = calls

    async def finish_left_behind(self, alive: Collection[CallId]) -> None:
        """``alive``: calls that Asterisk still has. They may be speaking; their session asks."""
        await asyncio.to_thread(self._forget_speech, frozenset(alive))
        left = await asyncio.to_thread(lambda: list(message.unfinished(self._floor.messages)))
        for spoken in left:
            if spoken.call_id in alive or self._calls.get(spoken.call_id) is not None:
                continue
            try:
                told = await message.kept(self._floor.messages, spoken, self._floor.clock.now())
                if told is not None:
                    self._floor.record(told)
                    await recording.discard(spoken.raw)
            except OSError as error:
                log.error("message.not_finished", call_id=spoken.call_id, why=str(error))

    def _forget_speech(self, alive: Collection[CallId]) -> None:
        """What a recogniser was to hear is kept for nobody."""
        for heard in self._floor.messages.glob("*/*.speech.*"):
            if heard.name.partition(".")[0] not in alive:
                heard.unlink(missing_ok=True)
