"""The proof: what ought to have been said, told again from plan, history and calendar, against the record.

It shares the calendar with the sweep and nothing else: the deadlines come from the history
(`reckoning/deadlines.py`), the reminders from the stages of each deadline and the sweeps that met it
(`reckoning/reminders.py`), and both are compared with their tables, both ways. What two processes did at the
same moment may be in either order: the proof then accepts both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.audit import queries as auditing
from ocop_workflow.calendar import ReminderStatus, stage_label
from ocop_workflow.clock import SystemClock
from ocop_workflow.errors import WrongUse
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.regulations import Recipient
from ocop_workflow.states import State
from ocop_workflow.store.troubles import unreadable
from ocop_workflow.upkeep.examination import deadline_queries, letter_queries, product_queries, unit_queries
from ocop_workflow.upkeep.examination.history import batches_of_histories
from ocop_workflow.upkeep.examination.reckoning.balance import Imbalance, Proof, Wrong
from ocop_workflow.upkeep.examination.reckoning.deadlines import plans_in, tell, tell_activities, tell_commune
from ocop_workflow.upkeep.examination.reckoning.past import Past
from ocop_workflow.upkeep.examination.reckoning.plans import Plans
from ocop_workflow.upkeep.examination.reckoning.reminders import accounts
from ocop_workflow.upkeep.examination.reckoning.timeline import Timeline
from ocop_workflow.upkeep.examination.reckoning.verdicts import NOT_COME, Letters, account_of, judge
from ocop_workflow.upkeep.examination.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from ocop_workflow.store import Connection
    from ocop_workflow.upkeep.examination.deadline_queries import DeadlineFact, ReminderFact
    from ocop_workflow.upkeep.examination.history import History
    from ocop_workflow.upkeep.examination.letter_queries import DigestFact
    from ocop_workflow.upkeep.examination.product_queries import ProductFact, RestartFact
    from ocop_workflow.upkeep.examination.reckoning.lifetimes import Lifetime
    from ocop_workflow.upkeep.examination.reckoning.reminders import Ought


_STATES = frozenset(State)


def prove(
    tx: Connection,
    zone: ZoneInfo,
    *,
    since: date | None = None,
    until: date | None = None,
    today: date | None = None,
) -> Proof:
    """Compare the reminders and letters on record with those that ought to be.

    Args:
        tx: a reading transaction: one snapshot.
        zone: the programme's time zone.
        since: the first local day of the stages and letters that are looked at; none: from the beginning.
        until: the last one; none: up to the last completed sweep.
        today: the local day: a sweep of a later one ran by a wrong clock and bears nothing out; none: the
            sweeps' days are believed.

    Raises:
        WrongUse: the last day lies before the first.
        Unavailable: the database cannot be reached.
    """
    if since is not None and until is not None and until < since:
        raise WrongUse("Ngày cuối đứng trước ngày đầu.", "The last day lies before the first.")
    try:
        return _proved(_Prover(Snapshot(tx, SystemClock(zone)), zone, since, until, today))
    except ValueError:
        if (told := unreadable.find(tx)) is not None:  # a word that does not exist
            raise told from None
        raise


def _proved(prover: _Prover) -> Proof:
    prover.products()
    prover.activities_and_communes()
    prover.letters()
    return prover.proof


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose deadline it is: the product's code and commune, the commune's alone, or neither: an activity's.

    `once_in`: communes that were divided, in which it lay before.
    """

    code: str | None
    unit_id: int | None
    once_in: frozenset[int] = frozenset()


def _undone_days(digests: Mapping[int, DigestFact]) -> dict[int, set[date]]:
    """Return the days of the digests that were taken back, and of those that they had taken the place of."""
    found: dict[int, set[date]] = defaultdict(set)
    for digest in digests.values():
        last = digest
        while last.superseded_by is not None:
            last = digests[last.superseded_by]
        if not last.is_live:
            found[digest.unit_id].add(digest.day)
    return found


