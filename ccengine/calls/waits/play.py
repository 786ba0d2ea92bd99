"""Prompts, and the key that cuts them or follows them."""

from __future__ import annotations

from ccengine.calls.parts import sound_of
from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.answers import Played
from ccengine.ivr.waits import PlayWait


async def play(wait: PlayWait, on: OnCall) -> Played:
    """Raises CallerGoneError."""
    known = (sound_of(on.floor.sounds, prompt) for prompt in wait.prompts)
    sounds = [sound for sound in known if sound is not None]
    longest = sum(duration for _, duration in sounds)
    await on.channel.lease(longest + wait.timeout_s + LEASE_S)
    for path, duration in sounds:
        key = await on.channel.play(path, wait.keys, duration)
        if key:
            return Played(key=key)
    if wait.timeout_s <= 0:
        return Played()
    return Played(key=await on.channel.wait_for_key(wait.timeout_s))
