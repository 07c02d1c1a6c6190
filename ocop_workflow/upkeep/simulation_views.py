"""What is shown of a year lived in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocop_workflow.errors import Text
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class LetterLineView(View):
    """A letter that would be written: on which day, to whom, how many things it speaks of."""

    day: date
    unit: str
    items: int


@dataclass(frozen=True, slots=True)
class OverdueLineView(View):
    """Products that would fall overdue on a day if nobody acts."""

    day: date
    milestone: str
    count: int


@dataclass(frozen=True, slots=True)
class SimulationView(View):
    """What would happen; `weeks`: the letters of each by its Monday, weeks without any in between too."""

    letters: tuple[LetterLineView, ...]
    overdue: tuple[OverdueLineView, ...]
    weeks: dict[date, int]
    faults: tuple[Text, ...]
