"""Delivery: claim (commit), send (no transaction open), settle (commit). At least once, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocop_workflow.errors import Unavailable
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.journal import NO_JOURNAL, Journalled
from ocop_workflow.letters.queries import RelayRecord
from ocop_workflow.notifications import (
    Blame,
    Breaker,
    DoubtfulRefusalError,
    GiveUp,
    PermanentDeliveryError,
    RelayError,
    RetryPolicy,
    TemporaryDeliveryError,
    Tried,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.clock import Clock
    from ocop_workflow.letters.journal import Journal
    from ocop_workflow.letters.queries import Claim
    from ocop_workflow.notifications import DeliveryError, Mailer, Outcome, Sender
    from ocop_workflow.store import Connection, Database

#: how long a claim holds, unless a policy says otherwise
LEASE = RetryPolicy().lease

#: what stands in place of the relay's reply where only the send journal knows that a letter went out
FROM_JOURNAL = "known from the send journal"
_UNCERTAIN = "uncertain: nobody knows how its attempts ended"

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

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._taken: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        # who has to wait is kept as it changes: asked for each letter, over all domains that there are
        self._had: set[str] = set()
        self._failing: set[str] = set()

    def waiting(self) -> set[str]:
        """Return the domains that have to wait now."""
        return self._failing | self._had

    def begin_anew(self) -> bool:
        """Let every domain that has not failed have another turn. False: nobody was waiting for one."""
        had = bool(self._had)
        self._taken.clear()
        self._had.clear()
        return had

    def count(self, domain: str, outcome: Outcome) -> None:
        """Count a letter to a domain and how it went."""
        self._taken[domain] += 1
        self._failed[domain] = self._failed[domain] + 1 if isinstance(outcome, TemporaryDeliveryError) else 0
        if self._taken[domain] >= TURN:
            self._had.add(domain)
        if self._failed[domain] >= self._patience:
            self._failing.add(domain)
        else:
            self._failing.discard(domain)


@dataclass
class _Run:
    """One run of the delivery, and what it needs.

    `relay`: how the relay has behaved. `noted`: it is on record that it has taken a letter since one failed.
    """

    connection: Connection
    mailer: Mailer
    policy: RetryPolicy
    breaker: Breaker
    clock: Clock
    sender: Sender
    journal: Journal
    relay: RelayRecord
    blame: Blame
    turns: _Turns
    report: DeliveryReport = field(default_factory=DeliveryReport)
    noted: bool = False

    def remember(self, record: RelayRecord) -> None:
        """Write down how the relay behaves, for every process that sends."""
        letters.save_relay(self.connection, record)
        self.relay = record


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
    commit. What every letter meets is the relay's fault or the set-up's, not the letter's: the run ends, all
    wait, and after several such faults nothing is tried for a while, then letters probe. Only what a letter
    meets alone kills it (`Blame`, `RetryPolicy`).

    Each letter that the relay has taken is written into the send journal before it is settled, so that the
    journal knows at least what any database knows. A letter that the journal knows from before a restored
    backup, or whose sender died behind that line, is settled without going out again. A journal that cannot
    be written is seen before the first letter.

    Raises:
        Unavailable: the database cannot be reached, is locked, read-only or full, or the journal cannot be
            written.
    """
    with database.connect() as connection:
        breaker = Breaker()
        with connection.begin():
            waiting = letters.waiting_count(connection, clock.now())
            if waiting > MANY:
                letters.look_at_waiting(connection)
            relay = letters.relay_record(connection)
        if breaker.is_open(relay.open_until, clock.now()):
            return DeliveryReport(relay_fault=relay.last_fault)
        if waiting:
            journal.refuse_unwritable()
        known = journal.known() if waiting else Journalled()
        probing = breaker.is_probing(relay.faults)
        blame, turns = Blame(breaker.limit, suspected=probing), _Turns(1 if probing else PATIENCE)
        run = _Run(connection, mailer, policy, breaker, clock, sender, journal, relay, blame, turns)
        for done in range(waiting):
            progress(done, waiting)
            if not _deliver_one(run, known, probing=probing):
                break
        progress(waiting, waiting)
        if blame.falls_on_the_relay and run.report.relay_fault is None:
            with connection.begin():
                _remember_fault(run, blame.reply)
    return run.report


