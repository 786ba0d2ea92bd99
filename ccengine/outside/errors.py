"""Why the outside gave no usable answer."""

from __future__ import annotations

from typing import Literal

Why = Literal["late", "unreachable", "refused", "unreadable", "skipped"]


class NoAnswerError(Exception):
    """``why`` in one word for the journal; ``detail`` for the log, without what was asked.

    ``fault``: whether the other side is not well by this; None: it says nothing of that.
    """

    def __init__(self, why: Why, detail: str, *, fault: bool | None = True) -> None:
        self.why = why
        self.detail = detail
        self.fault = fault
        super().__init__(f"{why}: {detail}")
