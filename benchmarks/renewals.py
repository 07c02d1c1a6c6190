"""Certificates that run out: the whole list, a law's first day, and a day on which 6,000 windows open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks import floors
from benchmarks.measuring import Row, Run, Stopwatch, in_child, medians
from benchmarks.sweep import read_plans
from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.changes.new_law.certificates import go_over
from ocop_workflow.renewals.listing import WantedRenewals, list_renewals
from ocop_workflow.store import Database
from ocop_workflow.sweep import daily as service
from ocop_workflow.sweep import queries as sweeping

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.stores import Store

#: how many windows open on one day, of however many certificates
WINDOWS = 6_000
FIRST_DAY = date(2026, 5, 22)  # of QĐ 26/2026
END = date(2027, 11, 29)  # of those whose windows open on one day, a working day
OPENS, CLOSES = END - timedelta(days=180), END - timedelta(days=120)
NOW = datetime(2026, 5, 22, 1, tzinfo=UTC)

_CERTIFY = """
INSERT INTO certificates (product_id, star, number, decided_on, valid_until, signer, standing, product,
                          commune, province, issuer, evidence, token, regulation)
SELECT p.id, 3, '1/QĐ-UBND', '2024-11-25', {until}, '', 'confirmed', p.name, u.name, 'Tỉnh', 'UBND', 'A',
       'token-' || p.id, 'qd-148-2023'
FROM products p JOIN units u ON u.id = p.unit_id"""
_CLOSE_OTHERS = """
UPDATE deadlines SET closed_on = '2024-11-25', closed_because = 'reached', next_action_on = NULL
WHERE closed_on IS NULL"""
_WATCH = "UPDATE products SET state = 'monitored'"
_EXPIRY = """
INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on,
                       next_action_on)
SELECT 'certificate', c.id, p.id, p.plan_id, 'relative', 'expiry', c.valid_until, '2024-11-25', '2026-11-25'
FROM certificates c JOIN products p ON p.id = c.product_id"""
#: of the first so many the end is one day, of the others it lies around it, as many on each
_ENDS = {
    kind: f"CASE WHEN p.id <= {WINDOWS} THEN {day} ELSE {other} END"
    for kind, day, other in (
        ("sqlite", f"'{END}'", "date('2027-01-01', '+' || (p.id % 330) || ' days')"),
        ("postgresql", f"DATE '{END}'", "DATE '2027-01-01' + (p.id % 330)::int"),
    )
}


def prepare(url: str) -> None:
    """Give each product a certificate of November 2024 and the deadline of its end, under QĐ 148."""
    database = Database(url)
    with database.write() as tx:
        for statement in (_CLOSE_OTHERS, _WATCH, _CERTIFY.format(until=_ENDS[tx.dialect.name]), _EXPIRY):
            tx.execute(text(statement))
    database.close()


# -- the list --------------------------------------------------------------------------------------


def listed(watch: Stopwatch, url: str) -> None:
    """List every certificate that is to be saved."""
    database = Database(url)
    read_plans(database)
    with database.read() as tx, watch:
        list_renewals(tx, FIRST_DAY, WantedRenewals())
    database.close()


_LIST = """
SELECT c.id, p.code, c.product, c.producer, u.slug, u.name, c.star, c.standing, c.valid_until, c.regulation,
       c.ended_on, c.ended_because, d.kind, d.received_on, p.state,
       (SELECT min(g.day) FROM deadlines l JOIN reminders r ON r.deadline_id = l.id
        JOIN digests g ON g.id = r.digest_id WHERE l.subject = 'certificate' AND l.subject_id = c.id)
FROM certificates c JOIN products p ON p.id = c.product_id JOIN units u ON u.id = p.unit_id
LEFT JOIN dossiers d ON d.product_id = p.id AND d.number = p.dossier_no
WHERE c.ended_on IS NULL AND c.valid_until >= '2025-05-22' ORDER BY c.valid_until, c.id"""


def listed_by_hand(watch: Stopwatch, url: str) -> None:
    """Read the same rows, and nothing else."""
    raw = floors.Raw(url)
    with watch:
        raw.run(_LIST).fetchall()
    raw.close()


# -- the first day of a law ------------------------------------------------------------------------


def went_over(watch: Stopwatch, url: str) -> None:
    """Let every certificate go over to QĐ 26, as the sweep of a process does that has read the plans."""
    database = Database(url)
    read_plans(database)
    with watch, database.connect() as connection:
        go_over(connection, connection.begin, service.SCHEDULER, FIRST_DAY, NOW)
    database.close()


_CLOSE = """
UPDATE deadlines SET closed_on = '2026-05-22', closed_because = 'regulation_changed', next_action_on = NULL
WHERE rule = 'expiry' AND closed_on IS NULL"""
_OPEN = """
INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on,
                       next_action_on)
