"""Values that no column may hold: where they stand, once something could not be read.

A library that meets one knows neither table nor row. So they are looked for afterwards, with the database's
own words; nothing is asked as long as everything can be read.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Date, Enum, Integer, LargeBinary, String, text

from ocop_workflow.errors import Unavailable
from ocop_workflow.store import prepared
from ocop_workflow.store.tables import metadata
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Connection, Table

#: what is wrong with a value of a type, in SQLite's words; `{c}` is the column
_WRONG: tuple[tuple[type, str], ...] = (
    (Date, "typeof({c}) <> 'text' OR date({c}, '+0 days') IS NOT {c}"),
    (UtcDateTime, "typeof({c}) <> 'text' OR datetime({c}, '+0 days') IS NOT substr({c}, 1, 19)"),
    (JSON, "NOT json_valid({c})"),
    (LargeBinary, "typeof({c}) <> 'blob'"),
    (Boolean, "{c} NOT IN (0, 1)"),
    (Integer, "typeof({c}) <> 'integer'"),
    (String, "typeof({c}) <> 'text'"),
)


def was_met(error: BaseException) -> bool:
    """Tell whether an error comes from a value that could not be read, and not from our own reckoning."""
    names = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = max((n for n, name in enumerate(names) if name.startswith("ocop_workflow")), default=-1)
    return names[ours] == prepared.__name__ or any(
        name.startswith("sqlalchemy") for name in names[ours + 1 :]
    )


def find(tx: Connection) -> Unavailable | None:
    """Name the first value that cannot be read; none: there is none."""
    for table, column, wrong in _suspects(tx.dialect.name == "sqlite"):
        key = ", ".join(f'"{part.name}"' for part in table.primary_key.columns)
        statement = f'SELECT CAST("{column.name}" AS TEXT), {key} FROM "{table.name}" WHERE {wrong} LIMIT 1'  # noqa: S608 - only our own names go in
        row = tx.execute(text(statement)).one_or_none()
        if row is not None:
            return _say(table, column, row)
    return None


def _suspects(is_sqlite: bool) -> Iterator[tuple[Table, Column[Any], str]]:  # noqa: FBT001 - one question
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = f'"{column.name}"'
            if isinstance(column.type, Enum):
                words = ", ".join(f"'{word}'" for word in column.type.enums)
                yield table, column, f"{name} IS NOT NULL AND {name} NOT IN ({words})"
            elif is_sqlite:
                wrong = next((sql for kind, sql in _WRONG if isinstance(column.type, kind)), None)
                if wrong is not None:
                    yield table, column, f"{name} IS NOT NULL AND ({wrong.replace('{c}', name)})"


def _say(table: Table, column: Column[Any], row: Any) -> Unavailable:  # noqa: ANN401 - a row of the database
    value, *key = row
    where = ", ".join(
        f"{part.name} = {one}" for part, one in zip(table.primary_key.columns, key, strict=True)
    )
    shown = str(value)[:60]
    return Unavailable(
        f"Bảng {table.name}, dòng {where}, cột {column.name} có giá trị không đọc được: «{shown}». Ai đó đã "
        "sửa tay hoặc tệp bị hỏng; hãy khôi phục từ bản sao lưu gần nhất mà `ocop doctor` thấy còn đúng.",
        f"The table {table.name}, row {where}, column {column.name} holds a value that cannot be read: "
        f"{shown!r}. It was changed by hand or is damaged; restore the latest backup that `ocop doctor` "
        "finds sound.",
    )
