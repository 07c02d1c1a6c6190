"""Migrations: up to the newest, down, and what state a database is in. Configured in code, no ini file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from ocop_workflow.errors import Text
from ocop_workflow.store import taking_over
from ocop_workflow.store.tables import metadata
from ocop_workflow.store.troubles import pages
from ocop_workflow.store.troubles.fitness import MIGRATIONS, refuse_misfit, revision_wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from ocop_workflow.store.database import Database

#: two processes that upgrade one PostgreSQL database at once take turns by this number
_ADVISORY_LOCK = 0x0C0B


def upgrade(database: Database, to: str = "head") -> str:
    """Bring the database up to a revision, made if it is not there; two at once take turns.

    Returns the revision reached.
    """
    database.create()
    return _migrate(database, _take_over_and_upgrade, to)


def downgrade(database: Database, to: str = "base") -> str:
    """Take the database down to a revision. Returns the revision reached (empty: none)."""
    return _migrate(database, command.downgrade, to)


def _take_over_and_upgrade(config: Config, to: str) -> None:
    """Upgrade; a database of before the first release keeps its rows, in tables made anew."""
    tx: Connection = config.attributes["connection"]
    is_earlier = _revision(tx) == taking_over.BEFORE
    if is_earlier:
        taking_over.lay_aside(tx)
    command.upgrade(config, to)
    if is_earlier:
        taking_over.put_back(tx)


def _migrate(database: Database, step: Any, to: str) -> str:  # noqa: ANN401 - Alembic's commands share no type
    database.lift_fence()
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        step(_config(connection), to)
        return _revision(connection) or ""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """How a database is.

    Attributes:
        current: its revision; none: it has never been upgraded.
        wanted: the one that the service works on.
        differences: what of its tables is not as they are described; only looked at in the wanted revision.
        damage: what it finds wrong with its own file, in its words, and rows that point nowhere.
        unexamined: what could not be examined; none: nothing.
    """

    current: str | None
    wanted: str
    differences: tuple[Text, ...] = ()
    damage: tuple[str, ...] = ()
    unexamined: Text | None = None

    @property
    def is_current(self) -> bool:
        """Whether its tables are those that the service works on."""
        return self.current == self.wanted and not self.differences

    @property
    def is_sound(self) -> bool:
        """Whether the service can work on this database."""
        return self.is_current and not self.damage


def refuse_another_version(database: Database) -> None:
    """Let nothing that runs for long begin on a database of another version.

    Raises:
        Conflict: see `fitness.refuse_misfit`.
        Unavailable: it does not answer.
    """
    with database.read() as tx:
        refuse_misfit(tx)


def check(database: Database) -> SchemaState:
    """Compare the database with what the service wants, and let it examine its own file; changes nothing."""
    with database.read() as tx:
        current, wanted = _revision(tx), revision_wanted()
        return SchemaState(
            current,
            wanted,
            tuple(differences(tx)) if current == wanted else (),
            (*pages.damaged(tx), *pages.dangling(tx)),
            pages.unexamined(tx),
        )


def differences(tx: Connection) -> Iterator[Text]:
    """Yield what a database of the wanted revision lacks of what its tables are to have, or has otherwise.

    What somebody has added is nobody's business.
    """
    there = set(inspect(tx).get_table_names())
    for found in compare_metadata(_context(tx), metadata):
        for name, *what in found if isinstance(found, list) else [found]:
            if name == "add_table" or (
                name in _SAYINGS and str(getattr(what[0], "table", "")) in {*there, ""}
            ):
                yield Text(*_SAYINGS[name](what))
    yield from _missing_checks(tx)
    yield from _missing_triggers(tx)


def _lacks(vi: str, en: str, name: object, table: object) -> tuple[str, str]:
    return f"bảng {table} thiếu {vi} {name}", f"the table {table} lacks the {en} {name}"


def _modified(what: list[Any]) -> tuple[str, str]:
    _, table, column, *_ = what
    return f"cột {table}.{column} khác kiểu", f"the column {table}.{column} is of another type"


#: what Alembic finds, in words
_SAYINGS: dict[str, Callable[[list[Any]], tuple[str, str]]] = {
    "add_table": lambda what: (f"thiếu bảng {what[0].name}", f"the table {what[0].name} is missing"),
    "add_column": lambda what: _lacks("cột", "column", what[2].name, what[1]),
    "add_index": lambda what: _lacks("chỉ mục", "index", what[0].name, what[0].table.name),
    "add_constraint": lambda what: _lacks("ràng buộc", "constraint", what[0].name, what[0].table.name),
    "add_fk": lambda what: _lacks("tham chiếu", "reference", what[0].name, what[0].parent.name),
    "modify_type": _modified,
    "modify_nullable": _modified,
}


def _missing_checks(tx: Connection) -> Iterator[Text]:
    """Yield the checks (closed sets of words and the like) that a table lacks: Alembic passes them by."""
    inspector = inspect(tx)
    there = set(inspector.get_table_names())
    for table in (table for table in metadata.sorted_tables if table.name in there):
        have = {check["name"] for check in inspector.get_check_constraints(table.name)}
        wanted = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        for name in sorted(wanted - have):
            yield Text(*_lacks("ràng buộc", "constraint", name, table.name))


#: what keeps the audit from being changed
_TRIGGERS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        ("audit_no_update", "audit_no_delete"),
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('audit') AND tgenabled <> 'D'",
        ("audit_append_only",),
    ),
}


def _missing_triggers(tx: Connection) -> Iterator[Text]:
    question, wanted = _TRIGGERS[tx.dialect.name]
    there = set(tx.scalars(text(question)))
    for name in wanted:
        if name not in there:
            yield Text(*_lacks("khóa chống sửa", "guard", name, "audit"))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": True})


def _revision(connection: Connection) -> str | None:
    return _context(connection).get_current_revision()
