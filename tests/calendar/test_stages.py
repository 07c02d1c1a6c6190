"""Where a day stands toward a due date, and what is said and recorded on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.calendar.reminders import Decision, ReminderStatus, decide_day
from ocop_workflow.calendar.stages import Stage, Watch, stages
from ocop_workflow.calendar.workdays import load_work_calendar
from ocop_workflow.regulations import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAY = date.fromisoformat
WORKDAYS = load_work_calendar()
ONE_DAY = timedelta(days=1)
COMMUNE, AUTHORITY = Recipient.COMMUNE, Recipient.AUTHORITY

REGISTRATION = Watch(
    due_on=DAY("2024-04-30"),
    nag_until=DAY("2024-12-31"),
    days_before=(30, 14, 7, 3, 1),
    remind_to=(COMMUNE,),
    nag_every=7,
    nag_to=(COMMUNE, AUTHORITY),
)
EVALUATION = replace(REGISTRATION, due_on=DAY("2024-10-31"))
OUTCOME = replace(REGISTRATION, due_on=DAY("2024-11-30"))


@dataclass
class Record:
    """What sweeps have recorded of one deadline."""

    status: dict[int, str] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)
    flag: date | None = None
    flagged_by: date | None = None


def sweeps(watch: Watch, opened_on: date, days: Iterable[date]) -> Record:
    """Let a sweep run on each of these days, as the service does: only where there is something to do."""
    record = Record()
    since: date | None = opened_on
    opened = True
    for day in days:
        if since is None or since > day:
            continue
        decision = decide_day(watch, WORKDAYS, since, day, opened=opened)
        opened, since = False, decision.next_action_on
        write(record, day, decision)
    return record


def write(record: Record, day: date, decision: Decision) -> None:
    for saying in decision.sayings:
        assert saying.stage.offset not in record.status, "a stage is recorded once"
        record.status[saying.stage.offset] = saying.status.value
        if saying.status is ReminderStatus.DUE:
            record.said.append((day.isoformat(), saying.stage.label))
    if decision.raise_flag_on is not None:
        assert record.flag is None, "a flag rises once"
        record.flag, record.flagged_by = decision.raise_flag_on, day


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def daily(watch: Watch, opened_on: date, last: str) -> Record:
    return sweeps(watch, opened_on, every_day(opened_on, DAY(last)))


# -- the stages of the seed ------------------------------------------------------------------------


def test_a_stage_is_labelled_as_people_write_it() -> None:
    day = DAY("2024-04-30")

    assert [Stage(offset, day).label for offset in (-30, -1, 0, 1, 7)] == ["D-30", "D-1", "due", "D+1", "D+7"]


@pytest.mark.parametrize(
    ("watch", "cells", "flag"),
    [
        (
            REGISTRATION,
            {
                "D-30": "2024-03-29",
                "D-14": "2024-04-16",
                "D-7": "2024-04-23",
                "D-3": "2024-04-26",
                "D-1": "2024-04-26",
                "D+1": "2024-05-02",
                "D+7": "2024-05-07",
            },
            "2024-05-01",
        ),
        (
            EVALUATION,
            {
                "D-30": "2024-10-01",
                "D-14": "2024-10-17",
                "D-7": "2024-10-24",
                "D-3": "2024-10-28",
                "D-1": "2024-10-30",
                "D+1": "2024-11-01",
                "D+7": "2024-11-07",
            },
            "2024-11-01",
        ),
        (
            OUTCOME,
            {
                "D-30": "2024-10-31",
                "D-14": "2024-11-15",
                "D-7": "2024-11-22",
                "D-3": "2024-11-27",
                "D-1": "2024-11-29",
                "D+1": "2024-12-02",
                "D+7": "2024-12-09",
            },
            "2024-12-01",
        ),
    ],
)
def test_the_seeds_table_of_stages(watch: Watch, cells: dict[str, str], flag: str) -> None:
    found = [(stage.label, stage.day.isoformat()) for stage in stages(watch, WORKDAYS) if stage.offset <= 7]

    assert found == list(cells.items())
    assert daily(watch, DAY("2024-03-01"), "2024-12-31").flag == DAY(flag)


def test_of_two_stages_on_one_day_the_later_is_said_and_letters_count_true_days() -> None:
    record = daily(REGISTRATION, DAY("2024-03-01"), "2024-04-30")

    assert record.said == [
        ("2024-03-29", "D-30"),
        ("2024-04-16", "D-14"),
        ("2024-04-23", "D-7"),
        ("2024-04-26", "D-1"),
    ]
    assert record.status == {-30: "due", -14: "due", -7: "due", -3: "superseded", -1: "due"}
    assert (REGISTRATION.due_on - DAY("2024-04-26")).days == 4  # "còn 4 ngày", whatever the stage is called


def test_reminders_and_nags_go_to_whom_the_plan_names() -> None:
    watch = replace(REGISTRATION, remind_to=(COMMUNE, AUTHORITY), nag_to=(AUTHORITY,))

    before = decide_day(watch, WORKDAYS, DAY("2024-04-23"), DAY("2024-04-23"), opened=False)
    after = decide_day(watch, WORKDAYS, DAY("2024-05-02"), DAY("2024-05-02"), opened=False)

    assert [saying.recipients for saying in before.sayings] == [(COMMUNE, AUTHORITY)]
    assert [saying.recipients for saying in after.sayings] == [(AUTHORITY,)]


def test_the_due_day_itself_is_a_stage_only_where_the_plan_lists_it() -> None:
    listed = replace(EVALUATION, days_before=(1, 0))

    assert daily(listed, DAY("2024-10-01"), "2024-10-31").said == [
        ("2024-10-30", "D-1"),
        ("2024-10-31", "due"),
    ]
    assert daily(EVALUATION, DAY("2024-10-30"), "2024-10-31").said == [("2024-10-30", "D-1")]


def test_a_due_day_that_is_a_day_off_is_spoken_of_on_the_working_day_before() -> None:
    listed = replace(REGISTRATION, days_before=(1, 0))

    record = daily(listed, DAY("2024-04-01"), "2024-04-30")

    assert record.said == [("2024-04-26", "due")]
    assert record.status == {-1: "superseded", 0: "due"}


def test_the_due_day_is_not_late_and_the_flag_rises_on_the_calendar_day_behind_it() -> None:
    assert daily(REGISTRATION, DAY("2024-04-23"), "2024-04-30").flag is None
    record = daily(REGISTRATION, DAY("2024-04-23"), "2024-05-01")  # 1/5 is a day off; flags do not mind
    assert (record.flag, record.flagged_by) == (DAY("2024-05-01"), DAY("2024-05-01"))


# -- a deadline that opens late ---------------------------------------------------------------------


def test_the_stage_in_force_on_the_day_it_opened_is_said_and_those_before_it_never() -> None:
    record = daily(REGISTRATION, DAY("2024-04-24"), "2024-04-30")

    assert record.status == {-30: "withheld", -14: "withheld", -7: "due", -3: "superseded", -1: "due"}
    assert record.said == [("2024-04-24", "D-7"), ("2024-04-26", "D-1")]


def test_a_deadline_opened_two_days_before_it_is_due_is_spoken_of_at_once() -> None:
    outcome = replace(OUTCOME, due_on=DAY("2024-11-29"))

    assert daily(outcome, DAY("2024-11-28"), "2024-11-29").said == [("2024-11-28", "D-1")]
    assert daily(OUTCOME, DAY("2024-11-28"), "2024-11-30").said == [
        ("2024-11-28", "D-3"),
        ("2024-11-29", "D-1"),
    ]


@pytest.mark.parametrize("opened", ["2024-04-29", "2024-04-30"])
def test_of_two_stages_in_force_on_one_day_the_later_is_said_to_the_last_day(opened: str) -> None:
    record = daily(REGISTRATION, DAY(opened), "2024-04-30")

    assert record.status == {-30: "withheld", -14: "withheld", -7: "withheld", -3: "superseded", -1: "due"}
    assert record.said == [(opened, "D-1")]


def test_the_stage_in_force_is_overtaken_by_one_that_falls_before_the_first_sweep() -> None:
    record = sweeps(REGISTRATION, DAY("2024-04-24"), [DAY("2024-04-26")])

    assert record.status == {-30: "withheld", -14: "withheld", -7: "superseded", -3: "superseded", -1: "due"}


def test_stages_before_the_one_that_falls_on_the_day_it_opened_are_withheld() -> None:
    record = daily(REGISTRATION, DAY("2024-04-23"), "2024-04-30")

    assert record.status == {-30: "withheld", -14: "withheld", -7: "due", -3: "superseded", -1: "due"}
    assert record.said == [("2024-04-23", "D-7"), ("2024-04-26", "D-1")]


def test_a_deadline_opened_when_it_is_past_is_late_at_once_and_spoken_of_at_its_next_nag() -> None:
    record = daily(REGISTRATION, DAY("2024-05-10"), "2024-05-21")

    assert (record.flag, record.flagged_by) == (DAY("2024-05-10"), DAY("2024-05-10"))
    assert record.said == [("2024-05-14", "D+14"), ("2024-05-21", "D+21")]
    assert {offset: status for offset, status in record.status.items() if offset < 14} == dict.fromkeys(
        (-30, -14, -7, -3, -1, 1, 7), "withheld"
    )


def test_a_deadline_opened_on_a_nags_own_day_is_spoken_of_on_that_day() -> None:
    assert daily(REGISTRATION, DAY("2024-05-07"), "2024-05-07").said == [("2024-05-07", "D+7")]


def test_a_deadline_opened_on_the_flags_own_day_rises_on_it() -> None:
    assert daily(REGISTRATION, DAY("2024-05-01"), "2024-05-01").flag == DAY("2024-05-01")


# -- days without power -----------------------------------------------------------------------------


def test_after_ten_days_without_power_one_true_word_is_said_and_the_flag_bears_its_true_day() -> None:
    record = sweeps(REGISTRATION, DAY("2024-03-01"), [DAY("2024-04-22"), DAY("2024-05-02")])

    assert record.said == [("2024-04-22", "D-14"), ("2024-05-02", "D+1")]
    assert record.status == {
        -30: "superseded",
        -14: "due",
        -7: "superseded",
        -3: "superseded",
        -1: "superseded",
        1: "due",
    }
    assert (record.flag, record.flagged_by) == (DAY("2024-05-01"), DAY("2024-05-02"))


# -- nagging ----------------------------------------------------------------------------------------


def test_nagging_ends_with_the_plans_year_and_the_flag_stays_up() -> None:
    record = daily(OUTCOME, DAY("2024-12-01"), "2026-12-31")

    assert [day for day, _ in record.said] == [
        "2024-12-02",
        "2024-12-09",
        "2024-12-16",
        "2024-12-23",
        "2024-12-30",
    ]
    assert record.flag == DAY("2024-12-01")


@pytest.mark.parametrize("swept", ["2025-01-02", "2026-11-28"])
def test_nothing_late_is_said_when_the_year_is_over_whenever_the_sweep_runs(swept: str) -> None:
    record = sweeps(OUTCOME, DAY("2024-11-01"), [DAY("2024-11-29"), DAY(swept)])
    opened_then = sweeps(OUTCOME, DAY(swept), [DAY(swept)])
    never_nagged = sweeps(replace(OUTCOME, nag_every=None), DAY("2024-11-01"), [DAY(swept)])

    assert record.said == [("2024-11-29", "D-1")]
    assert {status for offset, status in record.status.items() if offset > 0} == {"superseded"}
    assert record.flag == DAY("2024-12-01")
    assert (opened_then.said, set(opened_then.status.values())) == ([], {"withheld"})
    assert (never_nagged.said, set(never_nagged.status.values())) == ([], {"superseded"})


def test_what_is_not_late_yet_is_said_after_the_year_as_well() -> None:
    """A milestone may be due in the year behind its plan's."""
    next_spring = replace(OUTCOME, due_on=DAY("2025-03-31"))

    assert sweeps(next_spring, DAY("2024-12-01"), [DAY("2025-03-03")]).said == [("2025-03-03", "D-30")]


