"""Documents that end certificates: whole texts, read back from the files, in the form of NĐ 30."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from ocop_workflow.access import Scope
from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.documents.ending.record import ExpirySpan
from ocop_workflow.documents.outside.drafting import draft_of_certificate
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, outside_document
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.renewals.announcing import draft_coming_notice
from ocop_workflow.web.app import create_app
from tests.documents.nd30 import faults_of
from tests.documents.reading import Read
from tests.documents.stage import AROUND, RICE, Evening
from tests.factories import SENDER, rows
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from ocop_workflow.documents.drafting import DraftedFile

TEXTS = Path(__file__).parent / "texts"
CONCLUDED = {
    "ground": "b",
    "conclusion_number": "41/KL-CCPTNT",
    "conclusion_date": "2026-12-01",
    "conclusion_body": "Chi cục Phát triển nông thôn tỉnh Ví Dụ",
    "conclusion": "hồ sơ chất lượng không còn được duy trì.",
}
DECIDED = {"decision_number": "3011/QĐ-UBND", "decision_date": "2026-12-10", "signer": "Chủ tịch UBND tỉnh"}

#: as the tests call a document of a revocation, as addresses do
KINDS = {"decision": "revocation", "notice": "revocation-notice", "letter": "revocation-letter"}


def step(evening: Evening, event: str, on: date, data: dict[str, Any]) -> None:
    evening.clock.move_to(on)
    with evening.database.write() as tx:
        order = Order(RICE, event, evening.actor("thu"), data, on)
        advance(tx, order, sender=SENDER, today=on, now=evening.clock.now())


def number_of(evening: Evening, code: str = RICE) -> int:
    sought = "SELECT c.id FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code"
    ((number,),) = rows(evening.database, sought, code=code)
    return int(number)


def draft(evening: Evening, kind: str, by: str = "thu") -> DraftedFile:
    with evening.database.read() as tx:
        found = draft_of_certificate(
            tx,
            number_of(evening),
            outside_document(KINDS[kind], OF_CERTIFICATE),
            actor=evening.actor(by),
            around=AROUND,
            today=evening.clock.today(),
        )
    return found.written()


def announce(evening: Evening, since: date, until: date, *, unit: str = "vi-du", by: str = "thu") -> bytes:
    with evening.database.read() as tx:
        actor, today = evening.actor(by), evening.clock.today()
        return draft_expiry_notice(tx, ExpirySpan(unit, since, until), actor, today).written().content


def announce_coming(evening: Evening, since: date, until: date, *, by: str = "thu") -> bytes:
    with evening.database.read() as tx:
        actor, today = evening.actor(by), evening.clock.today()
        return draft_coming_notice(tx, ExpirySpan("vi-du", since, until), actor, today).written().content


def expected(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8").rstrip("\n")


@pytest.fixture
def concluded(decided: Evening) -> Evening:
    """A conclusion against the rice of Hòa Sơn, of 1/12/2026."""
    step(decided, "conclude", date(2026, 12, 1), CONCLUDED)
    return decided


@pytest.fixture
def revoked(concluded: Evening) -> Evening:
    """Its certificate is revoked on 10/12/2026."""
    step(concluded, "revoke", date(2026, 12, 10), DECIDED)
    return concluded


@pytest.mark.parametrize(
    ("kind", "signs"),
    [
        ("decision", ("CHỦ TỊCH",)),
        ("notice", ("CHI CỤC TRƯỞNG",)),
        ("letter", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ],
)
def test_a_document_of_a_revocation_says_what_is_on_record(
    revoked: Evening, kind: str, signs: tuple[str, ...]
) -> None:
    content = draft(revoked, kind).content
    assert Read(content).text == expected(f"revocation-{kind}")
    assert faults_of(content, signs=signs) == []
    assert content == draft(revoked, kind).content


def test_before_the_decision_its_number_and_day_are_blanks_and_nothing_else_is_drafted(
    concluded: Evening,
) -> None:
    text = Read(draft(concluded, "decision").content).text
    assert "3011" not in text
    assert "Số: ……/QĐ-UBND" in text
    for kind in ("notice", "letter"):
        with pytest.raises(Conflict, match="the decision is not on record"):
            draft(concluded, kind)


def test_without_a_conclusion_there_is_nothing_to_draft(decided: Evening) -> None:
    with pytest.raises(Conflict, match="No conclusion against the certificate"):
        draft(decided, "decision")


def test_only_whoever_runs_sessions_there_drafts_it_and_only_what_there_is(revoked: Evening) -> None:
    for login in ("mai", "hung"):
        with pytest.raises(NotPermitted):
            draft(revoked, "decision", by=login)
        with pytest.raises(NotPermitted):
            announce(revoked, date(2029, 1, 1), date(2029, 12, 31), by=login)
    with pytest.raises(NotFound):
        outside_document("minutes", OF_CERTIFICATE)
    with pytest.raises(NotFound):
        announce(revoked, date(2029, 1, 1), date(2029, 12, 31), unit="nowhere")


def test_the_notice_of_what_ran_out_counts_by_decision_and_lists_by_star(revoked: Evening) -> None:
    revoked.clock.move_to(date(2030, 1, 10))
    content = announce(revoked, date(2029, 1, 1), date(2029, 12, 31))
    assert Read(content).text == expected("expiry-notice")
    assert faults_of(content, signs=("CHI CỤC TRƯỞNG",)) == []


def test_it_announces_nothing_where_nothing_ran_out(revoked: Evening) -> None:
    revoked.clock.move_to(date(2029, 11, 25))  # the last day: they still run
    with pytest.raises(Conflict, match="without a new rating"):
        announce(revoked, date(2029, 1, 1), date(2029, 12, 31))
    with pytest.raises(InvalidInput):
        announce(revoked, date(2029, 12, 31), date(2029, 1, 1))


@pytest.mark.alike
def test_they_come_over_http(revoked: Evening) -> None:
    app = create_app(application_on(revoked.database, revoked.clock))
    with revoked.database.write() as tx:
        token = create_token(tx, HOST, TokenOrder("thu", Scope.READ, 30), now=revoked.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(app) as client:
        path = f"/api/v1/certificates/{number_of(revoked)}/documents"
        given = client.get(f"{path}/revocation", headers=headers)
        assert given.content == draft(revoked, "decision").content
        assert client.get(f"{path}/minutes", headers=headers).status_code == 422
        asked = {"unit": "vi-du", "since": "2029-01-01", "until": "2029-12-31"}
        none = client.get("/api/v1/certificates/expired/notice", params=asked, headers=headers)
        assert none.status_code == 409


# -- what is about to run out ------------------------------------------------------------------------

YEAR_OF_THE_END = date(2029, 1, 1), date(2029, 12, 31)


def test_who_can_still_be_saved_is_told_by_when(revoked: Evening) -> None:
    revoked.clock.move_to(date(2029, 6, 10))
    content = announce_coming(revoked, *YEAR_OF_THE_END)
    assert Read(content).text == expected("ending-notice")
    assert faults_of(content, signs=("CHI CỤC TRƯỞNG",)) == []


def test_past_the_day_to_file_it_says_so_and_past_the_end_nothing(revoked: Evening) -> None:
    revoked.clock.move_to(date(2029, 8, 1))
    assert "đã quá ngày 28/07/2029; nộp ngay" in Read(announce_coming(revoked, *YEAR_OF_THE_END)).text
    revoked.clock.move_to(date(2029, 11, 26))
    with pytest.raises(Conflict) as refused:
        announce_coming(revoked, *YEAR_OF_THE_END)
    assert refused.value.text.vi == (
        "Không có giấy chứng nhận nào của Tỉnh Ví Dụ hết hạn từ 01/01/2029 đến 31/12/2029 mà còn chờ nộp hồ "
        "sơ đánh giá lại."
    )


def test_only_whoever_runs_sessions_there_tells_it(revoked: Evening) -> None:
    revoked.clock.move_to(date(2029, 6, 10))
    for login in ("mai", "hung"):
        with pytest.raises(NotPermitted):
            announce_coming(revoked, *YEAR_OF_THE_END, by=login)
