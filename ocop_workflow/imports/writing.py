"""What an import writes, all at once at its end: products, questions, deadlines, what each row became."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar import Standing
from ocop_workflow.calendar.subjects import CORRECTED
from ocop_workflow.deadlines.alignment import Holder, align_deadlines, open_for_new
from ocop_workflow.deadlines.communes import align_communes
from ocop_workflow.errors import Stale
from ocop_workflow.imports import queries as importing
from ocop_workflow.people import producers
from ocop_workflow.people.producers import Named
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.products.questions import queries as questions
from ocop_workflow.states import Dossier, State
from ocop_workflow.vietnamese import clean, search_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.errors import Text
    from ocop_workflow.imports.queries import Stocked
    from ocop_workflow.imports.reading.candidate import Candidate
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def starting_state(candidate: Candidate) -> State:
    """An upgrade's product stands on its certificate; everything else begins as an idea."""
    upgrade = candidate.target is not None and candidate.target.is_upgrade
    return State.MONITORED if upgrade else State.IDEA


@dataclass(frozen=True, slots=True)
class New:
    """A row that becomes a product."""

    candidate: Candidate
    key: str
    code: str
    unit: UnitRecord


@dataclass
class Batch:
    """What an import has decided to write."""

    new: list[New] = field(default_factory=list)
    recognised: list[tuple[str, Stocked, int]] = field(default_factory=list)
    restarted: list[tuple[Stocked, Candidate]] = field(default_factory=list)
    edited: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new or self.recognised or self.restarted or self.edited)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes a batch into a plan on a day."""

    tx: Connection
    plan: PlanRecord
    calendar: Calendar
    today: date
    now: datetime

    def write(self, batch: Batch, file_name: str, sha256: str, actor: str) -> None:
        """Write a batch, and the record of the import.

        Raises:
            Stale: a product that was to be put right was changed by somebody else meanwhile.
        """
        import_id = importing.insert_import(
            self.tx,
            {
                "plan_id": self.plan.id,
                "sha256": sha256,
                "file_name": clean(file_name)[:200],
                "at": self.now,
                "actor": clean(actor)[:100],
                "products": len(batch.new),
            },
        )
        self._write_new(batch.new, import_id)
        importing.insert_recognised_rows(
            self.tx, [self._row(key, stocked.id, import_id, row) for key, stocked, row in batch.recognised]
        )
        for stocked, candidate in batch.restarted:
            self._restart(stocked, candidate, import_id)

    def _row(self, key: str, product_id: int, import_id: int, row: int) -> dict[str, Any]:
        return {
            "plan_id": self.plan.id,
            "key": key,
            "product_id": product_id,
            "import_id": import_id,
            "row": row,
        }

    def _write_new(self, new: Sequence[New], import_id: int) -> None:
        if not new:
            return
        makers = self._producers(new)
        places = self._places(new)
        ids = importing.insert_products(
            self.tx, [self._values(item, maker, places) for item, maker in zip(new, makers, strict=True)]
        )
        pairs = list(zip(ids, new, strict=True))
        self._ask((product_id, item.candidate.questions) for product_id, item in pairs)
        by_state: defaultdict[State, list[int]] = defaultdict(list)
        for product_id, item in pairs:
            by_state[starting_state(item.candidate)].append(product_id)
        for state, of_state in by_state.items():
            standing = Standing(state, Dossier.FIRST, self.today)
            open_for_new(self.tx, of_state, self.plan.id, self.calendar, standing)
        align_communes(self.tx, [self.plan.id], self.today)
        importing.insert_imported_rows(
            self.tx, [self._row(item.key, number, import_id, item.candidate.row) for number, item in pairs]
        )

    def _producers(self, new: Sequence[New]) -> list[int | None]:
        """Return who makes each new product; who is new is stored. One merged cell names one producer."""
        first: dict[tuple[str, str], Named] = {}
        named = [_producer(item) for item in new]
        for place, (item, producer) in enumerate(zip(new, named, strict=True)):
            if producer is not None and item.candidate.holder_cell:
                named[place] = first.setdefault((item.candidate.sheet, item.candidate.holder_cell), producer)
        ids = producers.known_or_new(self.tx, filter(None, named))
        return [ids[producer] if producer else None for producer in named]

    def _places(self, new: Sequence[New]) -> dict[str, int]:
        """Keep the new products' addresses; returns their numbers by the keys of the rows."""
        given = {item.key: item.candidate.address for item in new if item.candidate.address}
        return dict(zip(given, contacts.keep_places(self.tx, list(given.values())), strict=True))

    def _values(self, item: New, producer_id: int | None, places: Mapping[str, int]) -> dict[str, Any]:
        candidate = item.candidate
        return {
            "code": item.code,
            "name": candidate.name,
            "search_key": search_key(candidate.name)[:200],
            "sort_key": sort_key(candidate.name),
            "unit_id": item.unit.id,
            "producer_id": producer_id,
            "plan_id": self.plan.id,
            "state": starting_state(candidate),
            "version": 0,
            "target": candidate.target.value if candidate.target else None,
            "address_id": places.get(item.key),
            "updated_at": self.now,
        }

    def _ask(self, asked: Iterable[tuple[int, Sequence[Text]]]) -> None:
        questions.insert_all(
            self.tx,
            [
                {
                    "product_id": product_id,
                    "vi": text.vi,
                    "en": text.en,
                    "asked_on": self.today,
                    "answered": False,
                }
                for product_id, texts in asked
                for text in texts
            ],
        )

    def _restart(self, stocked: Stocked, candidate: Candidate, import_id: int) -> None:
        """Let a product that has taken no step begin where the corrected list says."""
        state = starting_state(candidate)
        target = candidate.target.value if candidate.target else None
        if not importing.put_elsewhere(self.tx, stocked, state, target, self.now):
            raise Stale(
                f"Sản phẩm {stocked.code} vừa được người khác thay đổi; hãy nhập lại tệp.",
                f"The product {stocked.code} was changed by somebody else meanwhile; import the file again.",
            )
        asked = {found.vi for found in questions.find(self.tx, questions.QuestionFilter(code=stocked.code))}
        questions.settle(self.tx, stocked.id, but=[text.vi for text in candidate.questions])
        self._ask([(stocked.id, [text for text in candidate.questions if text.vi not in asked])])
        if state is not stocked.state:
            importing.record_restart(self.tx, stocked.id, import_id, stocked.state)
            holder = Holder(stocked.id, stocked.unit_id, self.plan.id, self.plan.unit_id)
            standing = Standing(state, Dossier.FIRST, self.today)
            align_deadlines(self.tx, holder, self.calendar, standing, CORRECTED)


def _producer(item: New) -> Named | None:
    candidate = item.candidate
    name = candidate.producer or candidate.representative
    return Named(item.unit.id, name, candidate.representative, candidate.address) if name else None


__all__ = ["Batch", "New", "Writer", "starting_state"]
