"""The plans of a proof: what became of each, and how their products came in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.errors import OcopError
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_from, calendar_of
from ocop_workflow.sweep.digests import left_out
from ocop_workflow.upkeep.examination import arrival_queries as proving_order
from ocop_workflow.upkeep.examination import change_queries as proving_changes
from ocop_workflow.upkeep.examination import deadline_queries as proving
from ocop_workflow.upkeep.examination.reckoning.balance import Imbalance, Wrong
from ocop_workflow.upkeep.examination.reckoning.past import Past, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ocop_workflow.plans.queries import PlanRecord, VersionRecord
    from ocop_workflow.store import Connection
    from ocop_workflow.upkeep.examination.arrival_queries import EntryFact
    from ocop_workflow.upkeep.examination.change_queries import ExtensionFact, OccurrenceFact
    from ocop_workflow.upkeep.examination.deadline_queries import ProductFact, RestartFact


#: that something has happened to a product: when it was recorded, and when it was taken back
_Occurrence = tuple["OccurrenceFact", Turn, Turn | None]


@dataclass
class Plans:
    """The loaded plans and the pasts of those that can be read.

    `undone`: by plan and activity, the entries of the audit that take back that it was done.
    """

    records: dict[int, PlanRecord]
    pasts: dict[int, Past]
    left_out: dict[int, str]
    arrivals: Arrivals
    undone: dict[int, dict[str, Sequence[EntryFact]]] = field(default_factory=dict)
    faults: list[Imbalance] = field(default_factory=list)

    @classmethod
    def read(cls, tx: Connection) -> Plans:
        """Read every plan with its past; one that cannot be read is a fault of its own."""
        records = {record.id: record for record in plans.all_plans(tx)}
        read = _Pasts(tx)
        found = cls(records, {}, {}, read.arrivals(records))
        for record in found.records.values():
            found.undone[record.id] = read.undone(record)
            found.left_out[record.id] = left_out(record, OcopError("", "")).vi
            try:
                found.pasts[record.id] = read.past_of(record)
            except OcopError as error:
                found.faults.append(
                    Imbalance(Wrong.PLAN_UNREADABLE, milestone=record.slug, detail=error.text.vi)
                )
        return found


class _Pasts:
    """Puts the pasts of plans together."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._loaded = proving.loaded_at(tx)
        self._entries = proving_order.entries_in_order(tx)
        self._earlier: dict[int, list[VersionRecord]] = defaultdict(list)
        for kept in plans.earlier_versions(tx):
            self._earlier[kept.plan_id].append(kept)
        self._extensions: dict[int, list[ExtensionFact]] = defaultdict(list)
        for given in proving_changes.all_extensions(tx):
            self._extensions[given.plan_id].append(given)
        self._occurrences: dict[int, dict[int, list[_Occurrence]]] = defaultdict(lambda: defaultdict(list))
        for fact in proving_changes.all_occurrences(tx):
            self._occurrences[fact.plan_id][fact.product_id].append(self._occurrence(fact))

    def past_of(self, record: PlanRecord) -> Past:
        """Return the past of one plan.

        Raises:
            InvalidInput: a version of it cannot be read.
        """
        earlier = self._earlier[record.id]
        changes = self._told("plan.change", f"plan:{record.slug}", len(earlier))
        current = calendar_of(self._tx, record.id, record.sha256)
        return Past(
            record.id,
            earlier[0].loaded_at if earlier else self._loaded[record.id],
            (*(calendar_from(kept.text) for kept in earlier), current),
            tuple(
                _turn(record.id, kept.replaced_at, kept.replaced_on, entry)
                for kept, entry in zip(earlier, changes, strict=True)
            ),
            tuple(map(self._extension, self._extensions[record.id])),
            self._occurrences[record.id],
        )

    def _occurrence(self, fact: OccurrenceFact) -> _Occurrence:
        subject = f"occurrence:{fact.id}"
        (entry,) = self._told("occurrence.record", subject, 1)
        recorded = _turn(fact.plan_id, fact.recorded_at, fact.recorded_on, entry)
        if fact.undone_at is None or fact.undone_on is None:
            return fact, recorded, None
        (entry,) = self._told("occurrence.undo", subject, 1)
        return fact, recorded, _turn(fact.plan_id, fact.undone_at, fact.undone_on, entry)

    def _extension(self, given: ExtensionFact) -> tuple[ExtensionFact, Turn, Turn | None]:
        subject = f"extension:{given.id}"
        (entry,) = self._told("extension.grant", subject, 1)
        granted = _turn(given.plan_id, given.granted_at, given.granted_on, entry)
        if given.revoked_at is None or given.revoked_on is None:
            return given, granted, None
        (entry,) = self._told("extension.revoke", subject, 1)
        return given, granted, _turn(given.plan_id, given.revoked_at, given.revoked_on, entry)

    def _told(self, action: str, subject: str, times: int) -> Sequence[EntryFact | None]:
        """Return the entries of the audit for what happened so many times; none where it does not know."""
        found = self._entries.get((action, subject), [])
        return found if len(found) == times else [None] * times

    def undone(self, record: PlanRecord) -> dict[str, Sequence[EntryFact]]:
        """Return by activity the entries of the audit that take back that it was done."""
        prefix = f"plan:{record.slug}:"
        return {
            subject.removeprefix(prefix): entries
            for (action, subject), entries in self._entries.items()
            if action == "activity.undo" and subject.startswith(prefix)
        }

    def arrivals(self, records: Mapping[int, PlanRecord]) -> Arrivals:
        """Return when products came in, as the audit tells it."""
        imported: dict[int, int] = {}
        for plan_id, numbers in proving_order.imports_by_plan(self._tx).items():
            entries = self._told("plan.import", f"plan:{records[plan_id].slug}", len(numbers))
            imported |= {
                number: entry.seq for number, entry in zip(numbers, entries, strict=True) if entry is not None
            }
        created = {
            subject.removeprefix("product:"): entries[0]
            for (action, subject), entries in self._entries.items()
            if action == "product.create"
        }
        return Arrivals(imported, created)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The entries of the audit that tell how products came in: by import's number, by product's code.

    What an import corrected of products that were there stands by its entry, too.
    """

    imported: Mapping[int, int]
    created: Mapping[str, EntryFact]

    def completed(self, product: ProductFact) -> ProductFact:
        """Return a product with what the audit has of its coming in."""
        if product.import_id is not None:
            return replace(product, entry=self.imported.get(product.import_id))
        entry = self.created.get(product.code)
        return replace(product, created_at=entry.at, entry=entry.seq) if entry else product

    def of_restarts(self, found: Mapping[int, Sequence[RestartFact]]) -> dict[int, list[RestartFact]]:
        """Return the restarts of products, each with the entry of the import that corrected it."""
        return {
            product_id: [replace(fact, entry=self.imported.get(fact.import_id)) for fact in facts]
            for product_id, facts in found.items()
        }


def _turn(plan_id: int, at: datetime, on: date, entry: EntryFact | None) -> Turn:
    return Turn(plan_id, at, on, entry.seq, entry.last_step) if entry else Turn(plan_id, at, on)


__all__ = ["Arrivals", "Plans"]
