"""The floors: hand-written SQL through the raw drivers, with the same settings as the service."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from benchmarks.data import NEXT, QUIET, SPIKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK = 5000


class Raw:
    """A driver's connection; `?` stands for a value on both."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
        self._driver: Any = _sqlite(address.database or "") if self.is_sqlite else _psycopg(address)

    def run(self, sql: str, given: Sequence[object] = ()) -> Any:
        """Execute one statement."""
        return self._driver.execute(sql if self.is_sqlite else sql.replace("?", "%s"), given)

    def run_many(self, sql: str, given: Iterable[Sequence[object]]) -> None:
        """Execute one statement for many rows."""
        cursor = self._driver.cursor()
        cursor.executemany(sql if self.is_sqlite else sql.replace("?", "%s"), given)
        cursor.close()

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()


def _sqlite(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("foreign_keys=ON", "synchronous=FULL", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _psycopg(address: Any) -> Any:
    import psycopg

    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


# -- the sweep -------------------------------------------------------------------------------------

_RECORD = """
INSERT INTO sweeps (day, started_at, finished_at, reminders, withheld, superseded, flags_raised,
                    letters, faults)
VALUES (?, '2024-11-01 06:00', '2024-11-01 06:00', 0, 0, 0, 0, 0, '[]')"""
_DUE = f"""
CREATE TEMPORARY TABLE due AS
SELECT d.id, c.id AS commune, a.id AS authority
FROM deadlines d JOIN products p ON p.id = d.product_id JOIN plans k ON k.id = d.plan_id
JOIN desks c ON c.unit_id = p.unit_id JOIN desks a ON a.unit_id = k.unit_id
WHERE d.next_action_on <= '{SPIKE}' ORDER BY d.id"""
_TWO = "(SELECT 0 AS up UNION ALL SELECT 1) AS two"
_REMIND = f"""
INSERT INTO reminders (deadline_id, stage, desk_id, day, status)
SELECT due.id, 1, CASE two.up WHEN 0 THEN commune ELSE authority END, '{SPIKE}', 'due'
FROM due CROSS JOIN {_TWO} WHERE true {{part}}
ON CONFLICT DO NOTHING"""
_FLAG = f"""
INSERT INTO flags (deadline_id, raised_on, sweep_id)
SELECT due.id, '{SPIKE}', 1 FROM due WHERE true {{part}} ON CONFLICT DO NOTHING"""
_MOVE = f"UPDATE deadlines SET next_action_on = '{NEXT}' WHERE id IN (SELECT id FROM due WHERE true {{part}})"


def sweep_at_once(raw: Raw) -> None:
    """Sweep the spike day in one transaction."""
    raw.run(raw.begin)
    raw.run(_RECORD, (SPIKE.isoformat(),))
    raw.run(_DUE)
    for statement in (_REMIND, _FLAG, _MOVE):
        raw.run(statement.format(part=""))
    raw.run("COMMIT")


_PART = """
FROM deadlines d {join} WHERE d.id > {low} AND d.id <= {high} AND d.next_action_on{plus} <= '{day}'"""
_REMIND_PART = f"""
INSERT INTO reminders (deadline_id, stage, desk_id, day, status)
SELECT d.id, 1, CASE two.up WHEN 0 THEN c.id ELSE a.id END, '{SPIKE}', 'due' {{part}}
ON CONFLICT DO NOTHING"""
_FLAG_PART = f"""
INSERT INTO flags (deadline_id, raised_on, sweep_id) SELECT d.id, '{SPIKE}', 1 {{part}}
ON CONFLICT DO NOTHING"""
_MOVE_PART = f"""
UPDATE deadlines SET next_action_on = '{NEXT}'
WHERE id > {{low}} AND id <= {{high}} AND next_action_on <= '{SPIKE}'"""
_JOIN = (
    "JOIN products p ON p.id = d.product_id JOIN plans k ON k.id = d.plan_id "
    "JOIN desks c ON c.unit_id = p.unit_id "
    f"JOIN desks a ON a.unit_id = k.unit_id CROSS JOIN {_TWO}"
)


def sweep_in_chunks(raw: Raw) -> None:
    """Sweep the spike day in transactions of some thousand rows in the order of the key."""
    raw.run(_RECORD, (SPIKE.isoformat(),))
    due = raw.run(f"SELECT id FROM deadlines WHERE next_action_on <= '{SPIKE}' ORDER BY id").fetchall()
    ends = [row[0] for row in due[CHUNK - 1 :: CHUNK]] + [due[-1][0]]
    low = 0
    for high in ends:
        raw.run(raw.begin)
        at = {"low": low, "high": high, "day": SPIKE, "plus": ""}
        raw.run(_REMIND_PART.format(part=_PART.format(join=_JOIN, **at)))
        raw.run(_FLAG_PART.format(part=_PART.format(join="", **at)))
        raw.run(_MOVE_PART.format(**at))
        raw.run("COMMIT")
        low = high


def sweep_nothing(raw: Raw) -> None:
    """Look at the index, find nothing, write the record."""
    raw.run(raw.begin)
    raw.run(f"SELECT plan_id FROM deadlines WHERE next_action_on <= '{QUIET}'").fetchall()
    raw.run(_RECORD, (QUIET.isoformat(),))
    raw.run("COMMIT")


# -- a product moves on ----------------------------------------------------------------------------

PRODUCT = """
SELECT p.id, p.version, p.state, p.plan_id, p.code, p.name, p.unit_id, u.name, o.name, k.slug, k.sha256,
       k.unit_id, p.entered_on, d.kind, p.product_group, a.address, d.received_on, d.official_code,
       d.score_level, d.score_mean, d.gates_met, c.star, c.number, c.decided_on, c.valid_until, p.producer_id,
       o.representative
FROM products p JOIN units u ON u.id = p.unit_id JOIN plans k ON k.id = p.plan_id
JOIN dossiers d ON d.product_id = p.id AND d.number = p.dossier_no
LEFT JOIN producers o ON o.id = p.producer_id
LEFT JOIN contacts a ON a.id = p.address_id
LEFT JOIN certificates c ON c.product_id = p.id AND c.ended_on IS NULL WHERE p.code = ?"""
OPEN = """
SELECT d.id, d.product_id, d.plan_id, k.slug, d.kind, d.rule, d.due_on, d.opened_on, d.closed_on,
       d.closed_because, d.next_action_on, f.raised_on, f.acknowledged_on, f.cleared_on
FROM deadlines d JOIN plans k ON k.id = d.plan_id LEFT JOIN flags f ON f.deadline_id = d.id
WHERE d.product_id = ? AND d.closed_on IS NULL ORDER BY d.due_on, d.id"""
_EXTENDED = """
SELECT e.rule, e.due_on FROM extensions e JOIN extended_products x ON x.extension_id = e.id
WHERE x.product_id = ? AND e.plan_id = ? AND e.revoked_on IS NULL ORDER BY e.id"""
_STEP = """
INSERT INTO transitions (product_id, seq, event, source, target, actor, on_day, at, note, data,
                         plan_id, regulation, unit)
VALUES (?, ?, 'commune_evaluate', ?, 'commune_evaluated', 'lan', ?, ?, '', ?, ?, 'qd-148-2023', 'Đơn vị')
RETURNING id"""
_PRODUCT_MOVED = """
UPDATE products SET version = ?, state = 'commune_evaluated', entered_on = ?
WHERE id = ? AND version = ?"""
_CLOSE = """
UPDATE deadlines SET closed_on = ?, closed_because = 'reached', next_action_on = NULL WHERE id = ?"""
_CANCEL = """
UPDATE reminders SET status = 'cancelled'
WHERE deadline_id = ? AND status = 'due' AND coalesce(digest_id, 0) = 0"""
_CLEAR = "UPDATE flags SET cleared_on = ? WHERE deadline_id = ? AND cleared_on IS NULL"
_NEXT = """
INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on,
                       next_action_on)
VALUES ('product', ?, ?, ?, 'milestone', 'outcome', '2024-11-30', ?, ?)"""
_PLAN_HELD = "SELECT sha256 FROM plans WHERE id = ? FOR SHARE"
_AUDIT_TURN = "SELECT pg_advisory_xact_lock(3084)"
_AUDIT_HEAD = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
_AUDIT = """
INSERT INTO audit (seq, at, actor, origin, action, subject, before, after, transition_id, previous, hash)
VALUES (?, '2024-11-01 06:00:00', 'lan', 'host', ?, ?, ?, ?, ?, ?, ?)"""


def advance(raw: Raw, code: str, data: str) -> None:
    """Move a late product on: what the service reads and writes, in its order, nothing decided."""
    raw.run(raw.begin)
    advance_rows(raw, code, data)
    raw.run("COMMIT")


def advance_rows(raw: Raw, code: str, data: str) -> tuple[Any, ...]:
    """Do so within a transaction that is open. Returns the product as it was."""
    day = SPIKE.isoformat()
    product: tuple[Any, ...] = raw.run(PRODUCT, (code,)).fetchone()
    product_id, version, state, plan_id, *_ = product
    if not raw.is_sqlite:
        raw.run(_PLAN_HELD, (plan_id,)).fetchone()
    raw.run(_PRODUCT_MOVED, (version + 1, day, product_id, version))
    given = (product_id, version + 1, state, day, "2024-11-01 06:00:00", data, plan_id)
    (transition_id,) = raw.run(_STEP, given).fetchone()
    still_open = raw.run(OPEN, (product_id,)).fetchall()
    raw.run(_EXTENDED, (product_id, plan_id)).fetchall()
    for row in still_open:
        raw.run(_CLOSE, (day, row[0]))
        raw.run(_CANCEL, (row[0],))
        raw.run(_CLEAR, (day, row[0]))
    raw.run(_NEXT, (product_id, product_id, plan_id, day, day))
    _audit(raw, code, version, transition_id)
    return product


def _audit(raw: Raw, code: str, version: int, transition_id: int) -> None:
    before = json.dumps({"state": "consulting", "version": version})
    after = json.dumps({"state": "commune_evaluated", "version": version + 1, "on": SPIKE.isoformat()})
    record(raw, "product.commune_evaluate", f"product:{code}", before, after, transition_id)


def record(
    raw: Raw, action: str, subject: str, before: str | None, after: str, transition_id: int | None
) -> None:
    """Chain an entry to the audit."""
    if not raw.is_sqlite:
        raw.run(_AUDIT_TURN).fetchone()
    seq, previous = raw.run(_AUDIT_HEAD).fetchone() or (0, "0" * 64)
    chained = hashlib.sha256(f"{seq} {previous} {subject} {before} {after}".encode()).hexdigest()
    raw.run(_AUDIT, (seq + 1, action, subject, before, after, transition_id, previous, chained))


# -- a letter is sent ------------------------------------------------------------------------------

_CLAIM = """
UPDATE outbox SET state = 'sending', attempts = attempts + 1, fence = fence + 1,
                  lease_until = '2024-11-01 06:15:00'
WHERE id = (SELECT id FROM outbox
            WHERE state IN ('pending', 'sending') AND next_at <= '2024-11-01 06:00:00.000000'
            ORDER BY next_at, id LIMIT 1{lock})
RETURNING id, address, mime"""
_SETTLE = """
UPDATE outbox SET state = 'sent', lease_until = NULL, sent_at = '2024-11-01 06:00:00',
                  relay_reply = '250 taken'
WHERE id = ? AND fence = 1 AND state = 'sending'"""


def claim(raw: Raw) -> tuple[int, str, bytes] | None:
    """Claim the letter that has waited longest; none: there is none."""
    raw.run(raw.begin)
    lock = "" if raw.is_sqlite else " FOR UPDATE SKIP LOCKED"
    found: tuple[int, str, bytes] | None = raw.run(_CLAIM.format(lock=lock)).fetchone()
    raw.run("COMMIT")
    return found


def settle(raw: Raw, number: int) -> None:
    """Record that the relay has taken a letter."""
    raw.run(raw.begin)
    raw.run(_SETTLE, (number,))
    raw.run("COMMIT")
