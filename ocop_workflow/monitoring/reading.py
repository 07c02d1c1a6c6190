"""A visit as somebody writes it, read with every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ocop_workflow.calendar.inspections import FindingResult
from ocop_workflow.regulations import Frozen, read_fields
from ocop_workflow.states.facts import Day, Line, cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping

#: findings of one visit: no sheet has more criteria
MOST_FINDINGS = 40

Sentence = Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(cleaned)]
Conclusion = Annotated[str, Field(min_length=1, max_length=2000), BeforeValidator(cleaned)]
Criterion = Annotated[str, Field(max_length=10, pattern=r"^[0-9]{1,2}(\.[0-9]{1,2}){0,2}$")]


class NewFinding(Frozen):
    """One thing that was found.

    `criterion`: by its printed number, or `what`: in words; both where the words say more. `follow_up`: what
    has to be done, `due_on`: until which local day; both or none.
    """

    criterion: Criterion | None = None
    what: Sentence | None = None
    result: FindingResult
    follow_up: Sentence | None = None
    due_on: Day | None = None


class NewVisit(Frozen):
    """A visit as an officer records it.

    `visited_on`: the local day. `visitors`: who was there, of which offices. `place`: none: where the product
    is made. `conclusion`: in words.
    """

    visited_on: Day
    visitors: Line
    place: Line | None = None
    conclusion: Conclusion
    findings: Annotated[tuple[NewFinding, ...], Field(max_length=MOST_FINDINGS)] = ()


def read_visit(given: Mapping[str, Any]) -> NewVisit:
    """Read a visit.

    Raises:
        InvalidInput: an unknown name or a bad value; all faults at once.
    """
    return read_fields(given, NewVisit, "Lần kiểm tra", NewVisit.model_fields)
