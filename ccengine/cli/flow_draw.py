"""``ccengine flow draw``: a flow as a picture, or as Mermaid text."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccengine.cli.endings import could_not
from ccengine.cli.report import spoken
from ccengine.flows.mermaid import mermaid
from ccengine.flows.picture import picture
from ccengine.ids import FlowId
from ccengine.ivr.load import check_flows
from ccengine.site.load import load_site
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the flow; its folder is read too")
    parser.add_argument(
        "-o", dest="out", type=Path, metavar="FILE", help="default: standard output"
    )
    parser.add_argument("--mermaid", action="store_true", help="Mermaid text instead of SVG")
    parser.add_argument(
        "--site", type=Path, metavar="FILE", help="a site file that the flow must fit to"
    )
    parser.add_argument(
        "--language", choices=("zh-CN", "en"), help="default: Chinese in a Chinese locale"
    )


def run(args: argparse.Namespace) -> int:
    """0: drawn; 1: the flow or site file is wrong; 2: the picture cannot be written."""
    path: Path = args.file
    try:
        site = _site(args.site, path.parent)
    except BadFileError as error:
        print(error, file=sys.stderr)
        return 1
    flows, problems = check_flows(path.parent, site)
    flow = flows.get(FlowId(path.stem))
    if flow is None or not path.is_file():
        own = [problem for problem in problems if Path(problem.file).name == path.name]
        for problem in own:
            print(problem, file=sys.stderr)
        if not own:
            print(f"{path}: there is no such flow", file=sys.stderr)
        return 1
    language = args.language or spoken()
    titles = {str(tongue): text for tongue, text in flow.title.items()}
    title = " · ".join(filter(None, (titles.get(language, ""), flow.id)))
    drawn = (
        mermaid(flow, language)
        if args.mermaid
        else picture(flow, language, title=title, link=lambda other: f"{other}.svg")
    )
    if args.out is None:
        sys.stdout.write(drawn)
        return 0
    try:
        args.out.write_text(drawn, "utf-8")
    except OSError as error:
        return could_not(error)
    return 0


def _site(path: Path | None, flows: Path) -> Site | None:
    return None if path is None else load_site(path, [file.stem for file in flows.glob("*.y*ml")])
