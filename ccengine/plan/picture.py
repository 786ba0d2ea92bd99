"""The plan as one picture: waits, service level by half hour, load per agent.

Written by hand: it is bars and lines, and a chart library would weigh more than the rest of the
command. Colours: before is grey, after is blue, as it was is a thin dark mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import pairwise
from zoneinfo import ZoneInfo

from ccengine.clock import moment
from ccengine.ids import AgentId, QueueId
from ccengine.plan.drawing import Drawing
from ccengine.plan.figures import TOTAL, WAIT_EDGES_S, Day, slot_s
from ccengine.plan.notes import notes, verdict
from ccengine.plan.plan import Plan, Side
from ccengine.plan.table import queues_of, tables
from ccengine.plan.words import METRICS, shown, shown_queue, text

WIDTH = 1_120
BEFORE, AFTER, WAS, DOUBT = "#9aa5b1", "#1f6feb", "#1c2733", "#b42318"
_PANEL_H = 190
_AGENT_H = 26
_HEAD_METRICS = ("service_level", "abandoned", "asa_s", "p90_s", "vip_asa_s", "ordinary_asa_s")
_MOST_AGENTS = 60


def picture(plan: Plan, language: str) -> str:
    """An SVG document."""
    lines = [(line, not plan.trusted) for line in verdict(plan, language)]
    lines += [(line, False) for line in notes(plan, language)]
    queues = [queue for queue in queues_of(plan) if queue != TOTAL]
    agents = sorted({*plan.was.agents, *plan.before.agents, *plan.after.agents})[:_MOST_AGENTS]
    top = 100 + 20 * sum(len(_wrapped(line)) for line, _ in lines)
    height = top + (_PANEL_H + 60) * len(queues) + 70 + _AGENT_H * len(agents)
    drawing = Drawing(WIDTH, height)
    _head(drawing, plan, lines, language)
    for queue in queues:
        _queue(drawing, plan, queue, top, language)
        top += _PANEL_H + 60
    _agents(drawing, plan, agents, top, language)
    return drawing.svg()


def picture_page(plan: Plan, language: str) -> str:
    """An HTML page with the picture and the table."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{escape(text('title', language))}</title>"
        f"<style>{_STYLE}</style><body>{picture(plan, language)}"
        f"{''.join(_html(rows) for rows in tables(plan, language))}</body></html>"
    )


_STYLE = (
    "body{margin:24px;font:14px sans-serif}table{border-collapse:collapse;margin:24px 0}"
    "td,th{padding:3px 14px;text-align:right;border-bottom:1px solid #d9e2ec}"
    "td:first-child,th:first-child{text-align:left}"
)


def _html(rows: Sequence[Sequence[str]]) -> str:
    lines = [
        "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for tag, row in zip(("th", *["td"] * (len(rows) - 1)), rows, strict=True)
    ]
    return f"<table>{''.join(lines)}</table>"


def _head(drawing: Drawing, plan: Plan, lines: list[tuple[str, bool]], language: str) -> None:
    site = plan.after.cast.site
    zone = ZoneInfo(site.time_zone)
    start, end = (_local(at, zone) for at in (plan.traffic.start, plan.traffic.end))
    names = {str(spoken): name for spoken, name in site.name.items()}
    name = names.get(language) or next(iter(names.values()))
    drawing.text(24, 36, f"{text('title', language)} · {name}", size=22, bold=True)
    drawing.text(
        24, 60, f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}", size=13, colour="#52606d"
    )
    for x, key, colour in ((640, "was", WAS), (770, "before", BEFORE), (940, "after", AFTER)):
        drawing.box(x, 24, 14, 14, colour)
        drawing.text(x + 20, 36, text(key, language), size=13)
    y = 86
    for line, bad in lines:
        for part in _wrapped(line):
            drawing.text(24, y, part, size=13, colour=DOUBT if bad else "#334e68", bold=bad)
            y += 20


