"""`python -m benchmarks`: measure, and print each figure beside its floor."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from benchmarks import (
    advance,
    console,
    decision,
    delivery,
    digests,
    figures,
    http,
    lookup,
    object_loop,
    quiet,
    register,
    renewals,
    scoring,
    star,
    starting,
    sweep,
    waiting,
)
from benchmarks.stores import store

if TYPE_CHECKING:
    from benchmarks.measuring import Row

CASES = {
    "sweep": sweep.measure,
    "loop": object_loop.measure,
    "digests": digests.measure,
    "delivery": delivery.measure,
    "quiet": quiet.measure,
    "advance": advance.measure,
    "http": http.measure,
    "console": console.measure,
    "lookup": lookup.measure,
    "register": register.measure,
    "renewals": renewals.measure,
    "scoring": scoring.measure,
    "decision": decision.measure,
    "star": star.measure,
    "waiting": waiting.measure,
    "starting": starting.measure,
}


def main() -> None:
    """Read the options, measure, print."""
    parser = ArgumentParser(prog="benchmarks")
    parser.add_argument("--n", type=int, default=100_000, help="products")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--only", choices=tuple(CASES), action="append")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--keep", action="store_true", help="put the figures into docs/performance.*")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.n >= 1_000_000 else 5)
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    print(f"{'case':34} {'database':10} {'N':>9} {'ours':>11} {'floor':>11} {'ratio':>6} {'memory':>8}")
    for kind in kinds:
        with store(kind, options.n) as filled:
            for name in options.only or CASES:
                rows = CASES[name](filled, rounds)
                print("\n".join(map(line, rows)), flush=True)
                if options.keep:
                    figures.keep(rows, rounds)


def line(row: Row) -> str:
    """Write one line of the table."""
    floor = f"{row.floor * 1000:9.3f} ms" if row.floor else ""
    ratio = f"{row.ours / row.floor:.2f}" if row.floor else ""
    memory = f"{row.memory:.0f} MiB" if row.memory is not None else ""
    ours = f"{row.ours * 1000:9.3f} ms"
    figures = f"{ours:>11} {floor:>11} {ratio:>6} {memory:>8}"
    return f"{row.case:34} {row.database:10} {row.size:9,} {figures}  {row.note}"


if __name__ == "__main__":
    main()
