"""`/certificate-lists`: a program brings a list of certificates, answers it and lets it count."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from ocop_workflow.web.app import API
from tests.factories import rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

LISTS = f"{API}/certificate-lists"
LIST = (
    "TT,Tên sản phẩm,Chủ thể,Địa chỉ,Nhóm,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan\n"
    '1,Mắm cái,HTX A,"Thôn 1, xã Phổ Anh",Thực phẩm,3 sao,01/QĐ,05/8/2023,05/8/2026,UBND huyện\n'
)
KEY = "xã xa pho anh: pho-an"


def bring(client: TestClient, cast: Cast, login: str = "minh", text: str = LIST, **asked: str) -> Response:
    query = {"name": "sổ.csv", "evidence": "A", **asked}
    return client.post(LISTS, params=query, content=text.encode(), headers=cast.as_(login))


def look(client: TestClient, cast: Cast, address: str) -> dict[str, Any]:
    answer = client.get(address, headers=cast.as_("minh"))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_list_is_staged_looked_at_answered_and_published(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    staged = bring(client, cast)
    address = staged.headers["location"]
    assert (staged.status_code, staged.json()["file"], staged.json()["report"]) == (201, "sổ.csv", None)
    report = look(client, cast, address)["report"]
    assert (report["questions"], report["verdicts"][0]["key"]) == (1, KEY)
    early = client.post(f"{address}/publication", headers=cast.as_("minh"))
    assert (early.status_code, early.json()["error"]) == (409, "conflict")
    given = {"answers": {KEY: "đúng"}}
    told = client.post(f"{address}/answers", json=given, headers=cast.as_("minh"))
    assert (told.status_code, told.json()["answers"]) == (200, {KEY: "đúng"})
    assert look(client, cast, address)["report"]["new"] == 1
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]
    done = client.post(f"{address}/publication", headers=cast.as_("minh"))
    assert (done.status_code, done.json()["published"], done.json()["new"]) == (200, True, 1)
    assert client.get(address, headers=cast.as_("minh")).status_code == 404
    (held,) = client.get(f"{API}/certificate-answers", headers=cast.as_("minh")).json()["items"]
    assert (held["answer"], held["by"]) == ("đúng", "minh")
    gone = client.post(f"{API}/certificate-answers/{held['id']}/revocation", headers=cast.as_("minh"))
    assert (gone.status_code, gone.json()) == (200, {"items": []})


def test_the_workbook_comes_back_with_its_verdicts(client: TestClient, cast: Cast, seeded: Database) -> None:
    assert seeded
    address = bring(client, cast).headers["location"]
    back = client.get(f"{address}/workbook", headers=cast.as_("minh"))
    sheet = load_workbook(io.BytesIO(back.content)).active
    assert sheet is not None
    assert sheet.cell(2, sheet.max_column - 3).value == "cần hỏi"


def test_a_list_is_its_bringers_alone_for_a_day(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    address = bring(client, cast).headers["location"]
    assert client.get(address, headers=cast.as_("lan")).status_code == 404
    assert [one["id"] for one in client.get(LISTS, headers=cast.as_("minh")).json()["items"]] == [1]
    assert client.get(LISTS, headers=cast.as_("lan")).json()["items"] == []
    clock.wait(timedelta(days=1, minutes=1))
    fresh = bring(client, cast).headers["location"]
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(1,)]
    dropped = client.delete(fresh, headers=cast.as_("minh"))
    assert (dropped.status_code, dropped.json()["file"]) == (200, "sổ.csv")
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(0,)]


def test_whoever_may_bring_none_is_turned_away_before_anything_is_read(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    refused = bring(client, cast, "xem", "\0" * 100)
    assert (refused.status_code, refused.json()["error"]) == (403, "not_permitted")
    assert client.get(LISTS, headers=cast.as_("xem")).status_code == 403
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(0,)]


def test_what_is_no_list_or_too_large_is_refused(client: TestClient, cast: Cast, seeded: Database) -> None:
    assert seeded
    assert bring(client, cast, name="sổ.pdf").status_code == 422
    assert bring(client, cast, text="").status_code == 422
    unread = bring(client, cast, text="a,b\n1,2\n").headers["location"]
    assert client.get(unread, headers=cast.as_("minh")).status_code == 422
    assert bring(client, cast, text="x" * (8 * 1024 * 1024 + 1)).status_code == 413
    many = {"answers": {str(number): "đúng" for number in range(2001)}}
    assert client.post(f"{unread}/answers", json=many, headers=cast.as_("minh")).status_code == 422


def test_of_a_list_its_group_and_words_find_a_certificate_without_a_product(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    ended = LIST.replace("05/8/2026", "05/8/2023").replace("05/8/2023,05/8/2023", "05/8/2020,05/8/2023")
    text = ended.replace("Anh", "An")
    address = bring(client, cast, text=text).headers["location"]
    done = client.post(f"{address}/publication", headers=cast.as_("minh"))
    assert done.json()["published"] is True, done.text
    assert rows(seeded, "SELECT product_id, product_group FROM certificates") == [(None, "food")]
    for query, found in (
        ("group=food", 1),
        ("group=drinks", 0),
        ("q=mam cai", 1),
        ("q=htx a", 1),
        ("q=cua", 0),
    ):
        items = client.get(f"{API}/certificates?{query}", headers=cast.as_("minh")).json()["items"]
        assert len(items) == found, query


def test_a_slip_is_corrected_by_who_has_seen_it(client: TestClient, cast: Cast, seeded: Database) -> None:
    assert seeded
    address = bring(client, cast, text=LIST.replace("Anh", "An")).headers["location"]
    client.post(f"{address}/publication", headers=cast.as_("minh"))
    certificate = f"{API}/certificates/1"
    body = {"number": "1/QĐ-UBND", "reason": "gõ thiếu"}
    seen = client.get(certificate, headers=cast.as_("minh")).headers["etag"]
    without = client.post(f"{certificate}/corrections", json=body, headers=cast.as_("minh"))
    assert without.status_code == 428
    headers = {**cast.as_("minh"), "If-Match": seen}
    page = client.get(certificate, headers=cast.as_("minh")).json()["page"]
    before = client.get(page).headers["etag"]
    done = client.post(f"{certificate}/corrections", json=body, headers=headers)
    assert (done.status_code, done.json()["decision"]) == (200, "1/QĐ-UBND")
    assert client.get(page, headers={"If-None-Match": before}).status_code == 200
    stale = client.post(f"{certificate}/corrections", json=body, headers=headers)
    assert (stale.status_code, stale.json()["current"]["decision"]) == (412, "1/QĐ-UBND")
    fresh = {**headers, "If-Match": done.headers["etag"]}
    wrong = client.post(
        f"{certificate}/corrections", json={"decided_on": "2030-01-01", "reason": "x"}, headers=fresh
    )
    assert (wrong.status_code, wrong.json()["faults"][0]["place"]) == (422, "decided_on")
    lan = client.post(
        f"{certificate}/corrections", json=body, headers={**cast.as_("lan"), "If-Match": done.headers["etag"]}
    )
    assert lan.status_code == 403
