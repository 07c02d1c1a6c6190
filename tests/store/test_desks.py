"""Letters go to desks: the migration keeps every row and whom it speaks to, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.places import queries as places
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit
from ocop_workflow.store import schema
from tests.factories import rows
from tests.stories.days import sweep_on

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.spoils_tables

BY_UNIT = "unit_id"
BY_DESK = "(SELECT unit_id FROM desks WHERE desks.id = desk_id)"
#: an officer with an address; a unit that is stored later has a desk of another number than its own
STAFF = (
    "INSERT INTO officers (login, name, created_at, created_by) VALUES ('lan', 'Lan', '2024-04-23', 'minh')",
    "INSERT INTO desks (kind, officer_id) SELECT 'officer', id FROM officers",
    (
        "INSERT INTO contacts (kind, desk_id, address, valid_from, mark) "
        "SELECT 'email', id, 'lan@pho-an.example', '2024-04-23', 'lan' FROM desks WHERE kind = 'officer'"
    ),
)
NEW = Unit(
    id="xa-moi", name="Xã Mới", level=Level.COMMUNE, office="UBND xã Mới", emails=("moi@duc-pho.example",)
)


def spoken_to(database: Database, whose: str) -> list[list[tuple[Any, ...]]]:
    """Return which unit each address, reminder, digest and letter of a unit belongs to."""
    found = (
        rows(database, f"SELECT {row}, {whose} FROM {table} ORDER BY 1, 2, 3")
        for table, row in (
            ("contacts", "id, address"),
            ("reminders", "deadline_id, stage"),
            ("digests", "id, generation"),
            ("outbox", "id, key"),
        )
    )
    return [[row for row in table if row[-1] is not None] for table in found]


def test_the_way_down_and_up_again_keeps_every_row_and_whom_it_speaks_to(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        for statement in STAFF:
            tx.execute(text(statement))
        places.save_unit(tx, NEW, clock.today())
    ((unit, desk),) = rows(
        seeded, "SELECT u.id, k.id FROM units u JOIN desks k ON k.unit_id = u.id WHERE slug = 'xa-moi'"
    )
    assert unit != desk
    before = spoken_to(seeded, BY_DESK)
    assert all(before)

    schema.downgrade(seeded, "0016")
    assert spoken_to(seeded, BY_UNIT) == before
    assert rows(seeded, "SELECT COUNT(*) FROM contacts WHERE address = 'lan@pho-an.example'") == [(0,)]
    schema.upgrade(seeded)

    assert spoken_to(seeded, BY_DESK) == before
    assert schema.check(seeded).is_sound
