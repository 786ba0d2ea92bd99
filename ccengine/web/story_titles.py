"""What the steps in a call's story are called, for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ccengine.ids import FlowId
from ccengine.ivr.model import Flow
from ccengine.journal.facts import ArticleRead, Fact, FlowEnded, FlowStepped, OutsideAsked
from ccengine.site.model import Language

Titles = dict[str, str]


def flow_titles(facts: Iterable[Fact], flows: Mapping[FlowId, Flow]) -> dict[str, object]:
    """``{flow: {title, steps: {step: title}}}`` of what the facts name.

    Titles are those of today, as the names of agents are; what is in force no more has none.
    """
    named: dict[FlowId, set[str]] = {}
    for fact in facts:
        if isinstance(fact, FlowStepped | FlowEnded | OutsideAsked | ArticleRead):
            named.setdefault(fact.flow, set()).add(fact.step)
    return {
        name: {"title": _spoken(flow.title), "steps": _steps(flow, steps)}
        for name, steps in named.items()
        if (flow := flows.get(name)) is not None
    }


def _steps(flow: Flow, names: set[str]) -> dict[str, Titles]:
    return {
        name: _spoken(title)
        for name in sorted(names & flow.steps.keys())
        if (title := flow.steps[name].title)
    }


def _spoken(title: Mapping[Language, str]) -> Titles:
    return {str(language): text for language, text in title.items()}
