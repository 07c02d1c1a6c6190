"""`/year`: the plan as twelve months: windows, milestones, rounds, today, and where the products stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response

from ocop_workflow.errors import NotFound, Text
from ocop_workflow.overview.plans import plan_year
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.renewals.ends import ends_ahead
from ocop_workflow.web.console.frame.call import Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.overview.plan_views import YearLineView, YearView
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: the drawing's own units: a name's column, a month, a line, the head
_NAMES: Final = 300
_MONTH: Final = 60
_ROW: Final = 34
_HEAD: Final = 46


@router.get("/year", **needs())
def show_year(call: Calling) -> Response:
    """Show a plan's year: the one that is named, or the newest that holds today."""
    wanted = call.request.query_params.get("plan", "")

    def work(tx: Connection, actor: Actor) -> Screen:
        plans = plans_of(tx, actor)
        chosen = _chosen(tx, plans, wanted, call.today)
        if chosen is None:
            if wanted:
                raise NotFound(f"Chưa nạp kế hoạch {wanted}.", f"The plan {wanted} is not loaded.")
            ends = ends_ahead(tx, call.today, actor)
            return Screen("year.html", {"year": None, "plans": [], "drawing": None, "ends": ends})
        year = plan_year(tx, chosen, call.today, actor, call.language)
        content = {
            "year": year,
            "plans": [(plan.slug, plan.title) for plan in plans],
            "drawing": Drawing(year, call.today, call.language),
            "ends": ends_ahead(tx, call.today, actor),
        }
        return Screen("year.html", content)

    return call.show(work)


def _chosen(tx: Connection, plans: list[PlanRecord], wanted: str, today: date) -> PlanRecord | None:
    if wanted:
        return next((plan for plan in plans if plan.slug == wanted), None)
    for plan in plans:
        calendar = calendar_of(tx, plan.id, plan.sha256)
        if calendar.plan.first_day <= today <= calendar.plan.last_day:
            return plan
    return plans[-1] if plans else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the drawing: where it stands, from where to where its window goes, and its last day."""

    line: YearLineView
    y: int
    start: float | None
    end: float | None
    letter: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A year, drawn: every place is a number of the drawing's own units."""

    year: YearView
    today: date
    language: Language

    @property
    def months(self) -> list[tuple[int, str]]:
        """The months with where each begins."""
        first = self.year.first_day
        return [
            (_NAMES + number * _MONTH, f"{(first.month - 1 + number) % 12 + 1}")
            for number in range(self._months)
        ]

    @property
    def _months(self) -> int:
        first, last = self.year.first_day, self.year.last_day
        return min((last.year - first.year) * 12 + last.month - first.month + 1, 36)

    @property
    def width(self) -> int:
        """How wide it is."""
        return _NAMES + self._months * _MONTH + 20

    @property
    def height(self) -> int:
        """How high it is."""
        return _HEAD + len(self.year.lines) * _ROW + 20

    @property
    def bars(self) -> list[Bar]:
        """The lines, from top to bottom."""
        return list(self._bars())

    def _bars(self) -> Iterator[Bar]:
        for number, line in enumerate(self.year.lines):
            start = line.start or (line.due or None)
            yield Bar(
                line,
                _HEAD + number * _ROW,
                self._x(start) if start else None,
                self._x(line.due + timedelta(days=1)) if line.due else None,
                chr(ord("A") + number % 26),
                line.name if len(line.name) <= _LONGEST_NAME else f"{line.name[: _LONGEST_NAME - 1]}…",
            )

    @property
    def now(self) -> float | None:
        """Where today is; none: outside the year."""
        is_within = self.year.first_day <= self.today <= self.year.last_day
        return self._x(self.today) if is_within else None

    def _x(self, day: date) -> float:
        first = self.year.first_day
        months = (day.year - first.year) * 12 + day.month - first.month
        across = _NAMES + (months + (day.day - 1) / 31) * _MONTH
        return round(min(max(across, _NAMES), _NAMES + self._months * _MONTH), 1)

    @property
    def summary(self) -> str:
        """The year in a sentence."""
        open_now = sum(line.open for line in self.year.lines)
        late = sum(line.late for line in self.year.lines)
        words = Text(
            f"{len(self.year.lines)} mốc, hoạt động và đợt đánh giá; {self.year.products} sản phẩm, "
            f"{open_now} việc đang mở, {late} việc trễ hạn.",
            f"{len(self.year.lines)} milestones, activities and rounds; {self.year.products} products, "
            f"{open_now} things open, {late} late.",
        )
        return say(words, self.language)


_LONGEST_NAME: Final = 38
