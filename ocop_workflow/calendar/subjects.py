"""What a deadline is about."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Anchor, RelativeDeadline

if TYPE_CHECKING:
    from ocop_workflow.calendar.plan import Timed


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
    return isinstance(rule, RelativeDeadline) and rule.anchor is Anchor.EXPIRY
