"""Whose clock runs after a conclusion against a certificate: that of the law in force on its day.

Whatever pack the dossier is rated by, and whatever its plan names: grounds, procedure and clocks of a
revocation (design, §3).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ocop_workflow.calendar.when import count_from
from ocop_workflow.regulations import Anchor, load_regulation, regulation_ids, regulation_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ocop_workflow.calendar.workdays import WorkCalendar
    from ocop_workflow.regulations import Regulation, RelativeDeadline


def rules_for(regulation: Regulation, anchors: Mapping[str, date]) -> tuple[RelativeDeadline, ...]:
    """Return the relative rules that hold for a product; one of a conclusion in whatever state it stands.

    Args:
        regulation: that of its plan.
        anchors: the local days of what happened to it.
    """
    plain = tuple(rule for rule in regulation.deadlines if rule.anchor is not Anchor.CONCLUDED)
    concluded = anchors.get(Anchor.CONCLUDED)
    law = regulation_on(concluded) if concluded else None
    return (*plain, *_of_conclusions(law)) if law else plain


@cache
def rules_of_conclusions() -> tuple[RelativeDeadline, ...]:
    """Return what any pack counts from a conclusion; no two of these rules have one id."""
    return tuple(rule for name in regulation_ids() for rule in _of_conclusions(load_regulation(name)))


def decide_by(concluded_on: date | None, workdays: WorkCalendar) -> date | None:
    """Return until which local day a conclusion is to be decided; none: there is none, or no such clock."""
    law = regulation_on(concluded_on) if concluded_on else None
    if law is None or concluded_on is None:
        return None
    rules = _of_conclusions(law)
    return count_from(concluded_on, rules[0].offset, rules[0].unit, workdays) if rules else None


def _of_conclusions(law: Regulation) -> tuple[RelativeDeadline, ...]:
    return tuple(rule for rule in law.deadlines if rule.anchor is Anchor.CONCLUDED)
