"""Boxes, lines and words as SVG; all that is written is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_FONTS = "'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"


class Drawing:
    """Coordinates are pixels from the upper left."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._parts: list[str] = []

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{colour}"/>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, wide: float = 1.0
    ) -> None:
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{wide}"/>'
        )

    def path(self, points: Sequence[tuple[float, float] | None], colour: str, wide: float) -> None:
        """A line through the points with a dot at each; broken at ``None``."""
        drawn, pen_down = [], False
        for point in points:
            if point is not None:
                x, y = point
                drawn.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
                self._parts.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{wide + 0.5:.1f}" fill="{colour}"/>'
                )
            pen_down = point is not None
        self._parts.append(
            f'<path d="{" ".join(drawn)}" fill="none" stroke="{colour}" stroke-width="{wide}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = 12,
        *,
        colour: str = "#1c2733",
        bold: bool = False,
        middle: bool = False,
        right: bool = False,
    ) -> None:
        anchor = "middle" if middle else "end" if right else "start"
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        width, height = self._size
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="{_FONTS}">'
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
            f"{''.join(self._parts)}</svg>\n"
        )
