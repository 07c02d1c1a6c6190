"""A document is issued: the signed file is kept beside its draft, under the clerk's number; never made again.

Numbers run by series: a body, its sign, a year. One is proposed; the clerk's wins, and what then stands twice
or is left out is told. Number and day are compared with what the session says of its decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed
from ocop_workflow.audit.chain import record as note
from ocop_workflow.councils.sittings import find_session, run_session
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.clerk import Expected, in_audit, refuse_wrong, remarks, row_of
from ocop_workflow.documents.drafting import draft_document, items_of, refuse_unclear, view_of
from ocop_workflow.documents.lacks import signed_as_in
from ocop_workflow.documents.numbering import series_of
from ocop_workflow.documents.paper.pieces import OfficialDocument
from ocop_workflow.documents.record import read_session
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import Conflict, NotFound, Text, say
from ocop_workflow.people.officers import permitted
from ocop_workflow.regulations.councils.documents import FiledDocument, SessionDocument
from ocop_workflow.regulations.signers import signer_doubt

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.drafting import DocumentOrder
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord, Surroundings
    from ocop_workflow.errors import Language
    from ocop_workflow.files import KeptFile
    from ocop_workflow.store import Connection


def refuse_issuing(
    tx: Connection, session_id: int, order: DocumentOrder, actor: Actor, around: Surroundings
) -> None:
    """Turn away, before a byte of a file is taken, whoever may not issue a document.

    Raises:
        NotFound, NotPermitted, InvalidInput, Conflict: as `issue_document`.
    """
    session = find_session(tx, actor, session_id)
    permitted(tx, actor, Permission.RUN_SESSIONS, session.unit_id)
    _issuable(tx, session_id, order, actor, around)


def _issuable(
    tx: Connection, session_id: int, order: DocumentOrder, actor: Actor, around: Surroundings
) -> tuple[SessionOnRecord, tuple[ProductOnRecord, ...]]:
    draft_document(tx, session_id, order, actor, around)
    record = read_session(tx, session_id, actor, around)
    series = series_of(record, order.kind, record.year)
    if not series.counts and not record.session.decision_number:
        raise Conflict(
            "Chưa lưu được giấy chứng nhận đã ký: quyết định công nhận chưa ghi số.",
            "No signed certificate is filed yet: its decision has no number on record.",
        )
    return record, items_of(record, order)


def issue_document(  # noqa: PLR0913 - all but three by name
    tx: Connection,
    session_id: int,
    order: DocumentOrder,
    given: Issue,
    kept: KeptFile,
    *,
    actor: Actor,
    around: Surroundings,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> IssuedView:
    """File a signed document beside its draft; it is not drafted again afterwards.

    Args:
        tx: a writing transaction.
        session_id: the session.
        order: which document.
        given: number, day and signer that stand on it.
        kept: the signed file, in the store already.
        actor: whoever runs the session.
        around: what the service knows beside the database.
        today: the local day.
        now: this instant.
        language: of what is told.

    Raises:
        NotFound: there is no such session, product or commune.
        NotPermitted: the actor does not run the session.
        Conflict: it cannot be drafted yet, bears no number, or was issued already.
        InvalidInput: the number begins with no figure, the day lies in the future or before what it rests on,
            or they are not those of the decision on record; all faults at once.
    """
    _, warrant = run_session(tx, actor, session_id)
    record, items = _issuable(tx, session_id, order, actor, around)
    refuse_wrong(given, _expected(record, order.kind), today)
    view = view_of(record, order.kind, items, order)
    title = view.title if isinstance(view, OfficialDocument) else order.kind.text.vi
    series = series_of(record, order.kind, given.issued_on.year)
    told = tuple(remarks(tx, series, given, _doubt(record, order.kind, given.signer)))
    draft = draft_document(tx, session_id, order, actor, around).written()
    row = row_of(given, kept, series=series, title=title, draft=draft.content, actor=actor, now=now)
    number = issued.insert_issued(
        tx,
        {
            "session_id": session_id,
            "kind": FiledDocument(order.kind.value),
            "unit_id": items[0].dossier.unit_id if order.commune else None,
            "scored_id": items[0].listed.id if order.product else None,
            **row,
        },
    )
    after = in_audit(number, order.kind.value, row)
    note(tx, actor, Deed("document.issue", f"session:{session_id}", None, after), now, warrant)
    (filed,) = (item for item in issued.issued_in(tx, session_id) if item.id == number)
    return IssuedView.alike(filed, told=tuple(say(one, language) for one in told))


def find_issued(
    tx: Connection, session_id: int, order: DocumentOrder, actor: Actor, around: Surroundings
) -> IssuedRecord:
    """Return a document as it was issued; its bytes are fetched from the store by their SHA-256.

    Raises:
        NotFound: there is no such session, or it was not issued.
        NotPermitted: the actor is neither of the council nor of its agency.
        InvalidInput: it is not said which of several is wanted.
    """
    record = read_session(tx, session_id, actor, around)
    refuse_unclear(order)
    found = record.issued_as(order.kind, items_of(record, order), by_commune=bool(order.commune))
    if found is None:
        raise NotFound(f"{order.kind.text.vi} chưa ban hành.", f"The {order.kind.value} has not been issued.")
    return found


def _expected(record: SessionOnRecord, kind: SessionDocument) -> Expected:
    """Return what number and day are compared with: an invitation precedes its session, all else follows."""
    session = record.session
    is_decision = kind in (SessionDocument.DECISION, SessionDocument.CERTIFICATE)
    return Expected(
        not_before=None if kind is SessionDocument.INVITATION else session.held_on,
        because=Text("phiên họp", "the session"),
        number=(session.decision_number or None) if is_decision else None,
        day=session.decided_on if is_decision else None,
    )


def _doubt(record: SessionOnRecord, kind: SessionDocument, signer: str) -> Text | None:
    signed_as = signed_as_in(record, kind)
    return signer_doubt(signer, signed_as, record.level, record.regulation.id) if signed_as else None
