"""Asterisk's own account of calls (``calls.csv``), for what happened while no engine looked.

Written by ``cdr_custom`` when a channel ends, one row or more a call; columns as in
``asterisk_conf/cdr_custom.conf``. Only our own words and cleaned numbers stand in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ccengine.asterisk.events import agent_of, call_id_of
from ccengine.ids import AgentId, CallId

COLUMNS = 13
READ_MOST_BYTES = 4 << 20
"""The newest part of the file: some 15,000 calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAccount:
    """One call. Moments are seconds since the epoch."""

    call_id: CallId
    arrived_at: float
    ended_at: float
    dnis: str
    trunk: str
    ani: str
    ani_malformed: bool
    end: str
    """How the dialplan ended it; see ``events.CallOver``."""
    answered_by: AgentId | None = None
    """Whose phone answered last, among those rung for it; None: nobody's."""

    @property
    def served(self) -> bool:
        """The last that was heard of it: an agent of an offer of ours was connected."""
        return self.end == "served"

    @property
    def by_fallback(self) -> bool:
        return self.end.startswith(("fallback", "voicemail"))

    @property
    def transferred(self) -> bool:
        """Somebody whom its flow rang was connected."""
        return self.end == "transferred"

    @property
    def hung_up_early(self) -> bool:
        """The caller was gone before the engine was asked."""
        return self.end == "early"

    @property
    def left_message(self) -> bool:
        """An overflow rule led it out of its queue to leave one."""
        return self.end == "message"


def read(file: Path) -> dict[CallId, CallAccount]:
    """The newest accounts by call; empty when there is no such file. Blocks."""
    try:
        with file.open("rb") as source:
            size = source.seek(0, 2)
            start = max(0, size - READ_MOST_BYTES)
            source.seek(start)
            if start:
                source.readline()  # what is left of a row that was cut
            text = source.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    accounts: dict[CallId, CallAccount] = {}
    for account in _rows(text.split("\n")):
        before = accounts.get(account.call_id)
        accounts[account.call_id] = account if before is None else _joined(before, account)
    return accounts


def _rows(lines: Iterable[str]) -> Iterable[CallAccount]:
    for line in lines:
        row = _row(line)
        if len(row) != COLUMNS:
            continue  # not a row of ours, or one that was half written
        call_id = call_id_of(row[0])
        try:
            arrived_at, ended_at = float(row[2]), float(row[4])
        except ValueError:
            continue
        if call_id is not None:
            yield CallAccount(
                call_id=call_id,
                arrived_at=arrived_at,
                ended_at=ended_at,
                dnis=row[6],
                trunk=row[7],
                ani=row[8],
                ani_malformed=row[9] == "1",
                end=row[10],
                answered_by=agent_of(row[12]) if row[5] == "ANSWERED" else None,
            )


def _row(line: str) -> list[str]:
    """Each line by itself, so that a quote left open by a full disk swallows no other call."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _joined(before: CallAccount, after: CallAccount) -> CallAccount:
    """A call with several rows (one for each phone that was dialled) is one call."""
    return replace(
        before,
        arrived_at=min(before.arrived_at, after.arrived_at),
        ended_at=max(before.ended_at, after.ended_at),
        dnis=before.dnis or after.dnis,
        trunk=before.trunk or after.trunk,
        ani=before.ani or after.ani,
        end=after.end or before.end,
        answered_by=after.answered_by or before.answered_by,
    )
