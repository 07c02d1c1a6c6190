"""What is shown of a question that an import has asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.products.questions.queries import QuestionRecord


@dataclass(frozen=True, slots=True)
class QuestionView(View):
    """What an import has asked of a product; answered without a word: a step or a later list settled it."""

    json_names = (("vi", "question"), ("en", "question_en"))

    id: int
    code: str
    product: str
    unit: str
    plan: str
    vi: str
    en: str
    asked_on: date
    answered: bool
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, record: QuestionRecord) -> QuestionView:
        """Return what is shown of a stored question."""
        return cls.alike(record)
