"""What is shown of a change: what it does before it is done, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.views import OMITTED, View


@dataclass(frozen=True, slots=True)
class MoveView(View):
    """A deadline that moves; no `old_due`: it comes new, no `new_due`: it falls away.

    `product` is its code; none: an activity of the plan, or said to a commune without a product.
    """

    product: str | None
    kind: DeadlineKind
    milestone: str
    name: str
    old_due: date | None
    new_due: date | None


@dataclass(frozen=True, slots=True)
class ReminderLineView(View):
    """Reminders that come or fall away: the stage, the day on which it is said, to whom, of how many."""

    comes: bool
    milestone: str
    stage: str
    day: date
    unit: str
    deadlines: int


@dataclass(frozen=True, slots=True)
class ToldLineView(View):
    """Who was told what is not so any more; no `told`: that it holds no longer, no `now`: it does not.

    `products` are codes, none where it is about none. An address that is not in use any more gets no letter.
    """

    unit: str
    address: str
    milestone: str
    told: date | None
    now: date | None
    products: tuple[str, ...]
    in_use: bool


@dataclass(frozen=True, slots=True)
class ImpactView(View):
    """What a change does. Whoever confirms it gives its hash, which stands for all of it.

    `version`: the one in force before it; `moves`: deadlines that move, fall away or come; `reminders`: which
    fall away or come; `told`: who was told a date that does not hold any more; `taken_back`: letters that
    have not gone out; `corrections`: letters that will be written.
    """

    plan: str
    version: int
    hash: str
    moves: tuple[MoveView, ...]
    reminders: tuple[ReminderLineView, ...]
    told: tuple[ToldLineView, ...]
    taken_back: int
    corrections: int


@dataclass(frozen=True, slots=True)
class PassedView(View):
    """A milestone or an activity whose last day has passed."""

    kind: DeadlineKind
    id: str
    name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class LateView(View):
    """That a plan which is not loaded yet begins late. Whoever confirms it gives its hash.

    `ended_on`: the last day of its year, if that is over: nobody is nagged about it any more. `behind`: what
    is overdue on the day of loading: an activity at once, a milestone with its products, or at once for the
    communes that have none, where it is said to them. `flags`: how many activities are flagged at once.
    """

    plan: str
    hash: str
    ended_on: date | None
    behind: tuple[PassedView, ...]
    flags: int


@dataclass(frozen=True, slots=True)
class LoadedView(View):
    """A plan that is loaded."""

    id: str
    new: bool
    milestones: int
    activities: int


@dataclass(frozen=True, slots=True)
class ChangedView(View):
    """What a change does, or what of a new plan lies behind. To go on, send its `hash` as `confirm`."""

    done: bool
    impact: ImpactView | LateView
    id: Annotated[int | None, OMITTED] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOutView(View):
    """What a change of plan, or an extension, has done, in numbers."""

    id: Annotated[str | None, OMITTED] = None
    new: Annotated[bool | None, OMITTED] = None
    version: Annotated[int | None, OMITTED] = None
    extension: Annotated[int | None, OMITTED] = None
    deadlines: int
    corrections: int
    taken_back: int

    @classmethod
    def of_plan(cls, impact: ImpactView) -> CarriedOutView:
        """Return what a new version of a plan has done."""
        return cls.alike(
            impact, id=impact.plan, new=False, version=impact.version + 1, deadlines=len(impact.moves)
        )

    @classmethod
    def of_extension(cls, impact: ImpactView, number: int) -> CarriedOutView:
        """Return what granting an extension, or taking it back, has done."""
        return cls.alike(impact, version=None, extension=number, deadlines=len(impact.moves))


@dataclass(frozen=True, slots=True)
class RemovalView(View):
    """What goes with a plan. Whoever confirms it gives its hash, which stands for all of it.

    `products` are codes; `letters`: those that have not gone out and are taken back.
    """

    plan: str
    hash: str
    products: tuple[str, ...]
    deadlines: int
    reminders: int
    flags: int
    extensions: int
    questions: int
    letters: int


@dataclass(frozen=True, slots=True)
class RemovedView(View):
    """What goes with a plan, and whether it has gone. To take it out, send `hash` as `confirm`."""

    done: bool
    removal: RemovalView
