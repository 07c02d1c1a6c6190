"""A deadline: where it comes from, what it is about, and why one was closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Anchor, RelativeDeadline

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar.plan import Timed

#: why a deadline was closed that was met: while it was open, or in time but before it was entered
REACHED, REACHED_EARLIER = "reached", "reached_earlier"
DONE = frozenset({REACHED, REACHED_EARLIER})
#: why a commune's own deadline was closed: it has a product now, which has its own
TAKEN_UP = "taken_up"
#: why a deadline was closed that the product ought not to have had, as a corrected list says
CORRECTED = "corrected"
#: why a deadline was closed that a step or a word had opened which was taken back
UNDONE = "undone"
#: why a deadline was closed because another one lies ahead since an event of the product's own is known
RECOUNTED = "recounted"

#: why a deadline was closed that the regulation does not know by which the dossier is rated from now on
REGULATION_CHANGED = "regulation_changed"
#: why a certificate's deadline was closed: its producer does not have it rated again
NOT_RENEWING = "not_renewing"


class DeadlineKind(StrEnum):
    """Where a deadline comes from."""

    MILESTONE = "milestone"
    RELATIVE = "relative"
    ACTIVITY = "activity"
    #: a milestone that is said to a commune because it has no product in the plan yet
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """A rule applied to one product (or a commune without one, or a dated activity): a due date."""

    kind: DeadlineKind
    rule: str
    due_on: date


class Subject(StrEnum):
    """What a deadline is about: of each, a rule has at most one that is open."""

    PRODUCT = "product"
    #: a commune that has no product in the plan
    UNIT = "unit"
    #: something that the plan's authority does: its number is the plan's
    ACTIVITY = "activity"
    #: whose end it is counted from: the next certificate of the product has deadlines of its own
    CERTIFICATE = "certificate"


def is_of_certificate(rule: Timed | RelativeDeadline) -> bool:
    """Tell whether a product's deadline by this rule is about the certificate that it holds."""
    return isinstance(rule, RelativeDeadline) and rule.anchor in (Anchor.EXPIRY, Anchor.CONCLUDED)
