"""The clocks of a rule pack: deadlines counted from a product itself, and when they are spoken of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from dateutil.relativedelta import relativedelta
from pydantic import Field, model_validator

from ocop_workflow.regulations.documents import Sourced
from ocop_workflow.regulations.reading import Frozen
from ocop_workflow.wording import BilingualError, shaped

if TYPE_CHECKING:
    from datetime import date


class Anchor(StrEnum):
    """The event of a product's life from which a relative deadline is counted.

    `complete`: the day on which the body that decides had the whole dossier. `entered`: the day on which the
    product came into the state in which it stands. `concluded`: the day of the conclusion against its
    certificate; of such a deadline the pack in force on that day speaks, whatever the dossier is rated by.
    """

    RECEIVED = "received"
    COMPLETE = "complete"
    EXPIRY = "expiry"
    ENTERED = "entered"
    CONCLUDED = "concluded"


class Day(StrEnum):
    """What is counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Recipient(StrEnum):
    """Who gets a reminder: the product's commune, or the authority of its plan.

    `every_commune`: the product's commune, and those communes, too, that have no product in the plan yet.
    Only a plan's registration can be said to them.
    """

    COMMUNE = "commune"
    AUTHORITY = "authority"
    EVERY_COMMUNE = "every_commune"


class Remind(Frozen):
    """When a coming due date is spoken of, and to whom: so many calendar days or months before it.

    Months are taken once, from the due date.
    """

    to: Annotated[tuple[Recipient, ...], Field(min_length=1)]
    days_before: tuple[Annotated[int, Field(ge=0, le=400)], ...] = ()
    months_before: tuple[Annotated[int, Field(ge=1, le=36)], ...] = ()

    @model_validator(mode="after")
    def _some_day(self) -> Remind:
        if not self.days_before and not self.months_before:
            raise BilingualError(
                "phải ghi days_before hoặc months_before", "give days_before or months_before"
            )
        return self

    def offsets(self, due_on: date) -> tuple[int, ...]:
        """Return how many calendar days before a due date it is spoken of."""
        months = (due_on - relativedelta(months=number) for number in self.months_before)
        return (*self.days_before, *((due_on - day).days for day in months))


class Nag(Frozen):
    """When a passed due date is spoken of: one day after, then every so many calendar days."""

    to: Annotated[tuple[Recipient, ...], Field(min_length=1)]
    every_days: int = Field(ge=1, le=400)


class RelativeDeadline(Sourced):
    """A deadline that the regulation counts from an event of the product itself.

    `offset` is negative for "before". It is open while the product stands in one of `open_in`, and
    done when it leaves them for anything else. With `by_round` the end of the round for which the dossier
    is in time counts, of the level that it waits for; the offset holds where there is no such round. One
    `until_complete` holds as long as nobody has said when the dossier was complete. Letters
    cite `clause` as the ground and tell `action` as what is to be done; `source`, of which they say nothing,
    is for whoever checks the pack.
    """

    id: Annotated[str, shaped(r"[a-z_]+", "re_rating")]
    name: str
    clause: str = Field(min_length=1)
    as_written: str
    action: str = Field(min_length=1)
    anchor: Anchor
    offset: int
    unit: Day
    open_in: Annotated[tuple[str, ...], Field(min_length=1)]
    re_rating_only: bool = False
    until_complete: bool = False
    by_round: bool = False
    remind: Remind | None = None
    overdue: Nag | None = None

    def says_the_same(self, other: RelativeDeadline) -> bool:
        """Tell whether another pack's rule asks the same in the same words, if perhaps in other states."""
        return all(getattr(self, name) == getattr(other, name) for name in _SAID)


#: what a reader hears of a rule: not the states in which it is open, nor where a checker finds it
_SAID = sorted({*RelativeDeadline.model_fields} - {"open_in", "source", "uncertain"})
