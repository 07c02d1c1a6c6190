"""Which certificates are to be renewed, until when, how each stands, from its decision to a year after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import NotFound
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.renewals.listing import RenewalView, WantedRenewals, list_renewals
from ocop_workflow.sweep.daily import sweep
from tests.factories import SEED, SENDER
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import load_text, next_plan, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE, TWO = "DP24-002", "DP24-001"
END = date(2027, 11, 25)
OPENS, CLOSES = date(2027, 5, 29), date(2027, 7, 28)


@pytest.fixture
def monitored(seeded: Database, clock: FixedClock) -> Database:
    """A product of Phổ An, certified by the town on 25/11/2024 and watched since."""
    walk_to(seeded, clock, ONE, "begin_monitoring")
    return seeded


def listed(
    database: Database, on: date, unit: str | None = None, within: int | None = None, by: str = ""
) -> list[RenewalView]:
    with database.read() as tx:
        actor = acting(database, by) if by else HOST
        return list_renewals(tx, on, WantedRenewals(unit, within), actor)


def the_one(database: Database, on: date) -> RenewalView:
    (found,) = listed(database, on)
    return found


def test_it_is_reckoned_by_the_law_of_the_day_and_not_by_the_one_that_granted_it(monitored: Database) -> None:
    before, after = the_one(monitored, date(2026, 5, 21)), the_one(monitored, date(2026, 5, 22))
    assert (before.granted_under, before.regulation, before.save_by) == ("qd-148-2023", "qd-1489-2025", None)
    assert (after.granted_under, after.regulation) == ("qd-148-2023", "qd-26-2026")
    assert after.save_by is not None
    assert (after.save_by.kind, after.save_by.opens_on, after.save_by.date) == ("window", OPENS, CLOSES)
    assert after.expires_on == END


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2024, 12, 1), "running"),
        (OPENS - timedelta(days=1), "running"),
        (OPENS, "window_open"),
        (CLOSES, "window_open"),
        (CLOSES + timedelta(days=1), "late"),
        (END, "late"),
        (END + timedelta(days=1), "lapsed"),
        (END + timedelta(days=365), "lapsed"),
    ],
)
def test_it_stands_as_the_day_says(monitored: Database, on: date, status: str) -> None:
    assert the_one(monitored, on).status == status


def test_before_its_decision_and_a_year_after_its_end_it_is_not_listed(monitored: Database) -> None:
    for on in (date(2024, 11, 24), END + timedelta(days=366)):
        assert listed(monitored, on) == []


def test_from_its_first_letter_on_it_is_announced(monitored: Database, clock: FixedClock) -> None:
    for day in (date(2027, 5, 28), date(2027, 5, 31)):  # the working days around it
        clock.move_to(day)
        sweep(monitored, clock, SENDER)
    told = the_one(monitored, OPENS + timedelta(days=2))
    assert told.told_on is not None
    assert (told.told_on >= OPENS - timedelta(days=2), told.status) == (True, "window_open")
    assert the_one(monitored, told.told_on - timedelta(days=1)).told_on is None


def test_a_renewal_that_was_filed_says_so_and_a_late_one_goes_on_past_the_end(
    monitored: Database, clock: FixedClock
) -> None:
    day, received = date(2027, 9, 1), "2027-08-30"
    step(monitored, clock, ONE, "open_re_rating", day, plan=SEED, kind="renewal", received_on=received)
    assert the_one(monitored, day).status == "filed"
    assert the_one(monitored, END + timedelta(days=1)).status == "in_grace"


def test_what_has_to_be_saved_first_comes_first_and_within_counts_to_that_day(
    monitored: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 12, 20))
    walk_to(monitored, clock, TWO, "begin_monitoring")
    found = listed(monitored, date(2027, 5, 1))
    days = [one.save_by.date for one in found if one.save_by]
    assert (len(found), days) == (2, sorted(days))
    left = (days[0] - date(2027, 5, 1)).days
    assert len(listed(monitored, date(2027, 5, 1), within=left)) >= 1
    assert listed(monitored, date(2027, 5, 1), within=left - 1) == []


def test_an_officer_sees_those_of_their_units_and_an_unknown_unit_is_told(
    monitored: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2025, 1, 2))
    appoint(monitored, clock)
    day = date(2025, 1, 2)
    assert [len(listed(monitored, day, by=login)) for login in ("minh", "lan", "ha")] == [1, 1, 0]
    assert [len(listed(monitored, day, unit=unit)) for unit in ("duc-pho", "pho-an", "pho-thanh")] == [
        1,
        1,
        0,
    ]
    with pytest.raises(NotFound):
        listed(monitored, day, unit="nowhere")


ROUNDS = """
[[rounds]]
id = "round-1"
number = 1
level = "district"
clause = "III.1"
as_written = "Đợt 1"
dossiers = { before = 2024-06-30 }
done = { before = 2024-08-30 }

[[rounds]]
id = "round-2"
number = 2
level = "district"
clause = "III.2"
as_written = "Đợt 2"
dossiers = { before = 2024-09-30 }
done = { before = 2024-11-30 }
"""


def test_without_a_window_the_last_round_of_the_owner_saves_it_provisionally_by_the_last_plan(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan() + ROUNDS)
    clock.move_to(date(2024, 5, 6))
    appoint(seeded, clock)
    paper = {
        "unit": "pho-an",
        "product": "Mắm cái",
        "signer": "Chủ tịch UBND thị xã",
        "evidence": "A",
        "source": "https://duc-pho.example/qd-77",
        "certificate": {
            "star": 3,
            "number": "77/QĐ-UBND",
            "decided_on": "2023-03-01",
            "valid_until": "2026-03-01",
        },
    }
    with seeded.write() as tx:
        enter_certificate(tx, Entering(acting(seeded, "minh"), paper, clock.today(), clock.now()))
    (found,) = listed(seeded, clock.today())
    assert found.save_by is not None
    said = found.save_by.kind, found.save_by.round, found.save_by.date, found.save_by.provisional
    assert said == ("round", "đợt 2 năm 2025", date(2025, 9, 29), True)