def test_behind_the_last_nag_there_is_nothing_to_do_any_more() -> None:
    last = decide_day(OUTCOME, WORKDAYS, DAY("2024-12-30"), DAY("2024-12-30"), opened=False)

    assert last.next_action_on is None


def test_a_rule_without_nagging_raises_its_flag_and_is_silent() -> None:
    record = daily(replace(OUTCOME, nag_every=None), DAY("2024-11-29"), "2024-12-31")

    assert record.said == [("2024-11-29", "D-1")]
    assert record.flag == DAY("2024-12-01")


def test_daily_nagging_says_each_working_day_once() -> None:
    watch = replace(EVALUATION, nag_every=1, nag_until=DAY("2024-11-06"))

    record = daily(watch, DAY("2024-10-31"), "2024-12-31")

    assert record.said == [
        ("2024-10-31", "D-1"),
        ("2024-11-01", "D+1"),
        ("2024-11-04", "D+4"),  # D+2 and D+3 fell on the weekend
        ("2024-11-05", "D+5"),
        ("2024-11-06", "D+6"),
    ]
    assert (record.status[2], record.status[3]) == ("superseded", "superseded")


def test_over_tet_two_nags_meet_on_one_working_day_and_the_later_is_said() -> None:
    watch = Watch(DAY("2024-02-07"), DAY("2024-12-31"), nag_every=3, nag_to=(AUTHORITY,))

    record = daily(watch, DAY("2024-02-07"), "2024-02-16")

    assert record.said == [("2024-02-15", "D+6"), ("2024-02-16", "D+9")]
    assert record.status == {1: "superseded", 3: "superseded", 6: "due", 9: "due"}


