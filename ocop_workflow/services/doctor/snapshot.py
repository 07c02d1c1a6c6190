"""What is examined: one read-only transaction, the time, and the plans that everything else leans on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.errors import OcopError, Text
from ocop_workflow.services.plans import calendar_from
from ocop_workflow.storage import inspecting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.clock import Clock
    from ocop_workflow.storage import Connection


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A loaded plan as the doctor sees it: its calendar if it has one, and what is wrong with it."""

    slug: str
    calendar: Calendar | None
    faults: tuple[Text, ...]


@dataclass(frozen=True)
class Snapshot:
    """One moment of a database, and by which clock it is judged."""

    tx: Connection
    clock: Clock

    @cached_property
    def plans(self) -> dict[int, KnownPlan]:
        """The loaded plans by their number, read from their own text and from nobody's memory."""
        return {row.id: _known(row) for row in inspecting.all_plan_texts(self.tx)}

    @cached_property
    def plan_of_prefix(self) -> dict[str, int]:
        """The plans' numbers by the prefix that the codes of their products begin with."""
        return {row.code: row.id for row in inspecting.all_plan_texts(self.tx)}

    def calendar(self, plan_id: int) -> Calendar | None:
        """Return a plan's calendar; none where the plan is missing or cannot be read."""
        plan = self.plans.get(plan_id)
        return plan.calendar if plan else None


def _known(row: Any) -> KnownPlan:  # noqa: ANN401 - a row of the database
    try:
        calendar = calendar_from(row.text)
    except OcopError as error:
        return KnownPlan(row.slug, None, (error.text,))
    return KnownPlan(row.slug, calendar, tuple(_faults(row, calendar)))


def _faults(row: Any, calendar: Calendar) -> Iterator[Text]:  # noqa: ANN401 - a row of the database
    if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
        yield Text("nội dung không khớp mã kiểm tra sha256", "its text does not match its sha256")
    said = (row.slug, row.code, row.year, row.regulation)
    plan = calendar.plan
    if said != (plan.id, plan.code, plan.year, plan.regulation):
        yield Text("các cột không khớp nội dung của tệp", "its columns do not match the text of its file")
