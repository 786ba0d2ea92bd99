"""``ccengine flow rollback``: an older publication is in force again, as a new one."""

from __future__ import annotations

import argparse

from ccengine.cli.publications import author, told, with_publications
from ccengine.engine.publishing import Publishing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", type=int, nargs="?", help="default: the one before what is in force"
    )
    parser.add_argument("--note", default="", help="why")
    parser.add_argument("--author", default=author(), help="default: you")


def run(args: argparse.Namespace) -> int:
    """0: in force; 1: no such publication, or it no longer fits the site file; 2: refused."""

    async def rollback(publishing: Publishing) -> None:
        made = await publishing.rollback(args.number, author=args.author, note=args.note)
        told(made, publishing)

    return with_publications(rollback)
