"""The official code of a product (QĐ 26/2026): given with the commune's report, its serial the commune's."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import InvalidInput
from ocop_workflow.places.code_queries import save_codes
from ocop_workflow.places.queries import unit_by_slug
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.queries import product_by_code
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.product_codes import ProductCode
from ocop_workflow.regulations.units import UnitCode
from ocop_workflow.upkeep.examination.proof import prove
from tests.factories import GOOD_DATA, SENDER, in_time
from tests.fakes import VIETNAM
from tests.stories.cast import HOST
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

FIRST, SECOND, OTHER = "VD26-001", "VD26-002", "VD26-003"
REPORTED = date(2026, 6, 20)


@pytest.fixture
def consulted(database: Database, clock: FixedClock) -> Database:
    """Two products of a commune whose official code is known, and one of a commune whose is not."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    rows = [(1, "Xã An Bình", "Mật ong"), (2, "Xã An Bình", "Trà"), (3, "Xã Hòa Sơn", "Nấm")]
    import_rows(database, clock, EXAMPLE, *(candidate(*row) for row in rows))
    name(database, "vi-du", "99")
    name(database, "an-binh", "99001", until=date(2026, 7, 1))
    for code in (FIRST, SECOND, OTHER):
        step(database, clock, code, "register", date(2026, 6, 2), received_on="2026-06-01")
        step(database, clock, code, "select", date(2026, 6, 5))
        step(database, clock, code, "start_consulting", date(2026, 6, 10))
    return database


def name(
    database: Database, unit: str, code: str, until: date | None = None, since: date | None = None
) -> None:
    with database.write() as tx:
        found = unit_by_slug(tx, unit)
        assert found is not None
        save_codes(tx, found.id, [UnitCode(code=code, since=since, until=until)])


def code_of(database: Database, product: str) -> str | None:
    with database.read() as tx:
        found = product_by_code(tx, product)
        assert found is not None
        return found.official_code


def test_it_comes_with_the_communes_report_and_counts_on(consulted: Database, clock: FixedClock) -> None:
    assert code_of(consulted, FIRST) is None
    step(consulted, clock, FIRST, "commune_evaluate", REPORTED)
    step(consulted, clock, SECOND, "commune_evaluate", REPORTED)
    assert [code_of(consulted, code) for code in (FIRST, SECOND)] == ["99-99001-01-2026", "99-99001-02-2026"]
    with consulted.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def test_of_a_unit_without_a_code_none_is_made_up(consulted: Database, clock: FixedClock) -> None:
    step(consulted, clock, OTHER, "commune_evaluate", REPORTED)
    assert code_of(consulted, OTHER) is None


def test_it_stays_in_the_next_dossier_whatever_the_commune_is_called_by_then(
    consulted: Database, clock: FixedClock
) -> None:
    for event, on in (
        ("commune_evaluate", REPORTED),
        ("score_province", date(2026, 6, 25)),
        ("certify", date(2026, 6, 30)),
        ("begin_monitoring", date(2026, 6, 30)),
    ):
        step(consulted, clock, FIRST, event, on, **({"mean": "65"} if event == "score_province" else {}))
    name(consulted, "an-binh", "99077", since=date(2026, 7, 1))
    step(consulted, clock, FIRST, "open_re_rating", date(2026, 9, 1), plan=EXAMPLE, kind="upgrade")
    step(consulted, clock, FIRST, "commune_evaluate", date(2026, 9, 20))
    assert code_of(consulted, FIRST) == "99-99001-01-2026"
    step(consulted, clock, SECOND, "commune_evaluate", date(2026, 9, 21))
    assert code_of(consulted, SECOND) == "99-99077-01-2026"  # the new commune begins its own book


def test_a_commune_that_keeps_its_own_book_gives_the_code(consulted: Database, clock: FixedClock) -> None:
    step(consulted, clock, FIRST, "commune_evaluate", REPORTED, official_code="99-99001-17-2026")
    step(consulted, clock, SECOND, "commune_evaluate", REPORTED)
    assert [code_of(consulted, code) for code in (FIRST, SECOND)] == ["99-99001-17-2026", "99-99001-18-2026"]


@pytest.mark.parametrize(
    ("given", "vi"),
    [
        ("VD-1", "phải viết (mã tỉnh)-(mã xã)-(số thứ tự)-(năm), như 51-21451-01-2026"),
        ("99-99002-01-2026", "mã của Xã An Bình ngày 20/06/2026 bắt đầu bằng 99-99001"),
        ("99-99001-1-2026", "đã là mã của VD26-001"),
    ],
)
def test_a_code_of_another_place_or_product_is_refused(
    consulted: Database, clock: FixedClock, given: str, vi: str
) -> None:
    step(consulted, clock, FIRST, "commune_evaluate", REPORTED)
    with pytest.raises(InvalidInput) as refused:
        step(consulted, clock, SECOND, "commune_evaluate", REPORTED, official_code=given)
    assert [(fault.place, fault.text.vi) for fault in refused.value.faults] == [("official_code", vi)]


def test_undoing_the_report_takes_the_code_back(consulted: Database, clock: FixedClock) -> None:
    step(consulted, clock, FIRST, "commune_evaluate", REPORTED)
    with consulted.write() as tx:
        undo(tx, UndoOrder(FIRST, HOST, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert code_of(consulted, FIRST) is None


def test_two_officers_who_report_at_one_moment_get_two_serials(
    consulted: Database, clock: FixedClock
) -> None:
    clock.move_to(REPORTED)
    other = Thread(target=step, args=(consulted, clock, SECOND, "commune_evaluate", REPORTED))
    with consulted.write() as tx:
        order = Order(FIRST, "commune_evaluate", HOST, in_time(GOOD_DATA["commune_evaluate"], REPORTED))
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits for the commune
    other.join()
    assert [code_of(consulted, code) for code in (FIRST, SECOND)] == ["99-99001-01-2026", "99-99001-02-2026"]


@pytest.mark.parametrize(
    "written", ["", "51-21451-2026", "51-2145-01-2026", "5a-21451-01-2026", "51-21451-01-1999"]
)
def test_what_is_no_code_is_not_read_as_one(written: str) -> None:
    assert ProductCode.read(written) is None


def test_a_code_is_written_as_it_is_printed() -> None:
    assert str(ProductCode.read("51-21451-7-2026")) == "51-21451-07-2026"
    assert str(ProductCode.read("51-21451-123-2026")) == "51-21451-123-2026"
