"""What is examined: one moment of a database, and the few things that everything else leans on, read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.calendar.reading.compiled import from_compiled
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.letters.journal import NO_JOURNAL
from ocop_workflow.plans import queries as stored_plans
from ocop_workflow.plans.loaded import calendar_from, register_calendar
from ocop_workflow.sweep.holding import Caution
from ocop_workflow.upkeep.examination import plan_queries, sweep_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.clock import Clock
    from ocop_workflow.files import FileStore
    from ocop_workflow.letters.journal import Journal
    from ocop_workflow.plans.queries import VersionRecord
    from ocop_workflow.store import Connection
    from ocop_workflow.upkeep.examination.plan_queries import (
        CorrectionFact,
        ExtensionFact,
        OccurrenceFact,
        PlanFact,
    )
    from ocop_workflow.upkeep.examination.product_queries import ProductFact
    from ocop_workflow.upkeep.examination.sweep_queries import SweepFact


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version of a plan that was replaced: its calendar if it can be read, and what is wrong with it."""

    kept: VersionRecord
    calendar: Calendar | None
    faults: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan with its earlier versions, oldest first: its calendar if it can be read, and its faults."""

    kept: PlanFact
    calendar: Calendar | None
    faults: tuple[Text, ...]
    earlier: tuple[EarlierVersion, ...]

    @property
    def calendars(self) -> list[Calendar]:
        """The calendars of its versions that can be read: the one in force, then the others, oldest first."""
        read = [self.calendar, *(version.calendar for version in self.earlier)]
        return [calendar for calendar in read if calendar is not None]

    @property
    def first_loaded_at(self) -> datetime:
        """When its first version was loaded."""
        return self.earlier[0].kept.loaded_at if self.earlier else self.kept.loaded_at

    @property
    def unreadable(self) -> Text | None:
        """Why a version of it cannot be read; none: all can."""
        read = [(self.calendar, self.faults), *((one.calendar, one.faults) for one in self.earlier)]
        return next((faults[0] for calendar, faults in read if calendar is None), None)


@dataclass(frozen=True)
class Snapshot:
    """One moment of a database, by which clock and caution it is judged; journal and files beside it.

    Nothing that the service has in memory counts: plans are read from their own text.
    """

    tx: Connection
    clock: Clock
    journal: Journal = NO_JOURNAL
    caution: Caution = field(default_factory=Caution)
    files: FileStore | None = None  # none: the files themselves are not looked at

    @cached_property
    def plans(self) -> dict[int, KnownPlan]:
        """The loaded plans by their number."""
        earlier: dict[int, list[EarlierVersion]] = {}
        for kept in stored_plans.earlier_versions(self.tx):
            earlier.setdefault(kept.plan_id, []).append(EarlierVersion(kept, *_read(kept)))
        return {
            plan.id: KnownPlan(plan, *_in_force(plan), tuple(earlier.get(plan.id, ())))
            for plan in plan_queries.all_plans(self.tx)
        }

    @cached_property
    def extensions(self) -> Sequence[ExtensionFact]:
        """Every extension, oldest first."""
        return plan_queries.all_extensions(self.tx)

    @cached_property
    def occurrences(self) -> Sequence[OccurrenceFact]:
        """Everything that has happened to products for themselves, in the order of its recording."""
        return plan_queries.all_occurrences(self.tx)

    @cached_property
    def corrections(self) -> Mapping[int, Sequence[CorrectionFact]]:
        """The corrections of the certificates of products, by product, oldest first."""
        return plan_queries.corrections_by_product(self.tx)

    @cached_property
    def sweeps(self) -> Sequence[SweepFact]:
        """Every sweep in the order in which they began."""
        return sweep_queries.all_sweeps(self.tx)

    @cached_property
    def extended(self) -> dict[tuple[int, int | None], dict[str, date]]:
        """The extensions in force by product and plan: until when which milestone."""
        found: dict[tuple[int, int | None], dict[str, date]] = {}
        for given in self.extensions:
            for product_id in given.products if given.revoked_on is None else ():
                found.setdefault((product_id, given.plan_id), {})[given.rule] = given.due_on
        return found

    @cached_property
    def happened(self) -> dict[tuple[int, int | None], dict[str, date]]:
        """What has happened to products of its own, by product and plan: on which day which event."""
        found: dict[tuple[int, int | None], dict[str, date]] = {}
        for fact in self.occurrences:
            if fact.undone_at is None:
                found.setdefault((fact.product_id, fact.plan_id), {})[fact.event] = fact.happened_on
        return found

    @cached_property
    def changed_on(self) -> dict[int | None, set[date]]:
        """The local days on which each plan's dates were read again: a version took over, an extension."""
        days: list[tuple[int, date | None]] = [
            (plan.kept.id, version.kept.replaced_on)
            for plan in self.plans.values()
            for version in plan.earlier
        ]
        for given in self.extensions:
            days += [(given.plan_id, given.granted_on), (given.plan_id, given.revoked_on)]
        for fact in self.occurrences:
            days += [(fact.plan_id, fact.recorded_on), (fact.plan_id, fact.undone_on)]
        found: dict[int | None, set[date]] = {}
        for plan_id, day in days:
            if day is not None:
                found.setdefault(plan_id, set()).add(day)
        return found

    @cached_property
    def plan_of_prefix(self) -> dict[str, int]:
        """The plans' numbers by the prefix that the codes of their products begin with."""
        return {plan.kept.code: number for number, plan in self.plans.items()}

    @cached_property
    def last_begun(self) -> date | None:
        """The last local day that a sweep has begun with; what was taken back does not count."""
        return max((sweep.day for sweep in self.sweeps if not sweep.taken_back), default=None)

    @cached_property
    def last_done(self) -> date | None:
        """The last local day that a sweep has come to the end of."""
        return max((sweep.day for sweep in self.sweeps if sweep.stands), default=None)

    def calendar(self, plan_id: int | None) -> Calendar | None:
        """Return a plan's calendar; none where the plan is missing or cannot be read."""
        plan = self.plans.get(plan_id or 0)
        return plan.calendar if plan else None

    def calendar_of(self, product: ProductFact, plan_id: int | None) -> Calendar | None:
        """Return the calendar of a product under a plan, or outside every plan; none where there is none."""
        if plan_id is not None:
            return self.calendar(plan_id)
        try:
            return register_calendar(product.regulation or "")
        except OcopError:
            return None

    def calendars(self, plan_id: int | None) -> list[Calendar]:
        """Return the calendars of a plan's versions that can be read, the one in force first."""
        plan = self.plans.get(plan_id or 0)
        return plan.calendars if plan else []


