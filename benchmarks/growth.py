"""How time grows with the number of products: `python -m benchmarks.growth`, figures and a picture.

Writes docs/performance.json (what was measured) and docs/performance.svg (time against N).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from benchmarks import quiet, sweep
from benchmarks.picture import draw
from benchmarks.stores import store

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def measure(kinds: list[str], sizes: list[int], rounds: int) -> list[dict[str, object]]:
    """Measure the spike day and the quiet day at each size, ours and the floor in turn."""
    found: list[dict[str, object]] = []
    for kind in kinds:
        for size in sizes:
            with store(kind, size) as filled:
                for row in (sweep.measure_warm(filled, rounds), *quiet.measure(filled, rounds)):
                    found.append(
                        {
                            "case": row.case,
                            "database": kind,
                            "n": size,
                            "ours": row.ours,
                            "floor": row.floor,
                            "memory": row.memory,
                        }
                    )
                    print(found[-1], flush=True)
    return found


def growth(found: list[dict[str, object]], kind: str, case: str, whose: str) -> float:
    """Return by how much the largest size takes longer than the one of a tenth of it (or the smallest)."""
    times = {
        int(str(one["n"])): float(str(one[whose]))
        for one in found
        if one["database"] == kind and one["case"] == case
    }
    largest = max(times)
    return times[largest] / times.get(largest // 10, times[min(times)])


def main() -> None:
    """Measure, print how both grow, write the figures and the picture."""
    parser = ArgumentParser(prog="benchmarks.growth")
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--into", type=Path, default=DOCS)
    options = parser.parse_args()
    kinds = options.database or ["sqlite", "postgresql"]
    found = measure(kinds, options.size or list(SIZES), options.rounds)
    for kind in kinds:
        for case in ("sweep, spike day", "nothing due"):
            mine, best = growth(found, kind, case, "ours"), growth(found, kind, case, "floor")
            print(f"{case:20} {kind:10} grows {mine:.2f} times, floor {best:.2f} times: {mine / best:.2f}")
    (options.into / "performance.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (options.into / "performance.svg").write_text(draw(found), "utf-8")


if __name__ == "__main__":
    main()
