"""What can be drafted outside sessions: of a certificate, of a product's last step; and drafting one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.views import page_of
from ocop_workflow.documents import queries
from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.outside import texts, upward
from ocop_workflow.documents.outside.common import signing_for
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, SIGNED_BY, OutsideDocument
from ocop_workflow.documents.outside.record import (
    refuse_drafting,
    step_of_certificate,
    step_of_product,
)
from ocop_workflow.documents.outside.views import OutsideDocumentsView, OutsideLineView
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.errors import Conflict, NotPermitted, Text, say
from ocop_workflow.files import FileKind
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import sees
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import find_product, outside_of, place_of
from ocop_workflow.products.settling.confirming import no_certificate
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.signers import SignerNames, Signing, signing_of
from ocop_workflow.states import CertificateStanding, Event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.documents.outside.record import OutsideStep
    from ocop_workflow.documents.paper.pieces import CertificatePaper, OfficialDocument
    from ocop_workflow.documents.record import Surroundings
    from ocop_workflow.errors import Language
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class _Subject:
    """Of what documents are asked: a certificate, or a product's last step; either may be missing."""

    of: str
    name: str
    kinds: tuple[OutsideDocument, ...]
    step: OutsideStep | None
    certificate: CertificateRecord | None = None


def list_certificate_documents(
    tx: Connection, number: int, actor: Actor, today: date, language: Language = "vi"
) -> OutsideDocumentsView:
    """Return what can be drafted of a certificate outside sessions, on a local day.

    Raises:
        NotFound: none that the actor may see has this number.
    """
    return _listed(tx, _certificate(tx, number, actor), actor, today, language)


