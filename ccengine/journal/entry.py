"""A fact on its way to the journal: with the id that lets it be written once and only once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import structlog

from ccengine.journal.codec import Body, UnknownFact, decode, encode, kind_of
from ccengine.journal.facts import Fact

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``put_at`` is the clock's reading when the fact was handed over: lag counts from it."""

    fact_id: str
    put_at: float
    fact: Fact
    kind: str
    body: Body


class DamagedLineError(ValueError):
    """A line of the spool that is not a fact."""


def entry(fact_id: str, put_at: float, fact: Fact) -> Entry:
    """The fact as it will be read back, so that all that is made of it agrees with the journal.

    Raises UnwritableFactError.
    """
    kind, body = kind_of(fact), encode(fact)
    kept = decode(kind, body)
    if isinstance(kept, UnknownFact) and not isinstance(fact, UnknownFact):
        log.error("journal.fact_misshapen", kind=kind, fact_id=fact_id)  # kept for a person
    return Entry(fact_id=fact_id, put_at=put_at, fact=kept, kind=kind, body=body)


def to_line(item: Entry) -> bytes:
    """One line of the spool."""
    line: dict[str, Any] = {
        "id": item.fact_id,
        "put": item.put_at,
        "kind": item.kind,
        "body": item.body,
    }
    text = json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def from_line(line: bytes) -> Entry:
    """Raises DamagedLineError."""
    try:
        read = json.loads(line)
        fact_id, put_at, kind, body = read["id"], float(read["put"]), read["kind"], read["body"]
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedLineError(f"not a fact: {error}") from error
    if not (isinstance(fact_id, str) and isinstance(kind, str) and isinstance(body, dict)):
        raise DamagedLineError("not a fact: wrong types")
    return Entry(fact_id=fact_id, put_at=put_at, fact=decode(kind, body), kind=kind, body=body)
