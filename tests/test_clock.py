"""Time: instants are UTC, days are Vietnamese, whatever the host's own zone is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time

from ocop_workflow.clock import SimulatedClock, SystemClock, utc_text
from tests.fakes import VIETNAM, FixedClock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2024-04-23 16:59:59", date(2024, 4, 23)),
        ("2024-04-23 17:00:00", date(2024, 4, 24)),
        ("2024-04-23 17:30:00", date(2024, 4, 24)),
        ("2024-12-31 17:00:00", date(2025, 1, 1)),
    ],
)
def test_the_day_begins_in_vietnam_at_seventeen_hours_utc(instant: str, day: date) -> None:
    with freeze_time(instant):
        clock = SystemClock(VIETNAM)
        assert clock.now() == datetime.fromisoformat(instant).replace(tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.today() == day


def test_an_instant_is_shown_in_vietnam_and_written_in_utc() -> None:
    instant = datetime(2024, 4, 22, 23, 0, 5, tzinfo=UTC)
    for clock in (SystemClock(VIETNAM), SimulatedClock(instant, VIETNAM)):
        assert f"{clock.local(instant):%d/%m/%Y %H:%M}" == "23/04/2024 06:00"
    assert utc_text(instant.astimezone(VIETNAM)) == "2024-04-22T23:00:05Z"


def test_a_simulated_clock_starts_where_it_is_set_and_runs() -> None:
    start = datetime(2024, 4, 30, 23, 59, 30, tzinfo=VIETNAM)
    with freeze_time("2026-01-01") as host:
        clock = SimulatedClock(start, VIETNAM)
        assert (clock.now(), clock.today()) == (start, date(2024, 4, 30))
        host.tick(timedelta(seconds=45))
        assert (clock.now(), clock.today()) == (start + timedelta(seconds=45), date(2024, 5, 1))
        assert clock.now().tzinfo is UTC


def test_the_clock_of_the_tests_stands_until_it_is_moved() -> None:
    clock = FixedClock.at(date(2024, 4, 23))
    assert (clock.now(), clock.today()) == (datetime(2024, 4, 22, 23, tzinfo=UTC), date(2024, 4, 23))
    clock.wait(timedelta(hours=18))
    assert clock.today() == date(2024, 4, 24)
    clock.move_to(date(2024, 5, 1))
    assert clock.today() == date(2024, 5, 1)
