"""Recording a visit to a certified product, taking one back, and marking what it asked for as done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.monitoring import queries as visits
from ocop_workflow.monitoring.views import FollowUpView, ProductVisitsView, VisitView
from ocop_workflow.people.officers import permitted, sees
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.states import CertificateStanding, Ending
from ocop_workflow.states.facts import cleaned
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.monitoring.queries import FollowUpRecord, VisitRecord
    from ocop_workflow.monitoring.reading import NewVisit
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

#: letters of a note on what was done
LONGEST_NOTE = 300


def record_visit(
    tx: Connection,
    code: str,
    given: NewVisit,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> VisitView:
    """Record a visit to a product that holds a certificate, or has held one.

    Args:
        tx: a writing transaction.
        code: the product.
        given: the visit.
        actor: the officer: of the commune, of the authority or above.
        today: the local day: nobody was there after it.
        now: this instant.
        language: of what is answered.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        Conflict: the product was never recognised.
        InvalidInput: days disagree, or a finding says nothing; all faults at once.
    """
    product = find_product(tx, code)
    place_of(tx, actor, product)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, product.unit_id)
    held = [one for one in certificates.certificates_of(tx, product.id) if _was_granted(one)]
    if not held:
        raise Conflict(
            f"{product.code} chưa được công nhận, chưa có gì để kiểm tra sau công nhận.",
            f"{product.code} was never recognised; there is nothing to monitor yet.",
        )
    of_the_day = [one for one in held if one.decided_on <= given.visited_on]
    faults = [*_day_faults(given, min(one.decided_on for one in held), today), *_finding_faults(given)]
    if faults:
        raise InvalidInput("Lần kiểm tra có lỗi.", "The visit is at fault.", faults)
    acting = units.unit_by_slug(tx, warrant.acting_for) if warrant.acting_for else None
    number = visits.insert_visit(
        tx,
        {
            "product_id": product.id,
            "certificate_id": max(of_the_day, key=lambda one: (one.decided_on, one.id)).id,
            "visited_on": given.visited_on,
            "visitors": given.visitors,
            "place": given.place,
            "conclusion": given.conclusion,
            "unit_id": acting.id if acting else None,
            "recorded_at": now,
            "recorded_by": clean(actor.login)[:100],
        },
    )
    visits.insert_findings(tx, [{"visit_id": number, **one.model_dump()} for one in given.findings])
    after = {
        "product": product.code,
        "visited_on": given.visited_on.isoformat(),
        "findings": len(given.findings),
        "follow_ups": sum(one.due_on is not None for one in given.findings),
    }
    audit.record(tx, actor, Deed("visit.record", f"visit:{number}", None, after), now, warrant)
    return _shown(tx, _find(tx, number, actor), today, language)


def _was_granted(one: CertificateRecord) -> bool:
    return one.standing is not CertificateStanding.REFUSED and one.ended_because != Ending.UNDONE


def _day_faults(given: NewVisit, first: date, today: date) -> Iterator[Fault]:
    day = given.visited_on
    if day > today:
        yield fault("visited_on", f"{day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")
    if day < first:
        yield fault(
            "visited_on",
            f"{day:%d/%m/%Y} đứng trước ngày quyết định công nhận {first:%d/%m/%Y}",
            f"{day} lies before the day of the decision, {first}",
        )
    for index, one in enumerate(given.findings):
        if one.due_on is not None and one.due_on < day:
            yield fault(
                f"findings[{index}].due_on",
                f"{one.due_on:%d/%m/%Y} đứng trước ngày kiểm tra {day:%d/%m/%Y}",
                f"{one.due_on} lies before the day of the visit, {day}",
            )


def _finding_faults(given: NewVisit) -> Iterator[Fault]:
    for index, one in enumerate(given.findings):
        if one.criterion is None and one.what is None:
            yield fault(
                f"findings[{index}].what",
                "phải nêu số tiêu chí, hoặc thấy gì",
                "needs a criterion's number, or what was found",
            )
        if one.follow_up is not None and one.due_on is None:
            yield fault(
                f"findings[{index}].due_on",
                "việc phải làm thì phải có hạn",
                "what has to be done needs a day",
            )
        if one.follow_up is None and one.due_on is not None:
            yield fault(
                f"findings[{index}].follow_up",
                "có hạn thì phải nêu việc phải làm",
                "a day needs what is to be done",
            )


def visits_to(
    tx: Connection, code: str, actor: Actor, *, today: date, language: Language = "vi"
) -> ProductVisitsView:
    """Return the visits to a product, the latest first.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    product = find_product(tx, code)
    place_of(tx, actor, product)
    return visits_beside(tx, product, today, language)


def visits_beside(
    tx: Connection, product: ProductRecord, today: date, language: Language = "vi"
) -> ProductVisitsView:
    """Return the same of a product that has been read, and that whoever asks may see."""
    found = visits.visits_of(tx, product.id)
    said = visits.findings_of(tx, [one.id for one in found]) if found else []
    shown = tuple(
        VisitView.of(one, (item for item in said if item.visit_id == one.id), today, language)
        for one in found
    )
    return ProductVisitsView(product.code, product.name, shown)


def show_visit(
    tx: Connection, number: int, actor: Actor, *, today: date, language: Language = "vi"
) -> VisitView:
    """Return one visit.

    Raises:
        NotFound: there is none of this number that the actor may see, or it was withdrawn.
    """
    return _shown(tx, _find(tx, number, actor), today, language)


