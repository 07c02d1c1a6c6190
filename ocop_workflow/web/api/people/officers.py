"""`/officers`: who works where, for whoever manages officers there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, SecretStr

from ocop_workflow.access import Permission, Role, Scope
from ocop_workflow.errors import NotFound
from ocop_workflow.people import officers
from ocop_workflow.people.officer_addresses import officer_address, set_officer_address
from ocop_workflow.people.sign_in.passwords import LONGEST, set_password
from ocop_workflow.people.staff import Member, find_member, list_members, refuse_out_of_reach
from ocop_workflow.people.views import OfficerEmailView, OfficerView, PasswordSetView
from ocop_workflow.web.contract import staff_examples
from ocop_workflow.web.contract.examples import page as one
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Login
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import tags_seen
from ocop_workflow.web.exchange.pages import Page, Paging, page
from ocop_workflow.web.exchange.schemas import Note, Said, Slug
from ocop_workflow.web.exchange.visits import Visit, Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["officers"], route_class=Gated)

_MANAGE = Permission.MANAGE_OFFICERS
_OFFICER = OfficerView, staff_examples.OFFICER


class RoleIn(Said):
    """A role on a unit: it reaches whatever lies under that, too."""

    role: Annotated[Role, Field(strict=False)]  # JSON has no closed sets
    unit: Slug

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "commune_officer", "unit": "pho-an"}]})


class OfficerIn(RoleIn):
    """A new officer with a first role. `login`: small plain letters, digits, . _ -, a letter first."""

    login: Annotated[str, Field(min_length=2, max_length=60)]
    name: Annotated[Note, Field(max_length=200)] = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"login": "lan", "name": "Cán bộ xã Phổ An", "role": "commune_officer", "unit": "pho-an"}
            ]
        }
    )


class PasswordIn(Said):
    """A new password: 8 to 256 characters, not easily guessed."""

    password: Annotated[SecretStr, Field(min_length=1, max_length=LONGEST, strict=False)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "bốn từ không liên quan với nhau"}]}
    )


class EmailIn(Said):
    """The address of an officer's own letters; none: no letter goes to the officer any more."""

    email: Annotated[str, Field(min_length=3, max_length=254)] | None

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "lan@pho-an.example"}]})


