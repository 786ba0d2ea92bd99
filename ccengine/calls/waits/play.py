"""Prompts, and the key that cuts them or follows them."""

from __future__ import annotations

from ccengine.calls.waits.asking import Asking
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.sounds import sounds_of
from ccengine.ivr.answers import Played
from ccengine.ivr.waits import PlayWait


async def play(wait: PlayWait, on: OnCall) -> Played:
    """Raises CallerGoneError."""
    if wait.fresh:
        on.call.keypad.forget()
    sounds = await sounds_of(wait.prompts, on)
    return Played(key=await Asking(on, wait.keys).key(sounds, wait.timeout_s))
