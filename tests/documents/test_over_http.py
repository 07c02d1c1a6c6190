"""The documents of a session over HTTP and on pages: files to be saved, never shown; refusals in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope, SessionStage
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.drafting import DocumentOrder
from ocop_workflow.documents.issuing import issue_document
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.door import COOKIE
from tests.documents.nd30 import faults_of
from tests.documents.stage import AROUND, HONEY, RICE, SAUCE
from tests.factories import rows
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.documents.stage import Evening

pytestmark = pytest.mark.alike


class Service:
    """The service on the evening's database, asked by its officers."""

    def __init__(self, evening: Evening, client: TestClient) -> None:
        self.evening = evening
        self.client = client

    def ask(self, path: str, login: str = "thu", language: str = "vi") -> httpx.Response:
        with self.evening.database.write() as tx:
            token = create_token(tx, HOST, TokenOrder(login, Scope.READ, 30), now=self.evening.clock.now())
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        whole = path if path.startswith("/api/") else f"/api/v1/sessions/1/documents{path}"
        return self.client.get(whole, headers=headers)

    def open(self, path: str, login: str = "thu") -> httpx.Response:
        with self.evening.database.write() as tx:
            officer = officer_by_login(tx, login)
            assert officer is not None
            now = self.evening.clock.now()
            key = open_session(tx, officer.id, SessionStage.FULL, origin="t", agent="a test", now=now)
        self.client.cookies.set(COOKIE, key)
        return self.client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)


@pytest.fixture
def service(decided: Evening) -> Iterator[Service]:
    with TestClient(
        create_app(application_on(decided.database, decided.clock)), base_url="http://localhost"
    ) as client:
        yield Service(decided, client)


def test_the_list_names_what_addresses_take(service: Service) -> None:
    listed = service.ask("").json()
    assert (listed["session"], listed["name"]) == (1, "Phiên 2 năm 2026")
    for line in listed["documents"]:
        which = f"?commune={line['commune']}" if line["commune"] else ""
        which = f"?product={line['product']}" if line["product"] else which
        if line["kind"] not in ("blank-sheets", "filled-sheets"):
            answer = service.ask(f"/{line['kind']}{which}")
            assert answer.status_code == (200 if line["ready"] else 409), line


def test_a_document_is_a_file_to_be_saved_and_runs_nothing(service: Service) -> None:
    answer = service.ask("/decision")
    assert answer.headers["Content-Type"] == FileKind.DOCX.media_type
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="phien-1-quyet-dinh-cong-nhan.docx"; '
        "filename*=UTF-8''phien-1-quyet-dinh-cong-nhan.docx"
    )
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert faults_of(answer.content, signs=("CHỦ TỊCH",)) == []
    table = service.ask("/results-workbook")
    assert table.headers["Content-Type"] == FileKind.XLSX.media_type


@pytest.mark.parametrize(
    ("path", "status", "vi", "en"),
    [
        (
            "/certificate?product=VD26-006",
            409,
            "Chưa lập được giấy chứng nhận: sản phẩm chưa được công nhận ở cấp này.",
            "The certificate cannot be drafted yet: the product is not recognised at this level.",
        ),
        ("/notice", 422, "Chưa rõ văn bản nào.", "It is not clear which document is wanted."),
        ("/notice?commune=pho-an", 404, "không có sản phẩm nào của pho-an", "has no product of pho-an"),
        ("/certificate?product=VD26-999", 404, "không có sản phẩm VD26-999", "has no product VD26-999"),
    ],
)
def test_a_refusal_is_a_sentence_in_both_languages(
    service: Service, path: str, status: int, vi: str, en: str
) -> None:
    for language, words in (("vi", vi), ("en", en)):
        answer = service.ask(path, language=language)
        assert answer.status_code == status
        assert words in answer.json()["detail"]


def test_others_are_told_no_more_than_of_the_session_itself(service: Service) -> None:
    for path in ("", "/minutes"):
        assert service.ask(path, "tam").status_code == 403
        assert service.ask(path, "lan").status_code == 404
        assert service.ask(path, "mai").status_code == 200


def test_the_page_links_to_each_and_says_who_signs_and_what_is_uncertain(service: Service) -> None:
    page = service.open("/sessions/1/documents")
    assert page.status_code == 200
    assert f'href="/sessions/1/documents/certificate?product={SAUCE}"' in page.text
    assert 'href="/sessions/1/documents/notice?commune=an-binh"' in page.text
    assert "Người ký: TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH" in page.text
    assert "Chưa chắc: NĐ 30/2020/NĐ-CP, mẫu 1.7" in page.text
    file = service.open("/sessions/1/documents/minutes")
    assert file.headers["Content-Disposition"].startswith("attachment; ")
    assert faults_of(file.content, is_minutes=True) == []


