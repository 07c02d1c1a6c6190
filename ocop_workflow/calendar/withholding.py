"""Why a reminder is withheld: recorded, and never said."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar.stages import Stage, Watch


class WithheldBecause(StrEnum):
    """Why a reminder was withheld: its day lay before its deadline was opened, or the lateness was noted."""

    BEFORE_OPENED = "before_opened"
    ACKNOWLEDGED = "acknowledged"


def said_from(watch: Watch, met: list[Stage], opened_on: date) -> date:
    """Return the day of the stage that is in force when a deadline opens: none is said for an earlier one.

    Of a deadline that is past already only what comes later is said.
    """
    if watch.due_on < opened_on:
        return opened_on
    return max((stage.day for stage in met if stage.day <= opened_on), default=opened_on)
