"""Every name of the site file that a step relies on is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.site.model import Site
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near

_KINDS = {
    "queue": ("queues", "queue"),
    "hours": ("hours", "hours"),
    "agent": ("agents", "agent"),
    "skill": ("skills", "skill"),
    "system": ("systems", "system"),
    "query": ("queries", "query"),
    "trunk": ("trunks", "trunk"),
    "vip_level": ("vip_levels", "VIP level"),
}
"""Kind -> where the site file has it, and what it is called."""


def site_names(flow: Draft, seen: Seen) -> Iterator[Problem]:
    if seen.site is None:
        return
    for name, step in flow.steps.items():
        for wanted in step.site_names():
            known = _known(seen.site, wanted.kind)
            if wanted.name in known:
                continue
            if wanted.kind == "language":
                message = f"the site does not speak {wanted.name!r}"
                write = "add it to `languages` of the site file"
            else:
                room, called = _KINDS[wanted.kind]
                message = f"the site file has no {called} {wanted.name!r}"
                write = f"write it under `{room}:` of the site file"
            cure = near(wanted.name, known) or write
            yield flow.wrong(name, wanted.at, message, cure)


def _known(site: Site, kind: str) -> Collection[str]:
    if kind == "language":
        return site.languages
    names: Collection[str] = getattr(site, _KINDS[kind][0], ())
    return names
