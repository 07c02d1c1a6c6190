"""Delivery: claim (commit), send (no transaction open), settle (commit). At least once, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.notifications import (
    GiveUp,
    PermanentDeliveryError,
    RelayError,
    RetryAt,
    TemporaryDeliveryError,
)
from ocop_workflow.services.journal import NO_JOURNAL
from ocop_workflow.storage import letters

if TYPE_CHECKING:
    from ocop_workflow.clock import Clock
    from ocop_workflow.notifications import Mailer, RetryPolicy, Sender
    from ocop_workflow.services.journal import Journal
    from ocop_workflow.storage import Connection, Database
    from ocop_workflow.storage.letters import Claim

#: longer than the slowest dialogue with a relay: a claim of a process that died is free again after it
LEASE = timedelta(minutes=5)

#: what stands in place of the relay's reply where only the send journal knows that a letter went out
FROM_JOURNAL = "known from the send journal"

#: told how much of the work is done: (done, of)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class DeliveryReport:
    """What became of the letters that were tried.

    `known`: they went out before a backup was restored, and did not go out again.
    """

    sent: int = 0
    retried: int = 0
    dead: int = 0
    known: int = 0


def deliver_pending(
    database: Database,
    mailer: Mailer,
    policy: RetryPolicy,
    clock: Clock,
    sender: Sender,
    *,
    journal: Journal = NO_JOURNAL,
    progress: Progress = lambda _done, _of: None,
) -> DeliveryReport:
    """Send every letter whose time has come.

    For each: 1. claim it and count the attempt, commit; 2. send it, with no transaction open; 3. settle,
    commit. When the relay itself is at fault (not the letter), the run ends: every further letter would
    meet the same.

    Each letter that the relay has taken is written into the send journal as soon as it is settled; one
    that the journal knows from before a restored backup is settled without going out again.

    Raises:
        Unavailable: the database cannot be reached, is locked, read-only or full, or the journal cannot be
            written.
    """
    report = DeliveryReport()
    with database.connect() as connection:
        with connection.begin():
            waiting = letters.waiting_count(connection, clock.now())
        forgotten = journal.forgotten() if waiting else set()
        for done in range(waiting):
            progress(done, waiting)
            with connection.begin():
                claim = letters.claim_next(connection, clock.now(), LEASE)
            if claim is None:
                break
            if claim.message_id in forgotten:
                with connection.begin():
                    letters.settle_sent(connection, claim, clock.now(), FROM_JOURNAL)
                report.known += 1
                continue
            outcome = _send(mailer, sender, claim, policy)
            with connection.begin():
                _settle(connection, claim, outcome, policy, clock, report)
            if isinstance(outcome, str):
                journal.append(claim.message_id, clock.now())
            if isinstance(outcome, RelayError):
                break
        progress(waiting, waiting)
    return report


def _send(
    mailer: Mailer, sender: Sender, claim: Claim, policy: RetryPolicy
) -> str | TemporaryDeliveryError | PermanentDeliveryError:
    if claim.ambiguous > policy.ambiguous_limit:
        return PermanentDeliveryError("uncertain: nobody knows how its attempts ended")
    try:
        return mailer.send(sender.address, claim.address, claim.mime)
    except (TemporaryDeliveryError, PermanentDeliveryError) as error:
        return error


def _settle(
    tx: Connection,
    claim: Claim,
    outcome: str | TemporaryDeliveryError | PermanentDeliveryError,
    policy: RetryPolicy,
    clock: Clock,
    report: DeliveryReport,
) -> None:
    if isinstance(outcome, str):
        letters.settle_sent(tx, claim, clock.now(), outcome)
        report.sent += 1
        return
    if isinstance(outcome, PermanentDeliveryError):
        letters.settle_dead(tx, claim, outcome.reply)
        report.dead += 1
        return
    ambiguous = claim.ambiguous + outcome.ambiguous
    verdict: RetryAt | GiveUp
    if isinstance(outcome, RelayError):  # not the letter's fault: it comes nearer to no limit
        verdict = RetryAt(clock.now() + policy.first)
    else:
        verdict = policy.after(claim.attempts, ambiguous, claim.created_at, clock.now())
    if isinstance(verdict, GiveUp):
        letters.settle_dead(tx, claim, f"{verdict.reason}: {outcome.reply}")
        report.dead += 1
    else:
        letters.settle_retry(tx, claim, verdict.when, outcome.reply, ambiguous=outcome.ambiguous)
        report.retried += 1
