"""The plans of a proof: what became of each, and how their products came in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.errors import OcopError
from ocop_workflow.plans import queries as plans
from ocop_workflow.regulations import load_regulation
from ocop_workflow.sweep.digests import left_out
from ocop_workflow.upkeep.examination import audit_queries, product_queries
from ocop_workflow.upkeep.examination.reckoning.balance import Imbalance, Wrong
from ocop_workflow.upkeep.examination.reckoning.past import NewLaw, Past, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.upkeep.examination.audit_queries import EntryFact
    from ocop_workflow.upkeep.examination.plan_queries import ExtensionFact, OccurrenceFact
    from ocop_workflow.upkeep.examination.product_queries import ProductFact, RestartFact
    from ocop_workflow.upkeep.examination.snapshot import Snapshot


#: that something has happened to a product: when it was recorded, and when it was taken back
_Occurrence = tuple["OccurrenceFact", Turn, Turn | None]


@dataclass
class Plans:
    """The loaded plans and the pasts of those that can be read.

    `undone`: by plan and activity, the entries of the audit that take back that it was done. `laws`: when
    certificates went over to a law, in order.
    """

    records: dict[int, PlanRecord]
    pasts: dict[int, Past]
    left_out: dict[int, str]
    arrivals: Arrivals
    undone: dict[int, dict[str, Sequence[EntryFact]]] = field(default_factory=dict)
    faults: list[Imbalance] = field(default_factory=list)
    laws: Sequence[NewLaw] = ()

    def laws_for(self, product_id: int) -> list[Turn]:
        """Return when a product's certificate went over to a law, in order."""
        return [law.turn for law in self.laws if law.first <= product_id <= law.last]

    @classmethod
    def read(cls, snapshot: Snapshot) -> Plans:
        """Read every plan with its past; one that cannot be read is a fault of its own."""
        records = {record.id: record for record in plans.all_plans(snapshot.tx)}
        read = _Pasts(snapshot)
        found = cls(records, {}, {}, read.arrivals(records), laws=read.laws())
        for record in found.records.values():
            found.undone[record.id] = read.undone(record)
            found.left_out[record.id] = left_out(record, OcopError("", "")).vi
            why = snapshot.plans[record.id].unreadable
            if why is None:
                found.pasts[record.id] = read.past_of(record)
            else:
                fault = Imbalance(Wrong.PLAN_UNREADABLE, milestone=record.slug, detail=why.vi)
                found.faults.append(fault)
        return found


class _Pasts:
    """Puts the pasts of plans together."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._entries = audit_queries.entries_in_order(snapshot.tx)
        self._extensions: dict[int, list[ExtensionFact]] = defaultdict(list)
        for given in snapshot.extensions:
            self._extensions[given.plan_id].append(given)
        self._occurrences: dict[int, dict[int, list[_Occurrence]]] = defaultdict(lambda: defaultdict(list))
        for fact in snapshot.occurrences:
            self._occurrences[fact.plan_id][fact.product_id].append(self._occurrence(fact))

    def past_of(self, record: PlanRecord) -> Past:
        """Return the past of a plan whose versions can all be read."""
        plan = self._snapshot.plans[record.id]
        earlier = [version.kept for version in plan.earlier]
        in_force, *replaced = plan.calendars
        changes = self._told("plan.change", f"plan:{record.slug}", len(earlier))
        return Past(
            record.id,
            plan.first_loaded_at,
            (*replaced, in_force),
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

    def laws(self) -> list[NewLaw]:
        """Return when certificates went over to a law, as the audit tells it."""
        found = []
        for (action, subject), entries in self._entries.items():
            if action == "law.certificates":
                _, law_id, span = subject.split(":")
                first, last = map(int, span.split("-"))
                since = load_regulation(law_id).in_force.since
                found += [NewLaw(first, last, _turn(None, entry.at, since, entry)) for entry in entries]
        return sorted(found, key=lambda law: law.turn.entry or 0)

    def arrivals(self, records: Mapping[int, PlanRecord]) -> Arrivals:
        """Return when products came in, as the audit tells it."""
        imported: dict[int, int] = {}
        for plan_id, numbers in product_queries.imports_by_plan(self._snapshot.tx).items():
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

    def of(self, product: ProductFact) -> tuple[datetime, int | None] | None:
        """Return when a product came in, and the number of the entry that tells of it; none: nobody knows."""
        if product.import_id is not None and product.imported_at is not None:
            return product.imported_at, self.imported.get(product.import_id)
        entry = self.created.get(product.code)
        return (entry.at, entry.seq) if entry else None

    def of_restarts(self, found: Mapping[int, Sequence[RestartFact]]) -> dict[int, list[RestartFact]]:
        """Return the restarts of products, each with the entry of the import that corrected it."""
        return {
            product_id: [replace(fact, entry=self.imported.get(fact.import_id)) for fact in facts]
            for product_id, facts in found.items()
        }


def _turn(plan_id: int | None, at: datetime, on: date, entry: EntryFact | None) -> Turn:
    return Turn(plan_id, at, on, entry.seq, entry.last_step) if entry else Turn(plan_id, at, on)
