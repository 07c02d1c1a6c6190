"""Of what documents are drafted outside sessions, who signs them there, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.views import page_of
from ocop_workflow.documents.ending.drafting import SIGNED_AS, revocation_signed, why_not_ending
from ocop_workflow.documents.ending.record import read_revocation
from ocop_workflow.documents.numbering import Series, of_certificates, series_by
from ocop_workflow.documents.outside.common import signing_for
from ocop_workflow.documents.outside.kinds import (
    OF_CERTIFICATE,
    OF_PRODUCT,
    OF_REVOCATION,
    SIGNED_BY,
    OutsideDocument,
)
from ocop_workflow.documents.outside.record import (
    refuse_drafting,
    step_of_certificate,
    step_of_product,
)
from ocop_workflow.errors import Conflict, NotPermitted, Text
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import sees
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import find_product, outside_of, place_of
from ocop_workflow.products.settling.confirming import no_certificate
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.signers import SignedDocument, SignerNames, Signing, signer_row, signing_of
from ocop_workflow.states import CertificateStanding, Event

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.documents.ending.record import RevocationOnRecord
    from ocop_workflow.documents.outside.record import OutsideStep
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class DraftSubject:
    """Of what documents are asked: a certificate, or a product's last step; parts of it may be missing.

    `home`: the unit whose officers stand in for whoever issues. `step`: by which it was recognised, sent up
    or not recognised. `revocation`: what was concluded against the certificate; none: nothing, or the actor
    does not draft of it.
    """

    of: str
    name: str
    home: int
    kinds: tuple[OutsideDocument, ...]
    step: OutsideStep | None
    certificate: CertificateRecord | None = None
    revocation: RevocationOnRecord | None = None

    def rests_on(self, kind: OutsideDocument) -> int | None:
        """Return the step, by its row in the history, to which a document belongs; none: there is none."""
        if kind in OF_REVOCATION:
            return self.revocation.concluded.step if self.revocation else None
        return self.step.id if self.step else None


def of_certificate(tx: Connection, number: int, actor: Actor, today: date) -> DraftSubject:
    """Return a certificate as documents are drafted of it.

    Raises:
        NotFound: none that the actor may see has this number.
    """
    found = certificates.certificate_by_id(tx, number)
    if found is None or not sees(tx, actor, found.unit_id):
        raise no_certificate(number)
    step = step_of_certificate(tx, found)
    step = replace(step, page=page_of(found)) if step else None
    try:
        revocation = read_revocation(tx, number, actor, today)
    except (Conflict, NotPermitted):
        revocation = None
    kinds = (
        OF_CERTIFICATE if revocation else tuple(kind for kind in OF_CERTIFICATE if kind not in OF_REVOCATION)
    )
    return DraftSubject(str(number), found.product, found.unit_id, kinds, step, found, revocation)


def of_product(tx: Connection, code: str, actor: Actor) -> DraftSubject:
    """Return a product's last step as documents are drafted of it.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    product = find_product(tx, code)
    place_of(tx, actor, product)
    return DraftSubject(
        product.code, product.name, product.authority_id, OF_PRODUCT, step_of_product(tx, product)
    )


# -- what stands against it --------------------------------------------------------------------------


def why_not(subject: DraftSubject, kind: OutsideDocument) -> Text | None:
    """Say why a document cannot be drafted at all; none: it can."""
    if kind is OutsideDocument.EXTRACT:
        return _not_confirmed(subject.certificate)
    if kind in OF_REVOCATION:
        if subject.revocation is None or kind.filed is None:
            return Text("chưa ghi kết luận nào (thao tác «Ghi kết luận»)", "no conclusion is on record")
        return why_not_ending(subject.revocation, kind.filed)
    if subject.step is None:
        return _no_step(subject)
    return _not_of_step(subject.step, kind)


def _no_step(subject: DraftSubject) -> Text:
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


def forbidden(tx: Connection, subject: DraftSubject, kind: OutsideDocument, actor: Actor) -> Text | None:
    """Say why the actor may not draft a document that could be drafted; none: may."""
    if kind is OutsideDocument.EXTRACT or kind in OF_REVOCATION or subject.step is None:
        return None
    try:
        refuse_drafting(tx, actor, subject.step)
    except NotPermitted as error:
        return Text(error.text.vi.rstrip("."), error.text.en.rstrip("."))
    return None


