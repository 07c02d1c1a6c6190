"""Whether a database is the one that this version of the service works on: asked before anything is written.

Alembic knows it all and takes a fifth of a second to load; here stands what a sweep can afford to ask.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from ocop_workflow.errors import Conflict, Text
from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: where Alembic finds its scripts
MIGRATIONS = Path(__file__).parents[1] / "migrations"
_VERSIONS = MIGRATIONS / "versions"
_RESTS_ON = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)

#: every column that there is, as (table, column): one question
_COLUMNS = {
    "sqlite": (
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    ),
    "postgresql": (
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped "
        "AND pg_table_is_visible(c.oid)"
    ),
}


@cache
def revision_wanted() -> str:
    """Return the revision that this version works on: the migration on which no other one rests."""
    files = list(_VERSIONS.glob("[0-9]*_*.py"))
    rested_on = {found for file in files for found in _RESTS_ON.findall(file.read_text("utf-8"))}
    (newest,) = {file.name.partition("_")[0] for file in files} - rested_on
    return newest


def revision_reached(tx: Connection) -> str | None:
    """Return the revision of a database; none if it has never been upgraded."""
    if ("alembic_version", "version_num") not in _columns(tx):
        return None
    reached: str | None = tx.scalar(text("SELECT version_num FROM alembic_version"))
    return reached


def missing_columns(tx: Connection) -> list[Text]:
    """Name the tables and columns that a database of the right revision lacks."""
    there = _columns(tx)
    tables = {table for table, _ in there}
    lacking = []
    for table in metadata.sorted_tables:
        if table.name not in tables:
            lacking.append(Text(f"thiếu bảng {table.name}", f"the table {table.name} is missing"))
            continue
        lacking += [
            Text(
                f"bảng {table.name} thiếu cột {column.name}",
                f"the table {table.name} lacks the column {column.name}",
            )
            for column in table.columns
            if (table.name, column.name) not in there
        ]
    return lacking


def _columns(tx: Connection) -> set[tuple[str, str]]:
    return {(row[0], row[1]) for row in tx.execute(text(_COLUMNS[tx.dialect.name]))}


def refuse_misfit(tx: Connection) -> None:
    """Let nothing be written into a database of another version, or one that lacks what it ought to have.

    Raises:
        Conflict: it has never been upgraded, or to another revision; or a table or column is missing.
    """
    reached, wanted = revision_reached(tx), revision_wanted()
    if reached != wanted:
        raise another_revision(reached, wanted)
    lacking = missing_columns(tx)
    if lacking:
        raise Conflict(
            f"Cơ sở dữ liệu ghi là phiên bản {wanted} nhưng {'; '.join(item.vi for item in lacking)}; "
            "`ocop db upgrade` không bù được: hãy khôi phục từ bản sao lưu gần nhất. Không có gì thay đổi.",
            f"The database calls itself {wanted}, but {'; '.join(item.en for item in lacking)}; "
            "`ocop db upgrade` cannot bring it back: restore the latest backup. Nothing was changed.",
        )


def another_revision(reached: str | None, wanted: str) -> Conflict:
    """Say that a database is of another version."""
    return Conflict(
        f"Cơ sở dữ liệu ở phiên bản {reached or 'trống'}, cần {wanted}; hãy chạy `ocop db upgrade`.",
        f"The database is at revision {reached or 'none'}, {wanted} is needed; run `ocop db upgrade`.",
    )
