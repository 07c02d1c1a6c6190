"""Importing a plan's list of products: all of it or nothing, and the same file twice changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.calendar import Standing
from ocop_workflow.errors import InvalidInput, NotFound, Text, fault
from ocop_workflow.services import audit
from ocop_workflow.services.alignment import Holder, align_deadlines
from ocop_workflow.services.audit import Deed
from ocop_workflow.services.imports.annex import read_annex
from ocop_workflow.services.imports.candidate import row_name
from ocop_workflow.services.imports.sheet import read_sheet
from ocop_workflow.services.officers import permitted
from ocop_workflow.services.plans import find_plan, hold_calendar
from ocop_workflow.states import Dossier, State
from ocop_workflow.storage import importing, products, questions, units
from ocop_workflow.vietnamese import clean, search_key, sort_key

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.errors import Fault
    from ocop_workflow.services.imports.candidate import Annex, Candidate
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.plans import PlanRecord
    from ocop_workflow.storage.units import UnitRecord

#: told how much of the work is done: (done, of)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What becomes of one row; `is_new` false: the product is there already and nothing changes.

    `row` counts the sheet's rows from 1; `number` is the annex's own (STT), empty if it has none.
    """

    row: int
    number: str
    code: str
    unit: str
    name: str
    producer: str | None
    state: State
    is_new: bool
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    plan: str
    rows: tuple[RowResult, ...]
    questions: tuple[Text, ...]

    @property
    def added(self) -> int:
        """How many products are new."""
        return sum(row.is_new for row in self.rows)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its name, its checksum, and what it says."""

    name: str
    sha256: str
    annex: Annex


def import_annex(
    tx: Connection,
    file: File,
    plan_id: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> ImportReport:
    """Import a file's annex into a plan: each new row becomes a product whose first deadline opens today.

    Doubtful rows are questions and do not block. An upgrade's product is `monitored`: it holds a
    certificate, which is asked for. Rows that were imported before are left alone, whatever their order; of
    what they have asked only what nobody has answered is asked again.

    Raises:
        NotFound: the plan is not loaded.
        NotPermitted: the actor may not add products to what the plan covers.
        InvalidInput: rows at fault, every one at once; nothing was imported.
    """
    annex = file.annex
    plan = find_plan(tx, plan_id)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, plan.unit_id)
    calendar = hold_calendar(tx, plan.id, plan.sha256)
    homes = _homes(annex, _names(tx, plan.unit_id, today))
    faults = [*annex.faults, *_unknown_units(annex, homes, plan)]
    if faults:
        raise InvalidInput(
            f"Tệp {file.name} có dòng lỗi; chưa nhập gì cả.",
            f"The file {file.name} has rows at fault; nothing was imported.",
            faults,
        )
    writer = _Writer(tx, plan, calendar, importing.imported_keys(tx, plan.id), today)
    rows = []
    for done, candidate in enumerate(annex.products, start=1):
        rows.append(writer.take(candidate, homes[candidate.row]))
        progress(done, len(annex.products))
    if writer.record(file, actor.login, now):
        after = {"file": file.name, "sha256": file.sha256, "products": sum(row.is_new for row in rows)}
        audit.record(tx, actor, Deed("plan.import", f"plan:{plan.slug}", after=after), now, warrant)
    return ImportReport(plan.slug, tuple(rows), annex.questions)


def _names(tx: Connection, authority_id: int, today: date) -> list[tuple[str, UnitRecord]]:
    """Return the names of the communes, those of merged ones first, each with who stands for it."""
    communes = units.units_below(tx, authority_id)
    return [
        (unit.name, units.heir_of(tx, unit, today))
        for unit in sorted(communes, key=lambda unit: unit.lives(today))
    ]


def _homes(annex: Annex, names: list[tuple[str, UnitRecord]]) -> dict[int, UnitRecord]:
    """Find the commune of each row by its letters and tones, or without marks where only one can be meant."""
    exact = {sort_key(name): unit for name, unit in names}
    alike = Counter(key for key, _ in {(search_key(name), unit.id) for name, unit in names})
    loose = {search_key(name): unit for name, unit in names if alike[search_key(name)] == 1}
    found = {
        candidate.row: exact.get(sort_key(candidate.unit_name)) or loose.get(search_key(candidate.unit_name))
        for candidate in annex.products
    }
    return {row: unit for row, unit in found.items() if unit is not None}


def _unknown_units(annex: Annex, homes: dict[int, UnitRecord], plan: PlanRecord) -> list[Fault]:
    return [
        fault(
            row_name("dòng", candidate.row, candidate.number),
            f"không có xã, phường nào tên {candidate.unit_name} thuộc {plan.unit_name}",
            f"no commune called {candidate.unit_name} lies under {plan.unit_name}",
        )
        for candidate in annex.products
        if candidate.row not in homes
    ]


class _Writer:
    """Writes the rows of one import."""

    def __init__(
        self,
        tx: Connection,
        plan: PlanRecord,
        calendar: Calendar,
        known: dict[str, tuple[str, State]],
        today: date,
    ) -> None:
        self._tx = tx
        self._plan = plan
        self._calendar = calendar
        self._known = known
        self._today = today
        self._serial = products.last_serial(tx, plan.code)
        self._new: list[tuple[str, int, int]] = []
        self._open: dict[str, list[Text]] = {}
        for found in questions.find(tx, questions.Filter(plan_id=plan.id)):
            self._open.setdefault(found.code, []).append(Text(found.vi, found.en))

    def take(self, candidate: Candidate, unit: UnitRecord) -> RowResult:
        """Store the row's product, unless it is there."""
        key = hashlib.sha256(candidate.key.encode()).hexdigest()
        state, asked = _starting_point(candidate)
        if key in self._known:
            code, state = self._known[key]
            asked = tuple(self._open.get(code, ()))  # what was answered is not asked again
        else:
            self._serial += 1
            code = f"{self._plan.code}-{self._serial:03}"
            product_id = self._insert(candidate, unit, code, state, asked)
            self._new.append((key, product_id, candidate.row))
        return RowResult(
            candidate.row,
            candidate.number,
            code,
            unit.name,
            candidate.name,
            candidate.producer,
            state,
            key not in self._known,
            asked,
        )

    def _insert(
        self,
        candidate: Candidate,
        unit: UnitRecord,
        code: str,
        state: State,
        asked: tuple[Text, ...],
    ) -> int:
        product_id = products.insert_product(self._tx, self._values(candidate, unit, code, state))
        questions.insert_all(
            self._tx,
            [
                {
                    "product_id": product_id,
                    "vi": text.vi,
                    "en": text.en,
                    "asked_on": self._today,
                    "answered": False,
                }
                for text in asked
            ],
        )
        holder = Holder(product_id, unit.id, self._plan.id, self._plan.unit_id)
        align_deadlines(
            self._tx, holder, self._calendar, Standing(state, Dossier.FIRST, self._today), "imported"
        )
        return product_id

    def _values(self, candidate: Candidate, unit: UnitRecord, code: str, state: State) -> dict[str, Any]:
        producer = candidate.producer or candidate.representative
        return {
            "code": code,
            "name": candidate.name,
            "search_key": search_key(candidate.name)[:200],
            "sort_key": sort_key(candidate.name),
            "unit_id": unit.id,
            "producer_id": (
                products.producer_id(self._tx, unit.id, producer, candidate.representative or producer)
                if producer
                else None
            ),
            "plan_id": self._plan.id,
            "state": state,
            "version": 0,
            "dossier": Dossier.FIRST,
            "target": candidate.target.value if candidate.target else None,
            "address": candidate.address,
        }

    def record(self, file: File, actor: str, now: datetime) -> bool:
        """Remember the file and its rows, if anything in it was new. False: nothing was."""
        if not self._new:
            return False
        import_id = importing.insert_import(
            self._tx,
            {
                "plan_id": self._plan.id,
                "sha256": file.sha256,
                "file_name": clean(file.name)[:200],
                "at": now,
                "actor": clean(actor)[:100],
                "products": len(self._new),
            },
        )
        for key, product_id, row in self._new:
            importing.insert_imported_row(
                self._tx,
                {
                    "plan_id": self._plan.id,
                    "key": key,
                    "product_id": product_id,
                    "import_id": import_id,
                    "row": row,
                },
            )
        return True


def _starting_point(candidate: Candidate) -> tuple[State, tuple[Text, ...]]:
    """An upgrade's product stands on its certificate; everything else begins as an idea."""
    if candidate.target is not None and candidate.target.is_upgrade:
        return State.MONITORED, candidate.questions
    return State.IDEA, candidate.questions


def read_file(path: Path) -> File:
    """Read a list of products from a file, fenced, and understand it.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is not a list that can be read.
    """
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.")
    annex = read_annex(read_sheet(path))
    return File(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), annex)
