"""Which commune each row of a list belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.errors import fault
from ocop_workflow.imports.answers import Word
from ocop_workflow.imports.judging.known_units import communes_of
from ocop_workflow.imports.reading.candidate import Doubt, QuestionKind, row_name
from ocop_workflow.imports.reading.unit_names import Communes

if TYPE_CHECKING:
    from ocop_workflow.errors import Fault
    from ocop_workflow.imports.answers import Answers
    from ocop_workflow.imports.reading.candidate import Candidate
    from ocop_workflow.imports.reading.unit_names import KnownName
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection

#: kinds of doubt under which a row may be no product at all, so that its unit is not looked for
_UNSEEN = frozenset({QuestionKind.HIDDEN_ROW, QuestionKind.HIDDEN_COLUMN})


@dataclass(frozen=True, slots=True)
class Located:
    """A row with its commune, which stands for a merged one; none: it is in doubt, or the row is left out."""

    candidate: Candidate
    unit: UnitRecord | None


class Locating:
    """Finds the communes of a plan's rows; `faults` are the names that mean none."""

    def __init__(self, tx: Connection, plan: PlanRecord, today: date, answers: Answers) -> None:
        written = min(today, date(plan.year, 12, 31))
        self._communes = Communes(communes_of(tx, plan.unit_id, today), written)
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
        doubt = self._which(row, found.several) if found.several else self._doubt(row, found.proposed)
        answer = self._answers.to(doubt) if row.unit_cell else None
        if answer and answer.word is Word.SKIP:
            return Located(replace(row, left_out=True), None)
        if answer:
            told = found.answered_by(answer.text) or self._communes.find(answer.text).known
            if told is not None:
                return _at(row, told)
        elif found.proposed is not None or found.several:
            return Located(replace(row, doubts=(*row.doubts, doubt)), None)
        self.faults.append(self._unknown(row, answer.text if answer else row.unit_name))
        return Located(row, None)

    def _doubt(self, row: Candidate, proposed: KnownName | None) -> Doubt:
        name = proposed.name if proposed else ""
        vi, en = (f"có phải là {name} không?", f"is it {name}?") if name else ("là đâu?", "which one is it?")
        return Doubt(
            f"Ô {row.unit_cell}: không có xã, phường nào tên “{row.unit_name}”; {vi}",
            f"Cell {row.unit_cell}: no commune is called “{row.unit_name}”; {en}",
            row.sheet,
            row.unit_cell,
            name,
            QuestionKind.UNIT,
        )

    def _which(self, row: Candidate, several: tuple[KnownName, ...]) -> Doubt:
        vi = " hay ".join(_described(known, "nay thuộc") for known in several)
        en = " or ".join(_described(known, "now part of") for known in several)
        return Doubt(
            f"Ô {row.unit_cell}: “{row.unit_name}” có thể là {vi}; ghi mã của nơi đúng.",
            f"Cell {row.unit_cell}: “{row.unit_name}” may be {en}; write the id of the right one.",
            row.sheet,
            row.unit_cell,
            "",
            QuestionKind.UNIT,
        )

    def _unknown(self, row: Candidate, name: str) -> Fault:
        place = row_name("dòng", row.row, row.number)
        return fault(
            place,
            f"không có xã, phường nào tên {name} thuộc {self._plan.unit_name}",
            f"no commune called {name} lies under {self._plan.unit_name}",
        )


def _at(row: Candidate, known: KnownName) -> Located:
    return Located(replace(row, unit_name=known.name), known.unit)


def _described(known: KnownName, now: str) -> str:
    before = [f"{known.name}, {known.within[0]}"] if known.within else [known.name]
    if known.name != known.unit.name:
        before.append(f"{now} {known.unit.name}")
    return f"{', '.join(before)} ({known.unit.slug})"


__all__ = ["Located", "Locating"]
