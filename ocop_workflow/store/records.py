"""Records made of a statement's rows by the names of the columns, never by their places.

A column bears the name of its field: `units.c.name.label("unit_name")`. Which column goes where is worked out
once for a statement and a record; for each row nothing is left to do but to call the record.
"""

from __future__ import annotations

from functools import cache
from inspect import signature
from itertools import starmap
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Result

    Parts = Mapping[str, Callable[..., Any]]
    _Values = Sequence[Any]

R = TypeVar("R")


def read_all(
    kind: Callable[..., R], found: Result[Any], *, apart: Collection[str] = (), parts: Parts | None = None
) -> list[R]:
    """Return what was found as records of a kind; see `reader`."""
    return _pairing(kind, found.keys(), apart=apart, parts=parts).all(found)


def read_one(kind: Callable[..., R], found: Result[Any]) -> R | None:
    """Return what was found, one row at most, as a record of a kind; see `reader`."""
    pairing, row = _pairing(kind, found.keys()), found.one_or_none()
    return None if row is None else cast("R", pairing.one(row))


def reader(
    kind: Callable[..., R],
    columns: Iterable[str],
    *besides: str,
    under: str = "",
    apart: Collection[str] = (),
    parts: Parts | None = None,
) -> Callable[..., R]:
    """Return what makes a record of a row.

    Args:
        kind: the record, or a function whose arguments are named as columns are.
        columns: the names of the row's columns in their order.
        besides: fields whose values are handed in behind the row, in this order.
        under: how the columns begin that are meant; the others are somebody else's.
        apart: columns that are nobody's field: whoever asks reads them beside the record.
        parts: fields that are records too, each made of the columns that begin with its name and `_`.

    Raises:
        TypeError: a column has no field, two columns have one, or a field has neither a column nor a default.
    """
    return _pairing(kind, columns, *besides, under=under, apart=apart, parts=parts).one


def rows_reader(
    kind: Callable[..., R], columns: Iterable[str], *, parts: Parts | None = None
) -> Callable[[Iterable[_Values]], list[R]]:
    """Return what makes records of all rows of these columns at once; see `reader`."""
    return _pairing(kind, columns, parts=parts).all


def _pairing(
    kind: Callable[..., R],
    columns: Iterable[str],
    *besides: str,
    under: str = "",
    apart: Collection[str] = (),
    parts: Parts | None = None,
) -> _Pairing:
    return _paired(kind, tuple(columns), besides, under, frozenset(apart), tuple((parts or {}).items()))


class _Pairing(NamedTuple):
    """How rows become records: one with the values beside it, or all that have nothing beside them."""

    one: Callable[..., Any]
    all: Callable[[Iterable[_Values]], list[Any]]


@cache  # as many as there are statements
def _paired(
    kind: Callable[..., Any],
    columns: tuple[str, ...],
    besides: tuple[str, ...],
    under: str,
    apart: frozenset[str],
    parts: tuple[tuple[str, Callable[..., Any]], ...],
) -> _Pairing:
    others = tuple(f"{field}_" for field, _ in parts)
    own = [
        (column.removeprefix(under), place)
        for place, column in enumerate(columns)
        if column.startswith(under) and not column.startswith(others) and column not in apart
    ]
    behind = (*besides, *(field for field, _ in parts))
    own += [(field, len(columns) + place) for place, field in enumerate(behind)]
    places = _places(kind, own)
    in_order = places == list(range(len(columns) + len(behind)))
    pick = tuple if in_order else _picker(places)
    inner = [
        _paired(part, columns, (), prefix, frozenset(), ())
        for prefix, (_, part) in zip(others, parts, strict=True)
    ]

    def with_parts(row: _Values, *more: Any) -> Any:  # noqa: ANN401 - a record
        return kind(*pick((*row, *more, *[part.one(row) for part in inner])))

    def all_with_parts(rows: Iterable[_Values]) -> list[Any]:
        known = list(map(tuple, rows))
        made = zip(*(part.all(known) for part in inner), strict=True)
        return [kind(*pick((*row, *values))) for row, values in zip(known, made, strict=True)]

    if parts:
        return _Pairing(with_parts, all_with_parts)
    if besides:
        return _Pairing(lambda row, *more: kind(*pick((*row, *more))), list)
    if in_order:  # the most of them: nothing stands between the row and the record
        return _Pairing(lambda row: kind(*row), lambda rows: list(starmap(kind, rows)))
    return _Pairing(
        lambda row: kind(*pick(row)), lambda rows: list(starmap(kind, map(pick, map(tuple, rows))))
    )


def _places(kind: Callable[..., Any], own: Sequence[tuple[str, int]]) -> list[int]:
    """Return where the values of a record's fields stand, in the order of the fields."""
    fields = signature(kind).parameters
    known = dict(own)
    strange = [name for name, place in own if name not in fields or known[name] != place]
    if strange:
        raise TypeError(f"{kind.__name__}: columns without a field, or twice: {', '.join(strange)}")
    last = max((number for number, name in enumerate(fields, start=1) if name in known), default=0)
    lacking = [
        name
        for number, (name, field) in enumerate(fields.items(), start=1)
        if name not in known and (number <= last or field.default is field.empty)
    ]
    if lacking:
        raise TypeError(f"{kind.__name__}: fields without a column: {', '.join(lacking)}")
    return [known[name] for name in list(fields)[:last]]


def _picker(places: Sequence[int]) -> Callable[[_Values], _Values]:
    if len(places) == 1:
        only = slice(places[0], places[0] + 1)
        return lambda values: values[only]
    return itemgetter(*places)
