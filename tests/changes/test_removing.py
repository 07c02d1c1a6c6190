"""A plan loaded by mistake is taken out again, while nobody was told of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.audit.chain import verify
from ocop_workflow.changes import RemovalView, preview_removal, remove_plan
from ocop_workflow.changes import removal_queries as removing
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.errors import Conflict, NotFound, NotPermitted
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.forms.keeping import save_form
from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from tests.changes.amending import SEED_TEXT, amended, change, deliver, extend, is_sound
from tests.factories import LAN, SEED, SENDER, act, load_seed, rows
from tests.stories.cast import appoint

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: of which rows stay: who is told, who works, what was done
KEPT = {"units", "desks", "contacts", "sweeps", "audit", "officers", "grants", "alembic_version"}


def preview(database: Database) -> RemovalView:
    with database.read() as tx:
        return preview_removal(tx, SEED)


def remove(database: Database, clock: FixedClock, confirm: str = "") -> RemovalView:
    given = confirm or preview(database).hash
    with database.write() as tx:
        return remove_plan(tx, SEED, given, actor=LAN, now=clock.now())


@pytest.mark.parametrize("at_once", [1, 13, 14, 15])  # of fourteen addresses
def test_it_goes_with_all_that_hangs_on_it_and_the_audit_stays(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(removing, "AT_ONCE", at_once)
    assert rows(seeded, "SELECT COUNT(DISTINCT address_id) FROM products") == [(14,)]
    sweep(seeded, clock, SENDER)
    change(seeded, clock, amended("2024-05-15"))
    extend(seeded, clock, "DP24-002", to="2024-05-20")
    with seeded.write() as tx:
        said, today, now = {"s1_6_3": "Hrê"}, clock.today(), clock.now()
        save_form(tx, "DP24-002", "mau-02", said, tags=None, actor=LAN, today=today, now=now)
    sweep(seeded, clock, SENDER)
    removal = remove(seeded, clock)
    assert (len(removal.products), removal.extensions) == (14, 1)
    (left,) = rows(seeded, "SELECT COUNT(*) FROM plans")
    assert left == (0,)
    for table in metadata.sorted_tables:
        if table.name not in {*KEPT, "outbox", "digests", "unit_codes"}:
            assert rows(seeded, f"SELECT COUNT(*) FROM {table.name}") == [(0,)], table.name
    assert rows(seeded, "SELECT COUNT(*) FROM contacts WHERE address = 'Hrê'") == [(0,)]
    assert rows(seeded, "SELECT DISTINCT state FROM outbox") == [("superseded",)]
    with seeded.read() as tx:
        assert verify(tx).bad_seq is None
    (entry,) = rows(seeded, "SELECT actor, subject FROM audit WHERE action = 'plan.remove'")
    assert entry == ("lan", "plan:duc-pho-2024")
    is_sound(seeded, clock)
    sweep(seeded, clock, SENDER)
    is_sound(seeded, clock)


def test_taken_out_it_can_be_loaded_again_as_if_it_had_never_been(
    seeded: Database, clock: FixedClock
) -> None:
    remove(seeded, clock)
    report = load_seed(seeded, clock)
    assert [row.code for row in report.rows][:2] == ["DP24-001", "DP24-002"]
    assert report.added == 14
    assert sweep(seeded, clock, SENDER).counts.letters == 7
    is_sound(seeded, clock)


def test_what_a_letter_says_of_another_plan_is_said_again(seeded: Database, clock: FixedClock) -> None:
    other = SEED_TEXT.replace('id = "duc-pho-2024"', 'id = "again-2024"').replace('"DP24"', '"AG24"')
    with seeded.write() as tx:
        load_plan(tx, other, actor="minh", today=clock.today(), now=clock.now())
    clock.move_to(date(2024, 6, 17))  # thirteen days before the second quarter's training is due
    sweep(seeded, clock, SENDER)
    of_other = "SELECT COUNT(*) FROM reminders WHERE digest_id IS NOT NULL"
    assert rows(seeded, of_other) != [(0,)]
    remove(seeded, clock)
    said_before = rows(seeded, "SELECT COUNT(*) FROM reminders WHERE status = 'due'")
    assert sweep(seeded, clock, SENDER).counts.letters == 1
    assert rows(seeded, of_other) == said_before != [(0,)]
    is_sound(seeded, clock)


def test_once_a_letter_about_it_has_gone_out_it_stays(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    seen = preview(seeded)
    assert seen.letters == 7
    deliver(seeded, clock)
    with pytest.raises(Conflict, match="7 letters about the plan duc-pho-2024 have gone out"):
        remove(seeded, clock, seen.hash)
    with pytest.raises(Conflict, match="7 letters"):
        preview(seeded)
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]


def test_once_a_step_was_recorded_it_stays(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-002", "register")
    with pytest.raises(Conflict, match="1 steps were recorded"):
        preview(seeded)


def test_what_was_not_looked_at_is_not_taken_out(seeded: Database, clock: FixedClock) -> None:
    seen = preview(seeded)
    sweep(seeded, clock, SENDER)
    with pytest.raises(Conflict, match="not what was looked at"):
        remove(seeded, clock, seen.hash)
    assert rows(seeded, "SELECT COUNT(*) FROM plans") == [(1,)]


def test_only_who_changes_plans_takes_one_out(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock, {"lan": (Role.COMMUNE_OFFICER, "pho-an")})
    seen = preview(seeded)
    with seeded.write() as tx, pytest.raises(NotPermitted):
        remove_plan(tx, SEED, seen.hash, actor=actor_on_host(tx, "lan", "host"), now=clock.now())
    with seeded.read() as tx, pytest.raises(NotFound):
        preview_removal(tx, "duc-pho-2023")


def test_every_table_that_refers_to_a_plan_is_thought_of() -> None:
    known = {table.name for table, _ in removing.HANGING}
    #: letters are taken back, not deleted; a plan with steps, or with what rests on them, is not taken out
    apart = {"outbox", "transitions", "certificates", "session_products"}
    hanging = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname.partition(".")[0] in known
    }
    assert hanging - apart <= known
