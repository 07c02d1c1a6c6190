"""A certificate whose renewal was filed late goes on past its last day, until the result or 180 days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.certificates.looking_up import look_up
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.settling.register import (
    WantedCertificates,
    count_certificates,
    list_certificates,
    show_certificate,
)
from tests.factories import SEED, rows
from tests.products.test_entering import assert_sound
from tests.stories.journeys import step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
LAST, AFTER, END, OVER = date(2027, 11, 25), date(2027, 11, 26), date(2028, 5, 23), date(2028, 5, 24)


@pytest.fixture
def filed(seeded: Database, clock: FixedClock) -> Database:
    """Granted on 25/11/2024 by QĐ 148; its renewal was received on 30/8/2027, too late for the window."""
    walk_to(seeded, clock, CODE, "begin_monitoring")
    step(
        seeded,
        clock,
        CODE,
        "open_re_rating",
        date(2027, 9, 1),
        plan=SEED,
        kind="renewal",
        received_on="2027-08-30",
    )
    return seeded


def listed(database: Database, on: date, status: str) -> int:
    with database.read() as tx:
        found = list_certificates(tx, on, WantedCertificates(status=status))
        assert count_certificates(tx, on, WantedCertificates(status=status)) == len(found)
    return len(found)


def status_on(database: Database, on: date) -> tuple[str, date | None]:
    """Return what page, register and list say, which is one thing."""
    ((token,),) = rows(database, "SELECT token FROM certificates")
    with database.read() as tx:
        public, own = look_up(tx, token, on), show_certificate(tx, 1, on)
    assert (public.status, public.grace_until) == (own.status, own.grace_until)
    assert public.valid_until == LAST
    assert listed(database, on, own.status) == 1
    return own.status, own.grace_until


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (LAST, ("in_re_rating", None)),
        (AFTER, ("in_grace", END)),
        (END, ("in_grace", END)),
        (OVER, ("expired", None)),
    ],
)
def test_it_is_said_alike_everywhere_and_ends_by_itself(
    filed: Database, on: date, expected: tuple[str, date | None]
) -> None:
    assert status_on(filed, on) == expected
    runs = expected[0] != "expired"
    assert (listed(filed, on, "running"), listed(filed, on, "ended")) == (int(runs), int(not runs))


def test_meanwhile_nothing_lapses(filed: Database, clock: FixedClock) -> None:
    with pytest.raises(EventRefused, match="goes on, awaiting the result of its renewal"):
        step(filed, clock, CODE, "lapse", AFTER)
    step(filed, clock, CODE, "lapse", OVER)
    assert status_on(filed, OVER) == ("expired", None)
    assert_sound(filed, clock)


def test_the_result_ends_it(filed: Database, clock: FixedClock) -> None:
    step(filed, clock, CODE, "withdraw", AFTER)
    assert status_on(filed, AFTER) == ("expired", None)


def test_without_a_renewal_filed_in_time_it_is_over(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, CODE, "begin_monitoring")
    assert status_on(seeded, AFTER) == ("expired", None)
    step(
        seeded,
        clock,
        CODE,
        "open_re_rating",
        date(2027, 12, 1),
        plan=SEED,
        kind="renewal",
        received_on="2027-12-01",
    )
    assert status_on(seeded, date(2027, 12, 2)) == ("expired", None)
