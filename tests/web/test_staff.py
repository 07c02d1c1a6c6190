"""Officers, tokens, addresses and held letters over HTTP: what one manages, and nothing beyond."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role, Scope
from ocop_workflow.people.officers import add_officer, grant_role
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from tests.factories import SENDER, rows
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from tests.web.cast import Cast


def audited(cast: Cast) -> list[tuple[str, str, str, str | None]]:
    found = rows(cast.database, "SELECT actor, action, subject, acting_for FROM audit ORDER BY seq")
    return [(actor, action, subject, unit) for actor, action, subject, unit in found]


def officer(client: TestClient, cast: Cast, login: str, by: str = "quan") -> Response:
    return client.get(f"{API}/officers/{login}", headers=cast.as_(by))


# -- officers ----------------------------------------------------------------------------------------------


def test_an_administrator_sees_the_officers_of_the_unit_and_no_others(client: TestClient, cast: Cast) -> None:
    def logins(by: str, path: str = f"{API}/officers") -> list[str]:
        return [row["login"] for row in client.get(path, headers=cast.as_(by)).json()["items"]]

    assert logins("quan") == ["ha", "lan", "minh", "quan", "tam", "thu", "xem"]
    assert logins("chu") == ["chu", "ha", "lan", "minh", "quan", "tam", "thu", "tinh", "xem"]
    first = client.get(f"{API}/officers?limit=4", headers=cast.as_("quan"))
    assert [row["login"] for row in first.json()["items"]] == ["ha", "lan", "minh", "quan"]
    assert logins("quan", first.links["next"]["url"]) == ["tam", "thu", "xem"]


def test_a_role_elsewhere_is_not_told_and_an_officer_elsewhere_does_not_exist(
    client: TestClient, cast: Cast
) -> None:
    with cast.database.write() as tx:
        grant_role(tx, HOST, "lan", Role.VIEWER, "quang-ngai", now=cast.clock.now())
    assert [held["unit"] for held in officer(client, cast, "lan").json()["roles"]] == ["pho-an"]
    assert [held["unit"] for held in officer(client, cast, "lan", "chu").json()["roles"]] == [
        "pho-an",
        "quang-ngai",
    ]
    beyond, none = officer(client, cast, "tinh").json(), officer(client, cast, "nobody").json()
    assert beyond["status"] == none["status"] == 404
    assert beyond["detail"].replace("tinh", "…") == none["detail"].replace("nobody", "…")


def test_an_officer_is_added_given_a_role_loses_it_and_is_disabled(client: TestClient, cast: Cast) -> None:
    new = {"login": "hoa", "name": "Cán bộ Phổ An", "role": "commune_officer", "unit": "pho-an"}
    added = client.post(f"{API}/officers", json=new, headers=cast.as_("quan"))
    assert added.status_code == 201
    assert added.headers["Location"] == f"{API}/officers/hoa"
    assert added.json() == {
        "login": "hoa",
        "name": "Cán bộ Phổ An",
        "disabled": False,
        "created_at": "2024-04-22T23:00:00Z",
        "roles": [
            {
                "role": "commune_officer",
                "role_label": Role.COMMUNE_OFFICER.label,
                "unit": "pho-an",
                "level": "commune",
                "remark": None,
            }
        ],
        "etag": added.headers["ETag"],
    }
    wrong = {"role": "authority_officer", "unit": "pho-an"}
    given = client.post(
        f"{API}/officers/hoa/roles",
        json=wrong,
        headers=cast.as_("quan", If_Match=added.headers["ETag"], Accept_Language="en"),
    )
    assert given.status_code == 200
    assert given.json()["roles"][1]["remark"].startswith(
        "authority_officer is the role of a plan's authority"
    )
    late = client.post(
        f"{API}/officers/hoa/roles/revocation",
        json=wrong,
        headers=cast.as_("quan", If_Match=added.headers["ETag"]),
    )
    assert (late.status_code, late.json()["current"]["etag"]) == (412, given.headers["ETag"])
    taken = client.post(
        f"{API}/officers/hoa/roles/revocation",
        json=wrong,
        headers=cast.as_("quan", If_Match=given.headers["ETag"]),
    )
    assert taken.headers["ETag"] == added.headers["ETag"]
    gone = client.post(
        f"{API}/officers/hoa/disable", headers=cast.as_("quan", If_Match=taken.headers["ETag"])
    )
    assert gone.json()["disabled"] is True
    assert audited(cast)[-4:] == [
        ("quan", "officer.add", "officer:hoa", "duc-pho"),
        ("quan", "officer.grant", "officer:hoa", "duc-pho"),
        ("quan", "officer.revoke", "officer:hoa", "duc-pho"),
        ("quan", "officer.disable", "officer:hoa", "duc-pho"),
    ]


def test_whoever_loses_the_last_role_is_shown_without_any_and_is_gone(client: TestClient, cast: Cast) -> None:
    tag = officer(client, cast, "lan").headers["ETag"]
    body = {"role": "commune_officer", "unit": "pho-an"}
    path = f"{API}/officers/lan/roles/revocation"
    assert client.post(path, json=body, headers=cast.as_("quan", If_Match=tag)).json()["roles"] == []
    assert officer(client, cast, "lan").status_code == 404


def test_an_officer_with_a_role_beyond_is_not_disabled_from_here(client: TestClient, cast: Cast) -> None:
    with cast.database.write() as tx:
        grant_role(tx, HOST, "lan", Role.VIEWER, "quang-ngai", now=cast.clock.now())
    tag = officer(client, cast, "lan").headers["ETag"]
    refused = client.post(f"{API}/officers/lan/disable", headers=cast.as_("quan", If_Match=tag))
    assert refused.status_code == 403


def test_a_password_is_set_by_its_owner_and_by_an_administrator_and_kept_nowhere_else(
    client: TestClient, cast: Cast
) -> None:
    path, given = f"{API}/officers/lan/password", {"password": "thuyền gỗ năm bến chiều"}
    for by in ("lan", "quan"):
        done = client.post(path, json=given, headers=cast.as_(by))
        assert done.json() == {"login": "lan", "password_set": True}
    assert [entry[:3] for entry in audited(cast)[-2:]] == [
        ("lan", "officer.password", "officer:lan"),
        ("quan", "officer.password", "officer:lan"),
    ]
    keyed = client.post(path, json=given, headers=cast.as_("lan", Idempotency_Key="k"))
    assert (keyed.status_code, keyed.json()["faults"][0]["place"]) == (422, "Idempotency-Key")
    assert rows(cast.database, "SELECT COUNT(*) FROM replies") == [(0,)]
    weak = client.post(path, json={"password": "12345678"}, headers=cast.as_("lan"))
    assert (weak.status_code, weak.json()["faults"][0]["place"]) == (422, "password")
    assert "12345678" not in weak.text


# -- tokens, and who one is --------------------------------------------------------------------------------


def test_me_says_who_asks_what_one_may_and_until_when(client: TestClient, cast: Cast) -> None:
    reader = cast.token("lan", Scope.READ)
    found = client.get(f"{API}/me", headers={"Authorization": f"Bearer {reader}", "Accept-Language": "en"})
    assert found.json() == {
        "login": "lan",
        "name": "Lan",
        "roles": [
            {
                "role": "commune_officer",
                "role_label": Role.COMMUNE_OFFICER.text.en,
                "unit": "pho-an",
                "level": "commune",
                "remark": None,
            }
        ],
        "permissions": ["read", "read_homes"],
        "token": {
            "prefix": reader[:12],
            "officer": "lan",
            "scope": "read",
            "scope_label": Scope.READ.text.en,
            "label": "",
            "unit": None,
            "created_at": "2024-04-22T23:00:00Z",
            "expires_at": "2025-02-16T23:00:00Z",
            "revoked_at": None,
            "last_used_at": None,
            "status": "active",
        },
    }
    assert client.get(f"{API}/me", headers=cast.as_("lan")).json()["permissions"] == [
        "read",
        "edit_products",
        "read_homes",
    ]


def test_a_token_is_made_shown_once_used_and_revoked(client: TestClient, cast: Cast) -> None:
    made = client.post(f"{API}/tokens", json={"days": 7, "label": "máy bàn"}, headers=cast.as_("lan"))
    assert made.status_code == 201
    told = made.json()
    bearer = {"Authorization": f"Bearer {told['token']}"}
    assert client.get(f"{API}/me", headers=bearer).json()["token"]["expires_at"] == "2024-04-29T23:00:00Z"
    listed = client.get(f"{API}/tokens", headers=cast.as_("lan"))
    assert told["token"] not in listed.text
    assert [row["prefix"] for row in listed.json()["items"]] == [told["prefix"], cast.tokens["lan"][:12]]
    path = f"{API}/tokens/{told['prefix']}/revocation"
    assert client.post(path, headers=cast.as_("lan")).json()["status"] == "revoked"
    assert client.get(f"{API}/me", headers=bearer).status_code == 401
    assert [entry[1:3] for entry in audited(cast)[-3:-1]] == [
        ("token.create", f"token:{told['prefix']}"),
        ("token.revoke", f"token:{told['prefix']}"),
    ]


def test_a_token_is_told_to_be_over_when_it_is(client: TestClient, cast: Cast) -> None:
    client.post(f"{API}/tokens", json={"days": 1}, headers=cast.as_("lan"))
    cast.clock.wait(timedelta(days=2))
    statuses = [row["status"] for row in client.get(f"{API}/tokens", headers=cast.as_("lan")).json()["items"]]
    assert statuses == ["expired", "active"]


def test_a_feed_comes_with_the_address_to_subscribe_to(client: TestClient, cast: Cast) -> None:
    order = {"scope": "feed", "unit": "pho-an", "days": 366}
    told = client.post(f"{API}/tokens", json=order, headers=cast.as_("lan")).json()
    assert told["address"] == f"http://127.0.0.1:8000/api/v1/calendar.ics?token={told['token']}"
    assert told["unit"] == "pho-an"
    assert client.get(told["address"]).text.startswith("BEGIN:VCALENDAR")


def test_no_token_is_wider_than_the_one_that_makes_it_and_no_answer_is_kept(
    client: TestClient, cast: Cast
) -> None:
    actor = {"Authorization": f"Bearer {cast.token('quan', Scope.ACT)}"}
    assert client.post(f"{API}/tokens", json={"scope": "administer"}, headers=actor).status_code == 403
    keyed = client.post(f"{API}/tokens", json={}, headers=cast.as_("lan", Idempotency_Key="k"))
    assert keyed.status_code == 422
    assert rows(cast.database, "SELECT COUNT(*) FROM replies") == [(0,)]


def test_an_administrator_makes_sees_and_revokes_tokens_of_the_units_officers_only(
    client: TestClient, cast: Cast
) -> None:
    made = client.post(f"{API}/tokens", json={"officer": "lan"}, headers=cast.as_("quan"))
    assert (made.status_code, made.json()["officer"]) == (201, "lan")
    mine = client.get(f"{API}/tokens?officer=lan", headers=cast.as_("quan")).json()["items"]
    assert [row["prefix"] for row in mine] == [made.json()["prefix"], cast.tokens["lan"][:12]]
    other, none = cast.tokens["tinh"][:12], "ocop_0000000"
    for login in ("tinh", "nobody"):
        assert client.get(f"{API}/tokens?officer={login}", headers=cast.as_("quan")).status_code == 404
        asked = client.post(f"{API}/tokens", json={"officer": login}, headers=cast.as_("quan"))
        assert asked.status_code == 404
    refused = [
        client.post(f"{API}/tokens/{prefix}/revocation", headers=cast.as_("quan")) for prefix in (other, none)
    ]
    assert [found.status_code for found in refused] == [404, 404]
    assert refused[0].json()["detail"].replace(other, none) == refused[1].json()["detail"]
    assert client.get(f"{API}/tokens?officer=lan", headers=cast.as_("ha")).status_code == 404


def test_whose_role_reaches_beyond_has_tokens_that_are_nobodys_business_here(
    client: TestClient, cast: Cast
) -> None:
    with cast.database.write() as tx:
        add_officer(tx, HOST, "vu", "Vũ", Role.VIEWER, "duc-pho", now=cast.clock.now())
        grant_role(tx, HOST, "vu", Role.ADMINISTRATOR, "quang-ngai", now=cast.clock.now())
    assert client.get(f"{API}/tokens?officer=vu", headers=cast.as_("quan")).status_code == 403
    assert client.post(f"{API}/tokens", json={"officer": "vu"}, headers=cast.as_("quan")).status_code == 403


# -- addresses ---------------------------------------------------------------------------------------------


def test_an_address_is_added_from_a_day_and_ended_on_another(client: TestClient, cast: Cast) -> None:
    path, quan = f"{API}/units/pho-an/contacts", cast.as_("quan")
    (old,) = client.get(path, headers=cast.as_("lan")).json()["items"]
    new = {"address": "phong-hop@duc-pho.example", "from": "2024-05-01"}
    added = client.post(path, json=new, headers=quan)
    assert added.status_code == 201
    assert added.json() == {
        "id": added.json()["id"],
        "unit": "pho-an",
        "address": "phong-hop@duc-pho.example",
        "valid_from": "2024-05-01",
        "valid_to": None,
    }
    ended = client.post(f"{path}/{old['id']}/end", json={"on": "2024-06-01"}, headers=quan)
    assert ended.json() == {**old, "valid_to": "2024-06-01"}
    assert client.get(path, headers=quan).json()["items"] == [ended.json(), added.json()]
    assert [entry[1:] for entry in audited(cast)[-2:]] == [
        ("unit.contact_add", "unit:pho-an", "duc-pho"),
        ("unit.contact_end", "unit:pho-an", "duc-pho"),
    ]
    twice = client.post(path, json=new, headers=quan)
    past = client.post(f"{path}/{added.json()['id']}/end", json={"on": "2024-04-01"}, headers=quan)
    none = client.post(f"{path}/99999/end", json={}, headers=quan)
    assert (twice.status_code, past.status_code, none.status_code) == (409, 422, 404)


# -- letters that wait -------------------------------------------------------------------------------------


def test_a_letter_is_held_back_and_let_go(client: TestClient, cast: Cast) -> None:
    cast.clock.move_to(date(2024, 4, 23))
    sweep(cast.database, cast.clock, SENDER)
    (letter, *_) = client.get(f"{API}/letters", headers=cast.as_("minh")).json()["items"]
    path = f"{API}/letters/{letter['id']}"

    def ask(verb: str) -> tuple[int, Any]:
        found = client.post(f"{path}/{verb}", headers=cast.as_("minh"))
        return found.status_code, found.json()

    assert ask("hold") == (200, {**letter, "state": "held"})
    assert ask("hold")[0] == 409
    assert ask("release") == (200, letter)
    assert ask("release")[0] == 409


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_advised_for_officers_and_tokens_is_a_route(client: TestClient, cast: Cast) -> None:
    gone = officer(client, cast, "nobody").json()["detail"]
    assert gone == "Không có cán bộ nào tên nobody; xem bằng `GET /api/v1/officers`."
