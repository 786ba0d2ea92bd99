"""Which sounds Asterisk has begun to play to whom: read from its log, each line once."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

_OF_A_CALL = re.compile(r"\[(C-[0-9a-f]+)\]")
_CHANNEL = re.compile(r"PJSIP/[\w-]+-[0-9a-f]{8}")
_PLAYING = re.compile(r"Playing '([^']+)'")


class SoundsPlayed:
    """Some lines name the channel and all name Asterisk's own number of the call."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read_to = 0
        self._rest = b""
        self._call_of: dict[str, str] = {}
        """By channel: the first call that a line names it with."""
        self._by_call: defaultdict[str, list[str]] = defaultdict(list)

    def to(self, channel: str) -> list[str]:
        """All of the call that came by this channel so far, as the log has them."""
        with self._log.open("rb") as log:
            log.seek(self._read_to)
            new = log.read()
        self._read_to += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        for line in lines:
            self._take(line.decode("utf-8", "replace"))
        return self._by_call[self._call_of.get(channel, "")]

    def _take(self, line: str) -> None:
        call = _OF_A_CALL.search(line)
        if call is None:
            return
        for channel in _CHANNEL.findall(line):
            self._call_of.setdefault(channel, call[1])
        played = _PLAYING.search(line)
        if played is not None:
            self._by_call[call[1]].append(played[1])
