"""What is answered, for the OpenAPI document only: answers themselves never pass these models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.notifications import LetterState
from ocop_workflow.regulations import Level
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


class Letter(Shown):
    """A letter in the outbox."""

    id: int
    kind: str
    unit: str
    address: str
    subject: str
    state: LetterState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None


class LetterText(Letter):
    """A letter with its bytes as they are sent (RFC 5322)."""

    message: str


class Resent(Shown):
    """The key of the copy that was put into the outbox."""

    key: str


class DeadLetter(Letter):
    """A letter that was given up; `refusal`: why it is not sent again, none if it would be."""

    refusal: str | None


class Resending(Shown):
    """The letters that were given up, and the hash that confirms sending them again; or the copies' keys."""

    confirm: str | None = None
    letters: list[DeadLetter] | None = None
    keys: list[str] | None = None


class PlanName(Shown):
    """A loaded plan."""

    id: str
    title: str
    year: int
    unit: str
    regulation: str


class Plan(Shown):
    """A plan with its milestones and where its products stand."""

    id: str
    title: str
    code: str
    year: int
    last_day: date
    unit: str
    regulation: str
    parent: str
    children: list[str]
    lines: list[dict[str, str]]
    rounds: list[dict[str, Any]]
    events: list[dict[str, str]]
    products: dict[str, int]
    notes: list[str]
    said: dict[str, Any]
    silent: list[str]


class Loaded(Shown):
    """A plan that is loaded."""

    id: str
    new: bool
    milestones: int
    activities: int


class Changed(Shown):
    """What a change does, or what of a new plan lies behind. To go on, send its `hash` as `confirm`."""

    done: bool
    id: int | None = None
    impact: dict[str, Any]


class Version(Shown):
    """A version of a plan."""

    version: int
    sha256: str
    loaded_at: datetime
    loaded_by: str
    replaced_on: date | None
    replaced_by: str | None


class Extension(Shown):
    """An extension that was granted."""

    id: int
    milestone: str
    due_on: date
    decision_number: str
    decided_on: date
    reason: str
    products: list[str]
    revoked_on: date | None


class Sweep(Shown):
    """A daily check that ran, or `dry_run`: would run."""

    id: int | None = None
    day: date
    finished_at: datetime | None = None
    reminders: int
    withheld: int
    superseded: int
    flags_raised: int
    letters: int
    faults: list[dict[str, str]]
    dry_run: bool | None = None
    notes: list[dict[str, str]] | None = None
    held: dict[str, Any] | None = None


class Unit(Shown):
    """A unit that the officer works in, or that lies above it."""

    id: str
    name: str
    level: Level
    office: str
    parent: str | None


class Succession(Shown):
    """That a unit ends on a day and another takes over."""

    unit: str
    heir: str
    on: date


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


class AuditEntry(Shown):
    """One entry of the audit."""

    seq: int
    at: datetime
    actor: str
    origin: str
    acting_for: str | None
    action: str
    subject: str
    before: Any
    after: Any
    hash: str


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
