"""``ccengine replay FILE``: the ACD's inputs once more, each answer compared with the one kept."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from ccengine.cli.endings import COULD_NOT, WRONG
from ccengine.replay.anonymise import anonymise
from ccengine.replay.file import THIS_VERSION, JournalFile, JournalFileError
from ccengine.replay.run import Ending, Replayed, replay

SHOWN = 2_000
ENDINGS = {
    Ending.CLOSED: "to its end",
    Ending.CUT: "to where it was cut: the engine runs, or was killed",
    Ending.LOST: "to a gap: inputs after it could not be kept; the next file begins anew",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="of CCENGINE_ACD_JOURNAL")
    parser.add_argument(
        "--out", type=Path, metavar="OUT", help="write it again here, with the answers of now"
    )
    parser.add_argument(
        "--anonymise",
        type=Path,
        metavar="OUT",
        help="write it here without numbers and names, for a bug report; nothing is replayed",
    )


def run(args: argparse.Namespace) -> int:
    """0: all answers are the same; 1: one is not; 2: the file cannot be read or written."""
    try:
        if args.anonymise is not None:
            anonymise(args.file, args.anonymise)
            print(f"{args.anonymise}: numbers, ids and names replaced")
            return 0
        with ExitStack() as stack:
            file = stack.enter_context(JournalFile(args.file))
            out = None
            if args.out is not None:
                out = stack.enter_context(args.out.open("xb"))
                out.write(file.head)
            done = replay(file, out)
    except (JournalFileError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return COULD_NOT
    return _tell(file, done)


def _tell(file: JournalFile, done: Replayed) -> int:
    speed = done.inputs / done.seconds if done.seconds else 0.0
    print(
        f"{done.inputs} inputs, {done.decisions} decisions, {done.offers} offers, "
        f"{speed:.0f} inputs/s, {ENDINGS[done.ending]}"
    )
    if file.header.lost:
        print(f"{file.header.lost} inputs before this file were kept nowhere")
    if done.difference is None:
        print("every answer is the same")
        return 0
    kept = done.difference.kept
    print(f"\n{file.path}:{kept.line}: the answer differs, at {kept.at:.6f}")
    if file.header.ccengine != THIS_VERSION:
        print(f"(written by ccengine {file.header.ccengine}; this is {THIS_VERSION})")
    print(f"  input     {kept.kind} {_cut(kept.body)}")
    print(f"  expected  {_cut(kept.answer)}")
    print(f"  got       {_cut(done.difference.got)}")
    return WRONG


def _cut(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
