"""What earlier imports asked about a plan's products: what was answered is not asked again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.products.questions import queries as questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.imports.reading.candidate import Candidate
    from ocop_workflow.products.questions.queries import QuestionRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class StoredQuestions:
    """The questions about the products of a plan, by the product's code, oldest first."""

    by_code: Mapping[str, list[QuestionRecord]]

    @classmethod
    def of(cls, tx: Connection, plan_id: int) -> StoredQuestions:
        """Return those of a plan."""
        by_code: defaultdict[str, list[QuestionRecord]] = defaultdict(list)
        for found in questions.find(tx, questions.QuestionFilter(plan_id=plan_id, answered=True)):
            by_code[found.code].append(found)
        return cls(by_code)

    def still_open(self, code: str, candidate: Candidate) -> tuple[Text, ...]:
        """Return what nobody has answered about a product; with its cell, where the list asks it again."""
        asked = {text.vi: text for text in candidate.questions}
        return tuple(
            asked.get(found.vi, Text(found.vi, found.en))
            for found in self.by_code.get(code, ())
            if not found.answered
        )

    def unanswered(self, code: str, candidate: Candidate) -> tuple[Text, ...]:
        """Return what a list asks about a product and no officer has answered yet."""
        answered = {found.vi for found in self.by_code.get(code, ()) if found.answer is not None}
        return tuple(text for text in candidate.questions if text.vi not in answered)


__all__ = ["StoredQuestions"]
