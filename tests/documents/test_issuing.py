"""A document is issued: its number in its series, its day, the signed file; and it is never made again."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.drafting import DocumentOrder
from ocop_workflow.documents.issuing import find_issued, issue_document, refuse_issuing
from ocop_workflow.dossiers.file_queries import files_on_record
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.web.app import create_app
from tests.documents.stage import AROUND, RICE, SAUCE, Evening
from tests.factories import rows
from tests.files.samples import PDF
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from ocop_workflow.documents.views import DocumentLineView, IssuedView

SIGNED = KeptFile("bien-ban.pdf", 9, "ab" * 32, FileKind.PDF)
CHAIR = "Hùng, Chủ tịch Hội đồng"


def issue(
    evening: Evening,
    kind: str,
    number: str,
    on: date = date(2026, 11, 19),
    *,
    signer: str = CHAIR,
    commune: str | None = None,
    product: str | None = None,
    by: str = "thu",
) -> IssuedView:
    with evening.database.write() as tx:
        return issue_document(
            tx,
            1,
            DocumentOrder(SessionDocument(kind), commune, product),
            Issue(number, on, signer),
            SIGNED,
            actor=evening.actor(by),
            around=AROUND,
            today=evening.clock.today(),
            now=evening.clock.now(),
        )


def line(evening: Evening, kind: str, commune: str | None = None) -> DocumentLineView:
    return next(
        one for one in evening.documents().documents if (one.kind.value, one.commune) == (kind, commune)
    )


def test_numbers_are_proposed_by_body_sign_and_year_and_the_clerks_number_wins(decided: Evening) -> None:
    assert line(decided, "minutes").proposed == "01/BB-HĐOCOP"
    done = issue(decided, "minutes", "07/BB-HĐOCOP")
    assert (done.number, done.issued_on, done.signer) == ("07/BB-HĐOCOP", date(2026, 11, 19), CHAIR)
    assert line(decided, "council-report").proposed == "01/BC-HĐOCOP"  # another sign, another series
    issue(decided, "notice", "3/TB-CCPTNT", date(2026, 11, 26), commune="an-binh")
    assert line(decided, "notice", "binh-minh").proposed == "04/TB-……"


def test_a_number_given_twice_and_numbers_left_out_are_told_and_nothing_is_refused(decided: Evening) -> None:
    first = issue(decided, "notice", "01/TB", date(2026, 11, 26), commune="an-binh")
    again = issue(decided, "notice", "1/TB", date(2026, 11, 26), commune="binh-minh")
    ahead = issue(decided, "notice", "05/TB", date(2026, 11, 26), commune="hoa-son")
    body = "Chi cục Phát triển nông thôn tỉnh Ví Dụ TB-……"
    assert (first.told, again.told, ahead.told) == (
        (),
        (f"Số 1 của {body} năm 2026 đã có văn bản khác.",),
        (f"Dãy số của {body} năm 2026 còn trống ở đây: 2, 3, 4.",),
    )


def test_an_issued_document_is_not_made_again_and_its_file_is_given(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    with pytest.raises(Conflict, match="was issued as 07/BB-HĐOCOP on 2026-11-19"):
        decided.draft("minutes")
    with pytest.raises(Conflict, match="is not made again"):
        issue(decided, "minutes", "08/BB-HĐOCOP")
    shown = line(decided, "minutes")
    assert (shown.ready, shown.lacks, shown.proposed) == (False, (), None)
    assert shown.issued is not None
    assert (shown.issued.number, shown.issued.sha256) == ("07/BB-HĐOCOP", SIGNED.sha256)
    with decided.database.read() as tx:
        order = DocumentOrder(SessionDocument.MINUTES)
        assert find_issued(tx, 1, order, decided.actor("mai"), AROUND).name == "bien-ban.pdf"
        with pytest.raises(NotFound, match="has not been issued"):
            find_issued(tx, 1, DocumentOrder(SessionDocument.DECISION), decided.actor("mai"), AROUND)
        assert SIGNED.sha256 in {item.sha256 for item in files_on_record(tx)}


def test_one_commune_is_told_and_the_others_still_can_be(decided: Evening) -> None:
    issue(decided, "notice", "01/TB", date(2026, 11, 26), commune="an-binh")
    with pytest.raises(Conflict):
        decided.draft("notice", commune="an-binh")
    assert decided.draft("notice", commune="binh-minh").content
    issue(decided, "notice", "02/TB", date(2026, 11, 26), product=SAUCE)
    with pytest.raises(Conflict):
        decided.draft("notice", product=SAUCE)
    assert decided.draft("notice", product=RICE).content


@pytest.mark.parametrize(
    ("kind", "number", "on", "places"),
    [
        ("minutes", "BB-HĐOCOP", date(2026, 11, 19), ["number"]),
        ("minutes", "01/BB", date(2026, 11, 17), ["issued_on"]),
        ("minutes", "01/BB", date(2026, 11, 28), ["issued_on"]),
        ("decision", "2736/QĐ-UBND", date(2026, 11, 26), ["number", "issued_on"]),
    ],
)
def test_number_and_day_have_to_be_possible_and_a_decisions_those_on_record(
    decided: Evening, kind: str, number: str, on: date, places: list[str]
) -> None:
    with pytest.raises(InvalidInput) as error:
        issue(decided, kind, number, on)
    assert [item.place for item in error.value.faults] == places


def test_the_decision_on_record_is_filed_and_a_signer_who_does_not_suit_is_told(decided: Evening) -> None:
    done = issue(decided, "decision", "02735/QĐ-UBND", date(2026, 11, 25), signer="TM. UBND tỉnh, Chủ tịch")
    (told,) = done.told
    assert "Chủ tịch UBND cấp tỉnh ký với tư cách chức danh, không ghi TM." in told


def test_an_invitation_goes_out_before_the_session(decided: Evening) -> None:
    assert issue(decided, "invitation", "05/GM-HĐOCOP", date(2026, 11, 10)).told == ()


def test_a_certificate_is_filed_of_each_product_under_the_number_of_its_decision(decided: Evening) -> None:
    with pytest.raises(InvalidInput) as caught:
        issue(decided, "certificate", "2736/QĐ-UBND", date(2026, 11, 26), product=RICE)
    assert [fault.place for fault in caught.value.faults] == ["number", "issued_on"]
    head = "Chủ tịch UBND tỉnh"
    for product in (RICE, SAUCE):  # the same number twice is no oddity, and no gap
        done = issue(decided, "certificate", "2735/QĐ-UBND", date(2026, 11, 25), product=product, signer=head)
        assert (done.kind, done.number, done.told) == ("certificate", "2735/QĐ-UBND", ())
    decision = issue(decided, "decision", "2735/QĐ-UBND", date(2026, 11, 25), signer=head)
    assert decision.told == ()
    assert rows(decided.database, "SELECT DISTINCT series FROM documents ORDER BY series") == [
        ("UBND Tỉnh Ví Dụ GCN",),
        ("UBND Tỉnh Ví Dụ QĐ-UBND",),
    ]


@pytest.mark.parametrize("kind", ["results", "blank-sheets"])
def test_what_bears_no_number_is_not_issued(decided: Evening, kind: str) -> None:
    product = None if kind == "results" else RICE
    with pytest.raises(Conflict, match="bears no number"):
        issue(decided, kind, "01/X", product=product)


def test_who_may_not_is_turned_away_before_a_byte_is_read(decided: Evening) -> None:
    order = DocumentOrder(SessionDocument.MINUTES)
    with decided.database.read() as tx:
        refuse_issuing(tx, 1, order, decided.actor("thu"), AROUND)
        for login in ("mai", "tam"):
            with pytest.raises(NotPermitted):
                refuse_issuing(tx, 1, order, decided.actor(login), AROUND)
        with pytest.raises(NotFound):
            refuse_issuing(tx, 1, order, decided.actor("lan"), AROUND)
    with pytest.raises(NotPermitted):
        issue(decided, "minutes", "01/BB", by="mai")


def test_the_audit_holds_both_hashes(decided: Evening) -> None:
    issue(decided, "minutes", "07/BB-HĐOCOP")
    ((subject, after, draft),) = rows(
        decided.database,
        "SELECT a.subject, a.after, d.draft_sha256 FROM audit a, documents d "
        "WHERE a.action = 'document.issue'",
    )
    assert subject == "session:1"
    assert SIGNED.sha256 in str(after)
    assert draft in str(after)


@pytest.mark.alike
def test_a_signed_file_comes_and_goes_over_http(decided: Evening) -> None:
    app = create_app(application_on(decided.database, decided.clock))
    with decided.database.write() as tx:
        order = TokenOrder("thu", Scope.ACT, 30)
        token = create_token(tx, HOST, order, now=decided.clock.now())
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "vi"}
    path = "/api/v1/sessions/1/documents/minutes/issued"
    asked = {"number": "07/BB-HĐOCOP", "issued_on": "2026-11-19", "signer": CHAIR, "name": "biên bản.pdf"}
    with TestClient(app) as client:
        assert client.get(path, headers=headers).status_code == 404
        sent = {**headers, "Content-Type": "application/octet-stream"}
        done = client.post(path, params=asked, content=PDF, headers=sent)
        assert done.status_code == 201, done.text
        assert (done.json()["number"], done.json()["name"]) == ("07/BB-HĐOCOP", "biên bản.pdf")
        given = client.get(path, headers=headers)
        assert given.content == io.BytesIO(PDF).read()
        assert given.headers["Content-Disposition"].startswith("attachment; ")
        assert client.get("/api/v1/sessions/1/documents/minutes", headers=headers).status_code == 409
        again = client.post(path, params=asked, content=PDF, headers=sent)
        assert again.status_code == 409
        wrong = client.post(
            path.replace("minutes", "decision"), params={**asked, "number": "1/QĐ"}, content=PDF, headers=sent
        )
        assert (wrong.status_code, len(wrong.json()["faults"])) == (422, 2)
