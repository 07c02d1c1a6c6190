"""Keeping a product's open deadlines in line with where it stands.

One rule for every event and for the import: what ought to be open is compared with what is. A row never
changes its date; it is closed with a reason and another one opened, so that its reminders count anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.calendar import DeadlineKind, ReminderStatus, Subject, WithheldBecause, decide_day
from ocop_workflow.calendar.laws import unlegislated
from ocop_workflow.calendar.subjects import REACHED, REACHED_EARLIER, REGULATION_CHANGED
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.deadlines import occurrence_queries as occurrences
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.places import queries as units
from ocop_workflow.plans import extension_queries as extensions
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_from, calendar_of
from ocop_workflow.regulations import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Any

    from ocop_workflow.calendar import Calendar, Deadline, Decision, Standing
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose deadlines they are: the product and its commune, its plan if it is in one, the authority.

    Without a product they are the commune's own; without a commune, too, an activity's.
    """

    product_id: int | None
    unit_id: int | None
    plan_id: int | None
    authority_id: int


def align_deadlines(
    tx: Connection, holder: Holder, calendar: Calendar, standing: Standing, because: str
) -> tuple[Deadline, ...]:
    """Close what is no longer open and open what is, on the day `standing.on`.

    Args:
        tx: a writing transaction.
        holder: the product and its plan.
        calendar: the plan's calendar.
        standing: where the product stands now; the days on which its open deadlines were opened, the
            extensions that it has, and what has happened to it, are filled in here.
        because: why deadlines that fall away are closed.

    Returns:
        the deadlines that are open now.
    """
    is_open = deadlines.open_of_product(tx, holder.product_id) if holder.product_id else []
    own = [row for row in is_open if row.plan_id == holder.plan_id]
    wanted = calendar.realigned(
        replace(
            standing,
            opened={row.rule: row.opened_on for row in own},
            extended=extensions.extended_of(tx, holder.product_id, holder.plan_id),
            happened=_happened(tx, holder, calendar),
        ),
        {row.rule: row.due_on for row in own},
    )
    certificate_id = _certificate(tx, holder, calendar, wanted)
    kept = set()
    for row in is_open:
        stays = row.subject is not Subject.CERTIFICATE or row.subject_id == certificate_id
        if row.plan_id == holder.plan_id and stays and _key(row) in map(_wanted_key, wanted):
            kept.add(_key(row))
        else:
            _close(tx, holder, calendar, row, standing.on, _why(holder, row, wanted) or because)
    new = [deadline for deadline in wanted if _wanted_key(deadline) not in kept]
    rows = _rows(calendar, new, holder.plan_id, standing.on, holder.product_id, certificate_id)
    deadlines.open_deadlines(tx, rows)
    return wanted


def _why(holder: Holder, row: DeadlineRecord, wanted: Iterable[Deadline]) -> str | None:
    """Say why a deadline is closed in whose place another one of its rule opens; none: none does."""
    names = {deadline.rule for deadline in wanted}
    if unlegislated(row.rule) not in map(unlegislated, names):
        return None
    return "moved" if row.rule in names or row.plan_id != holder.plan_id else REGULATION_CHANGED


def _happened(tx: Connection, holder: Holder, calendar: Calendar) -> dict[str, date]:
    if holder.product_id is None or not calendar.plan.own_events:
        return {}
    return occurrences.happened_to(tx, holder.product_id, holder.plan_id)


def calendar_behind(tx: Connection, row: DeadlineRecord) -> Calendar:
    """Return the calendar from which a deadline has its date: its plan's current version, or an earlier one.

    Of the versions that know its rule the newest that gives this very date is meant; a date that depends on
    the product (or on an extension) is explained by the newest of them.

    Raises:
        NotFound: no version of the plan knows the rule.
        InvalidInput: see `calendar_of`.
    """
    newest = calendar_of(tx, row.plan_id, row.plan_sha256)
    if row.closed_on is None or row.plan_id is None:
        return newest
    earlier = [calendar_from(kept.text) for kept in plans.earlier_versions(tx, row.plan_id)]
    known = [calendar for calendar in (newest, *reversed(earlier)) if calendar.knows(row.kind, row.rule)]
    giving = (item for item in known if item.plain_due(row.kind, row.rule, row.opened_on) == row.due_on)
    return next(giving, known[0] if known else newest)


def open_for_new(
    tx: Connection, product_ids: Iterable[int], plan_id: int, calendar: Calendar, standing: Standing
) -> None:
    """Open the deadlines of products that have just come into a plan and all stand alike."""
    wanted = calendar.realigned(standing, {})
    rows = [
        row for product in product_ids for row in _rows(calendar, wanted, plan_id, standing.on, product, None)
    ]
    deadlines.open_many(tx, rows)


def _certificate(
    tx: Connection, holder: Holder, calendar: Calendar, wanted: Iterable[Deadline]
) -> int | None:
    """Return the certificate that deadlines of a product are about; none: none of them is about one."""
    if holder.product_id is None or not any(map(calendar.is_of_certificate, wanted)):
        return None
    return certificates.running(tx, [holder.product_id]).get(holder.product_id)


