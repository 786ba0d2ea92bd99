"""A site file under which ordinary callers could wait for ever is refused, unless it says so."""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.site.model import Queue, Site
from ccengine.site.sharing import groups
from ccengine.site.waits import QueueWaits, queue_waits
from ccengine.yamlsource.model import Document, Problem

_ACCEPT = "; or `starvation: accept` at the top of the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``problems`` refuse the file; ``warnings`` are said aloud each time it is read."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check_starvation(document: Document, site: Site) -> Verdict:
    """Of a site in which nothing else is wrong."""
    grave = [
        document.key_problem(("queues", waits.queue, "load"), *said)
        for waits in queue_waits(site)
        if (said := _judge(waits, site.queues[waits.queue])) is not None
    ]
    unknown = _not_computed(document, site)
    if site.starvation == "accept":
        accepted = [
            Problem(file=p.file, at=p.at, message=f"accepted: {p.message}", cure=p.cure)
            for p in grave
        ]
        return Verdict(warnings=(*accepted, *unknown))
    return Verdict(problems=tuple(grave), warnings=tuple(unknown))


def _judge(waits: QueueWaits, queue: Queue) -> tuple[str, str] | None:
    """Message and cure, or None when all is well."""
    if waits.passing >= 1:
        return (
            f"ordinary callers starve: calls that always go before them take "
            f"{waits.passing:.0%} of the agents' time",
            "use a head start instead of `weight` or `ageing`, or add agents" + _ACCEPT,
        )
    if waits.worst_s is None:
        return (
            f"more calls than the agents can take ({waits.used:.0%} of their time): "
            "waits grow without end",
            "add agents, or expect fewer calls" + _ACCEPT,
        )
    if queue.max_wait is not None and waits.worst_s > queue.max_wait:
        return (
            f"an ordinary caller can be made to wait {waits.worst_s:g} s, "
            f"and is let go after {queue.max_wait:g} s",
            "give VIPs or other queues less priority, add agents, or raise `max_wait`" + _ACCEPT,
        )
    return None


def _not_computed(document: Document, site: Site) -> list[Problem]:
    """Where priorities could starve somebody and nobody can tell, because a load is not known."""
    ageing = next((name for name, level in site.vip_levels.items() if level.ageing > 1), None)
    found = _personal_calls(document, site)
    for names in groups(site.queues):
        without = [name for name in names if site.queues[name].load is None]
        weights = {site.queues[name].weight for name in names}
        if not without:
            if ageing is not None and not any(_names_vips(site.queues[name]) for name in names):
                found.append(_vips_not_told(document, names, ageing))
            continue
        if len(weights) > 1:
            why = "their queues differ in `weight`"
        elif ageing is not None:
            why = f"VIP level {ageing!r} ages"
        elif len(without) < len(names):
            why = "they share agents with a queue whose load is known"
        else:
            continue
        message = f"how long ordinary callers of {', '.join(names)} can wait is not known: {why}"
        cure = f"add `load: {{calls_per_hour: …, handling: …}}` to {', '.join(without)}"
        found.append(document.key_problem(("queues", without[0]), message, cure))
    return found


def _personal_calls(document: Document, site: Site) -> list[Problem]:
    """They are nobody's expected load, and with a head start they pass those who wait."""
    personal = site.personal_queues
    if personal is None or personal.head_start == 0:
        return []
    message = (
        "calls for one agent go before callers who came up to "
        f"{personal.head_start:g} s earlier, and no `load` counts them"
    )
    cure = "leave `head_start` out unless such calls are rare"
    return [document.key_problem(("personal_queues", "head_start"), message, cure)]


def _names_vips(queue: Queue) -> bool:
    return queue.load is not None and bool(queue.load.vip)


def _vips_not_told(document: Document, names: list[str], ageing: str) -> Problem:
    message = (
        f"how long ordinary callers of {', '.join(names)} can wait is computed without VIPs, "
        f"and VIP level {ageing!r} ages"
    )
    cure = f"add `vip: {{{ageing}: 0.1}}`, its part of the calls, to a `load`"
    return document.key_problem(("queues", names[0], "load"), message, cure)
