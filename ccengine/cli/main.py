"""``ccengine``: one command a file, each loaded only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import select
import sys
from collections.abc import Mapping, Sequence

COMMANDS = {
    "run": "start the engine",
    "check": "say all that is wrong in the site file and the flows",
    "flow": "check flows, and what else can be done with them",
    "report": "the queues' report, from the journal",
    "plan": "what a changed site file would have made of past traffic",
    "journal": "the journal of facts as files",
    "why": "why a call was offered to whom it was, or to nobody",
    "replay": "run the ACD's inputs of a journal file again and compare",
    "db": "bring the database to the newest shape",
    "user": "accounts of the pages",
    "doctor": "say what is wrong with this machine's set-up",
}

_NOBODY_READS = 141
"""The exit code of a program that a closed pipe has ended, as shells know it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 something is wrong with what was given, 2 it could not be done."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="ccengine", description="A contact centre on Asterisk.")
    _add_commands(parser, COMMANDS, "ccengine.cli.", given)
    parsed = parser.parse_args(given)
    try:
        code: int = importlib.import_module(parsed.module).run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        if _still_read():
            raise  # of something else than what is printed
        return _NOBODY_READS
    return code


def _still_read() -> bool:
    """Whether anybody reads what is printed. If not (``head`` has its lines), the rest goes
    nowhere, so that the interpreter's own end does not complain either."""
    out = sys.stdout.fileno()
    polled = select.poll()
    polled.register(out, 0)  # errors are told in any case
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in polled.poll(0)):
        return True
    os.dup2(os.open(os.devnull, os.O_WRONLY), out)
    return False


def _add_commands(
    parser: argparse.ArgumentParser, table: Mapping[str, str], modules: str, given: Sequence[str]
) -> None:
    """Only the command that was given is loaded; a module with ``SUB_COMMANDS`` is a table more."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in table.items():
        sub = commands.add_parser(name, help=purpose, description=purpose)
        if given[:1] != [name]:
            continue
        module = importlib.import_module(f"{modules}{name}")
        if hasattr(module, "SUB_COMMANDS"):
            _add_commands(sub, module.SUB_COMMANDS, f"{modules}{name}_", given[1:])
        else:
            sub.set_defaults(module=f"{modules}{name}")
            module.add_arguments(sub)


if __name__ == "__main__":
    sys.exit(main())