def withdraw_visit(tx: Connection, number: int, reason: str, *, actor: Actor, now: datetime) -> str:
    """Take back a visit that was recorded by mistake: it counts no more, nor do its follow-ups.

    Returns the product's code.

    Raises:
        NotFound: there is none of this number that the actor may see.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    visit = _find(tx, number, actor, hold=True)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, visit.unit_id)
    visits.withdraw_visit(tx, number, clean(actor.login)[:100], reason, now)
    before = {"product": visit.code, "visited_on": visit.visited_on.isoformat()}
    audit.record(
        tx, actor, Deed("visit.withdraw", f"visit:{number}", before, {"reason": reason}), now, warrant
    )
    return visit.code


def do_follow_up(
    tx: Connection,
    number: int,
    *,
    actor: Actor,
    done_on: date,
    today: date,
    now: datetime,
    note: str = "",
) -> FollowUpView:
    """Mark what a visit asked for as done.

    Args:
        tx: a writing transaction.
        number: of the finding.
        actor: the officer.
        done_on: the local day on which it was done.
        today: the local day: nothing was done after it.
        now: this instant.
        note: what was done; empty: nothing to say.

    Raises:
        NotFound: no finding of this number that the actor may see asks for anything.
        NotPermitted: the product is in other hands.
        Conflict: it is done already.
        InvalidInput: the day is in the future or before the visit, or the note is too long.
    """
    found, warrant = _follow_up(tx, number, actor)
    if found.done_on is not None:
        raise Conflict(
            f"Việc này đã ghi xong ngày {found.done_on:%d/%m/%Y}.", f"This was done on {found.done_on}."
        )
    faults = []
    said = str(cleaned(note))
    if len(said) > LONGEST_NOTE:
        faults.append(
            fault("note", f"dài quá {LONGEST_NOTE} ký tự", f"is longer than {LONGEST_NOTE} letters")
        )
    if done_on > today:
        faults.append(fault("on", f"{done_on:%d/%m/%Y} còn ở tương lai", f"{done_on} is in the future"))
    if done_on < found.visited_on:
        faults.append(
            fault(
                "on",
                f"{done_on:%d/%m/%Y} đứng trước ngày kiểm tra {found.visited_on:%d/%m/%Y}",
                f"{done_on} lies before the day of the visit, {found.visited_on}",
            )
        )
    if faults:
        raise InvalidInput("Việc đã làm có lỗi.", "What was done is at fault.", faults)
    values = {
        "done_on": done_on,
        "done_note": said or None,
        "done_by": clean(actor.login)[:100],
        "done_at": now,
    }
    visits.note_done(tx, number, values)
    after = {"product": found.code, "done_on": done_on.isoformat()}
    audit.record(tx, actor, Deed("finding.done", f"finding:{number}", None, after), now, warrant)
    return _follow_up_shown(tx, number, actor, today)


def reopen_follow_up(
    tx: Connection, number: int, reason: str, *, actor: Actor, today: date, now: datetime
) -> FollowUpView:
    """Take back that a follow-up was done: it was not.

    Raises:
        NotFound: no finding of this number that the actor may see asks for anything.
        NotPermitted: the product is in other hands.
        Conflict: it is open.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    found, warrant = _follow_up(tx, number, actor)
    if found.done_on is None:
        raise Conflict("Việc này còn đang mở.", "This is still open.")
    visits.note_done(tx, number, dict.fromkeys(("done_on", "done_note", "done_by", "done_at")))
    before = {"product": found.code, "done_on": found.done_on.isoformat(), "by": found.done_by}
    deed = Deed("finding.reopen", f"finding:{number}", before, {"reason": reason})
    audit.record(tx, actor, deed, now, warrant)
    return _follow_up_shown(tx, number, actor, today)


def _find(tx: Connection, number: int, actor: Actor, *, hold: bool = False) -> VisitRecord:
    visit = visits.visit_by_id(tx, number, hold=hold)
    if visit is None or not sees(tx, actor, visit.unit_id):
        raise NotFound(f"Không có lần kiểm tra số {number}.", f"There is no visit {number}.")
    return visit


def _follow_up(tx: Connection, number: int, actor: Actor) -> tuple[FollowUpRecord, Warrant]:
    found = _seen_follow_up(tx, number, actor)
    return found, permitted(tx, actor, Permission.EDIT_PRODUCTS, found.unit_id)


def _seen_follow_up(tx: Connection, number: int, actor: Actor) -> FollowUpRecord:
    found = visits.follow_up_by_id(tx, number)
    if found is None or not sees(tx, actor, found.unit_id):
        raise NotFound(
            f"Không có việc phải làm nào mang số {number}; xem bằng `ocop visit follow-ups`.",
            f"There is no follow-up {number}; see `ocop visit follow-ups`.",
        )
    return found


def _follow_up_shown(tx: Connection, number: int, actor: Actor, today: date) -> FollowUpView:
    found = _seen_follow_up(tx, number, actor)
    return FollowUpView.of(found, found.due_on or today, today)


def _shown(tx: Connection, visit: VisitRecord, today: date, language: Language) -> VisitView:
    return VisitView.of(visit, visits.findings_of(tx, [visit.id]), today, language)
