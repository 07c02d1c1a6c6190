"""Drafting a document that ends certificates: nothing more is read once its transaction is over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.ending.expiry import expiry_notice
from ocop_workflow.documents.ending.record import read_expiries, read_revocation
from ocop_workflow.documents.ending.revocation import decision, letter, notice
from ocop_workflow.documents.ending.words import RevocationDocument
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.errors import Conflict
from ocop_workflow.files import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.ending.record import RevocationOnRecord
    from ocop_workflow.documents.paper.pieces import OfficialDocument
    from ocop_workflow.store import Connection

_DRAWN: Final[dict[RevocationDocument, Callable[[RevocationOnRecord], OfficialDocument]]] = {
    RevocationDocument.DECISION: decision,
    RevocationDocument.NOTICE: notice,
    RevocationDocument.LETTER: letter,
}
_FILES: Final = {
    RevocationDocument.DECISION: "quyet-dinh-thu-hoi",
    RevocationDocument.NOTICE: "thong-bao-thu-hoi",
    RevocationDocument.LETTER: "cong-van-thu-hoi",
}


def draft_revocation(
    tx: Connection, number: int, kind: RevocationDocument, actor: Actor, today: date
) -> DraftedDocument:
    """Draft a document of a revocation.

    Raises:
        NotFound, NotPermitted, Conflict: see `read_revocation`.
        Conflict: notice and letter tell of a decision that is not on record yet.
    """
    record = read_revocation(tx, number, actor, today)
    if kind is not RevocationDocument.DECISION and record.concluded.revoked is None:
        raise Conflict(
            f"Chưa lập được {kind.text.vi}: chưa ghi quyết định thu hồi (thao tác «Thu hồi»).",
            f"The {kind.text.en} cannot be drafted yet: the decision is not on record (the step `revoke`).",
        )
    name = f"giay-chung-nhan-{number}-{_FILES[kind]}.docx"
    return DraftedDocument(name, FileKind.DOCX.media_type, partial(write, _DRAWN[kind](record)))


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
