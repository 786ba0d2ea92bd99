"""The site file for commands that work on flows: they can do without one."""

from __future__ import annotations

import argparse
from pathlib import Path

from ccengine.settings import Settings
from ccengine.site.load import read_site_file
from ccengine.site.model import Site


def add_site_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site",
        type=Path,
        metavar="FILE",
        help="the site file (default: that of the settings, where there is one)",
    )


def site_for(file: Path | None, flows: Path) -> Site | None:
    """The site whose queues and hours the flows name; None: there is none, all is taken on trust.

    Raises BadFileError.
    """
    if file is None:
        file = Settings().site
        if not file.is_file():
            return None
    return read_site_file(file, flows_of(flows)).site


def flows_of(folder: Path) -> set[str] | None:
    """The names of the flows that a site file may lead to, when this is the folder in which the
    engine finds them; None for any other, such as a draft's: it need not hold them all."""
    if folder.resolve() != Settings().flows.resolve():
        return None
    return {path.stem for path in folder.glob("*.yaml")}
