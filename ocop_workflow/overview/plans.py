"""Read model of one plan: its milestones and activities with their dates, and where its products stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar import DeadlineKind, Milestone, Standing
from ocop_workflow.calendar.rounds.naming import round_name
from ocop_workflow.calendar.when import read_when
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.round_queries import round_shares
from ocop_workflow.errors import Text, say
from ocop_workflow.overview import count_queries as counting
from ocop_workflow.overview.plan_views import (
    PlanEventView,
    PlanLineView,
    PlanRoundView,
    PlanView,
    YearLineView,
    YearView,
)
from ocop_workflow.people.officers import HOST
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of, find_plan
from ocop_workflow.plans.parents import children_of, parent_faults
from ocop_workflow.regulations import Recipient
from ocop_workflow.states import Dossier, State
from ocop_workflow.vietnamese import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.calendar.plan import Round, Timed
    from ocop_workflow.calendar.rounds.shares import RoundShare
    from ocop_workflow.errors import Language
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


#: tables of the file that are shown as they stand
SAID = (
    "document",
    "documents",
    "office",
    "legal_basis",
    "targets",
    "inspections",
    "budget",
    "duties",
    "groups",
    "cycle",
    "annex",
)


def plan_overview(
    tx: Connection, slug: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> PlanView:
    """Return a loaded plan as it stands on a local day; products are counted as far as the actor sees them.

    Raises:
        NotFound: no plan of this id is loaded, as far as the actor may know.
    """
    record = find_plan(tx, slug, actor)
    calendar = calendar_of(tx, record.id, record.sha256)
    roots = actor.units_with(Permission.READ)
    counts = counting.products_by_state(tx, record.id, roots)
    notes = [item.text for item in parent_faults(tx, calendar)]
    return PlanView(
        id=record.slug,
        title=record.title,
        code=calendar.plan.code,
        year=calendar.plan.year,
        last_day=calendar.plan.last_day,
        unit=record.unit_name,
        regulation=f"{calendar.regulation.number} ({calendar.regulation.id})",
        parent=calendar.plan.parent,
        children=tuple(child.slug for child in children_of(tx, record.slug, actor)),
        lines=tuple(_line(calendar, entry, today, language) for entry in calendar.plan.timed),
        rounds=tuple(
            _round(calendar, entry, share, today, language)
            for entry, share in zip(
                calendar.plan.rounds, round_shares(tx, record.id, calendar, today, roots), strict=True
            )
        ),
        events=tuple(
            PlanEventView(event.id, event.name, _day(event.on), event.of) for event in calendar.plan.events
        ),
        products={say(state.text, language): counts[state] for state in State if state in counts},
        notes=tuple(say(note, language) for note in notes),
        said=calendar.plan.model_dump(mode="json", include=set(SAID), exclude_none=True),
        silent=_silent(tx, record.id),
    )


def plan_year(
    tx: Connection, record: PlanRecord, today: date, actor: Actor = HOST, language: Language = "vi"
) -> YearView:
    """Return a plan that the actor may see as a year; products are counted as far as the actor sees them."""
    calendar = calendar_of(tx, record.id, record.sha256)
    plan, roots = calendar.plan, actor.units_with(Permission.READ)
    total = sum(counting.products_by_state(tx, record.id, roots).values())
    counts = counting.products_by_rule(tx, record.id, today, roots)
    reader = calendar.reader(today, {})
    lines = []
    for entry in plan.timed:
        window, found = read_when(entry.when, reader), counts.get(entry.id)
        is_milestone = isinstance(entry, Milestone)
        seen = (found.open, found.late, found.met) if found else (0, 0, 0)
        lines.append(
            YearLineView(
                id=entry.id,
                kind="milestone" if is_milestone else "activity",
                name=entry.name,
                clause=entry.clause,
                start=window.start,
                due=window.due,
                ahead=max(total - seen[0] - seen[2], 0) if is_milestone else 0,
                open=seen[0],
                late=seen[1],
                met=seen[2],
            )
        )
    for item in plan.rounds:
        name = say(round_name(item.number, item.level, item.part), language)
        until = read_when(item.dossiers, reader).due
        done = read_when(item.done, reader).due
        name = name[:1].upper() + name[1:]
        lines.append(YearLineView(item.id, "round", name, item.clause, until, done, 0, 0, 0, 0))
    ordered = sorted(lines, key=lambda line: (line.due or plan.last_day, line.start or plan.last_day))
    return YearView(
        record.slug,
        record.title,
        date(plan.year, 1, 1),
        plan.last_day,
        total,
        tuple(ordered),
        tuple(step.as_written for step in plan.cycle),
    )


def _silent(tx: Connection, plan_id: int) -> tuple[str, ...]:
    told = {row.unit_id for row in deadlines.open_of_communes(tx, plan_id) if row.unit_id is not None}
    found = units.units_by_id(tx, told).values()
    return tuple(sorted((unit.name for unit in found), key=sort_key))


def _line(calendar: Calendar, entry: Timed, today: date, language: Language) -> PlanLineView:
    due = calendar.due(entry, Standing(State.IDEA, Dossier.FIRST, today))
    kind = DeadlineKind.MILESTONE if isinstance(entry, Milestone) else DeadlineKind.ACTIVITY
    return PlanLineView(
        id=entry.id,
        kind=kind,
        clause=entry.clause,
        name=entry.name,
        due=_day(due),
        reach=", ".join(reach.value for reach in entry.reach) if isinstance(entry, Milestone) else "",
        actor=entry.actor.value,
        as_written=entry.as_written,
        document=entry.document,
        reckoning=say(calendar.reckoning(kind, entry.id), language),
        reading=entry.reading,
        dossiers=", ".join(say(kind.text, language) for kind in entry.dossiers)
        if isinstance(entry, Milestone)
        else "",
        action=entry.action,
        where=entry.where,
        tasks="\n".join(
            f"{task.as_written} ({task.by})" if task.by else task.as_written for task in entry.tasks
        ),
        watched="; ".join(say(part, language) for part in _watched(entry)),
    )


def _watched(entry: Timed) -> Iterator[Text]:
    if entry.remind:
        to = _recipients(entry.remind.to)
        if entry.remind.months_before:
            months = _down(entry.remind.months_before)
            yield Text(f"nhắc {to.vi} trước {months} tháng", f"{to.en} told {months} months before")
        if entry.remind.days_before:
            days = _down(entry.remind.days_before)
            yield Text(f"nhắc {to.vi} trước {days} ngày", f"{to.en} told {days} days before")
    if entry.overdue:
        to, days = _recipients(entry.overdue.to), str(entry.overdue.every_days)
        yield Text(f"quá hạn thúc {to.vi} {days} ngày một lần", f"when late {to.en} told every {days} days")


def _down(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers, reverse=True)))


def _recipients(to: Iterable[Recipient]) -> Text:
    told = [_RECIPIENTS[recipient] for recipient in to]
    return Text(", ".join(one.vi for one in told), ", ".join(one.en for one in told))


_RECIPIENTS = {
    Recipient.COMMUNE: Text("xã", "the commune"),
    Recipient.EVERY_COMMUNE: Text("mọi xã", "every commune"),
    Recipient.AUTHORITY: Text("cơ quan chủ kế hoạch", "the plan's authority"),
}


def _round(
    calendar: Calendar, entry: Round, share: RoundShare, today: date, language: Language
) -> PlanRoundView:
    reader = calendar.reader(today, {})
    return PlanRoundView(
        id=entry.id,
        number=entry.number,
        part=entry.part,
        level=entry.level,
        name=say(round_name(entry.number, entry.level, entry.part), language),
        dossiers=_day(share.cut_off),
        done=_day(read_when(entry.done, reader).due),
        open_to=tuple(entry.open_to),
        stars=entry.stars,
        clause=f"{entry.clause} ({entry.document})" if entry.document else entry.clause,
        as_written=entry.as_written,
        quota_percent=entry.quota_percent,
        quota_met=share.is_met if entry.quota_percent is not None else None,
        registered=share.registered,
        came=share.came,
        returned=share.returned,
        percent=share.percent,
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
