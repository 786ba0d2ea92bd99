"""Transfers to outside numbers: a trunk they can go out by, and hours that there are."""

from __future__ import annotations

from ccengine.site.written import Written
from ccengine.yamlsource.near import near


def check_transfers(site: Written) -> None:
    for key, room in (("trunk", "trunks"), ("hours", "hours")):
        name = site.text("transfers", key)
        known = site.keys(room)
        if name is not None and name not in known:
            cure = near(name, known) or f"add {name!r} to `{room}`"
            site.wrong(("transfers", key), f"there is nothing called {name!r} in `{room}`", cure)
        elif name is not None and key == "trunk" and not site.has(room, name, "outbound"):
            message = f"no calls go out by the trunk {name!r}"
            cure = "add `outbound:` with the carrier's host to that trunk"
            site.wrong(("transfers", key), message, cure)
