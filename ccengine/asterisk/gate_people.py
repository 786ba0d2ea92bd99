"""The gate for what rings people and records voices: each command has one exact shape.

A caller decides some of what stands here (a number keyed in, an answer of an outside system). So
nothing is repaired: what has not the shape is refused, before any of it is a line for Asterisk.
"""

from __future__ import annotations

import re
from typing import Literal

from ccengine.asterisk.gate import ForbiddenError, quoted

KEYS = re.compile(r"[0-9*#]{0,12}")
_MESSAGE = re.compile(
    r"(/[A-Za-z0-9_.-]+)+/[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,3}\.[a-z]{1,16}\.([a-z0-9_]{1,32}|-)"
)
"""A message of a call, as ``ccengine.calls.message`` names it; no other file is written."""
MOST_PATH = 1_000
MOST_RECORDED_S = 600


def record_file(
    path: str, keys: str, longest_s: float, silence_s: float, *, tone: bool = True
) -> str:
    """The AGI command that records the caller into ``path`` + ``.sln``, after a tone or at once.

    One of ``keys`` ends it, so long a silence, or the longest time. Raises ForbiddenError.
    """
    if not _MESSAGE.fullmatch(path) or ".." in path or len(path) > MOST_PATH:
        raise ForbiddenError("a message of a call is recorded, and nothing else")
    if not KEYS.fullmatch(keys):
        raise ForbiddenError("not a set of keys")
    if not 1 <= longest_s <= MOST_RECORDED_S or not 1 <= silence_s <= MOST_RECORDED_S:
        raise ForbiddenError("a recording without an end")
    beep = " BEEP" if tone else ""
    milliseconds, silence = int(longest_s * 1000), int(silence_s)
    return f"RECORD FILE {quoted(path)} sln {quoted(keys)} {milliseconds}{beep} s={silence}"


def message_of_call(path: str, call_id: str) -> str:
    """The path itself, proven to be that of a message of this call: no other file is played as one.

    Raises ForbiddenError.
    """
    whole = _MESSAGE.fullmatch(path) and ".." not in path and len(path) <= MOST_PATH
    if not whole or not path.rsplit("/", 1)[1].startswith(f"{call_id}."):
        raise ForbiddenError("a caller hears its own messages, and no others")
    return path


_EXTENSION = r"PJSIP/[0-9]{2,8}"
_OUTSIDE = r"PJSIP/\+?[0-9]{7,20}@trunk-[a-z][a-z0-9_]{0,31}"
_SOUND = r"(?:m\([a-z][a-z0-9_]{0,31}\)|r)"
_TRANSFER = re.compile(
    rf"(?:{_EXTENSION}(?:&{_EXTENSION}){{0,19}},[0-9]{{1,3}},ig{_SOUND}U\(cc-transferred\)"
    r"b\(cc-offer\^headers\^1\)"
    rf"|{_OUTSIDE},[0-9]{{1,3}},ig{_SOUND}U\(cc-transferred\)L\([0-9]{{5,8}}\)"
    r"(?:b\(cc-transfer\^outside\^1\(\+?[0-9]{2,20}\)\))?)"
)
"""Dial's whole argument. No ``t``, ``T``, ``k`` or ``h``: keys of a caller do nothing in a
talk; ``i``: no phone forwards; ``L``: no talk outside is without an end."""


def transfer(argument: str) -> str:
    """The AGI command that rings people for a flow. Raises ForbiddenError."""
    if not _TRANSFER.fullmatch(argument):
        raise ForbiddenError("a transfer that has not the shape that it must have")
    return f"EXEC Dial {quoted(argument)}"


ROOM = re.compile(r"[a-z0-9_]{1,32}")
MOST_IN_A_ROOM = 500
LONGEST_IN_A_ROOM_S = 86_400


def conference(
    room: str, role: Literal["member", "moderator"], most: int, longest_s: float
) -> tuple[str, ...]:
    """The AGI commands that lead the caller into a room, the last of which lasts as long as it
    stays. Raises ForbiddenError."""
    if not ROOM.fullmatch(room):
        raise ForbiddenError("a room whose name is none")
    if role not in ("member", "moderator"):
        raise ForbiddenError("a role that no room has")
    if not 2 <= most <= MOST_IN_A_ROOM or not 1 <= longest_s <= LONGEST_IN_A_ROOM_S:
        raise ForbiddenError("a room without an end")
    return (
        'SET VARIABLE CONFBRIDGE(bridge,template) "cc-room"',
        f'SET VARIABLE CONFBRIDGE(bridge,max_members) "{int(most)}"',
        f'SET VARIABLE CONFBRIDGE(user,template) "cc-{role}"',
        f'SET VARIABLE CONFBRIDGE(user,timeout) "{int(longest_s)}"',
        f"EXEC ConfBridge {quoted(f'{room},,,cc-keys')}",
    )


def in_room(room: str) -> str:
    """The AGI command that asks how many are in a room. Raises ForbiddenError."""
    if not ROOM.fullmatch(room):
        raise ForbiddenError("a room whose name is none")
    return f"GET FULL VARIABLE ${{CONFBRIDGE_INFO(parties,{room})}}"
