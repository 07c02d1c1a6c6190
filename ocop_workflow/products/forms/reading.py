"""A year's revenue as somebody writes it, read with every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ocop_workflow.products.forms.revenues import YearRevenue
from ocop_workflow.regulations import Frozen, read_fields
from ocop_workflow.states.facts import Line, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping


class RevenueFields(Frozen):
    """What can be said of a year's revenue, in đồng."""

    year: Whole
    revenue: Whole
    profit: Whole | None = None
    source: Annotated[Line, Field(max_length=200)] | None = None


def read_revenue(given: Mapping[str, Any]) -> YearRevenue:
    """Read a year's revenue.

    Raises:
        InvalidInput: an unknown name or a bad value; all faults at once.
    """
    found = read_fields(given, RevenueFields, "Doanh thu", RevenueFields.model_fields)
    return YearRevenue(**{name: getattr(found, name) for name in RevenueFields.model_fields})