# -- who signs ---------------------------------------------------------------------------------------


def signing(tx: Connection, subject: DraftSubject, kind: OutsideDocument, today: date) -> Signing | None:
    """Return who signs; an extract is signed by whoever heads the agency today."""
    if kind in OF_REVOCATION:
        if subject.revocation is None or kind.filed is None:
            return None
        return revocation_signed(subject.revocation, kind.filed)
    if kind is not OutsideDocument.EXTRACT:
        return signing_for(kind, subject.step) if subject.step and subject.step.unit else None
    if subject.certificate is None:
        return None
    keeper = keeper_of(tx, subject.certificate)
    regulation = subject.certificate.regulation or ""
    names = SignerNames(unit=keeper.name, on=today, office=keeper.office)
    level = keeper.level if keeper.level is not Level.COMMUNE else Level.DISTRICT
    return signing_of(SIGNED_BY[kind], level, regulation, names)


def keeper_of(tx: Connection, found: CertificateRecord) -> UnitRecord:
    """Return whose agency keeps the register: the province's, while that is outside the next below."""
    line = units.lineage(tx, found.unit_id)
    stored = units.units_by_id(tx, line)
    outside = outside_of(officers.staffed_levels(tx, line))
    above = [stored[unit_id] for unit_id in line[1:] if stored[unit_id].level is not Level.CENTRAL]
    here = [unit for unit in above if unit.level not in outside]
    return (here or above or [stored[line[0]]])[-1]


def decision_on_record(subject: DraftSubject, kind: OutsideDocument) -> tuple[str, date | None]:
    """Return number and local day of the decision that a document is, or whose certificate it is.

    Empty, none: it is none on record.
    """
    if kind is OutsideDocument.REVOCATION and subject.revocation:
        return subject.revocation.number or "", subject.revocation.day
    step = subject.step
    decides = kind in (OutsideDocument.DECISION, OutsideDocument.CERTIFICATE) or (
        kind is OutsideDocument.APPROVAL and step is not None and step.event is Event.ESCALATE
    )
    return (step.number, step.decided_on) if step and decides else ("", None)


def signer_row_of(
    subject: DraftSubject, kind: OutsideDocument
) -> tuple[SignedDocument, Level, str, UnitRecord] | None:
    """Return by which row of the table a document is signed: document, level, regulation, unit; or none."""
    if kind in OF_REVOCATION and subject.revocation and kind.filed:
        issuing = subject.revocation.issuing
        return SIGNED_AS[kind.filed], issuing.unit.level, issuing.regulation.id, issuing.unit
    step = subject.step
    if kind.filed is None or kind in OF_REVOCATION or step is None or step.unit is None:
        return None
    return SIGNED_BY[kind], step.level, step.regulation.id, step.unit


def series(subject: DraftSubject, kind: OutsideDocument, year: int) -> Series | None:
    """Return whose numbers a document bears; none: it bears none of its own, or nobody issues it here."""
    if subject.rests_on(kind) is None:
        return None
    found = signer_row_of(subject, kind)
    row = signer_row(*found[:3]) if found else None
    if found is None or row is None:
        return None
    own = series_by(row, found[3], year)
    if kind is not OutsideDocument.CERTIFICATE:
        return own
    number, _ = decision_on_record(subject, kind)
    return of_certificates(own) if number else None


def filed_by(tx: Connection, subject: DraftSubject, kind: OutsideDocument) -> tuple[int, ...]:
    """Return whose officers keep the signed file: of the body that issues it, else of whoever stands in.

    Who stands in: the plan's authority for a step, whoever has the commune for a revocation.
    """
    step, revocation = subject.step, subject.revocation
    if kind in OF_REVOCATION and revocation is not None:
        unit, line, instead = revocation.issuing.unit, units.lineage(tx, subject.home), subject.home
    elif step is not None and step.unit is not None:
        unit, line, instead = step.unit, step.lineage, step.authority_id
    else:
        return (subject.home,)
    is_outside = unit.level in outside_of(officers.staffed_levels(tx, line))
    return (unit.id, instead) if is_outside else (unit.id,)
