"""A document outside sessions is issued: its signed file is kept beside its draft, it is never made again.

It belongs to the step that it is about: a recognition, a dossier sent up or not recognised, a revocation.
Numbers run in the same series as those of sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.audit.chain import Deed
from ocop_workflow.audit.chain import record as note
from ocop_workflow.councils.sittings import checked
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.clerk import (
    Expected,
    in_audit,
    lowered,
    nothing_filed,
    refuse_wrong,
    remarks,
    row_of,
    withdrawn,
)
from ocop_workflow.documents.outside import subjects
from ocop_workflow.documents.outside.drafting import draft_of, filed_as, view_of
from ocop_workflow.documents.outside.kinds import OF_REVOCATION, OutsideDocument
from ocop_workflow.documents.outside.record import refuse_drafting
from ocop_workflow.documents.paper.pieces import OfficialDocument
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import Conflict, Text, say
from ocop_workflow.people.officers import permitted
from ocop_workflow.places import queries as units
from ocop_workflow.products.notices.filed_queries import hold_step
from ocop_workflow.regulations.signers import signer_doubt
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.numbering import Series
    from ocop_workflow.documents.outside.subjects import DraftSubject
    from ocop_workflow.documents.record import Surroundings
    from ocop_workflow.errors import Language
    from ocop_workflow.files import KeptFile
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class OutsideOrder:
    """Which document outside sessions: of a certificate by its number, or of a product by its code."""

    kind: OutsideDocument
    certificate: int | None = None
    product: str | None = None

    @property
    def about(self) -> str:
        """What it is of, as the audit names it."""
        return f"certificate:{self.certificate}" if self.certificate else f"product:{self.product}"

    def subject(self, tx: Connection, actor: Actor, today: date) -> DraftSubject:
        """Return what it is of.

        Raises:
            NotFound: the actor sees none such.
        """
        if self.certificate is not None:
            return subjects.of_certificate(tx, self.certificate, actor, today)
        return subjects.of_product(tx, self.product or "", actor)


def refuse_filing(
    tx: Connection, order: OutsideOrder, actor: Actor, around: Surroundings, today: date
) -> None:
    """Turn away, before a byte of a file is taken, whoever may not file a document.

    Raises:
        NotFound, NotPermitted, Conflict: as `file_outside`.
    """
    subject = order.subject(tx, actor, today)
    _warrant(tx, subject, order.kind, actor)
    draft_of(tx, subject, order.kind, actor, around, today)
    _series(subject, order.kind, today.year)


def file_outside(  # noqa: PLR0913 - all but four by name
    tx: Connection,
    order: OutsideOrder,
    given: Issue,
    kept: KeptFile,
    *,
    actor: Actor,
    around: Surroundings,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> IssuedView:
    """File a signed document outside sessions beside its draft; it is not drafted again afterwards.

    Args:
        tx: a writing transaction.
        order: which document.
        given: number, day and signer that stand on it.
        kept: the signed file, in the store already.
        actor: whoever runs sessions for the body that issues it, or for the plan's authority.
        around: what the service knows beside the database.
        today: the local day.
        now: this instant.
        language: of what is told.

    Raises:
        NotFound: the actor sees no such certificate or product.
        NotPermitted: the actor does not run sessions there.
        Conflict: it cannot be drafted, bears no number of its own, or was filed already.
        InvalidInput: number or day cannot be, or are not those of the decision on record; all faults at once.
    """
    subject = order.subject(tx, actor, today)
    warrant = _warrant(tx, subject, order.kind, actor)
    _hold(tx, subject, order.kind)
    subject = order.subject(tx, actor, today)  # its step may have been undone meanwhile
    draft = draft_of(tx, subject, order.kind, actor, around, today)
    series = _series(subject, order.kind, given.issued_on.year)
    refuse_wrong(given, _expected(subject, order.kind), today)
    view = view_of(tx, subject, order.kind, actor, around, today)
    title = view.title if isinstance(view, OfficialDocument) else order.kind.text.vi
    told = tuple(remarks(tx, series, given, _doubt(subject, order.kind, given.signer)))
    content = draft.written().content
    row = row_of(given, kept, series=series, title=title, draft=content, actor=actor, now=now)
    whose = {"transition_id": subject.rests_on(order.kind), "kind": order.kind.filed}
    number = issued.insert_issued(tx, {**whose, **row})
    after = in_audit(number, order.kind.value, row)
    note(tx, actor, Deed("document.issue", order.about, None, after), now, warrant)
    return IssuedView.alike(_stored(tx, number), told=tuple(say(one, language) for one in told))


def find_filed(tx: Connection, order: OutsideOrder, actor: Actor, today: date) -> IssuedRecord:
    """Return a document as it was issued; its bytes are fetched from the store by their SHA-256.

    Raises:
        NotFound: the actor sees no such certificate or product, or no signed file is kept.
        NotPermitted: the actor drafts no documents there.
    """
    subject = order.subject(tx, actor, today)
    if subject.step is not None and order.kind not in OF_REVOCATION:
        refuse_drafting(tx, actor, subject.step)
    return _filed(tx, subject, order.kind)


def take_back_outside(
    tx: Connection, order: OutsideOrder, reason: str, *, actor: Actor, today: date, now: datetime
) -> IssuedView:
    """Take a filing back: it stays on record, struck through; the document can be filed again.

    Raises:
        NotFound: the actor sees no such certificate or product, or no signed file is kept.
        NotPermitted: the actor does not run sessions there.
        InvalidInput: no reason is given.
        Conflict: a notice or letter that was filed since rests on it; it is named.
    """
    subject = order.subject(tx, actor, today)
    warrant = _warrant(tx, subject, order.kind, actor)
    because = checked(clean(reason))
    _hold(tx, subject, order.kind)
    found = _filed(tx, subject, order.kind)
    _refuse_later(tx, found)
    note(tx, actor, withdrawn(tx, found, order.about, because, actor, now), now, warrant)
    return IssuedView.alike(_stored(tx, found.id))


def _hold(tx: Connection, subject: DraftSubject, kind: OutsideDocument) -> None:
    """Let no two file one document, or one file it while another takes it back."""
    step = subject.rests_on(kind)
    if step is not None:
        hold_step(tx, step)


def _stored(tx: Connection, number: int) -> IssuedRecord:
    found = issued.issued_by_id(tx, number)
    assert found is not None, number  # noqa: S101 - stored a moment ago, in this transaction
    return found


def _filed(tx: Connection, subject: DraftSubject, kind: OutsideDocument) -> IssuedRecord:
    found = filed_as(tx, subject, kind)
    if found is None:
        raise nothing_filed(kind.text)
    return found


def _warrant(tx: Connection, subject: DraftSubject, kind: OutsideDocument, actor: Actor) -> Warrant:
    """Return in whose name the actor files: of the body that issues it, else of whoever stands in for it.

    Raises:
        NotPermitted: in nobody's.
    """
    places = subjects.filed_by(tx, subject, kind)
    for unit_id in places[:-1]:
        found = may(actor, Permission.RUN_SESSIONS, Place(frozenset(units.lineage(tx, unit_id))))
        if found is not None:
            return found
    return permitted(tx, actor, Permission.RUN_SESSIONS, places[-1])


def _series(subject: DraftSubject, kind: OutsideDocument, year: int) -> Series:
    """Return the series of a document that is filed.

    Raises:
        Conflict: it bears no number, or what it is about is not on record.
    """
    found = subjects.series(subject, kind, year)
    if found is None:
        raise Conflict(
            f"Chưa lưu được bản đã ký: {lowered(kind.text.vi)} không đánh số riêng, hoặc việc mà nó nói tới "
            "chưa ghi.",
            f"No signed file is kept: the {lowered(kind.text.en)} bears no number of its own, or what it is "
            "about is not on record yet.",
        )
    return found


def _expected(subject: DraftSubject, kind: OutsideDocument) -> Expected:
    """Return what number and day are compared with: the decision on record; all else follows it."""
    number, day = subjects.decision_on_record(subject, kind)
    if kind in OF_REVOCATION:
        since = subject.revocation.day if subject.revocation else None
    else:
        since = subject.step.made_on if subject.step else None
    return Expected(
        not_before=None if number else since,
        because=Text("quyết định", "the decision"),
        number=number or None,
        day=day,
        by=Text("đã ghi", "on record is"),
    )


def _doubt(subject: DraftSubject, kind: OutsideDocument, signer: str) -> Text | None:
    row = subjects.signer_row_of(subject, kind)
    return signer_doubt(signer, *row[:3]) if row else None


def _refuse_later(tx: Connection, found: IssuedRecord) -> None:
    """Refuse to take back what a document filed since rests on: notice and letter follow a decision.

    Raises:
        Conflict: one does; it is named.
    """
    decides = {OutsideDocument.DECISION, OutsideDocument.APPROVAL, OutsideDocument.REVOCATION}
    if found.transition_id is None or found.kind.value not in decides:
        return
    for item in issued.issued_of(tx, [found.transition_id]):
        if item.id > found.id and item.taken_back_at is None:
            raise Conflict(
                f"{found.kind.text.vi} số {found.number} không rút lại được: đã căn cứ vào đó có "
                f"{lowered(item.kind.text.vi)} số {item.number} ngày {item.issued_on:%d/%m/%Y}. Rút lại việc "
                "ấy trước.",
                f"The {found.kind.value} {found.number} cannot be taken back: on it rests the "
                f"{item.kind.value} {item.number} of {item.issued_on}. Take that back first.",
            )
