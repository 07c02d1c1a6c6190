"""The power goes at every step of a day: before each transaction, before each commit, around each letter."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event

from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.services.delivery import LEASE, deliver_pending
from ocop_workflow.services.sweep import sweep
from ocop_workflow.settings import Tls
from ocop_workflow.storage import Database
from tests.factories import SENDER
from tests.fakes import FixedClock
from tests.reliability.children import end_of, start
from tests.reliability.dumps import remember, rewind, said
from tests.reliability.killing import PATIENT, balance, work
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.notifications import Mailer


@dataclass
class Steps:
    """Counts the steps of a process; at the last one it is gone, having said which step that was."""

    last: int
    says: Path
    done: int = 0

    def __call__(self, name: str) -> None:
        self.done += 1
        if self.done == self.last:
            self.says.write_text(name, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class SteppingMailer:
    """Sends letters, and makes a step before and after each."""

    mailer: Mailer
    step: Steps

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.step("before sending")
        reply = self.mailer.send(sender, recipient, message)
        self.step("after sending")
        return reply

    def close(self) -> None:
        self.mailer.close()


def live_until(step: Steps, url: str, port: int, clock: FixedClock) -> None:
    """Do a day's work, with a step at each transaction and each letter."""
    database = Database(url)
    event.listen(database.engine, "begin", lambda _: step("begin"), insert=True)
    event.listen(database.engine, "commit", lambda _: step("commit"))
    sweep(database, clock, SENDER)
    relay = SmtpMailer("127.0.0.1", port, "", "", Tls.NONE)
    with closing(SteppingMailer(relay, step)) as mailer:
        deliver_pending(database, mailer, PATIENT, clock, SENDER)


def test_a_crash_at_any_step_is_made_good_by_the_next_run(
    busy: Database, url: str, clock: FixedClock, tmp_path: Path
) -> None:
    morning, log, says = remember(busy), tmp_path / "letters", tmp_path / "step"
    later = FixedClock(clock.instant + 2 * LEASE)  # a claim of the dead is free again
    died: list[str] = []
    with sink(log) as port:
        work(busy, port, clock)
        undisturbed = said(busy)
        while True:
            rewind(busy, morning)
            os.truncate(log, 0)
            end = end_of(start(live_until, Steps(len(died) + 1, says), url, port, clock))
            if end == 0:  # there are no more steps
                break
            assert end == -signal.SIGKILL, died
            died.append(says.read_text("utf-8"))
            work(busy, port, later)
            books = balance(busy, log)
            assert books.balanced, (died, books)
            assert said(busy) == undisturbed, died
            # a second copy goes out only if the first was taken and nobody could write that down
            assert books.copies == ("after sending" in died[-3:]), (died, books)
    steps = Counter(died)
    assert steps["begin"] == steps["commit"] > steps["before sending"] == steps["after sending"] == 8
