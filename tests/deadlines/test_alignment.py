"""A product's deadlines follow it: closed with a reason, cleared, opened anew, whenever that is recorded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.factories import GOOD_DATA, IMPORT_DAY, act, in_time, letter_text
from tests.picture import picture
from tests.stories.days import TOWN, TOWN_PLAN, daily, letters, load_town, run

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat

#: a year's work on one day; the certificate's last day is printed on it
EVENTS_UNTIL_CERTIFIED: dict[str, dict[str, str]] = {
    "register": {},
    "select": {},
    "start_consulting": {},
    "commune_evaluate": {},
    "score_district": {},
    "certify": {"valid_until": "2024-06-30"},
}


def test_a_product_that_moves_on_late_meets_a_milestone_that_is_past_already(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-06-05"))
    act(seeded, clock, "DP24-001", "register")
    before = picture(seeded)

    daily(seeded, clock, "2024-06-06", "2024-06-14")

    opened = [row[1:4] for row in before.deadlines if row[0] == "DP24-001" and row[4] is None]
    assert opened == [("selection", DAY("2024-05-31"), DAY("2024-06-05"))]
    flags = [row for row in picture(seeded).flags if row[:2] == ("DP24-001", "selection")]
    assert [row[3] for row in flags] == [DAY("2024-06-05")]  # late from the day it opened
    nags = [row for row in picture(seeded).said if row[2:4] == ("DP24-001", "selection")]
    assert nags == [
        (DAY("2024-06-07"), "duc-pho", "DP24-001", "selection", 7),
        (DAY("2024-06-14"), "duc-pho", "DP24-001", "selection", 14),
    ]


def test_a_product_that_moves_on_while_the_sweep_is_behind_keeps_its_true_flag(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-05-06"))

    act(seeded, clock, "DP24-001", "register")

    flags = [row[1:] for row in picture(seeded).flags if row[0] == "DP24-001"]
    assert flags == [("registration", IMPORT_DAY, DAY("2024-05-01"), None, DAY("2024-05-06"))]
    assert [row[3:] for row in picture(seeded).reminders if row[0] == "DP24-001"] == [
        (-1, "pho-phong", "superseded"),
        (-14, "pho-phong", "withheld"),
        (-3, "pho-phong", "superseded"),
        (-30, "pho-phong", "withheld"),
        (-7, "pho-phong", "due"),
        (1, "duc-pho", "superseded"),
        (1, "pho-phong", "superseded"),
    ]


def test_a_step_that_is_recorded_after_the_flag_rose_but_was_in_time_clears_it(
    seeded: Database, clock: FixedClock
) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-02")

    act(seeded, clock, "DP24-001", "register", on=DAY("2024-04-28"))

    flag = next(row for row in picture(seeded).flags if row[0] == "DP24-001")
    assert flag[3:] == (DAY("2024-05-01"), None, DAY("2024-05-01"))  # cleared on the day it rose


def test_a_dossier_that_moves_to_another_plan_while_the_sweep_is_behind_keeps_its_true_flag(
    seeded: Database, clock: FixedClock
) -> None:
    load_town(seeded, clock, TOWN_PLAN.replace("qd-148-2023", "qd-26-2026"))  # reminds on other days
    for event, data in EVENTS_UNTIL_CERTIFIED.items():
        act(seeded, clock, "DP24-001", event, in_time({**GOOD_DATA.get(event, {}), **data}, clock.today()))
    clock.move_to(DAY("2024-07-10"))

    act(seeded, clock, "DP24-001", "open_re_rating", {"kind": "renewal", "plan": TOWN})
    run(seeded, clock, "2024-07-11")

    both = "expiry", "expiry:qd-148-2023"  # under a plan of another law the one of the day bears its id
    expiry = [row for row in picture(seeded).deadlines if row[0] == "DP24-001" and row[1] in both]
    assert [row[3:] for row in expiry] == [
        (IMPORT_DAY, DAY("2024-07-10"), "moved"),
        (DAY("2024-07-10"), None, None),
    ]
    flags = [row[2:] for row in picture(seeded).flags if row[0] == "DP24-001" and row[1] in both]
    assert flags == [
        (IMPORT_DAY, DAY("2024-07-01"), None, DAY("2024-07-10")),
        (DAY("2024-07-10"), DAY("2024-07-10"), None, None),
    ]
    assert sorted(row[3:] for row in picture(seeded).reminders if row[1:3] == ("expiry", IMPORT_DAY)) == [
        (-792, "duc-pho", "withheld"),
        (-792, "pho-phong", "withheld"),
        (-366, "duc-pho", "withheld"),
        (-366, "pho-phong", "withheld"),
        (-183, "duc-pho", "withheld"),
        (-183, "pho-phong", "withheld"),
        (-92, "duc-pho", "superseded"),  # in force when it opened, and no sweep came by
        (-92, "pho-phong", "superseded"),
        (-30, "duc-pho", "superseded"),
        (-30, "pho-phong", "superseded"),
        (-7, "duc-pho", "superseded"),
        (-7, "pho-phong", "superseded"),
        (1, "duc-pho", "superseded"),
        (1, "pho-phong", "superseded"),
    ]


def test_events_that_are_recorded_together_leave_what_daily_sweeps_would_have_seen(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-06-12"))
    act(seeded, clock, "DP24-001", "register", on=DAY("2024-05-06"))
    act(seeded, clock, "DP24-001", "select", on=DAY("2024-06-07"))

    seen = picture(seeded)

    assert [row[1:] for row in seen.deadlines if row[0] == "DP24-001"] == [
        ("consulting", DAY("2024-07-31"), DAY("2024-06-07"), None, None),
        ("registration", DAY("2024-04-30"), IMPORT_DAY, DAY("2024-05-06"), "reached"),
        ("selection", DAY("2024-05-31"), DAY("2024-05-06"), DAY("2024-06-07"), "reached"),
    ]
    assert [row[1:] for row in seen.flags if row[0] == "DP24-001"] == [
        ("registration", IMPORT_DAY, DAY("2024-05-01"), None, DAY("2024-05-06")),
        ("selection", DAY("2024-05-06"), DAY("2024-06-01"), None, DAY("2024-06-07")),
    ]
    assert {row[5] for row in seen.reminders if row[0] == "DP24-001"} == {"superseded", "withheld"}


def test_two_steps_on_one_day_leave_nothing_of_the_deadline_between(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-06-12"))
    act(seeded, clock, "DP24-001", "register")
    act(seeded, clock, "DP24-001", "select")

    assert [row for row in picture(seeded).reminders if row[1] == "selection"] == []
    assert [row for row in picture(seeded).flags if row[1] == "selection"] == []


def test_a_plan_loaded_two_days_before_its_day_is_spoken_of_at_once(
    database: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-11-28"))
    load_town(database, clock, TOWN_PLAN.replace("2024-04-30", "2024-11-30"))

    assert run(database, clock, "2024-11-28").counts.letters == 7

    (mime,) = letters(database, "pho-ninh@duc-pho.example", "sent")
    assert "1. Mốc – hạn 30/11/2024, còn 2 ngày\n" in letter_text(mime)
    told = [(row[3], row[5]) for row in picture(database).reminders if row[4] == "pho-ninh"]
    assert told == [(-7, "due")]  # D-1 is on 29/11
