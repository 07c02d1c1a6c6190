"""What becomes of each row of a list, beside what is there already and what was answered. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ocop_workflow.access import ERASED
from ocop_workflow.errors import fault
from ocop_workflow.imports import queries as importing
from ocop_workflow.imports.answers import Word
from ocop_workflow.imports.judging.resembling import (
    ENDED,
    Resembling,
    gone,
    in_other_plan,
    resembles,
)
from ocop_workflow.imports.next_steps import into_plan, not_corrected, withdraw
from ocop_workflow.imports.reading.candidate import CellQuestion, CrossColumn
from ocop_workflow.imports.report import NextStep, RowResult, RowVerdict
from ocop_workflow.imports.stored_questions import StoredQuestions
from ocop_workflow.imports.writing import Batch, New, starting_state
from ocop_workflow.products import queries as products
from ocop_workflow.products.registering import YOUNG, Particulars
from ocop_workflow.states import State
from ocop_workflow.vietnamese import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.errors import Fault, Text
    from ocop_workflow.imports.answers import Answers
    from ocop_workflow.imports.judging.locating import Located
    from ocop_workflow.imports.queries import Stocked
    from ocop_workflow.imports.reading.candidate import Candidate, Doubt
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


class Deciding:
    """Decides row by row; what is to be written gathers in `batch`."""

    def __init__(
        self, tx: Connection, plan: PlanRecord, rows: Sequence[Located], answers: Answers, login: str
    ) -> None:
        self._plan = plan
        self._answers = answers
        self._login = login
        self._serial = products.last_serial(tx, plan.code)
        self._keys = {row.candidate.at: _digest(row.candidate) for row in rows}
        self._seen = importing.seen_rows(tx, plan.id)
        self._stored = StoredQuestions.of(tx, plan.id)
        named = {self._seen[key].product.id for key in self._keys.values() if key in self._seen}
        stock = importing.products_of_plan(tx, plan.id)
        self._resembling = Resembling(product for product in stock if product.id not in named)
        homes = {row.unit.id for row in rows if row.unit is not None}
        elsewhere = importing.products_of_other_plans(tx, plan.id, homes)
        self._elsewhere = Resembling(elsewhere, strictly=True)
        self._named = named
        self._perhaps: defaultdict[int, list[Candidate]] = defaultdict(list)
        self._claimed: dict[str, Candidate] = {}
        self.batch = Batch()
        self.edits: list[tuple[Stocked, Particulars]] = []
        self.steps: list[NextStep] = []
        self.faults: list[Fault] = []

    def decide(self, row: Located) -> RowResult:
        """Decide what becomes of a row."""
        candidate, key = row.candidate, self._keys[row.candidate.at]
        seen = self._seen.get(key)
        if candidate.left_out:
            return self._result(row, RowVerdict.LEFT_OUT)
        if seen is not None and not any(doubt.kind.is_of_a_cell for doubt in candidate.doubts):
            return self._again(row, seen.product)
        if candidate.doubts or row.unit is None:
            return self._result(row, RowVerdict.WAITS)
        return self._likely(row, key, row.unit.id) or self._new(row, key)

    def _result(
        self, row: Located, verdict: RowVerdict, stocked: Stocked | None = None, state: State | None = None
    ) -> RowResult:
        candidate = row.candidate
        return RowResult(
            candidate.row,
            candidate.number,
            stocked.code if stocked else "",
            row.unit.name if row.unit else candidate.unit_name,
            candidate.name,
            candidate.producer,
            state or (stocked.state if stocked else None),
            verdict,
            candidate.questions,
            candidate.doubts if verdict is RowVerdict.WAITS else (),
            candidate.sheet,
        )

    def _new(self, row: Located, key: str) -> RowResult:
        self._serial += 1
        code = f"{self._plan.code}-{self._serial:03}"
        if row.unit is None:
            raise ValueError(code)  # decide() has seen to it
        self.batch.new.append(New(row.candidate, key, code, row.unit))
        result = self._result(row, RowVerdict.NEW, state=starting_state(row.candidate))
        return replace(result, code=code)

    def _again(self, row: Located, stocked: Stocked) -> RowResult:
        """A row that was imported before: what the list now says of its star is taken over, if it can be."""
        target = row.candidate.target
        if stocked.plan_id != self._plan.id:
            self.steps += into_plan(stocked, self._plan.slug, self._login, upgrade=_is_upgrade(target))
            return self._result(row, RowVerdict.SAME, stocked)
        if target is None or stocked.target == target.value:
            row = _asking(row, self._stored.still_open(stocked.code, row.candidate))
            return self._result(row, RowVerdict.SAME, stocked)
        if stocked.version == 0 and stocked.state in (State.IDEA, State.MONITORED):
            row = _asking(row, self._stored.unanswered(stocked.code, row.candidate))
            self.batch.restarted.append((stocked, row.candidate))
            return self._result(row, RowVerdict.CORRECTED, stocked, starting_state(row.candidate))
        asked = CellQuestion(
            f"Danh sách ghi hạng đăng ký khác với sổ, nhưng {stocked.code} ở «{stocked.state.label}»; "
            "sổ giữ nguyên, có cần hoàn tác bước nào không?",
            f"The list registers another star than the record, but {stocked.code} is {stocked.state.value}; "
            "the record stays, is a step to be undone?",
            row.candidate.sheet,
            row.candidate.name_cell,
        )
        row = _asking(row, (*self._stored.still_open(stocked.code, row.candidate), asked))
        return self._result(row, RowVerdict.SAME, stocked)

    def _likely(self, row: Located, key: str, unit_id: int) -> RowResult | None:
        """A new row that may be a product that is there; nothing if it is none, or was answered to be new."""
        candidate = row.candidate
        stocked = self._resembling.nearest(candidate, unit_id)
        if stocked is not None:
            doubt = resembles(candidate, stocked)
        else:
            stocked = self._elsewhere.nearest(candidate, unit_id)
            if stocked is None:
                return None
            doubt = in_other_plan(candidate, stocked)
        answer = self._answers.to(doubt)
        if answer is None:
            self._perhaps[stocked.id].append(candidate)
            waiting = replace(row, candidate=replace(candidate, doubts=(*candidate.doubts, doubt)))
            return self._result(waiting, RowVerdict.WAITS)
        if answer.word is Word.SKIP:
            return self._result(row, RowVerdict.LEFT_OUT)
        if answer.word is Word.NEW:
            return None
        return self._claim(row, key, stocked, doubt)

    def _claim(self, row: Located, key: str, stocked: Stocked, doubt: Doubt) -> RowResult:
        """Take a row for a product that is there."""
        candidate = row.candidate
        other = self._claimed.setdefault(stocked.code, candidate)
        if other is not candidate:
            place = f"{doubt.sheet}!{doubt.cell}"
            self.faults.append(
                fault(
                    place,
                    f"{stocked.code} đã được trả lời là dòng {other.row}; một sản phẩm chỉ là một dòng",
                    f"{stocked.code} was answered to be row {other.row}; a product is one row only",
                )
            )
        self._named.add(stocked.id)
        self.batch.recognised.append((key, stocked, candidate.row))
        if stocked.plan_id != self._plan.id:
            upgrade = _is_upgrade(candidate.target)
            self.steps += into_plan(stocked, self._plan.slug, self._login, upgrade=upgrade)
            return self._result(row, RowVerdict.RECOGNISED, stocked)
        given = _corrections(candidate, stocked)
        if given is None:
            return self._again(row, stocked)
        if stocked.state not in YOUNG:
            self.steps.append(not_corrected(stocked))
            return self._result(row, RowVerdict.SAME, stocked)
        self.edits.append((stocked, given))
        result = self._again(row, stocked)
        return replace(result, verdict=RowVerdict.CORRECTED)

    def doubts(self) -> Iterator[Doubt]:
        """Ask about each product that an earlier list had and this one does not name.

        Asked is where this list corrects an earlier one: it names some row of it again. A list of other
        communes, or one that only adds, leaves the others alone.
        """
        again = [self._seen[key] for key in self._keys.values() if key in self._seen]
        again_ids = {row.import_id for row in again}
        claimed_units = {
            stocked.unit_id for _, stocked, _ in self.batch.recognised if stocked.plan_id == self._plan.id
        }
        asked_units = {stocked.unit_id for stocked in self._maybe()} | claimed_units
        asked_units |= {row.product.unit_id for row in again}
        for row in sorted(self._seen.values(), key=lambda row: row.product.code):
            product = row.product
            if product.id in self._named or product.plan_id != self._plan.id or product.state in ENDED:
                continue
            if row.import_id not in again_ids and product.unit_id not in asked_units:
                continue
            self._named.add(product.id)
            doubt = gone(product, self._perhaps.get(product.id, ()))
            answer = self._answers.to(doubt)
            if answer is None:
                yield doubt
            elif answer.word is Word.WITHDRAW:
                self.steps.append(withdraw(product, self._login))

    def _maybe(self) -> list[Stocked]:
        return [row.product for row in self._seen.values() if row.product.id in self._perhaps]


def _asking(row: Located, questions: tuple[Text, ...]) -> Located:
    return replace(row, candidate=replace(row.candidate, questions=questions))


def _digest(candidate: Candidate) -> str:
    return hashlib.sha256(candidate.key.encode()).hexdigest()


def _is_upgrade(target: CrossColumn | None) -> bool:
    return target is not None and target.is_upgrade


def _corrections(candidate: Candidate, stocked: Stocked) -> Particulars | None:
    """Return what the row says otherwise than the record: name, producer, address; nothing if it does not."""
    producer = candidate.producer or candidate.representative
    representative = candidate.representative or producer
    other_producer = producer is not None and (producer, representative) != (
        stocked.producer,
        stocked.representative,
    )
    other_address = (
        candidate.address is not None
        and stocked.address != ERASED.vi  # a list does not bring back what somebody had erased
        and sort_key(candidate.address) != sort_key(stocked.address or "")
    )
    given = Particulars(
        name=candidate.name if candidate.name != stocked.name else None,
        producer=producer if other_producer else None,
        representative=representative if other_producer else None,
        address=candidate.address if other_address else None,
    )
    return None if given == Particulars() else given


__all__ = ["Deciding"]
