"""The audit: what stands in it, that nobody can change it, and that whoever does is found out."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit import queries as auditing
from ocop_workflow.audit.chain import Deed, record, record_all, verify
from ocop_workflow.errors import OcopError
from ocop_workflow.letters import outbox as letters
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.sweep.daily import sweep
from tests.factories import MINH, SENDER, act, rows
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from ocop_workflow.audit.chain import ChainVerdict
    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock


def entries(database: Database) -> list[auditing.AuditEntry]:
    with database.read() as tx:
        return auditing.entries(tx)


def verdict(database: Database, anchor: tuple[int, str] | None = None) -> ChainVerdict:
    with database.read() as tx:
        return verify(tx, anchor)


@pytest.fixture
def written(seeded: Database, clock: FixedClock) -> Database:
    """Seven officers and two steps: a chain long enough to be tampered with."""
    appoint(seeded, clock)
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-003", "register")
    return seeded


def test_a_step_stands_in_it_with_what_was_before_and_after(written: Database, clock: FixedClock) -> None:
    entry = entries(written)[-1]
    assert (entry.actor, entry.origin, entry.acting_for, entry.at) == ("lan", "host:test", None, clock.now())
    assert (entry.action, entry.subject) == ("product.register", "product:DP24-003")
    assert entry.before == {"state": "idea", "version": 0}
    assert entry.after == {"state": "registered", "version": 1, "on": "2024-04-23"}
    found = rows(
        written,
        "SELECT id FROM transitions WHERE product_id = (SELECT id FROM products WHERE code = :c)",
        c="DP24-003",
    )
    assert found == [(entry.transition_id,)]


def test_each_entry_holds_the_hash_of_the_one_before(written: Database) -> None:
    """Computed here anew, from the columns as they are documented."""
    previous = "0" * 64
    for number, entry in enumerate(entries(written), start=1):
        plain = [
            entry.seq, entry.at.astimezone(UTC).isoformat(), entry.actor, entry.origin, entry.acting_for,
            entry.action, entry.subject, entry.before, entry.after, entry.transition_id, previous,
        ]  # fmt: skip
        words = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert (entry.seq, entry.previous) == (number, previous)
        assert entry.hash == hashlib.sha256(words.encode()).hexdigest()
        previous = entry.hash
    assert verdict(written).head == previous


def test_a_sound_chain_is_found_sound_and_so_is_an_empty_one(database: Database, clock: FixedClock) -> None:
    assert (verdict(database).entries, verdict(database).bad_seq) == (0, None)
    with database.write() as tx:
        record(
            tx,
            HOST,
            Deed("test", "nothing", {"tên": "Dầu phụng", "at": datetime(2024, 1, 1, tzinfo=UTC)}),
            clock.now(),
        )
    assert (verdict(database).entries, verdict(database).bad_seq) == (1, None)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'ai đó'", "DELETE FROM audit WHERE seq = 1"])
def test_the_database_itself_refuses_to_change_or_delete(written: Database, statement: str) -> None:
    before = entries(written)
    with pytest.raises(OcopError, match="the audit is append-only"), written.write() as tx:
        tx.execute(text(statement))
    assert entries(written) == before


def tamper(database: Database, *statements: str) -> None:
    """Do what somebody who owns the database can do."""
    off, on = (
        (["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"], [])
        if database.is_sqlite
        else (["ALTER TABLE audit DISABLE TRIGGER USER"], ["ALTER TABLE audit ENABLE TRIGGER USER"])
    )
    with database.write() as tx:
        for statement in (*off, *statements, *on):
            tx.execute(text(statement))


def _rewritten(tx: Connection, start: int) -> None:
    """Write the chain anew from an entry on, as only somebody who knows how can."""
    found = [entry for entry in auditing.entries(tx) if entry.seq >= start]
    previous = found[0].previous
    for entry in found:
        fields: dict[str, Any] = {name: getattr(entry, name) for name in audit._HASHED}
        fields |= {"actor": "ai đó" if entry.seq == start else entry.actor, "previous": previous}
        previous = audit._hash(fields)
        tx.execute(
            text("UPDATE audit SET actor = :actor, previous = :previous, hash = :hash WHERE seq = :seq"),
            {**{name: fields[name] for name in ("actor", "previous", "seq")}, "hash": previous},
        )


@pytest.mark.parametrize(
    ("statements", "bad", "reason"),
    [
        (["UPDATE audit SET actor = 'ai đó' WHERE seq = 3"], 3, "its content was changed"),
        (["UPDATE audit SET after = '{}' WHERE seq = 8"], 8, "its content was changed"),
        (["DELETE FROM audit WHERE seq = 4"], 5, "entry 4 is missing"),
        (["DELETE FROM audit WHERE seq = 1"], 2, "entry 1 is missing"),
        (
            ["DELETE FROM audit WHERE seq = 4", "UPDATE audit SET seq = seq - 1 WHERE seq > 4"],
            4,
            "it is not chained to the entry before",
        ),
    ],
)
def test_the_first_bad_entry_is_named(
    written: Database, statements: list[str], bad: int, reason: str
) -> None:
    tamper(written, *statements)
    found = verdict(written)
    assert (found.bad_seq, found.reason and found.reason.en) == (bad, reason)


def test_a_tail_cut_off_is_found_by_a_head_that_was_noted_elsewhere(written: Database) -> None:
    whole = verdict(written)
    tamper(written, "DELETE FROM audit WHERE seq > 5")
    assert verdict(written).bad_seq is None
    found = verdict(written, (whole.entries, whole.head))
    assert (found.bad_seq, found.reason and found.reason.en) == (6, "the last entries were deleted")


def test_a_chain_written_anew_is_found_by_a_head_that_was_noted_elsewhere(written: Database) -> None:
    whole = verdict(written)
    tamper(written)
    if not written.is_sqlite:
        with written.write() as tx:
            tx.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
            _rewritten(tx, 3)
            tx.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    else:
        with written.write() as tx:
            _rewritten(tx, 3)
    assert verdict(written).bad_seq is None
    found = verdict(written, (whole.entries, whole.head))
    assert (found.bad_seq, found.reason and found.reason.en) == (
        whole.entries,
        "it differs from the head noted elsewhere",
    )


def test_what_is_rolled_back_leaves_no_entry(written: Database, clock: FixedClock) -> None:
    before = entries(written)
    with pytest.raises(OcopError):
        act(written, clock, "DP24-002", "certify")
    assert entries(written) == before


def test_several_writers_at_once_make_one_chain(database: Database, clock: FixedClock) -> None:
    together, failed = Barrier(4), []

    def write(number: int) -> None:
        together.wait()
        try:
            for turn in range(25):
                with database.write() as tx:
                    deeds = [Deed("test", f"{number}:{turn}:{part}") for part in range(2)]
                    record_all(tx, HOST, deeds, clock.now())
        except Exception as error:  # noqa: BLE001 - a thread cannot raise into the test
            failed.append(error)

    writers = [Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    assert (verdict(database).entries, verdict(database).bad_seq) == (200, None)


def test_a_sweep_writes_one_entry_a_plan_and_a_quiet_one_none(written: Database, clock: FixedClock) -> None:
    before = len(entries(written))
    sweep(written, clock, SENDER)
    sweep(written, clock, SENDER)
    (entry,) = entries(written)[before:]
    assert (entry.actor, entry.action) == ("scheduler", "sweep")
    assert entry.after["day"] == "2024-04-23"
    assert ["registration", "2024-04-30"] in entry.after["due"]


def test_an_import_an_activity_and_a_letter_in_hand_stand_in_it(written: Database, clock: FixedClock) -> None:
    sweep(written, clock, SENDER)
    with written.write() as tx:
        finish_activity(tx, MINH, "training", plan=None, on=None, today=clock.today(), now=clock.now())
        letters.hold(tx, MINH, 1, clock.now())
        letters.release(tx, MINH, 1, clock.now())
    found = [(entry.action, entry.subject) for entry in entries(written)]
    assert ("plan.import", "plan:duc-pho-2024") in found
    assert found[-3:] == [
        ("activity.done", "plan:duc-pho-2024:training"),
        ("letter.hold", "letter:1"),
        ("letter.release", "letter:1"),
    ]
