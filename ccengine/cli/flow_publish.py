"""``ccengine flow publish``: check a folder of flows, keep it, and put it in force."""

from __future__ import annotations

import argparse
from pathlib import Path

from ccengine.cli.publications import author, told, with_publications
from ccengine.engine.publishing import Publishing
from ccengine.flows.folder import read_texts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of flows")
    parser.add_argument("--note", required=True, help="what changed, for whoever reads the list")
    parser.add_argument("--author", default=author(), help="default: you")


def run(args: argparse.Namespace) -> int:
    """0: in force; 1: what is wrong in the flows; 2: the database or the disk refused."""

    async def publish(publishing: Publishing) -> None:
        texts = read_texts(args.folder)
        told(await publishing.publish(texts, author=args.author, note=args.note), publishing)

    return with_publications(publish)
