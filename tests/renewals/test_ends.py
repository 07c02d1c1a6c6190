"""When what runs today ends: month by month, three years ahead, within what an officer may see."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.renewals.ends import ends_ahead
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE, TWO = "DP24-001", "DP24-002"  # of Phổ Phong and of Phổ An
TODAY = date(2025, 1, 2)


def counted(database: Database, on: date, actor: Actor = HOST) -> list[tuple[int, dict[int, int], int]]:
    """Return (year, how many by month, in all)."""
    with database.read() as tx:
        found = ends_ahead(tx, on, actor)
    return [
        (line.year, {n: count for n, count in enumerate(line.months, 1) if count}, line.total)
        for line in found
    ]


def test_each_is_counted_in_the_month_of_its_last_day(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "begin_monitoring")
    walk_to(seeded, clock, TWO, "score_district")
    step(
        seeded,
        clock,
        TWO,
        "certify",
        date(2024, 12, 3),
        decision_date="2024-12-02",
        published_on="2024-12-03",
    )
    assert counted(seeded, TODAY) == [
        (2025, {}, 0),
        (2026, {}, 0),
        (2027, {11: 1, 12: 1}, 2),
        (2028, {}, 0),
    ]
    assert counted(seeded, date(2027, 11, 26)) == [
        (2027, {12: 1}, 1),
        (2028, {}, 0),
        (2029, {}, 0),
        (2030, {}, 0),
    ]
    assert counted(seeded, date(2027, 12, 3)) == []


def test_nobody_sees_what_lies_elsewhere(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "begin_monitoring")
    appoint(seeded, clock)
    assert counted(seeded, TODAY, acting(seeded, "lan")) == []
    assert counted(seeded, TODAY, acting(seeded, "minh"))[2] == (2027, {11: 1}, 1)
