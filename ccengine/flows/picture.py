"""A flow as an SVG picture: steps as cards from left to right, a menu's keys as keys.

Colours and sizes are attributes, not styles, so that the pages may show it under their strict
policy and recolour it by class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from ccengine.flows.chart import Chart, Node, Way, chart
from ccengine.flows.layout import Box, Line, Placed, place
from ccengine.flows.typeset import cut, lines, wide
from ccengine.flows.words import family, type_word
from ccengine.ivr.model import Flow

CARD, GAP_X, GAP_Y, LANE, MARGIN = 240.0, 76.0, 22.0, 16.0, 28.0
HEAD, ROW, LEADING, PAD, STRIP = 30.0, 23.0, 17.0, 10.0, 24.0
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_COLOURS: Mapping[str, tuple[str, str]] = {
    "says": ("#2f6fde", "#eaf1fd"),
    "asks": ("#6d4bd1", "#f1edfc"),
    "decides": ("#a86a00", "#fdf3e1"),
    "people": ("#12805c", "#e5f5ef"),
    "leads": ("#55606e", "#eef0f3"),
    "ends": ("#b3372f", "#fcecea"),
}
"""Of the edge and of the head, by what the step is to the caller."""
INK, QUIET, LINE, FAINT, PAPER = "#1c2430", "#667085", "#5b6675", "#a9b2bf", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Figures to be written on a step. ``heat`` 0 to 1: how much it should be looked at."""

    text: str
    heat: float = 0.0
    ways: Mapping[str, str] = field(default_factory=dict)
    """By the target, what is written on the way there."""


def picture(
    flow: Flow,
    language: str,
    *,
    title: str = "",
    marks: Mapping[str, Mark] | None = None,
    link: Callable[[str], str] | None = None,
) -> str:
    """An SVG document; ``link`` gives the address of another flow's picture."""
    drawn = chart(flow, language)
    return _Picture(drawn, language, title or flow.id, marks or {}, link).svg()


