"""``ccengine``: one command a file, each loaded only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "run": "start the engine",
    "check": "say all that is wrong in the site file and the flows",
    "report": "the queues' report, from the journal",
    "plan": "what a changed site file would have made of past traffic",
    "journal": "the journal of facts as files",
    "why": "why a call was offered to whom it was, or to nobody",
    "replay": "run the ACD's inputs of a journal file again and compare",
    "db": "bring the database to the newest shape",
    "user": "accounts of the pages",
    "doctor": "say what is wrong with this machine's set-up",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 something is wrong with what was given, 2 it could not be done."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="ccengine", description="A contact centre on Asterisk.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        sub = commands.add_parser(name, help=purpose, description=purpose)
        if given[:1] == [name]:
            importlib.import_module(f"ccengine.cli.{name}").add_arguments(sub)
    parsed = parser.parse_args(given)
    code: int = importlib.import_module(f"ccengine.cli.{parsed.command}").run(parsed)
    return code


if __name__ == "__main__":
    sys.exit(main())
