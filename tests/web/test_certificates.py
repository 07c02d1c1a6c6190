"""`/certificates`: who sees which, and how a proposed one is confirmed or refused over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.imports.reading.candidate import CrossColumn
from ocop_workflow.web.app import API
from tests.factories import SEED, rows
from tests.stories.journeys import candidate, import_rows, state_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

CODE = "DP24-015"
NAMED = {"star": 3, "number": "77/QĐ-UBND", "decided_on": "2022-06-01", "valid_until": "2025-06-01"}
CONFIRM = {"standing": "confirmed", "paper_number": "77/QĐ-UBND", "paper_date": "2022-06-01"}
REFUSE = {"standing": "refused", "reason": "không có quyết định này"}


@pytest.fixture
def proposed(client: TestClient, cast: Cast, seeded: Database, clock: FixedClock) -> str:
    """The address of a certificate that Phổ An has named."""
    import_rows(seeded, clock, SEED, candidate(99, "Xã Phổ An", "Mắm cái", CrossColumn.UPGRADE_3_TO_4))
    opened = open_re_rating(client, cast, NAMED)
    assert opened.status_code == 200, opened.text
    (found,) = client.get(f"{API}/certificates", headers=cast.as_("lan")).json()["items"]
    return f"{API}/certificates/{found['id']}"


def open_re_rating(client: TestClient, cast: Cast, named: dict[str, Any]) -> Response:
    data = {"kind": "upgrade", "plan": SEED, "certificate": named}
    body = {"event": "open_re_rating", "data": data}
    headers = {**cast.as_("lan"), "If-Match": '"0"'}
    return client.post(f"{API}/products/{CODE}/events", json=body, headers=headers)


def say(
    client: TestClient, cast: Cast, login: str, address: str, body: dict[str, str], **headers: str
) -> Response:
    seen = client.get(address, headers=cast.as_("lan")).headers["etag"]
    given = {**cast.as_(login), "If-Match": seen, **headers}
    return client.post(f"{address}/confirmation", json=body, headers=given)


def test_a_certificate_of_years_to_come_is_not_taken(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    import_rows(seeded, clock, SEED, candidate(99, "Xã Phổ An", "Mắm cái", CrossColumn.UPGRADE_3_TO_4))
    named = {"star": 5, "number": "1", "decided_on": "2030-01-01", "valid_until": "2099-12-31"}
    answer = open_re_rating(client, cast, named)
    assert (answer.status_code, answer.json()["error"]) == (422, "dates_disagree")
    assert [item["place"] for item in answer.json()["faults"]] == [
        "certificate.decided_on",
        "certificate.valid_until",
    ]
    assert rows(seeded, "SELECT count(*) FROM certificates") == [(0,)]


def test_five_stars_with_good_dates_are_a_proposal(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    import_rows(seeded, clock, SEED, candidate(99, "Xã Phổ An", "Mắm cái", CrossColumn.UPGRADE_3_TO_4))
    assert open_re_rating(client, cast, {**NAMED, "star": 5}).status_code == 200
    product = client.get(f"{API}/products/{CODE}", headers=cast.as_("lan")).json()
    (held,) = product["certificates"]
    assert (product["certificate"]["standing"], held["id"], held["standing_label"]) == (
        "proposed",
        1,
        "theo khai báo của xã, chưa xác nhận",
    )


def test_it_is_confirmed_by_the_level_of_its_star(
    client: TestClient, cast: Cast, seeded: Database, proposed: str
) -> None:
    answer = say(client, cast, "minh", proposed, CONFIRM)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["standing"], answer.json()["settled"]["for"]) == ("confirmed", "duc-pho")
    assert answer.headers["etag"] == answer.json()["etag"]
    assert rows(seeded, "SELECT action, subject FROM audit ORDER BY seq DESC LIMIT 1") == [
        ("certificate.confirm", f"certificate:{answer.json()['id']}")
    ]


def test_what_was_confirmed_by_mistake_waits_again(client: TestClient, cast: Cast, proposed: str) -> None:
    etag = say(client, cast, "minh", proposed, CONFIRM).headers["etag"]
    headers, body = {**cast.as_("minh"), "If-Match": etag}, {"reason": "nhầm giấy"}
    stale = client.post(
        f"{proposed}/undo", json=body, headers={**headers, "If-Match": '"1.proposed.running"'}
    )
    assert (stale.status_code, stale.json()["current"]["standing"]) == (412, "confirmed")
    theirs = client.post(f"{proposed}/undo", json=body, headers={**headers, **cast.as_("lan")})
    assert theirs.status_code == 403
    undone = client.post(f"{proposed}/undo", json=body, headers=headers)
    assert (undone.status_code, undone.json()["standing"], undone.json()["settled"]) == (
        200,
        "proposed",
        None,
    )
    assert undone.headers["etag"] == undone.json()["etag"]


def test_what_is_refused_takes_its_re_rating_back(
    client: TestClient, cast: Cast, seeded: Database, proposed: str
) -> None:
    answer = say(client, cast, "minh", proposed, REFUSE)
    assert (answer.status_code, answer.json()["status"]) == (200, "refused")
    assert state_of(seeded, CODE) == "monitored"


@pytest.mark.parametrize(
    ("login", "body", "refused"),
    [
        ("lan", CONFIRM, (403, "not_permitted")),
        ("xem", CONFIRM, (403, "not_permitted")),
        ("ha", CONFIRM, (404, "not_found")),
        ("minh", {"standing": "confirmed"}, (422, "invalid_input")),
        ("minh", {"standing": "perhaps"}, (422, "invalid_input")),
        ("lan", {"standing": "confirmed"}, (403, "not_permitted")),  # the right before the paper
    ],
)
def test_others_are_refused_and_it_stays_proposed(
    client: TestClient,
    cast: Cast,
    seeded: Database,
    proposed: str,
    login: str,
    body: dict[str, str],
    refused: tuple[int, str],
) -> None:
    answer = say(client, cast, login, proposed, body)
    assert (answer.status_code, answer.json()["error"]) == refused
    assert rows(seeded, "SELECT standing FROM certificates") == [("proposed",)]


def test_it_is_settled_once_and_only_as_it_was_seen(client: TestClient, cast: Cast, proposed: str) -> None:
    number = proposed.rpartition("/")[2]
    unseen = client.post(f"{proposed}/confirmation", json=CONFIRM, headers=cast.as_("minh"))
    assert unseen.status_code == 428
    assert say(client, cast, "minh", proposed, CONFIRM).status_code == 200
    old = {"If-Match": f'"{number}.proposed.running"'}
    stale = say(client, cast, "minh", proposed, REFUSE, **old)
    assert (stale.status_code, stale.json()["current"]["standing"]) == (412, "confirmed")
    again = say(client, cast, "minh", proposed, REFUSE)
    assert (again.status_code, again.json()["error"]) == (409, "conflict")


def test_asked_again_with_its_key_it_gives_its_first_answer(
    client: TestClient, cast: Cast, seeded: Database, proposed: str
) -> None:
    given = {
        "Idempotency-Key": "minh-1",
        "If-Match": client.get(proposed, headers=cast.as_("lan")).headers["etag"],
    }
    first = say(client, cast, "minh", proposed, CONFIRM, **given)
    second = say(client, cast, "minh", proposed, CONFIRM, **given)
    assert (second.status_code, second.json()) == (200, first.json())
    assert rows(seeded, "SELECT count(*) FROM audit WHERE action = 'certificate.confirm'") == [(1,)]


def test_the_list_is_within_reach_and_by_what_is_asked(client: TestClient, cast: Cast, proposed: str) -> None:
    def found(login: str, query: str = "") -> list[str]:
        answer = client.get(f"{API}/certificates{query}", headers=cast.as_(login))
        return [item["product"] for item in answer.json()["items"]]

    assert (found("lan"), found("minh"), found("ha")) == ([CODE], [CODE], [])
    assert found("minh", "?standing=proposed&star=3&unit=pho-an&ends_within=404") == [CODE]
    assert found("minh", "?standing=confirmed") == []
    assert client.get(proposed, headers=cast.as_("ha")).status_code == 404


GRANTED = {
    "unit": "pho-an",
    "product": "Nước mắm Kỳ Tân",
    "producer": "Hộ kinh doanh Kỳ Tân",
    "certificate": {**NAMED, "number": "88/QĐ-UBND"},
    "signer": "Chủ tịch UBND huyện",
}


def test_one_granted_elsewhere_is_entered_with_its_product(client: TestClient, cast: Cast) -> None:
    entered = client.post(f"{API}/certificates", json=GRANTED, headers=cast.as_("minh"))
    assert entered.status_code == 201, entered.text
    shown = client.get(entered.headers["location"], headers=cast.as_("lan"))
    assert shown.json().items() >= entered.json().items()
    assert shown.headers["etag"] == entered.headers["etag"]
    assert [(paper["kind"], paper["number"]) for paper in shown.json()["papers"]] == [
        ("decision", "88/QĐ-UBND"),
        ("extract", None),
    ]
    assert [(deed["by"], deed["action"]) for deed in shown.json()["history"]] == [
        ("minh", "enter_register"),
        ("minh", "certificate.enter"),
    ]
    product = client.get(f"{API}/products/{shown.json()['product']}", headers=cast.as_("lan")).json()
    assert (product["name"], product["plan"], product["certificate"]["number"]) == (
        "Nước mắm Kỳ Tân",
        "",
        "88/QĐ-UBND",
    )
    again = client.post(f"{API}/certificates", json=GRANTED, headers=cast.as_("minh"))
    assert (again.status_code, again.json()["error"]) == (409, "conflict")


def test_what_is_wrong_with_one_granted_elsewhere_is_told_at_its_place(
    client: TestClient, cast: Cast
) -> None:
    wrong = {**GRANTED, "unit": "duc-pho", "certificate": {**NAMED, "star": 6, "decided_on": "1/6/2022"}}
    answer = client.post(f"{API}/certificates", json=wrong, headers=cast.as_("minh"))
    assert (answer.status_code, [item["place"] for item in answer.json()["faults"]]) == (
        422,
        ["body.certificate.star", "body.certificate.decided_on"],
    )
    nowhere = client.post(
        f"{API}/certificates", json={**GRANTED, "unit": "duc-pho"}, headers=cast.as_("minh")
    )
    assert [item["detail"] for item in nowhere.json()["faults"]] == ["không có xã, phường duc-pho"]
