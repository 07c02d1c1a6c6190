"""What became of the work is said truly: of one transaction nothing stays, of several those before."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import event

from ocop_workflow.errors import Unavailable
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.store.troubles.errors import explain
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, act, rows
from tests.fakes import RecordingMailer

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

UNCHANGED = "Ổ đĩa đã đầy; chưa có gì thay đổi. Hãy giải phóng dung lượng rồi chạy lại."
IN_PART = (
    "Ổ đĩa đã đầy; phần đã làm xong được giữ, phần còn lại chưa làm. Hãy giải phóng dung lượng rồi chạy lại."
)


def full_at(database: Database, commit: int) -> None:
    """Let the disk be full at the n-th commit."""
    left = commit

    def count(_connection: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(database.engine, "commit", count)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("commit", "said"), [(1, UNCHANGED), (3, UNCHANGED), (4, IN_PART), (6, IN_PART)])
def test_a_sweep_on_a_full_disk_says_whether_a_part_of_it_stays(
    seeded: Database, clock: FixedClock, commit: int, said: str
) -> None:
    full_at(seeded, commit)
    with pytest.raises(Unavailable) as caught:
        sweep(seeded, clock, SENDER)
    assert caught.value.text.vi == said
    assert (rows(seeded, "SELECT count(*) FROM sweeps") == [(0,)]) == (said == UNCHANGED)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_delivery_on_a_full_disk_says_that_what_was_sent_stays(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    full_at(seeded, 4)
    with pytest.raises(Unavailable) as caught:
        deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    assert caught.value.text.vi == IN_PART
    assert rows(seeded, "SELECT count(*) FROM outbox WHERE state = 'sent'") == [(1,)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_step_on_a_full_disk_says_that_nothing_was_changed(seeded: Database, clock: FixedClock) -> None:
    full_at(seeded, 1)
    with pytest.raises(Unavailable) as caught:
        act(seeded, clock, "DP24-002", "register")
    assert caught.value.text.vi == UNCHANGED


class _Usage(NamedTuple):
    free: int


def test_a_full_disk_has_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class DiskFull(Exception):  # noqa: N818 - as psycopg calls it
        sqlstate = "53100"

    file = tmp_path / "ocop.sqlite3"
    torn = sqlite3.OperationalError("disk I/O error")
    assert explain(torn, file).text.en.startswith("The disk fails to read or write (disk I/O error), nothing")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: _Usage(free=4096))
    names: list[Exception] = [
        sqlite3.OperationalError("database or disk is full"),
        torn,
        DiskFull("không ghi thêm được"),
        OSError(errno.ENOSPC, "No space left on device"),
    ]
    assert {explain(name, file).text.vi for name in names} == {UNCHANGED}


def test_a_journal_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(Unavailable) as caught:
        Journal(tmp_path / "sent.jsonl").append("<a@x.example>", datetime(2024, 5, 2, 1, tzinfo=UTC))
    assert caught.value.text.vi == IN_PART
