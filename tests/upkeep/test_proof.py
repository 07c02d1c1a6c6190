"""What was lived balances, and whatever somebody does to the tables afterwards is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.imports.reading.candidate import CrossColumn
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy, TemporaryDeliveryError
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import prove
from ocop_workflow.upkeep.examination.reckoning.balance import Balance, Imbalance, Proof, Wrong
from tests.factories import MINH, SEED, SENDER, act, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.stories.days import acknowledge, corrupt, daily, run
from tests.stories.journeys import (
    CERTIFICATE,
    NEXT,
    candidate,
    import_rows,
    load_text,
    next_plan,
    revoke,
    step,
    walk_to,
)

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

PRODUCT = "SELECT id FROM products WHERE code = 'DP24-002'"
FIRST = f"deadline_id = (SELECT MIN(id) FROM deadlines WHERE product_id = ({PRODUCT}))"
UNIT = (
    "desk_id = (SELECT k.id FROM desks k JOIN products p ON p.unit_id = k.unit_id WHERE p.code = 'DP24-002')"
)


def proof(database: Database, since: str | None = None, until: str | None = None) -> Proof:
    with database.read() as tx:
        return prove(
            tx,
            VIETNAM,
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
        )


def unbalanced(database: Database) -> list[str]:
    return [row.text.en for row in proof(database).unbalanced]


def change(database: Database, *statements: str) -> None:
    """Do to the tables what only somebody with SQL can."""
    with database.write() as tx:
        for statement in statements:
            assert tx.execute(text(statement)).rowcount > 0, statement


def at_work(database: Database, clock: FixedClock, day: str, *events: tuple[str, str, str]) -> None:
    """At nine in the morning officers record events, each with the day on which it happened."""
    clock.move_to(date.fromisoformat(day), 9)
    for code, event, on in events:
        act(database, clock, code, event, on=date.fromisoformat(on))


# -- what was lived balances -----------------------------------------------------------------------


def test_before_the_first_sweep_nothing_is_owed(seeded: Database) -> None:
    found = proof(seeded)
    assert (found.last_sweep, found.is_balanced, found.balance.ought) == (None, True, 0)


def test_the_seeds_first_day_in_figures(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    waiting = proof(seeded).balance
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    said = proof(seeded).balance

    # 14 products: D-30 and D-14 lie before the import, D-7 is said
    assert (waiting.ought, waiting.withheld, waiting.waiting, waiting.said) == (42, 28, 14, 0)
    assert (said.ought, said.withheld, said.waiting, said.said) == (42, 28, 0, 14)
    assert said.adds_up


def test_a_lived_year_balances(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-03")
    acknowledge(seeded, clock, "DP24-003")
    at_work(seeded, clock, "2024-05-05", ("DP24-001", "register", "2024-04-26"))
    daily(seeded, clock, "2024-05-12", "2024-05-16")  # skipped days, power back on a Sunday
    at_work(seeded, clock, "2024-05-20", ("DP24-001", "select", "2024-05-18"))
    import_rows(seeded, clock, SEED, candidate(1, "Xã Phổ An", "Nước mắm"))  # while the sweep is behind
    with seeded.write() as tx:
        finish_activity(
            tx, MINH, "training", plan=None, on=date(2024, 5, 17), today=clock.today(), now=clock.now()
        )
    daily(seeded, clock, "2024-05-31", "2024-06-03")
    at_work(
        seeded,
        clock,
        "2024-10-28",
        ("DP24-001", "start_consulting", "2024-06-10"),
        ("DP24-001", "commune_evaluate", "2024-10-01"),
        ("DP24-001", "send_back", "2024-10-02"),
        ("DP24-001", "commune_evaluate", "2024-10-02"),
        ("DP24-002", "withdraw", "2024-10-20"),
    )
    daily(seeded, clock, "2024-10-29", "2024-11-08")
    clock.move_to(date(2025, 1, 6))
    run(seeded, clock, "2025-01-06")

    found = proof(seeded)
    assert found.unbalanced == []
    assert found.balance.adds_up
    assert found.last_sweep == date(2025, 1, 6)
    assert min(found.balance.said, found.balance.withheld, found.balance.superseded) > 20


def test_a_second_dossier_in_another_plan_balances(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, "DP24-001", "begin_monitoring")
    run(seeded, clock, "2024-12-02")
    step(seeded, clock, "DP24-001", "open_re_rating", date(2025, 3, 3))
    run(seeded, clock, "2025-03-04")
    step(seeded, clock, "DP24-001", "withdraw", date(2025, 4, 1))

    assert unbalanced(seeded) == []


def test_an_upgrades_certificate_and_a_revocation_balance(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    import_rows(seeded, clock, SEED, candidate(1, "Xã Phổ An", "Nước mắm", CrossColumn.UPGRADE_3_TO_4))
    code = rows(seeded, "SELECT MAX(code) FROM products")[0][0]
    re_rating = {"kind": "upgrade", "plan": NEXT, "certificate": CERTIFICATE}
    step(seeded, clock, code, "open_re_rating", date(2024, 5, 6), **re_rating)
    run(seeded, clock, "2024-05-07")
    revoke(seeded, clock, code, date(2024, 6, 3))

    assert unbalanced(seeded) == []


def test_letters_that_wait_are_carried_over_and_dropped_in_balance(
    seeded: Database, clock: FixedClock
) -> None:
    """The relay is down for days; the letters of the last day are the ones that go out."""
    for day in (date(2024, 4, 23), date(2024, 4, 26), date(2024, 5, 2)):
        clock.move_to(day)
        sweep(seeded, clock, SENDER)
        down = RecordingMailer(failures=[TemporaryDeliveryError("451 later")] * 20)
        deliver_pending(seeded, down, RetryPolicy(), clock, SENDER)
    at_work(seeded, clock, "2024-05-02", ("DP24-002", "register", "2024-05-02"))
    clock.move_to(date(2024, 5, 7))
    sweep(seeded, clock, SENDER)

    found = proof(seeded)
    assert found.unbalanced == []
    assert found.balance.cancelled > 0


def test_what_is_recorded_beside_a_sweep_may_be_in_either_order(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-26")
    step(seeded, clock, "DP24-002", "register", date(2024, 4, 26))  # the same second
    change(seeded, "UPDATE sweeps SET finished_at = NULL")  # and the sweep broke off

    assert unbalanced(seeded) == []


def test_what_is_recorded_after_a_sweep_that_broke_off_balances(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeded, clock, "2024-04-23")
    with monkeypatch.context() as patched:
        patched.setattr("ocop_workflow.sweep.daily._apply_all", power_cut)
        with pytest.raises(KeyboardInterrupt):
            run(seeded, clock, "2024-04-26")
    clock.wait(timedelta(hours=2))
    step(seeded, clock, "DP24-002", "register", date(2024, 4, 26))

    assert rows(seeded, "SELECT COUNT(*) FROM sweeps WHERE finished_at IS NULL") == [(1,)]
    assert unbalanced(seeded) == []


def power_cut(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("back", [2, 30], ids=["by days", "to before the import"])
def test_a_step_under_a_clock_that_was_set_back_balances(
    seeded: Database, clock: FixedClock, back: int
) -> None:
    daily(seeded, clock, "2024-04-23", "2024-04-26")
    clock.wait(timedelta(days=-back))
    step(seeded, clock, "DP24-002", "register", clock.today())
    daily(seeded, clock, "2024-04-27", "2024-05-02")

    assert unbalanced(seeded) == []


def test_a_product_of_another_origin_begins_with_its_first_deadline(
    seeded: Database, clock: FixedClock
) -> None:
    change(seeded, "DELETE FROM imported_rows", "DELETE FROM imports")
    daily(seeded, clock, "2024-04-25", "2024-04-26")
    assert unbalanced(seeded) == []


def test_a_plan_that_was_left_out_owes_nothing_for_that_day(seeded: Database, clock: FixedClock) -> None:
    kept = rows(seeded, "SELECT text, sha256 FROM plans")[0]
    corrupt(seeded, SEED)
    run(seeded, clock, "2024-04-26")
    found = unbalanced(seeded)
    with seeded.write() as tx:
        tx.execute(text("UPDATE plans SET text = :text, sha256 = :sha"), {"text": kept[0], "sha": kept[1]})

    assert len(found) == 1
    assert found[0].startswith("duc-pho-2024: the plan cannot be read")
    assert unbalanced(seeded) == []


# -- what somebody did to the tables is named ------------------------------------------------------


@pytest.fixture
def lived(seeded: Database, clock: FixedClock) -> Database:
    """From the import to the second nag, day by day; one product registered in between."""
    clock.move_to(date(2024, 4, 23), 7)  # behind the import
    sweep(seeded, clock, SENDER)
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    daily(seeded, clock, "2024-04-24", "2024-05-02")
    at_work(seeded, clock, "2024-05-02", ("DP24-001", "register", "2024-05-02"))
    daily(seeded, clock, "2024-05-07", "2024-05-08")
    assert unbalanced(seeded) == []
    return seeded


SAID = "DP24-002 · registration · D-7 · Xã Phổ An 2024-04-23"
#: one thing done to the tables, and what is said of it
CORRUPTIONS = {
    "a reminder deleted": (
        [f"DELETE FROM reminders WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: ought to exist, is not recorded."],
    ),
    "a stage that the plan does not have": (
        [
            (
                "INSERT INTO reminders (deadline_id, stage, desk_id, day, status) "
                "SELECT deadline_id, -5, desk_id, day, 'superseded' FROM reminders "
                f"WHERE {FIRST} AND stage = -7"
            )
        ],
        [f"{SAID.replace('D-7', 'D-5')}: is recorded, ought not to exist."],
    ),
    "told to a unit that is not asked": (
        [
            (
                "INSERT INTO reminders (deadline_id, stage, desk_id, day, status) "
                "SELECT r.deadline_id, r.stage, k.id, r.day, 'superseded' "
                f"FROM reminders r, plans p JOIN desks k ON k.unit_id = p.unit_id "
                f"WHERE {FIRST} AND stage = -7"
            )
        ],
        [f"{SAID.replace('Xã Phổ An', 'Thị xã Đức Phổ')}: is recorded, ought not to exist."],
    ),
    "the day changed": (
        [f"UPDATE reminders SET day = '2024-04-22' WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: is recorded on another day than the calendar's (22/04/2024 ≠ 23/04/2024)."],
    ),
    "called withheld": (
        [f"UPDATE reminders SET status = 'withheld', digest_id = NULL WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: has a status that it cannot have (withheld)."],
    ),
    "called superseded, still in its letter": (
        [f"UPDATE reminders SET status = 'superseded' WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: has a status that it cannot have (superseded, in a letter)."],
    ),
    "called superseded, out of its letter": (
        [f"UPDATE reminders SET status = 'superseded', digest_id = NULL WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: has a status that it cannot have (superseded)."],
    ),
    "called cancelled": (
        [f"UPDATE reminders SET status = 'cancelled', digest_id = NULL WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: has a status that it cannot have (cancelled)."],
    ),
    "what was overtaken called said": (
        [f"UPDATE reminders SET status = 'due' WHERE {FIRST} AND stage = -3"],
        ["DP24-002 · registration · D-3 · Xã Phổ An 2024-04-26: has a status that it cannot have (due)."],
    ),
    "what lay before the import called superseded": (
        [f"UPDATE reminders SET status = 'superseded' WHERE {FIRST} AND stage = -30"],
        [
            (
                "DP24-002 · registration · D-30 · Xã Phổ An 2024-03-29: "
                "has a status that it cannot have (superseded)."
            )
        ],
    ),
    "taken out of its letter": (
        [f"UPDATE reminders SET digest_id = NULL WHERE {FIRST} AND stage = -7"],
        [f"{SAID}: ought to be in a letter, none was written (due)."],
    ),
    "put into another unit's letter": (
        [
            (
                "UPDATE reminders SET digest_id = "
                "(SELECT MIN(id) FROM digests WHERE desk_id <> reminders.desk_id) "
                f"WHERE {FIRST} AND stage = 7 AND {UNIT}"
            )
        ],
        [
            (
                "DP24-002 · registration · D+7 · Xã Phổ An 2024-05-07: "
                "has a status that it cannot have (letter of 23/04/2024)."
            )
        ],
    ),
    "sent twice": (
        [
            (
                "INSERT INTO outbox (key, kind, desk_id, address, domain, digest_id, subject, message_id, "
                "mime, sha256, state, next_at, attempts, ambiguous, fence, created_at) "
                "SELECT key || '2', kind, desk_id, "
                "address, domain, digest_id, subject, message_id || '2', mime, sha256, state, next_at, "
                "attempts, ambiguous, fence, created_at FROM outbox WHERE digest_id = "
                f"(SELECT digest_id FROM reminders WHERE {FIRST} AND stage = -7)"
            )
        ],
        ["Xã Phổ An 2024-04-23: was said in two sent letters."],
    ),
    "sent, and carried over all the same": (
        [
            (
                "UPDATE digests SET superseded_by = (SELECT MAX(id) FROM digests) WHERE id = "
                f"(SELECT digest_id FROM reminders WHERE {FIRST} AND stage = -7)"
            )
        ],
        ["Xã Phổ An 2024-04-23: was said in two sent letters."],
    ),
    "a deadline's closing day": (
        [
            (
                "UPDATE deadlines SET closed_on = '2024-05-03' WHERE closed_on IS NOT NULL AND product_id = "
                "(SELECT id FROM products WHERE code = 'DP24-001')"
            )
        ],
        ["DP24-001 · registration 2024-04-30: the deadline was closed on another day."],
    ),
    "a deadline of nobody's history": (
        [
            (
                "INSERT INTO deadlines "
                "(subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on) "
                "SELECT 'product', id, id, plan_id, 'milestone', 'gone', '2024-05-01', '2024-04-23' "
                "FROM products "
                "WHERE code = 'DP24-002'"
            )
        ],
        ["DP24-002 · gone 2024-05-01: no history accounts for the deadline."],
    ),
}


@pytest.mark.parametrize("what", CORRUPTIONS)
def test_each_change_behind_the_services_back_is_named(lived: Database, what: str) -> None:
    statements, said = CORRUPTIONS[what]
    change(lived, *statements)
    assert unbalanced(lived) == said


def test_a_deleted_letter_is_missed_by_each_reminder_in_it(lived: Database) -> None:
    digest = rows(lived, f"SELECT digest_id FROM reminders WHERE {FIRST} AND stage = -7")[0][0]
    size = rows(lived, "SELECT COUNT(*) FROM reminders WHERE digest_id = :digest", digest=digest)[0][0]
    change(lived, f"DELETE FROM outbox WHERE digest_id = {digest}")

    found = proof(lived)
    assert [row.wrong for row in found.unbalanced] == [Wrong.NO_LETTER] * size
    assert (found.balance.undelivered, found.balance.adds_up) == (size, True)


def test_a_letter_without_its_reminders_is_named(lived: Database) -> None:
    digest = rows(lived, f"SELECT digest_id FROM reminders WHERE {FIRST} AND stage = -7")[0][0]
    change(lived, f"DELETE FROM reminders WHERE digest_id = {digest}")
    found = proof(lived).unbalanced
    assert found[-1] == Imbalance(Wrong.EMPTY_LETTER, unit="Xã Phổ An", day=date(2024, 4, 23))
    assert {row.wrong for row in found[:-1]} == {Wrong.MISSING}

    change(
        lived,
        f"UPDATE outbox SET digest_id = NULL WHERE digest_id = {digest}",
        f"DELETE FROM digests WHERE id = {digest}",
    )
    assert proof(lived).unbalanced[-1].wrong is Wrong.EMPTY_LETTER


def test_a_deleted_deadline_is_missed_with_its_reminders(lived: Database) -> None:
    count = rows(lived, f"SELECT COUNT(*) FROM reminders WHERE {FIRST}")[0][0]
    change(
        lived,
        f"DELETE FROM reminders WHERE {FIRST}",
        f"DELETE FROM flags WHERE {FIRST}",
        f"DELETE FROM deadlines WHERE id = (SELECT MIN(id) FROM deadlines WHERE product_id = ({PRODUCT}))",
    )
    found = [row.wrong for row in proof(lived).unbalanced]
    assert found == [Wrong.DEADLINE_MISSING, *[Wrong.MISSING] * count]


def test_a_reminder_of_a_deadline_that_nothing_explains_is_extra(lived: Database) -> None:
    change(
        lived,
        f"UPDATE deadlines SET opened_on = '2024-04-22' WHERE product_id = ({PRODUCT})",
    )
    kinds = {row.wrong for row in proof(lived).unbalanced}
    assert kinds == {Wrong.DEADLINE_MISSING, Wrong.DEADLINE_EXTRA, Wrong.MISSING, Wrong.EXTRA}


def test_an_acknowledgement_that_was_not_kept_is_named(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-02")
    acknowledge(seeded, clock, "DP24-002")
    daily(seeded, clock, "2024-05-07", "2024-05-14")
    assert unbalanced(seeded) == []

    change(
        seeded,
        f"UPDATE reminders SET status = 'due', digest_id = (SELECT MAX(d.id) FROM digests d WHERE d.desk_id "
        f"= reminders.desk_id) WHERE {FIRST} AND stage = 7 AND {UNIT}",
    )
    assert unbalanced(seeded) == [
        "DP24-002 · registration · D+7 · Xã Phổ An 2024-05-07: has a status that it cannot have (due)."
    ]


def test_a_nag_withheld_for_no_acknowledgement_is_named(lived: Database) -> None:
    change(
        lived,
        "UPDATE reminders SET status = 'withheld', reason = 'acknowledged', digest_id = NULL "
        f"WHERE {FIRST} AND stage = 7 AND {UNIT}",
    )
    assert [row.wrong for row in proof(lived).unbalanced] == [Wrong.WRONG_STATUS]


def test_what_stays_due_after_the_product_moved_on_is_named(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-24")
    at_work(seeded, clock, "2024-04-25", ("DP24-002", "register", "2024-04-25"))
    change(seeded, f"UPDATE reminders SET digest_id = NULL WHERE {FIRST} AND stage = -7")
    assert [row.wrong for row in proof(seeded).unbalanced] == [Wrong.WRONG_STATUS]


def test_a_letter_that_was_given_up_counts_as_undelivered(lived: Database) -> None:
    change(lived, "UPDATE outbox SET state = 'dead' WHERE kind = 'digest'")
    found = proof(lived)
    assert (found.is_balanced, found.balance.said) == (True, 0)
    assert found.balance.undelivered > 0


# -- a stretch of days -----------------------------------------------------------------------------


def test_only_the_stretch_that_is_asked_for_is_looked_at(lived: Database) -> None:
    change(
        lived,
        f"DELETE FROM reminders WHERE {FIRST} AND stage = -7",
        f"DELETE FROM reminders WHERE {FIRST} AND stage = 1",
    )

    def missing(since: str | None, until: str | None) -> list[Any]:
        return [(row.stage, row.unit) for row in proof(lived, since, until).unbalanced]

    early, late = [("D-7", "Xã Phổ An")], [("D+1", "Thị xã Đức Phổ"), ("D+1", "Xã Phổ An")]
    assert missing(None, "2024-05-01") == early
    assert sorted(missing("2024-04-24", None)) == late
    assert missing("2024-04-24", "2024-05-01") == []
    assert proof(lived, "2024-04-23", "2024-04-23").balance == Balance(ought=14, said=13, missing=1)


def test_the_outcome_is_readable_by_machines(lived: Database) -> None:
    change(lived, f"DELETE FROM reminders WHERE {FIRST} AND stage = -7")
    found = proof(lived, "2024-04-23", "2024-04-23").as_json()

    assert (found["balanced"], found["last_sweep"], found["from"], found["to"]) == (
        False,
        "2024-05-08",
        "2024-04-23",
        "2024-04-23",
    )
    assert found["unbalanced"] == [
        {
            "wrong": "missing",
            "product": "DP24-002",
            "milestone": "registration",
            "stage": "D-7",
            "unit": "Xã Phổ An",
            "day": "2024-04-23",
            "vi": "DP24-002 · registration · D-7 · Xã Phổ An 23/04/2024: "
            "lẽ ra phải có lời nhắc này mà không ghi.",
            "en": f"{SAID}: ought to exist, is not recorded.",
        }
    ]
