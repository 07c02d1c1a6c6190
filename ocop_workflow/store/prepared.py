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
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy import Connection, Dialect, Executable
    from sqlalchemy.types import TypeEngine

    from ocop_workflow.store.records import Parts

R = TypeVar("R")


class Prepared:
    """A statement with `bindparam`s (an INSERT: the columns that are given) that is executed often."""

    def __init__(self, statement: Executable, *lists: str) -> None:
        """Take the statement as SQLAlchemy's expression; it is compiled when it is first executed.

        Args:
            statement: the expression.
            lists: the names of its `bindparam`s that stand for several values (`expanding`).
        """
        self._statement = statement
        self._lists = lists
        self._compiled: dict[tuple[object, ...], _Compiled] = {}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that it returns, in their order."""
        statement: Any = self._statement
        return tuple(statement.exported_columns.keys())

    def rows(self, tx: Connection, **given: object) -> list[tuple[Any, ...]]:
        """Execute it and return its rows."""
        given = self._padded(given)
        return self._for(tx, given).rows(tx, given)

    def records(
        self, kind: Callable[..., R], tx: Connection, parts: Parts | None = None, /, **given: object
    ) -> list[R]:
        """Execute it and return its rows as records of a kind; `parts`: see `records.reader`."""
        return rows_reader(kind, self.columns, parts=parts)(self.rows(tx, **given))

    def count(self, tx: Connection, **given: object) -> int:
        """Execute it and return how many rows it touched."""
        given = self._padded(given)
        return self._for(tx, given).count(tx, given)

    def _for(self, tx: Connection, given: dict[str, object]) -> _Compiled:
        key = tx.dialect.name, frozenset(given), *[len(given[name]) for name in self._lists]  # type: ignore[arg-type]  # lists
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._statement, tx.dialect, given)
        return compiled

    def _padded(self, given: dict[str, Any]) -> dict[str, object]:
        return {**given, **{name: _pad(given[name]) for name in self._lists}} if self._lists else given


def _pad(values: Collection[object]) -> list[object]:
    """Repeat the last value until there are 1, 2, 4, 8 …: few lengths are compiled, and IN asks the same."""
    spelled = list(values)
    lacking = (1 << (len(spelled) - 1).bit_length()) - len(spelled) if spelled else 0
    return spelled + spelled[-1:] * lacking


class _Compiled:
    """The statement in the words of one dialect, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, given: Mapping[str, object]) -> None:  # noqa: ANN401 - see Prepared
        compiled = statement.compile(dialect=dialect, column_keys=list(given))
        spelled = compiled.construct_expanded_state(given)
        self._sql: str = spelled.statement
        self._order: list[str] | None = spelled.positiontup
        self._lists = {
            name: spelled.parameter_expansion[name] for name in given if name in spelled.parameter_expansion
        }
        into = {
            name: process
            for name, bind in compiled.binds.items()
            if (process := _impl(bind.type, dialect).bind_processor(dialect))
        }
        into |= spelled.processors
        changing = {*given, *(name for names in self._lists.values() for name in names)}
        self._into = {
            name: process for name, process in into.items() if name in changing - self._lists.keys()
        }
        self._constants = {
            name: into[name](value) if name in into else value
            for name, value in spelled.parameters.items()
            if name not in changing
        }
        self._out = [
            (place, process)
            for place, column in enumerate(statement.exported_columns)
            if (process := _impl(column.type, dialect).result_processor(dialect, None))
        ]

    def rows(self, tx: Connection, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = self._execute(tx, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
        return list(map(self._read, found)) if self._out else found

    def count(self, tx: Connection, given: dict[str, Any]) -> int:
        cursor = self._execute(tx, given)
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def _execute(self, tx: Connection, given: dict[str, Any]) -> Any:  # noqa: ANN401 - a driver's cursor
        if not tx.in_transaction():  # SQLite would commit each statement by itself
            raise InvalidRequestError("a prepared statement stands in a transaction")
        values = {**self._constants, **given}
        for name, names in self._lists.items():
            values.update(zip(names, values.pop(name), strict=True))
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