def _rows(
    calendar: Calendar,
    wanted: Iterable[Deadline],
    plan_id: int | None,
    opened_on: date,
    product_id: int | None,
    certificate_id: int | None,
) -> list[dict[str, Any]]:
    return [
        deadlines.opening(
            deadline,
            plan_id,
            opened_on,
            product_id=product_id,
            certificate_id=certificate_id if calendar.is_of_certificate(deadline) else None,
        )
        for deadline in wanted
    ]


_Key = tuple[DeadlineKind, str, "date"]


def _key(row: DeadlineRecord) -> _Key:
    return row.kind, row.rule, row.due_on


def _wanted_key(deadline: Deadline) -> _Key:
    return deadline.kind, deadline.rule, deadline.due_on


def _close(
    tx: Connection, holder: Holder, calendar: Calendar, row: DeadlineRecord, on: date, because: str
) -> None:
    if row.plan_id != holder.plan_id:  # the new dossier belongs to another plan: catch up by the old one
        authority_id = _authority(tx, holder, row)
        holder = replace(holder, plan_id=row.plan_id, authority_id=authority_id)
        calendar = calendar_of(tx, row.plan_id, row.plan_sha256)
    catch_up(tx, holder, calendar, row, on)
    settle(tx, row, on, because)


def _authority(tx: Connection, holder: Holder, row: DeadlineRecord) -> int:
    """Return whose a deadline was beside the commune's: its plan's, without one the unit's above."""
    if row.plan_id is not None:
        return plans.plans_by_id(tx, [row.plan_id])[row.plan_id].unit_id
    above = units.lineage(tx, holder.unit_id or 0)[1:]
    return above[0] if above else holder.authority_id


def settle(tx: Connection, row: DeadlineRecord, on: date, because: str) -> None:
    """Close a deadline: its unsaid reminders are cancelled and its flag cleared.

    A flag may have risen although `on` is in time: the event was recorded days after it happened. What
    happened before the deadline was even opened closes it on the day on which it opened, and in time.
    """
    in_time = on <= row.due_on < row.opened_on
    because = REACHED_EARLIER if because == REACHED and in_time else because
    deadlines.close_deadline(tx, row.id, max(on, row.opened_on), because)
    reminding.cancel_unsaid(tx, row.id)
    if (row.raised_on or row.due_on < on) and row.cleared_on is None:
        deadlines.clear_flag(tx, row.id, max(on, row.raised_on or on))


def catch_up(tx: Connection, holder: Holder, calendar: Calendar, row: DeadlineRecord, on: date) -> None:
    """Record what a daily sweep would have recorded up to `on`, where the sweep is behind.

    Nothing of it is said any more: the product has moved on.
    """
    decision = left_undone(calendar, row, on)
    if decision is None:
        return
    recipients = {Recipient.COMMUNE: holder.unit_id, Recipient.AUTHORITY: holder.authority_id}
    reminding.record(tx, unsaid_any_more(row.id, decision, recipients))
    if decision.raise_flag_on is not None:
        deadlines.raise_flags(tx, {row.id: decision.raise_flag_on})


@dataclass(frozen=True, slots=True)
class Behind:
    """A deadline that is about to be closed, perhaps behind the sweep: its calendar, who is told of it."""

    row: DeadlineRecord
    calendar: Calendar
    homes: Mapping[Recipient, int | None]


def catch_up_all(tx: Connection, behind: Iterable[Behind], on: date) -> None:
    """Record for deadlines what `catch_up` does for one; what they share is decided once."""
    known: dict[object, Decision | None] = {}
    reminders: list[dict[str, Any]] = []
    raised: dict[int, date] = {}
    for one in behind:
        row = one.row
        key = row.plan_id, row.plan_sha256, row.kind, row.rule, row.due_on, row.next_action_on, row.opened_on
        if key not in known:
            known[key] = left_undone(one.calendar, row, on)
        decision = known[key]
        if decision is None:
            continue
        reminders += unsaid_any_more(row.id, decision, one.homes)
        if decision.raise_flag_on is not None:
            raised[row.id] = decision.raise_flag_on
    reminding.record(tx, reminders)
    deadlines.raise_flags(tx, raised)


def left_undone(calendar: Calendar, row: DeadlineRecord, on: date) -> Decision | None:
    """Return what daily sweeps would have decided about an open deadline up to `on`; none: they did."""
    since = row.next_action_on
    if since is None or since > on or row.opened_on >= on:
        return None
    watch = calendar.watch(row.kind, row.rule, row.due_on)
    return decide_day(watch, calendar.workdays, since, on, opened=since == row.opened_on)


def unsaid_any_more(
    deadline_id: int, decision: Decision, recipients: Mapping[Recipient, int | None]
) -> list[dict[str, Any]]:
    """Return the reminders of a decision that comes too late to say any of them."""
    return [
        {
            "deadline_id": deadline_id,
            "stage": saying.stage.offset,
            "unit_id": recipients[recipient],
            "day": saying.stage.day,
            "status": ReminderStatus.SUPERSEDED if saying.status is ReminderStatus.DUE else saying.status,
            "reason": WithheldBecause.BEFORE_OPENED.value
            if saying.status is ReminderStatus.WITHHELD
            else None,
        }
        for saying in decision.sayings
        for recipient in saying.recipients
        if recipients[recipient] is not None
    ]