def _queue(drawing: Drawing, plan: Plan, queue: QueueId, top: int, language: str) -> None:
    known = queue in plan.after.cast.site.queues
    site = plan.after.cast.site if known else plan.before.cast.site
    drawing.line(24, top, WIDTH - 24, top, "#d9e2ec")
    drawing.text(24, top + 28, shown_queue(queue, site, language), size=17, bold=True)
    _key_figures(drawing, plan, queue, top + 28, language)
    _waits(drawing, plan, queue, top + 60, language)
    _levels(drawing, plan, queue, top + 60, language)


def _key_figures(drawing: Drawing, plan: Plan, queue: QueueId, y: int, language: str) -> None:
    """Before → after, in words, beside the queue's name."""
    x = 190
    for metric in _HEAD_METRICS:
        was = plan.before.queues.get(queue, {}).get(metric)
        becomes = plan.after.queues.get(queue, {}).get(metric)
        first, second = (shown(metric, found.mean if found else None) for found in (was, becomes))
        if (first, second) != ("–", "–"):
            drawing.text(x, y - 12, METRICS[metric][language], size=11, colour="#52606d")
            drawing.text(x, y + 4, f"{first} → {second}", size=13, bold=True)
            x += 155


def _waits(drawing: Drawing, plan: Plan, queue: QueueId, top: int, language: str) -> None:
    """How many calls waited how long: grey and blue bars, the real day as a mark."""
    left, width, high = 24, 500, _PANEL_H - 60
    drawing.text(left, top + 4, text("waits", language), size=12, colour="#52606d")
    before, after = (_mean_waits(side, queue) for side in (plan.before, plan.after))
    was = plan.was.queues.get(queue)
    real = [float(count) for count in was.waits] if was else [0.0] * len(WAIT_EDGES_S)
    most = max(*before, *after, *real, 1.0)
    step, base = width / len(WAIT_EDGES_S), top + 22 + high
    for index, label in enumerate(_bins(language)):
        x = left + index * step
        for offset, value, colour in (
            (0.1, before[index], BEFORE),
            (0.5, after[index], AFTER),
        ):
            tall = high * value / most
            drawing.box(x + step * offset, base - tall, step * 0.37, tall, colour)
            if value >= 0.5:
                drawing.text(
                    x + step * (offset + 0.185), base - tall - 3, f"{value:.0f}", 10, middle=True
                )
        mark = base - high * real[index] / most
        drawing.line(x + step * 0.06, mark, x + step * 0.9, mark, WAS, 1.5)
        drawing.text(x + step / 2, base + 16, label, 11, middle=True)
    drawing.line(left, base, left + width, base, "#829ab1")


def _levels(drawing: Drawing, plan: Plan, queue: QueueId, top: int, language: str) -> None:
    """Service level of those who came in each half hour; a gap where nobody came."""
    length_s = slot_s(plan.traffic.start, plan.traffic.end)
    head = text("levels", language).format(minutes=f"{length_s / 60:.0f}")
    left, width, high = 610, 470, _PANEL_H - 60
    drawing.text(left - 36, top + 4, head, size=12, colour="#52606d")
    base = top + 22 + high
    for part in (0.0, 0.5, 1.0):
        y = base - high * part
        drawing.line(left, y, left + width, y, "#d9e2ec")
        drawing.text(left - 6, y + 4, f"{part:.0%}", 10, right=True, colour="#52606d")
    slots = sorted(
        {
            slot
            for day in (plan.was, *plan.before.days, *plan.after.days)
            if queue in day.queues
            for slot in day.queues[queue].slots
        }
    )
    if not slots:
        return
    first, count = slots[0], slots[-1] - slots[0] + 1
    step = width / count
    for days, colour, wide in (
        ((plan.was,), WAS, 1.2),
        (plan.before.days, BEFORE, 3.0),
        (plan.after.days, AFTER, 3.0),
    ):
        levels = {slot: _level(days, queue, slot) for slot in slots}
        points = [
            None
            if (level := levels.get(slot)) is None
            else (left + (slot - first + 0.5) * step, base - high * level)
            for slot in range(first, first + count)
        ]
        drawing.path(points, colour, wide)
    zone = ZoneInfo(plan.after.cast.site.time_zone)
    every = max(1, round(count / 8))
    for slot in range(first, first + count, every):
        at = _local(plan.traffic.start + slot * length_s, zone)
        drawing.text(left + (slot - first + 0.5) * step, base + 16, f"{at:%H:%M}", 11, middle=True)


