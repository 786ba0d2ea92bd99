"""What all facts share."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ccengine.ids import CallId


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all facts share. ``kind`` is the stable name used in the journal and in logs."""

    kind: ClassVar[str] = ""
    at: float


class CallFact(Fact, frozen=True, kw_only=True):
    call_id: CallId
