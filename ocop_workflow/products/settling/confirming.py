"""What becomes of a certificate that a commune has named.

A proposed certificate gives deadlines and reminders; no state past `re_rating` rests on it until the level
that recognises its star has confirmed it. What that level refuses ends, and its re-rating is withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import may_settle
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.queries import Settling
from ocop_workflow.certificates.views import ENDINGS, ListedCertificateView
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale, fault
from ocop_workflow.people.officers import sees
from ocop_workflow.plans.loaded import hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import align_after, facts_of
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.effects import Step, write_step
from ocop_workflow.products.outlook import recorded_by
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.settling.bringing import Entrance, bring_product_in
from ocop_workflow.products.settling.listed import regulation_in_force, warrant_for
from ocop_workflow.regulations import Frozen, read_fields
from ocop_workflow.states import CertificateStanding, Event, EventData, Refused, State, decide
from ocop_workflow.states.facts import Day, Line
from ocop_workflow.vietnamese import clean, search_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Place, Warrant
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection


def find_one(tx: Connection, number: int) -> tuple[CertificateRecord, ProductRecord]:
    """Return a certificate and its product.

    Raises:
        NotFound: none has this number.
        Conflict: its product was never here.
    """
    record = certificates.certificate_by_id(tx, number)
    if record is None:
        raise no_certificate(number)
    if not record.code:
        raise _settled_already(record)
    return record, find_product(tx, record.code)


def within_reach(tx: Connection, actor: Actor, product: ProductRecord, number: int) -> Place:
    """Return where a certificate's product lies, if the actor may see it.

    Raises:
        NotFound: the actor may not.
    """
    try:
        return place_of(tx, actor, product)
    except NotFound:
        raise no_certificate(number) from None


def no_certificate(number: int) -> NotFound:
    """Say that there is no certificate of this number."""
    return NotFound(f"Không có giấy chứng nhận số {number}.", f"There is no certificate {number}.")


class Confirmation(Frozen):
    """On what paper a certificate is confirmed, or why it is refused."""

    paper_number: Line | None = None
    paper_date: Day | None = None
    signer: Line | None = None
    reason: Line | None = None
    note: Line | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an officer says of a proposed certificate; `tags`: what was seen of it, none: whichever."""

    number: int
    standing: CertificateStanding
    actor: Actor
    data: Mapping[str, Any]
    tags: frozenset[str] | None = None


def settle(
    tx: Connection, order: Settlement, *, today: date, now: datetime, language: Language = "vi"
) -> ListedCertificateView:
    """Confirm a proposed certificate, or refuse it; returns how it stands since.

    Refusing it ends it, and the re-rating that rests on it is withdrawn by a step of its own in the product's
    history: the product is again what it was before `open_re_rating`. A product that came in by it stays.

    Raises:
        NotFound: the actor sees no such certificate.
        NotPermitted: its star is recognised by another level.
        Stale: it is not what was seen any more.
        Conflict: it is settled, or ended.
        InvalidInput: the paper is not named, the reason is missing, or a day cannot be.
    """
    apart = certificates.certificate_by_id(tx, order.number)
    if apart is not None and not apart.code:
        return _settle_apart(tx, apart, order, today=today, now=now, language=language)
    record, product = find_one(tx, order.number)
    place = within_reach(tx, order.actor, product, order.number)
    calendar = hold_calendar(tx, product.plan_id, product.plan_sha256)
    warrant = may_settle(order.actor, record.star, calendar.regulation, place)
    if warrant is None:
        raise not_theirs(tx, record, product, order.actor, place, calendar.regulation)
    if order.tags is not None and record.tag not in order.tags:
        raise changed_since(record)
    if record.standing is not CertificateStanding.PROPOSED or record.ended_on is not None:
        raise _settled_already(record)
    data = _checked(order, warrant, record, today)
    paper = data.model_dump(mode="json", exclude_none=True)
    transition_id = None
    if order.standing is CertificateStanding.CONFIRMED:
        login = clean(order.actor.login)[:100]
        settling = Settling(order.standing, login, warrant.acting_for, now, paper)
        if not certificates.settle_certificate(tx, record.id, settling):
            raise changed_since(record)
    else:
        transition_id = _withdraw(tx, product, order, warrant, data, today, now)
    deed = Deed(
        f"certificate.{'confirm' if order.standing is CertificateStanding.CONFIRMED else 'refuse'}",
        f"certificate:{record.id}",
        {"standing": record.standing.value, "product": record.code},
        {"standing": order.standing.value, **paper},
        transition_id,
    )
    products.touch(tx, product.id, now)
    audit.record(tx, order.actor, deed, now, warrant)
    return ListedCertificateView.of(find_one(tx, order.number)[0], today, language)