def test_a_saturday_that_is_worked_is_a_working_day() -> None:
    watch = replace(REGISTRATION, due_on=DAY("2024-05-03"))  # D+1 is 4/5/2024, worked in exchange for 29/4

    assert daily(watch, DAY("2024-05-03"), "2024-05-06").said == [
        ("2024-05-03", "D-1"),
        ("2024-05-04", "D+1"),
    ]


# -- rules for every watch ----------------------------------------------------------------------------


def brute_force(watch: Watch, opened_on: date, last: date) -> tuple[dict[int, str], date | None]:
    """Walk through the days one by one and note what the design asks for."""
    status: dict[int, str] = {}
    before = [day for stage, day in plain_stages(watch, last) if day <= opened_on]
    in_force = max(before) if before and opened_on <= watch.due_on else opened_on
    for stage, day in plain_stages(watch, last):
        if day > last:
            continue
        status[stage] = "withheld" if day < in_force else "due"
        if status[stage] == "due" and max(day, opened_on) > max(watch.due_on, watch.nag_until):
            status[stage] = "superseded"  # it is past, and so is the time of nagging
        for other, its_day in plain_stages(watch, last):
            if other > stage and its_day == day and status[stage] == "due":
                status[stage] = "superseded"
    rose = [day for day in every_day(opened_on, last) if day > watch.due_on]
    return status, rose[0] if rose else None


