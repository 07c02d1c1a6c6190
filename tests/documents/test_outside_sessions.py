"""Documents outside sessions: decided elsewhere, scored on paper, or known by the register alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.outside.drafting import (
    draft_of_certificate,
    draft_of_product,
    list_certificate_documents,
    list_product_documents,
)
from ocop_workflow.documents.outside.filing import OutsideOrder, file_outside
from ocop_workflow.documents.outside.kinds import (
    OF_CERTIFICATE,
    OF_PRODUCT,
    OF_REVOCATION,
    OutsideDocument,
    outside_document,
)
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.errors import Conflict, NotFound, NotPermitted
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officers import add_officer
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from tests.documents.nd30 import faults_of
from tests.documents.reading import Read
from tests.documents.stage import RICE
from tests.factories import SENDER, rows, write
from tests.fakes import VIETNAM
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.documents.outside.views import OutsideDocumentsView
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.documents.stage import Evening
    from tests.fakes import FixedClock

TEXTS = Path(__file__).parent / "texts"
ONE, TWO = "DP24-001", "DP24-002"
PAPER = {"number": "88/BB-HĐ", "date": "2024-12-10", "signer": "Chủ tịch Hội đồng tỉnh"}
CERTIFIED = {
    "decision_number": "99/QĐ-UBND",
    "decision_date": "2024-12-12",
    "signer": "Chủ tịch UBND tỉnh",
    "published_on": "2024-12-12",
}
NEAR = Surroundings(VIETNAM)
PUBLIC = Surroundings(VIETNAM, public_address="https://ocop.vi-du.example")
PAST = {
    "unit": "pho-an",
    "product": "Mắm cái",
    "producer": "HTX Nhà Nông",
    "issuer": "UBND thị xã Đức Phổ",
    "signer": "Chủ tịch UBND thị xã",
    "evidence": "A",
    "source": "https://duc-pho.example/qd-77",
    "certificate": {
        "star": 3,
        "number": "77/QĐ-UBND",
        "decided_on": "2022-06-01",
        "valid_until": "2025-06-01",
    },
}


def expected(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8").rstrip("\n")


def do(database: Database, clock: FixedClock, code: str, event: str, **data: Any) -> None:  # noqa: ANN401 - event data
    with database.write() as tx:
        order = Order(code, event, acting(database, "minh"), data)
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def of_certificate(
    database: Database,
    clock: FixedClock,
    kind: str,
    number: int = 1,
    by: str = "minh",
    around: Surroundings = NEAR,
) -> bytes:
    wanted = outside_document(kind, OF_CERTIFICATE)
    with database.read() as tx:
        drafted = draft_of_certificate(
            tx, number, wanted, actor=acting(database, by), around=around, today=clock.today()
        )
    return drafted.written().content


def of_product(database: Database, clock: FixedClock, kind: str, code: str, by: str = "minh") -> bytes:
    wanted = outside_document(kind, OF_PRODUCT)
    with database.read() as tx:
        drafted = draft_of_product(
            tx, code, wanted, actor=acting(database, by), around=NEAR, today=clock.today()
        )
    return drafted.written().content


def listed(database: Database, number: int = 1, by: str = "minh") -> OutsideDocumentsView:
    with database.read() as tx:
        return list_certificate_documents(tx, number, acting(database, by), date(2024, 12, 12))


@pytest.fixture
def sent_up(seeded: Database, clock: FixedClock, memory: Memory) -> Database:
    """A product with 75 points, typed from paper, that the town has sent up; its officers."""

    def deed() -> None:
        walk_to(seeded, clock, ONE, "commune_evaluate")
        step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="75")
        step(seeded, clock, ONE, "escalate", date(2024, 11, 25))
        appoint(seeded, clock)

    memory.lead(seeded, ("sent up outside sessions", clock.instant), deed)
    clock.move_to(date(2024, 12, 12), hour=9)
    return seeded


@pytest.fixture
def recognised(sent_up: Database, clock: FixedClock, memory: Memory) -> Database:
    """What the province, which has nobody here, has made of it: four stars, from its papers."""

    def deed() -> None:
        scored = {"session_date": "2024-12-10", "mean": "75", "paper": PAPER}
        do(sent_up, clock, ONE, "score_province", **scored)
        do(sent_up, clock, ONE, "certify", **CERTIFIED)

    memory.lead(sent_up, ("recognised outside", clock.instant), deed)
    return sent_up


# -- a level outside ---------------------------------------------------------------------------------


def test_a_decision_of_a_level_outside_is_drafted_from_what_its_paper_says(
    recognised: Database, clock: FixedClock
) -> None:
    content = of_certificate(recognised, clock, "decision")
    assert Read(content).text == expected("outside-decision")
    assert faults_of(content, signs=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")) == []


def test_its_notice_and_certificate_say_points_star_and_last_day(
    recognised: Database, clock: FixedClock
) -> None:
    notice = of_certificate(recognised, clock, "notice")
    assert Read(notice).text == expected("outside-notice")
    assert faults_of(notice) == []
    assert Read(of_certificate(recognised, clock, "certificate")).text == expected("outside-certificate")


def test_the_list_says_that_the_decision_was_issued_on_paper(recognised: Database) -> None:
    found = listed(recognised)
    outside = ("cấp tỉnh chưa dùng hệ thống, đã ban hành trên giấy: bản này chỉ để đối chiếu",)
    assert {line.kind.value: (line.ready, line.lacks) for line in found.documents} == {
        "decision": (True, outside),
        "certificate": (True, outside),
        "notice": (True, ()),
        "extract": (True, ()),
    }
    assert found.session is None


def test_products_of_one_decision_stand_in_one_list_each_kind_apart(
    recognised: Database, clock: FixedClock
) -> None:
    for code in (TWO,):
        for event in ("register", "select", "start_consulting", "commune_evaluate"):
            step(recognised, clock, code, event, clock.today())
        step(recognised, clock, code, "score_district", clock.today(), mean="75")
        step(recognised, clock, code, "escalate", clock.today())
    scored = {"session_date": "2024-12-12", "mean": "72", "paper": {**PAPER, "date": "2024-12-12"}}
    do(recognised, clock, TWO, "score_province", **scored)
    do(recognised, clock, TWO, "certify", **CERTIFIED)
    text = Read(of_certificate(recognised, clock, "decision", 2)).text
    assert "Công nhận 02 sản phẩm OCOP của tỉnh Quảng Ngãi (02 sản phẩm 4 sao)" in text
    assert text == Read(of_certificate(recognised, clock, "decision", 1)).text


def test_the_same_is_drafted_again_to_the_byte(recognised: Database, clock: FixedClock) -> None:
    for kind in set(OF_CERTIFICATE) - set(OF_REVOCATION):
        first, again = (of_certificate(recognised, clock, kind.value) for _ in range(2))
        assert first == again, kind


# -- upward, and not recognised ----------------------------------------------------------------------


def test_a_letter_goes_up_without_a_session(sent_up: Database, clock: FixedClock) -> None:
    content = of_product(sent_up, clock, "letter-up", ONE)
    assert Read(content).text == expected("outside-letter-up")
    assert faults_of(content, signs=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")) == []
    assert (
        "hồ sơ được chuyển Ủy ban nhân dân tỉnh Quảng Ngãi"
        in Read(of_product(sent_up, clock, "notice", ONE)).text
    )
    with pytest.raises(Conflict, match="does not issue it here under qd-148-2023"):
        of_product(sent_up, clock, "approval", ONE)


def test_who_was_not_recognised_is_told_what_was_missed(sent_up: Database, clock: FixedClock) -> None:
    for event in ("register", "select", "start_consulting", "commune_evaluate"):
        step(sent_up, clock, TWO, event, clock.today())
    step(sent_up, clock, TWO, "score_district", clock.today(), mean="45", gates_met=2)
    step(sent_up, clock, TWO, "reject", clock.today())
    content = of_product(sent_up, clock, "notice", TWO)
    assert Read(content).text == expected("outside-notice-rejected")
    assert faults_of(content) == []
    with pytest.raises(Conflict, match="was not sent up"):
        of_product(sent_up, clock, "letter-up", TWO)


def test_a_product_that_is_still_on_its_way_has_none(sent_up: Database) -> None:
    with sent_up.read() as tx:
        found = list_product_documents(tx, TWO, acting(sent_up, "minh"), date(2024, 12, 12))
    assert {line.lacks for line in found.documents} == {
        ("hồ sơ này chưa chuyển cấp trên, cũng chưa bị từ chối",)
    }


# -- the register ------------------------------------------------------------------------------------


@pytest.fixture
def entered(seeded: Database, clock: FixedClock) -> Database:
    """A certificate of before, entered with its decision."""
    appoint(seeded, clock)
    with seeded.write() as tx:
        enter_certificate(tx, Entering(acting(seeded, "minh"), PAST, clock.today(), clock.now()), "vi")
    return seeded


def test_what_came_in_by_the_register_has_an_extract_that_says_what_it_is(
    entered: Database, clock: FixedClock
) -> None:
    read = Read(of_certificate(entered, clock, "extract", by="lan"))
    assert read.text == expected("extract")
    assert "★" not in read.text
    for kind in ("decision", "certificate", "notice"):
        with pytest.raises(Conflict, match="only an extract can be drafted"):
            of_certificate(entered, clock, kind)


def test_whoever_holds_an_extract_finds_the_page_that_says_whether_it_still_holds(
    entered: Database, clock: FixedClock
) -> None:
    (token,) = rows(entered, "SELECT token FROM certificates")[0]
    read = Read(of_certificate(entered, clock, "extract", around=PUBLIC))
    assert f'descr="https://ocop.vi-du.example/c/{token}"' in read.parts["word/document.xml"].decode()


def test_an_extract_says_that_it_holds_no_longer(entered: Database, clock: FixedClock) -> None:
    clock.move_to(date(2025, 7, 1))
    text = Read(of_certificate(entered, clock, "extract")).text
    assert "Tình trạng ngày 01/07/2025: hết hạn" in text
    write(
        entered,
        "UPDATE certificates SET ended_on = '2024-09-01', ended_because = 'revoked', ended_by = 'UBND'",
    )
    text = Read(of_certificate(entered, clock, "extract")).text
    assert "Tình trạng ngày 01/07/2025: bị thu hồi từ ngày 01/09/2024" in text


def test_of_what_nobody_has_confirmed_there_is_no_extract(entered: Database, clock: FixedClock) -> None:
    write(entered, "UPDATE certificates SET standing = 'proposed'")
    with pytest.raises(Conflict, match="its level has not confirmed it"):
        of_certificate(entered, clock, "extract")


# -- who may, and what is refused --------------------------------------------------------------------


def test_only_the_level_that_decides_or_the_authority_for_it_drafts(
    recognised: Database, clock: FixedClock
) -> None:
    for login in ("quan", "vinh", "binh"):
        with pytest.raises(NotPermitted):
            of_certificate(recognised, clock, "decision", by=login)
        assert {line.kind.value for line in listed(recognised, by=login).documents if line.ready} == {
            "extract"
        }
    with pytest.raises(NotFound):
        of_certificate(recognised, clock, "extract", by="lan")  # of another ward
    with pytest.raises(NotPermitted):
        of_product(recognised, clock, "letter-up", ONE, by="quan")
    with pytest.raises(NotFound):
        of_product(recognised, clock, "letter-up", ONE, by="lan")


def test_what_a_session_has_found_is_drafted_there(decided: Evening) -> None:
    ((number,),) = rows(
        decided.database,
        "SELECT c.id FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code",
        code=RICE,
    )
    with decided.database.read() as tx:
        found = list_certificate_documents(tx, number, decided.actor("thu"), decided.clock.today())
        assert found.session == 1
        assert {line.kind.value for line in found.documents if line.ready} == {"extract"}
        with pytest.raises(Conflict, match="found in session 1: draft it there"):
            draft_of_certificate(
                tx,
                number,
                OutsideDocument.DECISION,
                actor=HOST,
                around=NEAR,
                today=decided.clock.today(),
            )


def test_a_kind_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="there are: approval, letter-up, notice"):
        outside_document("certificate", OF_PRODUCT)


def test_what_is_filed_is_for_those_who_draft_it_and_taken_where_it_lies(
    recognised: Database, clock: FixedClock
) -> None:
    with recognised.write() as tx:
        done = [
            file_outside(
                tx,
                OutsideOrder(kind, certificate=1),
                Issue("99/QĐ-UBND", date(2024, 12, 12), "Chủ tịch UBND tỉnh"),
                KeptFile("ky.pdf", 9, "ab" * 32, FileKind.PDF),
                actor=acting(recognised, "minh"),
                around=NEAR,
                today=clock.today(),
                now=clock.now(),
            )
            for kind in (OutsideDocument.DECISION, OutsideDocument.CERTIFICATE)
        ]
        add_officer(tx, HOST, "xem", "Xem", Role.VIEWER, "duc-pho", now=clock.now())
    assert [one.issued for one in listed(recognised).documents if one.issued] == done
    assert [one.issued for one in listed(recognised, by="xem").documents if one.issued] == []
    with pytest.raises(Conflict, match="was issued as 99/QĐ-UBND"):
        of_certificate(recognised, clock, "decision")
