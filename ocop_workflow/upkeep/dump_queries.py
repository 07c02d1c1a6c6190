"""The one door to PostgreSQL's own tools: pg_dump, pg_restore, psql.

The password goes into their environment, never among their arguments, which every user of the machine
can read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import URL, text

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.upkeep.backup_queries import HOLD, damaged, known_revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from ocop_workflow.store.database import Database

_DEBIAN = Path("/usr/lib/postgresql")  # here lie the tools that are not on the PATH
_PLAIN = ("--no-owner", "--no-privileges")


@contextmanager
def one_moment(database: Database) -> Iterator[tuple[Connection, str]]:
    """Give a transaction that reads one moment of the database, and the name by which a dump sees the same.

    Raises:
        Unavailable: the server does not answer.
    """
    with database.read() as tx:
        yield tx, str(tx.scalar(text("SELECT pg_export_snapshot()")))


def dump(database: Database, part: Path, moment: str) -> None:
    """Write a dump of one moment of the database into a file.

    Args:
        database: the database.
        part: an empty file.
        moment: the name of the moment; see `one_moment`.

    Raises:
        Unavailable: the tool is missing, the server does not answer, or the disk is full.
    """
    address, environment = _address(database)
    words = ("--format=custom", *_PLAIN, f"--snapshot={moment}", f"--file={part}", f"--dbname={address}")
    done = _run(environment, "pg_dump", *words)
    _refuse_failure(done)


def check_dump(path: Path, name: Path) -> str:
    """Read a dump from its first byte to its last. Returns its schema's revision.

    Raises:
        InvalidInput: it is damaged, no dump, or of a version that this one does not know.
        Unavailable: the tool is missing.
    """
    for words in (["--list"], [f"--file={os.devnull}"]):
        done = _run({}, "pg_restore", *words, str(path))
        if done.returncode:
            raise damaged(name, _first_line(done.stderr))
    version = _run({}, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(path)).stdout
    found = re.search(r"^COPY .*\n(\S+)\n\\\.$", version, re.MULTILINE)
    return known_revision(found.group(1) if found else "", name)


def refuse_full(database: Database) -> None:
    """Refuse to restore over somebody's data.

    Raises:
        Conflict: the database has tables.
        Unavailable: it cannot be reached.
    """
    with database.read() as tx:
        tables = text(
            "SELECT count(*) FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        if tx.scalar(tables):
            raise Conflict(
                "Cơ sở dữ liệu PostgreSQL này không trống; hãy tạo một cơ sở dữ liệu mới (createdb) và trỏ "
                "OCOP_DATABASE_URL tới đó. Không có gì thay đổi.",
                "This PostgreSQL database is not empty; create a new one (createdb) and point "
                "OCOP_DATABASE_URL at it. Nothing was changed.",
            )


def load(database: Database, path: Path) -> None:
    """Load a checked dump into an empty database and hold its letters, in one transaction.

    Raises:
        Unavailable: a tool is missing, the server does not answer, or loading failed; nothing was changed.
    """
    address, environment = _address(database)
    listed = _run({}, "pg_restore", "--list", str(path)).stdout
    schema = re.search(r" TABLE (\S+) outbox ", listed)
    hold = HOLD.format(outbox=f'"{schema.group(1)}".outbox' if schema else "outbox")
    with TemporaryDirectory(prefix="ocop-") as folder:
        script = Path(folder) / "restore.sql"
        _refuse_failure(_run({}, "pg_restore", *_PLAIN, f"--file={script}", str(path)))
        quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        words = (*quiet, f"--file={script}", f"--command={hold}", f"--dbname={address}")
        _refuse_failure(_run(environment, "psql", *words))


def _address(database: Database) -> tuple[str, dict[str, str]]:
    """Return the address without its password, and the environment that carries it."""
    url = database.engine.url
    query = {name: value for name, value in url.query.items() if name != "password"}
    password = url.password or url.query.get("password")
    # made anew: URL.set() would take None for "leave the password as it is"
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return bare.render_as_string(), {"PGPASSWORD": str(password)} if password else {}


def _run(environment: dict[str, str], tool: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - PostgreSQL's own tool, our own words, no shell
        [_find(tool), *words],
        env={**os.environ, **environment},  # noqa: TID251 - the operator's PGSSL…, HOME
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _find(tool: str) -> str:
    versions = sorted(_DEBIAN.glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = shutil.which(tool) or (str(versions[0]) if versions else None)
    if found is None:
        raise Unavailable(
            f"Không tìm thấy {tool}; hãy cài gói postgresql-client.",
            f"{tool} was not found; install the package postgresql-client.",
        )
    return found


def _refuse_failure(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        words = _first_line(done.stderr)
        raise Unavailable(
            f"PostgreSQL báo lỗi, chưa có gì thay đổi: {words}",
            f"PostgreSQL reports an error, nothing was changed: {words}",
        )


def _first_line(words: str) -> str:
    return next(iter(words.strip().splitlines()), "?")
