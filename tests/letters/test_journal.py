"""The send journal knows what has gone out before any database does, and outlasts a power cut."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from ocop_workflow.errors import Unavailable
from ocop_workflow.letters import journal as send_journal
from ocop_workflow.letters.delivery import FROM_JOURNAL, LEASE, deliver_pending
from ocop_workflow.letters.journal import Journal, Journalled
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, rows
from tests.fakes import RecordingMailer

if TYPE_CHECKING:
    from ocop_workflow.letters.delivery import DeliveryReport
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

NOW = datetime(2024, 4, 2, 1, tzinfo=UTC)
STATES = "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"


class PowerCut(BaseException):
    """The power is gone: nobody catches this."""


def deliver(
    database: Database, clock: FixedClock, mailer: RecordingMailer, journal: Journal
) -> DeliveryReport:
    return deliver_pending(database, mailer, RetryPolicy(), clock, SENDER, journal=journal)


@pytest.fixture
def waiting(seeded: Database, clock: FixedClock) -> Database:
    """Seven letters wait."""
    sweep(seeded, clock, SENDER)
    return seeded


# -- beside the database -----------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_journal_is_on_the_disk_before_the_database_says_sent(
    waiting: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, done = Journal(tmp_path / "new" / "sent.jsonl"), list[str]()
    fsync = os.fsync

    def note(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    class Mailer(RecordingMailer):
        def send(self, sender: str, recipient: str, message: bytes) -> str:
            done.append("sent")
            return super().send(sender, recipient, message)

    monkeypatch.setattr(os, "fsync", note)
    event.listen(waiting.engine, "commit", lambda _connection: done.append("commit"))
    deliver(waiting, clock, Mailer(), journal)
    letter = ["commit", "sent", "sent.jsonl", "commit"]
    assert done[:6] == ["commit", "new", *letter]  # the file's name in its folder comes first
    assert done[2:] == letter * 7


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_cut_between_journal_and_database_a_letter_does_not_go_out_again(
    waiting: Database, clock: FixedClock, tmp_path: Path
) -> None:
    journal, mailer = Journal(tmp_path / "sent.jsonl"), RecordingMailer()
    append = journal.append

    def cut(message_id: str, at: datetime) -> None:
        append(message_id, at)
        raise PowerCut

    journal.append = cut  # type: ignore[method-assign]  # this one alone
    with pytest.raises(PowerCut):
        deliver(waiting, clock, mailer, journal)
    assert rows(waiting, STATES) == [("pending", 6), ("sending", 1)]
    clock.wait(2 * LEASE)
    report = deliver(waiting, clock, mailer, Journal(journal.path))
    assert (report.sent, report.known, len(mailer.sent)) == (6, 1, 7)
    assert rows(waiting, "SELECT count(*) FROM outbox WHERE relay_reply = :said", said=FROM_JOURNAL) == [(1,)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_of_another_life_keeps_no_letter_from_going_out(
    waiting: Database, clock: FixedClock, tmp_path: Path
) -> None:
    """A demonstration that is begun anew writes the same letters, and finds the last one's journal."""
    journal = Journal(tmp_path / "sent.jsonl")
    for (message_id,) in rows(waiting, "SELECT message_id FROM outbox"):
        journal.append(message_id, NOW)
    with waiting.write() as tx:
        claim_next(tx, clock.now(), LEASE)  # and one whose sender died
    clock.wait(2 * LEASE)
    mailer = RecordingMailer()
    assert deliver(waiting, clock, mailer, journal).known == 0
    assert len(mailer.sent) == 7


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_journal_that_cannot_be_written_is_seen_before_the_first_letter(
    waiting: Database, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "sent.jsonl").mkdir()
    mailer = RecordingMailer()
    with pytest.raises(Unavailable, match="OCOP_SEND_JOURNAL"):
        deliver(waiting, clock, mailer, Journal(tmp_path / "sent.jsonl"))
    assert mailer.sent == []
    assert rows(waiting, STATES) == [("pending", 7)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_letter_is_settled_although_the_journal_breaks_off_in_the_middle(
    waiting: Database, clock: FixedClock, tmp_path: Path
) -> None:
    journal, mailer = Journal(tmp_path / "sent.jsonl"), RecordingMailer()

    def full(message_id: str, at: datetime) -> None:  # noqa: ARG001 - as the journal is called
        raise Unavailable("Ổ đĩa đã đầy.", "The disk is full.")

    journal.append = full  # type: ignore[method-assign]  # this one alone
    with pytest.raises(Unavailable, match="The disk is full"):
        deliver(waiting, clock, mailer, journal)
    assert len(mailer.sent) == 1
    assert rows(waiting, STATES) == [("pending", 6), ("sent", 1)]


def test_whether_a_line_could_be_written_is_seen_without_touching_anything(tmp_path: Path) -> None:
    assert Journal(tmp_path / "not" / "yet" / "sent.jsonl").is_writable
    assert list(tmp_path.iterdir()) == []
    send_journal.append(tmp_path / "sent.jsonl", "<a@x.example>", NOW)
    assert Journal(tmp_path / "sent.jsonl").is_writable
    assert not Journal(tmp_path).is_writable
    assert not Journal(tmp_path / "sent.jsonl" / "sent.jsonl").is_writable


# -- the file ----------------------------------------------------------------------------------------


def test_the_journal_ignores_a_torn_line_and_goes_on_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "sent.jsonl"
    assert set(send_journal.sent_at(path)) == set()
    send_journal.append(path, "<a@x.example>", NOW)
    with path.open("ab") as file:
        file.write(b'{"sent": "<torn@x.exam')
    assert set(send_journal.sent_at(path)) == {"<a@x.example>"}
    send_journal.append(path, "<b@x.example>", NOW)
    with path.open("ab") as file:
        file.write(b"[]\n")

    assert send_journal.sent_at(path) == {"<a@x.example>": NOW, "<b@x.example>": NOW}


def test_the_journal_knows_what_a_restore_may_have_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    send_journal.append(path, "<a@x.example>", NOW)
    assert Journal(path).known().forgotten == set()
    send_journal.mark_restored(path, NOW)
    send_journal.append(path, "<b@x.example>", NOW)

    sent = {"<a@x.example>": NOW, "<b@x.example>": NOW}
    assert Journal(path).known() == Journalled(sent, forgotten=frozenset({"<a@x.example>"}))
    assert set(send_journal.sent_at(path)) == {"<a@x.example>", "<b@x.example>"}


def test_a_journal_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    for use in (
        lambda: send_journal.append(tmp_path, "<a@x.example>", NOW),
        lambda: send_journal.sent_at(tmp_path),
        lambda: Journal(tmp_path).refuse_unwritable(),
    ):
        with pytest.raises(Unavailable, match="OCOP_SEND_JOURNAL"):
            use()


def test_without_a_journal_nothing_is_remembered() -> None:
    nothing = Journal()
    nothing.append("<a@x.example>", NOW)
    nothing.mark_restored(NOW)
    nothing.refuse_unwritable()
    assert nothing.is_writable
    assert nothing.known() == Journalled()