def _deliver_one(run: _Run, known: Journalled, *, probing: bool) -> bool:
    """Claim, send and settle one letter. False: the run is over."""
    claim = _claim(run)
    if claim is None:
        return False
    if known.has(claim.message_id, claim.created_at if claim.ambiguous else None):
        with run.connection.begin():
            letters.settle_sent(run.connection, claim, run.clock.now(), FROM_JOURNAL)
        run.report.known += 1
        return True
    if claim.ambiguous > run.policy.ambiguous_limit:
        with run.connection.begin():
            run.report.dead += letters.settle_dead(run.connection, claim, _UNCERTAIN)
        return True
    outcome = run.blame.weigh(claim.domain, _send(run, claim))
    unwritten = _note_in_journal(run, claim) if isinstance(outcome, str) else None
    with run.connection.begin():
        _settle(run, claim, outcome)
        _remember_relay(run, outcome)
    if unwritten is not None:
        raise unwritten
    run.turns.count(claim.domain, outcome)
    if probing:
        return isinstance(outcome, DoubtfulRefusalError)
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


def _is_the_relays(run: _Run, outcome: Outcome) -> bool:
    """Tell whether a failure is the relay's, so far as is known: while it only probes, doubt is enough."""
    return isinstance(outcome, RelayError) or (
        run.blame.suspected and isinstance(outcome, DoubtfulRefusalError)
    )


def _remember_relay(run: _Run, outcome: Outcome) -> None:
    """Count the relay's faults in a row; the first letter that it answers sets the count back."""
    if isinstance(outcome, RelayError):
        _remember_fault(run, outcome.reply)
    elif isinstance(outcome, str):
        if run.relay.faults or not run.noted:
            run.remember(RelayRecord(taken_at=run.clock.now()))
        run.noted = True
    else:
        run.noted = False
        if run.relay.faults and not _is_the_relays(run, outcome):
            run.remember(RelayRecord(taken_at=run.relay.taken_at))


def _remember_fault(run: _Run, reply: str) -> None:
    """Count one more fault of the relay; one that several letters have proved is enough to leave it alone."""
    now, before = run.clock.now(), run.relay
    faults = before.faults + 1
    if run.blame.falls_on_the_relay:
        faults = max(faults, run.breaker.limit)
    until = run.breaker.open_until(faults, now)
    run.remember(RelayRecord(faults, until, reply, before.since or now, before.taken_at))
    run.report.relay_fault = reply


def _send(run: _Run, claim: Claim) -> Outcome:
    try:
        return run.mailer.send(run.sender.address, claim.address, claim.mime)
    except (TemporaryDeliveryError, PermanentDeliveryError) as error:
        return error


def _settle(run: _Run, claim: Claim, outcome: Outcome) -> None:
    tx, now, report = run.connection, run.clock.now(), run.report
    if isinstance(outcome, str):
        report.sent += letters.settle_sent(tx, claim, now, outcome)
    elif isinstance(outcome, PermanentDeliveryError):
        report.dead += letters.settle_dead(tx, claim, outcome.reply)
    elif _is_the_relays(run, outcome):  # it brings the letter nearer to no limit
        report.retried += letters.put_back(tx, claim, now + run.policy.first, outcome.reply)
    else:
        _settle_failed(run, claim, outcome, now)


def _settle_failed(run: _Run, claim: Claim, outcome: DeliveryError, now: datetime) -> None:
    """Put a letter back that has failed by itself, or give it up."""
    taken = run.relay.taken_at
    alone = taken is not None and claim.failed_at is not None and claim.failed_at < taken <= now
    ambiguous = isinstance(outcome, TemporaryDeliveryError) and outcome.ambiguous
    tried = Tried(
        claim.attempts,
        claim.created_at,
        claim.ambiguous + ambiguous,
        claim.refusals + (alone and isinstance(outcome, DoubtfulRefusalError)),
        alone,
    )
    verdict = run.policy.after(tried, now)
    if isinstance(verdict, GiveUp):
        reason = f"{verdict.reason}: {outcome.reply}"
        run.report.dead += letters.settle_dead(run.connection, claim, reason)
    else:
        run.report.retried += letters.settle_retry(
            run.connection,
            claim,
            verdict.when,
            outcome.reply,
            now,
            ambiguous=tried.ambiguous,
            refusals=tried.refusals,
        )