def test_the_session_leads_to_its_documents_whoever_may_draft_them(service: Service) -> None:
    link = 'href="/sessions/1/documents"'
    assert link in service.open("/sessions/1", "thu").text
    assert link in service.open("/sessions/1", "mai").text
    assert link not in service.open("/sessions/1", "tam").text
    assert service.open("/sessions/1/documents", "tam").status_code == 403
    assert service.open("/sessions/1/documents", "lan").status_code == 404


def test_a_page_is_given_for_what_there_is_not(service: Service) -> None:
    for path in ("menu", "certificate?product=X", f"decision?product={HONEY}"):
        answer = service.open(f"/sessions/1/documents/{path}")
        assert answer.status_code in {404, 422}, path
        assert answer.headers["Content-Type"].startswith("text/html")


# -- the papers of a certificate -----------------------------------------------------------------------------


def papers_of(service: Service, number: int, login: str = "thu") -> dict[str, tuple[str | None, str | None]]:
    shown = service.ask(f"/api/v1/certificates/{number}", login).json()
    return {paper["kind"]: (paper["draft"], paper["signed"]) for paper in shown["papers"]}


@pytest.fixture
def number(service: Service) -> int:
    """The certificate of the rice."""
    told = "SELECT c.id FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code"
    ((found,),) = rows(service.evening.database, told, code=RICE)
    return int(found)


def test_a_certificates_papers_lead_to_drafts_for_whoever_may(service: Service, number: int) -> None:
    drafts = {
        "decision": "/sessions/1/documents/decision",
        "certificate": f"/sessions/1/documents/certificate?product={RICE}",
        "notice": f"/sessions/1/documents/notice?product={RICE}",
        "minutes": "/sessions/1/documents/minutes",
        "extract": f"/certificates/{number}/documents/extract",
    }
    assert papers_of(service, number) == {kind: (path, None) for kind, path in drafts.items()}
    for path in drafts.values():
        assert service.ask(f"/api/v1{path}").headers["Content-Type"] == FileKind.DOCX.media_type
        assert service.open(path).headers["Content-Type"] == FileKind.DOCX.media_type
    page = service.open(f"/certificates/{number}").text
    assert all(f'href="{path}"' in page for path in drafts.values())


def test_whoever_may_not_gets_no_address_but_of_the_extract(service: Service, number: int) -> None:
    assert papers_of(service, number, "quan") == {
        "decision": (None, None),
        "extract": (f"/certificates/{number}/documents/extract", None),
    }
    assert "/sessions/1/documents" not in service.open(f"/certificates/{number}", "quan").text


def test_a_signed_paper_leads_to_its_file_and_others_learn_its_number(service: Service, number: int) -> None:
    with service.evening.database.write() as tx:
        for kind, given, commune in (
            ("minutes", Issue("07/BB-HĐOCOP", date(2026, 11, 19), "Hùng"), None),
            ("notice", Issue("3/TB", date(2026, 11, 26), "Minh"), "phu-loc"),
        ):
            issue_document(
                tx,
                1,
                DocumentOrder(SessionDocument(kind), commune),
                given,
                KeptFile("da-ky.pdf", 9, "ab" * 32, FileKind.PDF),
                actor=service.evening.actor("thu"),
                around=AROUND,
                today=service.evening.clock.today(),
                now=service.evening.clock.now(),
            )
    papers = papers_of(service, number)
    assert papers["minutes"] == (None, "/sessions/1/documents/minutes/issued")
    assert papers["notice"] == (None, "/sessions/1/documents/notice/issued?commune=phu-loc")
    shown = service.ask(f"/api/v1/certificates/{number}", "quan").json()["papers"]
    assert {(one["kind"], one["number"], one["signed"]) for one in shown} >= {
        ("minutes", "07/BB-HĐOCOP", None),
        ("notice", "3/TB", None),
    }


def test_documents_outside_sessions_are_asked_for_by_certificate_and_by_product(
    service: Service, number: int
) -> None:
    listed = service.ask(f"/api/v1/certificates/{number}/documents").json()
    assert (listed["of"], listed["session"]) == (str(number), 1)
    refused = service.ask(f"/api/v1/certificates/{number}/documents/decision", language="en")
    assert refused.status_code == 409
    assert "draft it there" in refused.json()["detail"]
    assert service.ask("/api/v1/products/VD26-006/documents").json()["session"] == 1
    assert service.ask("/api/v1/products/VD26-006/documents/letter-up").status_code == 409
    assert service.ask("/api/v1/products/VD26-006/documents/extract").status_code == 404
    assert "Văn bản ngoài phiên họp" in service.open(f"/certificates/{number}/documents").text
    assert service.open("/products/VD26-006/documents").status_code == 200
