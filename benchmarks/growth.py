"""How time grows with the number of products: `python -m benchmarks.growth`, figures and a picture.

What is measured goes into docs/performance.json, and from there into the page and the picture.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import figures, quiet, sweep
from benchmarks.stores import store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measuring import Row

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def measure(kind: str, sizes: list[int], rounds: int) -> Iterator[Row]:
    """Measure the spike day and the quiet day at each size, ours and the floor in turn."""
    for size in sizes:
        with store(kind, size) as filled:
            yield sweep.measure_warm(filled, rounds)
            yield from quiet.measure(filled, rounds)


def growth(rows: list[Row], case: str) -> tuple[float, float]:
    """Return by how much the largest size takes longer than a tenth of it (or the smallest): ours, floor."""
    of_case = {row.size: row for row in rows if row.case == case}
    largest = of_case[max(of_case)]
    tenth = of_case.get(largest.size // 10, of_case[min(of_case)])
    return largest.ours / tenth.ours, (largest.floor or 0) / (tenth.floor or 1)


def main() -> None:
    """Measure, print how both grow, keep the figures."""
    parser = ArgumentParser(prog="benchmarks.growth")
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--into", type=Path, default=figures.DOCS)
    options = parser.parse_args()
    for kind in options.database or ["sqlite", "postgresql"]:
        found = []
        for row in measure(kind, options.size or list(SIZES), options.rounds):
            print(row, flush=True)
            figures.keep([row], options.rounds, options.into)
            found.append(row)
        for case in figures.GROWING:
            mine, best = growth(found, case)
            print(f"{case:20} {kind:10} grows {mine:.2f} times, floor {best:.2f} times: {mine / best:.2f}")


if __name__ == "__main__":
    main()
