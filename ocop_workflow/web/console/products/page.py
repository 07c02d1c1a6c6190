"""`/products/{code}`: one product: where it stands, what is due and why, what may be done, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.councils.desk import session_of
from ocop_workflow.councils.leaving import SCORING
from ocop_workflow.errors import NotFound
from ocop_workflow.monitoring.visiting import visits_beside
from ocop_workflow.overview.deadlines import acknowledge
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.overview.list_queries import letters_about
from ocop_workflow.overview.products import all_deadlines, product_page
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.differing.showing import difference_beside
from ocop_workflow.products.forms.proposing import dong
from ocop_workflow.products.forms.revenues import revenues_beside
from ocop_workflow.products.going_over.law import law_of
from ocop_workflow.products.papers.keeping import papers_beside
from ocop_workflow.products.questions.answering import answer_question
from ocop_workflow.products.registering import YOUNG
from ocop_workflow.states import Event, State, build_lifecycle
from ocop_workflow.states.lifecycle import DEAD_ENDS
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.products.rows import next_step
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.overview.products import ProductPage
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: of the letters about a product the newest
_LETTERS: Final = 10


@router.get("/products/{code}", **needs())
def show_product(call: Calling, code: ProductCode) -> Response:
    """Show one product."""
    done = call.request.query_params.get("done", "")

    def work(tx: Connection, actor: Actor) -> Screen:
        page = product_page(tx, code, call.today, actor, call.language)
        record = find_product(tx, code)
        return Screen("products/page.html", {**_content(tx, call, actor, page, record), "done": done})

    return call.show(work)


def _content(
    tx: Connection, call: Call, actor: Actor, page: ProductPage, record: ProductRecord
) -> dict[str, Any]:
    product, language = page.product, call.language
    first = next_step(product)
    last = page.history[-1] if page.history else None
    place = place_of(tx, actor, record)
    sits = session_of(tx, record.id, actor, language)
    flagged = {
        (row.milestone, row.due_on): row.id
        for row in all_deadlines(tx, record.code, actor)
        if row.closed_on is None and row.raised_on is not None and row.acknowledged_on is None
    }
    return {
        "product": product,
        "page": page,
        "ladder": ladder_of(tx, record, page, call.today, language),
        "deadlines": sorted(product.deadlines, key=lambda line: line.due_on),
        "flagged": flagged,
        "may_acknowledge": may(actor, Permission.ACKNOWLEDGE, place) is not None,
        "reasons": {
            (item.rule, item.due_on): item
            for item in explain_product(tx, record.code, call.today, call.language)
        },
        "steps": [
            {"event": event.value, "label": say(event.text, language), "is_first": event is first}
            for event in product.allowed
            if sits is None or event not in SCORING  # its score comes out of the session
        ],
        "refused": [
            {
                "label": say(event.text, language),
                "lacks": [lack.vi if language == "vi" else lack.en for lack in lacks],
            }
            for event, lacks in product.missing.items()
        ],
        "differs": difference_beside(tx, record, call.today, language, sees_people=False),
        "papers": papers_beside(tx, record, today=call.today),
        "law": law_of(tx, record, call.today, language),
        "sits": sits,
        "revenues": revenues_beside(tx, record),
        "dong": dong,
        "visits": visits_beside(tx, record, call.today, language).visits if product.certificates else (),
        "under_way": record.state not in DEAD_ENDS | {State.CERTIFIED, State.MONITORED},
        "history": list(reversed(page.history)),
        "states": {state: say(state.text, language) for state in State},
        "letters": [
            {"letter": one, "state": say(one.state.text, language)}
            for one in letters_about(tx, actor, record.id, _LETTERS)
        ],
        "can_undo": last is not None and _may_undo(last.event, actor, place),
        "can_edit": product.state in YOUNG and may(actor, Permission.EDIT_PRODUCTS, place) is not None,
        "can_answer": may(actor, Permission.EDIT_PRODUCTS, place) is not None,
    }


def _may_undo(event: Event, actor: Actor, place: Place) -> bool:
    """Tell whether undoing is worth offering: the service itself decides when it is asked."""
    is_somebody = any(grant.role.value.endswith(("officer", "secretary")) for grant in actor.grants)
    return event is not Event.ENTER_REGISTER and is_somebody and _sees(actor, place)


def _sees(actor: Actor, place: Place) -> bool:
    return may(actor, Permission.READ, place) is not None


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step of the way: its name, and whether it lies behind, is where the product stands, or ahead."""

    label: str
    where: str


def ladder_of(
    tx: Connection, record: ProductRecord, page: ProductPage, today: date, language: Language
) -> list[LadderRung]:
    """Return the way of a product under its regulation, with where it stands."""
    lifecycle = build_lifecycle(regulation_behind(tx, record, today))
    been = {step.target for step in page.history} | {step.source for step in page.history}
    way: list[State] = [
        state for state in lifecycle.states if state not in DEAD_ENDS and state is not State.NOT_RATED
    ]
    if record.state not in way:
        way.append(record.state)
    here = way.index(record.state)
    rungs = []
    for number, state in enumerate(way):
        if state is State.RE_RATING and record.state is not state and state not in been:
            continue  # not a step of a first dossier
        if number < here and been and state not in been:
            continue  # it went another way
        where = "here" if number == here else "behind" if number < here else "ahead"
        rungs.append(LadderRung(say(state.text, language), where))
    return rungs


@router.post("/products/{code}/deadlines/{number}/acknowledge", **needs())
def take_note(call: Calling, code: ProductCode, number: Number) -> Response:
    """Take note of a flag that is up: the next nag is skipped."""
    call.change(lambda tx, session: acknowledge(tx, session.actor, number, call.today, call.now))
    return call.to(f"/products/{code}", done="acknowledged")


@router.post("/products/{code}/questions/{number}", **needs())
def answer(call: Calling, code: ProductCode, number: Number) -> Response:
    """Answer what a list has asked of a product."""

    def work(tx: Connection, session: Session) -> None:
        found = answer_question(tx, session.actor, number, call.given("answer"), now=call.now)
        if found.code != code:
            raise NotFound(f"Không có câu hỏi số {number}.", f"There is no question {number}.")

    call.change(work)
    return call.to(f"/products/{code}", done="answered")
