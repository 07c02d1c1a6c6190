"""What an annex says of one product, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocop_workflow.errors import Fault, Text

Row = tuple[str, ...]
"""The cells of one row, cleaned; it may be shorter than the heading."""

#: letters that the annex's own number may have
LONGEST_NUMBER = 20


class Target(StrEnum):
    """The column of the annex in which the product's cross stands."""

    THREE_STARS = "three_stars"
    FOUR_STARS = "four_stars"
    UPGRADE_3_TO_4 = "upgrade_3_to_4"
    UPGRADE_4_TO_5 = "upgrade_4_to_5"

    @property
    def is_upgrade(self) -> bool:
        """Whether the product must already hold a certificate."""
        return self in {Target.UPGRADE_3_TO_4, Target.UPGRADE_4_TO_5}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One product of the annex, with what an officer should look at before it is registered.

    Attributes:
        row: row of the sheet, counted from 1.
        number: the cell STT, as written.
        unit_name: the unit's name as written, with its kind ("Xã Phổ Phong").
        name: the product's name.
        producer: the organisation given in brackets behind the representative, else the representative.
        representative: who represents the producer before the law.
        address: where the product is made.
        target: the star column with the cross; nothing if the sheet does not say.
        questions: what is doubtful; a question never stops an import.
        key: the product's identity over repeated imports of one plan.
    """

    row: int
    number: str
    unit_name: str
    name: str
    producer: str | None
    representative: str | None
    address: str | None
    target: Target | None
    questions: tuple[Text, ...] = ()
    key: str = ""


def row_name(word: str, row: int, number: str) -> str:
    """Name a row as people find it: `dòng 12 (STT 7)`, by the sheet and by the annex's own number if any."""
    return f"{word} {row} (STT {number})" if 0 < len(number) <= LONGEST_NUMBER else f"{word} {row}"


@dataclass(frozen=True, slots=True)
class Annex:
    """All products that could be read, in the sheet's order; `faults` name the rows that could not be."""

    products: tuple[Candidate, ...]
    faults: tuple[Fault, ...] = ()
    questions: tuple[Text, ...] = ()


__all__ = ["LONGEST_NUMBER", "Annex", "Candidate", "Row", "Target", "row_name"]
