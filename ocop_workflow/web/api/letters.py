"""`/letters`: the outbox, one letter, sending one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Scope
from ocop_workflow.letters.outbox import Which, dead_letters, hold, release, resend, resend_dead, show_letter
from ocop_workflow.letters.views import DeadLetterView, LetterTextView, LetterView, ResendingView, ResentView
from ocop_workflow.notifications import LetterKind, LetterState
from ocop_workflow.overview.list_queries import newest_letters
from ocop_workflow.people.officers import find_unit
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.advice import over_http
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.pages import Page, Paging, page
from ocop_workflow.web.exchange.schemas import ResendIn, Slug
from ocop_workflow.web.exchange.visits import Visit, Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["letters"], route_class=Gated)


class LetterQuery(Paging):
    """Which letters are asked for."""

    state: LetterState | None = Field(default=None, description="Trạng thái của thư. / A letter's state.")
    kind: LetterKind | None = Field(default=None, description="Loại thư. / A letter's kind.")
    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")


@router.get(
    "/letters",
    **operation("listLetters", Page[LetterView], examples.page(examples.LETTER)),
)
def list_letters(visit: Visiting, asked: Annotated[LetterQuery, Query()]) -> Response:
    """Thư trong hộp thư đi, mới nhất trước. / The outbox, newest first."""
    before = asked.before

    def work(tx: Connection, actor: Actor) -> Answer:
        unit_id = find_unit(tx, asked.unit).id if asked.unit else None
        found = newest_letters(
            tx, actor, asked.and_one, state=asked.state, kind=asked.kind, unit_id=unit_id, before=before
        )
        return page(visit, asked, found, LetterView.of, lambda row: row.id)

    return visit.answer(work)


@router.get(
    "/letters/{number}",
    **operation("showLetter", LetterTextView, examples.LETTER_TEXT),
)
def show_one(visit: Visiting, number: Number) -> Response:
    """Một lá thư, đúng như đã gửi. / One letter as it is sent."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(LetterTextView.in_full(show_letter(tx, number, actor)))

    return visit.answer(work)


@router.post(
    "/letters/resend",
    **operation(
        "resendLetters",
        ResendingView,
        examples.RESENDING,
        changes=True,
        needs=Scope.READ,  # which is enough for a preview
    ),
)
def resend_letters(visit: Visiting, given: ResendIn) -> Response:
    """Gửi lại mọi thư đã bỏ: xem trước, rồi xác nhận. / Send what was given up again, seen before."""
    which, confirm, clock = Which(given.since, given.unit), given.confirm, visit.application.clock

    def look(tx: Connection, actor: Actor) -> Answer:
        found = dead_letters(tx, actor, which, clock)
        shown = (
            DeadLetterView.given_up(
                one.record, say(over_http(one.refusal), visit.language) if one.refusal else None
            )
            for one in found.letters
        )
        return answer(ResendingView(found.hash, tuple(shown)))

    def carry_out(tx: Connection, actor: Actor) -> Answer:
        keys = resend_dead(tx, actor, which, confirm or "", visit.application.sender, clock)
        return answer(ResendingView(keys=tuple(keys)))

    return visit.answer(look) if confirm is None else visit.change(carry_out, Scope.ACT)


@router.post(
    "/letters/{number}/resend",
    **operation("resendLetter", ResentView, {"key": "digest:1:2024-04-23#2"}, status=201, changes=True),
)
def resend_letter(visit: Visiting, number: Number) -> Response:
    """Gửi lại một lá thư đã gửi hoặc không gửi được. / Send a letter once more."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(ResentView(resend(tx, actor, number, visit.application.sender, visit.now)), 201)

    return visit.change(work)


@router.post(
    "/letters/{number}/hold",
    **operation(
        "holdLetter",
        LetterView,
        {**examples.LETTER, "state": "held", "attempts": 0, "sent_at": None},
        changes=True,
    ),
)
def hold_letter(visit: Visiting, number: Number) -> Response:
    """Giữ lại một lá thư đang chờ gửi. / Keep a waiting letter back until it is released."""
    return _handled(visit, number, hold)


@router.post(
    "/letters/{number}/release",
    **operation(
        "releaseLetter",
        LetterView,
        {**examples.LETTER, "state": "pending", "attempts": 0, "sent_at": None},
        changes=True,
    ),
)
def release_letter(visit: Visiting, number: Number) -> Response:
    """Cho gửi một lá thư đang được giữ lại. / Let a letter go that was held back."""
    return _handled(visit, number, release)


def _handled(
    visit: Visit, number: int, handle: Callable[[Connection, Actor, int, datetime], None]
) -> Response:
    def work(tx: Connection, actor: Actor) -> Answer:
        handle(tx, actor, number, visit.now)
        return answer(LetterView.of(show_letter(tx, number, actor).record))

    return visit.change(work)
