"""A plan as it is kept beside its file: read already, so that reading it again costs a twentieth.

Nothing rests on it: the file is the plan, and whatever is kept in another format is passed over.
"""

from __future__ import annotations

from pydantic import ValidationError

from ocop_workflow.calendar.plan import Plan

#: raised whenever a plan's schema changes, or what is filled in when its file is read
FORMAT = 4


def compiled(plan: Plan) -> str | None:
    """Return what is kept of a plan; none: it could not be read back as the very same."""
    kept = plan.model_dump_json(by_alias=True, exclude_unset=True)
    return kept if from_compiled(kept) == plan else None


def from_compiled(kept: str) -> Plan | None:
    """Return the plan of which this was kept; none: this is not what `compiled` returns."""
    try:
        return Plan.model_validate_json(kept)
    except ValidationError:
        return None
