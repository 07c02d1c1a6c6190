"""Coming in by the browser: password, code, link; where a letter's link leads; what the cookie is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in.coming_in import make_link, set_up_code
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.door import page_behind
from tests.factories import rows
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast
    from tests.web.console.visitor import Page, Visitor

GOOD, GUESSED = "Cá chuồn kho mít non", "12345678"


@pytest.fixture
def stranger(visitor: Callable[[str], Visitor], cast: Cast) -> Visitor:
    """Somebody whom the service does not know yet; Lan and Quân have passwords."""
    with cast.database.write() as tx:
        for login in ("lan", "quan"):
            set_password(tx, HOST, login, GOOD, now=cast.clock.now())
    return visitor("")


def sign_in(visitor: Visitor, login: str = "lan", password: str = GOOD, path: str = "/") -> Page:
    return visitor.fill(visitor.open(path), "/sign-in", login=login, password=password)


def test_a_letters_link_leads_to_its_page_by_way_of_the_sign_in(stranger: Visitor) -> None:
    asked = stranger.open("/products/DP24-002")
    assert (asked.path, asked.title) == ("/sign-in?next=%2Fproducts%2FDP24-002", "Đăng nhập – OCOP")
    shown = stranger.fill(asked, "/sign-in", login="lan", password=GOOD)
    assert (shown.path, shown.title) == ("/products/DP24-002", "Khô Bò – OCOP")


def test_what_the_browser_holds_is_no_scripts_business(stranger: Visitor) -> None:
    stranger.open("/sign-in")
    answer = stranger.client.post("/sign-in", data={"login": "lan", "password": GOOD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("ocop=")
    assert ("HttpOnly" in cookie, "SameSite=lax" in cookie, "Path=/" in cookie) == (True, True, True)
    assert "Max-Age" not in cookie  # gone with the browser


def test_over_https_nobody_else_can_set_it(seeded: Database, clock: FixedClock, stranger: Visitor) -> None:  # noqa: ARG001 - passwords
    with TestClient(
        create_app(application_on(seeded, clock)), base_url="https://ocop.duc-pho.example"
    ) as client:
        answer = client.post("/sign-in", data={"login": "lan", "password": GOOD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert (cookie.startswith("__Host-ocop="), "Secure" in cookie) == (True, True)


def test_no_password_is_taken_over_an_open_line(
    seeded: Database,
    clock: FixedClock,
    stranger: Visitor,  # noqa: ARG001 - passwords
) -> None:
    with TestClient(
        create_app(application_on(seeded, clock)), base_url="http://ocop.duc-pho.example"
    ) as client:
        answer = client.post("/sign-in", data={"login": "lan", "password": GOOD})
    assert (answer.status_code, "docs/nginx/ocop.conf" in answer.text) == (403, True)
    assert rows(seeded, "SELECT COUNT(*) FROM sessions") == [(0,)]


def test_nobody_learns_which_accounts_there_are(stranger: Visitor) -> None:
    wrong = [sign_in(stranger, login, "wrong") for login in ("lan", "nobody")]
    assert {page.status for page in wrong} == {401}
    assert {page.html.replace('value="nobody"', 'value="lan"') for page in wrong} == {wrong[0].html}
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong[0].text
    assert wrong[0].title == "Lỗi: Đăng nhập – OCOP"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a\r\nLocation: https://evil.example",
        " //evil.example",
        "",
        "/sign-in?next=/sign-in",
    ],
)
def test_it_leads_to_pages_of_ours_alone(stranger: Visitor, elsewhere: str) -> None:
    assert page_behind(elsewhere) == "/"
    fields = {"login": "lan", "password": GOOD, "next": elsewhere}
    answer = stranger.client.post("/sign-in", data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_an_administrator_sets_a_code_up_before_anything_else(stranger: Visitor, clock: FixedClock) -> None:
    waiting = sign_in(stranger, "quan", path="/officers")
    assert (waiting.path, "<svg" in waiting.html) == ("/sign-in/set-up?next=%2Fofficers", True)
    assert stranger.open("/officers").path.startswith("/sign-in")
    secret = waiting.form("/sign-in/set-up").fields["secret"]
    wrong = stranger.fill(waiting, "/sign-in/set-up", code="000000")
    assert (wrong.status, wrong.form("/sign-in/set-up").fields["secret"]) == (422, secret)
    code = codes.code_in(secret, codes.step_at(clock.elsewhere()))
    shown = stranger.fill(wrong, "/sign-in/set-up", code=code)
    assert (shown.title, len(set(shown.text.split())) > 10) == ("Mã dự phòng – OCOP", True)
    assert stranger.open("/officers").title == "Cán bộ – OCOP"


def test_then_the_code_is_asked_for_each_time(stranger: Visitor, cast: Cast) -> None:
    with cast.database.write() as tx:
        secret, _ = set_up_code(tx, HOST, "quan", now=cast.clock.now())
    waiting = sign_in(stranger, "quan", path="/audit")
    assert waiting.path == "/sign-in/code?next=%2Faudit"
    assert stranger.open("/audit").path.startswith("/sign-in/code")
    field = waiting.html.partition('id="f-code"')[2].partition(">")[0]
    assert ('autocomplete="one-time-code"' in field, 'inputmode="numeric"' in field) == (True, True)
    wrong = stranger.fill(waiting, "/sign-in/code", code="000000")
    assert (wrong.status, wrong.title) == (401, "Lỗi: Nhập mã – OCOP")
    code = codes.code_in(secret, codes.step_at(cast.clock.elsewhere()))
    assert stranger.fill(wrong, "/sign-in/code", code=f"{code[:3]} {code[3:]}").path == "/audit"


def test_a_link_leads_to_a_password_and_in(stranger: Visitor, cast: Cast) -> None:
    with cast.database.write() as tx:
        end = make_link(tx, HOST, "ha", now=cast.clock.now())
    page = stranger.open(f"/once/{end}")
    assert "Tài khoản ha" in page.text
    bad = stranger.fill(page, f"/once/{end}", password=GUESSED)
    assert (bad.status, "dễ đoán" in bad.text) == (422, True)
    assert stranger.fill(bad, f"/once/{end}", password=GOOD).title == "Hôm nay – OCOP"
    again = stranger.open(f"/once/{end}")
    assert (again.status, "Liên kết này không còn dùng được" in again.text) == (404, True)


def test_signing_out_leaves_nothing_to_go_back_to(stranger: Visitor, seeded: Database) -> None:
    shown = sign_in(stranger)
    held = stranger.client.cookies["ocop"]
    assert stranger.fill(shown, "/sign-out").path == "/sign-in"
    stranger.client.cookies.set("ocop", held)
    assert stranger.open("/").path.startswith("/sign-in")
    assert rows(seeded, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]


def test_a_sign_in_that_somebody_else_began_is_not_taken_over(stranger: Visitor) -> None:
    stranger.client.cookies.set("ocop", "chosen-by-somebody-else", domain="localhost.local", path="/")
    sign_in(stranger)
    assert "chosen-by-somebody-else" not in [cookie.value for cookie in stranger.client.cookies.jar]


def test_whoever_is_in_is_not_asked_again(stranger: Visitor) -> None:
    sign_in(stranger)
    assert stranger.open("/sign-in?next=%2Fyear").path == "/year"


def test_the_language_is_kept_by_the_browser(stranger: Visitor) -> None:
    page = stranger.open("/sign-in")
    english = stranger.fill(page, "/language", language="en")
    assert (english.title, english.response.headers["content-language"]) == ("Sign in – OCOP", "en")
    assert stranger.fill(english, "/language", language="vi").title == "Đăng nhập – OCOP"


def test_no_log_and_no_audit_names_the_end_of_a_link(
    stranger: Visitor, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with cast.database.write() as tx:
        end = make_link(tx, HOST, "ha", now=cast.clock.now())
    stranger.send(f"/once/{end}", {"password": GOOD}, Origin="https://evil.example")
    assert end not in caplog.text
    assert end not in str(rows(cast.database, 'SELECT subject, "after" FROM audit'))
    assert rows(cast.database, "SELECT subject FROM audit WHERE action = 'refused.not_permitted'") == [
        ("POST /once/***",)
    ]
