"""A plan's year lived in advance: the same engine on a virtual clock, on a copy that is thrown away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ocop_workflow import changes
from ocop_workflow.access import operator
from ocop_workflow.calendar import Calendar, Standing, read_plan, standing_of
from ocop_workflow.calendar.when import When
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.clock import VIETNAM
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Holder, align_deadlines, settle
from ocop_workflow.deadlines.communes import open_to_communes
from ocop_workflow.errors import NotFound, WrongUse
from ocop_workflow.overview import product_queries as finding
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, find_plan, remember_calendar
from ocop_workflow.states import Dossier, State
from ocop_workflow.store.copying import scratch_copy
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep import simulation_queries as simulating
from ocop_workflow.upkeep.simulation_views import LetterLineView, SimulationView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocop_workflow.errors import Text
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection, Database
    from ocop_workflow.sweep.daily import Progress


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is tried out.

    Attributes:
        plan: a loaded plan's id.
        first: the first local day that is lived through; `last` is the last.
        shifts: by how many calendar days which milestones are moved.
        outage: local days on which the service does not run.
        draft: the text of a plan file: a plan that is not loaded, or another version of one that is.
    """

    plan: str
    first: date
    last: date
    shifts: Mapping[str, int] = field(default_factory=dict)
    outage: frozenset[date] = frozenset()
    draft: str | None = None


@dataclass
class _VirtualClock:
    """Stands at six in the morning (Việt Nam) of the day that is being lived."""

    day: date

    def now(self) -> datetime:
        return datetime.combine(self.day, time(6), VIETNAM).astimezone(UTC)

    def today(self) -> date:
        return self.day

    def elsewhere(self) -> datetime:
        return self.now()

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(VIETNAM)


def simulate(
    database: Database,
    scenario: Scenario,
    sender: Sender,
    *,
    progress: Progress = lambda _done, _of: None,
) -> SimulationView:
    """Live through a scenario's days, nobody acting, and tell what was written and what fell overdue.

    The database is copied first and only read.

    Raises:
        NotFound: the plan is not loaded, or has no milestone of a shifted name.
        WrongUse: the last day lies before the first.
        InvalidInput: a draft is at fault.
        Conflict: the database cannot be copied, because its rows do not belong together.
    """
    if scenario.last < scenario.first:
        raise WrongUse("Ngày cuối đứng trước ngày đầu.", "The last day lies before the first.")
    clock = _VirtualClock(scenario.first)
    faults: list[Text] = []
    with scratch_copy(database) as copy:
        with copy.write() as tx:
            _prepare(tx, scenario, clock, sender)
        days = (scenario.last - scenario.first).days + 1
        for number in range(days):
            clock.day = scenario.first + timedelta(days=number)
            if clock.day not in scenario.outage:
                faults += sweep(copy, clock, sender).faults
                with copy.write() as tx:
                    simulating.send_everything(tx)
            progress(number + 1, days)
        with copy.read() as tx:
            return _read(tx, scenario, faults)


def _prepare(tx: Connection, scenario: Scenario, clock: _VirtualClock, sender: Sender) -> None:
    if scenario.draft is not None and changes.is_change(tx, scenario.draft):
        confirm = changes.preview_change(tx, scenario.draft, clock.today()).hash
        changes.change_plan(
            tx,
            scenario.draft,
            confirm,
            actor=operator("simulation"),
            sender=sender,
            today=clock.today(),
            now=clock.now(),
        )
    elif scenario.draft is not None:
        load_plan(tx, scenario.draft, actor="simulate", today=clock.today(), now=clock.now())
    record = find_plan(tx, scenario.plan)
    if not scenario.shifts:
        return
    calendar = _shifted(calendar_of(tx, record.id, record.sha256), scenario)
    sha256 = f"simulated {record.sha256}"[:64]
    remember_calendar(sha256, calendar)
    plans.replace_checksum(tx, record.id, sha256)
    reached = changing.reached_in_plan(tx, record.id) if calendar.counts_from_states else {}
    for product in finding.find_products(tx, finding.ProductFilter(plan_id=record.id)):
        position = replace(product.position, reached=reached.get(product.id, {}))
        standing = standing_of(position, calendar.regulation, clock.today())
        holder = Holder(product.id, product.unit_id, record.id, record.unit_id)
        align_deadlines(tx, holder, calendar, standing, "moved")
    told = deadlines.open_of_communes(tx, record.id)
    for row in told:
        if row.rule in scenario.shifts:
            settle(tx, row, clock.today(), "moved")
    stay = {(row.unit_id, row.rule) for row in told if row.rule not in scenario.shifts}
    open_to_communes(tx, record, calendar, clock.today(), stay)


def _shifted(calendar: Calendar, scenario: Scenario) -> Calendar:
    """Return the calendar with milestones moved; a milestone without a day cannot be."""
    known = {milestone.id: milestone for milestone in calendar.plan.milestones}
    nobody = Standing(State.IDEA, Dossier.FIRST, scenario.first)
    moved = {}
    for name, days in scenario.shifts.items():
        due = calendar.due(known[name], nobody) if name in known else None
        if due is None:
            raise NotFound(
                f"Kế hoạch {scenario.plan} không có mốc có hạn nào mang mã {name}; có: {', '.join(known)}.",
                f"The plan {scenario.plan} has no dated milestone {name}; there are: {', '.join(known)}.",
            )
        moved[name] = known[name].model_copy(update={"when": When(by=due + timedelta(days=days))})
    milestones = tuple(moved.get(milestone.id, milestone) for milestone in calendar.plan.milestones)
    return replace(calendar, plan=calendar.plan.model_copy(update={"milestones": milestones}))


def _read(tx: Connection, scenario: Scenario, faults: Iterable[Text]) -> SimulationView:
    span = scenario.first, scenario.last
    letters = tuple(simulating.letters_between(tx, *span))
    overdue = tuple(simulating.raised_between(tx, *span))
    return SimulationView(letters, overdue, _weeks(letters), tuple(dict.fromkeys(faults)))


def _weeks(letters: Sequence[LetterLineView]) -> dict[date, int]:
    """Count the letters of each week, by its Monday; weeks without letters in between count 0."""
    found = Counter(line.day - timedelta(days=line.day.weekday()) for line in letters)
    weeks = (max(found) - min(found)).days // 7 + 1 if found else 0
    return {day: found[day] for day in (min(found) + timedelta(days=7 * week) for week in range(weeks))}


def draft_id(text: str) -> str:
    """Return the id of a plan file.

    Raises:
        InvalidInput: the file is at fault.
    """
    return read_plan(text).id
