"""What answers about a plan's work hold, for the OpenAPI document: questions, activities, a removal."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocop_workflow.web.product_documents import Shown


class Activity(Shown):
    """A dated activity of a plan."""

    activity: str
    name: str
    plan: str
    unit: str
    due_on: date
    days_left: int
    done_on: date | None
    days_late: int


class Finished(Shown):
    """An activity that is done, and how late."""

    activity: str
    plan: str
    due_on: date
    done_on: date
    days_late: int


class Reopened(Shown):
    """An activity that is to be done after all, and the day on which it was said to be done."""

    activity: str
    plan: str
    due_on: date
    done_on: date


class Removed(Shown):
    """What goes with a plan, and whether it has gone. To take it out, send `hash` as `confirm`."""

    done: bool
    removal: dict[str, Any]
