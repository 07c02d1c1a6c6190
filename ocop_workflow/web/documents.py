"""What is answered, for the OpenAPI document only: answers themselves never pass these models."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.states import Event, State
from ocop_workflow.web.product_documents import Lack, OpenedDeadline, Shown


class Advanced(Shown):
    """What an event did."""

    code: str
    event: Event
    source: State
    state: State
    state_label: str
    version: int
    deadlines: list[OpenedDeadline]


class Undone(Advanced):
    """What undoing did: which step, and how many letters were cancelled and corrected."""

    undoes: int
    cancelled: int
    corrections: int


class Verdict(Shown):
    """What would become of one product: allowed, or why not."""

    code: str
    allowed: bool
    error: str | None = None
    detail: str | None = None
    faults: list[dict[str, str]] | None = None
    missing: list[Lack] | None = None
    possible: list[Event] | None = None
    needs: dict[Event, list[str]] | None = None


class Bulk(Shown):
    """A verdict for each product and the token of the allowed ones; or what was done."""

    dry_run: bool
    token: str | None = None
    verdicts: list[Verdict] | None = None
    advanced: list[Advanced] | None = None


class Deadline(Shown):
    """An open deadline: a product's, or an activity of the plan. `id` acknowledges it once its flag is up."""

    id: int
    code: str | None
    product: str | None
    unit: str
    plan: str
    milestone: str
    name: str
    due_on: date
    days_left: int
    overdue: bool
    raised_on: date | None
    acknowledged_on: date | None
    acknowledged_by: str | None


class PastDeadline(Shown):
    """A deadline that a product has or had."""

    id: int
    plan: str
    milestone: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    raised_on: date | None
    acknowledged_on: date | None
    cleared_on: date | None


class Reminder(Shown):
    """What was said, or not said, about a deadline to a unit."""

    day: date
    stage: str
    code: str | None
    milestone: str
    due_on: date
    unit: str
    status: ReminderStatus
    reason: str | None
    letter_day: date | None


class Count(Shown):
    """How many products of a unit are in a state."""

    unit: str
    unit_name: str
    state: State
    state_label: str
    products: int
    overdue: int


class Progress(Shown):
    """Where the products stand, counted at one moment."""

    day: date
    products: int
    overdue: int
    counts: list[Count]


class Fault(Shown):
    """One thing that is wrong with a request, at its place."""

    place: str
    detail: str


class Problem(Shown):
    """A refusal (RFC 9457). A program leans on `type` and `error`, people read `title` and `detail`."""

    type: str
    title: str
    status: int
    detail: str
    error: str
    request_id: str
    faults: list[Fault] | None = None
    allowed: list[Event] | None = None
    needs: dict[Event, list[str]] | None = None
    missing: list[Lack] | None = None
    current: dict[str, Any] | None = None
