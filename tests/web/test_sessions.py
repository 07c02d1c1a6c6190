"""A session over HTTP: blind while it is scored, and each refusal says its rule in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Role, Scope
from ocop_workflow.people.officers import disable_officer, revoke_role
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.web.app import create_app
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import PASSWORD, TOWN, Stage, opened, parts
from tests.factories import rows
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


SHEET = f"/products/{ONE}/sheet"


class Room:
    """The town's session of 20/11/2024, opened, and the service in this process."""

    def __init__(self, stage: Stage, client: TestClient) -> None:
        self.stage = stage
        self.client = client
        self._tokens: dict[tuple[str, Scope], str] = {}

    def token(self, login: str, scope: Scope = Scope.ACT) -> str:
        if (login, scope) not in self._tokens:
            with self.stage.database.write() as tx:
                order = TokenOrder(login, scope, 30)
                self._tokens[login, scope] = create_token(tx, HOST, order, now=self.stage.clock.now())
        return self._tokens[login, scope]

    def ask(
        self,
        login: str,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - any JSON
        *,
        scope: Scope = Scope.ACT,
        language: str = "en",
        content: bytes | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(login, scope)}", "Accept-Language": language}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self.client.request(
            method, f"/api/v1/sessions/{self.stage.number}{path}", json=body, content=content, headers=headers
        )

    def save(self, login: str, said: object, **how: Any) -> httpx.Response:  # noqa: ANN401 - see ask
        return self.ask(login, "PATCH", SHEET, {"entries": said}, **how)

    def sign(self, login: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - see ask
        return self.ask(login, "POST", f"{SHEET}/signature", {"password": PASSWORD}, **how)

    def refused(self, *asked: Any, **how: Any) -> tuple[int, str, str]:  # noqa: ANN401 - see ask
        """Return the status of a refusal and its sentence in both languages."""
        vi, en = (self.ask(*asked, **how, language=language) for language in ("vi", "en"))
        assert vi.status_code == en.status_code
        return vi.status_code, vi.json()["detail"], en.json()["detail"]


@pytest.fixture
def room(seeded: Database, clock: FixedClock) -> Iterator[Room]:
    stage = opened(seeded, clock, ONE, TWO)
    with TestClient(create_app(application_on(seeded, clock))) as client:
        yield Room(stage, client)


# -- hostile entries ---------------------------------------------------------------------------------------

HOSTILE: list[bytes] = [
    b'{"entries": {"parts.A": true}}',
    b'{"entries": {"parts.A": 38.0}}',
    b'{"entries": {"parts.A": 1e400}}',
    b'{"entries": {"parts.A": NaN}}',
    b'{"entries": {"parts.A": -1}}',
    b'{"entries": {"parts.A": "101"}}',
    b'{"entries": {"parts.A": 101}}',
    b'{"entries": {"parts.A": ' + b"9" * 5000 + b"}}",
    b'{"entries": {"parts.A": "3\\u0000"}}',
    b'{"entries": {"parts.A": "\\ud800"}}',
    b'{"entries": {"parts.A": ["38"]}}',
    b'{"entries": {"parts.A": {"A": 38}}}',
    b'{"entries": {"parts.A": null}}',
    b'{"entries": {"opinion": {"x": 1}}}',
    b'{"entries": {"choices.1.1": 1}}',
    b'{"entries": {"knockouts.set": ""}}',
    b'{"entries": {"' + b"a" * 400 + b'": "1"}}',
    b'{"entries": {"parts.A\\u0000": "1"}}',
    b'{"entries": {"\\ud800": "1"}}',
    b'{"entries": {}}',
    b'{"entries": []}',
    b'{"entries": ' + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"}",
    b"[]",
    b"null",
]


def test_whatever_is_sent_as_an_entry_is_refused_as_what_it_is(room: Room) -> None:
    for body in HOSTILE:
        found = room.ask("m1", "PATCH", SHEET, content=body)
        assert found.status_code in {400, 422}, (body[:80], found.text)
    assert rows(room.stage.database, "SELECT count(*) FROM sheet_entries") == [(0,)]


def test_an_opinion_of_any_letters_is_kept_clean_and_signed(room: Room) -> None:
    body = b'{"entries": {"opinion": "t\\u0000\\ud800\\u200b\\u0301 x"}}'
    assert room.ask("m1", "PATCH", SHEET, content=body).status_code == 200
    assert room.save("m1", parts("70")).status_code == 200
    assert room.sign("m1").status_code == 200


def test_a_quorum_that_is_none_is_refused(room: Room) -> None:
    headers = {"Authorization": f"Bearer {room.token('secretary')}"}
    for quorum in ("3/2", "99/1", "0", "1/0", "2/3/4", " 2/3", "２/３"):
        found = room.client.put(
            f"/api/v1/councils/{room.stage.council}/rules",
            json={"source": "Quy chế", "quorum": quorum},
            headers=headers,
        )
        assert found.status_code == 422, (quorum, found.text)
        assert [item["place"] for item in found.json()["faults"]] == ["body.quorum"]


# -- rights ------------------------------------------------------------------------------------------------


def test_a_token_that_only_reads_does_nothing_in_a_session(room: Room) -> None:
    for login, method, path, body in (
        ("m1", "PATCH", SHEET, {"entries": {"parts.A": "1"}}),
        ("m1", "POST", f"{SHEET}/signature", {"password": PASSWORD}),
        ("m1", "POST", f"/products/{ONE}/conflicts", {"member": 3, "reason": "người thân"}),
        ("m1", "POST", f"/products/{ONE}/opinion", {"agrees": True}),
        ("chair", "POST", f"/products/{ONE}/chair-note", {"reason": "trung bình"}),
        ("secretary", "POST", f"/products/{ONE}/closing", None),
        ("secretary", "POST", f"/products/{ONE}/advice", {"advice": "đủ"}),
    ):
        assert room.ask(login, method, path, body, scope=Scope.READ).status_code == 403, path


def test_whose_role_was_revoked_or_who_was_disabled_scores_no_more(room: Room) -> None:
    assert room.save("m1", {"parts.A": "30"}).status_code == 200
    assert room.save("m2", {"parts.A": "30"}).status_code == 200
    with room.stage.database.write() as tx:
        revoke_role(tx, HOST, "m1", Role.COUNCIL_MEMBER, TOWN, now=room.stage.clock.now())
        disable_officer(tx, HOST, "m2", now=room.stage.clock.now())
    for ask in (lambda login: room.save(login, {"parts.B": "1"}), room.sign):
        assert ask("m1").status_code in {401, 403, 404}
        assert ask("m2").status_code == 401
    member = room.stage.member("m1")
    conflict = {"member": member, "reason": "người thân"}
    assert room.ask("m1", "POST", f"/products/{ONE}/conflicts", conflict).status_code in {401, 403, 404}


def test_each_refusal_says_its_rule_in_both_languages(room: Room) -> None:
    room.stage.conflict("m2", ONE)
    one = {"entries": {"parts.A": "1"}}
    assert room.refused("m2", "PATCH", SHEET, one) == (
        403,
        f"Đã khai xung đột lợi ích với {ONE} (chủ thể là người thân); không chấm sản phẩm này.",
        f"A conflict of interest with {ONE} is declared (chủ thể là người thân): you do not score it.",
    )
    assert room.refused("secretary", "PATCH", SHEET, one)[0] == 403
    assert room.refused("clerk", "GET", SHEET) == (
        403,
        "clerk không phải thành viên hội đồng của phiên này; không chấm, không ký thay ai được.",
        "clerk does not sit in this session's council, and scores and signs for nobody.",
    )
    room.save("m1", parts("70"))
    assert room.sign("m1").status_code == 200
    assert room.refused("m1", "PATCH", SHEET, one) == (
        409,
        f"Phiếu {ONE} đã ký hoặc vừa đóng chấm; không sửa được nữa.",
        f"The sheet of {ONE} is signed, or scoring has just closed; it cannot be changed.",
    )
    assert room.refused("secretary", "POST", f"/products/{ONE}/confirmation") == (
        409,
        f"{ONE}: đang chấm; chỉ xác nhận kết quả khi đã đóng chấm.",
        f"{ONE} is scoring: a result is confirmed after scoring is closed.",
    )
    room.stage.close(ONE)
    assert room.refused("m3", "PATCH", SHEET, one) == (
        409,
        f"{ONE}: đã đóng chấm; không chấm được.",
        f"{ONE} is closed; it cannot be scored.",
    )
    assert room.refused("secretary", "POST", f"/products/{ONE}/confirmation")[0] == 409


# -- blind -------------------------------------------------------------------------------------------------

OPINION = "Nhãn ghi sai nơi sản xuất, điểm chín mươi chín"


@pytest.mark.ordeal
def test_no_address_tells_anybody_what_stands_in_a_sheet_before_it_is_closed(room: Room) -> None:
    said = {**parts("71.25"), "opinion": OPINION}
    assert room.save("m1", said).status_code == 200
    assert room.sign("m1").status_code == 200
    assert room.save("m2", said).status_code == 200
    given = {"number": room.stage.number, "session": room.stage.number, "code": ONE, "language": "vi"}
    paths = [
        path.format_map({**dict.fromkeys(_names(path), 1), **given})
        for path, operations in room.client.get("/api/v1/openapi.json").json()["paths"].items()
        if "get" in operations
    ]
    assert f"/api/v1/sessions/{room.stage.number}/products/{ONE}/result" in paths
    for login in ("chair", "m3", "secretary", "clerk", "adviser"):
        for path in paths:
            found = room.client.get(path, headers={"Authorization": f"Bearer {room.token(login)}"})
            assert OPINION not in found.text, (login, path)
            assert "71.25" not in found.text, (login, path)
    own = room.ask("m1", "GET", SHEET).json()
    assert (own["total"], own["entries"]["opinion"]) == ("71.25", OPINION)
    assert OPINION not in "".join(map(str, rows(room.stage.database, "SELECT * FROM audit")))


def test_no_answer_is_kept_that_would_tell_the_points(room: Room) -> None:
    headers = {"Authorization": f"Bearer {room.token('m1')}", "Idempotency-Key": "k-1"}
    path = f"/api/v1/sessions/{room.stage.number}{SHEET}"
    refused = room.client.patch(path, json={"entries": parts("71.25")}, headers=headers)
    assert (refused.status_code, refused.json()["faults"][0]["place"]) == (422, "Idempotency-Key")
    assert rows(room.stage.database, "SELECT COUNT(*) FROM replies") == [(0,)]
    assert rows(room.stage.database, "SELECT COUNT(*) FROM sheet_entries") == [(0,)]


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]
