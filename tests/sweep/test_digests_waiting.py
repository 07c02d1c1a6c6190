"""Letters that wait: superseded, carried over, rid of what events have overtaken, never written twice."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.letters import digest_queries as digesting
from ocop_workflow.letters import queries as letters_table
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.delivery import LEASE
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.sweep.digests import Written, write_digests
from tests.factories import SENDER, act, letter_text, rows
from tests.picture import dump, give_address, picture
from tests.stories.days import corrupt, forget_plans, letters, load_town, run, sweep_on, two_register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.letters.queries import Claim
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
PHO_AN = "pho-an@duc-pho.example"


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    forget_plans()
    yield
    forget_plans()


def test_an_older_letter_that_waits_is_superseded_and_its_items_are_carried_over(
    seeded: Database, clock: FixedClock
) -> None:
    two_register(seeded, clock)
    sweep_on(seeded, clock, "2024-05-14")  # D+14 of what is late; the relay does not answer

    sweep_on(seeded, clock, "2024-05-17")  # D-14 of the two

    (mime,) = letters(seeded, PHO_AN)
    assert [line for line in letter_text(mime).splitlines() if " – hạn " in line or "   - " in line] == [
        "1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, đã quá hạn 17 ngày",
        "   - DP24-004  Cơm rang",
        "   - DP24-005  Cơm cháy",
        "   - DP24-006  Khô Bò",
        "2. Đánh giá, lựa chọn ý tưởng sản phẩm – hạn 31/05/2024, còn 14 ngày",
        "   - DP24-002  Khô Bò",
        "   - DP24-003  Khô Gà",
    ]
    assert [row[3:] for row in picture(seeded).letters if row[1] == "pho-an"] == [
        (1, "sent"),
        (1, "superseded"),
        (1, "pending"),
    ]


def test_of_two_stages_in_one_letter_the_later_is_said(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    sweep_on(seeded, clock, "2024-04-26")

    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")

    assert "hạn 30/04/2024, còn 4 ngày" in letter_text(mime)
    assert letter_text(mime).count("DP24-013") == 1
    stages = {row[3]: row[5] for row in picture(seeded).reminders if row[0] == "DP24-013"}
    assert stages == {-30: "withheld", -14: "withheld", -7: "superseded", -3: "superseded", -1: "due"}


def test_what_events_have_overtaken_is_dropped(seeded: Database, clock: FixedClock) -> None:
    two_register(seeded, clock)
    sweep_on(seeded, clock, "2024-05-14")
    clock.move_to(DAY("2024-05-15"), hour=9)
    act(seeded, clock, "DP24-004", "register")

    sweep_on(seeded, clock, "2024-05-17")

    (mime,) = letters(seeded, PHO_AN)
    assert [line[5:13] for line in letter_text(mime).splitlines() if line.startswith("   - ")] == [
        "DP24-005",
        "DP24-006",
        "DP24-002",
        "DP24-003",
        "DP24-004",  # it is to be selected by 31/5, like the other two
    ]
    cancelled = [row[:4] for row in picture(seeded).reminders if row[5] == "cancelled"]
    assert cancelled == [("DP24-004", "registration", DAY("2024-04-23"), 14)] * 2


def test_a_second_sweep_before_the_letter_left_writes_the_days_letter_anew(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    load_town(seeded, clock)

    assert sweep_on(seeded, clock, "2024-04-23", hour=9) == 7

    assert [row for row in picture(seeded).letters if row[1] == "pho-ninh"] == [
        (DAY("2024-04-23"), "pho-ninh", "pho-ninh@duc-pho.example", 1, "superseded"),
        (DAY("2024-04-23"), "pho-ninh", "pho-ninh@duc-pho.example", 2, "pending"),
    ]


def test_where_the_days_letter_has_left_the_rest_waits_for_the_next_working_day(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    load_town(seeded, clock)

    assert sweep_on(seeded, clock, "2024-04-23", hour=9) == 0
    assert sweep_on(seeded, clock, "2024-04-24") == 7
    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")

    assert "1. Mốc – hạn 30/04/2024, còn 6 ngày\n" in letter_text(mime)
    assert "DP24-013" not in letter_text(mime)


def test_a_letter_of_which_one_copy_has_left_is_not_taken_back(seeded: Database, clock: FixedClock) -> None:
    give_address(seeded, "pho-ninh", "chu-tich@pho-ninh.example", DAY("2024-04-01"))
    sweep_on(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        tx.execute(text("UPDATE outbox SET state = 'sent' WHERE address = 'chu-tich@pho-ninh.example'"))

    sweep_on(seeded, clock, "2024-04-26")

    assert [row[0:1] + row[2:] for row in picture(seeded).letters if row[1] == "pho-ninh"] == [
        (DAY("2024-04-23"), "chu-tich@pho-ninh.example", 1, "sent"),
        (DAY("2024-04-23"), "pho-ninh@duc-pho.example", 1, "pending"),
        (DAY("2024-04-26"), "chu-tich@pho-ninh.example", 1, "pending"),
        (DAY("2024-04-26"), "pho-ninh@duc-pho.example", 1, "pending"),
    ]


def test_what_another_sweep_has_just_said_is_not_said_again(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-05-02")
    with seeded.read() as tx:
        communes = [desk for (desk,) in tx.execute(text("SELECT DISTINCT desk_id FROM reminders"))]
    once = dump(seeded)

    with seeded.write() as tx:  # the other sweep had found the same desks before it had to wait
        written = write_digests(tx, communes, DAY("2024-05-02"), SENDER, clock.now())

    assert written == Written(0)
    assert dump(seeded) == once


def test_a_letter_with_nothing_left_to_say_is_not_written(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-27")  # a Saturday: D-1 is noted, and waits
    corrupt(seeded, "duc-pho-2024")
    clock.move_to(DAY("2024-05-02"))

    report = sweep(seeded, clock, SENDER)

    assert report.counts.letters == 0
    assert len(report.faults) == 1
    assert rows(seeded, "SELECT COUNT(*) FROM digests") == [(0,)]
    with seeded.read() as tx:
        assert len(reminding.desks_with_something_unsaid(tx)) == 7


def test_while_a_letter_is_being_written_anew_nobody_sends_the_old_one(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    communes = [desk for (desk,) in rows(seeded, "SELECT DISTINCT desk_id FROM outbox")]
    taken: list[Claim] = []
    deliverer = Thread(target=lambda: taken.extend(claims(seeded, clock)))

    with seeded.write() as tx:
        digesting.hold_waiting(tx, communes)
        deliverer.start()
        deliverer.join(0.3)  # PostgreSQL gives it nothing; SQLite lets it wait
        taken_meanwhile = list(taken)
    deliverer.join()

    assert taken_meanwhile == []


def claims(database: Database, clock: FixedClock) -> list[Claim]:
    with database.write() as tx:
        claim = letters_table.claim_next(tx, clock.now(), LEASE)
    return [claim] if claim else []
