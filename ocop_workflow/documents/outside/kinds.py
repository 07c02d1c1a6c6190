"""Which documents there are outside sessions: of a certificate, and of a product's last step."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ocop_workflow.errors import NotFound, Text
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.regulations.signers import SignedDocument


class OutsideDocument(StrEnum):
    """A document outside sessions, as addresses and commands name it."""

    DECISION = "decision"
    CERTIFICATE = "certificate"
    APPROVAL = "approval"
    LETTER_UP = "letter-up"
    NOTICE = "notice"
    EXTRACT = "extract"

    @property
    def text(self) -> Text:
        """What it is called, in both languages."""
        if self is OutsideDocument.EXTRACT:
            return Text("Trích sổ đăng ký giấy chứng nhận", "Extract from the register")
        return SessionDocument(self.value).text


#: of a certificate, in the order in which they come to be
OF_CERTIFICATE: Final = (
    OutsideDocument.DECISION,
    OutsideDocument.CERTIFICATE,
    OutsideDocument.NOTICE,
    OutsideDocument.EXTRACT,
)
#: of a product that was sent up, or was not recognised
OF_PRODUCT: Final = (OutsideDocument.APPROVAL, OutsideDocument.LETTER_UP, OutsideDocument.NOTICE)
#: by which row of the table of signers each is signed
SIGNED_BY: Final = {
    OutsideDocument.DECISION: SignedDocument.RECOGNITION,
    OutsideDocument.CERTIFICATE: SignedDocument.RECOGNITION,
    OutsideDocument.APPROVAL: SignedDocument.APPROVAL,
    OutsideDocument.LETTER_UP: SignedDocument.LETTER_UP,
    OutsideDocument.NOTICE: SignedDocument.NOTICE,
    OutsideDocument.EXTRACT: SignedDocument.REGISTER_EXTRACT,
}


def outside_document(kind: str, among: tuple[OutsideDocument, ...]) -> OutsideDocument:
    """Return a document by the name that addresses and commands use.

    Args:
        kind: its name.
        among: those that there are here.

    Raises:
        NotFound: there is none of this name here.
    """
    found = next((one for one in among if one == kind), None)
    if found is None:
        known = ", ".join(among)
        raise NotFound(f"Không có văn bản {kind}; có: {known}.", f"There is no {kind}; there are: {known}.")
    return found