def list_product_documents(
    tx: Connection, code: str, actor: Actor, today: date, language: Language = "vi"
) -> OutsideDocumentsView:
    """Return what can be drafted of the step by which a product was sent up, or not, on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    return _listed(tx, _product(tx, code, actor), actor, today, language)


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
        Conflict: it cannot be drafted, and why.
    """
    subject = _certificate(tx, number, actor)
    return _drafted(tx, subject, kind, actor, around, today)


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
        Conflict: it cannot be drafted, and why.
    """
    return _drafted(tx, _product(tx, code, actor), kind, actor, around, today)


def _certificate(tx: Connection, number: int, actor: Actor) -> _Subject:
    found = certificates.certificate_by_id(tx, number)
    if found is None or not sees(tx, actor, found.unit_id):
        raise no_certificate(number)
    step = step_of_certificate(tx, found)
    step = replace(step, page=page_of(found)) if step else None
    return _Subject(str(number), found.product, OF_CERTIFICATE, step, found)


def _product(tx: Connection, code: str, actor: Actor) -> _Subject:
    product = find_product(tx, code)
    place_of(tx, actor, product)
    return _Subject(product.code, product.name, OF_PRODUCT, step_of_product(tx, product))


# -- what stands against it --------------------------------------------------------------------------


def _listed(
    tx: Connection, subject: _Subject, actor: Actor, today: date, language: Language
) -> OutsideDocumentsView:
    lines = []
    for kind in subject.kinds:
        stop = why_not(subject, kind) or _forbidden(tx, subject, kind, actor)
        who = _signing(tx, subject, kind, today)
        lines.append(
            OutsideLineView(
                kind=kind,
                label=say(kind.text, language),
                ready=stop is None,
                lacks=tuple(say(one, language) for one in ((stop,) if stop else _told(subject, kind))),
                signs=who.signs if who else (),
                doubt=who.source if who and who.uncertain else None,
            )
        )
    session = subject.step.session if subject.step else None
    return OutsideDocumentsView(subject.of, subject.name, session, tuple(lines))


def why_not(subject: _Subject, kind: OutsideDocument) -> Text | None:
    """Say why a document cannot be drafted at all; none: it can."""
    if kind is OutsideDocument.EXTRACT:
        return _not_confirmed(subject.certificate)
    if subject.step is None:
        return _no_step(subject)
    return _not_of_step(subject.step, kind)


def _no_step(subject: _Subject) -> Text:
    if subject.certificate is None:
        return Text(
            "hồ sơ này chưa chuyển cấp trên, cũng chưa bị từ chối",
            "this dossier was neither sent up nor rejected yet",
        )
    return Text(
        "giấy này cấp trước khi vào sổ; chỉ trích sổ được",
        "it was granted before it came in here; only an extract can be drafted",
    )


def _not_of_step(step: OutsideStep, kind: OutsideDocument) -> Text | None:
    if step.session is not None:
        return Text(
            f"kết quả ở phiên {step.session}: lập tại trang văn bản của phiên",
            f"its result was found in session {step.session}: draft it there",
        )
    if step.unit is None or signing_for(kind, step) is None:
        return Text(
            f"{step.level.label} không ban hành văn bản này theo QĐ {step.regulation.number} ở đây",
            f"the {step.level.value} does not issue it here under {step.regulation.id}",
        )
    if kind in (OutsideDocument.APPROVAL, OutsideDocument.LETTER_UP) and step.event is not Event.ESCALATE:
        return Text("sản phẩm không được chuyển cấp trên", "the product was not sent up")
    return None


def _not_confirmed(found: CertificateRecord | None) -> Text | None:
    if found is not None and found.standing is CertificateStanding.CONFIRMED:
        return None
    return Text(
        "cấp có thẩm quyền chưa xác nhận giấy này, nên sổ chưa có gì để trích",
        "its level has not confirmed it, so the register has nothing to take an extract from",
    )


def _forbidden(tx: Connection, subject: _Subject, kind: OutsideDocument, actor: Actor) -> Text | None:
    if kind is OutsideDocument.EXTRACT or subject.step is None:
        return None
    try:
        refuse_drafting(tx, actor, subject.step)
    except NotPermitted as error:
        return Text(error.text.vi.rstrip("."), error.text.en.rstrip("."))
    return None


def _told(subject: _Subject, kind: OutsideDocument) -> Iterator[Text]:
    """Say what stays blank in a document that can be drafted, and what has to be known of it."""
    step = subject.step
    if kind is OutsideDocument.EXTRACT or step is None:
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


def _drafted(
    tx: Connection,
    subject: _Subject,
    kind: OutsideDocument,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> DraftedDocument:
    if subject.step is not None and kind is not OutsideDocument.EXTRACT:
        refuse_drafting(tx, actor, subject.step)
    stop = why_not(subject, kind)
    if stop is not None:
        vi, en = kind.text.vi, kind.text.en
        raise Conflict(
            f"Chưa lập được {vi[:1].lower()}{vi[1:]}: {stop.vi}.",
            f"The {en[:1].lower()}{en[1:]} cannot be drafted: {stop.en}.",
        )
    view = _view(tx, subject, kind, actor, around, today)
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
}


def _view(
    tx: Connection,
    subject: _Subject,
    kind: OutsideDocument,
    actor: Actor,
    around: Surroundings,
    today: date,
) -> OfficialDocument | CertificatePaper:
    who = _signing(tx, subject, kind, today)
    assert who is not None, kind  # noqa: S101 - `why_not` has made sure
    if kind is OutsideDocument.EXTRACT:
        assert subject.certificate is not None, subject  # noqa: S101 - likewise
        return texts.extract(subject.certificate, _keeper(tx, subject.certificate), who, today)
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


def _signing(tx: Connection, subject: _Subject, kind: OutsideDocument, today: date) -> Signing | None:
    """Return who signs; an extract is signed by whoever heads the agency today."""
    if kind is not OutsideDocument.EXTRACT:
        return signing_for(kind, subject.step) if subject.step and subject.step.unit else None
    if subject.certificate is None:
        return None
    keeper = _keeper(tx, subject.certificate)
    regulation = subject.certificate.regulation or ""
    names = SignerNames(unit=keeper.name, on=today, office=keeper.office)
    level = keeper.level if keeper.level is not Level.COMMUNE else Level.DISTRICT
    return signing_of(SIGNED_BY[kind], level, regulation, names)


def _keeper(tx: Connection, found: CertificateRecord) -> UnitRecord:
    """Return whose agency keeps the register: the province's, while that is outside the next below."""
    line = units.lineage(tx, found.unit_id)
    stored = units.units_by_id(tx, line)
    outside = outside_of(officers.staffed_levels(tx, line))
    above = [stored[unit_id] for unit_id in line[1:] if stored[unit_id].level is not Level.CENTRAL]
    here = [unit for unit in above if unit.level not in outside]
    return (here or above or [stored[line[0]]])[-1]
