"""What is kept about people: found, handed out, erased; and everything else goes on as if it were there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow import privacy as people
from ocop_workflow.audit.chain import verify
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Unavailable, WrongUse
from ocop_workflow.letters import outbox as letters
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.people.contacts import add_contact, end_contact
from ocop_workflow.people.officers import disable_officer
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.privacy import Erasures
from ocop_workflow.privacy.terms import Expired, Terms, expire, what_expires
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.daily import SCHEDULER, sweep
from ocop_workflow.upkeep.examination import Severity, examine, prove
from ocop_workflow.views import to_plain
from tests.contents import remember, rewind
from tests.factories import LAN, SENDER, act, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.stories.cast import HOST, acting, appoint

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.privacy import Going
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

PHO_AN = "pho-an@duc-pho.example"
TWO = "DP24-002"
GONE = "đã xoá theo yêu cầu"
WHY = "người ấy yêu cầu"


@pytest.fixture
def erasures(tmp_path: Path) -> Erasures:
    return Erasures(tmp_path / "erasures.jsonl")


@pytest.fixture
def told(seeded: Database, clock: FixedClock) -> Database:
    """The seed, its first letters sent, one product registered at a house."""
    sweep(seeded, clock, SENDER)
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    act(seeded, clock, TWO, "register", {"group": "food", "address": "Số nhà 7"})
    return seeded


def ids(database: Database, words: str, by: Actor = HOST) -> list[str]:
    with database.read() as tx:
        return [person.id for person in people.find_people(tx, by, words)]


def erase(database: Database, clock: FixedClock, person: str, erasures: Erasures, by: Actor = HOST) -> Going:
    with database.write() as tx:
        return people.anonymise(tx, by, person, WHY, erasures, today=clock.today(), now=clock.now())


def holds(database: Database, words: str) -> list[str]:
    """Return the tables in which these words stand, the bytes of letters among them."""
    found = []
    for table, held in remember(database).items():
        values = [value for row in held for value in row.values()]
        said = (value.decode() if isinstance(value, bytes) else str(value) for value in values)
        if any(words in one for one in said):
            found.append(table.name)
    return found


def wrong(database: Database, clock: FixedClock) -> list[str]:
    """Return what the doctor finds that must not be."""
    found = examine(database, clock).findings
    return [finding.text.en for finding in found if finding.severity is Severity.VIOLATED]


def representative(database: Database) -> str:
    ((number,),) = rows(database, "SELECT producer_id FROM products WHERE code = :c", c=TWO)
    return f"representative-{number}"


def test_somebody_is_found_by_name_place_mail_address_and_login_whatever_the_marks(
    told: Database, clock: FixedClock
) -> None:
    appoint(told, clock)
    ((number,),) = rows(told, "SELECT id FROM contacts WHERE address = :a", a=PHO_AN)
    assert ids(told, "pho-an@") == [f"contact-{number}"]
    assert ids(told, "tran quoc VIET") == [representative(told)]
    assert ids(told, "so nha 7") == [representative(told)]
    assert "officer-lan" in ids(told, "lan")
    assert ids(told, "không ai") == []
    with pytest.raises(WrongUse):
        ids(told, " ")


def test_nobody_but_an_administrator_of_the_place_learns_who_is_known(
    told: Database, clock: FixedClock, erasures: Erasures
) -> None:
    appoint(told, clock)
    for login in ("minh", "lan", "vinh", "thu"):
        actor = acting(told, login)
        for person in (representative(told), "representative-999"):  # before anything is said
            with pytest.raises(NotPermitted):
                erase(told, clock, person, erasures, actor)
        with pytest.raises(NotPermitted):
            ids(told, "viet", actor)
    quan = acting(told, "quan")
    assert ids(told, "tran quoc viet", quan) == [representative(told)]
    elsewhere = replace(quan, grants=(replace(quan.grants[0], unit_id=10**6),))
    assert ids(told, "tran quoc viet", elsewhere) == []
    with pytest.raises(NotFound):
        erase(told, clock, representative(told), erasures, elsewhere)


@pytest.mark.parametrize(
    "person", ["", "lan", "officer-", "contact-x", "contact-0", "producer-1", "contact-²"]
)
def test_an_id_that_is_nobodys_is_not_found(told: Database, person: str) -> None:
    with told.read() as tx, pytest.raises(NotFound):
        people.what_goes(tx, HOST, person)


def test_what_is_kept_is_handed_out_and_the_audit_says_so(told: Database, clock: FixedClock) -> None:
    with told.write() as tx:
        kept = to_plain(people.export(tx, HOST, representative(told), now=clock.now()))
    assert kept["products"][0] == {"code": TWO, "name": "Khô Bò", "state": "registered"}
    assert len(kept["products"]) == 5
    assert {"kind": "place", "value": "Số nhà 7"} in kept["values"]
    assert len(kept["values"]) == 6  # of each product; also the one of the list, which the step replaced
    ((number,),) = rows(told, "SELECT id FROM contacts WHERE address = :a", a=PHO_AN)
    with told.write() as tx:
        kept = to_plain(people.export(tx, HOST, f"contact-{number}", now=clock.now()))
    assert [letter["state"] for letter in kept["letters"]] == ["sent"]
    assert rows(told, "SELECT subject FROM audit WHERE action = 'person.export' ORDER BY seq") == [
        (f"person:{representative(told)}",),
        (f"person:contact-{number}",),
    ]


def test_an_officers_work_is_handed_out_but_no_password(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    with seeded.write() as tx:
        set_password(tx, HOST, "lan", "ba con mèo xanh trên mái", now=clock.now())
    act(seeded, clock, TWO, "register")
    with seeded.write() as tx:
        kept = to_plain(people.export(tx, HOST, "officer-lan", now=clock.now()))
    assert kept["has_password"] is True
    assert kept["steps"] == [{"product": TWO, "seq": 1, "event": "register", "on": "2024-04-23"}]


def test_looking_erases_nothing(told: Database) -> None:
    before = remember(told)
    with told.read() as tx:
        going = people.what_goes(tx, HOST, representative(told))
    assert [value.address for value in going.values][-1] == "Số nhà 7"
    assert remember(told) == before


def test_an_erased_place_is_gone_from_product_history_and_file_and_all_goes_on(
    told: Database, clock: FixedClock, erasures: Erasures
) -> None:
    going = erase(told, clock, representative(told), erasures)
    assert len(going.values) == 6
    assert holds(told, "Số nhà 7") == []
    place = (
        "SELECT c.address, c.salt FROM contacts c JOIN products p ON p.address_id = c.id WHERE p.code = :c"
    )
    assert rows(told, place, c=TWO) == [(GONE, None)]
    assert wrong(told, clock) == []
    with told.read() as tx:
        assert prove(tx, VIETNAM).is_balanced
        assert verify(tx).bad_seq is None
    with told.write() as tx:
        undo(tx, UndoOrder(TWO, LAN, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert wrong(told, clock) == []
    act(told, clock, TWO, "register", {"group": "food", "address": "Thôn 3"})
    assert len(erase(told, clock, representative(told), erasures).values) == 1
    with pytest.raises(Conflict) as nothing:
        erase(told, clock, representative(told), erasures)
    assert "nothing is left" in nothing.value.text.en


def test_an_erased_mail_address_gets_nothing_more_and_its_letters_are_empty(
    told: Database, clock: FixedClock, erasures: Erasures
) -> None:
    with told.write() as tx:
        add_contact(tx, HOST, "pho-khanh", PHO_AN, None, today=clock.today(), now=clock.now())
    ((number,),) = rows(told, "SELECT MIN(id) FROM contacts WHERE address = :a", a=PHO_AN)
    going = erase(told, clock, f"contact-{number}", erasures)
    assert (len(going.values), going.letters, going.waiting) == (2, 1, 0)
    assert holds(told, PHO_AN) == []
    ((letter, state, key),) = rows(told, "SELECT id, state, key FROM outbox WHERE address = :a", a=GONE)
    assert (state, key) == ("sent", f"gone:{letter}")
    with told.write() as tx, pytest.raises(Conflict) as refused:
        letters.resend(tx, HOST, letter, SENDER, clock.now())
    assert refused.value.text.vi == f"Thư số {letter}: nội dung {GONE}, không gửi lại được."
    assert wrong(told, clock) == []
    clock.move_to(date(2024, 4, 24))
    sweep(told, clock, SENDER)
    assert wrong(told, clock) == []
    with told.read() as tx:
        assert prove(tx, VIETNAM).is_balanced


def test_what_only_a_waiting_letter_said_is_said_to_whoever_comes_next(
    seeded: Database, clock: FixedClock, erasures: Erasures
) -> None:
    sweep(seeded, clock, SENDER)
    ((number,),) = rows(seeded, "SELECT id FROM contacts WHERE address = :a", a=PHO_AN)
    assert erase(seeded, clock, f"contact-{number}", erasures).waiting == 1
    assert rows(seeded, "SELECT state FROM outbox WHERE address = :a", a=GONE) == [("superseded",)]
    with seeded.write() as tx:
        add_contact(tx, HOST, "pho-an", "moi@pho-an.example", None, today=clock.today(), now=clock.now())
    clock.move_to(date(2024, 4, 24))
    sweep(seeded, clock, SENDER)
    assert rows(seeded, "SELECT COUNT(*) FROM outbox WHERE address = 'moi@pho-an.example'") == [(1,)]
    assert wrong(seeded, clock) == []


def test_an_officer_is_disabled_first_and_then_leaves_name_and_deeds_alone(
    seeded: Database, clock: FixedClock, erasures: Erasures
) -> None:
    appoint(seeded, clock)
    with seeded.write() as tx:
        set_password(tx, HOST, "lan", "ba con mèo xanh trên mái", now=clock.now())
    with pytest.raises(Conflict) as working:
        erase(seeded, clock, "officer-lan", erasures)
    assert "`ocop officer disable lan`" in working.value.text.vi
    with seeded.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())
    erase(seeded, clock, "officer-lan", erasures)
    assert rows(seeded, "SELECT name, password FROM officers WHERE login = 'lan'") == [("Lan", None)]


def test_a_reason_is_needed_and_stands_in_the_audit_but_no_value_does(
    told: Database, clock: FixedClock, erasures: Erasures
) -> None:
    with told.write() as tx, pytest.raises(InvalidInput):
        people.anonymise(tx, HOST, representative(told), " ", erasures, today=clock.today(), now=clock.now())
    erase(told, clock, representative(told), erasures)
    ((subject, after),) = rows(told, "SELECT subject, after FROM audit WHERE action = 'person.anonymise'")
    after = json.loads(after) if isinstance(after, str) else after
    assert subject == f"person:{representative(told)}"
    assert after == {"values": 6, "letters": 0, "credentials": 0, "reason": WHY}


def test_a_list_that_cannot_be_written_lets_nothing_be_erased(
    told: Database, clock: FixedClock, tmp_path: Path
) -> None:
    before = remember(told)
    (tmp_path / "taken").mkdir()
    with pytest.raises(Unavailable) as refused:
        erase(told, clock, representative(told), Erasures(tmp_path / "taken"))
    assert refused.value.text.vi.startswith("Không dùng được sổ xoá dữ liệu cá nhân ")
    assert remember(told) == before


@pytest.mark.parametrize("at_once", [1, 6, 7, 8])
def test_what_a_restored_database_has_again_is_erased_again(
    told: Database, clock: FixedClock, erasures: Erasures, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """The list outlives the database, names no value, and the daily run reads it too, in any batches."""
    monkeypatch.setattr("ocop_workflow.privacy.queries.AT_ONCE", at_once)
    backup = remember(told)
    ((number,),) = rows(told, "SELECT id FROM contacts WHERE address = :a", a=PHO_AN)
    erase(told, clock, f"contact-{number}", erasures)
    erase(told, clock, representative(told), erasures)
    assert erasures.path is not None
    assert PHO_AN not in erasures.path.read_text("utf-8")
    rewind(told, backup)
    assert holds(told, PHO_AN) != []
    with told.read() as tx:
        assert what_expires(tx, TERMS, erasures, clock) == Expired(erased_again=7)
    assert expire(told, SCHEDULER, TERMS, erasures, clock) == Expired(erased_again=7)
    assert holds(told, PHO_AN) == []
    assert holds(told, "Số nhà 7") == []
    assert expire(told, SCHEDULER, TERMS, erasures, clock) == Expired()


TERMS = Terms(letters=1095, contacts=365, officers=365, sign_ins=30, replies=7)


@pytest.mark.parametrize("batch", [1, 6, 7, 8])  # of seven letters
def test_copies_go_at_the_end_of_their_terms_and_not_a_day_before(
    told: Database, clock: FixedClock, erasures: Erasures, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("ocop_workflow.privacy.terms.BATCH", batch)
    appoint(told, clock)
    with told.write() as tx:
        set_password(tx, HOST, "lan", "ba con mèo xanh trên mái", now=clock.now())
        disable_officer(tx, HOST, "lan", now=clock.now())
    sent = rows(told, "SELECT COUNT(*) FROM outbox WHERE state = 'sent'")[0][0]
    began = clock.instant
    clock.instant = began + timedelta(days=1095)
    with told.read() as tx:
        early = what_expires(tx, TERMS, erasures, clock)
    assert (early.letters, early.officers) == (0, 1)
    clock.instant = began + timedelta(days=1095, seconds=1)
    with told.read() as tx:
        foretold = what_expires(tx, TERMS, erasures, clock)
    done = expire(told, SCHEDULER, TERMS, erasures, clock)
    assert done == foretold == Expired(letters=sent, officers=1)
    assert sent == 7
    assert rows(told, "SELECT COUNT(*) FROM outbox WHERE gone_at IS NOT NULL AND length(mime) = 0") == [
        (sent,)
    ]
    assert rows(told, "SELECT DISTINCT address FROM outbox") == [("đã xoá khi hết hạn lưu",)]
    before = remember(told)
    assert expire(told, SCHEDULER, TERMS, erasures, clock).is_nothing
    assert remember(told) == before
    assert rows(told, "SELECT actor, action FROM audit ORDER BY seq DESC LIMIT 1") == [
        ("scheduler", "copies.expire")
    ]


def test_an_ended_address_goes_a_year_after_its_last_day(
    told: Database, clock: FixedClock, erasures: Erasures
) -> None:
    with told.write() as tx:
        end_contact(tx, HOST, "pho-an", PHO_AN, None, today=clock.today(), now=clock.now())
    clock.move_to(date(2025, 4, 23))
    assert expire(told, SCHEDULER, TERMS, erasures, clock).contacts == 0
    clock.move_to(date(2025, 4, 24))
    assert expire(told, SCHEDULER, TERMS, erasures, clock).contacts == 1
    assert rows(told, "SELECT COUNT(*) FROM contacts WHERE address = :a", a=PHO_AN) == [(0,)]
