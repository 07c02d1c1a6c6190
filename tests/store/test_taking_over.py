"""A database of before the first release goes on: every row is there, doctor and proof find nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.clock import VIETNAM
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.store import Database, schema
from ocop_workflow.upkeep.examination import examine, prove
from tests import postgres
from tests.conftest import BACKENDS
from tests.factories import MINH, SENDER
from tests.fakes import FixedClock
from tests.store import before
from tests.stories.days import run

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> FixedClock:
    """The morning after its last sweep."""
    return FixedClock(datetime(2024, 12, 25, 1, tzinfo=UTC))


@pytest.fixture(params=BACKENDS)
def earlier(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Database]:
    """A database as the last commit before the first release's tables left it."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{request.getfixturevalue('tmp_path') / 'town.sqlite3'}")
    else:
        server = request.getfixturevalue("postgres_server")
        with postgres.database_of_own(server, f"ocop_before_{worker_id}_{os.getpid()}") as url:
            yield from _opened(url)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    before.lay(database)
    yield database
    database.close()


#: read before and after: what people and the rest of the world know of it
KEPT = {
    "products": "id, code, name, unit_id, producer_id, plan_id, state, version, entered_on",
    "transitions": "id, product_id, seq, event, source, target, actor, on_day, at, note, plan_id, undoes",
    "certificates": "id, product_id, star, number, decided_on, valid_until, ended_on, standing",
    "deadlines": "id, product_id, plan_id, rule, due_on, opened_on, closed_on, next_action_on",
    "flags": "deadline_id, raised_on, sweep_id, cleared_on",
    "reminders": "deadline_id, stage, day, status, digest_id, sweep_id",
    "outbox": "id, key, kind, state, sent_at",
    "audit": "seq, actor, action, subject, previous, hash",
    "units": "id, slug, parent_id, name, valid_to, successor_id",
    "officers": "id, login, name",
    "tokens": "id, label, prefix, sha256",
}


def kept(database: Database) -> dict[str, list[str]]:
    with database.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(text(f"SELECT {columns} FROM {name}"))))
            for name, columns in KEPT.items()
        }


def counted(database: Database) -> dict[str, int]:
    with database.connect() as connection:
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in KEPT}


def test_every_row_of_before_is_there_and_doctor_and_proof_find_nothing(
    earlier: Database, clock: FixedClock
) -> None:
    rows, numbers = kept(earlier), counted(earlier)
    assert min(numbers.values()) > 0
    schema.upgrade(earlier)
    assert kept(earlier) == rows
    assert counted(earlier) == numbers
    assert schema.check(earlier).is_sound
    assert examine(earlier, clock).findings == ()
    with earlier.read() as tx:
        proof = prove(tx, VIETNAM)
    assert proof.unbalanced == []


def test_a_product_has_the_dossiers_that_it_had(earlier: Database) -> None:
    schema.upgrade(earlier)
    with earlier.connect() as connection:
        found = connection.execute(
            text(
                "SELECT p.code, d.number, d.kind, l.slug, d.score_mean, d.number = p.dossier_no "
                "FROM dossiers d "
                "JOIN products p ON p.id = d.product_id JOIN plans l ON l.id = d.plan_id "
                "WHERE p.code IN ('DP24-001', 'DP24-002', 'DP24-003', 'DP24-007') ORDER BY p.code, d.number"
            )
        ).all()
    assert [(*row[:5], bool(row[5])) for row in found] == [
        ("DP24-001", 1, "first", "duc-pho-2024", None, True),
        ("DP24-002", 1, "first", "duc-pho-2024", "65", False),
        ("DP24-002", 2, "upgrade", "duc-pho-next", None, True),
        ("DP24-003", 1, "first", "duc-pho-2024", None, False),
        ("DP24-003", 2, "first", "duc-pho-next", None, True),
        ("DP24-007", 1, "first", "duc-pho-2024", "65", False),
        ("DP24-007", 2, "upgrade", "duc-pho-next", None, True),
    ]


def test_it_is_lived_on(earlier: Database, clock: FixedClock) -> None:
    schema.upgrade(earlier)
    run(earlier, clock, "2024-12-26")
    with earlier.write() as tx:
        undo(tx, UndoOrder("DP24-002", MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
        order = Order("DP24-003", "register", MINH, {"group": "food"})
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    run(earlier, clock, "2024-12-30")
    assert examine(earlier, clock).findings == ()
    with earlier.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []
