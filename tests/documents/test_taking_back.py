"""A wrong scan that was filed is taken back: it stays, struck through, and the document is filed again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope, SessionStage
from ocop_workflow.documents.drafting import DocumentOrder
from ocop_workflow.documents.issuing import find_issued
from ocop_workflow.documents.taking_back import take_back_document
from ocop_workflow.dossiers.file_queries import files_on_record
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.states import Event
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.door import COOKIE
from tests.documents.stage import AROUND, RICE, SAUCE, Evening
from tests.documents.test_issuing import SIGNED, issue, line
from tests.factories import SENDER, rows, write
from tests.stories.cast import HOST
from tests.web.cast import application_on
from tests.web.console.visitor import Visitor

if TYPE_CHECKING:
    from ocop_workflow.documents.views import IssuedView

WRONG = "đính nhầm bản quét của phiên khác"


def take_back(
    evening: Evening,
    kind: str,
    reason: str = WRONG,
    *,
    commune: str | None = None,
    product: str | None = None,
    by: str = "thu",
) -> IssuedView:
    with evening.database.write() as tx:
        order = DocumentOrder(SessionDocument(kind), commune, product)
        return take_back_document(
            tx, 1, order, reason, actor=evening.actor(by), around=AROUND, now=evening.clock.now()
        )


def test_what_was_filed_by_mistake_stays_struck_through_and_is_filed_again(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    taken = take_back(decided, "minutes")
    assert (taken.number, taken.taken_back_by, taken.taken_back_because) == ("07/BB-HĐOCOP", "thu", WRONG)
    shown = line(decided, "minutes")
    assert (shown.ready, shown.issued, shown.taken_back) == (True, None, (taken,))
    assert shown.proposed == "01/BB-HĐOCOP"  # its number is free again
    assert decided.draft("minutes").content
    with decided.database.read() as tx:
        assert SIGNED.sha256 in {item.sha256 for item in files_on_record(tx)}
        order = DocumentOrder(SessionDocument.MINUTES)
        with pytest.raises(NotFound):
            find_issued(tx, 1, order, decided.actor("thu"), AROUND)

    again = issue(decided, "minutes", "07/BB-HĐOCOP")
    assert again.told == ()
    shown = line(decided, "minutes")
    assert shown.issued is not None
    assert (shown.issued.taken_back_at, [one.number for one in shown.taken_back]) == (None, ["07/BB-HĐOCOP"])
    told = "SELECT action, actor FROM audit WHERE action LIKE 'document.%' ORDER BY seq"
    assert rows(decided.database, told) == [
        ("document.issue", "thu"),
        ("document.take_back", "thu"),
        ("document.issue", "thu"),
    ]


def test_what_rests_on_it_has_to_go_first_and_is_named(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    issue(decided, "council-report", "02/BC-HĐOCOP")
    with pytest.raises(Conflict) as refused:
        take_back(decided, "minutes")
    assert refused.value.text.vi == (
        "Biên bản họp số 07/BB-HĐOCOP không rút lại được: đã căn cứ vào đó có báo cáo của Hội đồng số "
        "02/BC-HĐOCOP ngày 19/11/2026. Rút lại, hoàn tác việc ấy trước."
    )
    take_back(decided, "council-report")
    assert take_back(decided, "minutes").taken_back_because == WRONG


def test_a_certificate_that_was_recorded_since_by_the_decision_stands_in_the_way(decided: Evening) -> None:
    signer, day = "Chủ tịch UBND tỉnh", date(2026, 11, 25)
    issue(decided, "decision", "2735/QĐ-UBND", day, signer=signer)
    later = decided.clock.now() + timedelta(hours=1)
    told = "SELECT c.id FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code"
    ((number,),) = rows(decided.database, told, code=RICE)
    before = rows(decided.database, "SELECT settled_at FROM certificates WHERE id = :id", id=number)[0][0]
    write(
        decided.database, "UPDATE certificates SET settled_at = :at WHERE id = :id", at=str(later), id=number
    )
    with pytest.raises(Conflict, match=f"on it rests the certificate of {RICE}"):
        take_back(decided, "decision")
    write(decided.database, "UPDATE certificates SET settled_at = :at WHERE id = :id", at=before, id=number)
    assert take_back(decided, "decision").number == "2735/QĐ-UBND"


def test_only_whoever_runs_the_session_with_a_reason_and_what_is_filed(decided: Evening) -> None:
    with pytest.raises(NotFound, match="No signed minutes is filed"):
        take_back(decided, "minutes")
    issue(decided, "minutes", "07/BB-HĐOCOP")
    for login in ("mai", "hung"):
        with pytest.raises(NotPermitted):
            take_back(decided, "minutes", by=login)
    with pytest.raises(InvalidInput, match="A reason has to be given"):
        take_back(decided, "minutes", " ")


def test_one_of_several_is_meant(decided: Evening) -> None:
    issue(decided, "notice", "01/TB", date(2026, 11, 26), commune="an-binh")
    issue(decided, "notice", "02/TB", date(2026, 11, 26), commune="binh-minh")
    take_back(decided, "notice", commune="an-binh")
    assert line(decided, "notice", "an-binh").issued is None
    assert line(decided, "notice", "binh-minh").issued is not None


@pytest.mark.alike
def test_it_is_taken_back_over_http(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    app = create_app(application_on(decided.database, decided.clock))
    with decided.database.write() as tx:
        token = create_token(tx, HOST, TokenOrder("thu", Scope.ACT, 30), now=decided.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    path = "/api/v1/sessions/1/documents/minutes/issued"
    with TestClient(app) as client:
        assert client.post(f"{path}/withdrawal", json={}, headers=headers).status_code == 422
        done = client.post(f"{path}/withdrawal", json={"reason": WRONG}, headers=headers)
        assert (done.status_code, done.json()["taken_back_because"]) == (200, WRONG)
        assert client.get(path, headers=headers).status_code == 404


@pytest.mark.alike
def test_it_is_taken_back_on_the_page_and_shown_struck_through(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    app = create_app(application_on(decided.database, decided.clock))
    with decided.database.write() as tx:
        officer = officer_by_login(tx, "thu")
        assert officer is not None
        now = decided.clock.now()
        token = open_session(tx, officer.id, SessionStage.FULL, origin="testclient", agent="a test", now=now)
    with TestClient(app, base_url="http://localhost") as client:
        client.cookies.set(COOKIE, token)
        thu, path = Visitor(client, token), "/sessions/1/documents"
        page = thu.open(path)
        action = f"{path}/minutes/issued/withdrawal"
        refused = thu.fill(page, action, reason=" ")
        assert "Phải nêu lý do" in refused.text
        shown = thu.fill(page, action, reason=WRONG)
        assert "Đã lưu: số 07/BB-HĐOCOP ngày 19/11/2026, bien-ban.pdf" in shown.text
        assert f"27/11/2026: {WRONG}" in shown.text.partition("thu rút lại lúc ")[2]
        assert action not in [form.action for form in shown.forms]


def take_step_back(evening: Evening, code: str) -> Event:
    with evening.database.write() as tx:
        order = UndoOrder(code, evening.actor("thu"), "ghi nhầm")
        return undo(tx, order, sender=SENDER, today=evening.clock.today(), now=evening.clock.now()).event


def test_a_result_is_not_undone_while_the_signed_minutes_tell_it(closed: Evening) -> None:
    issue(closed, "invitation", "3/GM-HĐOCOP", date(2026, 11, 16))  # which tells no result
    issue(closed, "minutes", "07/BB-HĐOCOP", date(2026, 11, 18))
    with pytest.raises(Conflict, match="filed: minutes 07/BB-HĐOCOP of 2026-11-18; take these filings back"):
        take_step_back(closed, SAUCE)
    take_back(closed, "minutes")
    assert take_step_back(closed, SAUCE) is Event.SCORE_PROVINCE


def test_a_recognition_is_not_undone_while_its_signed_certificate_is_filed(decided: Evening) -> None:
    issue(decided, "decision", "2735/QĐ-UBND", date(2026, 11, 25))
    issue(decided, "certificate", "2735/QĐ-UBND", date(2026, 11, 25), product=RICE)
    assert (
        take_step_back(decided, SAUCE) is Event.CERTIFY
    )  # another product's, and the decision is none of it
    with pytest.raises(Conflict, match="filed: certificate 2735/QĐ-UBND of 2026-11-25"):
        take_step_back(decided, RICE)
    take_back(decided, "certificate", product=RICE)
    assert take_step_back(decided, RICE) is Event.CERTIFY
