"""Loaded plans: finding one, and the calendar that it gives."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar import (
    Calendar,
    Plan,
    load_work_calendar,
    read_loaded_plan,
    shipped_plan_ids,
)
from ocop_workflow.calendar.plan import Document, Office
from ocop_workflow.calendar.reading.compiled import compiled, from_compiled
from ocop_workflow.errors import InvalidInput, NotFound, Stale
from ocop_workflow.people.officers import HOST
from ocop_workflow.plans import compiled_queries as compiled_plans
from ocop_workflow.plans import queries as plans
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import build_lifecycle

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocop_workflow.access import Actor
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def is_loaded(tx: Connection, text: str) -> bool:
    """Tell whether this very content is a plan in force: what was taken once stays readable."""
    return plans.is_in_force(tx, checksum(text))


def checksum(text: str) -> str:
    """Return the checksum by which a plan file is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def plans_of(tx: Connection, actor: Actor) -> list[PlanRecord]:
    """Return the plans of the units that an actor reaches, and of those that lie above."""
    roots = actor.units_with(Permission.READ)
    return plans.all_plans(tx) if roots is None else plans.plans_around(tx, roots)


def find_plan(tx: Connection, slug: str, actor: Actor = HOST) -> PlanRecord:
    """Return a loaded plan, if the actor may look at it; nobody hears of others.

    Raises:
        NotFound: no plan of this id is loaded, as far as the actor may know.
    """
    record = plans.plan_by_slug(tx, slug)
    seen = [] if record and actor.is_operator else plans_of(tx, actor)
    if record is None or not (actor.is_operator or record in seen):
        loaded = ", ".join(plan.slug for plan in seen) or "—"
        ships = actor.is_operator and slug in shipped_plan_ids()
        command = f"ocop plan load {slug}" if ships else "ocop plan list"
        known = f"The plan {slug} is not loaded; loaded: {loaded}."
        raise NotFound(
            f"Chưa nạp kế hoạch {slug}; đã nạp: {loaded}. {'Nạp' if ships else 'Xem'} bằng `{command}`.",
            f"{known} {'Load it with' if ships else 'See'} `{command}`.",
        )
    return record


def calendar_of(tx: Connection, plan_id: int | None, sha256: str) -> Calendar:
    """Return the calendar of a loaded plan; it is read from the database once a process.

    What is kept of it beside its file is read in a twentieth of the time (`unkept`); else the file itself.

    Without a plan it is that of the register under a regulation, whose id stands in the checksum's place.

    Raises:
        InvalidInput: the stored plan cannot be read by this version of the service.
    """
    known = _CALENDARS.get(sha256)
    if known is None and plan_id is not None:
        kept = compiled_plans.content(tx, plan_id, sha256)
        plan = from_compiled(kept) if kept else None
        known = _calendar(plan) if plan else calendar_from(plans.plan_text(tx, plan_id))
        _CALENDARS[sha256] = known
    return known or register_calendar(sha256)


_CALENDARS: dict[str, Calendar] = {}


def unkept(tx: Connection, plan_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return what is to be kept of those of these plans of which nothing is kept that holds.

    Each with the checksum of its file, as `compiled_plans.keep` takes it; plans at fault are left out.
    """
    found: dict[int, tuple[str, str]] = {}
    for plan_id, sha256 in compiled_plans.not_kept(tx, plan_ids).items():
        with suppress(InvalidInput):
            content = compiled(calendar_of(tx, plan_id, sha256).plan)
            if content is not None:
                found[plan_id] = sha256, content
    return found


def hold_calendar(tx: Connection, plan_id: int | None, sha256: str) -> Calendar:
    """Return the calendar of a loaded plan, which stays in force until this writing transaction has ended.

    Whoever opens or closes deadlines by it asks here, so that no product is left under an older version
    than the others.

    Raises:
        Stale: the plan was changed since its checksum was read.
        InvalidInput: see `calendar_of`.
    """
    if plan_id is not None and not plans.is_held(tx, plan_id, sha256):
        raise _changed()
    return calendar_of(tx, plan_id, sha256)


def hold_calendars(
    tx: Connection, named: Collection[tuple[int | None, str]]
) -> dict[tuple[int | None, str], Calendar]:
    """Return the calendars of many plans by number and checksum; see `hold_calendar`.

    Raises:
        Stale: one of them was changed since its checksum was read.
        InvalidInput: see `calendar_of`.
    """
    if not plans.are_held(tx, {plan_id: sha256 for plan_id, sha256 in named if plan_id is not None}):
        raise _changed()
    return {key: calendar_of(tx, *key) for key in named}


def _changed() -> Stale:
    return Stale(
        "Kế hoạch vừa được thay đổi; hãy xem lại rồi làm lại.",
        "The plan was changed just now; look again and repeat.",
    )


def remember_calendar(sha256: str, calendar: Calendar) -> None:
    """Let a checksum stand for a calendar that no file gives, as a simulation needs it."""
    _CALENDARS[sha256] = calendar


@lru_cache(maxsize=64)
def calendar_from(text: str) -> Calendar:
    """Return the calendar that the text of a plan gives; whoever brings a new file lets `read_plan` see it.

    Raises:
        InvalidInput: every fault of the file at once.
    """
    return _calendar(read_loaded_plan(text))


def _calendar(plan: Plan) -> Calendar:
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


@cache
def register_calendar(regulation: str) -> Calendar:
    """Return the calendar of products outside every plan: what a regulation asks of a certificate that runs.

    Raises:
        NotFound: no regulation has this id.
    """
    rules = load_regulation(regulation)
    plan = Plan(
        format=1,
        id="so-dang-ky",
        code=f"{REGISTER}00",
        title="Sổ đăng ký giấy chứng nhận OCOP",
        year=rules.in_force.since.year,
        regulation=regulation,
        unit="so-dang-ky",
        document=Document(number="", issued=""),
        office=Office(name="Sổ đăng ký"),
    )
    return Calendar(plan, rules, build_lifecycle(rules), load_work_calendar())


#: what the codes of products outside every plan begin with
REGISTER = "SO"
