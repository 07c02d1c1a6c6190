"""Where the benchmarks work: a filled template, and a fresh copy of it for every run."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from benchmarks.data import fill
from ocop_workflow.store import Database
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = f"ocop_bench_{os.getpid()}"


class Store:
    """A database with `size` products that can be had again and again as it was."""

    def __init__(self, kind: str, size: int, template: str) -> None:
        self.kind, self.size, self.template = kind, size, template
        database = Database(template)
        fill(database, size)
        database.close()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give the address of a copy that nobody has touched."""
        if self.kind == "sqlite":
            source = Path(make_url(self.template).database or "")
            copy = source.with_name("copy.sqlite3")
            shutil.copy(source, copy)
            os.sync()  # what the copying left behind is not the sweep's to write
            yield f"sqlite:///{copy}"
            for path in source.parent.glob("copy.sqlite3*"):
                path.unlink()
        else:
            with _postgres_copy(self.template) as url:
                yield url


@contextmanager
def _postgres_copy(template: str) -> Iterator[str]:
    address = make_url(template)
    name = f"{address.database}_copy"
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{address.database}" STRATEGY file_copy'))
        connection.execute(text("CHECKPOINT"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()


@contextmanager
def store(kind: str, size: int) -> Iterator[Store]:
    """Fill a database of a kind (sqlite or postgresql); it is gone afterwards.

    Raises:
        RuntimeError: no PostgreSQL can be had.
    """
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="ocop-bench-") as folder:
            yield Store(kind, size, f"sqlite:///{folder}/template.sqlite3")
        return
    with postgres.server() as server:
        if server is None:
            raise RuntimeError("no PostgreSQL server answers and none can be started")
        with postgres.database_of_own(server, NAME) as url:
            yield Store(kind, size, url)
