"""`ocop doctor`: is everything that must always hold true of this database? It reads, and never repairs.

Each check is a small generator with the number of its rule; they read one snapshot in batches, so that
neither memory nor a writer feels how large the database is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ocop_workflow.clock import VIETNAM, SystemClock
from ocop_workflow.errors import Text
from ocop_workflow.letters.journal import NO_JOURNAL
from ocop_workflow.store.troubles import unreadable
from ocop_workflow.sweep.holding import Caution
from ocop_workflow.upkeep.examination.checks import CHECKS
from ocop_workflow.upkeep.examination.findings import RESTORE, Finding, Severity
from ocop_workflow.upkeep.examination.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocop_workflow.clock import Clock
    from ocop_workflow.files import FileStore
    from ocop_workflow.letters.journal import Journal
    from ocop_workflow.store import Connection, Database

#: findings of one check that are kept: what is broken a thousand times is broken in one way
FINDINGS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Examination:
    """What the doctor found, in the order of the checks, and the numbers of the rules that were checked.

    `notes`: what is good to know, though nothing is wrong.
    """

    findings: tuple[Finding, ...]
    checks_run: tuple[int, ...]
    notes: tuple[Finding, ...] = ()

    @property
    def violated(self) -> bool:
        """Whether something is as it must never be."""
        return any(finding.severity is Severity.VIOLATED for finding in self.findings)


def examine(
    database: Database,
    clock: Clock,
    journal: Journal = NO_JOURNAL,
    *,
    caution: Caution | None = None,
    files: FileStore | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Examination:
    """Examine a database in one read-only snapshot; safe beside whoever works on it.

    Where the schema is not this version's, nothing else is looked at.

    Args:
        database: the database.
        clock: by which it is judged what is late.
        journal: the send journal beside it.
        caution: when a sweep stops and asks; none: as without settings.
        files: the store of papers' files; none: it is not looked at.
        progress: told how many checks are done, of how many.

    Raises:
        Unavailable: the database cannot be reached, or is too damaged to be read.
    """
    with database.read() as tx:
        return _examined(Snapshot(tx, clock, journal, caution or Caution(), files), CHECKS, progress)


#: rules about this host and this hour: of a copy they say nothing
_OF_THE_HOUR = {13, 17, 29}


def examine_copy(tx: Connection) -> Examination:
    """Examine a copy of a database: everything that must hold of it whenever and wherever it is put back.

    Raises:
        Unavailable: it is too damaged to be read.
    """
    checks = [check for check in CHECKS if check[0] not in _OF_THE_HOUR]
    return _examined(Snapshot(tx, SystemClock(VIETNAM)), checks, lambda _done, _of: None)


def _examined(
    snapshot: Snapshot,
    checks: Sequence[tuple[int, Callable[[Snapshot], Iterator[Finding]]]],
    progress: Callable[[int, int], None],
) -> Examination:
    findings: list[Finding] = []
    run: dict[int, None] = {}
    for done, (number, check) in enumerate(checks):
        findings += (replace(finding, invariant=number) for finding in _kept(check, snapshot))
        run[number] = None
        progress(done + 1, len(checks))
        if done == 0 and findings:
            break
    notes = tuple(finding for finding in findings if finding.severity is Severity.NOTE)
    told = tuple(finding for finding in findings if finding.severity is not Severity.NOTE)
    return Examination(told, tuple(sorted(run)), notes)


def _kept(check: Callable[[Snapshot], Iterator[Finding]], snapshot: Snapshot) -> Iterator[Finding]:
    """Yield what a check finds; a value that cannot even be read is a finding, too."""
    try:
        yield from islice(check(snapshot), FINDINGS_KEPT)
    except (ValueError, LookupError, TypeError) as error:
        told = unreadable.find(snapshot.tx)
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        text = Text(f"Có giá trị không đọc được: {words}.", f"A value cannot be read: {words}.")
        yield Finding("", "", told.text if told else text, RESTORE)
