"""Migrations: up from nothing, down to nothing, and never a difference from the tables in code."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ocop_workflow.errors import Conflict
from ocop_workflow.store import Database, schema
from ocop_workflow.store.tables import metadata
from ocop_workflow.store.troubles import fitness
from tests import postgres
from tests.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Inspector

pytestmark = pytest.mark.spoils_tables

HEAD = "0038"


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgres_server")
        with postgres.database_of_own(server, f"ocop_empty_{worker_id}_{os.getpid()}") as url:
            yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    database.create()
    yield database
    database.close()


@pytest.fixture(scope="session")
def _current_name(postgres_server: str, worker_id: str) -> Iterator[str]:
    name = f"ocop_current_{worker_id}_{os.getpid()}"
    with postgres.database_of_own(postgres_server, name) as url:
        _upgrade(url)
        yield name


@pytest.fixture(params=BACKENDS)
def current(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the newest revision, which a test may spoil."""
    if request.param == "sqlite":
        file = request.getfixturevalue("tmp_path") / "current.sqlite3"
        shutil.copy(request.getfixturevalue("_sqlite_template"), file)
        yield (database := Database(f"sqlite:///{file}"))
        database.close()
        return
    server, name = request.getfixturevalue("postgres_server"), request.getfixturevalue("_current_name")
    with postgres.database_of_own(server, f"{name}_copy", name) as url:
        yield (database := Database(url))
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
    state = schema.check(empty)
    assert (state.current, state.wanted, state.differences, state.damage) == (HEAD, HEAD, (), ())
    assert state.is_sound


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
    assert (state.current, state.wanted, state.differences) == (None, HEAD, ())
    assert not state.is_current
    assert table_names(empty) == set()


def test_checking_names_what_somebody_changed_by_hand(current: Database) -> None:
    with current.write() as tx:
        tx.execute(text("DROP INDEX ix_units_parent_id"))
    state = schema.check(current)
    assert not state.is_current
    (difference,) = state.differences
    assert difference.vi == "bảng units thiếu chỉ mục ix_units_parent_id"
    assert difference.en == "the table units lacks the index ix_units_parent_id"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE outbox DROP COLUMN relay_reply", "the table outbox lacks the column relay_reply"),
        ("DROP TABLE replies", "the table replies is missing"),
        ("DROP INDEX uq_deadlines_open", "the table deadlines lacks the index uq_deadlines_open"),
        ("audit", "the table audit lacks the guard audit_"),
        ("ALTER TABLE questions ADD COLUMN mine INTEGER", ""),
    ],
)
def test_whatever_somebody_took_away_by_hand_is_named_and_what_was_added_is_not(
    current: Database, change: str, said: str
) -> None:
    if change == "audit":
        change = (
            "DROP TRIGGER audit_no_update" if current.is_sqlite else "DROP TRIGGER audit_append_only ON audit"
        )
    with current.write() as tx:
        tx.execute(text(change))
    state = schema.check(current)
    assert [difference.en[: len(said)] for difference in state.differences] == ([said] if said else [])
    assert schema.upgrade(current) == HEAD


def test_a_table_without_its_closed_set_of_words_is_named(current: Database) -> None:
    if current.is_sqlite:
        pytest.skip("SQLite cannot drop a check")
    with current.write() as tx:
        tx.execute(text("ALTER TABLE outbox DROP CONSTRAINT ck_outbox_state"))
    assert [one.en for one in schema.check(current).differences] == [
        "the table outbox lacks the constraint ck_outbox_state"
    ]


def test_the_newest_revision_is_known_without_alembic() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert fitness.revision_wanted() == scripts.get_current_head()


def test_nobody_writes_into_a_database_of_another_revision_or_one_that_lacks_a_column(
    empty_url: str,
) -> None:
    made = Database(empty_url)
    made.create()
    schema.upgrade(made)
    _call_it(made, "0016")
    old = f"Cơ sở dữ liệu ở phiên bản 0016, cần {HEAD}; hãy chạy `ocop db upgrade`."
    assert refused(empty_url) == (old, old)
    _call_it(made, HEAD)
    assert refused(empty_url) == ()
    with made.write() as tx:
        tx.execute(text("ALTER TABLE outbox DROP COLUMN relay_reply"))
    lacking = (
        f"Cơ sở dữ liệu ghi là phiên bản {HEAD} nhưng bảng outbox thiếu cột relay_reply; `ocop db upgrade` "
        "không bù được: hãy khôi phục từ bản sao lưu gần nhất. Không có gì thay đổi."
    )
    assert refused(empty_url) == (lacking, lacking)
    made.close()


def _call_it(database: Database, revision: str) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def refused(url: str) -> tuple[str, ...]:
    """Return how a writer and whoever runs for long are refused."""
    fenced = Database(url, fitness.refuse_misfit)
    said = []
    for attempt in (fenced.write, fenced.connect):
        try:
            with attempt():
                pass
        except Conflict as error:
            said.append(error.text.vi)
    with fenced.read():
        pass
    fenced.close()
    return tuple(said)


def _upgrade(url: str) -> str:
    database = Database(url)
    try:
        return schema.upgrade(database)
    finally:
        database.close()


@pytest.mark.ordeal
def test_processes_that_upgrade_at_once_take_turns(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=spawn, initializer=_wait_at, initargs=(spawn.Barrier(3),)) as pool:
        assert list(pool.map(_upgrade, [empty_url] * 3)) == [HEAD] * 3
    database = Database(empty_url)
    assert schema.check(database).is_current
    database.close()


def _wait_at(barrier: Any) -> None:  # noqa: ANN401 - multiprocessing's barrier has no public type
    barrier.wait(timeout=60)
