"""What a deadline is about: a product, a commune without one, an activity, or the certificate that runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.clock import VIETNAM
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import PastDeadlineView
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import MINH, SENDER, rows
from tests.stories.journeys import load_text, next_plan, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"
LAST_DAY = "2027-11-25"


@pytest.fixture
def renewed(seeded: Database, clock: FixedClock) -> Database:
    """A product whose second certificate ends on the very day on which the first would have ended."""
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, ONE, "begin_monitoring")
    step(seeded, clock, ONE, "open_re_rating", date(2027, 6, 1))
    step(seeded, clock, ONE, "commune_evaluate", date(2027, 7, 1))
    step(seeded, clock, ONE, "score_province", date(2027, 8, 1), mean="66")
    day = date(2027, 9, 10)
    step(
        seeded,
        clock,
        ONE,
        "certify",
        day,
        decision_number="9/QĐ-UBND",
        decision_date="2027-09-09",
        valid_until=LAST_DAY,
    )
    return seeded


def expiries(database: Database) -> list[tuple[Any, ...]]:
    """Return the deadlines of certificates' ends, oldest first: whose, due when, closed why."""
    return rows(
        database,
        "SELECT c.number, CAST(d.due_on AS TEXT), CAST(d.closed_on AS TEXT), d.closed_because "
        "FROM deadlines d JOIN certificates c ON d.subject = 'certificate' AND c.id = d.subject_id "
        "WHERE d.rule IN ('expiry', 'expiry:qd-26-2026') ORDER BY d.id",
    )


def assert_sound(database: Database, clock: FixedClock) -> None:
    found = examine(database, clock).findings
    assert {item.invariant for item in found} <= {13, 17}  # nobody swept, nobody sent
    with database.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def test_the_next_certificate_has_a_deadline_of_its_own_even_on_the_same_day(
    renewed: Database, clock: FixedClock
) -> None:
    assert expiries(renewed) == [
        ("1234/QĐ-UBND", LAST_DAY, "2027-06-01", "moved"),
        ("1234/QĐ-UBND", LAST_DAY, "2027-09-10", "moved"),
        ("9/QĐ-UBND", LAST_DAY, None, None),
    ]
    assert_sound(renewed, clock)


def test_taking_the_certificate_back_gives_the_first_one_its_deadline_again(
    renewed: Database, clock: FixedClock
) -> None:
    with renewed.write() as tx:
        undo(tx, UndoOrder(ONE, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert expiries(renewed)[2:] == [
        ("9/QĐ-UBND", LAST_DAY, "2027-09-10", "moved"),
        ("1234/QĐ-UBND", LAST_DAY, None, None),
    ]
    assert_sound(renewed, clock)


def test_whoever_looks_sees_which_certificate_it_is(renewed: Database) -> None:
    with renewed.read() as tx:
        (product,) = rows(renewed, "SELECT id FROM products WHERE code = :c", c=ONE)[0]
        shown = [PastDeadlineView.of(row) for row in deadlines.all_of_product(tx, product)]
    (first, second) = (number for (number,) in rows(renewed, "SELECT id FROM certificates ORDER BY id"))
    assert [item.certificate for item in shown if item.milestone == "expiry"] == [first, first, second]
    assert {item.subject.value for item in shown if item.certificate is None} == {"product"}


def test_of_a_rule_a_subject_has_one_that_is_open(seeded: Database) -> None:
    found = rows(
        seeded,
        "SELECT subject, COUNT(*), COUNT(DISTINCT subject_id) FROM deadlines WHERE closed_on IS NULL "
        "GROUP BY subject ORDER BY subject",
    )
    assert found == [("activity", 1, 1), ("product", 14, 14)]
