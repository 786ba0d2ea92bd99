"""What a rule is: it looks at flows and tells what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ccengine.ids import FlowId
from ccengine.ivr.checks.graph import Graph
from ccengine.ivr.draft import Draft
from ccengine.site.model import Site
from ccengine.yamlsource.model import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that there is to judge by."""

    drafts: Mapping[FlowId, Draft]
    """All flows of the folder that can be read."""
    names: Collection[str]
    """Of all flows, also of those that cannot."""
    graph: Graph
    site: Site | None
    """None: its names are taken on trust."""
    now: datetime
    """Aware; for what depends on the calendar."""


FlowRule = Callable[[Draft, Seen], Iterator[Problem]]
"""Judges one flow. What is marked as a warning refuses nothing."""
WholeRule = Callable[[Seen], Iterator[Problem]]
"""Judges all flows together."""
