"""Who makes a product, over HTTP: one that is there, a new one, and what is asked where the name is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.web.app import API
from tests.factories import SEED, rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.web.cast import Cast

THERE = "Trần Quốc Việt"


def enter(client: TestClient, headers: dict[str, str], **given: Any) -> Response:  # noqa: ANN401 - as JSON has it
    order = {"plan": SEED, "unit": "pho-an", "name": "Mắm nêm", **given}
    return client.post(f"{API}/products", json=order, headers=headers)


def test_a_name_that_is_there_is_asked_about(client: TestClient, cast: Cast, seeded: Database) -> None:
    lan = cast.as_("lan")
    asked = enter(client, lan, producer="tran quoc viet")
    assert (asked.status_code, asked.json()["error"]) == (409, "producer_likely")
    assert asked.json()["type"] == "urn:ocop:problem:producer-likely"
    assert asked.json()["detail"] == (
        f"Xã Phổ An đã có chủ thể “Trần Quốc Việt” (số {asked.json()['likely'][0]['id']}): nêu producer_id "
        "nếu là chủ thể ấy, hoặc new_producer: true nếu là chủ thể khác."
    )
    (likely,) = asked.json()["likely"]
    assert likely == {
        "id": likely["id"],
        "name": THERE,
        "representative": THERE,
        "registration": None,
        "unit": "Xã Phổ An",
    }
    before = rows(seeded, "SELECT COUNT(*) FROM producers")
    same = enter(client, lan, producer_id=likely["id"])
    assert same.status_code == 201
    assert (same.json()["producer_id"], same.json()["producer"]) == (likely["id"], THERE)
    assert rows(seeded, "SELECT COUNT(*) FROM producers") == before
    other = enter(client, lan, producer=THERE, representative="Bà Tư", new_producer=True)
    assert other.json()["producer_id"] != likely["id"]
    assert (other.json()["producer"], other.json()["representative"]) == (THERE, "Bà Tư")
    both = enter(client, lan, producer=THERE).json()["likely"]
    assert [found["representative"] for found in both] == [THERE, "Bà Tư"]
    told = client.get(f"{API}/audit?action=product.create", headers=cast.as_("chu")).json()["items"]
    assert {entry["after"]["producer_id"] for entry in told} == {
        answer.json()["producer_id"] for answer in (same, other)
    }


def test_a_registration_number_that_is_there_is_that_producer_whatever_the_name(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    lan = cast.as_("lan")
    first = enter(client, lan, producer="HTX A", registration="MST 4300-123.456")
    assert first.status_code == 201
    same = enter(client, lan, name="Mắm cái", producer="Hợp tác xã A", registration="4300123456")
    assert same.json()["producer_id"] == first.json()["producer_id"]
    other = enter(client, lan, name="Mắm ruốc", producer="HTX A", registration="4300999999")
    assert (other.status_code, other.json()["producer_id"] != first.json()["producer_id"]) == (201, True)
    alone = enter(client, lan, name="Hành", registration="43.0012.3456")
    assert alone.json()["producer_id"] == first.json()["producer_id"]
    nobody = enter(client, lan, name="Gừng", registration="4300000001")
    assert [one["place"] for one in nobody.json()["faults"]] == ["producer"]
    told = enter(client, lan, name="Tỏi", producer="HTX A").json()["likely"]
    assert [one["registration"] for one in told] == ["4300123456", "4300999999"]
    assert rows(seeded, "SELECT count(*) FROM producers WHERE name = 'Hợp tác xã A'") == [(0,)]


def test_a_producer_out_of_reach_is_as_if_not_there(client: TestClient, cast: Cast, seeded: Database) -> None:
    ((far,),) = rows(seeded, "SELECT id FROM producers WHERE name = 'Phạm Miền'")
    refused = enter(client, cast.as_("lan"), producer_id=far)
    nobody = enter(client, cast.as_("lan"), producer_id=2**31 - 1)
    assert [answer.status_code for answer in (refused, nobody)] == [422, 422]
    assert refused.json()["faults"] == [
        {"place": "producer_id", "detail": f"không có chủ thể số {far}"},
    ]
    assert enter(client, cast.as_("minh"), producer_id=far).status_code == 201  # the town reaches it


def test_one_who_is_there_or_a_name_not_both(client: TestClient, cast: Cast) -> None:
    refused = enter(client, cast.as_("lan"), producer_id=1, producer=THERE)
    assert refused.status_code == 422
    assert "không cả hai" in refused.text


def test_correcting_a_product_asks_likewise(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    place = enter(client, lan, producer="Bà Tư").headers["Location"]
    mistyped = client.get(place, headers=lan).json()

    def correct(tag: str, **change: Any) -> Response:  # noqa: ANN401 - as JSON has it
        return client.patch(place, json=change, headers={**lan, "If-Match": tag})

    asked = correct('"0"', producer=THERE)
    assert (asked.status_code, asked.json()["error"]) == (409, "producer_likely")
    own = correct('"0"', producer="ba tu")  # its own, under another spelling: nothing to ask
    assert own.json()["producer_id"] == mistyped["producer_id"]
    meant = correct(own.headers["ETag"], producer_id=asked.json()["likely"][0]["id"])
    assert meant.json()["producer"] == THERE


def test_a_certificate_that_is_entered_asks_likewise(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    granted = {"star": 3, "number": "88/QĐ", "decided_on": "2021-11-20", "valid_until": "2024-11-20"}
    order = {"unit": "pho-an", "product": "Mắm nêm", "certificate": granted, "signer": "Chủ tịch UBND huyện"}
    minh = cast.as_("minh")

    def enter_certificate(**said: Any) -> Response:  # noqa: ANN401 - as JSON has it
        return client.post(f"{API}/certificates", json={**order, **said}, headers=minh)

    asked = enter_certificate(producer=THERE)
    assert (asked.status_code, asked.json()["error"]) == (409, "producer_likely")
    (likely,) = asked.json()["likely"]
    made = enter_certificate(producer=THERE, producer_id=likely["id"], registration="4300-123-456")
    assert made.status_code == 201
    maker = "SELECT producer_id FROM products WHERE code = :code"
    assert rows(seeded, maker, code=made.json()["product"]) == [(likely["id"],)]
    alone = enter_certificate(product="Mắm cái", producer="Cơ sở Việt", registration="4300123456")
    assert rows(seeded, maker, code=alone.json()["product"]) == [(likely["id"],)]
