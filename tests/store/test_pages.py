"""The database is asked about its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ocop_workflow.store import schema
from ocop_workflow.store.troubles import pages
from tests.upkeep.examination.corruptions import Corruption

if TYPE_CHECKING:
    from ocop_workflow.store import Database


def test_a_sound_database_has_nothing_to_say(seeded: Database) -> None:
    state = schema.check(seeded)
    assert (state.is_sound, state.damage) == (True, ())
    assert (state.unexamined is None) == seeded.is_sqlite


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rows_that_point_nowhere_are_named(seeded: Database) -> None:
    damage = (
        "INSERT INTO questions (id, product_id, vi, en, asked_on, answered) "
        "VALUES (99, 999999, 'a', 'b', '2024-04-23', 0)"
    )
    Corruption(26, "", damage).apply(seeded)
    state = schema.check(seeded)
    assert state.damage == ("questions → products: 1",)
    assert (state.is_current, state.is_sound) == (True, False)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_examines_its_indexes_where_amcheck_is_installed(seeded: Database) -> None:
    with seeded.read() as tx:
        told = pages.unexamined(tx)
    assert told is not None
    assert told.vi.startswith("Chưa khám được chỉ mục: PostgreSQL cần phần mở rộng amcheck")
    try:
        with seeded.write() as tx:
            tx.execute(text("CREATE EXTENSION amcheck"))
    except (DBAPIError, OSError) as error:
        pytest.skip(f"amcheck cannot be had here: {error}")
    try:
        with seeded.read() as tx:
            assert pages.unexamined(tx) is None
            assert pages.damaged(tx) == []
            oid = tx.scalar(text("SELECT 'pk_products'::regclass::oid"))
            assert pages._fault_of(tx, oid, "pk_products") == ""
            table = tx.scalar(text("SELECT 'products'::regclass::oid"))
            assert pages._fault_of(tx, table, "products").startswith("products: ")
            assert tx.scalar(text("SELECT 1")) == 1  # the transaction goes on
    finally:
        with seeded.write() as tx:
            tx.execute(text("DROP EXTENSION amcheck"))
