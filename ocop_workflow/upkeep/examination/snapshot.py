"""What is examined: one read-only transaction, the time, and the plans that everything else leans on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.errors import OcopError, Text
from ocop_workflow.letters.journal import NO_JOURNAL
from ocop_workflow.plans.loaded import calendar_from
from ocop_workflow.sweep.holding import Caution
from ocop_workflow.upkeep.examination import plan_queries as inspecting_plans

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.clock import Clock
    from ocop_workflow.letters.journal import Journal
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A loaded plan as the doctor sees it: its calendar if it has one, and what is wrong with it."""

    slug: str
    calendar: Calendar | None
    faults: tuple[Text, ...]


@dataclass(frozen=True)
class Snapshot:
    """One moment of a database, by which clock and caution it is judged, and the send journal beside it."""

    tx: Connection
    clock: Clock
    journal: Journal = NO_JOURNAL
    caution: Caution = field(default_factory=Caution)

    @cached_property
    def plans(self) -> dict[int, KnownPlan]:
        """The loaded plans by their number, read from their own text and from nobody's memory."""
        return {row.id: _known(row) for row in inspecting_plans.all_plan_texts(self.tx)}

    @cached_property
    def earlier(self) -> dict[int, list[Calendar]]:
        """The calendars of the versions of each plan that were replaced, as far as they can be read."""
        found: dict[int, list[Calendar]] = {}
        for row in inspecting_plans.all_plan_versions(self.tx):
            calendar, _ = read_version(row)
            if calendar is not None:
                found.setdefault(row.plan_id, []).append(calendar)
        return found

    @cached_property
    def extended(self) -> dict[tuple[int, int], dict[str, date]]:
        """The extensions in force by product and plan: until when which milestone."""
        found: dict[tuple[int, int], dict[str, date]] = {}
        for row in inspecting_plans.extensions_in_force(self.tx):
            found.setdefault((row.product_id, row.plan_id), {})[row.rule] = row.due_on
        return found

    @cached_property
    def happened(self) -> dict[tuple[int, int], dict[str, date]]:
        """What has happened to products of its own, by product and plan: on which day which event."""
        found: dict[tuple[int, int], dict[str, date]] = {}
        for row in inspecting_plans.occurrences_in_force(self.tx):
            found.setdefault((row.product_id, row.plan_id), {})[row.event] = row.happened_on
        return found

    @cached_property
    def changed_on(self) -> dict[int, set[date]]:
        """The local days on which each plan's dates were read again: a version took over, an extension."""
        found: dict[int, set[date]] = {}
        for plan_id, day in inspecting_plans.days_of_change(self.tx):
            found.setdefault(plan_id, set()).add(day)
        return found

    @cached_property
    def plan_of_prefix(self) -> dict[str, int]:
        """The plans' numbers by the prefix that the codes of their products begin with."""
        return {row.code: row.id for row in inspecting_plans.all_plan_texts(self.tx)}

    def calendar(self, plan_id: int) -> Calendar | None:
        """Return a plan's calendar; none where the plan is missing or cannot be read."""
        plan = self.plans.get(plan_id)
        return plan.calendar if plan else None


def _known(row: Any) -> KnownPlan:  # noqa: ANN401 - a row of the database
    calendar, faults = read_version(row)
    if calendar is not None and _said(row) != _identity(calendar):
        faults = (*faults, _OTHER_COLUMNS)
    return KnownPlan(row.slug, calendar, faults)


def read_version(row: Any) -> tuple[Calendar | None, tuple[Text, ...]]:  # noqa: ANN401 - see above
    """Return the calendar of a stored version of a plan, if it can be read, and what is wrong with it."""
    try:
        calendar = calendar_from(row.text)
    except OcopError as error:
        return None, (error.text,)
    whole = hashlib.sha256(row.text.encode()).hexdigest() == row.sha256
    return calendar, () if whole else (_OTHER_TEXT,)


def same_plan(calendar: Calendar, other: Calendar) -> bool:
    """Tell whether two versions agree in what may not change."""
    return (*_identity(calendar), calendar.plan.unit) == (*_identity(other), other.plan.unit)


def _said(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - see above
    return row.slug, row.code, row.year, row.regulation


def _identity(calendar: Calendar) -> tuple[Any, ...]:
    plan = calendar.plan
    return plan.id, plan.code, plan.year, plan.regulation


_OTHER_TEXT = Text("nội dung không khớp mã kiểm tra sha256", "its text does not match its sha256")
_OTHER_COLUMNS = Text("các cột không khớp nội dung của tệp", "its columns do not match the text of its file")
