"""The gate for what rings people and records voices: each command has one exact shape.

A caller decides some of what stands here (a number keyed in, an answer of an outside system). So
nothing is repaired: what has not the shape is refused, before any of it is a line for Asterisk.
"""

from __future__ import annotations

import re

from ccengine.asterisk.gate import ForbiddenError, quoted

KEYS = re.compile(r"[0-9*#]{0,12}")
_MESSAGE = re.compile(
    r"(/[A-Za-z0-9_.-]+)+/[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,3}\.[a-z]{1,16}\.([a-z0-9_]{1,32}|-)"
)
"""A message of a call, as ``ccengine.calls.message`` names it; no other file is written."""
MOST_PATH = 1_000
MOST_RECORDED_S = 600


def record_file(path: str, keys: str, longest_s: float, silence_s: float) -> str:
    """The AGI command that records the caller into ``path`` + ``.sln`` after a tone.

    One of ``keys`` ends it, so long a silence, or the longest time. Raises ForbiddenError.
    """
    if not _MESSAGE.fullmatch(path) or ".." in path or len(path) > MOST_PATH:
        raise ForbiddenError("a message of a call is recorded, and nothing else")
    if not KEYS.fullmatch(keys):
        raise ForbiddenError("not a set of keys")
    if not 1 <= longest_s <= MOST_RECORDED_S or not 1 <= silence_s <= MOST_RECORDED_S:
        raise ForbiddenError("a recording without an end")
    milliseconds, silence = int(longest_s * 1000), int(silence_s)
    return f"RECORD FILE {quoted(path)} sln {quoted(keys)} {milliseconds} BEEP s={silence}"
