"""A document that was filed by mistake is taken back: nothing is deleted, and it can be filed again.

The filing stays on record, struck through, with who took it back and why; its bytes stay in the store. What
was done since on the ground of the document stands in the way, and is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.audit.chain import record as note
from ocop_workflow.councils.sittings import checked, run_session
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents import queries
from ocop_workflow.documents.clerk import lowered, nothing_filed, withdrawn
from ocop_workflow.documents.drafting import items_of, refuse_unclear
from ocop_workflow.documents.record import read_session
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import Conflict, Text
from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DocumentOrder
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.record import SessionOnRecord, Surroundings
    from ocop_workflow.store import Connection

_OUTCOME: Final = frozenset({FiledDocument.DECISION, FiledDocument.APPROVAL})
#: what rests on each: a submission sends the minutes and the report on, a decision follows the submission …
_REST_ON: Final[dict[FiledDocument, frozenset[FiledDocument]]] = {
    FiledDocument.MINUTES: frozenset({FiledDocument.COUNCIL_REPORT, FiledDocument.SUBMISSION}) | _OUTCOME,
    FiledDocument.COUNCIL_REPORT: frozenset({FiledDocument.SUBMISSION}) | _OUTCOME,
    FiledDocument.SUBMISSION: _OUTCOME,
    FiledDocument.DECISION: frozenset({FiledDocument.NOTICE, FiledDocument.CERTIFICATE}),
    FiledDocument.APPROVAL: frozenset({FiledDocument.LETTER_UP, FiledDocument.NOTICE}),
}


def take_back_document(
    tx: Connection,
    session_id: int,
    order: DocumentOrder,
    reason: str,
    *,
    actor: Actor,
    around: Surroundings,
    now: datetime,
) -> IssuedView:
    """Take a filing back; the document can be drafted and filed again, and its number is free again.

    Args:
        tx: a writing transaction.
        session_id: the session.
        order: which document.
        reason: why.
        actor: whoever runs the session.
        around: what the service knows beside the database.
        now: this instant.

    Raises:
        NotFound: there is no such session, or the document is not filed.
        NotPermitted: the actor does not run the session.
        InvalidInput: no reason is given, or it is not said which of several documents is meant.
        Conflict: something was done since that rests on it; it is named.
    """
    _, warrant = run_session(tx, actor, session_id)
    because = checked(clean(reason))
    record = read_session(tx, session_id, actor, around)
    refuse_unclear(order)
    found = record.issued_as(order.kind, items_of(record, order), by_commune=bool(order.commune))
    if found is None:
        raise nothing_filed(order.kind.text)
    _refuse_later(tx, record, found)
    deed = withdrawn(tx, found, f"session:{session_id}", because, actor, now)
    note(tx, actor, deed, now, warrant)
    (taken,) = (item for item in issued.issued_in(tx, session_id) if item.id == found.id)
    return IssuedView.alike(taken)


def _refuse_later(tx: Connection, record: SessionOnRecord, found: IssuedRecord) -> None:
    """Refuse to take back what something done since rests on.

    Raises:
        Conflict: it does; it is named.
    """
    later = [*_documents_since(record, found), *_certificates_since(tx, record, found)]
    if later:
        vi, en = "; ".join(one.vi for one in later), "; ".join(one.en for one in later)
        raise Conflict(
            f"{found.kind.text.vi} số {found.number} không rút lại được: đã căn cứ vào đó có {vi}. Rút lại, "
            "hoàn tác việc ấy trước.",
            f"The {found.kind.value} {found.number} cannot be taken back: on it rests {en}. Take that back "
            "first.",
        )


def _documents_since(record: SessionOnRecord, found: IssuedRecord) -> Iterator[Text]:
    for item in record.issued:
        stands = item.taken_back_at is None and item.id > found.id
        if stands and item.kind in _REST_ON.get(found.kind, ()):
            yield Text(
                f"{lowered(item.kind.text.vi)} số {item.number} ngày {item.issued_on:%d/%m/%Y}",
                f"the {item.kind.value} {item.number} of {item.issued_on}",
            )


def _certificates_since(tx: Connection, record: SessionOnRecord, found: IssuedRecord) -> Iterator[Text]:
    """Name the certificates that were recorded since by the decision that was filed."""
    if found.kind is not FiledDocument.DECISION or record.session.decision_number is None:
        return
    for code in queries.granted_since(tx, record.session.id, record.session.decision_number, found.filed_at):
        yield Text(f"việc công nhận {code} (giấy chứng nhận đã ghi)", f"the certificate of {code}")
