"""``ccengine flow …``: what can be done with flows."""

from __future__ import annotations

SUB_COMMANDS = {
    "check": "say all that is wrong in flows",
    "draw": "a picture of a flow",
    "test": "live through the case files beside the flows, and tell what none of them covers",
}
"""Each is the module ``ccengine.cli.flow_<name>``, with ``add_arguments`` and ``run``."""
