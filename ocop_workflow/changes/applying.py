"""Making what was foreseen happen: rows closed and opened, letters taken back, corrections written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.corrections import Reason, write_corrections
from ocop_workflow.changes.realigning import is_unseen
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Behind, catch_up_all
from ocop_workflow.letters import digest_queries as digesting
from ocop_workflow.regulations import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ocop_workflow.changes.impact import Foreseen
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection


def carry_out(
    tx: Connection, foreseen: Foreseen, reason: Reason, sender: Sender, today: date, now: datetime
) -> int:
    """Let the dates move.

    A row never changes its date: it is closed and another one opened, so its lateness stays on record and
    its reminders count anew.

    1. what daily sweeps would have recorded meanwhile is recorded;
    2. letters that speak of an old date and have not gone out are taken back; what else they say is unsaid;
    3. deadlines that move or fall away are closed: unsaid reminders cancelled, flags cleared;
    4. new ones open on `today`, and those with other reminders are looked at again by the next sweep;
    5. whoever was told otherwise gets one correction.

    Returns how many corrections were written.
    """
    realigned, plan_id = foreseen.realigned, foreseen.request.plan.id
    _catch_up(tx, foreseen, realigned.closing.values(), today)
    rewatched = [row for row in realigned.rewatched if not is_unseen(row)]
    _catch_up(tx, foreseen, rewatched, today - timedelta(days=1))
    digesting.take_back(tx, foreseen.stale.letters, foreseen.stale.digests)
    for because, moves in (("moved", True), ("dropped", False)):
        ids = [shift.row.id for shift in realigned.shifts if shift.row and (shift.new is not None) is moves]
        changing.close_deadlines(tx, ids, today, because)
    deadlines.open_deadlines(tx, [*_new_rows(tx, foreseen, today)])
    changing.look_at_again(tx, [row.id for row in rewatched], today)
    return write_corrections(tx, foreseen.retelling, reason, changing.open_numbers(tx, plan_id), sender, now)


def _new_rows(tx: Connection, foreseen: Foreseen, today: date) -> Iterable[dict[str, Any]]:
    after = foreseen.request.after.calendar
    new = [(shift.key, shift.new) for shift in foreseen.realigned.shifts if shift.new]
    holders = {
        key.product_id for key, deadline in new if key.product_id and after.is_of_certificate(deadline)
    }
    held = certificates.running(tx, holders)
    for key, deadline in new:
        certificate_id = held.get(key.product_id or 0) if after.is_of_certificate(deadline) else None
        yield deadlines.opening(
            deadline,
            foreseen.request.plan.id,
            today,
            product_id=key.product_id,
            unit_id=key.unit_id,
            certificate_id=certificate_id,
        )


def _catch_up(tx: Connection, foreseen: Foreseen, rows: Iterable[DeadlineRecord], on: date) -> None:
    plan, before, products = foreseen.request.plan, foreseen.request.before, foreseen.realigned.products
    behind = []
    for row in rows:
        product = products.get(row.product_id or 0)
        commune = product.unit_id if product else row.unit_id
        homes = {Recipient.COMMUNE: commune, Recipient.AUTHORITY: plan.unit_id}
        behind.append(Behind(row, before, homes))
    catch_up_all(tx, behind, on)
