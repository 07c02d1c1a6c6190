"""One mailbox, one letter: whoever writes the address with capitals writes to the same office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.changes.mergers.units import shared_mailboxes
from ocop_workflow.errors import Conflict
from ocop_workflow.notifications import PermanentDeliveryError, mailbox_of
from ocop_workflow.people.contacts import add_contact, end_contact
from ocop_workflow.places import queries as units
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.units import read_units
from ocop_workflow.upkeep.health.stopped import letters_given_up
from tests.changes.amending import amended, change, deliver, is_sound
from tests.factories import LAN, SENDER, act, rows
from tests.fakes import RecordingMailer
from tests.stories.days import run, sweep_on
from tests.stories.mergers import HOST, THE_DAY, join, load_new_units

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

WARD = "pho-an@duc-pho.example"
SPELLINGS = (WARD, "Pho-An@duc-pho.example", "pho-an@DUC-PHO.example")
FILE = """
format = 1
[[units]]
id = "pho-an"
name = "Xã Phổ An"
level = "commune"
office = "UBND xã Phổ An"
emails = [{}]

[[units]]
id = "pho-khanh"
name = "Xã Phổ Khánh"
level = "commune"
office = "UBND xã Phổ Khánh"
emails = ["pho-an@duc-pho.example"]
"""


def file_of(*addresses: str) -> str:
    return FILE.format(", ".join(f'"{address}"' for address in addresses))


def an_older_service_took_them_for_three(database: Database) -> None:
    """Store the spellings side by side, as versions did that compared letter by letter."""
    with database.write() as tx:
        ward = units.unit_by_slug(tx, "pho-an")
        assert ward is not None
        for address in SPELLINGS[1:]:
            units.insert_contact(tx, ward.id, address, date(2024, 4, 23))


def addressed(database: Database, kind: str, unit: str = "pho-an") -> list[str]:
    return [
        address
        for (address,) in rows(
            database,
            "SELECT o.address FROM outbox o JOIN desks k ON k.id = o.desk_id "
            "JOIN units u ON u.id = k.unit_id "
            "WHERE o.kind = :kind AND u.slug = :unit AND o.state <> 'superseded' ORDER BY o.id",
            kind=kind,
            unit=unit,
        )
    ]


@pytest.mark.parametrize("address", SPELLINGS)
def test_a_mailbox_is_compared_without_capitals(address: str) -> None:
    assert mailbox_of(address) == WARD


def test_a_file_with_three_spellings_gives_one_address_and_two_offices_keep_their_own_letters(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock, file_of(*SPELLINGS))
    sweep_on(seeded, clock, "2024-04-23")
    assert addressed(seeded, "digest") == [WARD]
    assert addressed(seeded, "digest", "pho-khanh") == [WARD]
    assert rows(seeded, "SELECT count(*) FROM contacts WHERE lower(address) = :box", box=WARD) == [(2,)]


def test_of_a_file_it_is_said_which_mailboxes_are_written_twice_or_shared() -> None:
    notes = shared_mailboxes(read_units(file_of(*SPELLINGS), known={"duc-pho"}))
    assert [note.vi for note in notes] == [
        f"Xã Phổ An: {', '.join(SPELLINGS)} là cùng một hộp thư, chỉ nhận một thư.",
        "Xã Phổ An, Xã Phổ Khánh dùng chung hộp thư pho-an@duc-pho.example: mỗi nơi có thư riêng.",
    ]
    assert shared_mailboxes(read_units(file_of("ubnd@pho-an.example"))) == ()


def test_another_spelling_in_a_file_is_no_other_address(seeded: Database, clock: FixedClock) -> None:
    before = rows(seeded, "SELECT * FROM contacts ORDER BY id")
    load_new_units(seeded, clock, file_of(SPELLINGS[1]).partition('\n[[units]]\nid = "pho-khanh"')[0])
    assert rows(seeded, "SELECT * FROM contacts ORDER BY id") == before


def test_a_database_that_holds_three_spellings_writes_one_of_everything(
    seeded: Database, clock: FixedClock
) -> None:
    an_older_service_took_them_for_three(seeded)
    run(seeded, clock, "2024-04-23")
    assert addressed(seeded, "digest") == [WARD]
    clock.move_to(clock.today(), 9)
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-002", "select")
    deliver(seeded, clock)
    assert addressed(seeded, "notice") == [WARD]
    with seeded.write() as tx:
        undo(tx, UndoOrder("DP24-002", LAN, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert addressed(seeded, "correction") == [WARD]
    is_sound(seeded, clock)


def test_who_was_told_under_three_spellings_gets_one_correction(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    with seeded.write() as tx:  # the copies that an older service has sent
        for number, address in enumerate(SPELLINGS[1:]):
            tx.execute(
                text(
                    "INSERT INTO outbox (key, kind, desk_id, address, domain, digest_id, subject, "
                    "message_id, mime, sha256, state, next_at, attempts, ambiguous, fence, created_at, "
                    "sent_at) "
                    "SELECT key || :number, kind, desk_id, :address, domain, digest_id, subject, "
                    "message_id || :number, mime, sha256, state, next_at, attempts, ambiguous, fence, "
                    "created_at, sent_at FROM outbox WHERE address = :ward AND kind = 'digest'"
                ),
                {"number": str(number), "address": address, "ward": WARD},
            )
    clock.move_to(clock.today() + timedelta(days=1), 9)
    change(seeded, clock, amended("2024-05-15"))
    assert len(addressed(seeded, "correction")) == 1


def test_the_next_notice_takes_up_what_waits_under_another_spelling(
    seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-003", "register")
    act(seeded, clock, "DP24-002", "select")
    with seeded.write() as tx:
        end_contact(tx, HOST, "pho-an", WARD, None, today=clock.today(), now=clock.now())
        add_contact(tx, HOST, "pho-an", SPELLINGS[1], None, today=clock.today(), now=clock.now())
    act(seeded, clock, "DP24-003", "select")
    assert addressed(seeded, "notice") == [SPELLINGS[1]]


def test_an_address_is_there_and_is_ended_however_it_is_written(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx, pytest.raises(Conflict, match="has the address"):
        add_contact(tx, HOST, "pho-an", SPELLINGS[2], None, today=clock.today(), now=clock.now())
    an_older_service_took_them_for_three(seeded)
    with seeded.write() as tx:
        end_contact(tx, HOST, "pho-an", SPELLINGS[2], None, today=clock.today(), now=clock.now())
    sweep_on(seeded, clock, "2024-04-24")
    assert addressed(seeded, "digest") == []


def test_an_heir_that_has_the_mailbox_gets_it_no_second_time(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    with seeded.write() as tx:
        add_contact(tx, HOST, "moi-mot", SPELLINGS[1], None, today=clock.today(), now=clock.now())
    join(seeded, clock, "pho-an", "moi-mot", THE_DAY)
    sweep_on(seeded, clock, "2025-07-01")
    heirs = (
        "SELECT c.address FROM contacts c JOIN desks k ON k.id = c.desk_id "
        "JOIN units u ON u.id = k.unit_id WHERE u.slug = 'moi-mot' "
        "ORDER BY c.id"
    )
    assert rows(seeded, heirs) == [("moi-mot@quang-ngai.example",), (SPELLINGS[1],)]


def test_a_letter_given_up_is_somebodys_business_while_the_mailbox_is_in_use(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    deliver(seeded, clock, RecordingMailer([PermanentDeliveryError("550 5.1.1 no such user")]))
    ((dead,),) = rows(seeded, "SELECT address FROM outbox WHERE state = 'dead'")
    with seeded.write() as tx:
        tx.execute(
            text("UPDATE contacts SET address = :upper WHERE address = :dead"),
            {"upper": dead.upper(), "dead": dead},
        )
    with seeded.read() as tx:
        given_up = letters_given_up(tx, clock)
    assert given_up is not None
    assert given_up.addresses == (dead,)
