"""Read model of one plan: its milestones and activities with their dates, and where its products stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar import Milestone, Standing
from ocop_workflow.calendar.when import read_when
from ocop_workflow.errors import Language, say
from ocop_workflow.services.officers import HOST
from ocop_workflow.services.plans import calendar_of, find_plan
from ocop_workflow.states import Dossier, State
from ocop_workflow.storage import counting

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.calendar.plan import Round, Timed
    from ocop_workflow.storage import Connection


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One milestone or activity; `due` is empty where no day is ever late."""

    id: str
    kind: str
    clause: str
    name: str
    due: str
    reach: str
    actor: str
    as_written: str


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One evaluation round; a day is empty where the plan fixes none."""

    id: str
    number: int
    level: str
    dossiers: str
    done: str
    open_to: tuple[str, ...]
    quota_percent: int | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something outside the plan from which times are counted."""

    id: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class PlanOverview:
    """A plan as people want to see it."""

    id: str
    title: str
    unit: str
    regulation: str
    lines: tuple[PlanLine, ...]
    rounds: tuple[RoundLine, ...]
    events: tuple[EventLine, ...]
    products: tuple[tuple[State, int], ...]

    def as_json(self, language: Language = "vi") -> dict[str, object]:
        """Return it as plain values, the states by their names in a language."""
        return {
            **asdict(self),
            "products": {say(state.text, language): count for state, count in self.products},
        }


def plan_overview(tx: Connection, slug: str, today: date, actor: Actor = HOST) -> PlanOverview:
    """Return a loaded plan as it stands on a local day; products are counted as far as the actor sees them.

    Raises:
        NotFound: no plan of this id is loaded, as far as the actor may know.
    """
    record = find_plan(tx, slug, actor)
    calendar = calendar_of(tx, record.id, record.sha256)
    counts = counting.products_by_state(tx, record.id, actor.units_with(Permission.READ))
    return PlanOverview(
        id=record.slug,
        title=record.title,
        unit=record.unit_name,
        regulation=f"{calendar.regulation.number} ({calendar.regulation.id})",
        lines=tuple(_line(calendar, entry, today) for entry in calendar.plan.timed),
        rounds=tuple(_round(calendar, entry, today) for entry in calendar.plan.rounds),
        events=tuple(EventLine(event.id, event.name, _day(event.on)) for event in calendar.plan.events),
        products=tuple((state, counts[state]) for state in State if state in counts),
    )


def _line(calendar: Calendar, entry: Timed, today: date) -> PlanLine:
    due = calendar.due(entry, Standing(State.IDEA, Dossier.FIRST, today))
    return PlanLine(
        id=entry.id,
        kind="milestone" if isinstance(entry, Milestone) else "activity",
        clause=entry.clause,
        name=entry.name,
        due=_day(due),
        reach=", ".join(reach.value for reach in entry.reach) if isinstance(entry, Milestone) else "",
        actor=entry.actor.value,
        as_written=entry.as_written,
    )


def _round(calendar: Calendar, entry: Round, today: date) -> RoundLine:
    reader = calendar.reader(today, {})
    return RoundLine(
        id=entry.id,
        number=entry.number,
        level=entry.level.value,
        dossiers=_day(read_when(entry.dossiers, reader).due),
        done=_day(read_when(entry.done, reader).due),
        open_to=tuple(kind.value for kind in entry.open_to),
        quota_percent=entry.quota_percent,
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
