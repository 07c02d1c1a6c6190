"""Migrations: up to the newest, down, and what state a database is in. Configured in code, no ini file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ocop_workflow.errors import Conflict
from ocop_workflow.storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ocop_workflow.storage.database import Database

#: two processes that upgrade one PostgreSQL database at once take turns by this number
_ADVISORY_LOCK = 0x0C0B


def upgrade(database: Database, to: str = "head") -> str:
    """Bring the database up to a revision, made if it is not there; two at once take turns.

    Returns the revision reached.
    """
    database.create()
    return _migrate(database, command.upgrade, to)


def downgrade(database: Database, to: str = "base") -> str:
    """Take the database down to a revision. Returns the revision reached (empty: none)."""
    return _migrate(database, command.downgrade, to)


def _migrate(database: Database, step: Any, to: str) -> str:  # noqa: ANN401 - Alembic's commands share no type
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        step(_config(connection), to)
        return _revision(connection) or ""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Which revision a database has, which one the service wants, and what differs from the tables."""

    current: str | None
    wanted: str
    differences: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the service can work on this database."""
        return self.current == self.wanted and not self.differences


def refuse_another_version(database: Database) -> None:
    """Let nothing that runs for long begin on a database of another version.

    Raises:
        Conflict: it has never been upgraded, or to another revision than this version works on.
        Unavailable: it does not answer.
    """
    with database.read() as connection:
        current = _revision(connection)
        wanted = ScriptDirectory.from_config(_config(connection)).get_current_head()
    if current != wanted:
        raise Conflict(
            f"Cơ sở dữ liệu ở phiên bản {current or 'trống'}, cần {wanted}; hãy chạy `ocop db upgrade`.",
            f"The database is at revision {current or 'none'}, {wanted} is needed; run `ocop db upgrade`.",
        )


def check(database: Database) -> SchemaState:
    """Compare the database with what the service wants; changes nothing."""
    with database.read() as connection:
        current = _revision(connection)
        wanted = ScriptDirectory.from_config(_config(connection)).get_current_head() or ""
        differences = compare_metadata(_context(connection), metadata) if current == wanted else []
        return SchemaState(current, wanted, tuple(map(str, differences)))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": True})


def _revision(connection: Connection) -> str | None:
    return _context(connection).get_current_revision()
