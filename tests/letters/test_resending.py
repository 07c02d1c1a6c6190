"""A letter is sent again only while what it says still holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import operator
from ocop_workflow.errors import Conflict, NotPermitted
from ocop_workflow.letters import dead_queries as inspecting_letters
from ocop_workflow.letters.outbox import Resending, TooManyCopies, Which, dead_letters, resend, resend_dead
from ocop_workflow.notifications import PermanentDeliveryError, Sender
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.changes.amending import SEED_TEXT, amended, change, deliver, is_sound
from tests.factories import LAN, SENDER, act, rows
from tests.fakes import RecordingMailer
from tests.stories.cast import acting, appoint
from tests.stories.days import give_up, run, sweep_on

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import DeliveryError
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")
EVERY = Which()


def letters(database: Database, kind: str, address: str = "pho-an@duc-pho.example") -> list[int]:
    sql = "SELECT id FROM outbox WHERE kind = :kind AND address = :address ORDER BY id"
    return [number for (number,) in rows(database, sql, kind=kind, address=address)]


def send_again(database: Database, clock: FixedClock, number: int) -> str:
    with database.write() as tx:
        return resend(tx, HOST, number, SENDER, clock.now())


def test_a_digest_whose_dates_were_corrected_is_not_sent_again_but_its_correction_is(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    (digest,) = letters(seeded, "digest")
    assert send_again(seeded, clock, digest).endswith("#2")
    clock.move_to(date(2024, 4, 24), 9)
    change(seeded, clock, amended("2024-05-15"))
    deliver(seeded, clock)
    (correction,) = letters(seeded, "correction")
    with pytest.raises(Conflict) as refused:
        send_again(seeded, clock, digest)
    assert refused.value.text.vi == (
        f"Thư số {digest} ghi hạn đã được đính chính bằng thư số {correction}; "
        f"hãy gửi lại thư số {correction}."
    )
    assert send_again(seeded, clock, correction).endswith("#2")


def test_a_correction_that_another_one_has_overtaken_is_not_sent_again(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24), 9)
    for text in (amended("2024-05-15"), SEED_TEXT):
        change(seeded, clock, text)
        deliver(seeded, clock)
    first, second = letters(seeded, "correction")
    with pytest.raises(Conflict, match=f"send letter {second} again"):
        send_again(seeded, clock, first)
    assert send_again(seeded, clock, second).endswith("#2")


def test_a_change_that_a_letter_does_not_speak_of_stops_nothing(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-007", "register")  # of another ward: only its next date will move
    run(seeded, clock, "2024-05-02")
    digest = letters(seeded, "digest")[0]
    clock.move_to(date(2024, 5, 3), 9)
    change(seeded, clock, amended("2024-06-14", "selection"))
    deliver(seeded, clock)
    assert send_again(seeded, clock, digest).endswith("#2")


@pytest.mark.parametrize("failures", [[], [PermanentDeliveryError("550 no such user")]], ids=["sent", "dead"])
def test_a_notice_of_a_step_that_was_undone_is_not_sent_again(
    seeded: Database, clock: FixedClock, failures: list[DeliveryError]
) -> None:
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-002", "select")
    deliver(seeded, clock, RecordingMailer(failures))
    (notice,) = letters(seeded, "notice")
    with seeded.write() as tx:
        order = UndoOrder("DP24-002", LAN, "nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    with pytest.raises(Conflict, match="a step that was undone since"):
        send_again(seeded, clock, notice)


def test_whatever_is_sent_again_the_books_are_right_before_and_after_it_leaves(
    seeded: Database, clock: FixedClock
) -> None:
    """A digest, a notice, the letter that takes it back, and a correction of dates: each twice more."""
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24), 9)
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-002", "select")
    deliver(seeded, clock)
    digest, notice = letters(seeded, "digest")[0], letters(seeded, "notice")[0]
    copies = [send_again(seeded, clock, number) for number in (digest, notice)]
    is_sound(seeded, clock)
    deliver(seeded, clock)
    copies.append(send_again(seeded, clock, digest))
    with seeded.write() as tx:
        undo(tx, UndoOrder("DP24-002", LAN, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    change(seeded, clock, amended("2024-05-15"))
    deliver(seeded, clock)
    told = letters(seeded, "correction")
    assert len(told) == 2
    copies += [send_again(seeded, clock, number) for number in told]
    deliver(seeded, clock)
    copies += [send_again(seeded, clock, number) for number in told]
    assert sorted(key.rpartition("#")[2] for key in copies) == ["2", "2", "2", "2", "3", "3", "3"]
    is_sound(seeded, clock)
    deliver(seeded, clock)
    is_sound(seeded, clock)


def test_a_copy_of_a_correction_that_was_overtaken_since_is_not_sent_again_either(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24), 9)
    change(seeded, clock, amended("2024-05-15"))
    deliver(seeded, clock)
    send_again(seeded, clock, letters(seeded, "correction")[0])
    deliver(seeded, clock)
    copy = letters(seeded, "correction")[1]
    change(seeded, clock, SEED_TEXT)
    deliver(seeded, clock)
    with pytest.raises(Conflict, match="has corrected"):
        send_again(seeded, clock, copy)


def test_a_letter_whose_copy_is_still_on_its_way_is_not_sent_again(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    (digest,) = letters(seeded, "digest")
    send_again(seeded, clock, digest)
    copy = letters(seeded, "digest")[1]
    with pytest.raises(Conflict, match=f"its copy is letter {copy}"):
        send_again(seeded, clock, digest)
    deliver(seeded, clock)
    assert send_again(seeded, clock, copy).endswith("#3")
    with pytest.raises(Conflict, match="its copy is letter"):
        send_again(seeded, clock, digest)


def test_three_copies_a_day_are_enough(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    (digest,) = letters(seeded, "digest")
    for _ in range(3):
        send_again(seeded, clock, digest)
        deliver(seeded, clock)
        clock.wait(timedelta(hours=1))
    with pytest.raises(TooManyCopies, match="3 times in 24 hours") as refused:
        send_again(seeded, clock, digest)
    assert refused.value.wait == 21 * 3600 + 1
    clock.wait(timedelta(hours=21, seconds=1))
    assert send_again(seeded, clock, digest).endswith("#5")


# -- many at once ------------------------------------------------------------------------------------


def look(database: Database, clock: FixedClock, which: Which = EVERY, by: Actor = HOST) -> Resending:
    with database.read() as tx:
        return dead_letters(tx, by, which, clock)


def again(database: Database, clock: FixedClock, found: Resending, which: Which = EVERY) -> tuple[str, ...]:
    with database.write() as tx:
        return resend_dead(tx, HOST, which, found.hash, SENDER, clock)


@pytest.mark.parametrize("at_once", [1, 6, 7, 8])
def test_all_that_were_given_up_are_sent_again_at_once_and_leave(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(inspecting_letters, "_AT_ONCE", at_once)
    sweep_on(seeded, clock, "2024-04-23")
    give_up(seeded, "550 5.7.1 Unable to relay")
    found = look(seeded, clock)
    assert [one.refusal for one in found.letters] == [None] * 7
    assert len(again(seeded, clock, found)) == 7
    assert look(seeded, clock).letters == ()  # somebody has seen to them
    deliver(seeded, clock)
    assert rows(seeded, "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state") == [
        ("dead", 7), ("sent", 7),
    ]  # fmt: skip
    is_sound(seeded, clock)


def test_only_those_of_a_unit_or_since_a_day(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    give_up(seeded, "550 5.7.1 Unable to relay")
    clock.move_to(date(2024, 4, 24), 9)
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-002", "select")
    give_up(seeded, "550 5.7.1 Unable to relay")
    sizes = {
        which: len(look(seeded, clock, which).letters)
        for which in (
            EVERY,
            Which(unit="pho-an"),
            Which(unit="duc-pho"),
            Which(since=date(2024, 4, 24)),
            Which(since=date(2024, 4, 23)),
            Which(since=date(2024, 4, 25)),
        )
    }
    assert list(sizes.values()) == [8, 2, 8, 1, 8, 0]


def test_what_does_not_hold_any_more_stays_where_it_is_and_is_said(
    seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-002", "select")
    sweep_on(seeded, clock, "2024-04-23")
    give_up(seeded, "550 5.7.1 Unable to relay")
    with seeded.write() as tx:
        undo(tx, UndoOrder("DP24-002", LAN, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    found = look(seeded, clock)
    (notice,) = letters(seeded, "notice")
    assert {one.record.id: one.refusal.en for one in found.letters if one.refusal} == {
        notice: f"The letter {notice} tells of a step that was undone since; it is not sent again."
    }
    assert len(again(seeded, clock, found)) == len(found.letters) - 1
    assert [one.record.id for one in look(seeded, clock).letters] == [notice]


def test_what_was_looked_at_is_what_is_sent(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    give_up(seeded, "550 5.7.1 Unable to relay")
    found = look(seeded, clock)
    send_again(seeded, clock, found.letters[0].record.id)
    with pytest.raises(Conflict, match="look again"):
        again(seeded, clock, found)
    assert rows(seeded, "SELECT count(*) FROM outbox") == [(8,)]


def test_nobody_sends_the_letters_of_other_units(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    sweep_on(seeded, clock, "2024-04-23")
    give_up(seeded, "550 5.7.1 Unable to relay")
    assert look(seeded, clock, by=acting(seeded, "lan")).letters == ()  # a ward's officer sends none again
    assert len(look(seeded, clock, by=acting(seeded, "minh")).letters) == 7
    with pytest.raises(NotPermitted):
        look(seeded, clock, Which(unit="pho-an"), acting(seeded, "lan"))


def test_a_copy_under_another_sender_is_a_letter_in_order(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        moved = Sender("ocop@thi-xa.example", "")
        resend(tx, HOST, letters(seeded, "digest")[0], moved, clock.now())
    is_sound(seeded, clock)
