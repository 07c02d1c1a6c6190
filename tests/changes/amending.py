"""Small steps of a changing plan: another version of the seed, an extension, what is told to whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes import (
    ExtensionOrder,
    Granted,
    ImpactView,
    change_plan,
    grant_extension,
    preview_change,
    preview_extension,
    preview_revocation,
    revoke_extension,
)
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import LAN, SEED, SENDER, letter_text, rows
from tests.fakes import VIETNAM, RecordingMailer

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SEED_TEXT = shipped_plan_text(SEED)
#: days on which no sweep ran, and letters that wait
TO_BE_LOOKED_AT = (13, 17)
#: the seed's own words for when its first milestones are due
MONTHS = {
    "registration": '{ months = ["2024-03", "2024-04"] }',
    "selection": '{ months = ["2024-05"] }',
}


def amended(due: str, rule: str = "registration", text: str = SEED_TEXT) -> str:
    """The seed's plan with another day for one of its milestones."""
    assert MONTHS[rule] in text
    return text.replace(MONTHS[rule], f"{{ by = {due} }}", 1)


def preview(database: Database, clock: FixedClock, text: str) -> ImpactView:
    with database.read() as tx:
        return preview_change(tx, text, clock.today())


def change(database: Database, clock: FixedClock, text: str, confirm: str = "") -> ImpactView:
    """Look at what a change does, then confirm it."""
    given = confirm or preview(database, clock, text).hash
    with database.write() as tx:
        return change_plan(tx, text, given, actor=LAN, sender=SENDER, today=clock.today(), now=clock.now())


def order(
    *codes: str, to: str, milestone: str = "registration", decided: str = "2024-04-22"
) -> ExtensionOrder:
    """Decision 15, which gives time after a storm."""
    decided_on = date.fromisoformat(decided)
    return ExtensionOrder(
        SEED, milestone, codes, date.fromisoformat(to), "15/QĐ-UBND", decided_on, "bão số 1"
    )


def extend(database: Database, clock: FixedClock, *codes: str, **given: str) -> Granted:
    """Look at what an extension does, then confirm it; see `order`."""
    wanted = order(*codes, **given)
    with database.read() as tx:
        confirm = preview_extension(tx, wanted, clock.today()).hash
    with database.write() as tx:
        return grant_extension(
            tx, wanted, confirm, actor=LAN, sender=SENDER, today=clock.today(), now=clock.now()
        )


def revoke(database: Database, clock: FixedClock, number: int) -> ImpactView:
    with database.read() as tx:
        confirm = preview_revocation(tx, number, clock.today()).hash
    with database.write() as tx:
        return revoke_extension(
            tx, number, confirm, actor=LAN, sender=SENDER, today=clock.today(), now=clock.now()
        )


def deliver(database: Database, clock: FixedClock, mailer: RecordingMailer | None = None) -> None:
    deliver_pending(database, mailer or RecordingMailer(), RetryPolicy(), clock, SENDER)


def corrections(database: Database) -> dict[str, str]:
    """Return the words of every correction by its key."""
    found = rows(database, "SELECT key, mime FROM outbox WHERE kind = 'correction' ORDER BY key")
    return {key: letter_text(mime) for key, mime in found}


def deadline_rows(database: Database, code: str) -> list[tuple[str, ...]]:
    """Return (rule, due, opened, closed, why, flag raised, flag cleared) of a product's deadlines."""
    return [
        tuple("" if cell is None else str(cell) for cell in row)
        for row in rows(
            database,
            "SELECT d.rule, d.due_on, d.opened_on, d.closed_on, d.closed_because, f.raised_on, f.cleared_on "
            "FROM deadlines d JOIN products p ON p.id = d.product_id LEFT JOIN flags f "
            "ON f.deadline_id = d.id "
            "WHERE p.code = :code ORDER BY d.id",
            code=code,
        )
    ]


def is_sound(database: Database, clock: FixedClock) -> None:
    """See that the doctor finds nothing wrong and that the proof balances."""
    examined = examine(database, clock).findings
    findings = [(item.invariant, item.text.en) for item in examined if item.invariant not in TO_BE_LOOKED_AT]
    assert findings == [], findings
    with database.read() as tx:
        found = prove(tx, VIETNAM)
    assert not found.unbalanced, [row.text.en for row in found.unbalanced]
    assert found.is_balanced
