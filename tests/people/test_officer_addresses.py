"""An officer's own address: who may set it, what the audit holds of it, and that it can be erased."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.audit.chain import verify
from ocop_workflow.errors import Conflict, InvalidInput, NotFound
from ocop_workflow.people.officer_addresses import officer_address, set_officer_address
from ocop_workflow.people.officers import HOST, actor_on_host, disable_officer
from ocop_workflow.privacy import Erasures, anonymise, export, find_people
from tests.factories import rows

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

OLD, NEW = "lan@pho-an.example", "lan.moi@pho-an.example"


def give(database: Database, clock: FixedClock, address: str | None, by: str = "lan") -> None:
    with database.write() as tx:
        actor = actor_on_host(tx, by, "test")
        set_officer_address(tx, actor, "lan", address, today=clock.today(), now=clock.now())


def address_of(database: Database, by: str = "lan") -> str | None:
    with database.read() as tx:
        found = officer_address(tx, actor_on_host(tx, by, "test"), "lan")
        return found.address if found else None


def test_it_is_set_replaced_and_removed_and_the_audit_holds_only_hashes(
    staffed: Database, clock: FixedClock
) -> None:
    assert address_of(staffed) is None
    give(staffed, clock, OLD)
    give(staffed, clock, OLD)
    clock.move_to(clock.today() + timedelta(days=1))
    give(staffed, clock, NEW, by="quan")
    assert address_of(staffed) == address_of(staffed, "quan") == NEW
    give(staffed, clock, None)
    assert address_of(staffed) is None
    said = rows(staffed, "SELECT actor, before, after FROM audit WHERE action = 'officer.email' ORDER BY seq")
    assert [actor for actor, *_ in said] == ["lan", "quan", "lan"]
    assert "pho-an.example" not in str(said)
    with staffed.read() as tx:
        assert verify(tx).reason is None


def test_nobody_else_knows_it_and_what_is_no_address_is_refused(staffed: Database, clock: FixedClock) -> None:
    give(staffed, clock, OLD)
    with pytest.raises(NotFound):
        address_of(staffed, "minh")
    with pytest.raises(NotFound):
        give(staffed, clock, NEW, by="minh")
    with pytest.raises(InvalidInput):
        give(staffed, clock, "Lan <lan@pho-an.example>")
    with staffed.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())
    with pytest.raises(Conflict):
        give(staffed, clock, NEW, by="quan")
    assert address_of(staffed, "quan") == OLD


def test_it_is_found_handed_out_and_erased(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    give(staffed, clock, OLD)
    with staffed.write() as tx:
        assert [person.id for person in find_people(tx, HOST, "lan@pho")] == ["officer-lan"]
        handed = export(tx, HOST, "officer-lan", now=clock.now())
        assert [value.value for value in handed.values or ()] == [OLD]
        disable_officer(tx, HOST, "lan", now=clock.now())
        erasures = Erasures(tmp_path / "erasures.jsonl")
        gone = anonymise(
            tx, HOST, "officer-lan", "chị Lan yêu cầu", erasures, today=clock.today(), now=clock.now()
        )
        assert [value.address for value in gone.values] == [OLD]
    assert rows(staffed, "SELECT COUNT(*) FROM contacts WHERE address = :a", a=OLD) == [(0,)]
