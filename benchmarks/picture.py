"""A picture of time against N, both axes by powers of ten, from what was measured."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from tests.reliability.report import DATABASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measuring import Row

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 460, 70, 210, 30, 50
_COLOURS = {"sqlite": "#1b6ca8", "postgresql": "#b3541e"}
_TIME = {1e-5: "10 µs", 1e-4: "100 µs", 1e-3: "1 ms", 1e-2: "10 ms", 1e-1: "100 ms", 1.0: "1 s", 10.0: "10 s"}


class _Axis:
    """Where a value lies between two powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = floor(log10(min(values)))
        self.high = max(ceil(log10(max(values))), self.low + 1)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def draw(rows: list[Row]) -> str:
    """Return an SVG: a whole line for ours, a dashed one for the floor, one colour a database."""
    x = _Axis([row.size for row in rows], LEFT, WIDTH - RIGHT)
    y = _Axis([time for row in rows for time in _times(row)], HEIGHT - BOTTOM, TOP)
    parts = [*_frame(x, y)]
    for case, kind in sorted({(row.case, row.database) for row in rows}):
        mine = sorted(
            (row for row in rows if (row.case, row.database) == (case, kind)), key=lambda row: row.size
        )
        if len(mine) > 1:  # one size alone makes no line
            parts += _lines(mine, x, y, f"{case}, {DATABASES[kind]}", _COLOURS[kind])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><title>Time against the number of products</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _times(row: Row) -> tuple[float, float]:
    """Return ours and the floor's."""
    return row.ours, row.floor or row.ours


def _frame(x: _Axis, y: _Axis) -> list[str]:
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for n in x.ticks():
        parts.append(_line(x.at(n), TOP, x.at(n), base, "#ddd"))
        parts.append(_text(x.at(n), base + 18, f"{n:,.0f}", "middle"))
    for seconds in y.ticks():
        parts.append(_line(LEFT, y.at(seconds), right, y.at(seconds), "#ddd"))
        label = next(
            (words for value, words in _TIME.items() if abs(value / seconds - 1) < 0.01), f"{seconds:g} s"
        )
        parts.append(_text(LEFT - 6, y.at(seconds) + 4, label, "end"))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 10, "products", "middle"))
    parts.append(_text(LEFT, TOP - 12, "whole line: ours; dashed: the floor by hand-written SQL", "start"))
    return parts


def _lines(mine: list[Row], x: _Axis, y: _Axis, label: str, colour: str) -> list[str]:
    parts = []
    for whose, dash in enumerate(("", ' stroke-dasharray="5 4"')):
        points = " ".join(f"{x.at(row.size):.1f},{y.at(_times(row)[whose]):.1f}" for row in mine)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
    last = mine[-1]
    place = x.at(last.size) + 8, y.at(last.ours) + 4
    return [*parts, _text(*place, label, "start", colour)]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
