"""Drafting a document that ends certificates: nothing more is read once its transaction is over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.ending.expiry import expiry_notice
from ocop_workflow.documents.ending.record import read_expiries
from ocop_workflow.documents.ending.revocation import decision, letter, notice
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.errors import Text
from ocop_workflow.files import FileKind
from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.ending.record import RevocationOnRecord
    from ocop_workflow.documents.paper.pieces import OfficialDocument
    from ocop_workflow.regulations.signers import Signing
    from ocop_workflow.store import Connection

_DRAWN: Final[dict[FiledDocument, Callable[[RevocationOnRecord], OfficialDocument]]] = {
    FiledDocument.REVOCATION: decision,
    FiledDocument.REVOCATION_NOTICE: notice,
    FiledDocument.REVOCATION_LETTER: letter,
}
#: by which row of the table of signers each is signed
SIGNED_AS: Final = {
    FiledDocument.REVOCATION: SignedDocument.REVOCATION,
    FiledDocument.REVOCATION_NOTICE: SignedDocument.NOTICE,
    FiledDocument.REVOCATION_LETTER: SignedDocument.LETTER_DOWN,
}


def why_not_ending(record: RevocationOnRecord, kind: FiledDocument) -> Text | None:
    """Say why a document of a revocation cannot be drafted; none: it can."""
    if kind is FiledDocument.REVOCATION or record.concluded.revoked is not None:
        return None
    return Text(
        "chưa ghi quyết định thu hồi (thao tác «Thu hồi»)",
        "the decision is not on record yet (the step `revoke`)",
    )


def revocation_of(record: RevocationOnRecord, kind: FiledDocument) -> OfficialDocument:
    """Return a document of a revocation as it is drafted."""
    return _DRAWN[kind](record)


def revocation_signed(record: RevocationOnRecord, kind: FiledDocument) -> Signing:
    """Return who signs a document of a revocation."""
    return record.issuing.signing(SIGNED_AS[kind], record.day or record.on)


def draft_expiry_notice(
    tx: Connection, unit: str, span: tuple[date, date], actor: Actor, today: date
) -> DraftedDocument:
    """Draft the notice of a unit's certificates that ran out in a span of days.

    Raises:
        NotFound, NotPermitted, InvalidInput, Conflict: see `read_expiries`.
    """
    record = read_expiries(tx, unit, span, actor, today)
    name = f"thong-bao-het-han-{unit}-{span[1]:%Y-%m-%d}.docx"
    return DraftedDocument(name, FileKind.DOCX.media_type, partial(write, expiry_notice(record)))
