"""A document is issued: the signed file is kept beside its draft, under the clerk's number; never made again.

Numbers run by series: a body, its sign, a year. One is proposed; the clerk's wins, and what then stands twice
or is left out is told. Number and day are compared with what the session says of its decision.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed
from ocop_workflow.audit.chain import record as note
from ocop_workflow.councils.sittings import find_session, run_session
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.drafting import draft_document, items_of, refuse_unclear, view_of
from ocop_workflow.documents.lacks import signed_as_in
from ocop_workflow.documents.numbering import series_of
from ocop_workflow.documents.paper.pieces import OfficialDocument
from ocop_workflow.documents.record import read_session
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import InvalidInput, NotFound, Text, fault, say
from ocop_workflow.people.officers import permitted
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.regulations.signers import signer_doubt
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DocumentOrder
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.numbering import Series
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord, Surroundings
    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.files import KeptFile
    from ocop_workflow.store import Connection

_SERIAL: Final = re.compile(r"0*([1-9][0-9]{0,8})(?:/[^\s].*)?")
_MOST_GAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Issue:
    """How a document was issued: number and sign as the clerk gave them, the local day, who signed."""

    number: str
    issued_on: date
    signer: str


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
    series_of(record, order.kind, record.year)
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
    faults = list(_faults(record, order.kind, given, today))
    if faults:
        raise InvalidInput("Số, ngày của văn bản có lỗi.", "Number or day is at fault.", faults)
    view = view_of(record, order.kind, items, order)
    title = view.title if isinstance(view, OfficialDocument) else order.kind.text.vi
    series = series_of(record, order.kind, given.issued_on.year)
    serial = _serial(given.number)
    told = tuple(_remarks(tx, record, order.kind, series, serial, given))
    draft = draft_document(tx, session_id, order, actor, around).written()
    unit = items[0].dossier.unit_id if order.commune else None
    scored = items[0].listed.id if order.product else None
    values = {
        "session_id": session_id,
        "kind": order.kind,
        "unit_id": unit,
        "scored_id": scored,
        "title": title[:300],
        "series": series.name,
        "year": series.year,
        "serial": serial,
        "number": clean(given.number),
        "issued_on": given.issued_on,
        "signer": clean(given.signer),
        "draft_sha256": hashlib.sha256(draft.content).hexdigest(),
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "media_type": kept.kind.media_type,
        "filed_at": now,
        "filed_by": clean(actor.login)[:100],
    }
    number = issued.insert_issued(tx, values)
    after = {
        "document": number,
        "kind": order.kind.value,
        "number": values["number"],
        "issued_on": given.issued_on.isoformat(),
        "sha256": kept.sha256,
        "draft": values["draft_sha256"],
    }
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


def _serial(number: str) -> int:
    found = _SERIAL.fullmatch(clean(number))
    return int(found[1]) if found else 0


def _faults(record: SessionOnRecord, kind: SessionDocument, given: Issue, today: date) -> Iterator[Fault]:
    session = record.session
    if not _serial(given.number):
        yield fault("number", "phải bắt đầu bằng số: 12/BC-HĐOCOP", "must begin with a figure: 12/BC-HĐOCOP")
    if not clean(given.signer):
        yield fault("signer", "phải ghi người ký", "say who signed")
    if given.issued_on > today:
        yield fault(
            "issued_on",
            f"{given.issued_on:%d/%m/%Y} còn ở tương lai",
            f"{given.issued_on} is in the future",
        )
    if kind is not SessionDocument.INVITATION and given.issued_on < session.held_on:
        yield fault(
            "issued_on",
            f"{given.issued_on:%d/%m/%Y} đứng trước phiên họp ngày {session.held_on:%d/%m/%Y}",
            f"{given.issued_on} lies before the session of {session.held_on}",
        )
    if kind is SessionDocument.DECISION and session.decision_number:
        if _plain(given.number) != _plain(session.decision_number):
            yield fault(
                "number",
                f"là {given.number}, phiên ghi {session.decision_number}",
                f"is {given.number}, the session has {session.decision_number}",
            )
        if given.issued_on != session.decided_on:
            yield fault(
                "issued_on",
                f"là {given.issued_on:%d/%m/%Y}, phiên ghi {session.decided_on:%d/%m/%Y}",
                f"is {given.issued_on}, the session has {session.decided_on}",
            )


def _plain(number: str) -> str:
    """Return a number as it is compared: without zeros before it, spaces, or case."""
    return re.sub(r"\s+", "", clean(number)).lstrip("0").casefold()


def _remarks(
    tx: Connection,
    record: SessionOnRecord,
    kind: SessionDocument,
    series: Series,
    serial: int,
    given: Issue,
) -> Iterator[Text]:
    """Tell what is odd about a number that the clerk gave, and about who signed; nothing of it is refused."""
    before = issued.serials_of(tx, series.name, series.year)
    if serial in before:
        yield Text(
            f"Số {serial} của {series.name} năm {series.year} đã có văn bản khác.",
            f"The number {serial} of {series.name} in {series.year} is another document's, too.",
        )
    yield from _gaps(series, before, serial)
    signed_as = signed_as_in(record, kind)
    doubt = signed_as and signer_doubt(given.signer, signed_as, record.level, record.regulation.id)
    if doubt:
        yield doubt


def _gaps(series: Series, before: Sequence[int], serial: int) -> Iterator[Text]:
    known = {*before, serial}
    missing = [number for number in range(min(known), max(known)) if number not in known]
    if missing and serial > max(before, default=0):
        named = ", ".join(map(str, missing[:_MOST_GAPS])) + ("…" if len(missing) > _MOST_GAPS else "")
        yield Text(
            f"Dãy số của {series.name} năm {series.year} còn trống ở đây: {named}.",
            f"Numbers of {series.name} in {series.year} that are not filed here: {named}.",
        )
