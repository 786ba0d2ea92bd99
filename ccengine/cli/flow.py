"""``ccengine flow …``: what can be done with flows."""

from __future__ import annotations

SUB_COMMANDS = {
    "check": "say all that is wrong in flows",
    "schema": "the JSON Schema of flow files, for editors",
    "draw": "a picture of a flow",
    "versions": "what was in force, when, and by whom",
    "rollback": "put an older publication in force again",
    "publish": "check a folder of flows, keep it with a note, and put it in force",
    "diff": "what changed between two versions, in steps, ways and texts",
    "figures": "what callers did in the flows, by flow, day and step",
    "run": "walk through a flow in the terminal, as its caller",
    "test": "live through the case files beside the flows, and tell what none of them covers",
}
"""Each is the module ``ccengine.cli.flow_<name>``, with ``add_arguments`` and ``run``."""
