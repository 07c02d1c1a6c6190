"""docs/performance.json: what was measured last; the table and the picture of the page are made from it.

A row that is measured again replaces itself and no other, so that no figure is carried over by hand.
`python -m benchmarks.figures` makes table and picture anew from the file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Row
from benchmarks.picture import draw
from tests.reliability.report import DATABASES, commit, put_between

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- performance.json -->", "<!-- /performance.json -->"

#: the pages of the console that are measured
CONSOLE = ("/", "/year", "/products", "/products?sort=due", "/products/board")
#: the cases in the order of the table, and the ratio to their floor that each has to reach
REACH: dict[str, float | None] = {
    "sweep, spike day": 1.5,
    "the same, plans not read yet": 1.5,
    "our sweep beside an object loop": 1 / 15,
    "digests rendered, stored": 1.5,
    "a letter sent": 1.5,
    "nothing due": 1.5,
    "a product moved on": 2,
    "a list of certificates": 2,
    "renewals listed": 2,
    "certificates under a new law": 2,
    "a sweep that opens windows": 2,
    "a decision": 1.5,
    "stars of a session": 2,
    "GET one product": 2,
    "GET a page of 50": 2,
    "POST an event": 2,
    "a choice saved": 2,
    "a score sheet signed": 2,
    **{f"console {page}": 2 for page in CONSOLE},
    "a look-up": 2,
    "ocop --help, whole process": 1.5,
    "ocop sweep, nothing due, process": 1.5,
    "longest wait of another writer": None,
}
#: a wait has no floor: what it has to reach is a time
WAIT = {"sqlite": 0.100, "postgresql": 0.020}
#: `-`: a case that has nothing to do with a database
NAMES = {**DATABASES, "-": "–"}


def read(docs: Path = DOCS) -> list[Row]:
    """Read what was measured last."""
    file = docs / "performance.json"
    return [Row(**one) for one in json.loads(file.read_text("utf-8"))] if file.exists() else []


def keep(rows: Iterable[Row], rounds: int, docs: Path = DOCS) -> None:
    """Put rows in the place of those that say the same of another day; write file, table and picture."""
    known = {_place(row): row for row in read(docs)}
    known |= {_place(row): replace(row, rounds=rounds, commit=commit()) for row in rows}
    write([known[place] for place in sorted(known)], docs)


def _place(row: Row) -> tuple[int, int, int]:
    return list(REACH).index(row.case), list(NAMES).index(row.database), row.size


def write(rows: list[Row], docs: Path = DOCS) -> None:
    """Write the file, a row a line, and what is made from it."""
    lines = ",\n".join(json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    (docs / "performance.json").write_text(f"[\n{lines}\n]\n", "utf-8")
    put_between(docs / "performance.md", BEGIN, END, table(rows))
    grown = [row for row in rows if row.case in GROWING]
    if len({row.size for row in grown}) > 1:
        (docs / "performance.svg").write_text(draw(grown), "utf-8")


#: the cases whose time is drawn against N
GROWING = ("sweep, spike day", "nothing due")


def table(rows: list[Row]) -> str:
    """Return the table of the page; what misses its mark is bold."""
    lines = [
        "| case | database | N | ours | floor | ratio | to reach | memory |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    size = f"{row.size:,}" if row.size > 1 else "–"
    floor = duration(row.floor) if row.floor else "–"
    memory = f"{row.memory:.0f} MiB" if row.memory is not None else "–"
    ours, ratio, reach = duration(row.ours), "–", "–"
    if row.floor:
        mark = REACH[row.case]
        ratio, reach = _ratio(row.ours / row.floor), _reach(mark)
        ratio = f"**{ratio}**" if misses(row) else ratio
    else:
        reach = duration(WAIT[row.database])
        ours = f"**{ours}**" if misses(row) else ours
    cells = (row.case, NAMES[row.database], size, ours, floor, ratio, reach, memory)
    return f"| {' | '.join(cells)} |"


def misses(row: Row) -> bool:
    """Tell whether a row has not reached its mark."""
    if row.floor is None:
        return row.ours > WAIT[row.database]
    reach = REACH[row.case]
    return reach is not None and row.ours / row.floor > reach


def _ratio(ratio: float) -> str:
    return f"1 / {1 / ratio:.0f}" if ratio < 0.1 else f"{ratio:.2f}"


def _reach(mark: float | None) -> str:
    return "–" if mark is None else _ratio(mark) if mark < 0.1 else f"{mark:g}"


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it, to three figures."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


if __name__ == "__main__":
    write(read())
