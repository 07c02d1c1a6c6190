"""One language throughout, advice that fits who asks, nothing of the inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ocop_workflow
from ocop_workflow.access import Permission, Role, Scope
from ocop_workflow.certificates.views import ENDINGS
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.notifications import LetterState
from ocop_workflow.regulations import Level
from ocop_workflow.states import Asked, Dossier, Event, Hand, State
from ocop_workflow.web.app import API
from ocop_workflow.web.exchange.advice import ROUTES, over_http
from ocop_workflow.web.exchange.problems import KINDS, kind_of
from tests.factories import GOOD_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

    from fastapi.testclient import TestClient

    from tests.web.cast import Cast

#: letters that no English word has
VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
OWN = f"{API}/products/DP24-002"
SOURCES = Path(ocop_workflow.__file__).parent


@pytest.mark.parametrize(
    "words", [State, Event, Hand, Level, Dossier, Asked, LetterState, Role, Scope, Permission]
)
def test_every_label_stands_in_both_languages(words: type[StrEnum]) -> None:
    for word in words:
        text: Text = word.text  # type: ignore[attr-defined]  # each of them has it
        assert text.vi, word
        assert text.en, word
        assert not VIETNAMESE.search(text.en), word


def test_every_kind_of_problem_has_a_title_in_both_languages() -> None:
    assert set(_all_below(OcopError)) >= {kind for kind, _ in KINDS}
    for error in _all_below(OcopError):
        title = kind_of(error.__new__(error)).title
        assert title.vi != title.en, error
        assert not VIETNAMESE.search(title.en), error
    assert all(not VIETNAMESE.search(ending.en) for ending in ENDINGS.values())


def _all_below(kind: type[OcopError]) -> Iterator[type[OcopError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _all_below(below)


def shown_in_english(client: TestClient, cast: Cast, path: str) -> Any:  # noqa: ANN401 - any JSON
    found = client.get(path, headers={**cast.as_("lan"), "Accept-Language": "en"})
    assert found.headers["Content-Language"] == "en"
    assert found.headers["Vary"] == "Accept-Language"
    return found.json()


def test_whoever_asks_for_english_reads_english_labels(client: TestClient, cast: Cast) -> None:
    register = {"event": "register", "data": GOOD_DATA["register"]}
    english = {**cast.as_("lan", If_Match='"0"'), "Accept-Language": "en"}
    assert client.post(f"{OWN}/events", json=register, headers=english).json()["state_label"] == "Registered"
    product = shown_in_english(client, cast, OWN)
    assert (product["state_label"], product["dossier_label"]) == ("Registered", "first")
    (step,) = shown_in_english(client, cast, f"{OWN}/history")["items"]
    assert (step["label"], step["given"]) == (
        "Register the idea",
        [{"label": "product group", "value": "Thực phẩm"}],
    )
    counts = shown_in_english(client, cast, f"{API}/reports/progress")["counts"]
    assert {count["state_label"] for count in counts} == {"Idea", "Registered"}
    assert shown_in_english(client, cast, f"{API}/plans/duc-pho-2024")["products"] == {
        "Idea": 4,
        "Registered": 1,
    }
    in_vietnamese = client.get(OWN, headers=cast.as_("lan"))
    assert (in_vietnamese.headers["Content-Language"], in_vietnamese.json()["state_label"]) == (
        "vi",
        "Đã đăng ký",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            Text(
                "Không có sản phẩm; xem bằng `ocop products`.", "No product; list them with `ocop products`."
            ),
            Text(
                "Không có sản phẩm; xem bằng `GET /api/v1/products`.",
                "No product; list them with `GET /api/v1/products`.",
            ),
        ),
        (
            Text("Chưa nạp x; đã nạp: y. Nạp bằng `ocop plan load x`.", "x; loaded: y. `ocop plan load x`."),
            Text(
                "Chưa nạp x; đã nạp: y. Nạp bằng `POST /api/v1/plans`.", "x; loaded: y. `POST /api/v1/plans`."
            ),
        ),
        (
            Text("Chưa cập nhật; hãy chạy `ocop db upgrade`.", "Not upgraded; run `ocop db upgrade`."),
            Text(
                "Chưa cập nhật; hãy báo người quản trị dịch vụ.",
                "Not upgraded; tell whoever looks after the service.",
            ),
        ),
        (
            Text(
                "Xã A chưa có địa chỉ: chưa gửi được (thêm bằng `ocop units load`).",
                "a has no address (add one with `ocop units load`).",
            ),
            Text(
                "Xã A chưa có địa chỉ: chưa gửi được (hãy báo người quản trị dịch vụ).",
                "a has no address (tell whoever looks after the service).",
            ),
        ),
        (Text("Không có gì.", "Nothing."), Text("Không có gì.", "Nothing.")),
    ],
)
def test_advice_names_a_route_or_whoever_looks_after_the_service(text: Text, told: Text) -> None:
    assert over_http(text) == told


def test_no_command_that_any_source_advises_is_left_over_http() -> None:
    """Each sentence with a command in it, whether it has a route or not."""
    found = 0
    for path in SOURCES.rglob("*.py"):
        for sentence in re.findall(r'f?"([^"\n]*`ocop [^"\n]*)"', path.read_text("utf-8")):
            told = over_http(Text(sentence, sentence))
            assert "`ocop" not in told.vi + told.en, sentence
            found += 1
    assert found > 40


def test_the_routes_that_are_advised_exist(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    for route in ROUTES.values():
        method, path = route.split()
        assert method.lower() in paths[path], route


def test_a_place_is_what_the_asker_wrote(client: TestClient, cast: Cast) -> None:
    body = {"event": "register", "note": 7, "data": {"group": ["food"]}}
    found = client.post(f"{OWN}/events", json=body, headers=cast.as_("lan", If_Match='"0"')).json()
    assert [fault["place"] for fault in found["faults"]] == ["body.note"]
    long = client.post(
        f"{OWN}/events",
        json={"event": "register", "note": "x" * 301},
        headers=cast.as_("lan", If_Match='"0"'),
    ).json()
    assert long["faults"] == [{"place": "body.note", "detail": "dài quá 300 chữ"}]
