"""`/tokens`, `/me`: what one signs in with, and who one is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Scope
from ocop_workflow.people.officers import find_officer
from ocop_workflow.people.tokens import (
    LONGEST,
    TokenOrder,
    create_token,
    list_tokens,
    revoke_token,
    token_in_use,
)
from ocop_workflow.people.views import MeView, NewTokenView, TokenView, show_tokens
from ocop_workflow.web.contract import staff_examples
from ocop_workflow.web.contract.examples import page as one
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import TokenPrefix
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, page
from ocop_workflow.web.exchange.schemas import Note, Said, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated
from ocop_workflow.web.guard.identity import token_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["tokens"], route_class=Gated)

_LOGIN = r"^[a-z][a-z0-9._-]{1,59}$"


class TokenQuery(Paging):
    """Whose tokens are asked for."""

    officer: Annotated[str, Field(pattern=_LOGIN)] | None = Field(
        default=None, description="Của ai; bỏ trống: của mình. / Whose; left out: one's own."
    )


class TokenIn(Said):
    """A token to make: for oneself, or for an officer whom one manages; a feed names its unit."""

    officer: Annotated[str, Field(pattern=_LOGIN)] | None = None
    scope: Annotated[Scope, Field(strict=False)] = Scope.ACT
    days: Annotated[int, Field(ge=1, le=LONGEST)] = 90
    label: Annotated[Note, Field(max_length=100)] = ""
    unit: Slug | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"scope": "act", "days": 90, "label": "máy bàn"},
                {"scope": "feed", "days": 366, "unit": "pho-an", "label": "lịch phòng họp"},
            ]
        }
    )


@router.get("/me", **operation("showMe", MeView, staff_examples.ME))
def show_me(visit: Visiting) -> Response:
    """Mình là ai, vai trò gì, được làm gì, mã truy cập đến bao giờ. / Who asks, and what one may."""

    def work(tx: Connection, actor: Actor) -> Answer:
        officer = find_officer(tx, actor.login)
        in_use = token_in_use(tx, token_of(visit.request))
        (shown,) = show_tokens(tx, [in_use], visit.now, visit.language)
        return answer(MeView.of(actor, officer.name, shown, visit.language))

    return visit.answer(work)


@router.get(
    "/tokens",
    **operation("listTokens", Page[TokenView], one(staff_examples.TOKEN)),
)
def list_all(visit: Visiting, asked: Annotated[TokenQuery, Query()]) -> Response:
    """Mã truy cập của mình, hoặc của cán bộ mình quản trị, mới nhất trước. / Tokens, newest first."""
    before = asked.before

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_tokens(tx, actor, asked.officer or actor.login, asked.and_one, before)
        told = dict(zip(found, show_tokens(tx, found, visit.now, visit.language), strict=True))
        return page(visit, asked, found, lambda row: told[row], lambda row: row.id)

    return visit.answer(work)


@router.post(
    "/tokens",
    **operation(
        "createToken",
        NewTokenView,
        staff_examples.NEW_TOKEN,
        status=201,
        changes=True,
        secret=True,
    ),
)
def create(visit: Visiting, given: TokenIn) -> Response:
    """Tạo mã truy cập; chỉ hiện một lần. / Make a token; it is shown once, and no wider than one's own."""

    def work(tx: Connection, actor: Actor) -> Answer:
        login = given.officer or actor.login
        order = TokenOrder(login, given.scope, given.days, given.label, given.unit)
        made = create_token(tx, actor, order, now=visit.now)
        (told,) = show_tokens(tx, [token_in_use(tx, made)], visit.now, visit.language)
        return answer(NewTokenView.of(told, made, order, visit.application.settings.public_url), 201)

    return visit.change_secretly(work)


@router.post(
    "/tokens/{prefix}/revocation",
    **operation(
        "revokeToken",
        TokenView,
        {**staff_examples.TOKEN, "revoked_at": "2024-04-23T02:00:00Z", "status": "revoked"},
        changes=True,
    ),
)
def revoke(visit: Visiting, prefix: TokenPrefix) -> Response:
    """Thu hồi một mã truy cập, có hiệu lực ngay. / Revoke a token, at once."""

    def work(tx: Connection, actor: Actor) -> Answer:
        revoked = revoke_token(tx, actor, prefix, now=visit.now)
        (told,) = show_tokens(tx, [revoked], visit.now, visit.language)
        return answer(told)

    return visit.change(work)
