"""Every page: who may open it, what it lets in, and that no form but its own is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from ocop_workflow.access import Permission, SessionStage
from ocop_workflow.web.console.frame.call import POLICY
from ocop_workflow.web.console.frame.door import PERMISSION, STAGE
from ocop_workflow.web.console.pages import ROUTERS
from tests.factories import rows
from tests.web.cast import OFFICERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Visitor

FULL = SessionStage.FULL
EDIT, CHANGE, HANDLE = Permission.EDIT_PRODUCTS, Permission.CHANGE_PLANS, Permission.HANDLE_LETTERS
RUN, SCORE = Permission.RUN_SESSIONS, Permission.SCORE
UNITS, STAFF, AUDIT = Permission.MANAGE_UNITS, Permission.MANAGE_OFFICERS, Permission.READ_AUDIT

#: open to everybody: nothing else may be
OPEN = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/once/{token}"),
    ("POST", "/once/{token}"),
    ("POST", "/language"),
    ("GET", "/u/{token}"),
    ("POST", "/u/{token}"),
    ("GET", "/c/{token}"),
    ("GET", "/c/{token}.json"),
}
#: for whoever is on the way in
HALF = {
    ("GET", "/sign-in/code"): SessionStage.CODE,
    ("POST", "/sign-in/code"): SessionStage.CODE,
    ("GET", "/sign-in/set-up"): SessionStage.ENROL,
    ("POST", "/sign-in/set-up"): SessionStage.ENROL,
}
#: for whoever is signed in; with a right, for whoever has it somewhere
PAGES: dict[tuple[str, str], Permission | None] = {
    ("GET", "/"): None,
    ("GET", "/year"): None,
    ("GET", "/search"): None,
    ("POST", "/sign-out"): None,
    ("GET", "/products"): None,
    ("GET", "/products/board"): None,
    ("GET", "/products.csv"): None,
    ("GET", "/products.xlsx"): None,
    ("GET", "/products/new"): EDIT,
    ("POST", "/products/new"): EDIT,
    ("POST", "/products/bulk"): None,
    ("POST", "/products/bulk/preview"): None,
    ("POST", "/products/bulk/carry-out"): None,
    ("GET", "/products/{code}"): None,
    ("GET", "/products/{code}/edit"): EDIT,
    ("POST", "/products/{code}/edit"): EDIT,
    ("GET", "/products/{code}/events/{event}"): None,
    ("POST", "/products/{code}/events/{event}"): None,
    ("GET", "/products/{code}/undo"): None,
    ("POST", "/products/{code}/undo"): None,
    ("POST", "/products/{code}/occurrences"): None,
    ("GET", "/papers"): None,
    ("GET", "/products/{code}/papers"): None,
    ("POST", "/products/{code}/papers"): EDIT,
    ("POST", "/products/{code}/papers/{number}/withdraw"): EDIT,
    ("POST", "/products/{code}/papers/reuse"): EDIT,
    ("GET", "/products/{code}/forms"): None,
    ("GET", "/products/{code}/forms/{form}"): None,
    ("POST", "/products/{code}/forms/{form}"): EDIT,
    ("GET", "/products/{code}/forms/{form}/print"): None,
    ("POST", "/products/{code}/forms/{form}/discard"): EDIT,
    ("GET", "/forms/{form}"): None,
    ("GET", "/products/{code}/difference"): None,
    ("POST", "/products/{code}/difference"): EDIT,
    ("POST", "/products/{code}/revenues"): EDIT,
    ("POST", "/products/{code}/revenues/{year}/remove"): EDIT,
    ("POST", "/products/{code}/papers/{number}/files"): EDIT,
    ("GET", "/products/{code}/papers/{number}/files/{file}"): None,
    ("POST", "/products/{code}/papers/{number}/files/{file}/withdraw"): EDIT,
    ("POST", "/products/{code}/papers/links"): EDIT,
    ("POST", "/products/{code}/papers/links/{number}/revoke"): EDIT,
    ("GET", "/products/{code}/handed-in/{number}"): None,
    ("POST", "/products/{code}/handed-in/{number}/take"): EDIT,
    ("POST", "/products/{code}/handed-in/{number}/return"): EDIT,
    ("POST", "/products/{code}/deadlines/{number}/acknowledge"): None,
    ("POST", "/products/{code}/questions/{number}"): None,
    ("POST", "/products/{code}/set"): EDIT,
    ("GET", "/councils/new"): RUN,
    ("POST", "/councils/new"): RUN,
    ("GET", "/councils/{number}"): None,
    ("POST", "/councils/{number}/members"): RUN,
    ("POST", "/councils/{number}/members/{member}/end"): RUN,
    ("POST", "/councils/{number}/rules"): RUN,
    ("GET", "/sessions"): None,
    ("GET", "/sessions/new"): RUN,
    ("POST", "/sessions/new"): RUN,
    ("GET", "/sessions/{number}"): None,
    ("GET", "/sessions/{number}/documents"): None,
    ("GET", "/sessions/{number}/documents/{kind}"): None,
    ("GET", "/sessions/{number}/documents/{kind}/issued"): None,
    ("POST", "/sessions/{number}/documents/{kind}/issued"): RUN,
    ("POST", "/sessions/{number}/documents/{kind}/issued/withdrawal"): RUN,
    ("POST", "/sessions/{number}/products"): RUN,
    ("POST", "/sessions/{number}/dossiers"): RUN,
    ("POST", "/sessions/{number}/attendance"): RUN,
    ("POST", "/sessions/{number}/opening"): RUN,
    ("POST", "/sessions/{number}/closing"): RUN,
    ("POST", "/sessions/{number}/meeting"): RUN,
    ("POST", "/sessions/{number}/decision"): RUN,
    ("POST", "/sessions/{number}/products/{code}/conflicts"): None,
    ("GET", "/sessions/{number}/products/{code}"): None,
    ("GET", "/sessions/{number}/products/{code}/sheet"): None,
    ("POST", "/sessions/{number}/products/{code}/sheet"): SCORE,
    ("POST", "/sessions/{number}/products/{code}/sheet/sign"): SCORE,
    ("POST", "/sessions/{number}/products/{code}/opinion"): SCORE,
    ("POST", "/sessions/{number}/products/{code}/closing"): RUN,
    ("POST", "/sessions/{number}/products/{code}/rescoring"): RUN,
    ("POST", "/sessions/{number}/products/{code}/chair-note"): None,
    ("POST", "/sessions/{number}/products/{code}/advice"): RUN,
    ("POST", "/sessions/{number}/products/{code}/removal"): RUN,
    ("POST", "/sessions/{number}/products/{code}/confirmation"): RUN,
    ("GET", "/sessions/{number}/products/{code}/paper/{member}"): RUN,
    ("POST", "/sessions/{number}/products/{code}/paper/{member}"): RUN,
    ("GET", "/certificates"): None,
    ("GET", "/certificates.csv"): None,
    ("GET", "/certificates.xlsx"): None,
    ("GET", "/certificates/import"): EDIT,
    ("GET", "/certificates/expired"): None,
    ("GET", "/certificates/ending/notice"): None,
    ("GET", "/certificates/expired/notice"): None,
    ("GET", "/certificates/expired/notice/issued"): None,
    ("POST", "/certificates/expired/notice/issued"): RUN,
    ("POST", "/certificates/expired/notice/issued/withdrawal"): RUN,
    ("GET", "/certificates/{number}"): None,
    ("GET", "/renewals"): None,
    ("GET", "/renewals/forecast"): None,
    ("GET", "/inspections"): None,
    ("GET", "/products/{code}/visits"): None,
    ("GET", "/products/{code}/visits/new"): EDIT,
    ("POST", "/products/{code}/visits/new"): EDIT,
    ("GET", "/visits/{number}"): None,
    ("POST", "/visits/{number}/findings/{finding}/done"): EDIT,
    ("POST", "/visits/{number}/findings/{finding}/reopen"): EDIT,
    ("POST", "/visits/{number}/withdraw"): EDIT,
    ("GET", "/certificates/{number}/documents"): None,
    ("GET", "/certificates/{number}/documents/{kind}"): None,
    ("GET", "/certificates/{number}/documents/{kind}/issued"): None,
    ("POST", "/certificates/{number}/documents/{kind}/issued"): RUN,
    ("POST", "/certificates/{number}/documents/{kind}/issued/withdrawal"): RUN,
    ("GET", "/products/{code}/documents"): None,
    ("GET", "/products/{code}/documents/{kind}"): None,
    ("GET", "/products/{code}/documents/{kind}/issued"): None,
    ("POST", "/products/{code}/documents/{kind}/issued"): RUN,
    ("POST", "/products/{code}/documents/{kind}/issued/withdrawal"): RUN,
    ("GET", "/certificates/{number}/correction"): None,
    ("POST", "/certificates/{number}/correction"): None,
    ("GET", "/certificates/{number}/qr.svg"): None,
    ("GET", "/certificates/{number}/qr.png"): None,
    ("GET", "/rubrics"): None,
    ("GET", "/rubrics/{number}"): None,
    ("POST", "/rubrics/{number}"): None,
    ("GET", "/plans"): None,
    ("GET", "/plans/{plan}"): None,
    ("GET", "/plans/new"): CHANGE,
    ("POST", "/plans/new"): CHANGE,
    ("POST", "/plans/{plan}/activities/{activity}"): CHANGE,
    ("GET", "/plans/{plan}/extend"): CHANGE,
    ("POST", "/plans/{plan}/extend"): CHANGE,
    ("POST", "/plans/{plan}/extensions/{number}/revoke"): CHANGE,
    ("GET", "/imports"): EDIT,
    ("POST", "/imports"): EDIT,
    ("GET", "/imports/answers"): EDIT,
    ("POST", "/imports/answers/{number}/revoke"): EDIT,
    ("GET", "/imports/{number}"): EDIT,
    ("GET", "/imports/{number}/list.xlsx"): EDIT,
    ("POST", "/imports/{number}/answers"): EDIT,
    ("POST", "/imports/{number}/publish"): EDIT,
    ("POST", "/imports/{number}/drop"): EDIT,
    ("GET", "/letters"): None,
    ("GET", "/letters/{number}"): None,
    ("GET", "/letters/{number}/message.eml"): None,
    ("GET", "/letters/{number}/as-sent"): None,
    ("GET", "/letters/dead/again"): HANDLE,
    ("POST", "/letters/dead/again"): HANDLE,
    ("POST", "/letters/{number}/{deed}"): HANDLE,
    ("GET", "/units"): None,
    ("GET", "/units/{unit}"): None,
    ("POST", "/units/{unit}/contacts"): UNITS,
    ("POST", "/units/{unit}/contacts/{number}/end"): UNITS,
    ("POST", "/units/{unit}/merge"): UNITS,
    ("GET", "/officers"): STAFF,
    ("POST", "/officers"): STAFF,
    ("GET", "/officers/{login}"): STAFF,
    ("POST", "/officers/{login}/roles"): STAFF,
    ("POST", "/officers/{login}/roles/revoke"): STAFF,
    ("POST", "/officers/{login}/disable"): STAFF,
    ("POST", "/officers/{login}/email"): STAFF,
    ("POST", "/officers/{login}/link"): STAFF,
    ("POST", "/officers/{login}/tokens/{prefix}/revoke"): STAFF,
    ("GET", "/account"): None,
    ("POST", "/account/password"): None,
    ("GET", "/account/code"): None,
    ("POST", "/account/code"): None,
    ("POST", "/account/code/off"): None,
    ("POST", "/account/recovery"): None,
    ("POST", "/account/sessions/{number}/end"): None,
    ("POST", "/account/tokens"): None,
    ("POST", "/account/tokens/{prefix}/revoke"): None,
    ("GET", "/audit"): AUDIT,
    ("POST", "/audit/verify"): AUDIT,
}
#: what stands for the parts of an address
PARTS = {
    "{code}": "DP24-002",
    "{event}": "register",
    "{form}": "mau-02",
    "{year}": "2023",
    "{plan}": "duc-pho-2024",
    "{unit}": "pho-an",
    "{login}": "lan",
    "{number}": "1",
    "{kind}": "minutes",
    "{member}": "1",
    "{file}": "1",
    "{finding}": "1",
    "{deed}": "hold",
    "{activity}": "training",
    "{prefix}": "ocop_1234567",
    "{token}": "nothing",
}
GETS = [path for method, path in PAGES if method == "GET"]
POSTS = [path for method, path in PAGES if method == "POST"]


def address(path: str) -> str:
    for part, value in PARTS.items():
        path = path.replace(part, value)
    return path


def test_every_page_has_its_row() -> None:
    told = {}
    for router in ROUTERS[1:]:  # the first gives style sheets and pictures
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                told[method, route.path] = route.openapi_extra or {}
    assert {key for key, needs in told.items() if needs[STAGE] is None} == OPEN
    half = {
        key: SessionStage(needs[STAGE]) for key, needs in told.items() if needs[STAGE] in ("code", "enrol")
    }
    assert half == HALF
    full = {
        key: Permission(needs[PERMISSION]) if PERMISSION in needs else None
        for key, needs in told.items()
        if needs[STAGE] == FULL.value
    }
    assert full == PAGES


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(visitor: Callable[[str], Visitor]) -> None:
    stranger = visitor("")
    for path in GETS:
        answer = stranger.client.get(address(path), follow_redirects=False)
        assert (answer.status_code, answer.content) == (303, b""), path
        assert answer.headers["location"].startswith("/sign-in?next="), path


def test_no_form_of_a_stranger_is_read(visitor: Callable[[str], Visitor], seeded: Database) -> None:
    stranger, before = visitor(""), rows(seeded, "SELECT COUNT(*) FROM audit")
    for path in (*POSTS, *(path for method, path in HALF if method == "POST")):
        answer = stranger.client.post(address(path), data={"reason": "x"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F"), path
    assert rows(seeded, "SELECT COUNT(*) FROM audit") == before


@pytest.mark.ordeal
def test_no_page_is_forced_open_by_a_role_that_has_not_the_right(
    visitor: Callable[[str], Visitor],
    cast: object,  # noqa: ARG001 - hired
) -> None:
    """Each page for each role: 403 without the right, before anything of it is looked up."""
    for login in OFFICERS:
        somebody = visitor(login)
        shown = somebody.open("/account")
        token = shown.form("/sign-out").fields["form"]
        held = {permission for permission in Permission if may(login, permission)}
        for (method, path), permission in PAGES.items():
            if permission is None or permission in held:
                continue
            if method == "GET":
                page = somebody.open(address(path))
            else:
                page = somebody.send(address(path), {"form": token})
            assert page.status == 403, (login, method, path)
            assert "không có quyền" in page.text


def may(login: str, permission: Permission) -> bool:
    from ocop_workflow.access import roles_with  # noqa: PLC0415 - the oracle of one test

    return OFFICERS[login][0] in roles_with(permission)


def test_no_form_is_taken_that_was_not_made_for_this_session(
    visitor: Callable[[str], Visitor], seeded: Database
) -> None:
    minh = visitor("minh")
    before = [rows(seeded, f"SELECT COUNT(*) FROM {table}") for table in ("transitions", "officers")]
    for path in POSTS:
        for wrong in ({}, {"form": "0" * 64}, {"form": "không"}):
            assert minh.send(address(path), dict(wrong)).status == 403, path
    after = [rows(seeded, f"SELECT COUNT(*) FROM {table}") for table in ("transitions", "officers")]
    assert after == before


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_no_form_of_another_site_is_taken_even_with_the_right_token(
    visitor: Callable[[str], Visitor], headers: dict[str, str]
) -> None:
    lan = visitor("lan")
    fields = lan.open("/products/DP24-002/events/register").form("/products/DP24-002/events/register").fields
    page = lan.send("/products/DP24-002/events/register", {**fields, "group": "food"}, **headers)
    assert page.status == 403
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    done = lan.send("/products/DP24-002/events/register", {**fields, "group": "food"}, **ours)
    assert done.path == "/products/DP24-002?done=register"


def test_every_page_lets_in_nothing_but_itself(visitor: Callable[[str], Visitor]) -> None:
    minh = visitor("minh")
    for path in (*GETS, "/nothing", "/products/none", "/letters/99"):
        page = minh.open(address(path))
        headers = page.response.headers
        if headers["content-type"].startswith("text/html"):
            assert headers["content-security-policy"] == POLICY, path
            assert headers["referrer-policy"] == "same-origin", path
            for word in ("<script", " style=", " onclick", "javascript:", "http://", "data:"):
                assert word not in page.html, (path, word)
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff"), path


def test_what_is_not_there_is_said_by_a_page_to_people_and_by_json_to_programs(
    visitor: Callable[[str], Visitor],
) -> None:
    somebody = visitor("lan")
    page = somebody.open("/nothing")
    assert (page.status, page.title) == (404, "Không tìm thấy – OCOP")
    for path in ("/api/v1/nothing", "/static/x/y.css"):
        answer = somebody.client.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert somebody.client.get("/nothing").headers["content-type"] == "application/problem+json"


def test_a_head_of_a_page_is_that_of_the_page(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("lan").client.head("/products", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_ward_officer_sees_nothing_of_another_ward(visitor: Callable[[str], Visitor]) -> None:
    ha = visitor("ha")
    for path in (
        "/products/DP24-002",
        "/products/DP24-002/events/register",
        "/products/DP24-002/undo",
        "/products/DP24-002/edit",
        "/units/pho-an",
    ):
        page = ha.open(path)
        assert (page.status, "Khô Bò" in page.html) == (404, False), path
    for path in ("/", "/products", "/products/board", "/products.csv", "/search?q=kho%20bo", "/year"):
        page = ha.open(path)
        assert (page.status, "DP24-002" in page.html) == (200, False), path
