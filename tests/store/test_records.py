"""Records are made of rows by the names of the columns; whatever does not fit is said at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import bindparam, func, insert, select

from ocop_workflow.regulations import Level
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one, reader
from ocop_workflow.store.tables import units

if TYPE_CHECKING:
    from ocop_workflow.store import Database


@dataclass(frozen=True, slots=True)
class Place:
    slug: str
    name: str
    level: Level
    letters: int = 0


class Pair(NamedTuple):
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    pair: Pair
    level: Level
    told: tuple[str, ...]


def _named(name: str | None) -> str:
    return (name or "?").upper()


SWAPPED = select(units.c.level, units.c.name, units.c.slug)
FOUND = Prepared(SWAPPED.where(units.c.slug == bindparam("of_slug")))


@pytest.fixture
def places(database: Database) -> Database:
    common = {"level": Level.COMMUNE, "office": "UBND", "search_key": "x", "sort_key": "x"}
    with database.write() as tx:
        tx.execute(insert(units), [{"slug": f"p-{name}", "name": name, **common} for name in ("a", "b")])
    return database


def test_columns_find_their_fields_whatever_their_order(places: Database) -> None:
    with places.read() as tx:
        statement = SWAPPED.add_columns(func.length(units.c.slug).label("letters")).order_by(units.c.slug)
        assert read_all(Place, tx.execute(statement)) == [
            Place("p-a", "a", Level.COMMUNE, 3),
            Place("p-b", "b", Level.COMMUNE, 3),
        ]
        assert read_one(Place, tx.execute(SWAPPED.where(units.c.slug == "p-b"))) == Place(
            "p-b", "b", Level.COMMUNE
        )
        assert read_one(Place, tx.execute(SWAPPED.where(units.c.slug == "p-c"))) is None


def test_a_prepared_statement_knows_the_names_of_its_columns(places: Database) -> None:
    assert FOUND.columns == ("level", "name", "slug")
    with places.write() as tx:
        assert FOUND.records(Place, tx, of_slug="p-a") == [Place("p-a", "a", Level.COMMUNE)]
        assert FOUND.records(Place, tx, of_slug="p-c") == []


def test_an_error_does_not_wait_for_a_row(places: Database) -> None:
    with places.read() as tx:
        nothing = tx.execute(SWAPPED.where(units.c.slug == "p-c"))
        with pytest.raises(TypeError, match="Pair: columns without a field, or twice: level"):
            read_all(Pair, nothing)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["slug", "name"], "Place: fields without a column: level"),
        (["slug", "level", "letters"], "Place: fields without a column: name"),
        (["slug", "name", "level", "age"], "Place: columns without a field, or twice: age"),
        (["slug", "name", "level", "name"], "Place: columns without a field, or twice: name"),
        ([], "Place: fields without a column: slug, name, level"),
    ],
)
def test_what_does_not_fit_is_named(columns: list[str], said: str) -> None:
    with pytest.raises(TypeError) as caught:
        reader(Place, columns)
    assert str(caught.value) == said


def test_a_record_takes_values_beside_the_row_and_records_within() -> None:
    make = reader(
        Held, ["level", "pair_name", "number", "pair_slug"], "told", apart=["number"], parts={"pair": Pair}
    )
    assert make((Level.COMMUNE, "a", 7, "p-a"), ("x",)) == Held(Pair("p-a", "a"), Level.COMMUNE, ("x",))


def test_a_part_may_be_made_by_a_function_of_one_column() -> None:
    make = reader(Pair, ["slug", "name_name"], parts={"name": _named})
    assert [make(row) for row in (("p-a", "a"), ("p-b", None))] == [Pair("p-a", "A"), Pair("p-b", "?")]


def test_values_beside_the_row_may_belong_between_its_columns() -> None:
    make = reader(Place, ["slug", "level"], "name")
    assert make(("p-a", Level.COMMUNE), "a") == Place("p-a", "a", Level.COMMUNE)
    in_order = reader(Place, ["slug", "name"], "level")
    assert in_order(("p-a", "a"), Level.COMMUNE) == Place("p-a", "a", Level.COMMUNE)


def test_of_a_row_for_two_records_each_takes_its_own() -> None:
    columns = ["slug", "name", "level", "other_name", "other_slug"]
    row = ("p-a", "a", Level.COMMUNE, "b", "p-b")
    place = reader(Place, columns, apart=[name for name in columns if name.startswith("other_")])
    assert place(row) == Place("p-a", "a", Level.COMMUNE)
    assert reader(Pair, columns, under="other_")(row) == Pair("p-b", "b")


def test_the_pairing_of_a_record_with_columns_is_found_once() -> None:
    assert reader(Pair, ["name", "slug"]) is reader(Pair, ["name", "slug"])
