"""What can be drafted outside sessions: of a certificate, of a product's last step; and drafting one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents import queries
from ocop_workflow.documents.clerk import lowered, refuse_again
from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.ending.drafting import revocation_of
from ocop_workflow.documents.ending.record import read_revocation
from ocop_workflow.documents.numbering import next_in
from ocop_workflow.documents.outside import subjects, texts, upward
from ocop_workflow.documents.outside.kinds import OF_REVOCATION, OutsideDocument
from ocop_workflow.documents.outside.record import refuse_drafting, step_of_certificate
from ocop_workflow.documents.outside.views import OutsideDocumentsView, OutsideLineView
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import Conflict, Text, say
from ocop_workflow.files import FileKind
from ocop_workflow.people.officers import sees

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.outside.record import OutsideStep
    from ocop_workflow.documents.outside.subjects import DraftSubject
    from ocop_workflow.documents.paper.pieces import CertificatePaper, OfficialDocument
    from ocop_workflow.documents.record import Surroundings
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection


def list_certificate_documents(
    tx: Connection, number: int, actor: Actor, today: date, language: Language = "vi"
) -> OutsideDocumentsView:
    """Return what can be drafted of a certificate outside sessions, on a local day.

    Raises:
        NotFound: none that the actor may see has this number.
    """
    return _listed(tx, subjects.of_certificate(tx, number, actor, today), actor, today, language)


def list_product_documents(
    tx: Connection, code: str, actor: Actor, today: date, language: Language = "vi"
) -> OutsideDocumentsView:
    """Return what can be drafted of the step by which a product was sent up, or not, on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    return _listed(tx, subjects.of_product(tx, code, actor), actor, today, language)