def plain_stages(watch: Watch, last: date) -> list[tuple[int, date]]:
    found = []
    for days in watch.days_before:
        day = watch.due_on - timedelta(days=days)
        while not WORKDAYS.is_working(day):
            day -= ONE_DAY
        found.append((-days, day))
    offset = 0
    while watch.nag_every and watch.due_on + timedelta(days=offset) < last:
        offset += 1
        if offset != 1 and offset % watch.nag_every:
            continue
        day = watch.due_on + timedelta(days=offset)
        while not WORKDAYS.is_working(day):
            day += ONE_DAY
        if day <= watch.nag_until:
            found.append((offset, day))
    return found


START, END = DAY("2023-10-01"), DAY("2024-09-30")
some_day = st.dates(START, END)
watches = st.builds(
    Watch,
    due_on=some_day,
    nag_until=some_day,
    days_before=st.sets(st.integers(0, 60), max_size=6).map(lambda days: tuple(sorted(days, reverse=True))),
    remind_to=st.just((COMMUNE,)),
    nag_every=st.none() | st.integers(1, 31),
    nag_to=st.just((AUTHORITY,)),
)


@given(watches, some_day)
def test_running_daily_records_what_a_plain_walk_through_the_days_finds(watch: Watch, opened: date) -> None:
    record = sweeps(watch, opened, every_day(opened, END))

    assert (record.status, record.flag) == brute_force(watch, opened, END)
    assert len({day for day, _ in record.said}) == len(record.said)


@given(watches, some_day, st.sets(some_day, max_size=12))
def test_running_on_any_days_records_the_same_stages_and_flag_as_running_daily(
    watch: Watch, opened: date, some: set[date]
) -> None:
    days = sorted({day for day in some if day >= opened} | {END})

    now_and_then, each_day = sweeps(watch, opened, days), sweeps(watch, opened, every_day(opened, END))

    assert now_and_then.status.keys() == each_day.status.keys()
    assert now_and_then.flag == each_day.flag
    differing = {
        now_and_then.status[stage]
        for stage, status in each_day.status.items()
        if now_and_then.status[stage] != status
    }
    assert differing <= {"superseded"}
    assert len({day for day, _ in now_and_then.said}) == len(now_and_then.said)


@given(watches, some_day, st.integers(0, 200))
def test_the_next_action_lies_ahead_or_never_comes(watch: Watch, opened: date, later: int) -> None:
    today = opened + timedelta(days=later)

    decision = decide_day(watch, WORKDAYS, opened, today, opened=True)

    assert decision.next_action_on is None or decision.next_action_on > today
    assert [saying.status for saying in decision.sayings].count(ReminderStatus.DUE) <= 1
    assert list(decision.sayings) == sorted(decision.sayings, key=lambda saying: saying.stage.offset)


@given(watches, some_day, st.integers(0, 100))
def test_nothing_is_missed_between_today_and_the_next_action(watch: Watch, opened: date, later: int) -> None:
    today = opened + timedelta(days=later)
    decision = decide_day(watch, WORKDAYS, opened, today, opened=True)
    quiet_until = decision.next_action_on or END

    a_day_before = sweeps(watch, opened, [today, quiet_until - ONE_DAY])

    assert a_day_before == sweeps(watch, opened, [today])
