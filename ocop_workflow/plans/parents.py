"""The plan above a plan: it is loaded, of the same authority or one above, and its days hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.calendar.reading.nesting import nesting_faults
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, plans_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.errors import Fault
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def refuse_unnested(tx: Connection, calendar: Calendar) -> None:
    """Refuse a plan that does not fit into the one above it.

    Raises:
        InvalidInput: the plan above is not loaded, is no authority's above, or their days do not nest.
    """
    faults = list(parent_faults(tx, calendar))
    if faults:
        raise InvalidInput(
            f"Kế hoạch {calendar.plan.id} không nằm trong kế hoạch cấp trên.",
            f"The plan {calendar.plan.id} does not fit into its parent.",
            faults,
        )


def parent_faults(tx: Connection, calendar: Calendar) -> Iterator[Fault]:
    """Yield what keeps a plan from standing under the one that it names; nothing if it names none."""
    name = calendar.plan.parent
    if not name:
        return
    record = plans.plan_by_slug(tx, name)
    authority = units.unit_by_slug(tx, calendar.plan.unit)
    over = units.lineage(tx, authority.id) if authority is not None else ()
    if (
        record is None or name == calendar.plan.id or record.unit_id not in over
    ):  # of others' plans nobody hears
        yield fault(
            "parent",
            f"chưa nạp kế hoạch {name} nào của {calendar.plan.unit} hay của cấp trên; nạp nó trước",
            f"no plan {name} of {calendar.plan.unit} or of a unit above is loaded; load it first",
        )
        return
    above = calendar_of(tx, record.id, record.sha256)
    yield from nesting_faults(calendar, above, authority.level if authority else None)


def children_of(tx: Connection, slug: str, actor: Actor) -> list[PlanRecord]:
    """Return the loaded plans that name a plan as the one above them, as far as the actor may know."""
    seen = plans_of(tx, actor)
    return [item for item in seen if calendar_of(tx, item.id, item.sha256).plan.parent == slug]
