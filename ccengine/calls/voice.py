"""Prompts to a caller in the queue: whatever changes where the call stands cuts them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ccengine.asterisk.agi import AgiChannel
from ccengine.calls.live import LiveCall
from ccengine.calls.parts import Floor, sound_of
from ccengine.ivr.waits import Prompt

LEASE_S = 6.0
"""A hung engine holds a caller no longer than this; then the dialplan has it (invariant I2)."""


class Voice:
    """Speaks to one waiting caller. What plays ends the music; whoever goes on starts it again."""

    def __init__(self, call: LiveCall, channel: AgiChannel, floor: Floor) -> None:
        self._call = call
        self._channel = channel
        self._floor = floor

    async def say(self, prompts: Iterable[Prompt]) -> None:
        """Until the last word, or until mail that is urgent comes."""
        for prompt in prompts:
            if self._call.mailbox.urgent:
                return
            await self._play(prompt)

    async def _play(self, prompt: Prompt) -> None:
        call, floor = self._call, self._floor
        sound = sound_of(floor.sounds, prompt)
        if sound is None:
            return
        path, duration = sound
        await self._channel.lease(duration + LEASE_S)
        playing = asyncio.create_task(self._channel.play(path, "", duration))
        mail = asyncio.create_task(call.mailbox.urgent_arrival(duration + LEASE_S))
        try:
            await asyncio.wait({playing, mail}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                await floor.stop_playing(self._channel.environment.channel)
            await playing
        finally:
            mail.cancel()
            if not playing.done():
                playing.cancel()
