"""What the pieces of the texts that end a certificate have alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.documents.paper.pieces import BLANK, SHORT_BLANK, Head, LineRole, TextLine
from ocop_workflow.documents.session.words import numbered, place_and_day
from ocop_workflow.regulations.signers import SignerNames, Signing, signing_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.regulations.signers import SignedDocument


@dataclass(frozen=True, slots=True)
class Issuing:
    """Who issues a document: the unit, by which regulation, and how it signs.

    `agency`: what keeps the register there, by its name.
    """

    unit: UnitRecord
    regulation: Regulation

    @property
    def agency(self) -> str:
        """The name of the unit's agency."""
        return self.unit.office

    def signing(self, document: SignedDocument, on: date) -> Signing:
        """Return who signs a document; blanks where the table knows nothing of this level and regulation."""
        names = SignerNames(unit=self.unit.name, on=on, office=self.unit.office)
        return signing_of(document, self.unit.level, self.regulation.id, names) or Signing(
            superior=(),
            body=(self.unit.office.upper(),),
            authority=(),
            signs=(BLANK,),
            beside=(),
            symbol=SHORT_BLANK,
            source="",
            uncertain=True,
        )

    def head(self, who: Signing, on: date, *, number: str | None = None, regarding: str = "") -> Head:
        """Return the head of a document; its number and day stay blank where it has no number yet."""
        return Head(
            superior=who.superior,
            body=who.body,
            number=numbered(number, who.symbol),
            place_and_day=place_and_day(self.unit.name, on if number else None, on.year),
            regarding=regarding,
        )


def grounds_of(*said: str) -> tuple[TextLine, ...]:
    """Return the grounds of a document: each ends with a semicolon, the last with a full stop."""
    return tuple(
        TextLine(f"{one}{'.' if place == len(said) else ';'}", LineRole.GROUND)
        for place, one in enumerate(said, start=1)
    )
