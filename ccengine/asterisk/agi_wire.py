"""AGI bytes to meaning: the environment that opens a session, and the replies to commands.

Caller data stands in the environment beside Asterisk's own lines, and a forged line break in a
caller's number makes further lines. So the first value of a key wins, route and token come from
the URL, which Asterisk writes before caller data, and an environment that does not end with
``agi_threadid`` is not whole. (Asterisk: FastAGI; AGI environment.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from panoramisk.utils import parse_agi_result

MAX_ENVIRONMENT_BYTES = 16 * 1024
ENVIRONMENT_DEADLINE_S = 3.0


class BadEnvironmentError(Exception):
    """What connected is no Asterisk with a call of ours; closed without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiEnvironment:
    """The call as Asterisk introduces it."""

    path: tuple[str, ...]
    """The URL's path, split: ``("call", token, call id)``."""
    marks: Mapping[str, str]
    """What the dialplan says of the call: ``trunk``, ``bad``, ``dnis``, ``arrived``, ``phase``."""
    channel: str
    uniqueid: str
    ani: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiReply:
    """``code`` 200 is a reply, 510/511/520 a refusal; ``result`` the number, ``data`` the rest."""

    code: int
    result: int
    data: str


async def read_environment(reader: asyncio.StreamReader) -> AgiEnvironment:
    """Read what opens a session.

    Raises:
        BadEnvironmentError: incomplete, too long, too late, or not ours.
    """
    try:
        async with asyncio.timeout(ENVIRONMENT_DEADLINE_S):
            raw = await reader.readuntil(b"\n\n")
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        raise BadEnvironmentError("no complete AGI environment came") from None
    values: dict[str, str] = {}
    last = ""
    for line in raw.decode("utf-8", "replace").split("\n"):
        key, colon, value = line.partition(": ")
        if colon:
            values.setdefault(key, value)
            last = key
    if last != "agi_threadid" or "agi_network_script" not in values:
        raise BadEnvironmentError("the AGI environment is not whole")
    path = tuple(values["agi_network_script"].split("/"))
    marks: dict[str, str] = {}
    for mark in path[3:]:
        name, dash, value = mark.partition("-")
        if dash:
            marks.setdefault(name, value)
    return AgiEnvironment(
        path=path[:3],
        marks=marks,
        channel=values.get("agi_channel", ""),
        uniqueid=values.get("agi_uniqueid", ""),
        ani=values.get("agi_callerid", ""),
    )


def parse_reply(line: str) -> AgiReply:
    """One reply line. ``200 result=1 (text)`` has data ``text``."""
    parsed = parse_agi_result(line)
    if parsed.get("error") == "AGIResultHangup":
        return AgiReply(code=200, result=-1, data="hangup")
    code = int(parsed.get("status_code", 200))
    value, data = parsed.get("result", ("", ""))
    if parsed.get("error") == "AGIAppError":
        value = "-1"
        code = 200
    return AgiReply(code=code, result=int(value) if value.lstrip("-").isdigit() else 0, data=data)
