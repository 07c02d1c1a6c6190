"""Which documents there are outside sessions: of a certificate, and of a product's last step."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ocop_workflow.errors import NotFound, Text
from ocop_workflow.regulations.councils.documents import FiledDocument, SessionDocument
from ocop_workflow.regulations.signers import SignedDocument


class OutsideDocument(StrEnum):
    """A document outside sessions, as addresses and commands name it."""

    DECISION = "decision"
    CERTIFICATE = "certificate"
    APPROVAL = "approval"
    LETTER_UP = "letter-up"
    NOTICE = "notice"
    EXTRACT = "extract"
    REVOCATION = "revocation"
    REVOCATION_NOTICE = "revocation-notice"
    REVOCATION_LETTER = "revocation-letter"

    @property
    def text(self) -> Text:
        """What it is called, in both languages."""
        if self is OutsideDocument.EXTRACT:
            return Text("Trích sổ đăng ký giấy chứng nhận", "Extract from the register")
        return self.filed.text if self.filed else SessionDocument(self.value).text

    @property
    def filed(self) -> FiledDocument | None:
        """As what its signed file is kept; none: it bears no number of its own, or is taken anew each day."""
        return FiledDocument(self.value) if self.value in list(FiledDocument) else None


#: of a certificate, in the order in which they come to be
OF_CERTIFICATE: Final = (
    OutsideDocument.DECISION,
    OutsideDocument.CERTIFICATE,
    OutsideDocument.NOTICE,
    OutsideDocument.EXTRACT,
    OutsideDocument.REVOCATION,
    OutsideDocument.REVOCATION_NOTICE,
    OutsideDocument.REVOCATION_LETTER,
)
#: of the revocation of a certificate
OF_REVOCATION: Final = OF_CERTIFICATE[-3:]
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
