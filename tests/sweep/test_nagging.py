"""Words about lateness: acknowledged, they skip once; they end with the plan's year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.upkeep.examination import prove
from tests.factories import act, rows
from tests.fakes import VIETNAM
from tests.picture import Picture, picture
from tests.stories.days import TOWN_PLAN, acknowledge, daily, load_town, run
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat


def nags_of(seen: Picture, code: str) -> list[tuple[int, str]]:
    """Return the nags to the authority about one product, with their statuses."""
    return sorted(
        (row[3], row[5]) for row in seen.reminders if (row[0], row[4]) == (code, "duc-pho") and row[3] > 0
    )


def test_an_acknowledgement_skips_exactly_one_nag(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-05-01", "2024-05-03")
    acknowledge(seeded, clock, "DP24-001")

    daily(seeded, clock, "2024-05-04", "2024-05-21")

    assert nags_of(picture(seeded), "DP24-001") == [(1, "due"), (7, "withheld"), (14, "due"), (21, "due")]
    assert nags_of(picture(seeded), "DP24-002") == [(1, "due"), (7, "due"), (14, "due"), (21, "due")]


def test_what_is_said_of_other_products_meanwhile_does_not_use_up_an_acknowledgement(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-29"))
    act(seeded, clock, "DP24-002", "register")  # to be selected by 31/5: spoken of on 24/5 and 28/5
    daily(seeded, clock, "2024-05-14", "2024-05-21")
    acknowledge(seeded, clock, "DP24-001")

    daily(seeded, clock, "2024-05-22", "2024-06-04")

    assert nags_of(picture(seeded), "DP24-001")[-3:] == [(21, "due"), (28, "withheld"), (35, "due")]


def test_an_acknowledgement_on_a_nags_own_day_skips_the_next_one(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-05-01", "2024-05-07")
    acknowledge(seeded, clock, "DP24-001")

    daily(seeded, clock, "2024-05-08", "2024-05-21")

    assert nags_of(picture(seeded), "DP24-001") == [(1, "due"), (7, "due"), (14, "withheld"), (21, "due")]


def test_an_acknowledgement_before_a_weekend_of_daily_nags_skips_the_monday(
    database: Database, clock: FixedClock
) -> None:
    daily_nags = TOWN_PLAN.replace("every_days = 7", "every_days = 1")
    load_town(database, clock, daily_nags)
    daily(database, clock, "2024-05-02", "2024-05-10")
    acknowledge(database, clock, "TN24-001")

    daily(database, clock, "2024-05-11", "2024-05-14")

    assert nags_of(picture(database), "TN24-001")[-4:] == [
        (11, "superseded"),
        (12, "superseded"),
        (13, "withheld"),  # Monday
        (14, "due"),
    ]


def test_days_without_power_do_not_let_an_acknowledgement_skip_more(
    seeded: Database, clock: FixedClock
) -> None:
    daily(seeded, clock, "2024-05-01", "2024-05-03")
    acknowledge(seeded, clock, "DP24-001")

    run(seeded, clock, "2024-05-22")

    assert nags_of(picture(seeded), "DP24-001") == [
        (1, "due"),
        (7, "superseded"),
        (14, "superseded"),
        (21, "due"),
    ]


def test_nagging_ends_with_the_year_and_the_flag_stays_up(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-12-31")
    silent = [run(seeded, clock, day).counts.letters for day in ("2025-01-02", "2025-01-07", "2025-12-31")]

    assert silent == [1, 0, 0]  # the authority hears, once, that the plan's year is over
    assert [row[5] for row in picture(seeded).flags] == [None] * 15  # 14 products and the training
    assert rows(seeded, "SELECT COUNT(*) FROM deadlines WHERE next_action_on IS NOT NULL") == [(0,)]


def test_a_plan_of_years_ago_is_swept_in_silence_and_its_flags_are_true(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-001", "certify")
    report = run(seeded, clock, "2027-05-31")

    assert report.counts.flags_raised == 14  # 13 products and the training
    # the certificate's goes on, by the law of the day: half a year before its end, and its window is open
    assert {row[3] for row in picture(seeded).said} == {"expiry:qd-26-2026", "re_rating_filing:qd-26-2026"}
    assert {row[5] for row in picture(seeded).reminders if row[1] == "registration" and row[3] > 0} == {
        "superseded"
    }
    assert {row[3] for row in picture(seeded).flags if row[1] == "registration"} == {DAY("2024-05-01")}
    with seeded.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def test_what_no_letter_had_said_by_the_end_of_the_year_is_said_no_more(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-12-20")
    recorded = run(seeded, clock, "2024-12-28")  # a Saturday brings D+238 of 24/12 to light

    assert (recorded.counts.reminders, recorded.counts.letters) == (29, 0)
    assert run(seeded, clock, "2025-01-02").counts.letters == 1  # that the year is over, and no reminder
    assert rows(seeded, "SELECT COUNT(*) FROM reminders WHERE status = 'due' AND digest_id IS NULL") == [(0,)]
    with seeded.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []
