"""Columns that mean the same on both databases: instants in UTC, closed sets of words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select, text
from sqlalchemy.exc import IntegrityError

from ocop_workflow.errors import Unavailable
from ocop_workflow.store.types import UtcDateTime
from tests.factories import rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - hypothesis adds the zone


@given(instant=INSTANTS)
@settings(max_examples=50)
def test_an_instant_comes_back_the_same_and_in_utc(database: Database, instant: datetime) -> None:
    with database.read() as tx:
        stored = tx.execute(select(literal(instant, UtcDateTime))).scalar_one()
    assert stored == instant
    assert stored.tzinfo is UTC


def test_no_instant_stays_none(database: Database) -> None:
    with database.read() as tx:
        assert tx.execute(select(literal(None, UtcDateTime))).scalar_one() is None


def test_instants_are_stored_in_utc(seeded: Database) -> None:
    """The seed is loaded at six in the morning in Việt Nam: 23:00 of the day before in UTC."""
    ((stored,),) = rows(seeded, "SELECT CAST(loaded_at AS TEXT) FROM plans")
    assert stored.startswith("2024-04-22 23:00:00")


def test_an_instant_without_a_zone_is_our_mistake(database: Database) -> None:
    naive = datetime(2024, 4, 23, 6, 0)  # noqa: DTZ001 - the mistake itself
    with database.read() as tx, pytest.raises(Exception, match="naive datetime"):
        tx.execute(select(literal(naive, UtcDateTime)))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("products", "state"),
        ("dossiers", "kind"),
        ("units", "level"),
        ("deadlines", "kind"),
    ],
)
def test_the_database_refuses_a_word_that_it_does_not_know(seeded: Database, table: str, column: str) -> None:
    before = rows(seeded, f"SELECT {column} FROM {table} ORDER BY 1")
    with pytest.raises(Unavailable) as caught, seeded.write() as tx:
        tx.execute(text(f"UPDATE {table} SET {column} = 'almost'"))
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert rows(seeded, f"SELECT {column} FROM {table} ORDER BY 1") == before


def test_the_database_refuses_a_deadline_without_an_owner_or_with_two(seeded: Database) -> None:
    for statement in (
        "UPDATE deadlines SET product_id = NULL WHERE kind = 'milestone'",
        "UPDATE deadlines SET product_id = 1 WHERE kind = 'activity'",
    ):
        with pytest.raises(Unavailable) as caught, seeded.write() as tx:
            tx.execute(text(statement))
        assert isinstance(caught.value.__cause__, IntegrityError)


def test_days_are_stored_as_days(seeded: Database) -> None:
    with seeded.read() as tx:
        days = tx.execute(text("SELECT DISTINCT CAST(due_on AS TEXT) FROM deadlines ORDER BY 1")).scalars()
        assert list(days) == [str(date(2024, 4, 30)), str(date(2024, 6, 30))]
