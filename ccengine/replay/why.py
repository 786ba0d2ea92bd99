"""Why a call was offered to whom it was, or to nobody: by replay, up to each such moment.

Nothing of this is stored while calls are served. The ACD is brought to the moment once more, and
then told that somebody watches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from ccengine.acd.commands import Command
from ccengine.acd.core import Acd
from ccengine.acd.explanation import Explanation
from ccengine.acd.state import CallState
from ccengine.ids import CallId
from ccengine.journal.facts import CallAnswered, CallFact, Fact, OfferEnded, OfferMade
from ccengine.replay.codec import encode_answer
from ccengine.replay.file import JournalFile, JournalFileError, Kept
from ccengine.replay.find import Found
from ccengine.replay.run import Ending, Replay, answer, same

WAITS = 40
"""So many moments of a call's wait are explained at most; the last one always is."""

IN_LINE = frozenset({CallState.SLEEPING, CallState.WAITING, CallState.OFFERED})


class When(StrEnum):
    """At which moment of its wait nobody was rung for a call."""

    ENTERED = "entered"
    CHANGED = "changed"  # an offer came to nothing, less is needed, a rule fired
    LEFT = "left"  # just before it left without an agent
    LAST_SEEN = "last_seen"  # where the journal ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nobody is rung: what stands against each agent."""

    when: When
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An offer, why it was made, and what became of it."""

    number: int
    """From 1, in the order in which the call's offers were made."""
    explanation: Explanation
    ended: list[OfferEnded | CallAnswered] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class WhyCall:
    """All that the ACD decided about one call."""

    call_id: CallId
    offers: list[Chosen] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    facts: list[CallFact] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    ending: Ending = Ending.CLOSED
    """Of the last file that was read, if it was read to its end."""
    differs_at: str = ""
    """File and line where the replay says something else than the engine did: then another
    version of the program explains, and what follows may not be what happened."""


def why(call_id: CallId, found: Sequence[Found]) -> WhyCall:
    """Reads these files, oldest first. Raises JournalFileError, OSError."""
    told = WhyCall(call_id=call_id)
    for one in found:
        _File(told, one, is_last=one is found[-1]).read()
    return told


class _File:
    """One file, replayed as far as it names the call."""

    def __init__(self, told: WhyCall, found: Found, *, is_last: bool) -> None:
        self._told = told
        self._found = found
        self._is_last = is_last
        self._name = msgspec.json.encode(str(told.call_id))
        self._by_offer = {one.explanation.offer_id: one for one in told.offers}

    def read(self) -> None:
        """Raises JournalFileError, also for a state that can be read and makes no sense."""
        path = self._found.path
        with JournalFile(path) as file:
            try:
                self._read(path, file)
            except (JournalFileError, OSError):
                raise
            except Exception as fault:
                why = f"the ACD of this file cannot be asked: {fault!r}"
                raise JournalFileError(path, file.line, why) from fault

    def _read(self, path: Path, file: JournalFile) -> None:
        told = self._told
        told.files.append(path.name)
        run = Replay(file)
        at = file.header.began_at
        for kept, said in run.inputs():
            named = self._name in kept.body or self._name in kept.answer
            if self._name in kept.answer and b'"CallAbandoned"' in kept.answer:
                self._wait(run.acd, When.LEFT, kept.at)
            if b'"OfferMade"' in kept.answer and named:
                try:
                    words: Sequence[Command | Fact] | Exception = run.acd.handle(
                        said, kept.at, self._offered
                    )
                except Exception as fault:  # noqa: BLE001 - compared with what is kept
                    words = fault
            else:
                words = answer(run.acd, said, kept.at)
            self._compare(path, kept, words)
            if self._name in kept.answer and not isinstance(words, Exception):
                self._heard(run.acd, words, kept.at)
            at = kept.at
            in_line = run.acd.call_state(told.call_id) in IN_LINE
            if file.position > self._found.until and not in_line:
                break
        else:
            if self._is_last:
                told.ending = run.ending
                self._wait(run.acd, When.LAST_SEEN, at)

    def _offered(self, explanation: Explanation) -> None:
        if explanation.call.call_id == self._told.call_id:
            chosen = Chosen(number=len(self._told.offers) + 1, explanation=explanation)
            self._told.offers.append(chosen)
            self._by_offer[explanation.offer_id] = chosen

    def _heard(self, acd: Acd, words: Sequence[Command | Fact], at: float) -> None:
        told, entered, changed = self._told, not self._told.facts, False
        for word in words:
            if not isinstance(word, CallFact) or word.call_id != told.call_id:
                continue
            told.facts.append(word)
            changed = True
            match word:
                case OfferEnded() | CallAnswered():
                    chosen = self._by_offer.get(word.offer_id)
                    if chosen is not None:
                        chosen.ended.append(word)
                case OfferMade():
                    changed = False
        if changed:
            self._wait(acd, When.ENTERED if entered else When.CHANGED, at)

    def _wait(self, acd: Acd, when: When, at: float) -> None:
        explanation = acd.why_waiting(self._told.call_id, at)
        if explanation is None:
            return
        waits = self._told.waits
        if len(waits) >= WAITS:
            waits.pop()
        waits.append(Wait(when=when, explanation=explanation))

    def _compare(self, path: Path, kept: Kept, words: Sequence[Command | Fact] | Exception) -> None:
        if not self._told.differs_at and not same(kept.answer, encode_answer(words)):
            self._told.differs_at = f"{path.name}:{kept.line}"


def only_offer(told: WhyCall, number: int) -> WhyCall:
    """The offer of this number, from 1. Raises IndexError."""
    if not 1 <= number <= len(told.offers):
        raise IndexError(number)
    return WhyCall(
        call_id=told.call_id,
        offers=[told.offers[number - 1]],
        facts=told.facts,
        files=told.files,
        ending=told.ending,
        differs_at=told.differs_at,
    )
