"""The files of papers over HTTP: sent up as they come, within bounds, and given out only to be saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import obstore
import pytest
from obstore.exceptions import GenericError

from ocop_workflow.errors import OcopError, TooLarge, TooSlow
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.web.app import API
from ocop_workflow.web.exchange.downloads import disposition
from ocop_workflow.web.guard.bodies import AROUND_UPLOAD, LARGEST, BodyLimit
from tests.factories import rows
from tests.files.samples import DOCM, PDF, PNG
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient
    from starlette.types import Message, Receive, Scope, Send

    from ocop_workflow.store import Database
    from tests.web.cast import Cast

FILES = f"{API}/products/DP24-002/papers/1/files"


@pytest.fixture(autouse=True)
def _paper(cast: Cast) -> None:
    given, clock = NewPaper("registration"), cast.clock
    with cast.database.write() as tx:
        add_paper(tx, "DP24-002", given, actor=HOST, today=clock.today(), now=clock.now())


def send(
    client: TestClient, cast: Cast, content: bytes = PDF, name: str = "phiếu.pdf", login: str = "lan"
) -> Any:  # noqa: ANN401 - an answer of the client
    return client.post(FILES, params={"name": name}, content=content, headers=cast.as_(login))


def test_a_file_is_sent_listed_fetched_and_withdrawn(client: TestClient, cast: Cast) -> None:
    sent = send(client, cast)
    assert sent.status_code == 201
    told = sent.json()
    assert (told["id"], told["name"], told["size"], told["media_type"], told["added_by"]) == (
        1,
        "phiếu.pdf",
        len(PDF),
        "application/pdf",
        "lan",
    )
    listed = client.get(f"{API}/products/DP24-002/papers", headers=cast.as_("minh")).json()
    assert listed["tasks"][0]["papers"][0]["files"] == [told]
    found = client.get(f"{FILES}/1", headers=cast.as_("minh"))
    assert (found.status_code, found.content) == (200, PDF)
    gone = client.post(f"{FILES}/1/withdrawal", json={"reason": "chụp mờ"}, headers=cast.as_("lan"))
    assert gone.json()["tasks"][0]["papers"][0]["files"] == []
    assert client.get(f"{FILES}/1", headers=cast.as_("lan")).status_code == 404


def test_a_file_goes_out_to_be_saved_and_to_run_nowhere(client: TestClient, cast: Cast) -> None:
    send(client, cast, PNG, "a<b>.html")
    found = client.get(f"{FILES}/1", headers=cast.as_("lan"))
    wanted = {
        "content-type": "image/png",
        "content-length": str(len(PNG)),
        "content-disposition": "attachment; filename=\"a_b_.html.png\"; filename*=UTF-8''a_b_.html.png",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
    }
    assert {name: found.headers[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (
            "Phiếu Đá.pdf",
            "attachment; filename=\"Phieu Da.pdf\"; filename*=UTF-8''Phi%E1%BA%BFu%20%C4%90%C3%A1.pdf",
        ),
        ('a"; x.pdf', "attachment; filename=\"a__ x.pdf\"; filename*=UTF-8''a%22%3B%20x.pdf"),
    ],
)
def test_the_name_is_written_for_old_browsers_and_for_new_ones(name: str, header: str) -> None:
    assert disposition(name) == header
    assert header.isascii()


def test_who_may_not_is_answered_before_a_byte_is_read(client: TestClient, cast: Cast) -> None:
    def never() -> Iterator[bytes]:
        yield b"%PDF-"
        pytest.fail("the body was read")

    for login, status in (("ha", 404), ("xem", 403)):
        assert client.post(FILES, content=never(), headers=cast.as_(login)).status_code == status
    assert client.post(FILES, content=never()).status_code == 401


def test_another_communes_file_and_one_that_is_not_there_are_answered_alike(
    client: TestClient, cast: Cast
) -> None:
    send(client, cast)
    other = client.get(f"{FILES}/1", headers=cast.as_("ha"))
    none = client.get(f"{FILES.replace('002', '999')}/1", headers=cast.as_("ha"))
    assert (other.status_code, none.status_code) == (404, 404)
    assert other.json()["detail"] == none.json()["detail"].replace("DP24-999", "DP24-002")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "tệp trống"),
        (b"MZ\x90 a program", "chỉ nhận PDF, JPEG, PNG, DOCX, XLSX, ZIP"),
        (DOCM, "không chứa macro"),
    ],
)
def test_what_is_not_taken_is_refused_in_a_sentence_and_leaves_nothing(
    client: TestClient, cast: Cast, seeded: Database, content: bytes, told: str
) -> None:
    refused = send(client, cast, content)
    (fault,) = refused.json()["faults"]
    assert (refused.status_code, fault["place"], told in refused.text) == (422, "file", True)
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]


def test_a_request_that_comes_again_has_no_second_effect(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    headers = cast.as_("lan", Idempotency_Key="k1")
    first = client.post(FILES, params={"name": "a.pdf"}, content=PDF, headers=headers)
    again = client.post(FILES, params={"name": "a.pdf"}, content=PDF, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post(FILES, params={"name": "a.pdf"}, content=PNG, headers=headers)
    assert (other.status_code, other.json()["faults"][0]["place"]) == (422, "Idempotency-Key")
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(1,)]


def test_a_disk_that_is_full_is_one_sentence_and_no_row(
    client: TestClient, cast: Cast, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(*_: object, **__: object) -> None:
        raise GenericError("Unable to copy data to file: No space left on device (os error 28)")

    monkeypatch.setattr(obstore, "put", put)
    refused = send(client, cast)
    assert (refused.status_code, refused.json()["detail"]) == (
        503,
        "Ổ đĩa của kho tệp đã đầy; chưa ghi gì vào hồ sơ. Hãy báo người quản trị, rồi gửi lại.",
    )
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]


def test_more_than_the_bound_is_refused_however_it_is_announced(client: TestClient, cast: Cast) -> None:
    def parts() -> Iterator[bytes]:
        yield PDF
        for _ in range(50):
            yield bytes(LARGEST)

    for content in (parts(), PDF + bytes(50 * LARGEST)):
        refused = client.post(FILES, content=content, headers=cast.as_("lan"))
        assert (refused.status_code, refused.json()["detail"]) == (413, "Tệp quá lớn (tối đa 50 MiB).")


# -- what a producer hands in ----------------------------------------------------------------------


def test_a_link_is_made_what_came_by_it_is_fetched_taken_and_returned(client: TestClient, cast: Cast) -> None:
    product = f"{API}/products/DP24-002"
    made = client.post(f"{product}/upload-links", json={"until": "2024-05-01"}, headers=cast.as_("lan"))
    assert (made.status_code, made.json()["ends_on"]) == (201, "2024-05-01")
    assert made.json()["address"].startswith("http://127.0.0.1:8000/u/")
    token = made.json()["address"].rpartition("/")[2]
    links = client.get(f"{product}/upload-links", headers=cast.as_("minh"))
    assert ([item["id"] for item in links.json()["links"]], token in links.text) == ([1], False)
    for content in (PDF, PNG):
        sent = client.post(f"/u/{token}", data={"kind": "registration"}, files={"file": ("a", content)})
        assert sent.status_code == 200
    waiting = client.get(f"{product}/handed-in", headers=cast.as_("minh")).json()["files"]
    assert [(item["id"], item["name"]) for item in waiting] == [(1, "a.pdf"), (2, "a.png")]
    found = client.get(f"{product}/handed-in/1", headers=cast.as_("minh"))
    assert (found.content, found.headers["content-disposition"][:10]) == (PDF, "attachment")
    assert client.get(f"{product}/handed-in/1", headers=cast.as_("ha")).status_code == 404
    taken = client.post(
        f"{product}/handed-in/1/acceptance", json={"number": "12/PĐK"}, headers=cast.as_("lan")
    )
    (_, paper) = taken.json()["tasks"][0]["papers"]
    assert (paper["number"], [item["name"] for item in paper["files"]]) == ("12/PĐK", ["a.pdf"])
    given = {"reason": "ảnh mờ"}
    left = client.post(f"{product}/handed-in/2/return", json=given, headers=cast.as_("lan"))
    assert left.json()["files"] == []
    gone = client.post(f"{product}/upload-links/1/revocation", headers=cast.as_("lan"))
    assert gone.json()["links"] == []
    assert client.get(f"/u/{token}").status_code == 404


# -- the keeper of bodies --------------------------------------------------------------------------


async def received(
    parts: list[tuple[float, bytes]], path: str, silence: float = 30.0, announced: int | None = None
) -> int:
    """Let the parts of a body arrive, each after so many seconds. Gives how many bytes the route read."""
    waiting = list(parts)
    read = 0

    async def receive() -> Message:
        seconds, part = waiting.pop(0)
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def route(_scope: Scope, receive: Receive, _send: Send) -> None:
        nonlocal read
        more = True
        while more:
            message = await receive()
            read += len(message["body"])
            more = message["more_body"]

    async def send(_: Message) -> None:
        pytest.fail("nothing is answered here")

    said = (b"transfer-encoding", b"chunked")
    if announced is not None:
        said = (b"content-length", str(announced).encode())
    scope = {"type": "http", "method": "POST", "path": path, "headers": [said]}
    limit = BodyLimit(route, patience=0.05, largest_upload=2 * LARGEST, silence=silence)
    await limit(scope, receive, send)
    return read


#: where papers of dossiers and signed documents come in
UPLOADS = (
    FILES,
    f"{API}/sessions/1/documents/minutes/issued",
    f"{API}/certificates/1/documents/notice/issued",
    f"{API}/certificates/expired/notice/issued",
    f"{API}/products/DP24-002/documents/letter-up/issued",
)


@pytest.mark.parametrize("path", [way for path in UPLOADS for way in (path, path.removeprefix(API))])
def test_an_upload_is_waited_for_as_long_as_something_arrives(path: str) -> None:
    slow = [(0.04, b"x")] * 5
    assert asyncio.run(received(slow, path, silence=1)) == 5
    with pytest.raises(TooSlow):
        asyncio.run(received([*slow, (0.4, b"x")], path, silence=0.1))


def test_every_route_that_takes_a_file_as_it_comes_takes_a_large_one(client: TestClient) -> None:
    told = client.get(f"{API}/openapi.json").json()["paths"]
    taking = {
        path
        for path, methods in told.items()
        if "application/octet-stream" in methods.get("post", {}).get("requestBody", {}).get("content", {})
    }
    assert len(taking) == len(UPLOADS) + 1  # a list of certificates, which has a bound of its own
    for path in taking:
        assert asyncio.run(received([(0, bytes(LARGEST + 1))], path.replace("{number}", "1"))) == LARGEST + 1


@pytest.mark.parametrize(
    "path",
    [f"{FILES}/1/withdrawal", f"{API}/products", f"{FILES}/x", f"x{FILES}", f"{UPLOADS[1]}/withdrawal"],
)
def test_nothing_else_is_waited_for_so_long_or_taken_so_large(path: str) -> None:
    with pytest.raises(TooSlow):
        asyncio.run(received([(0.04, b"x")] * 5, path))
    with pytest.raises(TooLarge):
        asyncio.run(received([(0, bytes(LARGEST + 1))], path))


@pytest.mark.parametrize(
    ("path", "most"), [(FILES, 2 * LARGEST + AROUND_UPLOAD), (f"{API}/products", LARGEST)]
)
def test_a_body_whose_length_was_announced_may_come_in_parts_up_to_the_bound(path: str, most: int) -> None:
    half = most // 2
    parts = [(0.0, bytes(half)), (0.0, bytes(most - half))]
    assert asyncio.run(received(parts, path, announced=most)) == most
    with pytest.raises(TooLarge):
        asyncio.run(received(parts, path, announced=most + 1))


def test_around_a_file_a_form_needs_a_little_room() -> None:
    whole = 2 * LARGEST + AROUND_UPLOAD
    assert asyncio.run(received([(0, bytes(whole))], FILES)) == whole
    with pytest.raises(OcopError):
        asyncio.run(received([(0, bytes(whole + 1))], FILES))
