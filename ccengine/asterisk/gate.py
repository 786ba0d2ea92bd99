"""The one gate: every action and AGI command passes here, and nothing is written round it.

AMI and AGI are line protocols in which a line break is a new command, a comma in ``Variable`` is a
new variable, and a function as a variable's name can write files. So names are on lists, values
are quoted, and a break is refused rather than repaired: what carries one is an attack or a fault
of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

ALLOWED_ACTIONS: Mapping[str, frozenset[str]] = {
    "Login": frozenset({"Username", "Secret", "Events"}),
    "Logoff": frozenset(),
    "Ping": frozenset(),
    "Hangup": frozenset({"Channel", "Cause"}),
    "ControlPlayback": frozenset({"Channel", "Control"}),
    "CoreShowChannels": frozenset(),
    "DeviceStateList": frozenset(),
    "Originate": frozenset(
        {
            "Channel",
            "ChannelId",
            "Context",
            "Exten",
            "Priority",
            "Timeout",
            "CallerID",
            "Variable",
            "Async",
        }
    ),
    "Redirect": frozenset({"Channel", "Context", "Exten", "Priority"}),
}
"""Each action that the engine uses, with the fields that it may carry."""

ALLOWED_VARIABLES = re.compile(r"(__)?CC_[A-Z_]{1,30}|TIMEOUT\(absolute\)|DIALSTATUS")
"""Channel variables the engine may set; functions with effects are not among them."""

PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.:/+=-]*")
"""A value that means the same wherever Asterisk parses it: ids, numbers, base64."""
MOST_AT_ONCE = 20
"""Asterisk's ``MSet`` takes 24."""

ALLOWED_APPLICATIONS = frozenset({"Dial", "MixMonitor", "StopMixMonitor"})

OFFER = re.compile(
    r"PJSIP/[0-9]{2,8}(?:&PJSIP/[0-9]{2,8})*,[0-9]{1,5}"
    r",b\(cc-offer\^headers\^1\([A-Za-z0-9-]{1,64}\)\)"
    r"U\(cc-connect\^[A-Za-z0-9-]{1,64}(?:\^[A-Za-z0-9/._-]+\^[A-Za-z0-9/._-]+)?\)"
    r"m\([a-z][a-z0-9_]{0,31}\)ig"
)
"""Dial's whole argument when agents are rung: extensions alone; no key of a caller, no forwarding
of a phone. What a flow rings has a gate of its own (``gate_people``)."""

PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")
"""A sound that may stand in a list: in others' names its commas and ampersands would be signs."""

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CHANNEL_NAME = re.compile(
    r"PJSIP/[A-Za-z0-9_-]{1,60}-[0-9a-f]{8}"
    r"|Local/s@cc-callback-customer-[0-9a-f]{8};[12]"
    rf"|cc-out-{_UUID}-[0-9]{{1,9}}"
)
"""A channel, whole, or an id that we gave one; ``Hangup`` would take a pattern between slashes."""

CALL_OUT: Mapping[str, re.Pattern[str]] = {
    "Channel": re.compile(
        r"PJSIP/\+?[0-9]{3,20}@trunk-[a-z][a-z0-9_]{0,31}"
        r"|Local/s@cc-callback-customer/n"
    ),
    "ChannelId": re.compile(rf"cc-out-{_UUID}-[0-9]{{1,9}}"),
    "Context": re.compile("cc-callback"),
    "Exten": re.compile("s"),
    "Priority": re.compile("1"),
    "Timeout": re.compile("[0-9]{4,6}"),
    "CallerID": re.compile(r"\+?[0-9]{2,20}"),
    "Variable": re.compile(r"CC_[A-Z_]{1,30}=[A-Za-z0-9+_./-]{0,64}"),
    "Async": re.compile("true"),
}
"""What an Originate may say: a checked number over a trunk of the site, into one context, with our
own variables. A comma, a quote or a bracket has no place in any of it."""

MOST_LINE_BYTES = 8_190
"""Asterisk reads an AGI line into 8 KiB; what is beyond would be its next command."""


class ForbiddenError(Exception):
    """Something tried to pass the gate that must not."""


def clean(value: str) -> str:
    """The value itself, proven to hold no line break and no NUL, and to be whole text."""
    found = _NEVER.search(value)
    if found is None:
        return value
    if found[0] in "\r\n\0":
        raise ForbiddenError("a line break or NUL in a value for Asterisk")
    raise ForbiddenError("half a character in a value for Asterisk")


