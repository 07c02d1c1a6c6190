"""The signed notice of what ran out: of a unit and a span of days, filed once, never made again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope, SessionStage
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.documents.ending.filing import (
    file_expiry_notice,
    find_expiry_notice,
    show_expiry_notice,
    take_back_expiry_notice,
)
from ocop_workflow.documents.ending.record import ExpirySpan
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.upkeep.examination import examine
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.door import COOKIE
from tests.factories import rows
from tests.files.samples import PDF
from tests.stories.cast import HOST
from tests.web.cast import application_on
from tests.web.console.visitor import Visitor

if TYPE_CHECKING:
    from ocop_workflow.documents.ending.views import ExpiryNoticeView
    from ocop_workflow.documents.views import IssuedView
    from tests.documents.stage import Evening

SIGNED = KeptFile("thong-bao.pdf", 9, "ef" * 32, FileKind.PDF)
HEAD = "Chi cục trưởng"
YEAR = ExpirySpan("vi-du", date(2029, 1, 1), date(2029, 12, 31))


@pytest.fixture
def later(decided: Evening) -> Evening:
    """Ten days after the year in which the five certificates of 25/11/2026 ran out."""
    decided.clock.move_to(date(2030, 1, 10))
    return decided


def file(
    evening: Evening,
    number: str,
    on: date = date(2030, 1, 9),
    *,
    span: ExpirySpan = YEAR,
    signer: str = HEAD,
    by: str = "thu",
) -> IssuedView:
    with evening.database.write() as tx:
        return file_expiry_notice(
            tx,
            span,
            Issue(number, on, signer),
            SIGNED,
            actor=evening.actor(by),
            today=evening.clock.today(),
            now=evening.clock.now(),
            language="en",
        )


def take_back(evening: Evening, reason: str, by: str = "thu") -> IssuedView:
    with evening.database.write() as tx:
        return take_back_expiry_notice(tx, YEAR, reason, actor=evening.actor(by), now=evening.clock.now())


def shown(evening: Evening, span: ExpirySpan = YEAR) -> ExpiryNoticeView:
    with evening.database.read() as tx:
        return show_expiry_notice(tx, span, evening.actor("thu"), evening.clock.today(), "en")


def test_it_is_filed_once_and_not_drafted_again(later: Evening) -> None:
    before = shown(later)
    assert (before.certificates, before.ready, before.lacks) == (5, True, ())
    assert (before.signs, before.proposed) == (("CHI CỤC TRƯỞNG",), "01/TB-……")
    done = file(later, "7/TB-CCPTNT")
    assert (done.kind, done.number, done.issued_on, done.signer, done.told) == (
        "expiry-notice",
        "7/TB-CCPTNT",
        date(2030, 1, 9),
        HEAD,
        (),
    )
    after = shown(later)
    assert (after.ready, after.proposed, after.issued, after.lacks) == (False, None, done, ())
    again = "was issued as 7/TB-CCPTNT on 2030-01-09: take the signed one, it is not made again"
    with later.database.read() as tx:
        assert find_expiry_notice(tx, YEAR, later.actor("thu")).sha256 == SIGNED.sha256
        with pytest.raises(Conflict, match=again):
            draft_expiry_notice(tx, YEAR, later.actor("thu"), later.clock.today())
    with pytest.raises(Conflict, match=again):
        file(later, "8/TB-CCPTNT")
    asked = "SELECT session_id, transition_id, since, until, serial, year FROM documents"
    assert [tuple(map(str, row)) for row in rows(later.database, asked)] == [
        ("None", "None", "2029-01-01", "2029-12-31", "7", "2030")
    ]
    assert [one for one in examine(later.database, later.clock).findings if one.invariant == 42] == []


def test_number_day_and_signer_have_to_be_there_and_the_day_follows_the_span(later: Evening) -> None:
    with pytest.raises(InvalidInput) as caught:
        file(later, "TB-CCPTNT", date(2029, 12, 31), signer=" ")
    assert [(fault.place, fault.text.en) for fault in caught.value.faults] == [
        ("number", "must begin with a figure: 12/BC-HĐOCOP"),
        ("signer", "say who signed"),
        ("issued_on", "2029-12-31 lies before the first day after that span, of 2030-01-01"),
    ]
    with pytest.raises(InvalidInput, match="Number or day is at fault"):
        file(later, "7/TB-CCPTNT", date(2030, 1, 11))
    with pytest.raises(InvalidInput) as caught:
        file(later, "01/TB-……")  # as it is proposed, where the agency's own sign is not known
    assert [fault.text.vi for fault in caught.value.faults] == ["còn chỗ để chấm: ghi đủ ký hiệu"]
    assert rows(later.database, "SELECT count(*) FROM documents") == [(0,)]


def test_a_span_that_is_not_over_is_drafted_but_not_filed(later: Evening) -> None:
    running = ExpirySpan("vi-du", date(2029, 1, 1), date(2030, 1, 10))
    found = shown(later, running)
    assert (found.ready, found.proposed) == (True, None)
    assert found.lacks == ("the span runs until 2030-01-10, a signed file is kept after that day alone",)
    with pytest.raises(Conflict, match="No signed file is kept yet: the span runs until 2030-01-10"):
        file(later, "7/TB-CCPTNT", span=running)


def test_where_nothing_ran_out_there_is_nothing_to_file(later: Evening) -> None:
    empty = ExpirySpan("vi-du", date(2028, 1, 1), date(2028, 12, 31))
    (why,) = shown(later, empty).lacks
    assert why == "No certificate of vi-du ran out from 2028-01-01 to 2028-12-31 without a new rating"
    with pytest.raises(Conflict, match="No certificate of vi-du ran out"):
        file(later, "7/TB-CCPTNT", span=empty)


def test_days_that_were_announced_before_are_told_not_refused(later: Evening) -> None:
    file(later, "7/TB-CCPTNT")
    wider = ExpirySpan("vi-du", date(2028, 1, 1), date(2029, 12, 31))
    done = file(later, "9/TB-CCPTNT", span=wider)
    assert done.told[-1] == "What ran out from 2029-01-01 to 2029-12-31 was announced by 7/TB-CCPTNT."
    assert [(one.since, one.issued.number) for one in shown(later).others] == [
        (date(2028, 1, 1), "9/TB-CCPTNT")
    ]


def test_a_wrong_scan_is_taken_back_with_a_reason_and_stays(later: Evening) -> None:
    with pytest.raises(NotFound, match="No signed notice of certificates that ran out is filed"):
        take_back(later, "nhầm")
    file(later, "7/TB-CCPTNT")
    with pytest.raises(InvalidInput):
        take_back(later, " ")
    taken = take_back(later, "nhầm bản quét")
    assert (taken.taken_back_by, taken.taken_back_because) == ("thu", "nhầm bản quét")
    stands = shown(later)
    assert (stands.ready, stands.issued, stands.taken_back) == (True, None, (taken,))
    assert file(later, "7/TB-CCPTNT").told == ()  # the number is free again
    noted = "SELECT action, subject FROM audit WHERE action LIKE 'document.%' ORDER BY seq"
    assert rows(later.database, noted) == [
        (f"document.{word}", "unit:vi-du") for word in ("issue", "take_back", "issue")
    ]


def test_only_whoever_runs_sessions_there_files_it_and_takes_it_back(later: Evening) -> None:
    for login in ("mai", "hung"):
        with pytest.raises(NotPermitted):
            file(later, "7/TB-CCPTNT", by=login)
        with pytest.raises(NotPermitted):
            take_back(later, "nhầm", by=login)
    with pytest.raises(NotFound):
        file(later, "7/TB-CCPTNT", span=ExpirySpan("nowhere", YEAR.since, YEAR.until))


@pytest.mark.alike
def test_it_comes_and_goes_over_http(later: Evening) -> None:
    app = create_app(application_on(later.database, later.clock))
    with later.database.write() as tx:
        token = create_token(tx, HOST, TokenOrder("thu", Scope.ACT, 30), now=later.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    path = "/api/v1/certificates/expired"
    span = {"unit": "vi-du", "since": "2029-01-01", "until": "2029-12-31"}
    signed = {"number": "7/TB-CCPTNT", "issued_on": "2030-01-09", "signer": HEAD, "name": "tb.pdf"}
    large = PDF + bytes(2 * 1024 * 1024)  # as scans are
    with TestClient(app) as client:

        def ask(way: str, **more: str) -> Any:  # noqa: ANN401 - an answer of the client
            return client.get(f"{path}{way}", params={**span, **more}, headers=headers)

        assert ask("").json()["certificates"] == 5
        assert ask("/notice/issued").status_code == 404
        made = client.post(f"{path}/notice/issued", params={**span, **signed}, content=large, headers=headers)
        assert (made.status_code, made.json()["number"]) == (201, "7/TB-CCPTNT")
        assert ask("/notice/issued").content == large
        assert ask("").json()["issued"]["sha256"] == made.json()["sha256"]
        assert ask("/notice").status_code == 409
        back = client.post(
            f"{path}/notice/issued/withdrawal", params=span, json={"reason": "nhầm"}, headers=headers
        )
        assert (back.status_code, back.json()["taken_back_because"]) == (200, "nhầm")
        assert ask("/notice").status_code == 200


@pytest.mark.alike
def test_it_is_drafted_filed_and_taken_back_on_its_page(later: Evening) -> None:
    app = create_app(application_on(later.database, later.clock))
    with later.database.write() as tx:
        officer = officer_by_login(tx, "thu")
        assert officer is not None
        now = later.clock.now()
        token = open_session(tx, officer.id, SessionStage.FULL, origin="testclient", agent="a test", now=now)
    with TestClient(app, base_url="http://localhost") as client:
        client.cookies.set(COOKIE, token)
        thu = Visitor(client, token)
        assert "/certificates/expired" in thu.open("/certificates").links
        asked = thu.open("/certificates/expired").form("/certificates/expired")
        assert (asked.fields["since"], asked.fields["until"]) == ("2030-01-01", "2030-01-09")
        query = "?unit=vi-du&since=2029-01-01&until=2029-12-31"
        page = thu.open(f"/certificates/expired{query}")
        assert "5 giấy chứng nhận" in page.text
        assert f"/certificates/expired/notice{query}" in page.links
        action = f"/certificates/expired/notice/issued{query}"
        form, sent = page.form(action), {"file": ("tb.pdf", PDF)}
        assert (form.fields["issued_on"], form.fields["signer"]) == ("2030-01-10", "CHI CỤC TRƯỞNG")
        told = {**form.fields, "number": "7/TB-CCPTNT"}
        refused = thu.send_file(action, {**told, "issued_on": "2029-12-31"}, sent)
        assert "31/12/2029 đứng trước ngày đầu tiên sau khoảng ấy, ngày 01/01/2030" in refused.text
        assert "#f-issued_on" in refused.links
        assert 'id="f-issued_on"' in refused.html  # where the fault leads
        assert refused.form(action).fields["number"] == "7/TB-CCPTNT"  # what was typed is there to be mended
        kept = thu.send_file(action, told, sent)
        assert "Đã ban hành: số 7/TB-CCPTNT ngày 10/1/2030" in kept.text
        assert client.get(action).content == PDF
        withdrawal = f"/certificates/expired/notice/issued/withdrawal{query}"
        back = thu.fill(kept, withdrawal, reason="nhầm bản quét")
        assert "Đã lưu: số 7/TB-CCPTNT ngày 10/1/2030, tb.pdf" in back.text
        assert action in [form.action for form in back.forms]
        wrong = thu.client.get("/certificates/expired?unit=vi-du&since=x&until=2029-12-31")
        assert (wrong.status_code, "không phải ngày" in wrong.text) == (422, True)
