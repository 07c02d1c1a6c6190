"""`/questions`: what an import has asked of products, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.plans.loaded import find_plan
from ocop_workflow.products.questions.answering import answer_question, list_questions
from ocop_workflow.products.questions.views import QuestionView
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, numbers, page
from ocop_workflow.web.exchange.schemas import AnswerIn, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["questions"], route_class=Gated)


class QuestionsQuery(Paging):
    """Which questions are asked for."""

    plan: Slug | None = Field(default=None, description="Mã kế hoạch. / A plan's id.")
    product: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="Mã sản phẩm. / A product's code."
    )
    answered: bool = Field(default=False, description="Cả câu đã trả lời. / Answered ones, too.")


@router.get(
    "/questions",
    **operation("listQuestions", Page[QuestionView], examples.page(examples.QUESTION)),
)
def list_asked(visit: Visiting, asked: Annotated[QuestionsQuery, Query()]) -> Response:
    """Câu hỏi của việc nhập, cũ nhất trước. / What imports have asked, oldest first."""
    after = numbers(asked.cursor, 1)[0] if asked.cursor else 0

    def work(tx: Connection, actor: Actor) -> Answer:
        plan = find_plan(tx, asked.plan, actor).slug if asked.plan else None
        found = list_questions(
            tx,
            actor,
            plan=plan,
            product=asked.product,
            answered=asked.answered,
            after=after,
            limit=asked.and_one,
        )
        return page(visit, asked, found, QuestionView.of, lambda one: one.id)

    return visit.answer(work)


@router.post(
    "/questions/{number}/answer",
    **operation("answerQuestion", QuestionView, examples.QUESTION, changes=True),
)
def answer_asked(visit: Visiting, number: Number, given: AnswerIn) -> Response:
    """Trả lời một câu hỏi; nhập lại cùng tệp sẽ không hỏi nữa. / Answer a question, for good."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(QuestionView.of(answer_question(tx, actor, number, given.answer, now=visit.now)))

    return visit.change(work)
