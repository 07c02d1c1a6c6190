"""A signed document outside sessions: filed under its number, compared with the record, never made again."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope, SessionStage
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.of_certificate import certificate_with_papers
from ocop_workflow.documents.outside.drafting import draft_of_certificate, list_certificate_documents
from ocop_workflow.documents.outside.filing import (
    OutsideOrder,
    file_outside,
    find_filed,
    refuse_filing,
    take_back_outside,
)
from ocop_workflow.documents.outside.kinds import OutsideDocument
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import State
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.door import COOKIE
from tests.documents.stage import AROUND, RICE, Evening
from tests.documents.test_ending import CONCLUDED, DECIDED, number_of, step
from tests.factories import SENDER, rows
from tests.files.samples import PDF
from tests.stories.cast import HOST
from tests.web.cast import application_on
from tests.web.console.visitor import Visitor

if TYPE_CHECKING:
    from ocop_workflow.documents.outside.views import OutsideLineView
    from ocop_workflow.documents.views import IssuedView

SIGNED = KeptFile("qd-thu-hoi.pdf", 9, "cd" * 32, FileKind.PDF)
CHAIR = "Chủ tịch UBND tỉnh"
DECISION = ("3011/QĐ-UBND", date(2026, 12, 10))


@pytest.fixture
def revoked(decided: Evening) -> Evening:
    """The certificate of the rice of Hòa Sơn, revoked on 10/12/2026; two days have passed."""
    step(decided, "conclude", date(2026, 12, 1), CONCLUDED)
    step(decided, "revoke", date(2026, 12, 10), DECIDED)
    decided.clock.move_to(date(2026, 12, 12))
    return decided


def order(evening: Evening, kind: str) -> OutsideOrder:
    return OutsideOrder(OutsideDocument(kind), certificate=number_of(evening))


def file(
    evening: Evening,
    kind: str,
    number: str,
    on: date = date(2026, 12, 12),
    *,
    signer: str = CHAIR,
    by: str = "thu",
) -> IssuedView:
    with evening.database.write() as tx:
        return file_outside(
            tx,
            order(evening, kind),
            Issue(number, on, signer),
            SIGNED,
            actor=evening.actor(by),
            around=AROUND,
            today=evening.clock.today(),
            now=evening.clock.now(),
            language="en",
        )


def line(evening: Evening, kind: str) -> OutsideLineView:
    with evening.database.read() as tx:
        actor, today = evening.actor("thu"), evening.clock.today()
        found = list_certificate_documents(tx, number_of(evening), actor, today)
    return next(one for one in found.documents if one.kind == kind)


def take_back(evening: Evening, kind: str, reason: str, by: str = "thu") -> IssuedView:
    with evening.database.write() as tx:
        return take_back_outside(
            tx,
            order(evening, kind),
            reason,
            actor=evening.actor(by),
            today=evening.clock.today(),
            now=evening.clock.now(),
        )


def test_the_decision_of_a_revocation_is_filed_as_it_stands_on_record(revoked: Evening) -> None:
    before = line(revoked, "revocation")
    assert (before.ready, before.proposed, before.decided_on) == (True, *DECISION)
    done = file(revoked, "revocation", *DECISION)
    assert (done.kind, done.number, done.issued_on, done.signer) == ("revocation", *DECISION, CHAIR)
    after = line(revoked, "revocation")
    assert (after.ready, after.issued, after.lacks) == (False, done, ())
    with revoked.database.read() as tx:
        actor, today = revoked.actor("thu"), revoked.clock.today()
        found = find_filed(tx, order(revoked, "revocation"), actor, today)
        assert (found.sha256, found.session_id) == (SIGNED.sha256, None)
        with pytest.raises(Conflict, match="was issued as 3011/QĐ-UBND on 2026-12-10"):
            draft_of_certificate(
                tx,
                number_of(revoked),
                OutsideDocument.REVOCATION,
                actor=actor,
                around=AROUND,
                today=today,
            )
        papers = certificate_with_papers(tx, number_of(revoked), today, actor).papers
    kept = next(paper for paper in papers if paper.kind == "revocation")
    address = f"/certificates/{number_of(revoked)}/documents/revocation/issued"
    assert (kept.number, kept.date, kept.draft, kept.signed) == (*DECISION, None, address)


@pytest.mark.parametrize(
    ("number", "on", "places"),
    [
        ("3012/QĐ-UBND", date(2026, 12, 10), ["number"]),
        ("3011/QĐ-UBND", date(2026, 12, 11), ["issued_on"]),
        ("QĐ-UBND", date(2026, 12, 13), ["number", "issued_on", "number", "issued_on"]),
    ],
)
def test_number_and_day_are_those_of_the_decision_on_record(
    revoked: Evening, number: str, on: date, places: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        file(revoked, "revocation", number, on)
    assert [fault.place for fault in caught.value.faults] == places
    assert line(revoked, "revocation").issued is None


def test_a_notice_follows_the_decision_and_counts_in_the_agencys_series(revoked: Evening) -> None:
    with pytest.raises(InvalidInput) as caught:
        file(revoked, "revocation-notice", "7/TB-CCPTNT", date(2026, 12, 9))
    assert [fault.text.en for fault in caught.value.faults] == [
        "2026-12-09 lies before the decision of 2026-12-10"
    ]
    done = file(revoked, "revocation-notice", "7/TB-CCPTNT", signer="Chi cục trưởng")
    assert done.told == ()
    series = rows(revoked.database, "SELECT serial, year FROM documents")
    assert series == [(7, 2026)]


def test_before_its_decision_is_on_record_nothing_of_a_revocation_is_filed(decided: Evening) -> None:
    step(decided, "conclude", date(2026, 12, 1), CONCLUDED)
    assert line(decided, "revocation").proposed is None
    with pytest.raises(Conflict, match="is not on record yet"):
        file(decided, "revocation", "3011/QĐ-UBND", date(2026, 12, 1))


def test_what_bears_no_number_of_its_own_is_not_filed(revoked: Evening) -> None:
    assert line(revoked, "extract").proposed is None
    with pytest.raises(Conflict, match="bears no number of its own"):
        file(revoked, "extract", "1/TS")


def test_only_whoever_runs_sessions_for_the_body_files_it(revoked: Evening) -> None:
    for login in ("mai", "hung"):
        with pytest.raises((NotFound, NotPermitted)):
            file(revoked, "revocation", *DECISION, by=login)
        wanted, actor = order(revoked, "revocation"), revoked.actor(login)
        with revoked.database.read() as tx, pytest.raises((NotFound, NotPermitted)):
            refuse_filing(tx, wanted, actor, AROUND, revoked.clock.today())
    assert rows(revoked.database, "SELECT count(*) FROM documents") == [(0,)]


def test_a_wrong_scan_is_taken_back_unless_a_notice_rests_on_it(revoked: Evening) -> None:
    with pytest.raises(NotFound, match="No signed decision of revocation is filed"):
        take_back(revoked, "revocation", "nhầm")
    file(revoked, "revocation", *DECISION)
    file(revoked, "revocation-notice", "7/TB-CCPTNT")
    with pytest.raises(Conflict, match="on it rests the revocation-notice 7/TB-CCPTNT of 2026-12-12"):
        take_back(revoked, "revocation", "nhầm bản quét")
    with pytest.raises(InvalidInput):
        take_back(revoked, "revocation-notice", " ")
    take_back(revoked, "revocation-notice", "nhầm bản quét")
    taken = take_back(revoked, "revocation", "nhầm bản quét")
    assert (taken.taken_back_by, taken.taken_back_because) == ("thu", "nhầm bản quét")
    stands = line(revoked, "revocation")
    assert (stands.ready, stands.issued, stands.taken_back) == (True, None, (taken,))
    assert rows(revoked.database, "SELECT action FROM audit WHERE action LIKE 'document.%' ORDER BY seq") == [
        (f"document.{word}",) for word in ("issue", "issue", "take_back", "take_back")
    ]


def take_step_back(evening: Evening) -> State:
    with evening.database.write() as tx:
        order = UndoOrder(RICE, evening.actor("thu"), "ghi nhầm")
        return undo(tx, order, sender=SENDER, today=evening.clock.today(), now=evening.clock.now()).state


def test_a_step_is_not_undone_while_signed_papers_of_it_are_filed(revoked: Evening) -> None:
    file(revoked, "revocation", *DECISION)
    file(revoked, "revocation-notice", "7/TB-CCPTNT")
    with pytest.raises(Conflict) as caught:
        take_step_back(revoked)
    assert caught.value.text.vi == (
        f"{RICE}: chưa hoàn tác được «Thu hồi» khi còn lưu bản đã ký: quyết định thu hồi số 3011/QĐ-UBND "
        "ngày 10/12/2026, thông báo thu hồi gửi chủ thể, UBND cấp xã số 7/TB-CCPTNT ngày 12/12/2026; rút lại "
        "các bản ấy, có lý do, rồi hoàn tác."
    )
    assert caught.value.text.en == (
        f"{RICE}: revoke cannot be undone while signed papers of it are filed: revocation 3011/QĐ-UBND of "
        "2026-12-10, revocation-notice 7/TB-CCPTNT of 2026-12-12; take these filings back, with a reason, "
        "then undo."
    )
    take_back(revoked, "revocation-notice", "bước ghi nhầm")
    take_back(revoked, "revocation", "bước ghi nhầm")
    assert take_step_back(revoked) is State.CERTIFIED
    with pytest.raises(Conflict, match="is not on record yet"):
        file(revoked, "revocation", *DECISION)


@pytest.mark.alike
def test_it_comes_and_goes_over_http(revoked: Evening) -> None:
    app = create_app(application_on(revoked.database, revoked.clock))
    with revoked.database.write() as tx:
        token = create_token(tx, HOST, TokenOrder("thu", Scope.ACT, 30), now=revoked.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/certificates/{number_of(revoked)}/documents/revocation/issued"
    asked = {"number": DECISION[0], "issued_on": "2026-12-10", "signer": CHAIR, "name": "qd.pdf"}
    with TestClient(app) as client:
        assert client.get(path, headers=headers).status_code == 404
        made = client.post(path, params=asked, content=PDF, headers=headers)
        assert (made.status_code, made.json()["number"]) == (201, DECISION[0])
        given = client.get(path, headers=headers)
        assert io.BytesIO(given.content).read() == PDF
        again = client.post(path, params=asked, content=PDF, headers=headers)
        assert again.status_code == 409
        undoing = f"/api/v1/products/{RICE}/undo"
        seen = {
            **headers,
            "If-Match": client.get(f"/api/v1/products/{RICE}", headers=headers).headers["etag"],
        }
        refused = client.post(undoing, json={"reason": "ghi nhầm"}, headers=seen)
        assert (refused.status_code, "quyết định thu hồi số 3011/QĐ-UBND" in refused.text) == (409, True)
        back = client.post(f"{path}/withdrawal", json={"reason": "nhầm"}, headers=headers)
        assert (back.status_code, back.json()["taken_back_because"]) == (200, "nhầm")
        assert client.post(undoing, json={"reason": "ghi nhầm"}, headers=seen).status_code == 200
        other = f"/api/v1/products/{RICE}/documents/notice/issued"
        assert client.get(other, headers=headers).status_code == 404


@pytest.mark.alike
def test_it_is_filed_and_taken_back_on_the_page_of_the_certificate(revoked: Evening) -> None:
    app = create_app(application_on(revoked.database, revoked.clock))
    with revoked.database.write() as tx:
        officer = officer_by_login(tx, "thu")
        assert officer is not None
        now = revoked.clock.now()
        token = open_session(tx, officer.id, SessionStage.FULL, origin="testclient", agent="a test", now=now)
    with TestClient(app, base_url="http://localhost") as client:
        client.cookies.set(COOKIE, token)
        thu, path = Visitor(client, token), f"/certificates/{number_of(revoked)}/documents"
        page = thu.open(path)
        action = f"{path}/revocation/issued"
        form = page.form(action)
        assert (form.fields["number"], form.fields["issued_on"]) == (DECISION[0], "2026-12-10")
        sent = {"file": ("qd.pdf", PDF)}
        refused = thu.send_file(action, {**form.fields, "number": "12/QĐ-UBND"}, sent)
        assert "là 12/QĐ-UBND, đã ghi 3011/QĐ-UBND" in refused.text
        assert refused.form(action).fields["number"] == "12/QĐ-UBND"  # what was typed is there to be mended
        shown = thu.send_file(action, form.fields, sent)
        assert "Đã ban hành: số 3011/QĐ-UBND ngày 10/12/2026" in shown.text
        assert client.get(action).content == PDF
        undoing = thu.open(f"/products/{RICE}/undo")
        kept = thu.fill(undoing, f"/products/{RICE}/undo", reason="ghi nhầm")
        assert "khi còn lưu bản đã ký: quyết định thu hồi số 3011/QĐ-UBND ngày 10/12/2026" in kept.text
        back = thu.fill(shown, f"{action}/withdrawal", reason="nhầm bản quét")
        assert "Đã lưu: số 3011/QĐ-UBND ngày 10/12/2026, qd.pdf" in back.text
        assert action in [form.action for form in back.forms]
