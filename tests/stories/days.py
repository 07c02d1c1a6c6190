"""Living through days: the check at six in the morning, and the letters it sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ocop_workflow.changes.loading import load_plan
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.imports.answers import Answers, Word
from ocop_workflow.imports.importing import import_annex, read_file
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.plans import loaded as plans
from ocop_workflow.products.queries import product_by_code
from ocop_workflow.sweep.daily import SweepReport, sweep
from ocop_workflow.sweep.views import SweepReportView
from ocop_workflow.views import to_plain
from tests.calendar.plan_files import HEAD, milestone
from tests.factories import MINH, SENDER, act, rows
from tests.fakes import RecordingMailer

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
TOWN = "town-2024"
TELLS = """
remind = { to = ["commune"], days_before = [7, 1] }
overdue = { to = ["commune", "authority"], every_days = 7 }
"""
#: another plan of the same town, with one milestone due on the seed's first due day
TOWN_PLAN = HEAD + milestone("apply", "{ by = 2024-04-30 }", more=TELLS)


def run(database: Database, clock: FixedClock, day: str) -> SweepReport:
    """Run the check at six in the morning of a day, and send the letters."""
    clock.move_to(DAY(day))
    report = sweep(database, clock, SENDER)
    deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)
    return report


def plain(report: SweepReport) -> dict[str, Any]:
    """Return what is shown of a daily check."""
    return to_plain(SweepReportView.of(report))


def daily(database: Database, clock: FixedClock, first: str, last: str) -> None:
    """Run the check on every day from the first to the last."""
    day = DAY(first)
    while day <= DAY(last):
        run(database, clock, day.isoformat())
        day += timedelta(days=1)


def load_town(database: Database, clock: FixedClock, plan: str = TOWN_PLAN) -> None:
    """Load the town's other plan, with the same 14 products."""
    with database.write() as tx:
        load_plan(tx, plan, actor="minh", today=clock.today(), now=clock.now())
        file = read_file(Path(str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv")))
        anew = Answers({f"C{row}": Word.NEW.value for row in range(3, 17)})  # they run in both plans
        file = replace(file, answers=anew)
        report = import_annex(tx, file, TOWN, actor=MINH, today=clock.today(), now=clock.now())
        assert report.added == 14


def give_up(database: Database, why: str, *, address: str | None = None) -> None:
    """Let the letters that wait be dead, all or those to one address, as if the relay had said so of each."""
    where = "" if address is None else " AND address = :address"
    with database.write() as tx:
        tx.execute(
            text(
                "UPDATE outbox SET state = 'dead', attempts = attempts + 1, fence = fence + 1, "
                f"last_error = :why WHERE state = 'pending'{where}"
            ),
            {"why": why, "address": address} if address else {"why": why},
        )


def corrupt(database: Database, plan: str) -> None:
    """Damage a stored plan as only an inspector with SQL could."""
    with database.write() as tx:
        tx.execute(
            text("UPDATE plans SET text = 'format = ', sha256 = :none WHERE slug = :plan"),
            {"none": "0" * 64, "plan": plan},
        )
    forget_plans()


def forget_plans() -> None:
    """Be a fresh process, as far as the memory of plans goes."""
    plans._CALENDARS.clear()


def acknowledge(database: Database, clock: FixedClock, code: str) -> None:
    """Take note of the flag of a product's most pressing deadline."""
    with database.write() as tx:
        record = product_by_code(tx, code)
        assert record is not None
        late = deadlines.open_of_product(tx, record.id)[0]
        assert deadlines.acknowledge_flag(tx, late.id, clock.today(), "minh")


def letters(database: Database, address: str, state: str = "pending") -> list[bytes]:
    """Return the letters to one address, oldest first."""
    found = rows(
        database,
        "SELECT mime FROM outbox WHERE address = :address AND state = :state ORDER BY id",
        address=address,
        state=state,
    )
    return [bytes(mime) for (mime,) in found]


def two_register(database: Database, clock: FixedClock) -> None:
    """Phổ An registers its first two products on 24/4, the day after everybody was reminded."""
    run(database, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), hour=9)
    act(database, clock, "DP24-002", "register")
    act(database, clock, "DP24-003", "register")


def sweep_on(database: Database, clock: FixedClock, day: str, hour: int = 6) -> int:
    """Run the check and send nothing. Returns how many letters it wrote."""
    clock.move_to(DAY(day), hour)
    return sweep(database, clock, SENDER).counts.letters
