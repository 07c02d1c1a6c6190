"""The service says itself when letters have stopped: since when, why, and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import operator
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.letters.outbox import resend
from ocop_workflow.notifications import (
    PermanentDeliveryError,
    RelayError,
    RetryPolicy,
    TemporaryDeliveryError,
)
from ocop_workflow.people.contacts import end_contact
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import Severity, examine
from ocop_workflow.upkeep.health import health
from tests.factories import SENDER, act, rows
from tests.fakes import RecordingMailer
from tests.stories.days import give_up

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.notifications import DeliveryError
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")


WAITING = "Chưa thư nào đi được; 7 thư đang chờ, thư lâu nhất viết lúc 06:00 ngày 23/04/2024."


def found(database: Database, clock: FixedClock, journal: Journal | None = None) -> list[str]:
    """Return what the doctor says of letters that do not leave; each is to be looked at."""
    findings = [
        finding
        for finding in examine(database, clock, journal or Journal()).findings
        if finding.invariant == 17
    ]
    assert {finding.severity for finding in findings} <= {Severity.WARNING}
    return [finding.text.vi for finding in findings]


def is_well(database: Database, clock: FixedClock) -> bool:
    with database.read() as tx:
        return health(tx, clock).stuck is None


def deliver(database: Database, clock: FixedClock, *failures: DeliveryError) -> None:
    deliver_pending(database, RecordingMailer([*failures]), RetryPolicy(), clock, SENDER)


def test_a_relay_at_fault_for_weeks_is_said_with_its_words(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock)
    act(seeded, clock, "DP24-002", "register")
    clock.wait(timedelta(hours=1))
    act(seeded, clock, "DP24-002", "select")
    expired = RelayError("535 5.7.8 password expired")
    deliver(seeded, clock, expired)
    clock.wait(timedelta(hours=4))
    assert (found(seeded, clock), is_well(seeded, clock)) == ([], True)
    clock.wait(timedelta(days=27))
    deliver(seeded, clock, expired)
    assert found(seeded, clock)[-1] == (
        "Từ 06:00 ngày 23/04/2024 chưa thư nào đi được; 1 thư đang chờ, thư lâu nhất viết lúc 07:00 ngày "
        "23/04/2024. Máy chủ thư báo: 535 5.7.8 password expired"
    )
    assert not is_well(seeded, clock)
    clock.wait(timedelta(minutes=6))
    deliver(seeded, clock)
    assert (found(seeded, clock), is_well(seeded, clock)) == ([], True)


def test_a_relay_that_puts_everything_off_is_said_too(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    for _ in range(3):
        deliver(seeded, clock, *[TemporaryDeliveryError("450 not now")] * 7)
        clock.wait(timedelta(hours=2))
    assert found(seeded, clock) == [f"{WAITING} Máy chủ thư báo: 450 not now"]


def test_letters_that_nobody_sends_are_said(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    clock.wait(timedelta(hours=4, minutes=1))
    (said,) = found(seeded, clock)
    assert said == f"{WAITING} Không ai gửi: hãy chạy `ocop scheduler`, hoặc `ocop deliver --once`."
    assert not is_well(seeded, clock)


def test_one_recipient_out_of_reach_is_no_standstill(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    for _ in range(20):
        deliver(seeded, clock, TemporaryDeliveryError("452 mailbox full"))
        clock.wait(timedelta(hours=3))
    assert rows(seeded, "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state") == [
        ("pending", 1),
        ("sent", 6),
    ]
    assert is_well(seeded, clock)


def test_dead_letters_are_named_until_somebody_has_seen_to_them(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    give_up(seeded, "550 no such user")
    addresses = [row[0] for row in rows(seeded, "SELECT address FROM outbox ORDER BY id")]
    (said,) = found(seeded, clock)
    assert said == (
        f"7 thư không gửi được, thư đầu viết ngày 23/04/2024, tới {', '.join(addresses[:5])} và 2 địa chỉ "
        "khác. Lời cuối của máy chủ thư: 550 no such user"
    )
    ids = [row[0] for row in rows(seeded, "SELECT id FROM outbox ORDER BY id")]
    for number in ids[:5]:
        with seeded.write() as tx:
            resend(tx, HOST, number, SENDER, clock.now())
    deliver(seeded, clock, PermanentDeliveryError("550 still no such user"))
    unit = (
        "SELECT u.slug FROM units u JOIN desks k ON k.unit_id = u.id "
        "JOIN outbox o ON o.desk_id = k.id WHERE o.id = :id"
    )
    ((slug,),) = rows(seeded, unit, id=ids[5])
    with seeded.write() as tx:
        end_contact(tx, HOST, slug, addresses[5], None, today=clock.today(), now=clock.now())
    (said,) = found(seeded, clock)
    assert said == (
        f"2 thư không gửi được, thư đầu viết ngày 23/04/2024, tới {addresses[6]}, {addresses[0]}. "
        "Lời cuối của máy chủ thư: 550 still no such user"
    )


def test_a_journal_that_cannot_be_written_is_said(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    assert found(seeded, clock, Journal(tmp_path / "sent.jsonl")) == []
    assert found(seeded, clock, Journal(tmp_path)) == [f"Không ghi được sổ thư đã gửi {tmp_path}."]