@router.get(
    "/officers",
    **operation(
        "listOfficers",
        Page[OfficerView],
        one(staff_examples.OFFICER),
        needs=_MANAGE,
    ),
)
def list_all(visit: Visiting, asked: Annotated[Paging, Query()]) -> Response:
    """Cán bộ có vai trò ở địa phương mình quản trị. / The officers whom one manages, by login."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_members(tx, actor, asked.and_one, asked.cursor or "")
        return page(
            visit,
            asked,
            found,
            lambda row: OfficerView.of(row, visit.language),
            lambda row: row.officer.login,
        )

    return visit.answer(work)


@router.post(
    "/officers",
    **operation(
        "addOfficer",
        *_OFFICER,
        status=201,
        changes=True,
        needs=_MANAGE,
        carries=("ETag", "Location"),
    ),
)
def add(visit: Visiting, given: OfficerIn) -> Response:
    """Thêm cán bộ với một vai trò; mật khẩu và mã truy cập đặt riêng. / Add an officer with a first role."""

    def work(tx: Connection, actor: Actor) -> Answer:
        officers.add_officer(tx, actor, given.login, given.name, given.role, given.unit, now=visit.now)
        content = OfficerView.of(find_member(tx, actor, given.login), visit.language)
        place = f"{visit.request.url.path}/{given.login}"
        return answer(content, 201, ETag=content.etag, Location=place)

    return visit.change(work)


@router.get("/officers/{login}", **operation("showOfficer", *_OFFICER, needs=_MANAGE, carries=("ETag",)))
def show(visit: Visiting, login: Login) -> Response:
    """Một cán bộ với các vai trò. / One officer with the roles."""

    def work(tx: Connection, actor: Actor) -> Answer:
        content = OfficerView.of(find_member(tx, actor, login), visit.language)
        return answer(content, ETag=content.etag)

    return visit.answer(work)


@router.post(
    "/officers/{login}/disable",
    **operation("disableOfficer", *_OFFICER, changes=True, guarded=True, needs=_MANAGE),
)
def disable(visit: Visiting, login: Login) -> Response:
    """Vô hiệu hóa: mã truy cập và mật khẩu hết dùng ngay. / Disable an officer; what was done stays."""
    return _changed(visit, login, lambda tx, actor: officers.disable_officer(tx, actor, login, now=visit.now))


@router.post(
    "/officers/{login}/roles",
    **operation("grantRole", *_OFFICER, changes=True, guarded=True, needs=_MANAGE),
)
def grant(visit: Visiting, login: Login, given: RoleIn) -> Response:
    """Giao thêm một vai trò. / Give an officer one more role."""
    return _changed(
        visit,
        login,
        lambda tx, actor: officers.grant_role(tx, actor, login, given.role, given.unit, now=visit.now),
    )


@router.post(
    "/officers/{login}/roles/revocation",
    **operation("revokeRole", *_OFFICER, changes=True, guarded=True, needs=_MANAGE),
)
def revoke(visit: Visiting, login: Login, given: RoleIn) -> Response:
    """Thôi giao một vai trò, có hiệu lực ngay. / Take a role back, at once."""
    return _changed(
        visit,
        login,
        lambda tx, actor: officers.revoke_role(tx, actor, login, given.role, given.unit, now=visit.now),
    )


@router.post(
    "/officers/{login}/password",
    **operation(
        "setPassword",
        PasswordSetView,
        {"login": "lan", "password_set": True},
        changes=True,
        secret=True,
        needs=Scope.ADMINISTER,
    ),
)
def give_password(visit: Visiting, login: Login, given: PasswordIn) -> Response:
    """Đặt mật khẩu của mình, hoặc đặt lại của cán bộ mình quản trị. / Set a password anew."""

    def work(tx: Connection, actor: Actor) -> Answer:
        refuse_out_of_reach(tx, actor, login)
        set_password(tx, actor, login, given.password.get_secret_value(), now=visit.now)
        return answer(PasswordSetView(login, password_set=True))

    return visit.change_secretly(work)


_EMAIL = OfficerEmailView, {"login": "lan", "email": "lan@pho-an.example", "valid_from": "2024-04-23"}


@router.get("/officers/{login}/email", **operation("showOfficerEmail", *_EMAIL))
def show_email(visit: Visiting, login: Login) -> Response:
    """Địa chỉ thư riêng của mình, hoặc của cán bộ mình quản trị. / An officer's own address."""
    return visit.answer(
        lambda tx, actor: answer(OfficerEmailView.of(login, officer_address(tx, actor, login)))
    )


@router.post(
    "/officers/{login}/email",
    **operation("setOfficerEmail", *_EMAIL, changes=True, needs=Scope.ADMINISTER),
)
def set_email(visit: Visiting, login: Login, given: EmailIn) -> Response:
    """Đặt, đổi hoặc bỏ địa chỉ thư riêng của cán bộ. / Set, replace or remove an officer's own address."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = set_officer_address(tx, actor, login, given.email, today=visit.today, now=visit.now)
        return answer(OfficerEmailView.of(login, found))

    return visit.change(work)


def _changed(visit: Visit, login: str, change: Callable[[Connection, Actor], None]) -> Response:
    """Change an officer who was seen; whoever has lost every role in reach is shown without any."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        seen = find_member(tx, actor, login, seen=tags)
        change(tx, actor)
        content = OfficerView.of(_again(tx, actor, seen), visit.language)
        return answer(content, ETag=content.etag)

    def look(tx: Connection, actor: Actor) -> OfficerView:
        return OfficerView.of(find_member(tx, actor, login), visit.language)

    return visit.change_seen(work, look)


def _again(tx: Connection, actor: Actor, seen: Member) -> Member:
    try:
        return find_member(tx, actor, seen.officer.login)
    except NotFound:
        return Member(seen.officer, ())
