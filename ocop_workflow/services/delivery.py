"""Delivery: claim (commit), send (no transaction open), settle (commit). At least once, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocop_workflow.errors import Unavailable
from ocop_workflow.notifications import (
    Breaker,
    GiveUp,
    PermanentDeliveryError,
    RelayError,
    RetryAt,
    RetryPolicy,
    TemporaryDeliveryError,
)
from ocop_workflow.services.journal import NO_JOURNAL, Known
from ocop_workflow.storage import letters
from ocop_workflow.storage.letters import RelayRecord

if TYPE_CHECKING:
    from ocop_workflow.clock import Clock
    from ocop_workflow.notifications import Mailer, Sender
    from ocop_workflow.services.journal import Journal
    from ocop_workflow.storage import Connection, Database
    from ocop_workflow.storage.letters import Claim

#: how long a claim holds, unless a policy says otherwise
LEASE = RetryPolicy().lease

#: what stands in place of the relay's reply where only the send journal knows that a letter went out
FROM_JOURNAL = "known from the send journal"

_Outcome = str | TemporaryDeliveryError | PermanentDeliveryError

#: told how much of the work is done: (done, of)
Progress = Callable[[int, int], None]


#: from so many letters on the database takes a look at them first
MANY = 100

#: letters to one domain in a row before the others have their turn; a domain that fails so often waits
TURN = 20
PATIENCE = 3


@dataclass(slots=True)
class DeliveryReport:
    """What became of the letters that were tried.

    `known`: they went out before a backup was restored, and did not go out again. `relay_fault`: what is
    wrong with the relay itself; while its breaker is open nothing is tried.
    """

    sent: int = 0
    retried: int = 0
    dead: int = 0
    known: int = 0
    relay_fault: str | None = None


class _Turns:
    """Whose turn it is: one domain, slow or large, never keeps the others waiting."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def waiting(self) -> set[str]:
        """Return the domains that have to wait now."""
        failing = {domain for domain, count in self._failed.items() if count >= PATIENCE}
        return failing | {domain for domain, count in self._taken.items() if count >= TURN}

    def begin_anew(self) -> bool:
        """Let every domain that has not failed have another turn. False: nobody was waiting for one."""
        had = any(count >= TURN for count in self._taken.values())
        self._taken.clear()
        return had

    def count(self, domain: str, outcome: _Outcome) -> None:
        """Count a letter to a domain and how it went."""
        self._taken[domain] += 1
        self._failed[domain] = self._failed[domain] + 1 if isinstance(outcome, TemporaryDeliveryError) else 0


@dataclass
class _Run:
    """One run of the delivery, and what it needs."""

    connection: Connection
    mailer: Mailer
    policy: RetryPolicy
    breaker: Breaker
    clock: Clock
    sender: Sender
    journal: Journal
    report: DeliveryReport = field(default_factory=DeliveryReport)
    turns: _Turns = field(default_factory=_Turns)


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
    """Send every letter whose time has come, domain by domain in turn.

    For each: 1. claim it and count the attempt, commit; 2. send it, with no transaction open; 3. settle,
    commit. When the relay itself is at fault (not the letter), the run ends: every further letter would
    meet the same; after several such faults nothing is tried for a while, then one letter probes.

    Each letter that the relay has taken is written into the send journal before it is settled, so that the
    journal knows at least what any database knows. A letter that the journal knows from before a restored
    backup, or whose sender died behind that line, is settled without going out again. A journal that cannot
    be written is seen before the first letter.

    Raises:
        Unavailable: the database cannot be reached, is locked, read-only or full, or the journal cannot be
            written.
    """
    with database.connect() as connection:
        run = _Run(connection, mailer, policy, Breaker(), clock, sender, journal)
        with connection.begin():
            waiting = letters.waiting_count(connection, clock.now())
            if waiting > MANY:
                letters.look_at_waiting(connection)
            relay = letters.relay_record(connection)
        if run.breaker.is_open(relay.open_until, clock.now()):
            run.report.relay_fault = relay.last_fault
            return run.report
        allowed = run.breaker.letters_allowed(relay.faults)
        wanted = waiting if allowed is None else min(waiting, allowed)
        if wanted:
            journal.refuse_unwritable()
        known = journal.known() if wanted else Known()
        for done in range(wanted):
            progress(done, wanted)
            if not _deliver_one(run, relay, known):
                break
        progress(wanted, wanted)
    return run.report


