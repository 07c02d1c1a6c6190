"""`/rubrics`: the score sheets as they are printed, and what a filled one would earn; nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.errors import OcopError
from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric, rubric_numbers
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from ocop_workflow.regulations.rubrics.scoring import score
from ocop_workflow.regulations.rubrics.views import RubricLineView, RubricView
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.regulations.rubrics import Criterion, Rubric
    from ocop_workflow.regulations.rubrics.views import OutcomeView

router = APIRouter(route_class=Paged)

#: what is sent where no option fits
NOTHING_FITS = "null"


@router.get("/rubrics", **needs())
def show_list(call: Calling) -> Response:
    """List the sets with their sheets."""
    lines = [RubricLineView.of(load_rubric(number)) for number in rubric_numbers()]
    return call.show(lambda _tx, _actor: Screen("rubrics/list.html", {"lines": lines}))


@router.get("/rubrics/{number}", **needs())
def show_sheet(call: Calling, number: Number) -> Response:
    """Show the sheet of a set, to be read or tried."""
    rubric = load_rubric(number)
    return call.show(lambda _tx, _actor: _sheet(call, rubric))


@router.post("/rubrics/{number}", **needs())
def try_out(call: Calling, number: Number) -> Response:
    """Show what the sheet would earn, or what of it is at fault; it is not kept."""
    rubric = load_rubric(number)
    try:
        outcome = score(str(number), {"": _filled(call, rubric)}, CouncilRules(), call.language)
    except OcopError as error:
        refusal = error
        return call.show(lambda _tx, _actor: _sheet(call, rubric, refusal=refusal))
    return call.show(lambda _tx, _actor: _sheet(call, rubric, outcome))


def _sheet(
    call: Call, rubric: Rubric, outcome: OutcomeView | None = None, refusal: OcopError | None = None
) -> Screen:
    view = RubricView.of(rubric, call.language)
    content = {
        "rubric": view,
        "printed": rubric.parts,
        "outcome": outcome,
        "refusal": told(refusal, call.language) if refusal else None,
        "sent": call.sent,
        "titles": {item.id: f"{item.id} {item.title}" for item in view.criteria},
        "labels": {f"choices.{item.id}": f"{item.id} {item.title}" for item in view.criteria},
        "nothing": NOTHING_FITS,
        "noted": any(name.startswith(("stop:", "out:")) for name in call.sent),
    }
    return Screen("rubrics/sheet.html", content, kind_of(refusal).status if refusal else 200)


def _filled(call: Call, rubric: Rubric) -> dict[str, Any]:
    """Return a sheet as it was filled in; what was not answered is left out, and told as a fault."""
    choices = {
        item.id: _chosen(item, given) for item in rubric.criteria if (given := call.given(f"c:{item.id}"))
    }
    return {
        "choices": choices,
        "stops": _grounds(call, "stop", rubric.stops),
        "excluded": [name for name in rubric.exclusions if call.given(f"excluded:{name}")],
        "conditions": {name: not call.given(f"not-asked:{name}") for name in rubric.open_facts},
        "knockouts": _grounds(call, "out", rubric.knockouts),
    }


def _chosen(criterion: Criterion, given: str) -> object:
    if given == NOTHING_FITS:
        return None
    if criterion.kind is CriterionKind.YES_NO:
        return {"true": True, "false": False}.get(given, given)
    branch, _, option = given.rpartition(":")
    number = int(option) if option.isascii() and option.isdecimal() and len(option) < 4 else option  # noqa: PLR2004 - of digits
    return {"branch": branch, "option": number} if branch else number


def _grounds(call: Call, kind: str, places: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"where": where, "reason": call.given(f"{kind}-why:{where}")}
        for where in places
        if call.given(f"{kind}:{where}")
    ]
