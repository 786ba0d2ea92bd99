"""What may be written into a configuration file of Asterisk, and in which shape.

Asterisk's files have no quoting worth the name: a comma, a semicolon or a line break in a value
makes another value, a comment or another setting. So nothing is quoted here: what does not have
the right shape is refused before a file is touched.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from pathlib import Path

_PATH = re.compile(r"/[\w/.+@=~ -]*")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
_EXTENSION = re.compile(r"[0-9]{2,8}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]/_~-]+")
_MOST_RUN_PATH = 94
"""A Unix socket's name has at most 107 bytes, ``/asterisk.ctl`` included."""


class UnsafeValue(ValueError):
    """A value that cannot stand in Asterisk's configuration; nothing was written."""

    def __init__(self, what: str, value: object, cure: str) -> None:
        self.what = what
        self.value = str(value)
        super().__init__(f"{what}: {self.value!r} cannot stand in Asterisk's files; {cure}")


class Block(str):
    """Lines that were made here out of checked values."""

    __slots__ = ()


def _checked(shape: re.Pattern[str], what: str, value: str, cure: str) -> str:
    if not shape.fullmatch(value):
        raise UnsafeValue(what, value, cure)
    return value


def path(what: str, value: Path) -> str:
    """An absolute path of letters, digits, blanks and ``/ . _ + @ = ~ -``."""
    return _checked(_PATH, what, str(value), "use a folder without special characters")


def run_path(what: str, value: Path) -> str:
    """A path that is short enough for the control socket in it."""
    text = path(what, value)
    if len(text.encode()) > _MOST_RUN_PATH:
        raise UnsafeValue(
            what, value, f"use a home of at most {_MOST_RUN_PATH - len('/asterisk/run')} bytes"
        )
    return text


def word(what: str, value: str) -> str:
    return _checked(_WORD, what, value, "use a-z, 0-9 and _, beginning with a letter")


def extension(what: str, value: str) -> str:
    return _checked(_EXTENSION, what, value, "use 2 to 8 digits")


def secret(what: str, value: str) -> str:
    if not _SECRET.fullmatch(value):
        raise UnsafeValue(what, "***", "use 16 to 128 letters, digits, - and _")
    return value


def host(what: str, value: str) -> str:
    """An address or a name, as it stands in ``host:port``; IPv6 gets its brackets."""
    try:
        address = ip_address(value)
    except ValueError:
        return _checked(_HOST, what, value, "use an IP address or a host name")
    return f"[{address}]" if address.version == 6 else str(address)


def url(what: str, value: str) -> str:
    return _checked(_URL, what, value, "use http:// or https:// with a host, a port and a path")


def network(what: str, value: str) -> str:
    """A source address of a trunk: an IP address or a network in CIDR form.

    Names are refused: a call must not depend on what DNS said when Asterisk was started.
    """
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise UnsafeValue(what, value, "use an IP address or a network like 192.0.2.0/24") from None
