"""``ccengine why CALL``: why a call was offered to whom it was, from the ACD's journal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from ccengine.cli.endings import COULD_NOT, WRONG
from ccengine.cli.why_table import why_table
from ccengine.ids import CallId
from ccengine.replay.body import why_body
from ccengine.replay.file import JournalFileError
from ccengine.replay.find import files_of_call, find_in
from ccengine.replay.why import WhyCall, only_offer, why
from ccengine.replay.words import LANGUAGES
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("call", metavar="CALL_ID", help="as the call's page and the log name it")
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="look in these alone; default: all of CCENGINE_ACD_JOURNAL",
    )
    parser.add_argument("--folder", type=Path, help="another folder of journal files")
    parser.add_argument("--offer", type=int, metavar="N", help="this offer alone, from 1")
    parser.add_argument("--since", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    parser.add_argument("--gently", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="as /api/calls/CALL_ID/why answers")
    parser.add_argument("--lang", choices=LANGUAGES, help="default: Chinese in a Chinese locale")


def run(args: argparse.Namespace) -> int:
    """0: printed; 1: the journal does not know this call or offer; 2: it cannot be read."""
    if args.gently:
        os.nice(10)  # beside an engine that serves calls
    folder = args.folder or Settings().acd_journal_folder
    call_id = CallId(args.call)
    try:
        if args.files:
            found = find_in(args.files, call_id)
        else:
            found = files_of_call(folder, call_id, since=args.since, until=args.until)
        told = why(call_id, found)
    except (JournalFileError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return COULD_NOT
    if not told.facts:
        where = "these files" if args.files else folder
        print(f"error: call {call_id} stands in no queue in {where}", file=sys.stderr)
        return WRONG
    if args.offer is not None:
        try:
            told = only_offer(told, args.offer)
        except IndexError:
            print(f"error: the call had {len(told.offers)} offers", file=sys.stderr)
            return WRONG
    _print(told, args)
    return 0


def _print(told: WhyCall, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(why_body(told), ensure_ascii=False))
        return
    print(why_table(told, args.lang or _spoken()))


def _spoken() -> str:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "zh-CN" if locale.startswith("zh") else "en"