def draft_of_certificate(
    tx: Connection,
    number: int,
    kind: OutsideDocument,
    *,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> DraftedDocument:
    """Draft a certificate's document outside sessions; what is not known stays a dotted blank.

    Args:
        tx: the transaction.
        number: of the certificate.
        kind: which document.
        actor: who asks.
        around: what the service knows beside the database.
        today: the local day, on which an extract is taken from the register.

    Raises:
        NotFound: none that the actor may see has this number.
        NotPermitted: see `refuse_drafting`; an extract is for everybody who sees the certificate.
        Conflict: it cannot be drafted, and why; or its signed file is kept.
    """
    subject = subjects.of_certificate(tx, number, actor, today)
    return draft_of(tx, subject, kind, actor, around, today)


def draft_of_product(
    tx: Connection,
    code: str,
    kind: OutsideDocument,
    *,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> DraftedDocument:
    """Draft a document of the step by which a product was sent up, or not recognised, outside sessions.

    Raises:
        NotFound: none that the actor may see has this code.
        NotPermitted: see `refuse_drafting`.
        Conflict: it cannot be drafted, and why; or its signed file is kept.
    """
    return draft_of(tx, subjects.of_product(tx, code, actor), kind, actor, around, today)


def _listed(
    tx: Connection, subject: DraftSubject, actor: Actor, today: date, language: Language
) -> OutsideDocumentsView:
    steps = {step for kind in subject.kinds if (step := subject.rests_on(kind)) is not None}
    filings = issued.issued_of(tx, steps)
    lines = [_line(tx, subject, kind, filings, actor, today, language) for kind in subject.kinds]
    session = subject.step.session if subject.step else None
    return OutsideDocumentsView(subject.of, subject.name, session, tuple(lines))


def _line(
    tx: Connection,
    subject: DraftSubject,
    kind: OutsideDocument,
    filings: list[IssuedRecord],
    actor: Actor,
    today: date,
    language: Language,
) -> OutsideLineView:
    barred = subjects.forbidden(tx, subject, kind, actor)
    of_kind = [] if barred else _of(filings, subject, kind)  # what was filed is for those who draft it
    filed = _standing(of_kind)
    stop = None if filed else subjects.why_not(subject, kind) or barred
    told = [stop] if stop else [] if filed else list(_told(subject, kind))
    who = subjects.signing(tx, subject, kind, today)
    number, day = subjects.decision_on_record(subject, kind)
    series = None if stop or filed else subjects.series(subject, kind, (day or today).year)
    return OutsideLineView(
        kind=kind,
        label=say(kind.text, language),
        ready=stop is None and filed is None,
        lacks=tuple(say(one, language) for one in told),
        signs=who.signs if who else (),
        doubt=who.source if who and who.uncertain else None,
        decided_on=day,
        proposed=(number or next_in(tx, series)) if series else None,
        issued=IssuedView.alike(filed) if filed else None,
        taken_back=tuple(IssuedView.alike(one) for one in of_kind if one.taken_back_at is not None),
    )


def filed_as(tx: Connection, subject: DraftSubject, kind: OutsideDocument) -> IssuedRecord | None:
    """Return a document as it was issued; none: it was not, or its filing was taken back."""
    step = subject.rests_on(kind)
    return _standing(_of(issued.issued_of(tx, [step]), subject, kind)) if step is not None else None


def _of(filings: list[IssuedRecord], subject: DraftSubject, kind: OutsideDocument) -> list[IssuedRecord]:
    step = subject.rests_on(kind)
    return [one for one in filings if one.kind == kind.value and one.transition_id == step]


def _standing(filings: list[IssuedRecord]) -> IssuedRecord | None:
    return next((one for one in filings if one.taken_back_at is None), None)


def _told(subject: DraftSubject, kind: OutsideDocument) -> Iterator[Text]:
    """Say what stays blank in a document that can be drafted, and what has to be known of it."""
    step = subject.step
    if kind is OutsideDocument.EXTRACT or kind in OF_REVOCATION or step is None:
        return
    if step.by_paper and kind is not OutsideDocument.NOTICE:
        yield Text(
            f"{step.level.label} chưa dùng hệ thống, đã ban hành trên giấy: bản này chỉ để đối chiếu",
            f"the {step.level.value} works outside and has issued it on paper: this draft is to compare with",
        )
    if step.score is None:
        yield Text("điểm trung bình", "the mean")
    if not step.number:
        yield Text("số, ngày quyết định", "number and day of the decision")


# -- drafting ----------------------------------------------------------------------------------------


def draft_of(
    tx: Connection,
    subject: DraftSubject,
    kind: OutsideDocument,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> DraftedDocument:
    """Draft a document of a subject.

    Raises:
        NotPermitted: see `refuse_drafting`.
        Conflict: it cannot be drafted, and why; or its signed file is kept.
    """
    if subject.step is not None and kind is not OutsideDocument.EXTRACT and kind not in OF_REVOCATION:
        refuse_drafting(tx, actor, subject.step)
    if kind in OF_REVOCATION and subject.revocation is None:
        read_revocation(tx, int(subject.of), actor, today)  # which says why there is none
    refuse_again(kind.text, filed_as(tx, subject, kind))
    stop = subjects.why_not(subject, kind)
    if stop is not None:
        raise Conflict(
            f"Chưa lập được {lowered(kind.text.vi)}: {stop.vi}.",
            f"The {lowered(kind.text.en)} cannot be drafted: {stop.en}.",
        )
    view = view_of(tx, subject, kind, actor, around, today)
    prefix = f"giay-chung-nhan-{subject.of}" if subject.certificate else subject.of.lower()
    name = f"{prefix}-{_FILES[kind]}.{FileKind.DOCX.endings[0]}"
    return DraftedDocument(name, FileKind.DOCX.media_type, partial(write, view))


_FILES = {
    OutsideDocument.DECISION: "quyet-dinh-cong-nhan",
    OutsideDocument.CERTIFICATE: "giay-chung-nhan",
    OutsideDocument.APPROVAL: "quyet-dinh-phe-duyet",
    OutsideDocument.LETTER_UP: "cong-van",
    OutsideDocument.NOTICE: "thong-bao",
    OutsideDocument.EXTRACT: "trich-so",
    OutsideDocument.REVOCATION: "quyet-dinh-thu-hoi",
    OutsideDocument.REVOCATION_NOTICE: "thong-bao-thu-hoi",
    OutsideDocument.REVOCATION_LETTER: "cong-van-thu-hoi",
}


def view_of(
    tx: Connection,
    subject: DraftSubject,
    kind: OutsideDocument,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> OfficialDocument | CertificatePaper:
    """Return a document as a typed view; `subjects.why_not` has made sure that there is one."""
    if kind in OF_REVOCATION:
        assert subject.revocation is not None, subject  # noqa: S101 - `why_not` has made sure
        assert kind.filed is not None, kind  # noqa: S101 - every one of them is numbered
        return revocation_of(subject.revocation, kind.filed)
    who = subjects.signing(tx, subject, kind, today)
    assert who is not None, kind  # noqa: S101 - `why_not` has made sure
    if kind is OutsideDocument.EXTRACT:
        assert subject.certificate is not None, subject  # noqa: S101 - likewise
        keeper = subjects.keeper_of(tx, subject.certificate)
        return texts.extract(subject.certificate, keeper, who, today, around.public_address)
    step = subject.step
    assert step is not None, kind  # noqa: S101 - likewise
    if kind is OutsideDocument.DECISION:
        return texts.decision(_beside(tx, step, actor), who)
    if kind is OutsideDocument.CERTIFICATE:
        return texts.certificate(step, who, around.public_address)
    drafts = {OutsideDocument.APPROVAL: upward.approval, OutsideDocument.LETTER_UP: upward.letter_up}
    return drafts.get(kind, texts.notice)(step, who)


def _beside(tx: Connection, step: OutsideStep, actor: Actor) -> tuple[OutsideStep, ...]:
    """Return the products that the same decision has recognised, as far as the actor may see them."""
    found = []
    for number in queries.granted_beside(tx, step.number, step.decided_on or step.made_on):
        one = certificates.certificate_by_id(tx, number)
        other = step_of_certificate(tx, one) if one and sees(tx, actor, one.unit_id) else None
        if other and other.unit == step.unit and other.session is None:
            found.append(other)
    return tuple(found) or (step,)
