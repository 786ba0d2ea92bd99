"""Calls that came or ended while no engine held them: still one row each, with an outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.asterisk import accounts
from ccengine.asterisk.accounts import CallAccount
from ccengine.calls.live import LiveCalls
from ccengine.calls.parts import Floor
from ccengine.calls.store import CallRecords
from ccengine.contacts.numbers import normalise_number
from ccengine.ids import CallId
from ccengine.journal.facts import CallArrived, CallEnded, Fact, HangupBy, Outcome

log = structlog.get_logger(__name__)

ACCOUNT_COMES_S = 1.0
"""Asterisk writes its account a moment after it says that the call is over."""

Close = Callable[[CallId, Sequence[Fact], CallAccount], None]


class PassedBy:
    """Reads Asterisk's own account of calls, and writes down what the journal does not know."""

    def __init__(
        self,
        *,
        floor: Floor,
        calls: LiveCalls,
        records: CallRecords,
        story_of: Callable[[CallId], Awaitable[Sequence[Fact]]],
        close: Close,
        file: Path,
    ) -> None:
        """``close`` ends a call of which the journal knows the beginning, by its story."""
        self._floor = floor
        self._calls = calls
        self._records = records
        self._story_of = story_of
        self._close = close
        self._file = file
        self._running: set[asyncio.Task[None]] = set()

    async def accounts(self) -> dict[CallId, CallAccount]:
        return await asyncio.to_thread(accounts.read, self._file)

    async def catch_up(self, known: dict[CallId, CallAccount]) -> None:
        """After a start: calls of which there is no record at all."""
        outcomes = await self._records.outcomes(known)
        missing = [
            account
            for call_id, account in known.items()
            if call_id not in outcomes and not self._is_ours(call_id)
        ]
        for account in missing:
            self._write_down(account)
        if missing:
            log.warning("calls.passed_by", calls=len(missing))

    def over(self, call_id: CallId) -> None:
        """A call ended that this engine did not hold."""
        task = asyncio.create_task(self._one(call_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _one(self, call_id: CallId) -> None:
        await asyncio.sleep(ACCOUNT_COMES_S)
        try:
            account = (await self.accounts()).get(call_id)
            story = await self._story_of(call_id)
            outcomes = await self._records.outcomes([call_id])
        except (OSError, SQLAlchemyError) as error:
            log.warning("call.passed_by_unknown", call_id=call_id, why=str(error))
            return
        if account is None or outcomes.get(call_id) or self._is_ours(call_id):
            return
        if story and call_id not in outcomes:
            return  # a callback whose customer was not reached: the ACD tells how it goes on
        if story:
            # It began with an engine that fell, and may have been answered since.
            self._close(call_id, story, account)
        else:
            self._write_down(account)

    def _is_ours(self, call_id: CallId) -> bool:
        """This engine tells its end, or has told it: the records may be behind."""
        return self._calls.get(call_id) is not None or self._calls.is_over(call_id)

    def _write_down(self, account: CallAccount) -> None:
        self._calls.end_told(account.call_id)
        self._floor.record(
            CallArrived(
                at=account.arrived_at,
                call_id=account.call_id,
                ani=normalise_number(account.ani),
                dnis=account.dnis,
                trunk=account.trunk,
                ani_verified=False,
                ani_malformed=account.ani_malformed,
            ),
            CallEnded(
                at=account.ended_at,
                call_id=account.call_id,
                outcome=_outcome(account),
                by=HangupBy.CALLER if account.hung_up_early else HangupBy.UNKNOWN,
            ),
        )


def _outcome(account: CallAccount) -> Outcome:
    if account.by_fallback:
        return Outcome.FALLBACK
    if account.transferred:
        return Outcome.TRANSFERRED
    if account.hung_up_early:
        return Outcome.LEFT_IN_FLOW
    return Outcome.ABANDONED if account.left_message else Outcome.LOST