def _agents(drawing: Drawing, plan: Plan, agents: list[AgentId], top: int, language: str) -> None:
    """Occupancy as a bar, calls as a number; who is only on one side has one bar."""
    drawing.line(24, top, WIDTH - 24, top, "#d9e2ec")
    head = f"{text('agents', language)}: {METRICS['occupancy'][language]}"
    drawing.text(24, top + 28, head, size=17, bold=True)
    for row, agent in enumerate(agents):
        y = top + 48 + row * _AGENT_H
        known = plan.after.cast.site.agents.get(agent) or plan.before.cast.site.agents.get(agent)
        drawing.text(24, y + 13, f"{agent} {known.name if known else ''}", 13)
        drawing.box(190, y, 600, 20, "#f0f4f8")
        for side, colour, shift in ((plan.before, BEFORE, 0), (plan.after, AFTER, 10)):
            found = side.agents.get(agent)
            load = found["occupancy"].mean if found else None
            drawing.box(190, y + shift, 600 * (load or 0.0), 9, colour)
        was = plan.was.agents.get(agent)
        real = was.values["occupancy"] if was else None
        if real is not None:
            drawing.line(190 + 600 * real, y - 2, 190 + 600 * real, y + 21, WAS, 2)
        drawing.text(802, y + 14, _loads(plan, agent, language), 12)


def _loads(plan: Plan, agent: AgentId, language: str) -> str:
    said = []
    for metric in ("occupancy", "calls"):
        first, second = (
            shown(metric, found[metric].mean if (found := side.agents.get(agent)) else None)
            for side in (plan.before, plan.after)
        )
        said.append(f"{first} → {second}")
    return f"{said[0]}  ·  {said[1]} {METRICS['calls'][language]}"


def _mean_waits(side: Side, queue: QueueId) -> list[float]:
    days = [day.queues[queue].waits for day in side.days if queue in day.queues]
    if not days:
        return [0.0] * len(WAIT_EDGES_S)
    return [sum(counts) / len(side.days) for counts in zip(*days, strict=True)]


def _level(days: tuple[Day, ...], queue: QueueId, slot: int) -> float | None:
    """Over all days together."""
    seen = [day.queues[queue].slots.get(slot, (0, 0)) for day in days if queue in day.queues]
    offered = sum(count for _, count in seen)
    return sum(within for within, _ in seen) / offered if offered else None


def _bins(language: str) -> list[str]:
    unit = text("seconds", language)
    ends = [f"{edge:.0f}" for edge in WAIT_EDGES_S]
    inner = [f"{low}–{high} {unit}" for low, high in pairwise(ends)]
    return [*inner, f"> {ends[-1]} {unit}"]


def _local(at: float, zone: ZoneInfo) -> datetime:
    return moment(at).astimezone(zone)


def _wrapped(line: str) -> list[str]:
    """Pieces that fit into the picture; a Chinese character takes the room of two."""
    pieces, piece, taken = [], "", 0
    for word in line.split(" "):
        for part in _chunks(word):
            wide = sum(2 if ord(char) > 0x2E7F else 1 for char in part)
            if taken + wide > 150:
                pieces.append(piece)
                piece, taken = "", 0
            piece, taken = piece + part, taken + wide
        piece, taken = piece + " ", taken + 1
    return [*pieces, piece.rstrip()]


def _chunks(word: str) -> list[str]:
    """Chinese may be broken anywhere, other words nowhere."""
    return list(word) if any(ord(char) > 0x2E7F for char in word) else [word]
