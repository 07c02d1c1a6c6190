"""The daily check, on both databases: what is said, what is flagged, and that it may run at any time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.errors import WrongUse
from ocop_workflow.overview.list_queries import newest_sweeps
from ocop_workflow.sweep import queries as sweeping
from ocop_workflow.sweep.daily import Counts, SweepReport, sweep
from tests.factories import IMPORT_DAY, SEED, SENDER, rows
from tests.fakes import FixedClock
from tests.picture import dump, picture, start_over
from tests.stories.days import corrupt, daily, forget_plans, load_town, plain, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.store import Database

DAY = date.fromisoformat


@pytest.fixture(autouse=True)
def _nothing_known_of_plans() -> Iterator[None]:
    """Each test is a fresh process as far as the memory of plans goes."""
    forget_plans()
    yield
    forget_plans()


def status_of(database: Database, rule: str, stage: int) -> list[str]:
    """Return the distinct statuses of one stage."""
    return sorted({row[5] for row in picture(database).reminders if (row[1], row[3]) == (rule, stage)})


# -- the demonstration -------------------------------------------------------------------------------


def test_the_demonstrations_day_says_14_reminders_withholds_28_and_writes_7_letters(
    seeded: Database, clock: FixedClock
) -> None:
    assert plain(sweep(seeded, clock, SENDER)) == {
        "day": "2024-04-23",
        "reminders": 14,
        "withheld": 28,
        "superseded": 0,
        "flags_raised": 0,
        "letters": 7,
        "faults": [],
    }


def test_after_the_holiday_14_flags_bear_their_true_day_and_8_units_get_a_letter(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")

    report = run(seeded, clock, "2024-05-02")

    assert plain(report) == {
        "day": "2024-05-02",
        "reminders": 28,  # to the communes and to the authority
        "withheld": 0,
        "superseded": 28,  # D-3 and D-1 fell on 26/4, a day without power
        "flags_raised": 14,
        "letters": 8,
        "faults": [],
    }
    assert {row[3] for row in picture(seeded).flags} == {DAY("2024-05-01")}


def test_a_sweep_is_recorded_with_what_it_did(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    run(seeded, clock, "2024-04-24")

    with seeded.read() as tx:
        quiet, busy = newest_sweeps(tx, 10)

    assert (busy.reminders, busy.withheld, busy.superseded, busy.flags_raised, busy.letters) == (
        14,
        28,
        0,
        0,
        7,
    )
    assert (quiet.reminders, quiet.withheld, quiet.letters, quiet.faults) == (0, 0, 0, [])
    assert busy.finished_at == quiet.finished_at - timedelta(days=1)


def test_progress_is_told(seeded: Database, clock: FixedClock) -> None:
    told: list[tuple[int, int]] = []

    sweep(seeded, clock, SENDER, progress=lambda done, of: told.append((done, of)))

    assert told == [(1, 1)]


# -- run twice, run late ------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2024-04-23", "2024-05-01", "2024-05-02"])
def test_run_twice_leaves_the_same_database_as_run_once(
    seeded: Database, clock: FixedClock, day: str
) -> None:
    clock.move_to(DAY(day))
    sweep(seeded, clock, SENDER)
    once = dump(seeded, "sweeps")

    again = sweep(seeded, clock, SENDER)

    assert dump(seeded, "sweeps") == once
    assert again == SweepReport(DAY(day), Counts(), ())


def test_after_ten_days_without_power_everything_is_as_if_it_had_run_daily(
    seeded: Database, clock: FixedClock
) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-05")
    with_power = picture(seeded)
    start_over(seeded, clock, IMPORT_DAY)
    run(seeded, clock, "2024-04-23")
    run(seeded, clock, "2024-05-03")
    run(seeded, clock, "2024-05-04")

    without = picture(seeded)

    assert (without.states, without.deadlines, without.flags) == (
        with_power.states,
        with_power.deadlines,
        with_power.flags,
    )
    assert [row[:5] for row in without.reminders] == [row[:5] for row in with_power.reminders]
    differing = {
        new[5] for new, old in zip(without.reminders, with_power.reminders, strict=True) if new != old
    }
    assert differing == {"superseded"}


def test_chunks_of_three_rows_give_the_same_result(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_one = [plain(run(seeded, clock, day)) for day in ("2024-04-23", "2024-05-02")]
    whole = picture(seeded)
    start_over(seeded, clock, IMPORT_DAY)
    monkeypatch.setattr(sweeping, "CHUNK", 3)

    in_many = [plain(run(seeded, clock, day)) for day in ("2024-04-23", "2024-05-02")]

    assert (in_many, picture(seeded)) == (in_one, whole)


def test_chunks_end_where_the_work_ends(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sweeping, "CHUNK", 5)

    sweep(seeded, clock, SENDER, progress=lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]  # 14 products and the training: three times five


# -- days -----------------------------------------------------------------------------------------------


def test_on_a_day_off_flags_rise_and_no_letter_is_written_until_the_next_working_day(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")

    holiday = run(seeded, clock, "2024-05-01")
    after = run(seeded, clock, "2024-05-02")

    assert (holiday.counts.flags_raised, holiday.counts.letters) == (14, 0)
    assert (after.counts.flags_raised, after.counts.letters) == (0, 8)


def test_what_a_day_off_brings_to_light_is_said_once_on_the_next_working_day(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    missed = run(seeded, clock, "2024-04-27")  # a Saturday: D-1 was on Friday, when there was no power

    after = run(seeded, clock, "2024-05-02")

    assert (missed.counts.reminders, missed.counts.letters) == (14, 0)
    assert after.counts.letters == 8
    assert status_of(seeded, "registration", -1) == ["superseded"]
    assert {row[4] for row in picture(seeded).said if row[0] == DAY("2024-05-02")} == {1}


def test_the_due_day_itself_is_not_overdue(seeded: Database, clock: FixedClock) -> None:
    assert run(seeded, clock, "2024-04-30").counts.flags_raised == 0
    assert run(seeded, clock, "2024-05-01").counts.flags_raised == 14


def test_half_past_midnight_in_viet_nam_is_the_vietnamese_day_whatever_the_host_thinks(
    seeded: Database,
) -> None:
    clock = FixedClock(datetime(2024, 4, 30, 17, 30, tzinfo=UTC))

    report = sweep(seeded, clock, SENDER)

    assert (report.day, report.counts.flags_raised) == (DAY("2024-05-01"), 14)


def test_a_day_that_is_still_to_come_is_refused(seeded: Database, clock: FixedClock) -> None:
    with pytest.raises(WrongUse) as refused:
        sweep(seeded, clock, SENDER, day=DAY("2024-04-24"))

    assert refused.value.text.vi.startswith("Ngày 24/04/2024 chưa đến")
    assert rows(seeded, "SELECT COUNT(*) FROM sweeps") == [(0,)]


@pytest.mark.parametrize("day", ["2024-04-23", "2024-05-01", "2024-05-02"])
def test_a_rehearsal_says_what_would_happen_on_any_day_and_writes_nothing(
    seeded: Database, clock: FixedClock, day: str
) -> None:
    untouched = dump(seeded)

    rehearsed = sweep(seeded, clock, SENDER, day=DAY(day), rehearsal=True)

    assert dump(seeded) == untouched
    clock.move_to(DAY(day))
    assert sweep(seeded, clock, SENDER) == rehearsed


def test_a_day_that_is_past_may_be_swept(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(DAY("2024-05-02"))

    assert sweep(seeded, clock, SENDER, day=DAY("2024-04-24")).day == DAY("2024-04-24")


# -- a plan at fault ---------------------------------------------------------------------------------------


def test_a_plan_at_fault_is_left_out_and_reported_while_another_goes_on(
    seeded: Database, clock: FixedClock
) -> None:
    load_town(seeded, clock)
    corrupt(seeded, SEED)

    report = sweep(seeded, clock, SENDER)

    assert report.faults[0].en.startswith(f"The plan {SEED} is left out: ")
    assert len(report.faults) == 1
    assert report.counts.letters == 7
    assert {row[1] for row in picture(seeded).reminders} == {"apply"}


def test_what_waits_of_a_plan_at_fault_stays_unsaid_and_does_not_stop_the_letters(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-23"))
    sweep(seeded, clock, SENDER)  # written, and not sent
    load_town(seeded, clock)
    corrupt(seeded, SEED)

    report = sweep(seeded, clock, SENDER)

    assert [fault.en.split(":")[0] for fault in report.faults] == [f"The plan {SEED} is left out"]
    assert report.counts.letters == 7
    assert {row[3] for row in picture(seeded).said} == {"apply"}
    assert status_of(seeded, "registration", -7) == ["due"]


def test_a_plan_that_is_repaired_says_what_waited(seeded: Database, clock: FixedClock) -> None:
    original = rows(seeded, "SELECT text, sha256 FROM plans")[0]
    corrupt(seeded, SEED)
    left_out = run(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        tx.execute(
            text("UPDATE plans SET text = :text, sha256 = :sum"), {"text": original[0], "sum": original[1]}
        )

    repaired = run(seeded, clock, "2024-04-24")

    assert (len(left_out.faults), left_out.counts.reminders) == (1, 0)
    assert (repaired.faults, repaired.counts.reminders, repaired.counts.letters) == ((), 14, 7)


# -- another province, another year ------------------------------------------------------------------


def test_a_plan_without_districts_is_loaded_and_swept_with_no_change_of_code(
    database: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2026-05-29"))
    with database.write() as tx:
        load_plan(tx, shipped_plan_text("example-2026"), actor="hà", today=clock.today(), now=clock.now())

    first = run(database, clock, "2026-05-29")
    nag = run(database, clock, "2026-06-02")
    fair = run(database, clock, "2026-10-21")

    assert first.faults == nag.faults == fair.faults == ()
    assert [row[1:4] for row in picture(database).flags] == [
        ("inspection", DAY("2026-05-29"), DAY("2026-09-16")),
        ("training", DAY("2026-05-29"), DAY("2026-05-29")),  # its quarter was over when the plan was signed
    ]
    assert {row[3] for row in picture(database).said if row[0] == DAY("2026-06-02")} == {"training"}