class _Prover:
    """Gathers the proof; what is small is read once, what is large comes in batches."""

    def __init__(
        self, snapshot: Snapshot, zone: ZoneInfo, since: date | None, until: date | None, today: date | None
    ) -> None:
        self._snapshot, self._tx = snapshot, snapshot.tx
        self._timeline = Timeline.of(zone, auditing.setbacks(self._tx))
        self._sweeps = [
            replace(sweep, taken_back=True) if today is not None and sweep.day > today else sweep
            for sweep in snapshot.sweeps
        ]
        self._plans = Plans.read(snapshot)
        self._units = unit_queries.unit_names(self._tx)
        self._heirs, heir_since = unit_queries.heirs(self._tx)
        self._above = unit_queries.units_above(self._tx)
        self._relocated = unit_queries.relocated(self._tx)
        digests = letter_queries.all_digests(self._tx)
        live: dict[int, set[date]] = defaultdict(set)
        written: dict[int, set[date]] = defaultdict(set)
        for digest in digests.values():
            written[digest.unit_id].add(digest.day)
            if digest.is_live:
                live[digest.unit_id].add(digest.day)
        self._letters = Letters(
            digests, written, live, _undone_days(digests), unit_queries.contact_days(self._tx), heir_since
        )
        self._known: dict[object, tuple[list[Ought], list[Ought]]] = {}
        last = max((sweep.day for sweep in self._sweeps if sweep.stands), default=None)
        self.proof = Proof(last, since, until, unbalanced=self._plans.faults)

    # -- what is compared --------------------------------------------------------------------------

    def products(self) -> None:
        """Prove the products, batch by batch."""
        for batch in batches_of_histories(self._snapshot):
            self._known.clear()
            span = batch[0].product.id, batch[-1].product.id
            recorded = deadline_queries.deadlines_of(self._tx, *span)
            restarts = self._plans.arrivals.of_restarts(product_queries.restarts_between(self._tx, *span))
            said = deadline_queries.reminders_of_products(self._tx, *span)
            for history in batch:
                number = history.product.id
                pasts = self._pasts(history)
                if plans_in(history) <= pasts.keys():
                    rows = recorded.get(number, [])
                    lives = self._lives(history, restarts.get(number, []), rows, pasts)
                    self._compare(self._whose(history.product), lives, rows, said)

    def _pasts(self, history: History) -> dict[int | None, Past]:
        """Return what became of the plans; outside every plan, a regulation does not change."""
        found: dict[int | None, Past] = dict(self._plans.pasts.items())
        if None in plans_in(history) and history.steps:
            calendar = self._snapshot.calendar_of(history.product, None)
            if calendar is not None:
                found[None] = Past(None, history.steps[0].at, (calendar,))
        return found

    def _lives(
        self,
        history: History,
        restarts: list[RestartFact],
        rows: Sequence[DeadlineFact],
        pasts: Mapping[int | None, Past],
    ) -> list[Lifetime]:
        """Return the deadlines that a product ought to have had.

        Raises:
            ValueError: its record or its history uses words that do not exist.
        """
        if not history.is_whole or history.product.state not in _STATES:
            raise ValueError(history.product.code)
        came = self._plans.arrivals.of(history.product)
        arrival = None
        if came is not None:
            at, entry = came
            arrival = self._timeline.day_of(at), self._timeline.at(at, entry=entry)
        elif rows:  # the first that was opened: a first event may have happened before it was entered
            arrival = rows[0].opened_on, self._timeline.on(rows[0].opened_on)
        laws = self._plans.laws_for(history.product.id)
        return tell(history, restarts, arrival, pasts, self._timeline, laws)

    def activities_and_communes(self) -> None:
        """Prove the dated activities of every plan, then what communes without a product in it have."""
        activities: dict[int | None, list[DeadlineFact]] = defaultdict(list)
        communes: dict[int | None, dict[int, list[DeadlineFact]]] = defaultdict(lambda: defaultdict(list))
        for row in deadline_queries.deadlines_without_product(self._tx):
            if row.unit_id is None:
                activities[row.plan_id].append(row)
            else:
                communes[row.plan_id][row.unit_id].append(row)
        for plan_id, past in self._plans.pasts.items():
            self._activities(plan_id, past, activities[plan_id])
        for plan_id, past in self._plans.pasts.items():
            told = communes[plan_id]
            said = deadline_queries.reminders_without_product(self._tx, plan_id) if told else {}
            for unit_id, rows in told.items():
                lives = tell_commune(past, rows, self._timeline)
                self._compare(_Whose(None, unit_id), lives, rows, said)

    def _activities(self, plan_id: int, past: Past, rows: Sequence[DeadlineFact]) -> None:
        undone = {
            rule: [self._timeline.at(entry.at, entry=entry.seq) for entry in entries]
            for rule, entries in self._plans.undone.get(plan_id, {}).items()
        }
        lives = tell_activities(past, rows, self._timeline, undone)
        said = deadline_queries.reminders_without_product(self._tx, plan_id) if rows else {}
        self._compare(_Whose(None, None), lives, rows, said)

    def _compare(
        self,
        whose: _Whose,
        lives: Iterable[Lifetime],
        rows: Iterable[DeadlineFact],
        said: dict[int, list[ReminderFact]],
    ) -> None:
        """Pair the deadlines that ought to be with those on record; twins are paired in their order."""
        waiting: dict[object, list[DeadlineFact]] = defaultdict(list)
        for found in rows:
            waiting[found.plan_id, found.kind, found.rule, found.due_on, found.opened_on].append(found)
        for life in lives:
            twins = waiting[life.key]
            row = twins.pop(0) if twins else None
            if row is None:
                self._say_deadline(Wrong.DEADLINE_MISSING, whose, life.deadline.rule, life.deadline.due_on)
            elif row.closed_on != life.closed_on:
                self._say_deadline(Wrong.DEADLINE_DIFFERS, whose, row.rule, row.due_on)
            self._reminders(whose, life, row, said.get(row.id, []) if row else [])
        for extra in (row for twins in waiting.values() for row in twins):
            self._say_deadline(Wrong.DEADLINE_EXTRA, whose, extra.rule, extra.due_on)
            for record in said.get(extra.id, []):
                self._extra(whose, extra.rule, record)

    # -- the reminders of one deadline -------------------------------------------------------------

    def _reminders(
        self, whose: _Whose, life: Lifetime, row: DeadlineFact | None, records: Iterable[ReminderFact]
    ) -> None:
        found: dict[tuple[int, int], list[ReminderFact]] = defaultdict(list)
        for record in records:
            found[record.stage, self._stands_for(whose, record.unit_id)].append(record)
        met, to_come = self._oughts(life)
        before: date | None = None
        previous: date | None = None
        for ought in met:
            if previous is not None and previous < ought.stage.day:
                before = previous
            previous = ought.stage.day
            for unit_id in self._recipients(whose, life, ought):
                told = found.pop((ought.stage.offset, unit_id), [])
                acknowledged = row.acknowledged_on if row else None
                if self.proof.covers(ought.stage.day):
                    for one in told or (None,):  # two, where commune and authority were merged since
                        self._one(whose, life, ought, unit_id, one, (acknowledged, before))
        for record in (record for told in found.values() for record in told):
            self._extra(whose, life.deadline.rule, record)
        if life.closed_on is None:
            self.proof.balance.not_yet_due += sum(
                len(self._recipients(whose, life, ought))
                for ought in to_come
                if self.proof.covers(ought.stage.day)
            )

    def _one(
        self,
        whose: _Whose,
        life: Lifetime,
        ought: Ought,
        unit_id: int,
        record: ReminderFact | None,
        acknowledged: tuple[date | None, date | None],
    ) -> None:
        wrong: tuple[Wrong, str] | None
        if record is not None and record.status is ReminderStatus.SUPERSEDED and not ought.borne:
            self.proof.balance.count("missing")
            wrong = Wrong.MISSING, NOT_COME
        elif record is None:
            if not ought.certain:
                return
            self.proof.balance.count("missing")
            wrong = Wrong.MISSING, ""
        else:
            self.proof.balance.count(account_of(record, self._letters))
            wrong = judge(record, ought, life, acknowledged, self._letters)
        if wrong is not None:
            self._say(wrong, whose, life.deadline.rule, ought.stage.offset, unit_id, ought.stage.day)

    def _oughts(self, life: Lifetime) -> tuple[list[Ought], list[Ought]]:
        """Return what of a deadline was met and what is to come; products that share both share the work."""
        key = life.key, life.closed_on, life.opened, life.closed, life.regimes
        if key not in self._known:
            self._known[key] = accounts(life, self._sweeps, self._plans.left_out.get(life.plan_id or 0, ""))
        return self._known[key]

    def _recipients(self, whose: _Whose, life: Lifetime, ought: Ought) -> set[int]:
        authority = self._authority(whose, life)
        units = {Recipient.COMMUNE: whose.unit_id, Recipient.AUTHORITY: authority}
        return {self._heir(unit) for recipient in ought.to if (unit := units[recipient]) is not None}

    def _authority(self, whose: _Whose, life: Lifetime) -> int | None:
        """Return whose it is beside the commune's: the plan's authority, without a plan the unit's above."""
        if life.plan_id is not None:
            return self._plans.records[life.plan_id].unit_id
        return self._above.get(whose.unit_id or 0)

    def _whose(self, product: ProductFact) -> _Whose:
        return _Whose(product.code, product.unit_id, self._relocated.get(product.id, frozenset()))

    def _stands_for(self, whose: _Whose, unit_id: int) -> int:
        """Return who stands for the unit that a reminder was for."""
        if unit_id in whose.once_in and whose.unit_id is not None:
            return self._heir(whose.unit_id)
        return self._heir(unit_id)

    def _heir(self, unit_id: int) -> int:
        """Return who stands for a unit by now: what was said before a merger was said to its predecessor."""
        return self._heirs.get(unit_id, unit_id)

    # -- the letters -------------------------------------------------------------------------------

    def letters(self) -> None:
        """Prove that each letter has something to say, and says it to each address once."""
        for digest in self._letters.digests.values():
            if not self.proof.covers(digest.day):
                continue
            sent = Counter(address for address, state in digest.letters if state is LetterState.SENT)
            if digest.items == 0 and (digest.is_live or not digest.letters):
                self._say_letter(Wrong.EMPTY_LETTER, digest.unit_id, digest.day)
            if any(count > 1 for count in sent.values()) or (digest.superseded_by is not None and sent):
                self._say_letter(Wrong.SAID_TWICE, digest.unit_id, digest.day)
        for unit_id, written_at in letter_queries.letters_without_digest(self._tx):
            day = self._timeline.day_of(written_at)
            if self.proof.covers(day):
                self._say_letter(Wrong.EMPTY_LETTER, unit_id, day)

    # -- what does not balance ---------------------------------------------------------------------

    def _extra(self, whose: _Whose, rule: str, record: ReminderFact) -> None:
        if self.proof.covers(record.day):
            self.proof.balance.extra += 1
            self._say((Wrong.EXTRA, ""), whose, rule, record.stage, record.unit_id, record.day)

    def _say(
        self, wrong: tuple[Wrong, str], whose: _Whose, rule: str, offset: int, unit_id: int, day: date
    ) -> None:
        unit = self._units.get(unit_id)
        row = Imbalance(wrong[0], whose.code, rule, stage_label(offset), unit, day, wrong[1])
        self.proof.unbalanced.append(row)

    def _say_deadline(self, wrong: Wrong, whose: _Whose, rule: str, due_on: date) -> None:
        self.proof.unbalanced.append(Imbalance(wrong, whose.code, rule, day=due_on))

    def _say_letter(self, wrong: Wrong, unit_id: int, day: date) -> None:
        self.proof.unbalanced.append(Imbalance(wrong, unit=self._units.get(unit_id), day=day))
