"""Whether a recorded reminder can be what it is, given what it ought to have been. No database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from ocop_workflow.calendar import ReminderStatus, WithheldBecause, load_work_calendar
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.upkeep.examination.reckoning.balance import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ocop_workflow.upkeep.examination.deadline_queries import ReminderFact
    from ocop_workflow.upkeep.examination.letter_queries import DigestFact
    from ocop_workflow.upkeep.examination.reckoning.lifetimes import Lifetime
    from ocop_workflow.upkeep.examination.reckoning.reminders import Ought, Run

#: why a reminder that is recorded is missing all the same
NOT_COME = "bị thay thế bởi mức nhắc của một ngày chưa đến"

_OUT = {LetterState.PENDING, LetterState.SENDING, LetterState.HELD}


@dataclass(frozen=True)
class Letters:
    """The digests by number, the days of each unit's, and its addresses' days.

    Attributes:
        digests: every digest.
        all_days: the days of which a unit has any, whatever became of it.
        live_days: the days on which a unit has one that stands.
        undone_days: the days on which it has one that was taken back, so that what it said is unsaid again.
        contact_days: from and to which day it has an address.
        heir_since: the day until which what it has not been told may have been its predecessor's.
    """

    digests: Mapping[int, DigestFact]
    all_days: Mapping[int, set[date]]
    live_days: Mapping[int, set[date]]
    undone_days: Mapping[int, set[date]]
    contact_days: Mapping[int, list[tuple[date, date | None]]]
    heir_since: Mapping[int, date]

    @cached_property
    def _replaced(self) -> dict[int, list[int]]:
        """The digests in whose place each came."""
        found: dict[int, list[int]] = {}
        for number, digest in self.digests.items():
            if digest.superseded_by is not None:
                found.setdefault(digest.superseded_by, []).append(number)
        return found

    def came_for(self, number: int) -> set[date]:
        """Return the day of a digest and those of the ones in whose place it came."""
        days: set[date] = set()
        todo = [number]
        while todo:
            one = todo.pop()
            days.add(self.digests[one].day)
            todo += self._replaced.get(one, [])
        return days

    def reachable(self, unit_id: int, day: date) -> bool:
        """Tell whether a unit surely had an address on a local day: one that did not begin that very day."""
        spans = self.contact_days.get(unit_id, ())
        return any(first < day and (end is None or day < end) for first, end in spans)


def account_of(record: ReminderFact, letters: Letters) -> str:
    """Return the account of the balance under which a recorded reminder stands."""
    if record.status is not ReminderStatus.DUE:
        return record.status.value
    if record.digest_id is None:
        return "waiting"
    states = letters.digests[record.digest_id].states
    if LetterState.SENT in states:
        return "said"
    return "waiting" if states & _OUT else "undelivered"


def judge(
    record: ReminderFact,
    ought: Ought,
    life: Lifetime,
    acknowledged: tuple[date | None, date | None],
    letters: Letters,
) -> tuple[Wrong, str] | None:
    """Return what is wrong with a recorded reminder; none: nothing.

    Args:
        record: the reminder.
        ought: what it ought to be.
        life: its deadline.
        acknowledged: the day on which the flag was last taken note of, and the day of the stage before
            this one.
        letters: what was written.
    """
    if record.day != ought.stage.day:
        return Wrong.WRONG_DAY, f"{record.day:%d/%m/%Y} ≠ {ought.stage.day:%d/%m/%Y}"
    if record.status is not ReminderStatus.DUE and record.digest_id is not None:
        return Wrong.WRONG_STATUS, f"{record.status.value}, in a letter"
    if not _can_be(record, ought, life, acknowledged):
        return Wrong.WRONG_STATUS, record.status.value
    if record.digest_id is not None:
        digest = letters.digests[record.digest_id]
        return _in_a_letter(record, ought, digest) or _late(record, ought, record.digest_id, letters)
    if _was_passed_over(record, ought, letters):
        return (
            Wrong.UNSAID if record.status is ReminderStatus.DUE else Wrong.WRONG_STATUS
        ), record.status.value
    return None


def _can_be(
    record: ReminderFact, ought: Ought, life: Lifetime, acknowledged: tuple[date | None, date | None]
) -> bool:
    status, began_as = record.status, ought.began_as
    if ReminderStatus.WITHHELD in began_as:
        return status is ReminderStatus.WITHHELD and record.reason == WithheldBecause.BEFORE_OPENED
    if status is ReminderStatus.SUPERSEDED:
        return status in began_as or ought.next_met
    if ReminderStatus.DUE not in began_as:
        return False
    on, before = acknowledged
    skipped = ought.stage.offset > 0 and on is not None and (before is None or before <= on)
    if status is ReminderStatus.WITHHELD:
        return skipped and record.reason == WithheldBecause.ACKNOWLEDGED
    if status is ReminderStatus.CANCELLED:
        return life.closed_on is not None
    unsaid_though_over = record.digest_id is None and life.closed_on is not None
    said_though_acknowledged = skipped and on is not None and on < ought.stage.day
    return not unsaid_though_over and not said_though_acknowledged


def _in_a_letter(record: ReminderFact, ought: Ought, digest: DigestFact) -> tuple[Wrong, str] | None:
    if not digest.is_live:
        return Wrong.NO_LETTER, ""
    # a clock that ran ahead may have recorded it before a sweep of an earlier day came by
    too_early = digest.day < record.day and all(run.day != digest.day for run in ought.told_in)
    if digest.unit_id != record.unit_id or too_early:
        return Wrong.WRONG_STATUS, f"letter of {digest.day:%d/%m/%Y}"
    return None


def _late(record: ReminderFact, ought: Ought, digest_id: int, letters: Letters) -> tuple[Wrong, str] | None:
    """Tell whether a letter had to be written before, in a sweep of a day of which the unit has none at all.

    Where it has one that was taken back or overtaken, what that one said was carried over. While it stood in
    a letter in whose place this one came, no other had to be written. Before is what ran before: a sweep of
    an earlier day that ran after the letter was written had nothing to say any more.
    """
    written_on = letters.came_for(digest_id)
    before = takewhile(lambda run: run.day not in written_on, ought.told_in)
    if _days_to_write(record, before, letters) - letters.all_days.get(record.unit_id, set()):
        return Wrong.UNSAID, f"{letters.digests[digest_id].day:%d/%m/%Y}"
    return None


def _days_to_write(record: ReminderFact, runs: Iterable[Run], letters: Letters) -> set[date]:
    """Return the working days whose first sweep had to write to a unit that surely had an address."""
    since = letters.heir_since.get(record.unit_id)
    working = load_work_calendar().is_working
    return {
        run.day
        for run in runs
        if run.sure
        and run.opens_the_day
        and working(run.day)
        and letters.reachable(record.unit_id, run.day)
        and (since is None or since < run.day)
    }


def _was_passed_over(record: ReminderFact, ought: Ought, letters: Letters) -> bool:
    """Tell whether a letter was written, or ought to have been, that had to speak of this reminder.

    The first sweep of a working day takes up everything that is unsaid; a digest of that day that still
    stands had to carry it. Nothing is concluded from later sweeps of one day: the unit had its letter.
    """
    status = record.status
    if status is ReminderStatus.WITHHELD or (status in ought.began_as and status is not ReminderStatus.DUE):
        return False
    undone = letters.undone_days.get(record.unit_id, set())
    if status is ReminderStatus.DUE:
        return bool(_days_to_write(record, ought.told_in, letters) - undone)
    since = letters.heir_since.get(record.unit_id)
    days = {
        run.day
        for run in ought.told_in
        if run.sure and run.opens_the_day and (since is None or since < run.day)
    }
    return bool((days - undone) & letters.live_days.get(record.unit_id, set()))
