"""What a list says of one product, and of all of them; what is asked about it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from ocop_workflow.errors import Fault

Row = tuple[str, ...]
"""The cells of one row, cleaned; it may be shorter than the heading."""

#: letters that the annex's own number may have
LONGEST_NUMBER = 20


class CrossColumn(StrEnum):
    """The column of the annex in which the product's cross stands."""

    THREE_STARS = "three_stars"
    FOUR_STARS = "four_stars"
    UPGRADE_3_TO_4 = "upgrade_3_to_4"
    UPGRADE_4_TO_5 = "upgrade_4_to_5"

    @property
    def is_upgrade(self) -> bool:
        """Whether the product must already hold a certificate."""
        return self in {CrossColumn.UPGRADE_3_TO_4, CrossColumn.UPGRADE_4_TO_5}


@dataclass(frozen=True, slots=True)
class CellQuestion(Text):
    """Something doubtful that stops nothing, with the place it is about.

    Attributes:
        sheet: the sheet's name; a text file has its own name there.
        cell: as a spreadsheet names it (`C2`); empty: the sheet or the list as a whole.
        proposed: the likely answer, if there is one.
    """

    sheet: str = ""
    cell: str = ""
    proposed: str = ""


class QuestionKind(StrEnum):
    """Why a row waits for an answer."""

    ERROR = "error"  # the cell holds an error value of the spreadsheet
    DATE = "date"  # a date where words belong
    NUMBER = "number"  # a number where words belong
    OLD_FONT = "old_font"  # text typed in a font from before Unicode
    TICK = "tick"  # the only mark stands under an upgrade, and is no cross
    UNIT = "unit"  # the unit's name is nearly one that is known
    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    HIDDEN_SHEET = "hidden_sheet"
    TWICE = "twice"  # the same product stands on another sheet too
    RESEMBLES = "resembles"  # a product of the plan, under a corrected name
    OTHER_PLAN = "other_plan"  # a product of another plan
    GONE = "gone"  # a product of the plan that the list no longer names

    @property
    def is_of_a_cell(self) -> bool:
        """Whether the answer may be the words that ought to stand in the cell."""
        return self in {
            QuestionKind.ERROR,
            QuestionKind.DATE,
            QuestionKind.NUMBER,
            QuestionKind.OLD_FONT,
            QuestionKind.TICK,
            QuestionKind.UNIT,
        }

    @property
    def stops(self) -> bool:
        """Whether something is not imported until it is answered."""
        return self is not QuestionKind.GONE


@dataclass(frozen=True, slots=True)
class Doubt(CellQuestion):
    """A question that somebody has to answer before the row is imported.

    Attributes:
        code: the product that is meant, if the question is whether the row is that one.
    """

    kind: QuestionKind = QuestionKind.ERROR
    code: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One product of the list, with what an officer should look at before it is registered.

    Attributes:
        row: row of the sheet, counted from 1.
        number: the cell STT, as written.
        unit_name: the unit's name as written, with its kind ("Xã Phổ Phong").
        name: the product's name.
        producer: the organisation, if the cell names one, else the person.
        representative: who represents the producer before the law.
        address: where the product is made.
        target: the star column with the cross; nothing if the sheet does not say.
        questions: what is doubtful and does not stop the import.
        key: the product's identity over repeated imports of one plan.
        sheet: the sheet it stands on.
        doubts: what is to be answered first; the row waits.
        left_out: somebody answered that the row is not to be imported.
        places: the cells of unit, name and number, for what is asked later.
        holder_cell: where the producer stands, for all rows over which that cell is merged; empty: unknown.
    """

    row: int
    number: str
    unit_name: str
    name: str
    producer: str | None
    representative: str | None
    address: str | None
    target: CrossColumn | None
    questions: tuple[Text, ...] = ()
    key: str = ""
    sheet: str = ""
    doubts: tuple[Doubt, ...] = ()
    left_out: bool = False
    places: tuple[str, str] = ("", "")
    holder_cell: str = ""

    @property
    def at(self) -> tuple[str, int]:
        """Where it stands: sheet and row."""
        return self.sheet, self.row

    @property
    def unit_cell(self) -> str:
        """The cell of the unit's name."""
        return self.places[0]

    @property
    def name_cell(self) -> str:
        """The cell of the product's name."""
        return self.places[1]


def row_name(word: str, row: int, number: str) -> str:
    """Name a row as people find it: `dòng 12 (STT 7)`, by the sheet and by the annex's own number if any."""
    return f"{word} {row} (STT {number})" if 0 < len(number) <= LONGEST_NUMBER else f"{word} {row}"


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0, as a spreadsheet writes them (0 → A, 26 → AA)."""
    return (column_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)  # noqa: PLR2004 - letters


@dataclass(frozen=True, slots=True)
class AnnexContent:
    """All products that could be read, in the sheet's order; `faults` name the rows that could not be.

    `doubts` are about whole sheets; those about a row stand with its product.
    """

    products: tuple[Candidate, ...]
    faults: tuple[Fault, ...] = ()
    questions: tuple[Text, ...] = ()
    doubts: tuple[Doubt, ...] = ()


__all__ = [
    "LONGEST_NUMBER",
    "AnnexContent",
    "Candidate",
    "CellQuestion",
    "CrossColumn",
    "Doubt",
    "QuestionKind",
    "Row",
    "column_letters",
    "row_name",
]
