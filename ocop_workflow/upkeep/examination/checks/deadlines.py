"""The deadlines' rules: flags that tell the truth, and exactly the deadlines that the plan asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Calendar, Subject, standing_of
from ocop_workflow.deadlines.communes import begins
from ocop_workflow.errors import Text
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.states import Dossier, Issued, State
from ocop_workflow.upkeep.examination import deadline_queries
from ocop_workflow.upkeep.examination.findings import REPORT, RESTORE, SWEEP, Finding
from ocop_workflow.upkeep.examination.history import batches_of_histories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from ocop_workflow.calendar import Deadline, Standing
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.upkeep.examination.deadline_queries import DeadlineFact
    from ocop_workflow.upkeep.examination.history import History
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

_NEXT_DAY = timedelta(days=1)


def flags_tell_the_truth(snapshot: Snapshot) -> Iterator[Finding]:
    """8. As of the last completed sweep: a flag is up if, and only if, its deadline is open and late."""
    begun, done = snapshot.last_begun, snapshot.last_done
    for row in deadline_queries.all_deadlines(snapshot.tx):
        for vi, en in _flag_faults(row, begun, done):
            text = Text(
                f"Thời hạn {row.id} (đến {row.due_on}): {vi}.", f"Deadline {row.id} (due {row.due_on}): {en}."
            )
            yield Finding("flags", str(row.id), text, SWEEP)


def _flag_faults(row: DeadlineFact, begun: date | None, done: date | None) -> Iterator[tuple[str, str]]:
    late_since = max(row.due_on + _NEXT_DAY, row.opened_on)
    if row.raised_on is None:
        if _ought_to_be_flagged(row, late_since, done):
            yield "đã quá hạn nhưng không có cờ", "it was late, but no flag was raised"
        return
    if row.raised_on != late_since:
        yield (
            f"cờ ghi ngày {row.raised_on}, đúng ra {late_since}",
            f"raised on {row.raised_on}, not {late_since}",
        )
    if (row.closed_on is None) != (row.cleared_on is None):
        yield "cờ và thời hạn không cùng mở, cùng đóng", "flag and deadline are not open and closed together"
    if row.closed_on is None and (begun is None or late_since > begun):
        yield "có cờ dù chưa lần quét nào thấy nó quá hạn", "flagged, though no sweep has seen it late"


def _ought_to_be_flagged(row: DeadlineFact, late_since: date, done: date | None) -> bool:
    """What the last sweep left for the next one, and what closed on the day it opened, has no flag."""
    if row.closed_on is not None:
        return row.opened_on < row.closed_on and late_since <= row.closed_on
    if done is None or (row.next_action_on is not None and row.next_action_on <= done):
        return False
    return late_since <= done


def deadlines_end_after_they_begin(snapshot: Snapshot) -> Iterator[Finding]:
    """34. No deadline was closed before it was opened."""
    for row in deadline_queries.all_deadlines(snapshot.tx):
        if row.closed_on is not None and row.closed_on < row.opened_on:
            text = Text(
                f"Thời hạn {row.id}: đóng ngày {row.closed_on:%d/%m/%Y}, trước ngày mở "
                f"{row.opened_on:%d/%m/%Y}.",
                f"Deadline {row.id}: closed on {row.closed_on}, before it was opened on {row.opened_on}.",
            )
            yield Finding("deadlines", str(row.id), text, REPORT)


def deadlines_are_about_something(snapshot: Snapshot) -> Iterator[Finding]:
    """38. What a deadline is about is there, and a certificate runs as long as its deadlines are open."""
    for row in deadline_queries.deadlines_about_nothing(snapshot.tx):
        text = Text(
            f"Thời hạn {row.id}: đối tượng {row.subject} {row.subject_id} không có hoặc không phải của nó.",
            f"Deadline {row.id}: its subject, {row.subject} {row.subject_id}, is not there or not its own.",
        )
        yield Finding("deadlines", str(row.id), text, RESTORE)


def deadlines_are_those_wanted(snapshot: Snapshot) -> Iterator[Finding]:
    """9. Open are exactly the deadlines that the plan and the regulation ask for where a product stands."""
    for history, open_now in _with_deadlines(snapshot):
        if not history.known or history.calendar is None:
            continue
        found = {(row.plan_id, row.kind, row.rule, row.due_on, row.subject) for row in open_now}
        standing = _standing(snapshot, history, history.calendar, open_now)
        wanted = _keys(history, history.calendar, history.calendar.deadlines(standing))
        if found == wanted or found in _read_again(snapshot, history, standing, open_now):
            continue
        for _, kind, rule, due_on, _ in sorted(found - wanted):
            yield _deadline_finding(
                history, kind, rule, due_on, "đang mở mà không có căn cứ", "is open without a rule"
            )
        for _, kind, rule, due_on, _ in sorted(wanted - found):
            yield _deadline_finding(
                history, kind, rule, due_on, "phải mở mà không có", "ought to be open and is not"
            )


_Key = tuple[int | None, str, str, "date", str]


def _keys(history: History, calendar: Calendar, wanted: Iterable[Deadline]) -> set[_Key]:
    return {
        (history.product.plan_id, item.kind.value, item.rule, item.due_on, _about(calendar, item))
        for item in wanted
    }


def _about(calendar: Calendar, deadline: Deadline) -> str:
    return Subject.CERTIFICATE if calendar.is_of_certificate(deadline) else Subject.PRODUCT


def _read_again(
    snapshot: Snapshot, history: History, standing: Standing, open_now: list[DeadlineFact]
) -> Iterator[set[_Key]]:
    """Yield what ought to be open where a date that had to move was read again to the day that it had.

    Such a deadline stays open since it was opened, though read as on that day it would be due on another.
    """
    plan_id = history.product.plan_id
    due = {row.rule: row.due_on for row in open_now if row.plan_id == plan_id}
    steps = {step.entry.on for step in history.standing}
    steps |= {
        snapshot.clock.local(fact.at).date() for fact in snapshot.corrections.get(history.product.id, ())
    }
    for day in sorted(steps | snapshot.changed_on.get(plan_id, set())):
        if history.calendar is not None:
            again = history.calendar.realigned(replace(standing, on=day), due)
            yield _keys(history, history.calendar, again)


def _with_deadlines(snapshot: Snapshot) -> Iterator[tuple[History, list[DeadlineFact]]]:
    """Pair each product with its open deadlines, which are read for many products at once."""
    for batch in batches_of_histories(snapshot):
        span = batch[0].product.id, batch[-1].product.id
        open_now = deadline_queries.open_deadlines_of(snapshot.tx, *span)
        yield from ((history, open_now.get(history.product.id, [])) for history in batch)


def _standing(
    snapshot: Snapshot, history: History, calendar: Calendar, open_now: list[DeadlineFact]
) -> Standing:
    product = history.product
    running = next((row.certificate for row in history.certificates if row.ended_on is None), None)
    opened = {row.rule: row.opened_on for row in open_now if row.plan_id == product.plan_id}
    # as it is recorded: where the history leads elsewhere is for other checks to say
    position = replace(
        history.position,
        state=State(product.state),
        dossier=Dossier(product.dossier or Dossier.FIRST),
        entered_on=product.entered_on,
        concluded_on=product.concluded_on,
        not_renewing_on=product.not_renewing_on,
        complete_on=product.complete_on,
        received_on=product.received_on,
        regulation=product.rated_by,
        issued=(Issued(running),) if running else (),
        reached=history.position.reached if calendar.counts_from_states else {},
    )
    return standing_of(
        position,
        calendar.regulation,
        product.entered_on or min(opened.values(), default=calendar.plan.last_day),
        opened=opened,
        extended=snapshot.extended.get((product.id, product.plan_id), {}),
        happened=snapshot.happened.get((product.id, product.plan_id), {}),
    )


def _deadline_finding(history: History, kind: str, rule: str, due_on: date, vi: str, en: str) -> Finding:
    code = history.product.code
    text = Text(f"{code}: thời hạn {rule} ({due_on}) {vi}.", f"{code}: the deadline {rule} ({due_on}) {en}.")
    return Finding("deadlines", f"{code}/{kind}/{rule}", text, REPORT)


def activities_have_their_rule(snapshot: Snapshot) -> Iterator[Finding]:
    """9. Every dated activity is due when its plan says, or, if it is closed, when a version of it said."""
    for row in deadline_queries.deadlines_without_product(snapshot.tx):
        calendar = snapshot.calendar(row.plan_id)
        if row.unit_id is not None or calendar is None:
            continue
        if row.due_on not in _dues(snapshot, row, Calendar.activities):
            text = Text(
                f"Hoạt động {row.rule} ({row.due_on}) không có như thế trong kế hoạch {calendar.plan.id}.",
                f"The activity {row.rule} ({row.due_on}) does not stand so in the plan {calendar.plan.id}.",
            )
            yield Finding("deadlines", f"{calendar.plan.id}/{row.rule}", text, RESTORE)


def communes_are_told(snapshot: Snapshot) -> Iterator[Finding]:
    """9. A plan that speaks to every commune has a deadline for exactly those without a product in it."""
    still_open: dict[int | None, set[tuple[int, str]]] = {}
    for row in deadline_queries.deadlines_without_product(snapshot.tx):
        calendar = snapshot.calendar(row.plan_id)
        if row.unit_id is None or calendar is None:
            continue
        if row.is_open:
            still_open.setdefault(row.plan_id, set()).add((row.unit_id, row.rule))
        if row.due_on not in _dues(snapshot, row, Calendar.communes):
            yield _commune_finding(
                calendar, row.unit_id, row.rule, "không có như thế trong kế hoạch", "does not stand so"
            )
    for plan in plans.all_plans(snapshot.tx):
        calendar = snapshot.calendar(plan.id)
        if calendar is not None:
            yield from _untold(snapshot, plan, calendar, still_open.get(plan.id, set()))


def _untold(
    snapshot: Snapshot, plan: PlanRecord, calendar: Calendar, is_open: set[tuple[int, str]]
) -> Iterator[Finding]:
    tx, today = snapshot.tx, snapshot.clock.today()
    rules = {item.rule for item in calendar.communes(today)}
    if not rules and not is_open:
        return
    silent = units.communes_without_product(tx, plan.id, plan.unit_id, today)
    waiting = units.waiting_to_hand_over(tx, plan.id, today)
    for unit_id, rule in sorted(is_open):
        if unit_id not in silent | waiting:
            yield _commune_finding(calendar, unit_id, rule, "đang mở mà không có căn cứ", "is open")
    if begins(plan, calendar, max(today, snapshot.last_begun or today)):
        staying = units.without_heir(tx, silent)  # whoever ends may have handed it over
        for unit_id, rule in sorted({(unit, rule) for unit in staying for rule in rules} - is_open):
            yield _commune_finding(calendar, unit_id, rule, "phải mở mà không có", "ought to be open")


def _commune_finding(calendar: Calendar, unit_id: int, rule: str, vi: str, en: str) -> Finding:
    where = f"{calendar.plan.id}/{rule}"
    text = Text(
        f"Thời hạn {where} của đơn vị số {unit_id} chưa có sản phẩm: {vi}.",
        f"The deadline {where} of unit {unit_id}, which has no product: {en}.",
    )
    return Finding("deadlines", f"{where}/{unit_id}", text, REPORT)


def _dues(
    snapshot: Snapshot,
    row: DeadlineFact,
    read: Callable[[Calendar, date], tuple[Deadline, ...]],
) -> set[date]:
    """Return when a deadline without a product can be due: as its plan says, if closed as it has said."""
    calendar = snapshot.calendar(row.plan_id)
    in_force = [calendar] if calendar else []
    days = {row.opened_on, *snapshot.changed_on.get(row.plan_id, ())}
    versions = in_force if row.is_open else snapshot.calendars(row.plan_id)
    asked = (item for version in versions for day in days for item in read(version, day))
    return {item.due_on for item in asked if item.rule == row.rule}
