"""The power goes at every step of a day: before each transaction, before each commit, around each letter."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.contents import remember, rewind
from tests.factories import SENDER
from tests.fakes import FixedClock
from tests.reliability.children import end_of, start
from tests.reliability.dumps import said
from tests.reliability.killing import PATIENT, balance, work
from tests.reliability.sink import sink
from tests.reliability.steps import SteppingMailer, Steps, watch_transactions

if TYPE_CHECKING:
    from pathlib import Path


def live_until(step: Steps, url: str, port: int, clock: FixedClock) -> None:
    """Do a day's work, with a step at each transaction and each letter."""
    database = Database(url)
    watch_transactions(step)
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
