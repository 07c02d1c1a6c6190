"""Why this date: clause, words, reading, the calendar's steps, and what was said to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar import DeadlineKind, ReminderStatus, stage_label, stages
from ocop_workflow.calendar.laws import unlegislated
from ocop_workflow.calendar.plan import Timed
from ocop_workflow.calendar.subjects import REACHED_EARLIER
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import calendar_behind
from ocop_workflow.errors import Text, say
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.overview.explanation_views import (
    ExplanationView,
    RoundChoiceView,
    SaidToView,
    StageView,
    Unsaid,
)
from ocop_workflow.plans import extension_queries as extensions
from ocop_workflow.products.checks import find_product

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar import Calendar, Stage
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.letters.reminder_queries import ReminderRecord
    from ocop_workflow.plans.extension_queries import ExtensionRecord
    from ocop_workflow.store import Connection


def explain_product(tx: Connection, code: str, on: date, language: Language = "vi") -> list[ExplanationView]:
    """Explain every deadline that a product has or had, as seen on a local day.

    Raises:
        NotFound: no product has this code.
    """
    record = find_product(tx, code)
    rows = [row for row in deadlines.all_of_product(tx, record.id) if row.opened_on <= on]
    given = extensions.of_product(tx, record.id)
    said: dict[int, list[ReminderRecord]] = {}
    for reminder in reminding.said_of(tx, [row.id for row in rows]):
        if reminder.day <= on:
            said.setdefault(reminder.deadline_id, []).append(reminder)
    return [
        replace(
            _explain(calendar_behind(tx, row), row.as_of(on), said.get(row.id, []), on, language),
            extension=say(_extension(row, given), language),
        )
        for row in rows
    ]


def _extension(row: DeadlineRecord, given: list[ExtensionRecord]) -> Text:
    """Name the decision from which a deadline has its date; empty: it has it from the plan."""
    for item in reversed(given):
        known = item.plan_id == row.plan_id and item.granted_on <= row.opened_on
        if (
            known
            and row.kind is DeadlineKind.MILESTONE
            and (item.rule, item.due_on) == (row.rule, row.due_on)
        ):
            day = f"{item.decided_on:%d/%m/%Y}"
            return Text(
                f"quyết định số {item.decision_number} ngày {day}, {item.reason}",
                f"decision {item.decision_number} of {day}, {item.reason}",
            )
    return Text("", "")


def _explain(
    calendar: Calendar, row: DeadlineRecord, said: list[ReminderRecord], on: date, language: Language
) -> ExplanationView:
    wording = calendar.wording(row.kind, row.rule)
    return ExplanationView(
        rule=unlegislated(row.rule),
        name=wording.name,
        basis=wording.basis,
        as_written=wording.as_written,
        when=_form(calendar, row),
        reckoning=say(calendar.reckoning(row.kind, row.rule), language),
        reading=wording.reading,
        due_on=row.due_on,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        closed_because=row.closed_because,
        days_late=_days_late(row, on),
        raised_on=row.raised_on,
        acknowledged_on=row.acknowledged_on,
        cleared_on=row.cleared_on,
        stages=tuple(_lines(calendar, row, said, on)),
        hour=calendar.hour(row.kind, row.rule, row.due_on),
        rounds=tuple(
            RoundChoiceView(
                item.id,
                item.number,
                item.level.value,
                item.dossiers,
                item.done,
                tuple(kind.value for kind in item.open_to),
                item.counts,
                item.stars,
                item.part,
            )
            for item in calendar.rounds_of(row.kind, row.rule, row.due_on, row.opened_on)
        ),
    )


def _days_late(row: DeadlineRecord, on: date) -> int:
    """Return by how many days a deadline was, or is, missed; what happened before it opened was in time."""
    if row.closed_because == REACHED_EARLIER:
        return 0
    return max(((row.closed_on or on) - row.due_on).days, 0)


def _form(calendar: Calendar, row: DeadlineRecord) -> str:
    """Return the time expression as it stands in the plan file."""
    rule = calendar.rule(row.kind, row.rule)
    if not isinstance(rule, Timed):
        return f"{rule.anchor.value} {rule.offset:+d} {rule.unit.value}"
    given = rule.when.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    return ", ".join(f"{key} = {_toml(value)}" for key, value in given.items())


def _toml(value: object) -> str:
    """Write a value as a plan file writes it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value) if isinstance(value, (str, bool)) else str(value)


def _lines(calendar: Calendar, row: DeadlineRecord, said: list[ReminderRecord], on: date) -> list[StageView]:
    """Show the stages that were dealt with, and the next one."""
    last = min(on, row.closed_on or on, row.next_action_on or on)
    lines = []
    for stage in stages(calendar.watch(row.kind, row.rule, row.due_on), calendar.workdays):
        lines.append(_line(calendar, row, stage, said, on))
        if not lines[-1].said_to and stage.day >= last:
            break
    return lines


def _unsaid(row: DeadlineRecord, stage: Stage, on: date) -> Unsaid:
    if row.closed_on is not None:
        return Unsaid.CLOSED_BEFORE
    if stage.day > on:
        return Unsaid.NOT_YET
    return Unsaid.BEFORE_OPENED if stage.day < row.opened_on else Unsaid.AWAITS_SWEEP


def _became(row: DeadlineRecord, item: ReminderRecord, said: list[ReminderRecord]) -> str:
    """Say what became of a reminder; where nothing newer was said, it was the closing that left it unsaid."""
    if item.letter_day:
        return "said"
    newest = max((other.stage for other in said if other.status is ReminderStatus.DUE), default=item.stage)
    if row.closed_on and item.status is ReminderStatus.SUPERSEDED and newest <= item.stage:
        return Unsaid.CLOSED_BEFORE
    return item.status.value


def _line(
    calendar: Calendar, row: DeadlineRecord, stage: Stage, said: list[ReminderRecord], on: date
) -> StageView:
    said_to = tuple(
        SaidToView(
            item.unit_name,
            _became(row, item, said),
            item.reason,
            item.letter_day,
            item.letter_states,
        )
        for item in said
        if item.stage == stage.offset
    )
    plain_day = row.due_on + timedelta(days=stage.offset)
    return StageView(
        label=stage_label(stage.offset),
        plain_day=plain_day,
        off_because=calendar.workdays.name_of_day_off(plain_day),
        day=stage.day,
        said_to=said_to,
        provisional=calendar.workdays.is_provisional(stage.day),
        unsaid=None if said_to else _unsaid(row, stage, on),
    )
