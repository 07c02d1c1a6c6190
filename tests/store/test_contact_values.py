"""Contact values in their one table, and what the audit says of them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.audit import queries as auditing
from ocop_workflow.audit.chain import verify
from ocop_workflow.overview import product_queries as finding
from ocop_workflow.products import queries as products
from ocop_workflow.products.registering import Particulars, edit_product
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.factories import LAN, SENDER, act, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO, THREE = "DP24-002", "DP24-003"


@pytest.fixture
def lived(seeded: Database, clock: FixedClock) -> Database:
    """One product registered at another address than its list's, one edited, one registered and undone."""
    act(seeded, clock, TWO, "register", {"group": "food", "address": "Thôn 9"})
    with seeded.write() as tx:
        record = products.product_by_code(tx, THREE)
        assert record is not None
        given = Particulars(address="Thôn 10")
        edit_product(
            tx,
            THREE,
            given,
            actor=LAN,
            tags=frozenset({record.tag}),
            today=clock.today(),
            now=clock.now(),
        )
    act(seeded, clock, "DP24-004", "register", {"group": "food", "address": "Thôn 11"})
    with seeded.write() as tx:
        order = UndoOrder("DP24-004", LAN, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    return seeded


def told(database: Database) -> dict[str, Any]:
    """Return what the service reads of addresses: of products, and of what their steps were given."""
    with database.read() as tx:
        found = finding.find_products(tx, finding.ProductFilter())
        return {
            item.code: (item.address, [step.data for step in products.history(tx, item.id)]) for item in found
        }


def test_an_empty_audit_needs_no_seal(database: Database) -> None:
    assert rows(database, "SELECT COUNT(*) FROM audit") == [(0,)]


def test_the_audit_holds_no_address_but_its_salted_hash(lived: Database) -> None:
    mark, salt = rows(lived, "SELECT mark, salt FROM contacts WHERE address = 'Thôn 10'")[0]
    with lived.read() as tx:
        (edit,) = (entry for entry in auditing.entries(tx) if entry.action == "product.edit")
    hashed = hashlib.sha256(f"{salt}:Thôn 10".encode()).hexdigest()
    assert edit.after == {"address": {"contact": mark, "sha256": hashed}}
    assert set(edit.before["address"]) == {"contact", "sha256"}
    with lived.read() as tx:
        assert verify(tx).bad_seq is None
    with lived.write() as tx:
        tx.execute(text("UPDATE contacts SET address = 'Thôn 12' WHERE address = 'Thôn 10'"))
    with lived.read() as tx:
        bad = verify(tx)
    assert bad.reason is not None
    assert bad.reason.en == "the contact value that it names was changed"
    with lived.write() as tx:
        tx.execute(text("UPDATE contacts SET salt = NULL WHERE address = 'Thôn 12'"))
    with lived.read() as tx:
        gone = verify(tx)
    assert (gone.bad_seq, gone.erased) == (None, 1)


def test_an_address_given_again_stays_the_one_it_is(seeded: Database, clock: FixedClock) -> None:
    before = rows(seeded, "SELECT address_id FROM products WHERE code = :c", c=TWO)
    address = told(seeded)[TWO][0]
    act(seeded, clock, TWO, "register", {"group": "food", "address": address}, date(2024, 4, 23))
    assert rows(seeded, "SELECT address_id FROM products WHERE code = :c", c=TWO) == before
