"""What is counted from certificates' ends goes over to a new law, on its first day in force.

By the law that granted it nothing is reckoned (design §12): the deadlines of the old law are closed, those of
the new one opened as from that day, whenever a sweep meets it. Many certificates at once: what they share is
decided once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import Standing
from ocop_workflow.calendar.laws import changes_of_law
from ocop_workflow.calendar.subjects import REGULATION_CHANGED
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.new_law import certificate_queries as left
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Behind, catch_up_all
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import hold_calendars
from ocop_workflow.regulations import Anchor, Recipient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from typing import Any

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar, Deadline
    from ocop_workflow.changes.new_law.certificate_queries import Holding
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection

#: products whose certificates go over in one transaction
AT_ONCE = 500


def go_over(
    connection: Connection,
    begin: Callable[[], AbstractContextManager[object]],
    by: Actor,
    today: date,
    now: datetime,
) -> int:
    """Let the deadlines of every certificate go over to the law in force. Twice, it does nothing.

    Where several laws came in force since the last sweep, one after the other.

    Args:
        connection: to the database.
        begin: opens one of several short transactions.
        by: in whose name: the daily check.
        today: the local day.
        now: this instant.

    Returns:
        how many products were met.
    """
    met = 0
    for law in changes_of_law(today):
        after = 0
        while True:
            with begin():
                product_ids = left.hold_products(connection, law, after, AT_ONCE)
                if product_ids:
                    _hand_over(connection, law, product_ids, by, now)
            if not product_ids:
                break
            met, after = met + len(product_ids), product_ids[-1]
    return met


def _hand_over(tx: Connection, law: Regulation, product_ids: list[int], by: Actor, now: datetime) -> None:
    since, holdings = law.in_force.since, left.holdings(tx, law, product_ids)
    calendars = hold_calendars(tx, {(one.row.plan_id, one.row.plan_sha256) for one in holdings})
    authorities = _authorities(tx, holdings)
    closing: list[Behind] = []
    opening: list[dict[str, Any]] = []
    known: dict[object, tuple[Deadline, ...]] = {}
    for holding in holdings:
        calendar = calendars[holding.row.plan_id, holding.row.plan_sha256]
        homes = {Recipient.COMMUNE: holding.unit_id, Recipient.AUTHORITY: authorities[holding.place]}
        closing.append(Behind(holding.row, calendar, homes))
        if holding.is_first:
            opening += _new_rows(holding, law, calendar, known)
    catch_up_all(tx, closing, since)
    changing.close_deadlines(tx, [one.row.id for one in closing], since, REGULATION_CHANGED)
    deadlines.open_many(tx, opening)
    span = f"{product_ids[0]}-{product_ids[-1]}"
    after = {"since": since.isoformat(), "products": len(product_ids), "opened": len(opening)}
    audit.record(tx, by, Deed("law.certificates", f"regulation:{law.id}:{span}", after=after), now)


def _authorities(tx: Connection, holdings: list[Holding]) -> dict[tuple[int | None, int], int | None]:
    """Return whose each place's deadlines are beside the commune's: its plan's unit's, else those above."""
    numbers = {plan_id for plan_id, _ in (one.place for one in holdings) if plan_id is not None}
    of_plans = {number: plan.unit_id for number, plan in plans.plans_by_id(tx, numbers).items()}
    above = units.lineages(tx, {one.unit_id for one in holdings if one.row.plan_id is None})
    return {
        (plan_id, unit): next(iter(above[unit][1:]), None) if plan_id is None else of_plans[plan_id]
        for plan_id, unit in {one.place for one in holdings}
    }


def _new_rows(
    holding: Holding, law: Regulation, calendar: Calendar, known: dict[object, tuple[Deadline, ...]]
) -> Iterator[dict[str, Any]]:
    row, since = holding.row, law.in_force.since
    # of its plan only the law counts here, by which a rule bears its plain id or not
    like = calendar.regulation.id, holding.state, holding.dossier, holding.valid_until
    if like not in known:
        anchors = {Anchor.EXPIRY.value: holding.valid_until}
        standing = Standing(holding.state, holding.dossier, since, anchors, law=law.id)
        known[like] = calendar.of_certificate(standing)
    for deadline in known[like]:
        yield deadlines.opening(
            deadline, row.plan_id, since, product_id=holding.product_id, certificate_id=row.subject_id
        )
