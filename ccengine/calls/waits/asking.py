"""Prompts, and one key of the caller: pressed before, while they play, or soon after.

Asterisk itself cuts a prompt when a key is let go, which is quick enough for a key pressed
briefly. For one that is held, or that fell between two commands, where AGI is deaf, AMI tells, and
what plays is stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from ccengine.asterisk.agi import CUT, CallerGoneError
from ccengine.asterisk.gate import PLAIN_PATH
from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.model import ALL_KEYS

HELD_S = 0.1
"""A key down so long cuts what plays; most are let go before."""
MISSED_S = 0.03
"""So long after AMI has told a key AGI would have, had it heard it."""
ORDER_S = 0.5
"""For AMI to tell a key that AGI has told, and those before it; it does within milliseconds, but
for a machine that has more to do than it can."""
RELEASE_S = 5.0
"""A key that cut a prompt and is held on: no longer than this, where nothing else is waited for."""

Sound = tuple[str, float]
"""Path and seconds."""


class Asking:
    """One wait for keys on one call."""

    def __init__(self, on: OnCall, keys: str) -> None:
        self._on = on
        self._keys = keys
        self._keypad = on.call.keypad
        self._channel = on.channel
        self._leased_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._stop: asyncio.Task[None] | None = None

    async def key(self, sounds: Sequence[Sound], timeout_s: float, *, more_s: float = 0.0) -> str:
        """The first of the keys since the last one taken; empty: none until ``timeout_s`` after.

        With a key typed ahead nothing is played. ``more_s``: a lease for so much more than this.
        Raises CallerGoneError.
        """
        if self._channel.gone:
            raise CallerGoneError
        if key := self._keypad.take(self._keys):
            return key
        after_s = timeout_s or (RELEASE_S if self._keys else 0.0)
        await self._lease(sum(seconds for _, seconds in sounds) + after_s, more_s)
        with self._keypad.told_to(self):
            try:
                voided = self._keypad.voided
                said = await self._sound(sounds, timeout_s)
                if said == CUT and self._keypad.voided > voided:
                    said = await self._sound(sounds, timeout_s)  # cut by a key without a meaning
                return await self._after(after_s) if said == CUT else said
            finally:
                if self._timer is not None:
                    self._timer.cancel()

    async def _lease(self, needed_s: float, more_s: float) -> None:
        now = asyncio.get_running_loop().time()
        if now + needed_s + LEASE_S / 2 > self._leased_until:
            self._leased_until = now + needed_s + more_s + LEASE_S
            await self._channel.lease(needed_s + more_s + LEASE_S)

    async def _sound(self, sounds: Sequence[Sound], timeout_s: float) -> str:
        """One command for all but the last sound, and one for that and the time after it."""
        channel, keys = self._channel, self._keys
        if not sounds:
            return await self._do(partial(channel.wait_for_key, timeout_s)) if timeout_s else ""
        *first, (path, seconds) = sounds
        if not (keys and timeout_s):
            first = list(sounds)
        said = await self._play(first)
        if said or len(first) == len(sounds):
            return said
        return await self._do(partial(channel.ask, path, keys, seconds, timeout_s))

    async def _play(self, sounds: Sequence[Sound]) -> str:
        together = self._keys in ("", ALL_KEYS) and all(
            PLAIN_PATH.fullmatch(path) for path, _ in sounds
        )
        if together and len(sounds) > 1:
            paths = [path for path, _ in sounds]
            longest_s = sum(seconds for _, seconds in sounds)
            play_all = self._channel.play_all
            any_key = bool(self._keys)
            return await self._do(partial(play_all, paths, any_key=any_key, longest_s=longest_s))
        for path, seconds in sounds:
            said = await self._do(partial(self._channel.play, path, self._keys, seconds))
            if said:
                return said
        return ""

    async def _after(self, seconds: float) -> str:
        """What played is cut: the key is still down, or another key than these was pressed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left_s := until - loop.time()) > 0:
            said = await self._do(partial(self._channel.wait_for_key, left_s))
            if said != CUT:
                return said
        return ""

    async def _do(self, command: Callable[[], Awaitable[str]]) -> str:
        """One command: a key, ``CUT``, or empty when it came to its end."""
        if key := self._keypad.take(self._keys):
            return key
        said = await command()
        stopped = await self._stopped()
        if said == CUT and self._on.stray_stop and not stopped:
            said = await command()  # cut by a stop that came too late for the one before
        self._on.stray_stop = stopped and said != CUT
        if said and said != CUT:
            event_comes = self._on.floor.hears_keys
            self._keypad.result(said, event_comes=event_comes)
            if event_comes:
                await self._keypad.settled(ORDER_S)
            return self._keypad.take(self._keys) or CUT
        return self._keypad.take(self._keys) or said

    # -- told by AMI while a command runs

    def began(self, key: str) -> None:
        if key in self._keys:
            self._stop_in(HELD_S)

    def ended(self, key: str) -> None:
        if key in self._keys:
            self._stop_in(MISSED_S)

    def _stop_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cut)

    def _cut(self) -> None:
        if self._stop is None:
            channel = self._channel.environment.channel
            self._stop = asyncio.create_task(self._on.floor.stop_playing(channel))

    async def _stopped(self) -> bool:
        """Whether this command was told to stop; no stop is under way any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        stop, self._stop = self._stop, None
        if stop is not None:
            await stop
        return stop is not None
