"""Figures as they stand on a picture: on each step, and on each way."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.flows.chart import chart
from ccengine.flows.figures import FlowFigures, StepFigures
from ccengine.flows.picture import Mark
from ccengine.ivr.model import Flow

HOT = 0.4
"""A step where so many of its callers hang up, or are silent, or press wrong keys, is red."""
_WORDS = {
    "zh-CN": ("{} 次", "挂断{}", "静默{}", "错键{}"),
    "en": ("{} visits", "left {}", "silent {}", "wrong {}"),
}
_ENDS = frozenset({"hangup"})


def marks(flow: Flow, figures: FlowFigures | None, language: str) -> dict[str, Mark]:
    """One for each step; also 0 visits are told."""
    steps: Mapping[str, StepFigures] = figures.steps if figures is not None else {}
    drawn = chart(flow, language)
    found = {}
    for name, node in drawn.nodes.items():
        seen = steps.get(name)
        visits, left, silent, wrong = _WORDS.get(language, _WORDS["en"])
        if seen is None:
            found[name] = Mark(text=visits.format(0))
            continue
        ends = node.type in _ENDS
        said = [visits.format(f"{seen.visits:,}".replace(",", "\u2009"))]
        if seen.left and not ends:  # in a good-bye everybody hangs up
            said.append(left.format(_percent(seen.drop_off)))
        if seen.no_input:
            said.append(silent.format(_percent(seen.no_input_rate)))
        if seen.invalid:
            said.append(wrong.format(_percent(seen.invalid_rate)))
        trouble = max(0.0 if ends else seen.drop_off, seen.no_input_rate, seen.invalid_rate)
        ways = {}
        for way in node.ways:
            names = [each for result in way.results for each in (result, f"key_{result}")]
            only = len(node.ways) == 1
            share = 1 - seen.drop_off if only else seen.share(names)
            ways[way.to] = _percent(share)
        found[name] = Mark(text=" · ".join(said), heat=min(1.0, trouble / HOT), ways=ways)
    return found


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"