def _checked(order: Settlement, warrant: Warrant, record: CertificateRecord, today: date) -> Confirmation:
    """Return the paper of a confirmation, or the reason of a refusal."""
    data = read_fields(order.data, Confirmation, "data", frozenset(Confirmation.model_fields))
    faults = _faults(order.standing, data, warrant, record, today)
    if faults:
        raise InvalidInput("Việc xác nhận có lỗi.", "The confirmation is at fault.", faults)
    return data


def _settle_apart(
    tx: Connection,
    record: CertificateRecord,
    order: Settlement,
    *,
    today: date,
    now: datetime,
    language: Language,
) -> ListedCertificateView:
    """Settle a certificate of a list, which stands without a product; confirmed, it brings its product in."""
    if not sees(tx, order.actor, record.unit_id):
        raise no_certificate(record.id)
    regulation = regulation_in_force(today)
    warrant = warrant_for(tx, order.actor, record.star, record.unit_id, regulation)
    if warrant is None:
        raise NotPermitted(
            f"Giấy chứng nhận {record.id} ({record.star} sao): {order.actor.login} không có quyền xác nhận; "
            "đó là việc của cấp công nhận.",
            f"The certificate {record.id} ({record.star} stars): {order.actor.login} may not settle it; the "
            "level that recognises it does.",
        )
    if order.tags is not None and record.tag not in order.tags:
        raise changed_since(record)
    if record.standing is not CertificateStanding.PROPOSED:
        raise _settled_already(record)
    data = _checked(order, warrant, record, today)
    paper = data.model_dump(mode="json", exclude_none=True)
    settling = Settling(order.standing, clean(order.actor.login)[:100], warrant.acting_for, now, paper)
    runs = record.ended_on is None and record.valid_until >= today
    if order.standing is CertificateStanding.REFUSED:
        certificates.refuse_apart(tx, record.id, today, settling)
    elif runs:
        bring_in(tx, record, order.actor, warrant, today, now)
        certificates.settle_apart(tx, record.id, settling)
    else:
        certificates.settle_apart(tx, record.id, settling)
    said = "confirm" if order.standing is CertificateStanding.CONFIRMED else "refuse"
    before = {"standing": record.standing.value, "product": record.product}
    after = {"standing": order.standing.value, **paper}
    deed = Deed(f"certificate.{said}", f"certificate:{record.id}", before, after)
    audit.record(tx, order.actor, deed, now, warrant)
    settled = certificates.certificate_by_id(tx, record.id)
    assert settled is not None  # noqa: S101 - it was settled a moment ago
    return ListedCertificateView.of(settled, today, language)


def bring_in(
    tx: Connection, record: CertificateRecord, actor: Actor, warrant: Warrant, today: date, now: datetime
) -> None:
    """Let the product of a certificate that runs come in; one of its name is not doubled.

    Raises:
        Conflict: a product of its commune is called so.
    """
    namesake = products.code_of_namesake(
        tx, record.unit_id, search_key(record.product)[:200], record.producer
    )
    if namesake is not None:
        raise Conflict(
            f"{namesake} ở {record.unit} cùng tên: nếu là sản phẩm ấy, ghi giấy này khi mở đánh giá lại "
            f"(`ocop advance {namesake} open_re_rating`) và không xác nhận giấy {record.id}.",
            f"{namesake} of {record.unit} is called so: if it is that product, name this certificate with "
            f"`ocop advance {namesake} open_re_rating`, and refuse the certificate {record.id}.",
        )
    entrance = Entrance(
        record.unit_id,
        record.product,
        record.producer,
        None,
        certificates.certificate(tx, record.id),
        record.signer or None,
        warrant,
        actor,
        today,
        now,
        adopts=record.id,
    )
    bring_product_in(tx, entrance, regulation_in_force(today))


