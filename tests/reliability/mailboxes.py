"""What stands in the desks' mailboxes, read as an officer reads it, against what they are owed.

Nothing here asks the service: a letter's own words say of which day it is and which products it reminds of,
and what is owed was worked out from the design alone (`tests/stories/oracle.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ocop_workflow.calendar import shipped_plan_text
from tests.factories import SEED
from tests.reliability.sink import letters_in
from tests.stories.test_year import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.stories.oracle import Year

#: the plan's own name for each of its rules: what a letter's section is called
_PLAN = tomllib.loads(shipped_plan_text(SEED))
NAMES = {rule["id"]: rule["name"] for rule in (*_PLAN["milestones"], *_PLAN["activities"])}

_OF_DAY = re.compile(r"thư nhắc việc ngày (\d\d/\d\d/\d{4})\.")
_SECTION = re.compile(r"^\d+\. (.+) – hạn \d\d/\d\d/\d{4}, ")
_PRODUCT = re.compile(r"^   - (\S+)  ")

#: an activity belongs to the plan, and to no product
OF_THE_PLAN = "-"


@dataclass(frozen=True, order=True)
class Line:
    """That a letter of a local day reminds a desk of one product (or the plan) and one rule, by its name."""

    day: date
    address: str
    name: str
    product: str


@dataclass(frozen=True)
class Received:
    """What came to the desks: each line of a reminding letter, and the words of each other letter."""

    lines: Counter[Line]
    others: list[tuple[str, str]]


def received(log: Path, known: int = 0) -> Received:
    """Read what a relay has written down, but for the first so many; a second copy is no other letter."""
    lines, others = Counter[Line](), list[tuple[str, str]]()
    before = {entry["id"] for entry in letters_in(log)[:known]}
    letters = {entry["id"]: entry for entry in letters_in(log)[known:] if entry["id"] not in before}
    for entry in letters.values():
        if reminds := _OF_DAY.search(entry["words"]):
            day = datetime.strptime(reminds[1], "%d/%m/%Y").date()  # noqa: DTZ007 - a local date, as printed
            lines.update(Line(day, entry["to"], *what) for what in _items(entry["words"].splitlines()))
        else:
            others.append((entry["to"], entry["words"]))
    return Received(lines, others)


def _items(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (section's name, product) for each item of a letter; a section without products has one."""
    found: list[tuple[str, str]] = []
    for line in words:
        if section := _SECTION.match(line):
            found.append((section[1], OF_THE_PLAN))
        elif product := _PRODUCT.match(line):
            name = found[-1][0]
            if found[-1][1] == OF_THE_PLAN:
                found.pop()
            found.append((name, product[1]))
    return found


def owed(year: Year) -> set[Line]:
    """Return every line that the oracle has said so far."""
    return {
        Line(day, address_of(unit), NAMES[rule], product) for day, unit, product, rule, _ in year.said_rows()
    }


@dataclass(frozen=True)
class Compared:
    """The mailboxes against what is owed.

    Attributes:
        owed: how many reminders are owed to a desk.
        missing: what has not come in the letter of its day.
        unowed: what has come and is owed to nobody: of another day, about what is done, or said before.
    """

    owed: int
    missing: list[Line]
    unowed: list[Line]


def compare(came: Counter[Line], wanted: set[Line]) -> Compared:
    """Compare what came with what was owed, each once."""
    return Compared(
        len(wanted),
        sorted(wanted - came.keys()),
        sorted((came - Counter(dict.fromkeys(wanted, 1))).elements()),
    )