def _deliver_one(run: _Run, relay: RelayRecord, known: Known) -> bool:
    """Claim, send and settle one letter. False: there is none, or the relay is at fault."""
    claim = _claim(run)
    if claim is None:
        return False
    if known.has(claim.message_id, claim.created_at if claim.ambiguous else None):
        with run.connection.begin():
            letters.settle_sent(run.connection, claim, run.clock.now(), FROM_JOURNAL)
        run.report.known += 1
        return True
    outcome = _send(run, claim)
    unwritten = _note_in_journal(run, claim) if isinstance(outcome, str) else None
    with run.connection.begin():
        _settle(run, claim, outcome)
        _remember_relay(run, relay, outcome)
    if unwritten is not None:
        raise unwritten
    run.turns.count(claim.domain, outcome)
    return not isinstance(outcome, RelayError)


def _note_in_journal(run: _Run, claim: Claim) -> Unavailable | None:
    """Write down that the relay has a letter; what stands in the way is raised once it is settled, too."""
    try:
        run.journal.append(claim.message_id, run.clock.now())
    except Unavailable as unwritten:
        return unwritten
    return None


def _claim(run: _Run) -> Claim | None:
    with run.connection.begin():
        claim = letters.claim_next(run.connection, run.clock.now(), run.policy.lease, run.turns.waiting())
    if claim is None and run.turns.begin_anew():
        return _claim(run)
    return claim


def _remember_relay(run: _Run, before: RelayRecord, outcome: _Outcome) -> None:
    """Count the relay's faults in a row; the first letter that it answers sets the count back."""
    if isinstance(outcome, RelayError):
        faults = before.faults + 1
        until = run.breaker.open_until(faults, run.clock.now())
        letters.save_relay(run.connection, RelayRecord(faults, until, outcome.reply))
        run.report.relay_fault = outcome.reply
    elif before.faults:
        letters.save_relay(run.connection, RelayRecord())


def _send(run: _Run, claim: Claim) -> _Outcome:
    if claim.ambiguous > run.policy.ambiguous_limit:
        return PermanentDeliveryError("uncertain: nobody knows how its attempts ended")
    try:
        return run.mailer.send(run.sender.address, claim.address, claim.mime)
    except (TemporaryDeliveryError, PermanentDeliveryError) as error:
        return error


def _settle(run: _Run, claim: Claim, outcome: _Outcome) -> None:
    tx, now, report = run.connection, run.clock.now(), run.report
    if isinstance(outcome, str):
        report.sent += letters.settle_sent(tx, claim, now, outcome)
        return
    if isinstance(outcome, PermanentDeliveryError):
        report.dead += letters.settle_dead(tx, claim, outcome.reply)
        return
    verdict: RetryAt | GiveUp
    if isinstance(outcome, RelayError):  # not the letter's fault: it comes nearer to no limit
        verdict = RetryAt(now + run.policy.first)
    else:
        ambiguous = claim.ambiguous + outcome.ambiguous
        verdict = run.policy.after(claim.attempts, ambiguous, claim.created_at, now)
    if isinstance(verdict, GiveUp):
        report.dead += letters.settle_dead(tx, claim, f"{verdict.reason}: {outcome.reply}")
    else:
        report.retried += letters.settle_retry(
            tx, claim, verdict.when, outcome.reply, ambiguous=outcome.ambiguous
        )
