"""`/c/{token}`: everybody may ask whether a star holds; nobody learns more, or of what was never shown."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.certificates import register_queries
from ocop_workflow.certificates.queries import certificate_by_id
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.web.console.frame.call import POLICY
from ocop_workflow.web.guard.limits import RateLimits
from tests.factories import MINH, SEED, SENDER, act, rows, write
from tests.products.test_entering import ENDED, OLD, RUNNING
from tests.stories.journeys import CERTIFICATE, revoke, step, walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

CODE = "DP24-002"


@pytest.fixture
def anybody(visitor: Callable[[str], Visitor]) -> TestClient:
    return visitor("").client


def enter(database: Database, clock: FixedClock, **more: object) -> str:
    """Enter a certificate; returns the path of its page."""
    with database.write() as tx:
        given = {**RUNNING, **more}
        page = enter_certificate(tx, Entering(MINH, given, clock.today(), clock.now())).page
    assert page is not None
    return page


def page_of(database: Database, number: int = 1) -> str:
    with database.read() as tx:
        record = certificate_by_id(tx, number)
    assert record is not None
    return f"/c/{record.token}"


def told(client: TestClient, page: str) -> dict[str, Any]:
    answer = client.get(f"{page}.json")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_one_that_holds(anybody: TestClient, seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, CODE, "certify")
    ((producer,),) = rows(
        seeded,
        "SELECT r.name FROM producers r JOIN products p ON p.producer_id = r.id WHERE p.code = :code",
        code=CODE,
    )
    assert told(anybody, page_of(seeded)) == {
        "status": "valid",
        "star": 3,
        "product": "Khô Bò",
        "producer": producer,
        "commune": "Xã Phổ An",
        "province": "Tỉnh Quảng Ngãi",
        "decision": {"number": "1234/QĐ-UBND", "date": "2024-11-25", "issuer": "UBND thị xã Đức Phổ"},
        "issued_on": "2024-11-25",
        "valid_until": "2027-11-25",
        "grace_until": None,
        "ended_on": None,
        "ended_why": None,
        "replaced_by": None,
        "as_of": "2024-11-26",
    }


def test_one_that_is_rated_again_still_holds(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    step(seeded, clock, CODE, "open_re_rating", date(2024, 11, 27), plan=SEED)
    assert told(anybody, page_of(seeded))["status"] == "in_re_rating"
    assert "Còn hiệu lực, đang đánh giá lại" in anybody.get(page_of(seeded)).text


def test_one_whose_last_day_is_over(anybody: TestClient, seeded: Database, clock: FixedClock) -> None:
    page = enter(seeded, clock)
    clock.move_to(date(2024, 11, 20))
    assert told(anybody, page)["status"] == "valid"
    clock.move_to(date(2024, 11, 21))  # nobody has recorded anything
    now = told(anybody, page)
    assert (now["status"], now["ended_on"], now["ended_why"]) == ("expired", "2024-11-21", "hết hạn")
    assert "Có giá trị đến hết ngày 20/11/2024; từ ngày 21/11/2024" in anybody.get(page).text


def test_one_that_is_revoked_shows_it_at_the_next_look(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    page = page_of(seeded)
    before = anybody.get(page)
    revoke(seeded, clock, CODE, clock.today())
    after = anybody.get(page, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Đã bị thu hồi" in after.text
    now = told(anybody, page)
    assert (now["status"], now["ended_on"], now["ended_why"]) == (
        "revoked",
        "2024-11-26",
        "bị thu hồi ngày 26/11/2024, bởi UBND thị xã Đức Phổ",
    )
    assert "ngừng sản xuất" not in after.text


def test_one_that_is_replaced_leads_to_the_next(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    step(seeded, clock, CODE, "open_re_rating", date(2024, 11, 27), plan=SEED)
    step(seeded, clock, CODE, "commune_evaluate", date(2024, 11, 28))
    step(seeded, clock, CODE, "score_district", date(2024, 11, 29), session_date="2024-11-29")
    decided = {"decision_date": "2024-11-30", "published_on": "2024-11-30"}
    step(seeded, clock, CODE, "certify", date(2024, 11, 30), **decided)
    now = told(anybody, page_of(seeded))
    assert (now["status"], now["replaced_by"]) == ("replaced", page_of(seeded, 2))
    assert told(anybody, now["replaced_by"])["status"] == "valid"
    assert f'href="{now["replaced_by"]}"' in anybody.get(page_of(seeded)).text


def test_one_that_was_given_by_mistake_is_never_not_found(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    clock.wait(timedelta(days=3))
    with seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    now = told(anybody, page_of(seeded))
    assert (now["status"], now["ended_on"]) == ("undone", "2024-11-29")
    assert now["ended_why"] == "cấp nhầm, đã huỷ ngày 29/11/2024"
    assert "Cấp nhầm, đã huỷ ngày 29/11/2024" in anybody.get(page_of(seeded)).text


def test_one_whose_level_takes_its_word_back_keeps_its_page_too(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    write(seeded, "UPDATE products SET state = 'monitored' WHERE code = :code", code=CODE)
    named = {"kind": "renewal", "plan": SEED, "certificate": CERTIFICATE}
    act(seeded, clock, CODE, "open_re_rating", named)
    write(
        seeded,
        "UPDATE certificates SET settled_paper = :paper",
        paper=json.dumps({"paper_number": "77/QĐ-UBND", "paper_date": "2022-06-01"}),
    )
    assert told(anybody, page_of(seeded))["status"] == "in_re_rating"
    with seeded.write() as tx:
        order = Reopening(1, MINH, "nhầm giấy")
        unsettle(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert told(anybody, page_of(seeded))["status"] == "undone"


def test_what_was_never_shown_is_not_there_by_bytes_heads_and_work(
    anybody: TestClient, seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(seeded, clock)
    write(seeded, "UPDATE certificates SET standing = 'proposed', evidence = 'C', shown_since = NULL")
    hidden = page_of(seeded)
    looked_for: list[str] = []
    real = register_queries.certificate_by_token

    def look(tx: Connection, token: str) -> CertificateRecord | None:
        looked_for.append(token)
        return real(tx, token)

    monkeypatch.setattr(register_queries, "certificate_by_token", look)
    for ending in ("", ".json", "?lang=en", ".json?lang=en"):
        seen = []
        for page in (hidden, "/c/AAAAAAAAAAAAAAAAAAAAAA"):
            answer = anybody.get(f"{page}{ending}")
            heads = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
            seen.append((answer.status_code, answer.content, heads))
        assert seen[0] == seen[1], ending
        assert seen[0][0] == 404
    assert len(looked_for) == 8  # by one statement, whatever there is
    for page in ("/c/x%00", "/c/%E1%BA%A1", f"/c/{'A' * 4000}"):
        assert anybody.get(page, follow_redirects=False).status_code == 404, page


def test_only_what_counts_is_shown(anybody: TestClient, seeded: Database, clock: FixedClock) -> None:
    news = enter(seeded, clock, evidence="B1")
    assert told(anybody, news)["status"] == "valid"
    ended = enter(seeded, clock, **{**ENDED, "certificate": {**OLD, "number": "7/QĐ"}})
    assert told(anybody, ended)["ended_why"] == "bị thu hồi"
    ((count,),) = rows(seeded, "SELECT COUNT(*) FROM certificates WHERE shown_since IS NULL")
    assert count == 0


def test_anybody_on_the_way_may_keep_it_and_asks_each_time(
    anybody: TestClient, seeded: Database, clock: FixedClock, visitor: Callable[[str], Visitor]
) -> None:
    page = enter(seeded, clock)
    for ending in ("", ".json"):
        first = anybody.get(page + ending)
        assert first.headers["cache-control"] == "public, no-cache"
        assert "set-cookie" not in first.headers
        again = anybody.get(page + ending, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "public, no-cache"
        strong = first.headers["etag"].removeprefix("W/")
        assert anybody.get(page + ending, headers={"If-None-Match": f'"x", {strong}'}).status_code == 304
        assert anybody.get(page + ending, headers={"If-None-Match": '"x"'}).status_code == 200
        signed_in = visitor("lan").client
        signed_in.cookies.set("ocop-language", "en")
        assert signed_in.get(page + ending).content == first.content  # nothing of whoever asks is in it
    clock.wait(timedelta(days=1))
    day_after = anybody.get(f"{page}.json", headers={"If-None-Match": first.headers["etag"]})
    assert (day_after.status_code, day_after.json()["as_of"]) == (200, "2024-04-24")


def test_the_page_is_plain_and_says_what_a_star_is_and_whom_to_ask(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    answer = anybody.get(enter(seeded, clock, issuer="UBND huyện Đức Phổ"))
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    for word in ("<script", " style=", "javascript:", "http://", "<form", "cookie"):
        assert word not in answer.text
    for words in ("Còn hiệu lực", "20/11/2024", "Sao OCOP là gì", "UBND xã Phổ An; UBND huyện Đức Phổ"):
        assert words in answer.text
    assert len(answer.content) < 6000


def test_english_is_asked_for_in_the_address(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    page = enter(seeded, clock)
    assert f'href="{page}?lang=en"' in anybody.get(page).text
    english = anybody.get(f"{page}?lang=en")
    assert "What an OCOP star is" in english.text
    assert english.headers["content-language"] == "en"
    assert f'href="{page}"' in english.text
    clock.move_to(date(2025, 1, 1))
    assert anybody.get(f"{page}.json?lang=en").json()["ended_why"] == "lapsed"


PLANTED = {
    "telephone": "0905 123 456",
    "mail": "chu.ho@ho-ky-tan.example",
    "house": "Số 12, hẻm 7, thôn An Thổ",
    "ethnicity": "Hrê",
}


def test_nothing_by_which_a_person_could_be_found_is_in_any_public_byte(
    anybody: TestClient, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    shown = enter(
        seeded,
        clock,
        producer=f"Hộ kinh doanh Kỳ Tân, ĐT {PLANTED['telephone']}, {PLANTED['mail']}",
        representative="Chủ hộ Kỳ Tân",
        source=f"Phiếu của {PLANTED['house']}",
    )
    write(seeded, "UPDATE contacts SET address = :house WHERE address IS NOT NULL", house=PLANTED["house"])
    write(seeded, "UPDATE producers SET representative = :who", who=f"{PLANTED['ethnicity']} Chủ hộ")
    pages = [shown, page_of(seeded)]
    seen = b""
    for page in pages:
        for ending in ("", ".json", "?lang=en", ".json?lang=en"):
            answer = anybody.get(page + ending)
            seen += answer.content + repr(dict(answer.headers)).encode()
    for what, words in {**PLANTED, "who": "Chủ hộ Kỳ Tân", "digits": "905123456"}.items():
        assert words.encode() not in seen, what
        assert words.encode() not in seen.replace(b" ", b""), what
    assert "Hộ kinh doanh Kỳ Tân".encode() in seen


def test_one_page_is_not_asked_without_end(anybody: TestClient, seeded: Database, clock: FixedClock) -> None:
    page = enter(seeded, clock)
    anybody.app.state.limits = RateLimits(3, 0, tick=lambda: 0.0)  # type: ignore[attr-defined]  # it is ours
    assert [anybody.get(f"{page}.json").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert anybody.get("/c/AAAA").status_code == 404  # of another one nothing was taken