class _Picture:
    def __init__(
        self,
        drawn: Chart,
        language: str,
        title: str,
        marks: Mapping[str, Mark],
        link: Callable[[str], str] | None,
    ) -> None:
        self._chart = drawn
        self._language = language
        self._title = title
        self._marks = marks
        self._link = link
        self._about = {
            name: lines(node.about, 12.5, CARD - 2 * PAD, 2) for name, node in drawn.nodes.items()
        }
        self._lines = [
            Line(begin=name, port=self._port(node, number), end=way.to)
            for name, node in drawn.nodes.items()
            for number, way in enumerate(node.ways)
            if way.line
        ]
        self._ways = [way for node in drawn.nodes.values() for way in node.ways if way.line]
        boxes = {
            name: Box(height=self._height(node), entry=HEAD / 2)
            for name, node in drawn.nodes.items()
        }
        self._placed = place(drawn.columns, boxes, self._lines, gap=GAP_Y, lane=LANE)
        self._x = {
            name: MARGIN + 46 + number * (CARD + GAP_X)
            for number, names in enumerate(drawn.columns)
            for name in names
        }

    def svg(self) -> str:
        placed = self._placed
        across = len(self._chart.columns) * (CARD + GAP_X) - GAP_X + 2 * MARGIN + 46
        wide_ = max(across, wide(self._title, 20) + 2 * MARGIN)
        high = placed.height + 2 * MARGIN + 44
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide_:g} {_n(high)}" '
            f'width="{wide_:g}" height="{_n(high)}" font-family="{escape(FONT)}" role="img" '
            f'aria-label="{escape(self._title)}" class="flow-picture" lang="{self._language}">',
            _ARROWS,
            f'<rect class="paper" width="100%" height="100%" fill="{PAPER}"/>',
            _text(MARGIN, MARGIN + 14, self._title, 20, INK, weight=600, kind="ink"),
            f'<g transform="translate(0 {_n(MARGIN + 44)})">',
            self._begin(placed),
        ]
        parts += [self._line(number) for number in range(len(self._lines))]
        parts += [self._card(node) for node in self._chart.nodes.values()]
        return "\n".join([*parts, "</g>", "</svg>", ""])

    def _begin(self, placed: Placed) -> str:
        y = placed.tops[self._chart.start] + HEAD / 2
        x = self._x[self._chart.start]
        return (
            f'<circle class="begin" cx="{MARGIN + 8:g}" cy="{_n(y)}" r="8" fill="{INK}"/>'
            f'<path class="way" d="M{MARGIN + 16:g} {_n(y)}H{_n(x - 3)}" fill="none" '
            f'stroke="{LINE}" stroke-width="1.6" marker-end="url(#to)"/>'
        )

    def _rows(self, node: Node) -> list[tuple[int, Way]]:
        """The ways that have a row of their own: all but an only one that a line shows."""
        return [
            (number, way)
            for number, way in enumerate(node.ways)
            if not (len(node.ways) == 1 and way.plain and way.line)
        ]

    def _body(self, node: Node) -> float:
        """Down to where the rows of the ways begin."""
        title = LEADING + 3 if node.title else 0
        about = LEADING * len(self._about[node.name])
        return HEAD + title + about + (PAD if title or about else 4)

    def _height(self, node: Node) -> float:
        rows = len(self._rows(node))
        strip = STRIP if node.name in self._marks else 0
        return self._body(node) + ROW * rows + (4 if rows else 0) + strip

    def _port(self, node: Node, number: int) -> float:
        rows = [at for at, _ in self._rows(node)]
        if number not in rows:
            return HEAD / 2
        return self._body(node) + ROW * rows.index(number) + ROW / 2 - 1

    def _card(self, node: Node) -> str:
        x, y = self._x[node.name], self._placed.tops[node.name]
        kind = family(node.type)
        edge, soft = _COLOURS[kind]
        high, radius = self._height(node), 15 if kind == "ends" else 7
        mark = self._marks.get(node.name)
        parts = [
            f'<g class="step {kind}" data-step="{escape(node.name)}" tabindex="0" '
            f'transform="translate({_n(x)} {_n(y)})">',
            f"<title>{escape(node.whole)}</title>",
            f'<rect class="card" width="{CARD:g}" height="{_n(high)}" rx="{radius}" '
            f'fill="{PAPER}" stroke="{edge}" stroke-width="1.4"/>',
            f'<path class="head" d="{_head(radius, high)}" fill="{soft}"/>',
        ]
        if node.type == "flow" or node.flow:
            parts.append(
                f'<rect class="inner" x="4" y="4" width="{CARD - 8:g}" height="{_n(high - 8)}" '
                f'rx="4" fill="none" stroke="{edge}" stroke-opacity="0.5"/>'
            )
        word = type_word(node.type, self._language)
        room = CARD - 2 * PAD - wide(word, 11) - 8
        parts.append(
            _text(PAD, 20, cut(node.name, 13, room), 13, INK, weight=600, kind="ink")
            + _text(CARD - PAD, 20, word, 11, edge, anchor="end", kind="kind")
        )
        parts += self._words(node)
        parts += [
            self._row(way, self._port(node, number), mark) for number, way in self._rows(node)
        ]
        if mark is not None:
            parts.append(_strip(mark, high))
        return "".join([*parts, "</g>"])

    def _words(self, node: Node) -> list[str]:
        y = HEAD + LEADING - 1
        parts = []
        if node.title:
            title = cut(node.title, 13.5, CARD - 2 * PAD)
            parts.append(_text(PAD, y, title, 13.5, INK, weight=600, kind="ink"))
            y += LEADING + 2
        for line in self._about[node.name]:
            said = _text(PAD, y, line, 12.5, QUIET, kind="quiet")
            address = self._link(node.flow) if self._link and node.flow else ""
            parts.append(f'<a href="{escape(address)}">{said}</a>' if address else said)
            y += LEADING
        return parts

    def _row(self, way: Way, middle: float, mark: Mark | None) -> str:
        x = PAD
        parts = []
        for key in way.keys:
            parts.append(
                f'<rect class="key" x="{_n(x)}" y="{_n(middle - 9)}" width="18" height="18" '
                f'rx="4" fill="{PAPER}" stroke="{FAINT}"/>'
                + _text(x + 9, middle + 4.5, key, 12, INK, weight=600, anchor="middle", kind="ink")
            )
            x += 22
        right = CARD - PAD
        figure = mark.ways.get(way.to, "") if mark else ""
        if figure:
            parts.append(_text(right, middle + 4, figure, 11, QUIET, anchor="end", kind="quiet"))
            right -= wide(figure, 11) + 8
        words = " · ".join(way.words)
        named = "" if way.line else f"↪ {way.to}"
        if words:
            room = right - x - (min(wide(named, 11.5), 96) + 8 if named else 0)
            shown = cut(words, 11.5, room)
            colour = QUIET if way.minor else INK
            parts.append(
                _text(x, middle + 4, shown, 11.5, colour, kind="quiet" if way.minor else "ink")
            )
            x += wide(shown, 11.5) + 8
        if named:
            shown = cut(named, 11.5, right - x)
            parts.append(
                f'<g class="named" data-to="{escape(way.to)}">'
                + _text(x, middle + 4, shown, 11.5, "#2f6fde", kind="named")
                + "</g>"
            )
        else:
            parts.append(f'<circle cx="{CARD:g}" cy="{_n(middle)}" r="2.6" fill="{LINE}"/>')
        return "".join(parts)

    def _line(self, number: int) -> str:
        line, way = self._lines[number], self._ways[number]
        x = self._x[line.begin] + CARD
        y = self._placed.tops[line.begin] + line.port
        path = [f"M{_n(x)} {_n(y)}"]
        for bend in self._placed.bends[number]:
            path.append(_curve(x, y, x + GAP_X, bend))
            x += GAP_X + CARD
            y = bend
            path.append(f"H{_n(x)}")
        end = self._placed.tops[line.end] + HEAD / 2
        path.append(_curve(x, y, self._x[line.end] - 3, end))
        look = (
            f'stroke="{FAINT}" stroke-width="1.2" stroke-dasharray="5 3" marker-end="url(#faint)"'
            if way.minor
            else f'stroke="{LINE}" stroke-width="1.6" marker-end="url(#to)"'
        )
        kind = "way minor" if way.minor else "way"
        return (
            f'<path class="{kind}" data-from="{escape(line.begin)}" data-to="{escape(line.end)}" '
            f'd="{"".join(path)}" fill="none" {look}/>'
        )


