"""One product over HTTP: as it stands for whoever asks, entered, corrected, moved on, taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from ocop_workflow.store import Database
from ocop_workflow.store.troubles.errors import locked
from ocop_workflow.web.app import API
from tests.factories import GOOD_DATA, SEED

if TYPE_CHECKING:
    import pytest
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from tests.web.cast import Cast

OWN = f"{API}/products/DP24-002"
REGISTER = {"event": "register", "data": GOOD_DATA["register"]}


def move(client: TestClient, headers: dict[str, str], tag: str, body: dict[str, Any] = REGISTER) -> Response:
    return client.post(f"{OWN}/events", json=body, headers={**headers, "If-Match": tag})


def test_a_product_shows_what_this_officer_may_do_and_whose_the_rest_is(
    client: TestClient, cast: Cast
) -> None:
    found = client.get(OWN, headers=cast.as_("lan"))
    assert found.status_code == 200
    assert found.headers["ETag"] == '"0"'
    assert found.json() == {
        "code": "DP24-002",
        "name": "Khô Bò",
        "unit": "Xã Phổ An",
        "producer_id": found.json()["producer_id"],
        "producer": "Trần Quốc Việt",
        "representative": "Trần Quốc Việt",
        "group": None,
        "group_name": None,
        "address": found.json()["address"],
        "official_code": None,
        "plan": SEED,
        "dossier": "first",
        "dossier_label": "lần đầu",
        "received_on": None,
        "state": "idea",
        "state_label": "Ý tưởng",
        "star": None,
        "score": None,
        "certificate": None,
        "version": 0,
        "overdue": False,
        "deadlines": [
            {
                "milestone": "registration",
                "due_on": "2024-04-30",
                "days_left": 7,
                "stage": "D-7",
                "overdue": False,
            }
        ],
        "allowed": ["register", "withdraw"],
        "needs": {"register": ["group"], "withdraw": ["reason"]},
        "missing": {},
        "updated_at": "2024-04-22T23:00:00Z",
        "etag": '"0"',
        "certificates": [],
        "dossiers": [
            {
                "number": 1,
                "kind": "first",
                "label": "lần đầu",
                "plan": "duc-pho-2024",
                "received_on": None,
                "regulation": None,
                "regulation_number": None,
                "official_code": None,
                "product_set": None,
                "mean": None,
            }
        ],
        "own_events": [],
        "given": {},
    }
    assert move(client, cast.as_("lan"), '"0"').status_code == 200
    seen = {login: client.get(OWN, headers=cast.as_(login)).json() for login in ("lan", "minh", "xem")}
    assert seen["lan"]["allowed"] == ["withdraw"]
    assert seen["lan"]["missing"]["select"] == [
        {
            "name": "hands",
            "vi": "việc này do Phòng Kinh tế thị xã Đức Phổ làm",
            "en": "it is in the hands of Phòng Kinh tế thị xã Đức Phổ (the plan's authority)",
            "clause": "",
            "fields": [],
        }
    ]
    assert seen["minh"]["allowed"] == ["select", "decline", "withdraw"]
    assert seen["xem"]["allowed"] == []


def test_a_code_typed_in_small_letters_is_the_same_code(client: TestClient, cast: Cast) -> None:
    small, lan = f"{API}/products/dp24-002", cast.as_("lan")
    assert client.get(small, headers=lan).json() == client.get(OWN, headers=lan).json()
    moved = client.post(f"{small}/events", json=REGISTER, headers={**lan, "If-Match": '"0"'})
    assert moved.json()["code"] == "DP24-002"
    edited = client.patch(small, json={"name": "Khô bò"}, headers={**lan, "If-Match": '"1"'})
    assert edited.json()["code"] == "DP24-002"
    assert len(client.get(f"{small}/history", headers=lan).json()["items"]) == 1
    assert len(client.get(f"{small}/deadlines", headers=lan).json()["items"]) == 2


def test_an_event_moves_a_product_on(client: TestClient, cast: Cast) -> None:
    done = move(client, cast.as_("lan"), '"0"', {**REGISTER, "on": "2024-04-22", "note": "nộp trực tiếp"})
    assert done.json() == {
        "code": "DP24-002",
        "event": "register",
        "source": "idea",
        "state": "registered",
        "state_label": "Đã đăng ký",
        "version": 1,
        "deadlines": [{"milestone": "selection", "due_on": "2024-05-31"}],
    }
    assert done.headers["ETag"] == '"1"'
    (entry,) = client.get(f"{OWN}/history", headers=cast.as_("xem")).json()["items"]
    assert (entry["actor"], entry["on"], entry["note"]) == ("lan", "2024-04-22", "nộp trực tiếp")
    past = client.get(f"{OWN}/deadlines", headers=cast.as_("lan")).json()["items"]
    assert [(row["milestone"], row["closed_because"]) for row in past] == [
        ("registration", "reached"),
        ("selection", None),
    ]


def test_a_day_that_cannot_be_is_refused_at_its_place(client: TestClient, cast: Cast) -> None:
    for day in ("2024-04-24", "1999-12-31", "2024-4-1", "2024-02-30"):
        refused = move(client, cast.as_("lan"), '"0"', {**REGISTER, "on": day})
        assert refused.status_code == 422, day
        assert refused.json()["faults"][0]["place"] in ("on", "body.on"), day


def test_a_change_says_which_version_it_is_meant_for(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    without = client.post(f"{OWN}/events", json=REGISTER, headers=lan)
    assert (without.status_code, without.json()["error"]) == (428, "precondition_required")
    assert move(client, lan, "*").status_code == 428
    for stale in ('"7"', 'W/"0"', "0", '"00"'):
        refused = move(client, lan, stale)
        assert (refused.status_code, refused.json()["error"]) == (412, "precondition_failed"), stale
        assert refused.json()["current"] == client.get(OWN, headers=lan).json()
    assert move(client, lan, '"9", W/"3", "0"').status_code == 200


def test_a_young_products_data_change_and_nobody_overwrites_another(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")

    def change(tag: str, **values: str) -> Response:
        return client.patch(OWN, json=values, headers={**lan, "If-Match": tag})

    first = change('"0"', name="Khô bò  Phổ An ", group="food", address="Thôn An Thạch", producer="HTX An")
    assert first.status_code == 200
    assert first.headers["ETag"] == first.json()["etag"] == '"0.1"'
    assert (first.json()["name"], first.json()["producer"]) == ("Khô bò Phổ An", "HTX An")
    assert change('"0"', name="Khác").status_code == 412
    assert move(client, lan, '"0"').status_code == 412
    assert change('"0.1"').json()["faults"] == [{"place": "", "detail": "không có gì để sửa"}]
    assert change('"0.1"', group="rocket").json()["faults"][0]["place"] == "group"
    assert change('"0.1"', official_code="OCOP-1").headers["ETag"] == '"0.2"'
    assert client.get(f"{API}/products?q=kho bo pho an", headers=lan).json()["items"][0]["code"] == "DP24-002"
    assert move(client, lan, '"0.2"').headers["ETag"] == '"1"'
    audit = client.get(f"{API}/audit?limit=200", headers=cast.as_("chu")).json()["items"]
    edits = [entry for entry in audit if entry["action"] == "product.edit"]
    assert [set(entry["after"]) for entry in edits] == [
        {"official_code"},
        {"name", "producer_id", "producer", "group", "address"},
    ]
    assert edits[1]["before"]["name"] == "Khô Bò"


def test_an_evaluated_product_keeps_its_data(client: TestClient, cast: Cast) -> None:
    cast.clock.move_to(date(2024, 10, 5))
    for version, (login, event) in enumerate(
        [("lan", "register"), ("minh", "select"), ("minh", "start_consulting"), ("lan", "commune_evaluate")]
    ):
        done = move(
            client, cast.as_(login), f'"{version}"', {"event": event, "data": GOOD_DATA.get(event, {})}
        )
        assert done.status_code == 200, done.text
    refused = client.patch(OWN, json={"name": "Khác"}, headers=cast.as_("lan", If_Match='"4"'))
    assert (refused.status_code, refused.json()["error"]) == (409, "conflict")


def test_a_new_product_enters_a_plan_as_an_idea(client: TestClient, cast: Cast) -> None:
    order = {"plan": SEED, "unit": "pho-an", "name": "Mắm nêm", "producer": "Bà Tư", "group": "food"}
    made = client.post(f"{API}/products", json=order, headers=cast.as_("lan"))
    assert made.status_code == 201
    assert made.headers["Location"] == f"{API}/products/DP24-015"
    assert client.get(made.headers["Location"], headers=cast.as_("lan")).json() == made.json()
    assert made.json()["deadlines"][0]["milestone"] == "registration"
    faulty = {**order, "plan": "no-plan", "unit": "nowhere"}
    refused = client.post(f"{API}/products", json=faulty, headers=cast.as_("lan"))
    assert [fault["place"] for fault in refused.json()["faults"]] == ["plan", "unit"]
    town = client.post(f"{API}/products", json={**order, "unit": "duc-pho"}, headers=cast.as_("minh"))
    assert town.json()["faults"][0]["place"] == "unit"
    mine = client.post(f"{API}/products", json={**order, "unit": "nguyen-nghiem"}, headers=cast.as_("lan"))
    assert mine.status_code == 403


def test_the_last_step_is_taken_back_with_a_reason(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    move(client, lan, '"0"')
    stale = client.post(f"{OWN}/undo", json={"reason": "nhầm"}, headers={**lan, "If-Match": '"0"'})
    assert stale.status_code == 412
    undone = client.post(f"{OWN}/undo", json={"reason": "nhầm"}, headers={**lan, "If-Match": '"1"'})
    assert undone.status_code == 200
    assert (undone.json()["state"], undone.json()["undoes"]) == ("idea", 1)
    history = client.get(f"{OWN}/history", headers=lan).json()["items"]
    assert [(entry["seq"], entry["undoes"]) for entry in history] == [(1, None), (2, 1)]


def test_who_waited_in_vain_behind_a_change_is_told_of_it(
    client: TestClient, cast: Cast, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan, changing = cast.as_("lan"), seeded.write

    def behind(first: str | None) -> NoReturn:
        with monkeypatch.context() as others:
            others.setattr(Database, "write", lambda _: changing())
            if first:
                assert move(client, lan, first).status_code == 200
        raise locked()

    monkeypatch.setattr(Database, "write", lambda _: behind(None))
    busy = move(client, lan, '"0"')
    assert (busy.status_code, busy.json()["error"]) == (503, "unavailable")
    monkeypatch.setattr(Database, "write", lambda _: behind('"0"'))
    late = move(client, lan, '"0"')
    assert (late.status_code, late.json()["error"]) == (412, "precondition_failed")
    assert late.json()["current"]["state"] == "registered"
