"""Correcting what the register says wrongly of a certificate: a slip of typing, no change of the decision.

What a step of this service has granted is corrected by undoing that step, or by a correcting decision on
paper; here are put right those that came in from elsewhere. The old values stay on record, with who, when
and why. Deadlines that hang on the last valid day move in the same transaction; whoever a letter has told
another one is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ocop_workflow.access import may_settle
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar.subjects import CORRECTED
from ocop_workflow.certificates import correction_queries as corrections
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.correction_queries import PuttingRight, plain
from ocop_workflow.certificates.naming import is_shown
from ocop_workflow.certificates.queries import Settling
from ocop_workflow.changes.certificates.telling import RightEnd, tell_the_right_end
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Holder, align_deadlines
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, fault
from ocop_workflow.people.officers import sees
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of, hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import standing_now
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.settling.confirming import (
    bring_in,
    changed_since,
    no_certificate,
    not_theirs,
    within_reach,
)
from ocop_workflow.products.settling.contradictions import contradictions
from ocop_workflow.products.settling.listed import regulation_in_force, warrant_for
from ocop_workflow.products.settling.register import show_certificate
from ocop_workflow.regulations import Frozen, Level, read_fields
from ocop_workflow.states import CertificateStanding, Ending, Event, EvidenceLevel
from ocop_workflow.states.facts import Day, Line, Whole
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.certificates.views import RegisteredCertificateView
    from ocop_workflow.errors import Language
    from ocop_workflow.notifications import Sender
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection


class RightValues(Frozen):
    """What a certificate ought to say; what is not given stays as it is, null empties what may be empty.

    `product`, `producer`, `commune`: as the decision names them. `unit`: to which commune of today it
    belongs, of one that has no product here. `reason`: why it is put right.
    """

    product: Line | None = Field(default=None, max_length=200)
    producer: Line | None = None
    commune: Line | None = Field(default=None, max_length=200)
    unit: str | None = None
    issuer: Line | None = None
    signer: Line | None = None
    number: Line | None = None
    decided_on: Day | None = None
    valid_until: Day | None = None
    star: Whole | None = Field(default=None, ge=3, le=5)
    evidence: EvidenceLevel | None = None
    source: Line | None = None
    published_on: Day | None = None
    reason: Line


#: what may be nothing at all; the others stay as they are where nothing is given for them
MAY_BE_EMPTY = frozenset({"producer", "issuer", "source", "published_on"})


@dataclass(frozen=True, slots=True)
class Correcting:
    """That an officer corrects a certificate, with what was given; `tags`: as in `Settlement`."""

    number: int
    actor: Actor
    data: Mapping[str, Any]
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A certificate with its product, if it has one, and in whose name it is corrected."""

    record: CertificateRecord
    product: ProductRecord | None
    warrant: Warrant


