"""What an import has asked: listed, and answered with a word that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import InvalidInput, NotFound, fault
from ocop_workflow.people.officers import HOST, permitted, sees
from ocop_workflow.plans.loaded import find_plan
from ocop_workflow.products.questions import queries as questions
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.products.questions.queries import QuestionRecord
    from ocop_workflow.store import Connection

#: letters of an answer
LONGEST = 500


def list_questions(
    tx: Connection,
    actor: Actor = HOST,
    *,
    plan: str | None = None,
    product: str | None = None,
    answered: bool = False,
    after: int = 0,
    limit: int | None = None,
) -> list[QuestionRecord]:
    """Return the questions about products that the actor may see, oldest first.

    Args:
        tx: a transaction.
        actor: who asks.
        plan: only of this plan's products.
        product: only of the product of this code.
        answered: the answered ones, too.
        after: the number behind which to begin.
        limit: at most so many.

    Raises:
        NotFound: no plan of this id is loaded.
    """
    wanted = questions.QuestionFilter(
        roots=actor.units_with(Permission.READ),
        plan_id=find_plan(tx, plan).id if plan else None,
        code=product,
        answered=answered,
        after=after,
        limit=limit,
    )
    return questions.find(tx, wanted)


def answer_question(
    tx: Connection, by: Actor, question_id: int, word: str, *, now: datetime
) -> QuestionRecord:
    """Answer a question; a later answer takes an earlier one's place, the audit keeps both.

    Args:
        tx: a writing transaction.
        by: who answers: whoever may enter products there.
        question_id: its number.
        word: the answer as it is to be kept, at most 500 letters.
        now: this instant.

    Raises:
        NotFound: there is none of this number that the actor may see.
        NotPermitted: the product is not in the actor's hands.
        InvalidInput: the answer is empty or too long.
    """
    asked = questions.by_id(tx, question_id)
    if asked is None or not sees(tx, by, asked.unit_id):
        raise NotFound(
            f"Không có câu hỏi số {question_id}; xem bằng `ocop questions`.",
            f"There is no question {question_id}; see `ocop questions`.",
        )
    warrant = permitted(tx, by, Permission.EDIT_PRODUCTS, asked.unit_id)
    kept = clean(word).strip()
    if not kept or len(kept) > LONGEST:
        raise InvalidInput(
            "Câu trả lời có lỗi.",
            "The answer is at fault.",
            [fault("answer", f"phải có từ 1 đến {LONGEST} ký tự", f"must have 1 to {LONGEST} letters")],
        )
    questions.answer(tx, question_id, kept, clean(by.login)[:100], now)
    before = {"answer": asked.answer} if asked.answer is not None else None
    deed = Deed("question.answer", f"product:{asked.code}", before, {"question": question_id, "answer": kept})
    audit.record(tx, by, deed, now, warrant)
    found = questions.by_id(tx, question_id)
    return found or asked
