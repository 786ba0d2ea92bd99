"""A journal file runs again through the ACD, and each answer is compared with the one kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from ccengine.acd.commands import Offer
from ccengine.acd.core import Acd
from ccengine.acd.inputs import Input
from ccengine.replay.codec import Answer, UnreadableError, decode_answer, encode_answer
from ccengine.replay.file import END, LOST, JournalFile, JournalFileError, Kept, line_bytes


class Ending(StrEnum):
    CLOSED = "closed"  # its writer closed it
    CUT = "cut"  # the engine was killed or lives: what stands there is whole
    LOST = "lost"  # inputs could not be kept: nothing after them can be known


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first answer that is not the one kept."""

    kept: Kept
    got: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    inputs: int
    decisions: int
    """Inputs that led to anything."""
    offers: int
    seconds: float
    ending: Ending
    difference: Difference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One input said again."""

    kept: Kept
    said: Input
    answer: Answer


class Replay:
    """Says each kept input again, in order. ``acd`` stands after the step given last."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self.acd: Acd = file.acd()
        self.ending = Ending.CUT

    def inputs(self) -> Iterator[tuple[Kept, Input]]:
        """Those to be said, without saying them. Raises JournalFileError."""
        for kept in self._file.kept():
            if kept.kind == END:
                self.ending = Ending.CLOSED
                return
            if kept.kind == LOST:
                self.ending = Ending.LOST
                return
            try:
                yield kept, kept.said
            except UnreadableError as error:
                raise JournalFileError(self._file.path, kept.line, str(error)) from error

    def steps(self) -> Iterator[Step]:
        """Raises JournalFileError."""
        for kept, said in self.inputs():
            yield Step(kept=kept, said=said, answer=answer(self.acd, said, kept.at))


def answer(acd: Acd, said: Input, at: float) -> Answer:
    """What the ACD says, or the fault it breaks with."""
    try:
        return acd.handle(said, at)
    except Exception as error:  # noqa: BLE001 - the engine met it too, and kept its name
        return error


def same(kept: bytes, got: bytes) -> bool:
    """Equal bytes; or equal values, where 30 is 30.0 and a field of a newer version its default."""
    if kept == got:
        return True
    try:
        before, now = decode_answer(kept), decode_answer(got)
    except UnreadableError:
        return False
    return before == now and before != []


def replay(file: JournalFile, out: BinaryIO | None = None) -> Replayed:
    """The whole file, to the first difference; with ``out``, on to its end.

    ``out``: takes the lines with the answers got, behind the head. Raises JournalFileError,
    OSError.
    """
    inputs = decisions = offers = 0
    difference: Difference | None = None
    run = Replay(file)
    began = time.perf_counter()
    for step in run.steps():
        got = encode_answer(step.answer)
        inputs += 1
        if not isinstance(step.answer, Exception):
            decisions += bool(step.answer)
            offers += sum(isinstance(word, Offer) for word in step.answer)
        if out is not None:
            out.write(line_bytes(step.kept.at, step.kept.kind, step.kept.body, got))
        if difference is None and not same(step.kept.answer, got):
            difference = Difference(kept=step.kept, got=got)
            if out is None:
                break
    return Replayed(
        inputs=inputs,
        decisions=decisions,
        offers=offers,
        seconds=time.perf_counter() - began,
        ending=run.ending,
        difference=difference,
    )
