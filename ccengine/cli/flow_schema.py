"""``ccengine flow schema``: the JSON Schema of flow files, for editors."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", action="store_true", help="that of the site file instead")


def run(args: argparse.Namespace) -> int:
    """The schema on standard output."""
    if args.site:
        from ccengine.site.model import Site
        from ccengine.yamlsource.json_schema import schema_of

        schema = schema_of(Site)
    else:
        from ccengine.ivr.schema import flow_schema

        schema = flow_schema()
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0
