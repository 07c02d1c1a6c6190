"""What is shown of units that change: loaded, merged, a province's of July 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.changes.mergers.merger_queries import Succession


@dataclass(frozen=True, slots=True)
class LeavingView(View):
    """An address to which a unit's letters would no longer go."""

    unit: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class LossView(View):
    """The addresses that a file of units takes away. Whoever confirms it gives its hash."""

    hash: str
    leaving: tuple[LeavingView, ...]


@dataclass(frozen=True, slots=True)
class LoadedUnitsView(View):
    """What loading units did; `merged`: which stayed as they were, since they have been merged."""

    units: int
    changed: int
    merged: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuccessionView(View):
    """That a unit ends on a day and another takes over; `done`: whether the day has come."""

    json_names = (("heir", "successor"),)

    unit: str
    heir: str
    on: date
    done: bool

    @classmethod
    def of(cls, found: Succession, today: date) -> SuccessionView:
        """Return what is shown of a merger on a local day."""
        return cls(found.unit, found.heir, found.on, found.on <= today)


@dataclass(frozen=True, slots=True)
class LoadedProvinceView(View):
    """What loading a province brought: how many units of each level it has, and how many are new or changed.

    `left_over`: units of the map before 1/7/2025 that are still recorded as living.
    """

    province: str
    on: date
    provinces: int
    districts: int
    communes: int
    changed: int
    left_over: int


@dataclass(frozen=True, slots=True)
class OpenQuestionView(View):
    """What no law answers: into which of several units a product went, or who takes a unit over.

    `about`: the product's code, or the unit's id: the answer's key. `unit`: the one that ended. `into`: the
    ids that may be answered; none: any unit's. `hint`: what helps to answer it: the product's address.
    """

    about: str
    name: str
    unit: str
    into: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ProvinceMergedView(View):
    """What became of the old units of a province: who went into whom, what was asked, what ended alone."""

    merged: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    questions: list[OpenQuestionView] = field(default_factory=list)
