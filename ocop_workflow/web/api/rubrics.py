"""`/rubrics`: the score sheets of the law, and what filled ones come to; nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Scope
from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric, rubric_numbers
from ocop_workflow.regulations.rubrics.scoring import score
from ocop_workflow.regulations.rubrics.views import OutcomeView, RubricLineView, RubricView
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract import rubric_examples as examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import Said
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["rubrics"], route_class=Gated)

SetNumber = Annotated[
    int,
    Path(ge=1, le=99, examples=[16], description="Số bộ sản phẩm, 1–26. / The number of a set."),
]


class RulesIn(Said):
    """What a council's rules say of how sheets become a result."""

    source: Annotated[Line, Field(max_length=500)]
    gates: Literal["majority", "every"] = "majority"
    knockouts: Literal["majority", "every", "any"] = "majority"
    minimum_scores: Annotated[int, Field(ge=1, le=50)] = 1


class ScoringIn(Said):
    """The sheets of a council, each as `docs/scoring.md` tells; `rules` where the council has its own."""

    sheets: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=50)]
    rules: RulesIn | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SCORING]})


@router.get("/rubrics", **operation("listRubrics", Page[RubricLineView], examples.LIST))
def list_all(visit: Visiting) -> Response:
    """26 phiếu chấm theo bộ sản phẩm. / The score sheets, by set of products."""

    def work(_tx: Connection, _actor: Actor) -> Answer:
        return items([RubricLineView.of(load_rubric(number)) for number in rubric_numbers()])

    return visit.answer(work)


@router.get("/rubrics/{number}", **operation("showRubric", RubricView, examples.RUBRIC))
def show(visit: Visiting, number: SetNumber) -> Response:
    """Phiếu chấm của một bộ, đúng nguyên văn. / The sheet of a set, as it is printed."""

    def work(_tx: Connection, _actor: Actor) -> Answer:
        return answer(RubricView.of(load_rubric(number), visit.language))

    return visit.answer(work)


@router.post(
    "/rubrics/{number}/score",
    **operation("scoreSheets", OutcomeView, examples.OUTCOME, needs=Scope.READ),
)
def score_sheets(visit: Visiting, number: SetNumber, given: ScoringIn) -> Response:
    """Các phiếu cho mấy sao; không ghi lại gì. / The star that sheets earn; nothing is kept."""

    def work(_tx: Connection, _actor: Actor) -> Answer:
        load_rubric(number)
        rules = CouncilRules.model_validate(given.rules.model_dump()) if given.rules else CouncilRules()
        sheets = {f"body.sheets[{place}].": sheet for place, sheet in enumerate(given.sheets)}
        return answer(score(str(number), sheets, rules, visit.language))

    return visit.answer(work)
