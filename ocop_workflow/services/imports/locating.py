"""Which commune each row of a list belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.errors import fault
from ocop_workflow.services.imports.answers import Word
from ocop_workflow.services.imports.candidate import Doubt, Kind, row_name
from ocop_workflow.services.imports.unit_names import Communes
from ocop_workflow.storage import units

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.errors import Fault
    from ocop_workflow.services.imports.answers import Answers
    from ocop_workflow.services.imports.candidate import Candidate
    from ocop_workflow.services.imports.unit_names import Known
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.plans import PlanRecord
    from ocop_workflow.storage.units import UnitRecord

#: kinds of doubt under which a row may be no product at all, so that its unit is not looked for
_UNSEEN = frozenset({Kind.HIDDEN_ROW, Kind.HIDDEN_COLUMN})


@dataclass(frozen=True, slots=True)
class Located:
    """A row with its commune, which stands for a merged one; none: it is in doubt, or the row is left out."""

    candidate: Candidate
    unit: UnitRecord | None


class Locating:
    """Finds the communes of a plan's rows; `faults` are the names that mean none."""

    def __init__(self, tx: Connection, plan: PlanRecord, today: date, answers: Answers) -> None:
        communes = sorted(units.units_below(tx, plan.unit_id), key=lambda unit: unit.lives(today))
        names = [(unit.name, units.heir_of(tx, unit, today)) for unit in communes]
        self._communes = Communes(names, _names_from(tx, plan.unit_id))
        self._plan = plan
        self._answers = answers
        self.faults: list[Fault] = []

    def locate(self, row: Candidate) -> Located:
        """Find a row's commune; its name is then the one that is stored, however the list wrote it."""
        in_doubt = any(doubt.kind in _UNSEEN or doubt.cell == row.unit_cell for doubt in row.doubts)
        if row.left_out or (row.unit_cell and in_doubt):
            return Located(row, None)
        found = self._communes.find(row.unit_name)
        if found.known is not None:
            return _at(row, found.known)
        doubt = self._doubt(row, found.proposed)
        answer = self._answers.to(doubt) if row.unit_cell else None
        if answer and answer.word is Word.SKIP:
            return Located(replace(row, left_out=True), None)
        told = self._communes.find(answer.text) if answer else None
        if told and told.known is not None:
            return _at(row, told.known)
        if found.proposed is not None and not told:
            return Located(replace(row, doubts=(*row.doubts, doubt)), None)
        self.faults.append(self._unknown(row, answer.text if answer else row.unit_name))
        return Located(row, None)

    def _doubt(self, row: Candidate, proposed: Known | None) -> Doubt:
        name = proposed.name if proposed else ""
        vi, en = (f"có phải là {name} không?", f"is it {name}?") if name else ("là đâu?", "which one is it?")
        return Doubt(
            f"Ô {row.unit_cell}: không có xã, phường nào tên “{row.unit_name}”; {vi}",
            f"Cell {row.unit_cell}: no commune is called “{row.unit_name}”; {en}",
            row.sheet,
            row.unit_cell,
            name,
            Kind.UNIT,
        )

    def _unknown(self, row: Candidate, name: str) -> Fault:
        place = row_name("dòng", row.row, row.number)
        return fault(
            place,
            f"không có xã, phường nào tên {name} thuộc {self._plan.unit_name}",
            f"no commune called {name} lies under {self._plan.unit_name}",
        )


def _at(row: Candidate, known: Known) -> Located:
    return Located(replace(row, unit_name=known.name), known.unit)


def _names_from(tx: Connection, unit_id: int) -> list[str]:
    """Return the name of a unit and of what it lies in."""
    names: list[str] = []
    above: int | None = unit_id
    while above is not None and len(names) < 10:  # noqa: PLR2004 - no tree is as deep; a ring would be endless
        unit = units.units_by_id(tx, [above])[above]
        names.append(unit.name)
        above = unit.parent_id
    return names


__all__ = ["Located", "Locating"]
