"""What is shown of one plan: its milestones, activities, rounds and events, and where its products stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.calendar.plan import EventOf
from ocop_workflow.errors import Text
from ocop_workflow.regulations import Level
from ocop_workflow.states import Dossier
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class PlanLineView(View):
    """One milestone or activity; `due` is empty where no day is ever late.

    `document`: the paper that says it, if it is not the plan's own. `tasks`: the work, a line each.
    `watched`: who is reminded and nagged, and when.
    """

    id: str
    kind: DeadlineKind
    clause: str
    name: str
    due: str
    reach: str
    actor: str
    as_written: str
    document: str
    reckoning: str
    reading: str
    dossiers: str
    action: str
    where: str
    tasks: str
    watched: str


@dataclass(frozen=True, slots=True)
class PlanRoundView(View):
    """One evaluation round; a day is empty where the plan fixes none.

    `part`: which pass of the round it is; none: it has one. `registered`: products that were registered under
    the plan; `came`: those whose dossiers had come by the cut-off, or have by now; `returned`: those of them
    that were sent back. `percent`: the share that has come, two decimals cut; `quota_percent`: the least that
    the plan asks for, `quota_met` whether it is there; none: it asks for none.
    """

    id: str
    number: int
    part: int | None
    level: Level
    name: str
    dossiers: str
    done: str
    open_to: tuple[Dossier, ...]
    stars: tuple[int, ...]
    clause: str
    as_written: str
    quota_percent: int | None
    quota_met: bool | None
    registered: int
    came: int
    returned: int
    percent: str

    @property
    def open_to_words(self) -> Text:
        """To which dossiers it is open."""
        kinds = [kind.text for kind in Dossier if kind in self.open_to]
        words = Text("mọi hồ sơ", "all dossiers")
        if len(kinds) < len(Dossier):
            words = Text(", ".join(kind.vi for kind in kinds), ", ".join(kind.en for kind in kinds))
        if self.stars:
            stars = star_words(self.stars)
            words = Text(f"{words.vi}; {stars.vi}", f"{words.en}; {stars.en}")
        return words


def star_words(stars: Iterable[int]) -> Text:
    """Say to which stars a round is open."""
    listed = ", ".join(map(str, stars))
    return Text(f"chỉ hạng {listed} sao", f"{listed} stars only")


@dataclass(frozen=True, slots=True)
class PlanEventView(View):
    """Something outside the plan from which times are counted; `of`: what it happens to."""

    id: str
    name: str
    on: str
    of: EventOf

    @property
    def day_words(self) -> str:
        """When it is, in Vietnamese."""
        return self.on or ("mỗi sản phẩm một ngày" if self.of is EventOf.PRODUCT else "")


@dataclass(frozen=True, slots=True)
class YearLineView(View):
    """A milestone, an activity or a round in the year: from when on, by when, and of how many products.

    No `due`: no day is ever late. `ahead`: products of which it is not asked yet; `open`, `late`: of which it
    is asked; `met`: which have met it.
    """

    id: str
    kind: Literal["milestone", "activity", "round"]
    name: str
    clause: str
    start: date | None
    due: date | None
    ahead: int
    open: int
    late: int
    met: int


@dataclass(frozen=True, slots=True)
class YearView(View):
    """A plan as a year, from its first day to its last, with what it asks for in the order of its days."""

    id: str
    title: str
    first_day: date
    last_day: date
    products: int
    lines: tuple[YearLineView, ...]
    cycle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView(View):
    """A plan with its milestones and where its products stand, by the names of their states.

    `said`: what else its file says, by the file's own keys. `silent`: communes without a product, told to
    register.
    """

    id: str
    title: str
    code: str
    year: int
    last_day: date
    unit: str
    regulation: str
    parent: str
    children: tuple[str, ...]
    lines: tuple[PlanLineView, ...]
    rounds: tuple[PlanRoundView, ...]
    events: tuple[PlanEventView, ...]
    products: dict[str, int]
    notes: tuple[str, ...]
    said: dict[str, Any]
    silent: tuple[str, ...]
