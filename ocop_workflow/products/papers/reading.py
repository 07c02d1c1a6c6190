"""A paper as somebody writes it, read with every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ocop_workflow.products.papers.keeping import NewPaper
from ocop_workflow.regulations import Frozen, read_fields
from ocop_workflow.states.facts import Day, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

#: the fields of a paper that are days
DAYS = ("issued_on", "expires_on")

Short = Annotated[Line, Field(max_length=200)]


class PaperFields(Frozen):
    """What can be said of a paper."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
    name: Short | None = None
    number: Annotated[Line, Field(max_length=100)] | None = None
    issuer: Short | None = None
    issued_on: Day | None = None
    expires_on: Day | None = None
    shelf: Short | None = None
    criteria: tuple[Annotated[str, Field(max_length=10)], ...] = ()


def read_paper(given: Mapping[str, Any]) -> NewPaper:
    """Read a paper.

    Raises:
        InvalidInput: an unknown name or a bad value; all faults at once.
    """
    found = read_fields(given, PaperFields, "Giấy tờ", PaperFields.model_fields)
    return NewPaper(**{name: getattr(found, name) for name in PaperFields.model_fields})
