"""Read model of one plan: its milestones and activities with their dates, and where its products stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Milestone, Standing
from ocop_workflow.errors import Language, say
from ocop_workflow.services.plans import calendar_of, find_plan
from ocop_workflow.states import Dossier, State
from ocop_workflow.storage import counting

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.calendar.plan import Timed
    from ocop_workflow.storage import Connection


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One milestone or activity; `due` is empty where no day is ever late."""

    id: str
    clause: str
    name: str
    due: str
    reach: str
    actor: str
    as_written: str


@dataclass(frozen=True, slots=True)
class PlanOverview:
    """A plan as people want to see it."""

    id: str
    title: str
    unit: str
    regulation: str
    lines: tuple[PlanLine, ...]
    products: tuple[tuple[State, int], ...]

    def as_json(self, language: Language = "vi") -> dict[str, object]:
        """Return it as plain values, the states by their names in a language."""
        return {
            **asdict(self),
            "products": {say(state.text, language): count for state, count in self.products},
        }


def plan_overview(tx: Connection, slug: str, today: date) -> PlanOverview:
    """Return a loaded plan as it stands on a local day.

    Raises:
        NotFound: no plan of this id is loaded.
    """
    record = find_plan(tx, slug)
    calendar = calendar_of(tx, record.id, record.sha256)
    counts = counting.products_by_state(tx, record.id)
    return PlanOverview(
        id=record.slug,
        title=record.title,
        unit=record.unit_name,
        regulation=f"{calendar.regulation.number} ({calendar.regulation.id})",
        lines=tuple(_line(calendar, entry, today) for entry in calendar.plan.timed),
        products=tuple((state, counts[state]) for state in State if state in counts),
    )


def _line(calendar: Calendar, entry: Timed, today: date) -> PlanLine:
    due = calendar.due(entry, Standing(State.IDEA, Dossier.FIRST, today))
    return PlanLine(
        id=entry.id,
        clause=entry.clause,
        name=entry.name,
        due=f"{due:%d/%m/%Y}" if due else "",
        reach=", ".join(reach.value for reach in entry.reach) if isinstance(entry, Milestone) else "",
        actor=entry.actor.value,
        as_written=entry.as_written,
    )
