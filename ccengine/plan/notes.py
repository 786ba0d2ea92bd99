"""What must be said before the figures: what cannot be compared, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.ids import AgentId
from ccengine.plan.plan import Plan
from ccengine.plan.words import METRICS, shown, shown_queue, text

SHORT_LIST = 8
"""Names in one sentence; the rest is counted."""


def verdict(plan: Plan, language: str) -> list[str]:
    """Whether the figures can be believed; each doubt with how far it is off."""
    if plan.trusted:
        return [text("trusted", language)]
    lines = [text("not_trusted", language)]
    for doubt in plan.doubts:
        lines.append(
            text("doubt", language).format(
                queue=shown_queue(doubt.queue, plan.before.cast.site, language),
                metric=METRICS[doubt.metric][language],
                was=shown(doubt.metric, doubt.was),
                mean=shown(doubt.metric, doubt.simulated.mean),
                low=shown(doubt.metric, doubt.simulated.low),
                high=shown(doubt.metric, doubt.simulated.high),
            )
        )
    return lines


def notes(plan: Plan, language: str) -> list[str]:
    """Differences of the two files that no figure shows, and assumptions, most weighty first."""
    before, after = plan.before.cast, plan.after.cast
    said: list[str] = []

    def note(key: str, names: Sequence[str], **values: object) -> None:
        if names:
            said.append(text(key, language).format(names=_listed(names), **values))

    gone = [queue for queue in before.site.queues if queue not in after.site.queues]
    new = [queue for queue in after.site.queues if queue not in before.site.queues]
    note("queues_gone", gone, calls=plan.unserved)
    note("queues_new", new)
    note("agents_gone", [agent for agent in before.site.agents if agent not in after.site.agents])
    like = [
        f"{agent} ({text('like', language)} {model})" for agent, model in after.worked_like.items()
    ]
    note("agents_new", like)
    note("agents_absent", sorted(after.absent))
    unknown = sorted(agent for agent in plan.traffic.shifts if agent not in before.site.agents)
    note("agents_unknown", unknown)
    if not plan.traffic.any_patience.times:
        said.append(text("no_patience", language))
    missing = sum(call.vip_level is None for call in plan.traffic.calls)
    if missing:
        said.append(text("no_arrival", language).format(calls=missing))
    return said


def _listed(names: Sequence[str | AgentId]) -> str:
    more = len(names) - SHORT_LIST
    return ", ".join(names[:SHORT_LIST]) + (f" … +{more}" if more > 0 else "")