_ARROWS = (
    "<defs>"
    + "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path class="arrow" d="M0 1L9 5L0 9z" fill="{colour}"/>'
        "</marker>"
        for name, colour in (("to", LINE), ("faint", FAINT))
    )
    + "</defs>"
)


def _head(radius: float, high: float) -> str:
    low = min(HEAD, high)
    end = f"V{low:g}H0.7V" if low < high else f"V{low - radius:g}H0.7V"
    return f"M0.7 {radius:g}Q0.7 0.7 {radius:g} 0.7H{CARD - radius:g}Q{CARD - 0.7:g} 0.7 " + (
        f"{CARD - 0.7:g} {radius:g}{end}{radius:g}z"
    )


def _strip(mark: Mark, high: float) -> str:
    """The figures at the foot of a card; the hotter, the redder."""
    top = high - STRIP
    share = max(0.0, min(1.0, mark.heat))
    return (
        f'<rect class="heat" x="0.7" y="{_n(top)}" width="{CARD - 1.4:g}" '
        f'height="{STRIP - 0.7:g}" rx="6" fill="#e5484d" fill-opacity="{0.05 + 0.6 * share:.2f}"/>'
        + _text(PAD, top + 16, cut(mark.text, 11, CARD - PAD), 11, INK, kind="ink")
    )


def _text(
    x: float,
    y: float,
    said: str,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    anchor: str = "start",
    kind: str = "",
) -> str:
    more = f' font-weight="{weight}"' if weight != 400 else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' class="{kind}"' if kind else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" fill="{colour}"{more}>'
        f"{escape(said)}</text>"
    )


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    if abs(y - to_y) < 0.05:
        return f"H{_n(to_x)}"
    middle = (x + to_x) / 2
    return f"C{_n(middle)} {_n(y)} {_n(middle)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