def _read(kept: VersionRecord | PlanFact) -> tuple[Calendar | None, tuple[Text, ...]]:
    """Return the calendar of a stored version, if it can be read, and what is wrong with it."""
    try:
        calendar = calendar_from(kept.text)
    except OcopError as error:
        return None, (error.text,)
    whole = hashlib.sha256(kept.text.encode()).hexdigest() == kept.sha256
    return calendar, () if whole else (_OTHER_TEXT,)


def _in_force(plan: PlanFact) -> tuple[Calendar | None, tuple[Text, ...]]:
    """Read the version in force, and hold its columns against its text."""
    calendar, faults = _read(plan)
    if calendar is not None and (plan.slug, plan.code, plan.year, plan.regulation) != _identity(calendar):
        faults = (*faults, _OTHER_COLUMNS)
    if calendar is not None and plan.compiled is not None and from_compiled(plan.compiled) != calendar.plan:
        faults = (*faults, _OTHER_KEPT)
    return calendar, faults


def same_plan(calendar: Calendar, other: Calendar) -> bool:
    """Tell whether two versions agree in what may not change."""
    return (*_identity(calendar), calendar.plan.unit) == (*_identity(other), other.plan.unit)


def _identity(calendar: Calendar) -> tuple[str, str, int, str]:
    plan = calendar.plan
    return plan.id, plan.code, plan.year, plan.regulation


_OTHER_TEXT = Text("nội dung không khớp mã kiểm tra sha256", "its text does not match its sha256")
_OTHER_KEPT = Text(
    "bản đã đọc sẵn (compiled_plans) không khớp nội dung của tệp",
    "what is kept of it (compiled_plans) does not match the text of its file",
)
_OTHER_COLUMNS = Text("các cột không khớp nội dung của tệp", "its columns do not match the text of its file")