_NEVER = re.compile("[\r\n\0\ud800-\udfff]")


def action(
    name: str, fields: Mapping[str, str | tuple[str, ...]]
) -> dict[str, str | tuple[str, ...]]:
    """An AMI action ready to be written.

    Raises:
        ForbiddenError: the action, a field or a value is not allowed.
    """
    allowed = ALLOWED_ACTIONS.get(name)
    if allowed is None:
        raise ForbiddenError(f"action {name} is not on the list")
    if name == "Originate" and not CALL_OUT.keys() - {"CallerID"} <= fields.keys():
        raise ForbiddenError("an Originate that leaves something to Asterisk's defaults")
    for field, given in fields.items():
        if field not in allowed:
            raise ForbiddenError(f"action {name} may not carry {field}")
        values = (given,) if isinstance(given, str) else given
        shape = _shape(name, field)
        for value in values:
            clean(value)
            if shape is not None and not shape.fullmatch(value):
                raise ForbiddenError(f"{field} of {name} has not the shape that it must have")
    return {"Action": name, **fields}


def _shape(name: str, field: str) -> re.Pattern[str] | None:
    if name == "Originate":
        return CALL_OUT[field]
    if field == "Channel":
        return CHANNEL_NAME
    if name == "Redirect":
        return _DIAL_CONTEXT if field == "Context" else CALL_OUT[field]
    return None


_DIAL_CONTEXT = re.compile("cc-callback-dial")


def quoted(value: str) -> str:
    """An AGI argument in double quotes, with ``\\`` and ``"`` escaped."""
    return '"' + clean(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(command: str) -> str:
    if len(command.encode()) + 1 > MOST_LINE_BYTES:
        raise ForbiddenError(f"{command.split(' ', 1)[0]} with more than one line holds")
    return command


def set_variable(name: str, value: str) -> str:
    """The AGI command that sets one of our own channel variables."""
    _ours(name)
    return _line(f"SET VARIABLE {name} {quoted(value)}")


def set_variables(values: Mapping[str, str]) -> list[str]:
    """The AGI commands that set all these: one, if their values are plain.

    ``MSet`` reads commas, quotes and brackets in a value as its own; a value with any of them, or
    with whatever else is not plain, goes by a command of its own.
    """
    plain = {name: value for name, value in values.items() if PLAIN_VALUE.fullmatch(value)}
    lines = [set_variable(name, value) for name, value in values.items() if name not in plain]
    together = list(plain.items())
    for start in range(0, len(together), MOST_AT_ONCE):
        some = together[start : start + MOST_AT_ONCE]
        for name, _ in some:
            _ours(name)
        pairs = ",".join(f"{name}={value}" for name, value in some)
        lines.append(
            set_variable(*some[0]) if len(some) == 1 else _line(f"EXEC MSet {quoted(pairs)}")
        )
    return lines


def _ours(name: str) -> None:
    if not ALLOWED_VARIABLES.fullmatch(name):
        raise ForbiddenError(f"variable {name} is not ours to set")


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
    if application == "Dial" and not OFFER.fullmatch(argument):
        raise ForbiddenError("an offer that has not the shape that it must have")
    return _line(f"EXEC {application} {quoted(argument)}")


def stream_file(path: str, keys: str) -> str:
    """The AGI command that plays a sound and stops at one of ``keys``."""
    if not re.fullmatch(r"[0-9*#]{0,12}", keys):
        raise ForbiddenError("not a set of keys")
    return _line(f"STREAM FILE {quoted(path)} {quoted(keys)}")


def sounds(application: Literal["Playback", "Background"], paths: Sequence[str]) -> str:
    """The AGI command that plays several sounds; each path must be ``PLAIN_PATH``."""
    for path in paths:
        if not PLAIN_PATH.fullmatch(path):
            raise ForbiddenError("a sound whose name cannot stand in a list")
    return _line(f"EXEC {application} {quoted('&'.join(paths))}")


def get_option(path: str, keys: str, timeout_s: float) -> str:
    """The AGI command that plays a sound and waits on for one of ``keys``."""
    if not re.fullmatch(r"[0-9*#]{1,12}", keys):
        raise ForbiddenError("not a set of keys")
    return _line(f"GET OPTION {quoted(path)} {quoted(keys)} {int(timeout_s * 1000)}")
