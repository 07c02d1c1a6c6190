"""A council of nine and what its sheets say: sixty products over all sets, every criterion answered."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.regulations.rubrics.plain import SETS, choosable, criteria

MEMBERS = ("chair", "vice", *(f"m{number}" for number in range(1, 8)))
#: products on the list of a session
PRODUCTS = 60


def set_of(product: int) -> int:
    """Return the set by whose sheet a product of the list is scored."""
    return SETS[product % len(SETS)]


@cache
def sheet_of(product: int, member: int) -> dict[str, Any]:
    """Return what a member says of a product, by place; some products are better than others."""
    number, random = set_of(product), Random(f"{product} {member}")
    lean = 1 + product % 4
    said = {}
    for name, criterion in criteria(number).items():
        options = choosable(criterion)
        said[f"choices.{name}"] = options[max(random.randrange(len(options)) for _ in range(lean))][0]
    return said


def sheets_of(product: int) -> list[dict[str, Any]]:
    """Return what each member says of a product."""
    return [sheet_of(product, member) for member in range(len(MEMBERS))]
