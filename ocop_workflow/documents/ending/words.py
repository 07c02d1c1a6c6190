"""Which documents end a certificate, and what the pieces of their text have alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.paper.pieces import BLANK, SHORT_BLANK, Head, LineRole, TextLine
from ocop_workflow.documents.session.words import numbered, place_and_day
from ocop_workflow.errors import NotFound, Text
from ocop_workflow.regulations.signers import SignerNames, Signing, signing_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.regulations.signers import SignedDocument


class RevocationDocument(StrEnum):
    """A document of a revocation, as addresses and commands name it."""

    DECISION = "decision"
    NOTICE = "notice"
    LETTER = "letter"

    @property
    def text(self) -> Text:
        """What it is called, in both languages."""
        return _LABELS[self]


_LABELS: Final = {
    RevocationDocument.DECISION: Text("quyết định thu hồi", "decision of revocation"),
    RevocationDocument.NOTICE: Text("thông báo gửi chủ thể, UBND cấp xã", "notice to producer and commune"),
    RevocationDocument.LETTER: Text("công văn gửi UBND cấp xã", "letter to the commune"),
}


def named(kind: str) -> RevocationDocument:
    """Return a document by the name that addresses and commands use.

    Raises:
        NotFound: there is none of this name.
    """
    if kind not in list(RevocationDocument):
        known = ", ".join(RevocationDocument)
        raise NotFound(f"Không có văn bản {kind}; có: {known}.", f"There is no {kind}; there are: {known}.")
    return RevocationDocument(kind)


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
