"""The one gate: every action and AGI command passes here, and nothing is written round it.

AMI and AGI are line protocols in which a line break is a new command, a comma in ``Variable`` is a
new variable, and a function as a variable's name can write files. So names are on lists, values
are quoted, and a break is refused rather than repaired: what carries one is an attack or a fault
of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ALLOWED_ACTIONS: Mapping[str, frozenset[str]] = {
    "Login": frozenset({"Username", "Secret", "Events"}),
    "Logoff": frozenset(),
    "Ping": frozenset(),
    "Hangup": frozenset({"Channel", "Cause"}),
    "ControlPlayback": frozenset({"Channel", "Control"}),
    "CoreShowChannels": frozenset(),
    "DeviceStateList": frozenset(),
}
"""Each action that the engine uses, with the fields that it may carry."""

ALLOWED_VARIABLES = re.compile(r"(__)?CC_[A-Z_]{1,30}|TIMEOUT\(absolute\)|DIALSTATUS")
"""Channel variables the engine may set; functions with effects are not among them."""

ALLOWED_APPLICATIONS = frozenset({"Dial", "MixMonitor", "StopMixMonitor"})

CHANNEL_NAME = re.compile(r"PJSIP/[A-Za-z0-9_-]{1,60}-[0-9a-f]{8}")
"""A channel, whole; ``Hangup`` would take a pattern between slashes."""

MOST_LINE_BYTES = 8_190
"""Asterisk reads an AGI line into 8 KiB; what is beyond would be its next command."""


class ForbiddenError(Exception):
    """Something tried to pass the gate that must not."""


def clean(value: str) -> str:
    """The value itself, proven to hold no line break and no NUL, and to be whole text."""
    if any(ch in value for ch in "\r\n\0"):
        raise ForbiddenError("a line break or NUL in a value for Asterisk")
    if any("\ud800" <= ch <= "\udfff" for ch in value):
        raise ForbiddenError("half a character in a value for Asterisk")
    return value


def action(name: str, fields: Mapping[str, str]) -> dict[str, str]:
    """An AMI action ready to be written.

    Raises:
        ForbiddenError: the action, a field or a value is not allowed.
    """
    allowed = ALLOWED_ACTIONS.get(name)
    if allowed is None:
        raise ForbiddenError(f"action {name} is not on the list")
    for field, value in fields.items():
        if field not in allowed:
            raise ForbiddenError(f"action {name} may not carry {field}")
        clean(value)
    channel = fields.get("Channel")
    if channel is not None and not CHANNEL_NAME.fullmatch(channel):
        raise ForbiddenError("not a channel's whole name")
    return {"Action": name, **fields}


def quoted(value: str) -> str:
    """An AGI argument in double quotes, with ``\\`` and ``"`` escaped."""
    return '"' + clean(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(command: str) -> str:
    if len(command.encode()) + 1 > MOST_LINE_BYTES:
        raise ForbiddenError(f"{command.split(' ', 1)[0]} with more than one line holds")
    return command


def set_variable(name: str, value: str) -> str:
    """The AGI command that sets one of our own channel variables."""
    if not ALLOWED_VARIABLES.fullmatch(name):
        raise ForbiddenError(f"variable {name} is not ours to set")
    return _line(f"SET VARIABLE {name} {quoted(value)}")


def get_variable(name: str) -> str:
    """The AGI command that reads a channel variable, whole.

    ``GET VARIABLE`` cuts at 1,023 characters. The name is one of ours, so that nothing but a
    variable is evaluated.
    """
    if not re.fullmatch(r"[A-Z_]{1,40}", name):
        raise ForbiddenError(f"variable {name} is not one we read")
    return f"GET FULL VARIABLE ${{{name}}}"


def execute(application: str, argument: str) -> str:
    """The AGI command that runs a dialplan application that we use."""
    if application not in ALLOWED_APPLICATIONS:
        raise ForbiddenError(f"application {application} is not on the list")
    return _line(f"EXEC {application} {quoted(argument)}")


def stream_file(path: str, keys: str) -> str:
    """The AGI command that plays a sound and stops at one of ``keys``."""
    if not re.fullmatch(r"[0-9*#]{0,12}", keys):
        raise ForbiddenError("not a set of keys")
    return _line(f"STREAM FILE {quoted(path)} {quoted(keys)}")