SELECT 'certificate', c.id, p.id, p.plan_id, 'relative', w.rule, {due}, '2026-05-22', '2026-05-22'
FROM certificates c JOIN products p ON p.id = c.product_id
CROSS JOIN (SELECT 're_rating_filing:qd-26-2026' AS rule, 120 AS days
            UNION ALL SELECT 'expiry:qd-26-2026', 0) AS w"""
_DUE = {"sqlite": "date(c.valid_until, '-' || w.days || ' days')", "postgresql": "c.valid_until - w.days"}


def went_over_by_hand(watch: Stopwatch, url: str) -> None:
    """Close and open the same rows in one transaction."""
    raw = floors.Raw(url)
    due = _DUE["sqlite" if raw.is_sqlite else "postgresql"]
    with watch:
        raw.run(raw.begin)
        raw.run(_CLOSE)
        raw.run(_OPEN.format(due=due))
        raw.run("COMMIT")
    raw.close()


# -- a day on which many windows open --------------------------------------------------------------


def opened(watch: Stopwatch, url: str) -> None:
    """Sweep the day on which the windows open, its letters apart; the days before are swept."""
    database = Database(url)
    _sweep(database, OPENS - timedelta(days=1))
    with watch:
        _sweep(database, OPENS)
    with database.read() as tx:
        said = tx.scalar(text("SELECT count(*) FROM reminders WHERE stage = -60 AND status = 'due'"))
    database.close()
    if not said:
        raise AssertionError("no window opened")


def _sweep(database: Database, day: date) -> None:
    run = service._Sweep(day, pause=database.is_sqlite, by=service.SCHEDULER)  # noqa: SLF001 - its phases, letters apart
    with database.connect() as connection:
        with connection.begin():
            sweep_id = sweeping.begin_record(connection, day, NOW)
        with sweeping.reading(connection), connection.begin():
            decisions = service._decide_all(connection, run)  # noqa: SLF001 - likewise
        service._apply_all(  # noqa: SLF001 - likewise
            connection, connection.begin, run, decisions, sweep_id, lambda _done, _of: None
        )
        counts = {"reminders": run.counts.reminders}
        with connection.begin():
            sweeping.finish_record(connection, sweep_id, NOW, counts, [])


_SAY = f"""
INSERT INTO reminders (deadline_id, stage, desk_id, day, status)
SELECT d.id, -60, CASE two.up WHEN 0 THEN c.id ELSE a.id END, '{OPENS}', '{ReminderStatus.DUE.value}'
FROM deadlines d JOIN products p ON p.id = d.product_id JOIN plans k ON k.id = d.plan_id
JOIN desks c ON c.unit_id = p.unit_id JOIN desks a ON a.unit_id = k.unit_id
CROSS JOIN (SELECT 0 AS up UNION ALL SELECT 1) AS two
WHERE d.rule = 're_rating_filing:qd-26-2026' AND d.due_on = '{CLOSES}' AND d.next_action_on <= '{OPENS}'"""
_MOVE = f"""
UPDATE deadlines SET next_action_on = '{CLOSES - timedelta(days=30)}'
WHERE next_action_on <= '{OPENS}' AND due_on = '{CLOSES}'"""


def opened_by_hand(watch: Stopwatch, url: str) -> None:
    """Write the same reminders in one transaction, on what the days before have left."""
    database = Database(url)
    _sweep(database, OPENS - timedelta(days=1))
    database.close()
    raw = floors.Raw(url)
    with watch:
        raw.run(raw.begin)
        raw.run(_SAY)
        raw.run(_MOVE)
        raw.run("COMMIT")
    raw.close()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure the three, each beside its floor."""

    def contender(work: Callable[..., None], *, over: bool = False) -> Callable[[], Run]:
        def one() -> Run:
            with store.fresh() as url:
                prepare(url)
                if over:
                    in_child(went_over, url)
                return in_child(work, url)

        return one

    pairs = {
        "renewals listed": (contender(listed), contender(listed_by_hand)),
        "certificates under a new law": (contender(went_over), contender(went_over_by_hand)),
        "a sweep that opens windows": (contender(opened, over=True), contender(opened_by_hand, over=True)),
    }
    found = []
    for case, (ours, floor) in pairs.items():
        mine, best = medians(rounds, ours, floor)
        found.append(Row(case, store.kind, store.size, mine.seconds, best.seconds, mine.memory))
    return found
