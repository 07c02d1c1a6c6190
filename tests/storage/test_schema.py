"""Migrations: up from nothing, down to nothing, and never a difference from the tables in code."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect, text

from ocop_workflow.storage import Database, schema
from ocop_workflow.storage.tables import metadata
from tests import postgres
from tests.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Inspector

HEAD = "0005"


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgres_server")
        with postgres.database_of_own(server, f"ocop_empty_{worker_id}") as url:
            yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    database.create()
    yield database
    database.close()


def table_names(database: Database) -> set[str]:
    with database.read() as tx:
        return set(inspect(tx).get_table_names())


def anatomy(database: Database) -> dict[str, Any]:
    """Describe every table as the database itself sees it; the order of columns does not count."""
    with database.read() as tx:
        inspector = inspect(tx)
        return {name: _described(inspector, name) for name in metadata.tables}


def _described(inspector: Inspector, name: str) -> dict[str, list[str]]:
    return {
        "columns": sorted(f"{c['name']} {c['type']!r} {c['nullable']}" for c in inspector.get_columns(name)),
        "key": [str(inspector.get_pk_constraint(name))],
        "references": sorted(map(str, inspector.get_foreign_keys(name))),
        "uniques": sorted(map(str, inspector.get_unique_constraints(name))),
        "checks": sorted(f"{c['name']}: {c['sqltext']}" for c in inspector.get_check_constraints(name)),
        "indexes": sorted(
            f"{i['name']} {i['column_names']} {i['unique']} "
            f"{ {key: str(value) for key, value in i.get('dialect_options', {}).items()} }"
            for i in inspector.get_indexes(name)
        ),
    }


def test_upgrading_an_empty_database_makes_every_table(empty: Database) -> None:
    assert schema.upgrade(empty) == HEAD
    assert table_names(empty) == {*metadata.tables, "alembic_version"}
    assert schema.check(empty) == schema.SchemaState(HEAD, HEAD, ())
    assert schema.check(empty).is_current


def test_migrations_build_exactly_what_the_tables_in_code_describe(empty: Database) -> None:
    schema.upgrade(empty)
    migrated = anatomy(empty)
    schema.downgrade(empty)
    with empty.write() as tx:
        metadata.create_all(tx)
    assert migrated == anatomy(empty)


def test_downgrading_leaves_nothing_and_upgrading_again_brings_it_all_back(empty: Database) -> None:
    schema.upgrade(empty)
    before = anatomy(empty)
    assert schema.downgrade(empty) == ""
    assert table_names(empty) == {"alembic_version"}
    assert schema.upgrade(empty) == HEAD
    assert anatomy(empty) == before


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    before = anatomy(empty)
    assert schema.upgrade(empty) == HEAD
    assert anatomy(empty) == before


def test_checking_an_empty_database_says_what_it_lacks_and_changes_nothing(empty: Database) -> None:
    state = schema.check(empty)
    assert state == schema.SchemaState(None, HEAD, ())
    assert not state.is_current
    assert table_names(empty) == set()


def test_checking_names_what_somebody_changed_by_hand(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.write() as tx:
        tx.execute(text("DROP INDEX ix_units_parent_id"))
    state = schema.check(empty)
    assert not state.is_current
    (difference,) = state.differences
    assert "add_index" in difference
    assert "ix_units_parent_id" in difference


def _upgrade(url: str) -> str:
    database = Database(url)
    try:
        return schema.upgrade(database)
    finally:
        database.close()


def test_processes_that_upgrade_at_once_take_turns(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=spawn, initializer=_wait_at, initargs=(spawn.Barrier(3),)) as pool:
        assert list(pool.map(_upgrade, [empty_url] * 3)) == [HEAD] * 3
    database = Database(empty_url)
    assert schema.check(database).is_current
    database.close()


def _wait_at(barrier: Any) -> None:  # noqa: ANN401 - multiprocessing's barrier has no public type
    barrier.wait(timeout=60)
