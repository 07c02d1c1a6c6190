"""What is shown of why a deadline has its date: words, reckoning, stages, what was said to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocop_workflow.calendar.rounds.naming import spoken_round
from ocop_workflow.errors import Text
from ocop_workflow.overview.plan_views import star_words
from ocop_workflow.regulations import Level
from ocop_workflow.states import Dossier
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class SaidToView(View):
    """What became of one stage for one unit."""

    unit: str
    status: str
    reason: str | None
    letter_day: date | None
    letters: tuple[str, ...]


class Unsaid(StrEnum):
    """Why nothing is on record of a stage."""

    NOT_YET = "not_yet"
    AWAITS_SWEEP = "awaits_sweep"
    BEFORE_OPENED = "before_opened"
    CLOSED_BEFORE = "closed_before"


@dataclass(frozen=True, slots=True)
class StageView(View):
    """One stage: the plain day it would fall on, the working day on which it is said, and to whom it was.

    `off_because` names the day off on which the plain day falls; empty if it is worked. `unsaid`: why nothing
    is on record of it; none: something is.
    """

    label: str
    plain_day: date
    off_because: str
    day: date
    said_to: tuple[SaidToView, ...]
    provisional: bool
    unsaid: Unsaid | None


@dataclass(frozen=True, slots=True)
class RoundChoiceView(View):
    """A round from which the deadline has its day (`counts`), or might have had it."""

    id: str
    number: int
    level: str
    dossiers: date | None
    done: date | None
    open_to: tuple[str, ...]
    counts: bool
    stars: tuple[int, ...] = ()
    part: int | None = None

    @property
    def text(self) -> Text:
        """The round as an officer would tell it."""
        closed = [kind.text for kind in Dossier if kind.value not in self.open_to]
        told = [spoken_round(self.number, Level(self.level), self.dossiers, self.done, self.part)]
        if closed:
            told.append(
                Text(
                    f"không mở cho hồ sơ {', '.join(kind.vi for kind in closed)}",
                    f"not open to: {', '.join(kind.en for kind in closed)}",
                )
            )
        if self.stars:
            told.append(star_words(self.stars))
        return Text("; ".join(part.vi for part in told), "; ".join(part.en for part in told))


@dataclass(frozen=True, slots=True)
class ExplanationView(View):
    """Why one deadline has its date, and what has been done about it.

    `when` is the time as the plan file (or the regulation) writes it, `reckoning` the same in words.
    `extension` names the decision that gave this product another day; empty: none did. `hour`: until which
    hour of the due day ("16h00"); empty: all day.
    """

    rule: str
    name: str
    basis: str
    as_written: str
    when: str
    reckoning: str
    reading: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    days_late: int
    raised_on: date | None
    acknowledged_on: date | None
    cleared_on: date | None
    stages: tuple[StageView, ...]
    extension: str = ""
    rounds: tuple[RoundChoiceView, ...] = ()
    hour: str = ""
