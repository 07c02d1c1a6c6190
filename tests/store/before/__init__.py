"""A database as the last commit before the first release's tables left it, of each kind.

The seed's plan and a second one, a year with steps, undoings, re-ratings, a resubmission, sweeps, letters,
officers and a merger of wards. Its last sweep was on 24/12/2024.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import psycopg

    from ocop_workflow.store import Database

_HERE = Path(__file__).parent


def lay(database: Database) -> None:
    """Write it into an empty database."""
    kind = "sqlite" if database.is_sqlite else "postgresql"
    told = gzip.decompress((_HERE / f"{kind}.sql.gz").read_bytes())
    if database.file is not None:
        with closing(sqlite3.connect(database.file)) as connection:
            connection.executescript(told.decode())
    else:
        with database.write() as tx:
            driver = cast("psycopg.Connection[object]", tx.connection.driver_connection)
            driver.execute(told)