def correct_certificate(
    tx: Connection,
    order: Correcting,
    *,
    sender: Sender,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> RegisteredCertificateView:
    """Put right what the register says wrongly of a certificate; returns it with its history.

    Args:
        tx: a writing transaction.
        order: what is asked for.
        sender: in whose name whoever was told another end is told the right one.
        today: the local day.
        now: this instant.
        language: in which its labels are answered.

    Raises:
        NotFound: the actor sees no such certificate.
        NotPermitted: its star is recognised by another level, or the star that it ought to have.
        Stale: it is not what was seen any more.
        Conflict: a step of this service has granted it, or a step rests on what would change.
        InvalidInput: nothing changes, no reason is given, or days contradict each other.
    """
    found = _find(tx, order, today)
    record, product = found.record, found.product
    if order.tags is not None and record.tag not in order.tags:
        raise changed_since(record)
    if product is not None and _is_granted_here(tx, product, record):
        raise _granted_here(record)
    given = read_fields(order.data, RightValues, "data", frozenset(RightValues.model_fields))
    unit = _unit(tx, found, given, order.actor, today)
    before, after = _changes(record, given, unit)
    if not after:
        raise InvalidInput(
            "Không có gì khác với sổ; hãy sửa ít nhất một mục.", "Nothing differs from the register."
        )
    _refuse_another_levels_star(tx, found, order.actor, after, today)
    faults = contradictions(record, after, corrections.decided_around(tx, record.id), today)
    if faults:
        raise InvalidInput("Việc đính chính có lỗi.", "The correction is at fault.", faults)
    _follow_the_end(record, before, after, product, today)
    evidence = EvidenceLevel(after.get("evidence", record.came_with))
    right = PuttingRight(
        after.get("product", record.product),
        after.get("producer", record.producer),
        before,
        after,
        given.reason,
        product.version if product else None,
        now,
        clean(order.actor.login)[:100],
    )
    shown = is_shown(record.standing, evidence)
    if not corrections.put_right(tx, record.id, record.corrected, right, shown=shown):
        raise changed_since(record)
    if product is not None:
        is_open = deadlines.open_of_product(tx, product.id)
        _align(tx, product, record, after, today, now)
        if "valid_until" in after:
            right_end = RightEnd(product, record, is_open, after["valid_until"])
            tell_the_right_end(tx, right_end, sender, today, now)
    else:
        _bring_in_what_runs(tx, found, order.actor, today, now)
    told = {**plain(after), "reason": given.reason}
    deed = Deed("certificate.correct", f"certificate:{record.id}", plain(before), told)
    audit.record(tx, order.actor, deed, now, found.warrant)
    return show_certificate(tx, record.id, today, order.actor, language)


def _find(tx: Connection, order: Correcting, today: date) -> _Held:
    record, actor = certificates.certificate_by_id(tx, order.number), order.actor
    if record is None:
        raise no_certificate(order.number)
    if record.code:
        product = find_product(tx, record.code)
        place = within_reach(tx, actor, product, record.id)
        regulation = calendar_of(tx, product.plan_id, product.plan_sha256).regulation
        warrant = may_settle(actor, record.star, regulation, place)
        if warrant is None:
            raise not_theirs(tx, record, product, actor, place, regulation)
        return _Held(record, product, warrant)
    if not sees(tx, actor, record.unit_id):
        raise no_certificate(record.id)
    warrant = warrant_for(tx, actor, record.star, record.unit_id, regulation_in_force(today))
    if warrant is None:
        raise _another_levels(record, actor, record.star)
    return _Held(record, None, warrant)


def _another_levels(record: CertificateRecord, actor: Actor, star: int) -> NotPermitted:
    return NotPermitted(
        f"Giấy chứng nhận {record.id}: {actor.login} không có quyền đính chính giấy {star} sao; đó là việc "
        "của cấp công nhận.",
        f"The certificate {record.id}: {actor.login} may not correct one of {star} stars; the level that "
        "recognises it does.",
    )


def may_correct(tx: Connection, number: int, actor: Actor, today: date) -> bool:
    """Tell whether an actor may correct a certificate, and there is one that may be corrected."""
    try:
        found = _find(tx, Correcting(number, actor, {}), today)
    except (NotFound, NotPermitted, Conflict):
        return False
    return found.product is None or not _is_granted_here(tx, found.product, found.record)


def _is_granted_here(tx: Connection, product: ProductRecord, record: CertificateRecord) -> bool:
    return any(
        step.event is Event.CERTIFY and (step.replaced or {}).get("issued") == record.id
        for step in products.history(tx, product.id)
    )


def _granted_here(record: CertificateRecord) -> Conflict:
    return Conflict(
        f"Giấy chứng nhận {record.id} do một thao tác công nhận của {record.code} trong hệ thống cấp, nên "
        f"không đính chính ở đây: ghi sai thì hoàn tác thao tác ấy (`ocop undo {record.code}`) rồi ghi lại; "
        "quyết định sai thì ban hành quyết định đính chính và lưu văn bản ấy.",
        f"The certificate {record.id} was granted by a step of {record.code} in this service and is not "
        f"corrected here: undo that step (`ocop undo {record.code}`) and record it anew; if the decision is "
        "wrong, issue a correcting decision and file it.",
    )


def _unit(tx: Connection, found: _Held, given: RightValues, actor: Actor, today: date) -> UnitRecord | None:
    """Return the commune of today to which it ought to belong; none: it stays where it is."""
    if given.unit is None:
        return None
    named = units.unit_by_slug(tx, given.unit)
    unit = units.heir_of(tx, named, today) if named else None
    if unit is not None and unit.id == found.record.unit_id:
        return None
    if found.product is not None:
        raise Conflict(
            f"Giấy chứng nhận {found.record.id} theo sản phẩm {found.record.code}; chuyển sản phẩm ấy sang "
            "xã, phường đúng, ở đây chỉ sửa tên xã như quyết định ghi (commune).",
            f"The certificate {found.record.id} goes with {found.record.code}: relocate that product; here "
            "only the commune's name as the decision has it (commune) is put right.",
        )
    if unit is None or unit.level is not Level.COMMUNE or not sees(tx, actor, unit.id):
        unknown = fault("unit", f"không có xã, phường {given.unit}", f"no commune is called {given.unit}")
        raise InvalidInput("Việc đính chính có lỗi.", "The correction is at fault.", [unknown])
    return unit


#: what a correction may change, by what it is called there and in the record
_NAMES = {
    **{
        name: name
        for name in (
            *("product", "producer", "commune", "issuer", "signer", "number", "decided_on", "valid_until"),
            *("star", "source", "published_on"),
        )
    },
    "evidence": "came_with",
}


def _changes(
    record: CertificateRecord, given: RightValues, unit: UnitRecord | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns that change, as they are and as they ought to be."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in (name for name in _NAMES if name in given.model_fields_set):
        value, now = getattr(given, name), getattr(record, _NAMES[name])
        if value != now and (value is not None or name in MAY_BE_EMPTY):
            before[name], after[name] = now, value
    if unit is not None:
        before["unit_id"], after["unit_id"] = record.unit_id, unit.id
    return before, after


def _refuse_another_levels_star(
    tx: Connection, found: _Held, actor: Actor, after: Mapping[str, Any], today: date
) -> None:
    """A star, or a place, that another level answers for is not given by whoever answers for the old one."""
    record = found.record
    star, unit_id = after.get("star", record.star), after.get("unit_id", record.unit_id)
    if (star, unit_id) == (record.star, record.unit_id):
        return
    if warrant_for(tx, actor, star, unit_id, regulation_in_force(today)) is None:
        raise _another_levels(record, actor, star)


def _follow_the_end(
    record: CertificateRecord,
    before: dict[str, Any],
    after: dict[str, Any],
    product: ProductRecord | None,
    today: date,
) -> None:
    """Let the end of one that has lapsed by itself follow its last valid day; it may run again.

    Raises:
        Conflict: a step of its product has recorded that it lapsed, before it would have.
    """
    until = after.get("valid_until")
    if until is None or record.ended_because != Ending.LAPSED or record.ended_on is None:
        return
    if product is not None:
        if until >= record.ended_on:
            raise Conflict(
                f"{record.code} đã ghi hết hạn từ {record.ended_on:%d/%m/%Y}; giấy còn giá trị đến "
                f"{until:%d/%m/%Y} thì hoàn tác thao tác ấy trước (`ocop undo {record.code}`).",
                f"{record.code} is recorded as lapsed on {record.ended_on}; undo that step first if it is "
                f"valid until {until} (`ocop undo {record.code}`).",
            )
        return
    before["ended_on"], after["ended_on"] = record.ended_on, until + timedelta(days=1)
    if until >= today:
        before["ended_because"], after["ended_because"] = record.ended_because, None
        after["ended_on"] = None


def _align(
    tx: Connection,
    product: ProductRecord,
    record: CertificateRecord,
    after: Mapping[str, Any],
    today: date,
    now: datetime,
) -> None:
    """Let the deadlines of the product that holds it follow; who has seen the product looks again."""
    if record.ended_on is not None or not {"star", "decided_on", "valid_until"} & after.keys():
        products.touch(tx, product.id, now)
        return
    calendar = hold_calendar(tx, product.plan_id, product.plan_sha256)
    held = find_product(tx, product.code)
    standing = standing_now(tx, held.id, calendar, held.position, today)
    holder = Holder(held.id, held.unit_id, held.plan_id, held.authority_id)
    align_deadlines(tx, holder, calendar, standing, CORRECTED)
    products.edit(tx, held, {}, now)


def _bring_in_what_runs(tx: Connection, found: _Held, actor: Actor, today: date, now: datetime) -> None:
    """Bring in the product of a confirmed one that had lapsed only because its last day was typed wrongly."""
    record = certificates.certificate_by_id(tx, found.record.id)
    if (
        record is not None
        and record.standing is CertificateStanding.CONFIRMED
        and found.record.ended_on is not None
        and record.ended_on is None
    ):
        bring_in(tx, record, actor, found.warrant, today, now)
        settled = Settling(
            record.standing, record.settled_by, record.settled_for, record.settled_at, record.settled_paper
        )
        certificates.settle_apart(tx, record.id, settled)  # who has confirmed it did, and on that paper
