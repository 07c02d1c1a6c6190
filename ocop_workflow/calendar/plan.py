"""Schema of a plan file: one authority's dated programme for a year, as data.

Everything that the plan's document says with a time, a figure or a duty has an entry that keeps the
clause and the exact words (`as_written`) beside the reading of them. `docs/plan-file.md` explains the
format to whoever writes one.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator

from ocop_workflow.calendar.when import PlanDay, When
from ocop_workflow.regulations import Frozen, Level, Nag, Remind
from ocop_workflow.states import Dossier
from ocop_workflow.wording import shaped

if TYPE_CHECKING:
    from collections.abc import Collection

Slug = Annotated[str, Field(max_length=60), shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "dang-ky-2024")]
Words = Annotated[str, Field(min_length=1)]
Star = Annotated[int, Field(strict=True, ge=3, le=5)]
Year = Annotated[int, Field(ge=2015, le=2100)]


class Reach(StrEnum):
    """What a milestone asks a product to have reached; `escalated` is either escalated state."""

    REGISTERED = "registered"
    SELECTED = "selected"
    CONSULTING = "consulting"
    COMMUNE_EVALUATED = "commune_evaluated"
    SCORED = "scored"
    CERTIFIED = "certified"
    ESCALATED = "escalated"
    NOT_RATED = "not_rated"


class Doer(StrEnum):
    """Whose hand a milestone or an activity needs: a level, or the plan's authority."""

    AUTHORITY = "authority"
    COMMUNE = Level.COMMUNE.value
    DISTRICT = Level.DISTRICT.value
    PROVINCE = Level.PROVINCE.value
    CENTRAL = Level.CENTRAL.value


class DocumentClause(Frozen):
    """A piece of the plan's document, or of the one that is named: where it stands, and its exact words."""

    clause: Words
    as_written: Words
    document: Slug | Literal[""] = ""


class Document(Frozen):
    """The signed paper. A blank number or date stays blank."""

    number: str
    issued: date | Literal[""]
    source: str = ""
    sha256: Annotated[str, shaped(r"([0-9a-f]{64})?", "e3b0c442 … 7852b855")] = ""
    signed_by: str = ""


class FurtherDocument(Document):
    """Another document of the same plan: what amends it in mid-year, or the council's beside the committee's.

    `name` is how a letter cites it, before its number and day.
    """

    id: Slug
    name: Words

    @property
    def cited(self) -> str:
        """The document as a letter cites it."""
        number = f" số {self.number}" if self.number else ""
        return f"{self.name}{number}" + (f" ngày {self.issued:%d/%m/%Y}" if self.issued else "")


class Office(Frozen):
    """Where the authority's work is done: who is asked, and who is greeted in a letter."""

    name: Words
    address: str = ""


class LegalBasis(DocumentClause):
    """A document that the plan rests on."""

    number: str
    issued: date | None = None


class Target(DocumentClause):
    """A figure or an aim that the plan sets itself."""

    id: Slug
    what: Words
    at_least: int | None = Field(default=None, ge=0)
    unit: str = ""


class Task(Frozen):
    """One piece of the work that the plan describes, and by whom where it names someone."""

    as_written: Words
    by: str = ""


class Timed(DocumentClause):
    """Anything that the plan gives a time: `as_written` says the time, `tasks` the work."""

    id: Slug
    name: Words
    when: When
    reading: str = ""
    actor: Doer
    action: str = ""
    where: str = ""
    tasks: tuple[Task, ...] = ()
    remind: Remind | None = None
    overdue: Nag | None = None


