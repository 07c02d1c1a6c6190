"""Statements of the hot paths: put together once for each dialect, then handed to the driver as they are.

For a statement of one row SQLAlchemy's way from the expression to the driver takes longer than the database
takes to execute it. Here that way is gone once; values still go through the columns' types.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DBAPIError, InvalidRequestError

from ocop_workflow.store.records import rows_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Dialect, Executable
    from sqlalchemy.types import TypeEngine

    from ocop_workflow.store.records import Parts

R = TypeVar("R")


class Prepared:
    """A statement with `bindparam`s (an INSERT: the columns that are given) that is executed often."""

    def __init__(self, statement: Executable) -> None:
        """Take the statement as SQLAlchemy's expression; it is compiled when it is first executed."""
        self._statement = statement
        self._compiled: dict[tuple[str, frozenset[str]], _Compiled] = {}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that it returns, in their order."""
        statement: Any = self._statement
        return tuple(statement.exported_columns.keys())

    def rows(self, tx: Connection, **given: object) -> list[tuple[Any, ...]]:
        """Execute it and return its rows."""
        return self._for(tx, given).rows(tx, given)

    def records(
        self, kind: Callable[..., R], tx: Connection, parts: Parts | None = None, /, **given: object
    ) -> list[R]:
        """Execute it and return its rows as records of a kind; `parts`: see `records.reader`."""
        return rows_reader(kind, self.columns, parts=parts)(self.rows(tx, **given))

    def count(self, tx: Connection, **given: object) -> int:
        """Execute it and return how many rows it touched."""
        return self._for(tx, given).count(tx, given)

    def _for(self, tx: Connection, given: dict[str, object]) -> _Compiled:
        key = tx.dialect.name, frozenset(given)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._statement, tx.dialect, list(given))
        return compiled


class _Compiled:
    """The statement in the words of one dialect, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:  # noqa: ANN401 - see Prepared
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self._sql = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._constants = {name: bind.value for name, bind in compiled.binds.items() if name not in names}
        self._into = {
            name: process
            for name, bind in compiled.binds.items()
            if (process := _impl(bind.type, dialect).bind_processor(dialect))
        }
        self._out = [
            (place, process)
            for place, column in enumerate(statement.exported_columns)
            if (process := _impl(column.type, dialect).result_processor(dialect, None))
        ]

    def rows(self, tx: Connection, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = self._execute(tx, given)
        found = cursor.fetchall()
        cursor.close()
        return [self._read(row) for row in found]

    def count(self, tx: Connection, given: dict[str, Any]) -> int:
        cursor = self._execute(tx, given)
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def _execute(self, tx: Connection, given: dict[str, Any]) -> Any:  # noqa: ANN401 - a driver's cursor
        if not tx.in_transaction():  # SQLite would commit each statement by itself
            raise InvalidRequestError("a prepared statement stands in a transaction")
        values = {**self._constants, **given}
        for name, process in self._into.items():
            values[name] = process(values[name])
        parameters = values if self._order is None else [values[name] for name in self._order]
        cursor = tx.connection.cursor()
        try:
            cursor.execute(self._sql, parameters)
        except tx.dialect.loaded_dbapi.Error as error:
            raise _wrapped(tx, cursor, self._sql, error) from error
        return cursor

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, process in self._out:
            values[place] = process(values[place])
        return tuple(values)


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _wrapped(tx: Connection, cursor: Any, sql: str, error: Exception) -> BaseException:  # noqa: ANN401 - see rows
    """Return a driver's error as SQLAlchemy raises it; a line that is lost is given up, as it does."""
    dialect = tx.dialect
    lost = dialect.is_disconnect(error, tx.connection.dbapi_connection, cursor)  # type: ignore[arg-type]  # its types stop at the driver
    if lost:
        tx.invalidate(error)
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
