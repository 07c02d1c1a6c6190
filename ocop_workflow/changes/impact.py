"""The impact of a change: what it does to deadlines, reminders and people, before anything is done."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from ocop_workflow.calendar import load_work_calendar, stage_label, stages
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.realigning import DateSource, Realigned, is_unseen, realign
from ocop_workflow.changes.told_dates import (
    Belief,
    Retelling,
    StaleLetters,
    by_address,
    stale_letters,
    wrong_beliefs,
)
from ocop_workflow.changes.views import ImpactView, MoveView, ReminderLineView, ToldLineView
from ocop_workflow.errors import Conflict
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications import mailbox_of
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_workflow.calendar import Calendar, DeadlineKind, Watch
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        plan: the plan as it stands.
        before: its calendar as it stands.
        after: what dates are to come from.
        asked: what the hash has to tell from other requests.
    """

    plan: PlanRecord
    before: Calendar
    after: DateSource
    asked: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The impact, and what it was worked out from."""

    request: Request
    realigned: Realigned
    stale: StaleLetters
    beliefs: tuple[Belief, ...]
    impact: ImpactView

    @property
    def letters(self) -> dict[tuple[int, str], list[Belief]]:
        """The beliefs that a letter sets right, by unit and address."""
        return by_address(self.beliefs)

    @property
    def retelling(self) -> Retelling:
        """What letters have to put right."""
        plan = self.request.plan
        named = partial(name_of, self.request)
        return Retelling(self.letters, self.realigned.products, plan.unit_id, plan.slug, named)


def foresee(tx: Connection, request: Request, today: date) -> Foreseen:
    """Work out what a change does; nothing is written."""
    plan = request.plan
    realigned = realign(tx, plan, request.before, request.after, today)
    stale = stale_letters(tx, plan.id, realigned)
    beliefs = wrong_beliefs(tx, plan.id, realigned, stale)
    in_use = changing.mailboxes_in_use(tx, today)
    heard = tuple(belief for belief in beliefs if mailbox_of(belief.address) in in_use)
    told = tuple(_told(tx, beliefs, realigned, in_use))
    moves = tuple(_moves(request, realigned))
    reminders = tuple(_reminders(tx, request, realigned, stale, today))
    content = (request.asked, plan.version, moves, reminders, told, len(stale.letters))
    impact = ImpactView(
        plan=plan.slug,
        version=plan.version,
        hash=hashlib.sha256(repr(content).encode()).hexdigest(),
        moves=moves,
        reminders=reminders,
        told=told,
        taken_back=len(stale.letters),
        corrections=len(by_address(heard)),
    )
    return Foreseen(request, realigned, stale, heard, impact)


def confirmed(foreseen: Foreseen, confirm: str) -> Foreseen:
    """Return what was foreseen, if the hash that was given still stands for it.

    Raises:
        Conflict: something has changed since the impact was looked at.
    """
    if foreseen.impact.hash != confirm:
        raise Conflict(
            "Ảnh hưởng đã khác lúc xem trước; hãy xem lại rồi xác nhận. Không có gì thay đổi.",
            "The impact is not what was looked at any more; look again and confirm. Nothing was changed.",
        )
    return foreseen


def _moves(request: Request, realigned: Realigned) -> Iterator[MoveView]:
    names: dict[tuple[DeadlineKind, str], str] = {}
    for shift in realigned.shifts:
        kind, rule = shift.key.kind, shift.key.rule
        if (kind, rule) not in names:
            names[kind, rule] = name_of(request, kind, rule)
        yield MoveView(
            shift.product.code if shift.product else None,
            kind,
            rule,
            names[kind, rule],
            shift.row.due_on if shift.row else None,
            shift.new.due_on if shift.new else None,
        )


def name_of(request: Request, kind: DeadlineKind, rule: str) -> str:
    """Return the name of a rule as it is now, or, where it has fallen away, as it was."""
    after = request.after.calendar
    return (after if after.knows(kind, rule) else request.before).wording(kind, rule).name


def _told(
    tx: Connection, beliefs: Iterable[Belief], realigned: Realigned, in_use: set[str]
) -> Iterator[ToldLineView]:
    groups: dict[tuple[int, str, str, date | None, date | None], list[str]] = {}
    for belief in beliefs:
        key = belief.key
        codes = groups.setdefault((belief.unit_id, belief.address, key.rule, belief.told, belief.now), [])
        if key.product_id is not None:
            codes.append(realigned.products[key.product_id].code)
    names = units.units_by_id(tx, {unit for unit, *_ in groups})
    for (unit, address, rule, told, now), codes in groups.items():
        yield ToldLineView(
            names[unit].name, address, rule, told, now, tuple(codes), mailbox_of(address) in in_use
        )


# -- the reminders ---------------------------------------------------------------------------------

_Line = tuple[bool, str, int, date, int]


def _reminders(
    tx: Connection, request: Request, realigned: Realigned, stale: StaleLetters, today: date
) -> Iterator[ReminderLineView]:
    lines: Counter[_Line] = Counter()
    _count_stages(lines, request, realigned, today)
    closing = realigned.closing
    for item in reminding.unsaid_of_plan(tx, request.plan.id, stale.digests):
        if item.deadline_id in closing:
            rule = closing[item.deadline_id].rule
            lines[False, rule, item.stage, item.day, item.unit_id] += 1
    names = units.units_by_id(tx, {unit for *_, unit in lines})
    for (comes, rule, offset, day, unit), count in sorted(lines.items()):
        yield ReminderLineView(comes, rule, stage_label(offset), day, names[unit].name, count)


def _count_stages(lines: Counter[_Line], request: Request, realigned: Realigned, today: date) -> None:
    """Count the stages that nobody has met yet, by what they depend on and by unit."""
    before, after = request.before, request.after.calendar
    alike: Counter[tuple[bool, DeadlineKind, str, date, date, int | None]] = Counter()
    for shift in realigned.shifts:
        unit = shift.product.unit_id if shift.product else shift.key.unit_id
        if shift.row and shift.row.next_action_on:
            alike[
                False, shift.row.kind, shift.row.rule, shift.row.due_on, shift.row.next_action_on, unit
            ] += 1
        if shift.new:
            alike[True, shift.new.kind, shift.new.rule, shift.new.due_on, today, unit] += 1
    for (comes, kind, rule, due, since, unit), count in alike.items():
        watch = (after if comes else before).watch(kind, rule, due)
        for stage in _to_come(watch, since, unit, request.plan.unit_id):
            lines[comes, rule, *stage] += count
    for row in realigned.rewatched:
        product = realigned.products.get(row.product_id or 0)
        homes = product.unit_id if product else row.unit_id, request.plan.unit_id
        old_watch, new_watch = (item.watch(row.kind, row.rule, row.due_on) for item in (before, after))
        old = set(_to_come(old_watch, row.next_action_on, *homes) if row.next_action_on else ())
        since = row.opened_on if is_unseen(row) else today
        new = set(_to_come(new_watch, since, *homes))
        lines.update((False, row.rule, *stage) for stage in old - new)
        lines.update((True, row.rule, *stage) for stage in new - old)


def _to_come(
    watch: Watch, since: date, commune: int | None, authority: int
) -> Iterator[tuple[int, date, int]]:
    """Yield offset, day and unit of the reminders from a local day on."""
    for stage in stages(watch, load_work_calendar()):
        if stage.day >= since:
            for recipient in watch.nag_to if stage.offset > 0 else watch.remind_to:
                unit = commune if recipient is Recipient.COMMUNE else authority
                if unit is not None:
                    yield stage.offset, stage.day, unit
