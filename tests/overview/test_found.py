"""Products: found by what is asked, moved only by whoever saw them last, their history without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.overview.product_queries import ProductFilter, find_products
from ocop_workflow.products import queries as products
from ocop_workflow.states import State
from tests.factories import act, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def found(database: Database, wanted: ProductFilter) -> list[str]:
    with database.read() as tx:
        return [record.code for record in find_products(tx, wanted)]


def codes(*numbers: int) -> list[str]:
    return [f"DP24-{number:03}" for number in numbers]


def test_everything_is_found_in_the_order_of_the_codes(seeded: Database) -> None:
    assert found(seeded, ProductFilter()) == codes(*range(1, 15))


def test_pages_follow_one_another_without_a_gap(seeded: Database) -> None:
    assert found(seeded, ProductFilter(limit=3)) == codes(1, 2, 3)
    assert found(seeded, ProductFilter(limit=3, after_code="DP24-003")) == codes(4, 5, 6)
    assert found(seeded, ProductFilter(limit=3, after_code="DP24-014")) == []


def test_products_are_found_by_state_unit_and_plan_together(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-002", "register")
    ((pho_an,),) = rows(seeded, "SELECT id FROM units WHERE slug = 'pho-an'")
    assert found(seeded, ProductFilter(unit_id=pho_an)) == codes(2, 3, 4, 5, 6)
    assert found(seeded, ProductFilter(unit_id=pho_an, states=(State.IDEA,))) == codes(3, 4, 5, 6)
    assert found(seeded, ProductFilter(roots=frozenset())) == []
    assert found(seeded, ProductFilter(plan_id=1, states=(State.REGISTERED,))) == codes(2)
    assert found(seeded, ProductFilter(plan_id=2)) == []


def test_the_serial_counts_on_from_the_highest_of_its_prefix(seeded: Database) -> None:
    with seeded.write() as tx:
        assert products.last_serial(tx, "DP24") == 14
        assert products.last_serial(tx, "DP25") == 0
        assert products.last_serial(tx, "D_24") == 0
        tx.execute(text("UPDATE products SET code = 'DP24-1007' WHERE code = 'DP24-014'"))
        tx.execute(text("UPDATE products SET code = 'DP24-cũ' WHERE code = 'DP24-013'"))
        assert products.last_serial(tx, "DP24") == 1007


def test_only_who_saw_the_last_version_may_move_a_product(seeded: Database, clock: FixedClock) -> None:
    with seeded.read() as tx:
        seen = products.product_by_code(tx, "DP24-001")
    assert seen is not None
    act(seeded, clock, "DP24-001", "register")
    with pytest.raises(Conflict, match="changed by somebody else"), seeded.write() as tx:
        products.move(tx, seen, {"state": State.WITHDRAWN}, clock.now())
    assert found(seeded, ProductFilter(states=(State.REGISTERED,))) == codes(1)


def test_the_history_cannot_hold_one_number_twice(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-001", "register")
    columns = "product_id, seq, event, source, target, actor, on_day, at, note, data, plan_id, regulation"
    with pytest.raises(Unavailable) as caught, seeded.write() as tx:
        tx.execute(text(f"INSERT INTO transitions ({columns}) SELECT {columns} FROM transitions"))
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_no_product_holds_two_certificates_at_once(seeded: Database) -> None:
    statement = (
        "INSERT INTO certificates (product_id, star, number, decided_on, valid_until, signer, standing, "
        "product, commune, evidence, token) "
        "VALUES (1, 3, '1', '2024-01-01', '2027-01-01', '', 'confirmed', 'x', 'y', 'A', :token)"
    )
    with seeded.write() as tx:
        tx.execute(text(statement), {"token": "1"})
    with pytest.raises(Unavailable) as caught, seeded.write() as tx:
        tx.execute(text(statement), {"token": "2"})
    assert isinstance(caught.value.__cause__, IntegrityError)
