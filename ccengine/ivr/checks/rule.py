"""What a rule is: it looks at one flow among all others and tells what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ccengine.ids import FlowId
from ccengine.ivr.draft import Draft
from ccengine.site.model import Site
from ccengine.yamlsource.model import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that a rule may look at."""

    flow: Draft
    """The one that is judged."""
    drafts: Mapping[FlowId, Draft]
    """It and all flows beside it."""
    site: Site | None
    """None: its names are taken on trust."""
    now: datetime
    """Aware; for what depends on the calendar."""


Rule = Callable[[Seen], Iterator[Problem]]
"""Everything it yields is told; what is marked as a warning refuses nothing."""
