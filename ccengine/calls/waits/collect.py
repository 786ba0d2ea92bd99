"""Digits of a number, keyed in while its question is asked or after it."""

from __future__ import annotations

from ccengine.calls.waits.asking import Asking
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.sounds import sounds_of
from ccengine.ivr.answers import Collected
from ccengine.ivr.model import ALL_KEYS
from ccengine.ivr.waits import CollectWait

DIGITS = "0123456789"
MORE_S = 15.0
"""A lease for some more digits: not one command for each."""


async def collect(wait: CollectWait, on: OnCall) -> Collected:
    """A key that neither counts nor ends it cuts the question and means nothing.

    Raises CallerGoneError.
    """
    keypad = on.call.keypad
    if wait.fresh:
        keypad.forget()
    asking = Asking(on, ALL_KEYS)
    sounds = await sounds_of(wait.prompts, on)
    counts = DIGITS + ("*" if wait.star else "")
    timeout_s, digits = wait.first_timeout_s, ""
    while len(digits) < wait.most:
        key = await asking.key(sounds, timeout_s, more_s=MORE_S)
        sounds = []
        if not key:
            return Collected(digits=digits, by="timeout")
        if key == wait.terminator:
            return Collected(digits=digits, by="terminator")
        if key in counts:
            digits += key
            timeout_s = wait.next_timeout_s
    if wait.terminator:
        keypad.full_without(wait.terminator)
    return Collected(digits=digits, by="length")
