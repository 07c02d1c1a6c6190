"""A letter is sent again only while what it says still holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import operator
from ocop_workflow.errors import Conflict
from ocop_workflow.notifications import PermanentDeliveryError, Sender
from ocop_workflow.services.letters import resend
from ocop_workflow.services.undoing import UndoOrder, undo
from tests.factories import LAN, SENDER, act, rows
from tests.fakes import RecordingMailer
from tests.services.changes.amending import SEED_TEXT, amended, change, deliver, is_sound
from tests.services.days import run

if TYPE_CHECKING:
    from ocop_workflow.notifications import DeliveryError
    from ocop_workflow.storage import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")


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
    copies = [send_again(seeded, clock, number) for number in (digest, notice, digest)]
    is_sound(seeded, clock)
    with seeded.write() as tx:
        undo(tx, UndoOrder("DP24-002", LAN, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    change(seeded, clock, amended("2024-05-15"))
    deliver(seeded, clock)
    told = letters(seeded, "correction")
    assert len(told) == 2
    copies += [send_again(seeded, clock, number) for number in (*told, *told)]
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


def test_a_copy_under_another_sender_is_a_letter_in_order(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        moved = Sender("ocop@thi-xa.example", "")
        resend(tx, HOST, letters(seeded, "digest")[0], moved, clock.now())
    is_sound(seeded, clock)