def _faults(
    standing: CertificateStanding,
    data: Confirmation,
    warrant: Warrant,
    record: CertificateRecord,
    today: date,
) -> list[Fault]:
    faults = []
    if standing is CertificateStanding.REFUSED and data.reason is None:
        faults.append(fault("reason", "phải nêu lý do", "a reason is needed"))
    needed = ["paper_number", "paper_date"] if standing is CertificateStanding.CONFIRMED else []
    needed += ["paper_number", "paper_date", "signer"] if warrant.by_paper else []
    for name in dict.fromkeys(needed):
        if getattr(data, name) is None:
            vi, en = _NEEDED[name]
            faults.append(fault(name, vi, en))
    day, decided = data.paper_date, record.decided_on
    if day is not None and day > today:
        faults.append(
            fault(
                "paper_date",
                f"ngày văn bản {day:%d/%m/%Y} đứng sau hôm nay {today:%d/%m/%Y}",
                f"the date of the document, {day}, lies after today, {today}",
            )
        )
    elif day is not None and day < decided and standing is CertificateStanding.CONFIRMED:
        faults.append(
            fault(
                "paper_date",
                f"ngày văn bản {day:%d/%m/%Y} đứng trước ngày cấp giấy chứng nhận {decided:%d/%m/%Y}",
                f"the date of the document, {day}, lies before the date of the certificate, {decided}",
            )
        )
    return faults


_NEEDED = {
    "paper_number": ("phải ghi số văn bản làm căn cứ", "the number of the document is needed"),
    "paper_date": ("phải ghi ngày văn bản làm căn cứ", "the date of the document is needed"),
    "signer": (
        "phải ghi người ký: cấp có thẩm quyền chưa dùng hệ thống, việc này ghi theo văn bản của cấp đó",
        "who signed is needed: the level works outside, this is recorded from its document",
    ),
}


def _withdraw(
    tx: Connection,
    product: ProductRecord,
    order: Settlement,
    warrant: Warrant,
    data: Confirmation,
    today: date,
    now: datetime,
) -> int:
    """Withdraw what rests on a certificate that is refused. Returns the number of the transition.

    That is its re-rating. Of one by which its product came in it is nothing but the certificate itself: the
    product stays, and is known by no certificate.
    """
    calendar = hold_calendar(tx, product.plan_id, product.plan_sha256)
    rating = product.rated_by(calendar.regulation, today)
    facts = facts_of(product, rating, today, EventData(reason=data.reason))
    target = State.MONITORED
    if product.state is not State.MONITORED:
        decision = decide(product.state, Event.WITHDRAW, facts)
        if isinstance(decision, Refused):
            raise EventRefused(product.code, decision)
        target = decision.target
    step = Step(
        product,
        product.plan_id,
        product.authority_id,
        calendar,
        facts,
        facts.data,
        Event.WITHDRAW,
        target,
        warrant,
        denies=data.model_dump(mode="json", exclude_none=True),
    )
    transition_id = write_step(tx, step, order.actor.login, data.note or "", now)
    align_after(tx, step)
    return transition_id


def not_theirs(
    tx: Connection,
    record: CertificateRecord,
    product: ProductRecord,
    actor: Actor,
    place: Place,
    regulation: Regulation,
) -> NotPermitted:
    """Say that a certificate is another level's to settle, and whose."""
    owner, bodies = regulation.owner(record.star), Bodies(tx, [product])
    assert owner is not None  # noqa: S101 - every star that a certificate may have is recognised by somebody
    body, by = bodies.at(product, owner, regulation), recorded_by(owner, product, place, bodies)
    return NotPermitted(
        f"Giấy chứng nhận {record.id} ({record.star} sao): {actor.login} không có quyền xác nhận; việc này "
        f"do {body.vi} làm{by.vi}.",
        f"The certificate {record.id} ({record.star} stars): {actor.login} may not settle it; it is in the "
        f"hands of {body.en}{by.en}.",
    )


def changed_since(record: CertificateRecord) -> Stale:
    """Say that a certificate has changed since it was looked at."""
    return Stale(
        f"Giấy chứng nhận {record.id} đã thay đổi; hãy xem lại rồi làm lại.",
        f"The certificate {record.id} has changed; look again and repeat.",
    )


def _settled_already(record: CertificateRecord) -> Conflict:
    if record.ended_on is not None:
        ended = ENDINGS[record.ended_because or "lapsed"]
        return Conflict(
            f"Giấy chứng nhận {record.id} đã chấm dứt ngày {record.ended_on:%d/%m/%Y} ({ended.vi}).",
            f"The certificate {record.id} ended on {record.ended_on} ({ended.en}).",
        )
    return Conflict(
        f"Giấy chứng nhận {record.id} {record.standing.label} rồi; chỉ giấy xã khai báo mới chờ xác nhận.",
        f"The certificate {record.id} is {record.standing.value} already; only a proposed one waits.",
    )
