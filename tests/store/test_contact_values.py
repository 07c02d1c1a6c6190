"""Contact values in their one table: what the migration moves, and that it loses nothing on either way."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ocop_workflow.audit import queries as auditing
from ocop_workflow.audit.chain import verify
from ocop_workflow.products import queries as products
from ocop_workflow.products.registering import Particulars, edit_product
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.store import schema
from tests.factories import LAN, SENDER, act, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO, THREE = "DP24-002", "DP24-003"


def before_it() -> str:
    """Return the revision before contact values had a table of their own."""
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    return str(scripts.get_revision("0015").down_revision)


@pytest.fixture
def lived(seeded: Database, clock: FixedClock) -> Database:
    """One product registered at another address than its list's, one edited, one registered and undone."""
    act(seeded, clock, TWO, "register", {"group": "food", "address": "Thôn 9"})
    with seeded.write() as tx:
        record = products.product_by_code(tx, THREE)
        assert record is not None
        given = Particulars(address="Thôn 10")
        edit_product(tx, THREE, given, actor=LAN, tags=frozenset({record.tag}), now=clock.now())
    act(seeded, clock, "DP24-004", "register", {"group": "food", "address": "Thôn 11"})
    with seeded.write() as tx:
        order = UndoOrder("DP24-004", LAN, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    return seeded


def told(database: Database) -> dict[str, Any]:
    """Return what the service reads of addresses: of products, and of what their steps were given."""
    with database.read() as tx:
        found = products.find_products(tx, products.ProductFilter())
        return {
            item.code: (item.address, [step.data for step in products.history(tx, item.id)]) for item in found
        }


def test_the_way_down_and_up_again_keeps_every_address_and_every_row(lived: Database) -> None:
    said, units = (
        told(lived),
        rows(
            lived,
            "SELECT c.id, k.unit_id, c.address, c.valid_from FROM contacts c "
            "LEFT JOIN desks k ON k.id = c.desk_id ORDER BY c.id",
        ),
    )
    counts = {name: rows(lived, f"SELECT COUNT(*) FROM {name}") for name in ("products", "transitions")}
    schema.downgrade(lived, before_it())
    old = dict(rows(lived, "SELECT code, address FROM products"))
    assert old == {code: address for code, (address, _) in said.items()}
    kept = [row for row in units if row[1] is not None]
    assert rows(lived, "SELECT id, unit_id, address, valid_from FROM contacts ORDER BY id") == kept
    (given,) = rows(lived, "SELECT data FROM transitions WHERE seq = 1 ORDER BY id LIMIT 1")[0]
    assert "Thôn 9" in str(given) or "Th\\u00f4n 9" in str(given)
    schema.upgrade(lived)
    assert told(lived) == said
    assert {name: rows(lived, f"SELECT COUNT(*) FROM {name}") for name in counts} == counts


def test_a_moved_value_is_marked_by_the_place_where_it_stood(lived: Database) -> None:
    """So that an older backup, once it is upgraded, has the same marks."""
    schema.downgrade(lived, before_it())
    schema.upgrade(lived)
    found = rows(lived, "SELECT mark FROM contacts WHERE address IN ('Thôn 9', 'Thôn 10', 'Thôn 11')")
    (two, three) = (
        rows(lived, "SELECT id FROM products WHERE code = :c", c=code)[0][0] for code in (TWO, THREE)
    )
    (undone,) = rows(lived, "SELECT id FROM transitions WHERE seq = 1 ORDER BY id DESC LIMIT 1")
    assert {mark for (mark,) in found} == {f"product-{two}", f"product-{three}", f"step-{undone[0]}"}
    assert rows(lived, "SELECT mark FROM contacts WHERE id = 1") == [("contact-1",)]
    assert rows(lived, "SELECT COUNT(*) FROM contacts WHERE salt IS NULL OR length(salt) <> 32") == [(0,)]


def test_what_a_step_replaced_can_be_undone_after_the_migration(lived: Database, clock: FixedClock) -> None:
    schema.downgrade(lived, before_it())
    schema.upgrade(lived)
    with lived.write() as tx:
        order = UndoOrder(TWO, LAN, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert told(lived)[TWO][0] != "Thôn 9"


def test_the_audit_of_before_is_one_sealed_segment_and_goes_on(lived: Database, clock: FixedClock) -> None:
    with lived.read() as tx:
        before = verify(tx)
    assert (before.bad_seq, before.sealed) == (None, 0)
    schema.downgrade(lived, before_it())
    schema.upgrade(lived)
    act(lived, clock, "DP24-005", "register", {"group": "food"})
    with lived.read() as tx:
        after = verify(tx, (before.entries, before.head))
    assert (after.bad_seq, after.sealed, after.entries) == (None, before.entries, before.entries + 2)


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
