"""Drafting a document that ends certificates: nothing more is read once its transaction is over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.clerk import refuse_again
from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.ending.expiry import expiry_notice
from ocop_workflow.documents.ending.record import announcing_unit, read_expiries
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
    from ocop_workflow.documents.ending.record import ExpirySpan, RevocationOnRecord
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.paper.pieces import OfficialDocument
    from ocop_workflow.places.queries import UnitRecord
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


def draft_expiry_notice(tx: Connection, span: ExpirySpan, actor: Actor, today: date) -> DraftedDocument:
    """Draft the notice of a unit's certificates that ran out in a span of days.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`.
        Conflict: none ran out, or the signed notice of this very span is filed.
    """
    unit = announcing_unit(tx, span, actor)
    refuse_again(FiledDocument.EXPIRY_NOTICE.text, filed_notice(tx, unit, span))
    record = read_expiries(tx, unit, span, today)
    name = f"thong-bao-het-han-{span.unit}-{span.until:%Y-%m-%d}.docx"
    return DraftedDocument(name, FileKind.DOCX.media_type, partial(write, expiry_notice(record)))


def filed_notice(tx: Connection, unit: UnitRecord, span: ExpirySpan) -> IssuedRecord | None:
    """Return the signed notice of a unit's span as it was issued; none: it was not, or was taken back."""
    filings = issued.expiry_notices_of(tx, unit.id)
    standing = (one for one in filings if one.taken_back_at is None)
    return next((one for one in standing if (one.since, one.until) == (span.since, span.until)), None)
