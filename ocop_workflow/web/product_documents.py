"""What is answered about products, for the OpenAPI document only; see `documents`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from ocop_workflow.regulations import Level
from ocop_workflow.states import CertificateStanding, Dossier, Event, State


class Shown(BaseModel):
    """Something that an answer holds: exactly these names."""

    model_config = ConfigDict(extra="forbid")


class OpenedDeadline(Shown):
    """A deadline that is open after an event."""

    milestone: str
    due_on: date


class Lack(Shown):
    """A requirement that is not met; `hands`: the step is in other hands.

    `fields`: the data that would meet it; empty: no data can.
    """

    name: str
    vi: str
    en: str
    clause: str
    fields: list[str]


class ProductDeadline(Shown):
    """An open deadline of a product."""

    milestone: str
    due_on: date
    days_left: int
    stage: str | None
    overdue: bool


class Score(Shown):
    """What a council gave: `mean` cut to two decimals, `exact` as it was; `star`: what it earns."""

    level: Level
    level_label: str
    mean: str
    exact: str
    star: int
    gates_met: int


class Certificate(Shown):
    """A certificate that runs: its decision, its last valid day, and whether its level has confirmed it."""

    star: int
    number: str
    decided_on: date
    valid_until: date
    signer: str | None
    standing: CertificateStanding
    standing_label: str


class AnyCertificate(Certificate):
    """A certificate, running or ended; `id` is its number under `/certificates`."""

    id: int
    ended_on: date | None
    ended_because: str | None
    ended_label: str | None


class Product(Shown):
    """A product as it stands today, for the officer who asks. `etag` is what `If-Match` takes.

    `allowed`: the events that would be accepted now, with the data that `needs` names for each.
    """

    code: str
    name: str
    unit: str
    producer: str | None
    representative: str | None
    group: str | None
    group_name: str | None
    address: str | None
    official_code: str | None
    plan: str
    dossier: Dossier
    dossier_label: str
    received_on: date | None
    state: State
    state_label: str
    star: int | None
    score: Score | None
    certificate: Certificate | None
    version: int
    overdue: bool
    deadlines: list[ProductDeadline]
    allowed: list[Event]
    needs: dict[Event, list[str]]
    missing: dict[Event, list[Lack]]
    updated_at: datetime | None
    etag: str


class OwnEvent(Shown):
    """An event that its plan lets each product have for itself.

    `on`: the day of this product's. `by`: who recorded it, or took it back; `undone`: why.
    """

    event: str
    name: str
    on: date | None
    by: str | None
    undone: str | None


class Occurred(OwnEvent):
    """What recording such an event, or taking it back, did: the deadlines that are open since."""

    code: str
    deadlines: list[OpenedDeadline]


class ProductInFull(Product):
    """A product with everything that is on record of it.

    `certificates`: all that it ever held. `own_events`: from which its plan counts. `given`: what was given
    with the steps of its current dossier.
    """

    certificates: list[AnyCertificate]
    own_events: list[OwnEvent]
    given: dict[str, Any]


class Given(Shown):
    """Something that was given with a step, in words."""

    label: str
    value: str


class HistoryEntry(Shown):
    """One step of a product's history."""

    seq: int
    event: Event
    label: str
    source: State
    target: State
    actor: str
    on: date
    at: datetime
    note: str
    data: dict[str, Any]
    given: list[Given]
    plan: str
    regulation: str
    unit: str
    undoes: int | None
    by_paper: bool
