"""Who lives through a case: a simulated caller, or a real one on a real phone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ccengine.flowtest.case import CaseStep
from ccengine.flowtest.heard import Line
from ccengine.ivr.waits import Value


class NotAsWrittenError(Exception):
    """The call goes another way than its case: what was wanted, and what there was instead."""

    def __init__(self, wanted: str, instead: str) -> None:
        self.wanted = wanted
        self.instead = instead
        super().__init__(f"expected: {wanted}\n     got: {instead}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where a call ended. ``data`` None: whoever lived through it cannot see it."""

    result: str
    step: str
    way: Sequence[tuple[str, str]]
    data: Mapping[str, Value] | None = field(default=None)


class Caller(Protocol):
    """Each method returns when it has happened, or raises NotAsWrittenError."""

    @property
    def lines(self) -> Sequence[Line]:
        """What has been heard and done so far."""
        ...

    async def hears(self, wanted: str) -> None:
        """Hears this, now or without doing anything for it."""
        ...

    async def asks(self, wanted: str) -> None:
        """The flow asks the outside for this."""
        ...

    async def presses(self, keys: str) -> None: ...

    async def is_silent(self) -> None:
        """Until the flow no longer waits for a key."""
        ...

    async def says(self, text: str) -> None: ...

    async def hangs_up(self) -> None: ...

    async def waits_until(self, at: datetime) -> None: ...

    async def outside(self, step: CaseStep) -> None:
        """A queue, a phone or another system does what this step says."""
        ...

    async def ending(self) -> Ending:
        """Without doing anything for it."""
        ...


def matches(wanted: str, text: str) -> bool:
    """A part of the text; with ``~`` in front a regular expression."""
    if wanted.startswith("~"):
        return re.search(wanted[1:], text) is not None
    return wanted in text
