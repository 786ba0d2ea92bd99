"""Whom to call back, as the journal tells it: callbacks that have been asked for and not ended."""

from __future__ import annotations

import structlog

from ccengine.ids import CallId
from ccengine.journal.facts import CallbackAsked

log = structlog.get_logger(__name__)

MOST_OPEN = 10_000
"""Callbacks known at once; the ACD's own bound per queue is far below."""


class AskedFor:
    """By the callback's own id."""

    def __init__(self) -> None:
        self._asked: dict[CallId, CallbackAsked] = {}

    def add(self, asked: CallbackAsked) -> None:
        if len(self._asked) >= MOST_OPEN:
            log.error("callback.too_many", call_id=asked.callback_id)
            return
        self._asked[asked.callback_id] = asked

    def over(self, callback_id: CallId) -> None:
        self._asked.pop(callback_id, None)

    def get(self, callback_id: CallId) -> CallbackAsked | None:
        return self._asked.get(callback_id)

    def of_number(self, number: str) -> list[CallId]:
        """The callbacks to this number, in its one spelling."""
        return [asked.callback_id for asked in self._asked.values() if asked.number == number]
