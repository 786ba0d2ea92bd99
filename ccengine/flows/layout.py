"""Where the boxes of a chart stand: columns from left to right, few crossings, straight lines.

Layers, order by the middle of the neighbours, then heights by the least sum of squares that keeps
order and distance. Pure and without chance: the same chart gives the same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SWEEPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """From the port of a box, so far below its upper edge, to where a box is entered."""

    begin: str
    port: float
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    height: float
    entry: float
    """Where lines end, so far below the upper edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    tops: Mapping[str, float]
    """The upper edge of each box."""
    bends: Sequence[Sequence[float]]
    """For each line, its height in each column that it passes on the way."""
    height: float


Spot = str | tuple[int, int]
"""A box, or line so-and-so in the column so-and-so."""


def place(
    columns: Sequence[Sequence[str]],
    boxes: Mapping[str, Box],
    lines: Sequence[Line],
    *,
    gap: float,
    lane: float,
) -> Placed:
    """``gap``: at least so much between boxes; ``lane``: between lines that pass a column."""
    spots: list[list[Spot]] = [list(names) for names in columns]
    at = {name: number for number, names in enumerate(columns) for name in names}
    joints: list[tuple[Spot, float, Spot, float]] = []
    for number, line in enumerate(lines):
        before, port = line.begin, line.port
        here: Spot = before
        for column in range(at[line.begin] + 1, at[line.end]):
            bend: Spot = (number, column)
            spots[column].append(bend)
            joints.append((here, port, bend, 0.0))
            here, port = bend, 0.0
        joints.append((here, port, line.end, boxes[line.end].entry))

    def size(spot: Spot) -> float:
        return boxes[spot].height if isinstance(spot, str) else 0.0

    def apart(upper: Spot, lower: Spot) -> float:
        return gap if isinstance(upper, str) and isinstance(lower, str) else lane

    rows = _Rows(spots, joints, size, apart)
    rows.settle()
    tops = rows.tops
    least = min(tops.values())
    bends: list[list[float]] = [[] for _ in lines]
    for number, line in enumerate(lines):
        for column in range(at[line.begin] + 1, at[line.end]):
            bends[number].append(tops[number, column] - least)
    return Placed(
        tops={name: tops[name] - least for name in at},
        bends=bends,
        height=max(tops[name] + boxes[name].height for name in at) - least,
    )


class _Rows:
    """Columns of spots on the way to their places."""

    def __init__(
        self,
        spots: list[list[Spot]],
        joints: Sequence[tuple[Spot, float, Spot, float]],
        size: Callable[[Spot], float],
        apart: Callable[[Spot, Spot], float],
    ) -> None:
        self._spots = spots
        self._size = size
        self._apart = apart
        self.tops: dict[Spot, float] = {}
        self._left: dict[Spot, list[tuple[Spot, float]]] = {}
        self._right: dict[Spot, list[tuple[Spot, float]]] = {}
        """Neighbours, and how much lower this spot stands for a level line to each."""
        for begin, port, end, entry in joints:
            self._right.setdefault(begin, []).append((end, entry - port))
            self._left.setdefault(end, []).append((begin, port - entry))

    def settle(self) -> None:
        for column in self._spots:
            self._stack(column)
        best, least = [list(column) for column in self._spots], self._crossings()
        for sweep in range(SWEEPS):
            rightward = sweep % 2 == 0
            for column in self._spots if rightward else reversed(self._spots):
                self._order(column, self._left if rightward else self._right)
            crossings = self._crossings()
            if crossings < least:
                best, least = [list(column) for column in self._spots], crossings
        self._spots = best
        for column in self._spots:
            self._stack(column)
        for sweep in range(SWEEPS):
            rightward = sweep % 2 == 0
            for column in self._spots if rightward else reversed(self._spots):
                self._level(column, rightward=rightward, both=sweep >= 2)

    def _stack(self, column: Sequence[Spot]) -> None:
        height = 0.0
        for before, spot in zip((None, *column), column, strict=False):
            height += 0 if before is None else self._size(before) + self._apart(before, spot)
            self.tops[spot] = height

    def _order(
        self, column: list[Spot], neighbours: Mapping[Spot, list[tuple[Spot, float]]]
    ) -> None:
        wished = {spot: self._wish(spot, neighbours) for spot in column}
        column.sort(key=lambda spot: wished[spot])
        self._stack(column)
        # Columns are compared by their middles, so that a short one is not pulled to the top.
        middle = sum(wished.values()) / len(column) if column else 0.0
        own = sum(self.tops[spot] for spot in column) / len(column) if column else 0.0
        for spot in column:
            self.tops[spot] += middle - own

    def _wish(self, spot: Spot, neighbours: Mapping[Spot, list[tuple[Spot, float]]]) -> float:
        near = neighbours.get(spot)
        if not near:
            return self.tops[spot]
        wishes = sorted(self.tops[other] + lower for other, lower in near)
        middle = len(wishes) // 2
        return wishes[middle] if len(wishes) % 2 else (wishes[middle - 1] + wishes[middle]) / 2

    def _level(self, column: Sequence[Spot], *, rightward: bool, both: bool) -> None:
        """Nearest to the wishes of all, without changing the order: blocks that collide move as

        one, to the mean of their wishes.
        """
        blocks: list[tuple[float, float, int]] = []  # sum of wishes, weight, spots in it
        offset = 0.0
        offsets = []
        for before, spot in zip((None, *column), column, strict=False):
            offset += 0 if before is None else self._size(before) + self._apart(before, spot)
            offsets.append(offset)
            near = self._left if rightward else self._right
            if both and not near.get(spot):
                near = self._right if rightward else self._left
            weight = 1.0 if isinstance(spot, str) else 4.0  # what only passes, passes straight
            block = ((self._wish(spot, near) - offset) * weight, weight, 1)
            while blocks and blocks[-1][0] / blocks[-1][1] > block[0] / block[1]:
                last = blocks.pop()
                block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
            blocks.append(block)
        number = 0
        for total, weight, count in blocks:
            for _ in range(count):
                self.tops[column[number]] = total / weight + offsets[number]
                number += 1

    def _crossings(self) -> int:
        count = 0
        for column in self._spots:
            ends = [
                (self.tops[spot] - lower, self.tops[other])
                for spot in column
                for other, lower in self._right.get(spot, [])
            ]
            count += sum(
                (a[0] - b[0]) * (a[1] - b[1]) < 0
                for number, a in enumerate(ends)
                for b in ends[:number]
            )
        return count
