"""How many products have come to a round by its cut-off, beside the share that the plan asks for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.deadlines.round_queries import round_shares
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.places.queries import unit_by_slug
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.plans.queries import plan_by_slug
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations import Level
from ocop_workflow.states import State, waits_at
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, letter_text, rows
from tests.stories.cast import HOST
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step

if TYPE_CHECKING:
    from ocop_workflow.calendar.rounds.shares import RoundShare
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: the plan of the example, whose second round (to 29/10/2026) is to have three quarters of the products
TEXT = shipped_plan_text(EXAMPLE).replace(
    'id = "round-2"\nnumber = 2\n', 'id = "round-2"\nnumber = 2\nquota_percent = 75\n'
)
ROWS = [
    (1, "Xã An Bình", "Mật ong"),
    (2, "Xã An Bình", "Trà"),
    (3, "Xã Hòa Sơn", "Nấm"),
    (4, "Xã Hòa Sơn", "Nón"),
]
FIRST, SECOND, THIRD, FOURTH = (f"VD26-00{number}" for number, _, _ in ROWS)


@pytest.fixture
def autumn(database: Database, clock: FixedClock) -> Database:
    """Four registered products; of three the commune has reported by the cut-off, one of these too early."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, TEXT)
    import_rows(database, clock, EXAMPLE, *(candidate(*row) for row in ROWS))
    for code in (FIRST, SECOND, THIRD, FOURTH):
        step(database, clock, code, "register", date(2026, 6, 2), received_on="2026-06-01")
        step(database, clock, code, "select", date(2026, 6, 5))
        step(database, clock, code, "start_consulting", date(2026, 6, 10))
    for code, on in ((FIRST, date(2026, 9, 1)), (SECOND, date(2026, 10, 1)), (THIRD, date(2026, 10, 29))):
        step(database, clock, code, "commune_evaluate", on)
    return database


def share(database: Database, on: str, *, below: str = "") -> RoundShare:
    """Return how the second round stands on a local day; `below`: of the products of a unit alone."""
    with database.read() as tx:
        plan = plan_by_slug(tx, EXAMPLE)
        assert plan is not None
        roots = None
        if below:
            unit = unit_by_slug(tx, below)
            assert unit is not None
            roots = [unit.id]
        _, second = round_shares(
            tx, plan.id, calendar_of(tx, plan.id, plan.sha256), date.fromisoformat(on), roots
        )
        return second


def counts(found: RoundShare) -> tuple[int, int, int]:
    return found.registered, found.came, found.returned


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-06-01", (0, 0, 0)),
        ("2026-08-31", (4, 0, 0)),
        ("2026-09-01", (4, 1, 0)),
        ("2026-10-28", (4, 2, 0)),
        ("2026-10-29", (4, 3, 0)),
    ],
)
def test_what_has_come_by_a_day_is_counted_from_what_is_on_record(
    autumn: Database, on: str, expected: tuple[int, int, int]
) -> None:
    assert counts(share(autumn, on)) == expected


def test_who_comes_after_the_cut_off_counts_for_the_next_round(autumn: Database, clock: FixedClock) -> None:
    step(autumn, clock, FOURTH, "commune_evaluate", date(2026, 10, 30))
    found = share(autumn, "2026-11-15")
    assert (counts(found), found.percent, found.is_met) == ((4, 3, 0), "75,00", True)


def test_who_is_sent_back_came_and_was_not_eligible_in_this_round(
    autumn: Database, clock: FixedClock
) -> None:
    step(autumn, clock, THIRD, "send_back", date(2026, 11, 2), reason="thiếu phiếu kiểm nghiệm")
    assert counts(share(autumn, "2026-11-02")) == (4, 3, 1)


def test_what_was_undone_has_not_come(autumn: Database, clock: FixedClock) -> None:
    with autumn.write() as tx:
        order = UndoOrder(THIRD, HOST, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    found = share(autumn, "2026-10-29")
    assert (counts(found), found.percent, found.is_met) == ((4, 2, 0), "50,00", False)


def test_a_commune_counts_its_own(autumn: Database) -> None:
    assert counts(share(autumn, "2026-10-29", below="hoa-son")) == (2, 1, 0)


def test_the_authority_is_told_in_its_letter_and_a_commune_is_not(
    autumn: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2026, 10, 29))
    with autumn.write() as tx:
        undo(tx, UndoOrder(THIRD, HOST, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    sweep(autumn, clock, SENDER)
    told = {
        to: [line for line in letter_text(mime).splitlines() if line.startswith("Đợt ")]
        for to, mime in rows(autumn, "SELECT address, mime FROM outbox WHERE kind = 'digest'")
    }
    sentence = (
        "Đợt 2, cấp tỉnh: đã có hồ sơ của 2 trong 4 sản phẩm đăng ký (50,00 %), kế hoạch đề ra ít nhất 75 % "
        "đến hết 29/10/2026."
    )
    assert {to: lines for to, lines in told.items() if lines} == {"ptnt@vi-du.example": [sentence]}


def test_the_plan_as_it_stands_tells_the_same(autumn: Database) -> None:
    with autumn.read() as tx:
        first, second = plan_overview(tx, EXAMPLE, date(2026, 10, 28)).rounds
    assert (first.quota_percent, first.quota_met, first.came) == (None, None, 0)
    assert (second.quota_percent, second.quota_met, second.percent) == (75, False, "50,00")
    assert second.name == "đợt 2, cấp tỉnh"


@pytest.mark.parametrize(
    ("ladder", "level", "state"),
    [
        ((Level.COMMUNE, Level.DISTRICT, Level.PROVINCE), Level.DISTRICT, State.COMMUNE_EVALUATED),
        ((Level.COMMUNE, Level.DISTRICT, Level.PROVINCE), Level.PROVINCE, State.ESCALATED_TO_PROVINCE),
        ((Level.COMMUNE, Level.PROVINCE, Level.CENTRAL), Level.PROVINCE, State.COMMUNE_EVALUATED),
        ((Level.COMMUNE, Level.PROVINCE, Level.CENTRAL), Level.CENTRAL, State.ESCALATED_TO_CENTRAL),
        ((Level.COMMUNE, Level.PROVINCE), Level.COMMUNE, State.REGISTERED),
    ],
)
def test_where_a_dossier_waits_for_a_level(ladder: tuple[Level, ...], level: Level, state: State) -> None:
    assert waits_at(ladder, level) is state