class Milestone(Timed):
    """By when a product must have reached which state, by whose hand."""

    reach: Annotated[tuple[Reach, ...], Field(min_length=1)]
    dossiers: tuple[Dossier, ...] = tuple(Dossier)

    @field_validator("reach", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Activity(Timed):
    """Something the authority itself does: training, communication, inspection."""


class Round(DocumentClause):
    """One of a level's evaluation rounds (đợt) in the year.

    `open_to`, `stars`: to which kinds of dossiers, and to those that may get which stars; empty: to all.
    `part`: which pass (lần) of the round of this number it is; none: the round has one. Who misses a pass, or
    is sent back in it, belongs to the next. `quota_percent`: the least share of the registered products whose
    dossiers are in by the cut-off.
    """

    id: Slug
    number: int = Field(ge=1)
    level: Level
    dossiers: When
    done: When
    open_to: tuple[Dossier, ...] = tuple(Dossier)
    stars: tuple[Star, ...] = ()
    part: int | None = Field(default=None, alias="pass", ge=1, le=9)
    quota_percent: int | None = Field(default=None, ge=0, le=100)

    def is_open_to(self, dossier: Dossier, stars: Collection[int] | None) -> bool:
        """Tell whether a dossier of this kind may come, that may get these stars.

        Where nothing tells the stars yet (none), no dossier is shut out by them.
        """
        named = not self.stars or stars is None or any(star in self.stars for star in stars)
        return dossier in self.open_to and named


class Inspection(DocumentClause):
    """How running certificates are looked at on the spot (kiểm tra, giám sát): which, how often, by whom.

    `stars`, `groups`: only certificates of these stars, of these groups of products as the regulation calls
    them; empty: all that run. `every_months`: how often each is seen at least; none: the plan names no
    interval, and nobody is ever late.
    """

    id: Slug
    name: Words
    actor: Doer
    every_months: int | None = Field(default=None, ge=1, le=60)
    stars: tuple[Star, ...] = ()
    groups: tuple[Words, ...] = ()

    def covers(self, star: int, group: str | None) -> bool:
        """Tell whether a certificate of this star, of a product of this group, is one of them."""
        return (not self.stars or star in self.stars) and (not self.groups or group in self.groups)


class Duty(DocumentClause):
    """What the plan asks of an agency."""

    agency: Words


class Budget(DocumentClause):
    """A source of money."""

    source: Words


class CycleStep(Frozen):
    """One step of the OCOP cycle."""

    number: int
    as_written: Words


class Group(Frozen):
    """One product group as the plan names it."""

    number: int
    as_written: Words


class EventOf(StrEnum):
    """What an event happens to: the plan as a whole, on one day, or each product on a day of its own."""

    PLAN = "plan"
    PRODUCT = "product"


class OutsideEvent(Frozen):
    """Something outside the plan's own steps from which a time is counted; its day may not be known yet.

    Of a product's own event (the approval of its business plan) the day is recorded product by product.
    """

    id: Slug
    name: Words
    on: PlanDay | None = None
    of: EventOf = EventOf.PLAN


class Annex(Frozen):
    """The list of products that comes with the plan."""

    title: Words
    file: str = ""
    products: int = Field(ge=0)


class Plan(Frozen):
    """A plan file."""

    format: Literal[1]
    id: Slug
    code: Annotated[str, shaped(r"[A-Z]{1,6}[0-9]{2}", "DP24")]
    title: Words
    year: Year
    last_year: Year | None = None
    ends_on: date | None = None
    parent: Slug | Literal[""] = ""
    regulation: Slug
    unit: Slug
    document: Document
    documents: tuple[FurtherDocument, ...] = ()
    office: Office
    legal_basis: tuple[LegalBasis, ...] = ()
    targets: tuple[Target, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    activities: tuple[Activity, ...] = ()
    rounds: tuple[Round, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    events: tuple[OutsideEvent, ...] = ()
    budget: tuple[Budget, ...] = ()
    duties: tuple[Duty, ...] = ()
    groups: tuple[Group, ...] = ()
    cycle: tuple[CycleStep, ...] = ()
    annex: Annex | None = None

    @property
    def first_day(self) -> date:
        """The day on which its programme begins: 1 January of its year, or of its document's if earlier."""
        issued = self.document.issued
        return date(min(self.year, issued.year if issued else self.year), 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the programme's year, or of its last year: nagging ends with it."""
        return self.ends_on or date(self.last_year or self.year, 12, 31)

    @property
    def programme(self) -> tuple[date, date]:
        """The first and the last local day of its programme's year, or years."""
        return date(self.year, 1, 1), self.last_day

    @property
    def own_events(self) -> tuple[OutsideEvent, ...]:
        """The events that each product has on a day of its own."""
        return tuple(event for event in self.events if event.of is EventOf.PRODUCT)

    @property
    def timed(self) -> tuple[Timed, ...]:
        """Milestones and activities, in the order of the file."""
        return (*self.milestones, *self.activities)

    def when(self, name: str) -> When:
        """Return the time of the milestone, activity or round (its last day) called `name`."""
        for entry in self.timed:
            if entry.id == name:
                return entry.when
        return next(entry.done for entry in self.rounds if entry.id == name)
