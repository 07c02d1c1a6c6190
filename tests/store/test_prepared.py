"""Statements that are put together once say the same as SQLAlchemy would, errors included."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from ocop_workflow.errors import OcopError
from ocop_workflow.regulations import Level
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import units

if TYPE_CHECKING:
    from ocop_workflow.store import Database

ADD = Prepared(insert(units).returning(units.c.id))
END = Prepared(update(units).where(units.c.slug == bindparam("of_slug"), units.c.level == Level.COMMUNE))
FIND = Prepared(
    select(units.c.level, units.c.valid_from, units.c.valid_to).where(units.c.slug == bindparam("of_slug"))
)
FIND_MANY = Prepared(
    select(units.c.slug)
    .where(units.c.slug.in_(bindparam("of_slugs", expanding=True)), units.c.level.in_([Level.COMMUNE]))
    .order_by(units.c.slug),
    "of_slugs",
)
POLE = {
    "slug": "cuc",
    "level": Level.COMMUNE,
    "name": "Cực",
    "search_key": "cuc",
    "sort_key": "cuc",
    "office": "UBND",
}


def test_values_go_in_and_come_out_by_the_types_of_their_columns(database: Database) -> None:
    with database.write() as tx:
        ((number,),) = ADD.rows(tx, **POLE, valid_from=date(2024, 2, 29))
        assert isinstance(number, int)
        assert FIND.rows(tx, of_slug="cuc") == [(Level.COMMUNE, date(2024, 2, 29), None)]
        assert END.count(tx, of_slug="cuc", valid_to=date(2025, 1, 1)) == 1
        assert END.count(tx, of_slug="nowhere", valid_to=date(2025, 1, 1)) == 0
    with database.read() as tx:
        assert FIND.rows(tx, of_slug="cuc") == [(Level.COMMUNE, date(2024, 2, 29), date(2025, 1, 1))]


def test_an_insert_may_name_other_columns_each_time(database: Database) -> None:
    with database.write() as tx:
        ADD.rows(tx, **POLE)
        ADD.rows(tx, **{**POLE, "slug": "cuc-2"}, valid_to=date(2025, 1, 1))
        assert FIND.rows(tx, of_slug="cuc-2") == [(Level.COMMUNE, None, date(2025, 1, 1))]


def test_a_list_may_be_of_any_length(database: Database) -> None:
    slugs = [f"cuc-{number}" for number in range(9)]
    with database.write() as tx:
        for slug in slugs:
            ADD.rows(tx, **{**POLE, "slug": slug})
        for length in range(len(slugs) + 1):
            assert FIND_MANY.rows(tx, of_slugs=slugs[:length]) == [(slug,) for slug in slugs[:length]]
        assert FIND_MANY.rows(tx, of_slugs=frozenset({"cuc-7", "nowhere"})) == [("cuc-7",)]


def test_a_refusal_of_the_database_is_the_error_that_everybody_knows(database: Database) -> None:
    def twice() -> None:
        with database.write() as tx:
            ADD.rows(tx, **POLE)
            ADD.rows(tx, **POLE)

    with pytest.raises(OcopError) as caught:
        twice()
    assert isinstance(caught.value.__cause__, IntegrityError)
    with database.read() as tx:
        assert FIND.rows(tx, of_slug="cuc") == []


def test_it_never_runs_outside_a_transaction(database: Database) -> None:
    with database.connect() as connection, pytest.raises(InvalidRequestError):
        ADD.rows(connection, **POLE)
    with database.read() as tx:
        assert FIND.rows(tx, of_slug="cuc") == []


def test_a_line_that_was_cut_is_given_up_and_opened_anew(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has no line that could be cut")

    def cut() -> None:
        with database.write() as tx:
            own = tx.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with database.write() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            FIND.rows(tx, of_slug="cuc")

    with pytest.raises(OcopError) as caught:
        cut()
    assert "kết nối" in caught.value.text.vi
    with database.read() as tx:
        assert FIND.rows(tx, of_slug="cuc") == []
