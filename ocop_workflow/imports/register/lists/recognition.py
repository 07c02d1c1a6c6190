"""A recognition as a row of a list has it: what was read, and what of it has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.errors import Text


@dataclass(frozen=True, slots=True)
class ListedRecognition:
    """A recognition as a row of a list has it; what neither the row nor its heading says is none.

    Attributes:
        unit: what the list calls its commune; empty: it does not say. `unit_cell`: where that stands.
        address: where its producer produces.
        registration: the number under which its producer is registered.
        holder_cell: where its producer stands, for all rows over which that cell is merged.
        held: the star that the row says its product has now.
        raised_from: the star from which the row says that the product was raised.
        whole_cell: the cell that names several products, of which this is one, as it stands; else empty.
        proposes: the list is a council's result, which proposes and does not decide.
        has_ended: what the row says of whether it holds no longer; none: nothing.
        hidden: the row, or its sheet, is hidden.
        wrong: what cannot be stored as it stands, each with its cell.
        asked: what is to be looked at first, each with its cell.
    """

    sheet: str
    row: int
    product: str
    producer: str | None = None
    representative: str | None = None
    unit: str = ""
    group: str | None = None
    star: int | None = None
    number: str | None = None
    decided_on: date | None = None
    valid_until: date | None = None
    issuer: str | None = None
    evidence: str | None = None
    source: str | None = None
    ended_on: date | None = None
    held: int | None = None
    unit_cell: str = ""
    wrong: tuple[tuple[str, Text], ...] = ()
    address: str | None = None
    registration: str | None = None
    holder_cell: str = ""
    raised_from: int | None = None
    whole_cell: str = ""
    proposes: bool = False
    has_ended: bool | None = None
    hidden: bool = False
    asked: tuple[tuple[str, Text], ...] = ()

    @property
    def at(self) -> tuple[str, int]:
        """Where it stands."""
        return self.sheet, self.row


__all__ = ["ListedRecognition"]
