"""A council's evening on pages: the secretary runs it, members score, the chair looks on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.councils.stage import MEMBERS, PASSWORD, appoint_council, evaluated
from tests.factories import rows
from tests.stories.journeys import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

    Visits = Callable[[str], Visitor]

ONE = "DP24-002"
DAY = date(2024, 11, 20)
SESSION = "/sessions/1"
PRODUCT = f"{SESSION}/products/{ONE}"


@pytest.fixture
def council(seeded: Database, clock: FixedClock, visitor: Visits) -> Visits:
    """The council's people have accounts, one product has come so far; it is two days before the session."""
    appoint_council(seeded, clock)
    clock.move_to(date(2024, 10, 1))
    evaluated(seeded, clock, ONE)
    clock.move_to(DAY - timedelta(days=2))
    return visitor


def founded(visits: Visits) -> Visitor:
    """Let the secretary found the council and seat everybody."""
    secretary = visits("secretary")
    page = secretary.open("/councils/new")
    page = secretary.fill(
        page, "/councils/new", unit="duc-pho", decision_number="9/QĐ", decided_on="2024-10-02"
    )
    for login in (*MEMBERS, "secretary"):
        duty = "chair" if login == "chair" else "secretary" if login == "secretary" else "member"
        page = secretary.fill(page, "/councils/1/members", login=login, duty=duty, position="Phòng Y tế")
    return secretary


def opened(visits: Visits, clock: FixedClock, *absent: str) -> Visitor:
    """Let the secretary prepare the session, and open it on its day."""
    secretary = founded(visits)
    page = secretary.open("/sessions/new")
    page = secretary.fill(page, "/sessions/new", name="Phiên 1", held_on="2024-11-20")
    page = secretary.fill(page, f"{SESSION}/products", codes=ONE.lower())
    page = secretary.fill(page, f"{SESSION}/dossiers", on="2024-11-18")
    clock.move_to(DAY)
    secretary = visits("secretary")  # who was signed in two days ago is so no more
    page = secretary.open(SESSION)
    here = [str(number) for number, login in enumerate(MEMBERS, 1) if login not in absent]
    fields = page.form(f"{SESSION}/attendance").fields
    secretary.send(f"{SESSION}/attendance", {**fields, "present": here})
    page = secretary.fill(secretary.open(SESSION), f"{SESSION}/opening")
    assert "đang họp" in page.text
    return secretary


def test_an_evening_from_founding_to_the_products_score(
    council: Visits, clock: FixedClock, seeded: Database
) -> None:
    secretary = opened(council, clock)
    for login in MEMBERS:
        member = council(login)
        today = member.open("/")
        assert "còn 1 sản phẩm chờ phiếu của anh/chị" in today.text
        page = member.open(f"{PRODUCT}/sheet")
        assert "Còn 3 tiêu chí chưa chấm" in page.text
        page = member.fill(page, f"{PRODUCT}/sheet", **{"parts.A": "30", "parts.B": "20", "parts.C": "20"})
        assert "Đã chấm đủ: 70 điểm" in page.text
        page = member.fill(page, f"{PRODUCT}/sheet/sign", password=PASSWORD)
    product = secretary.open(f"/products/{ONE}")
    assert (PRODUCT in product.links, f"/products/{ONE}/events/score_district" in product.links) == (
        True,
        False,
    )
    page = secretary.open(PRODUCT)
    assert "Đã ký 9 trên 9 phiếu." in page.text
    assert "70 điểm" not in page.text
    page = secretary.fill(page, f"{PRODUCT}/closing")
    assert "4 sao" in page.text
    assert "Trung bình 70,00 điểm của 9 phiếu (số đúng: 70)" in page.text
    page = secretary.fill(page, f"{PRODUCT}/confirmation")
    assert "đã xác nhận kết quả" in page.text
    assert state_of(seeded, ONE) == "district_scored"
    page = secretary.fill(secretary.open(SESSION), f"{SESSION}/closing")
    assert "Phiên đã bế mạc." in page.text
    chair = council("chair").open(SESSION)
    assert "Nên xem lại" in chair.text
    assert "các phiếu giống nhau" not in chair.text  # sheets by parts say too little for that


def test_each_button_saves_one_choice_with_its_time(
    council: Visits, clock: FixedClock, seeded: Database
) -> None:
    opened(council, clock)
    with seeded.write() as tx:  # as if the product were scored by a set
        tx.exec_driver_sql("UPDATE session_products SET product_set = 16, regulation = 'qd-26-2026'")
    member = council("m1")
    page = member.open(f"{PRODUCT}/sheet")
    assert "còn 29 tiêu chí" in page.text
    page = member.fill(page, f"{PRODUCT}/sheet", press="choices.1.1=3")
    assert "đã lưu lúc 06:00 20/11/2024" in page.text
    assert "còn 28 tiêu chí" in page.text
    page = member.fill(page, f"{PRODUCT}/sheet", press="choices.1.2=null", **{"knockouts.set": "trùng tên"})
    assert rows(seeded, "SELECT place FROM sheet_entries ORDER BY place") == [
        ("choices.1.1",),
        ("choices.1.2",),
        ("knockouts.set",),
    ]
    assert "trùng tên" in page.html
    page = member.fill(page, f"{PRODUCT}/sheet", press="choices.1.1=99")
    assert "phải là mức từ 1 đến" in page.text


def test_what_stands_in_the_way_is_said_where_it_is_pressed(council: Visits) -> None:
    secretary = founded(council)
    page = secretary.open("/sessions/new")
    page = secretary.fill(page, "/sessions/new", name="Phiên 1", held_on="2024-11-20")
    page = secretary.fill(page, f"{SESSION}/opening")
    assert "chưa có sản phẩm nào để chấm" in page.text
    assert "chưa gửi hồ sơ cho thành viên" in page.text
    assert "chủ tịch Hội đồng chưa có mặt" in page.text
    page = secretary.fill(page, f"{SESSION}/products", codes="DP24-003 DP99-001")
    assert "đang ở “Ý tưởng”, chưa đến lượt hội đồng này chấm" in page.text
    member = council("m1")
    assert "không có quyền" in member.open("/sessions/new").text


def test_a_member_with_a_conflict_or_a_wrong_password_hears_why(council: Visits, clock: FixedClock) -> None:
    opened(council, clock)
    member = council("m2")
    page = member.open(f"{PRODUCT}/sheet")
    page = member.fill(page, f"{PRODUCT}/sheet", **{"parts.A": "30", "parts.B": "20", "parts.C": "20"})
    page = member.fill(page, f"{PRODUCT}/sheet/sign", password="không nhớ")  # noqa: S106 - a wrong one
    assert "mật khẩu hoặc mã không đúng" in page.text
    page = member.fill(member.open(SESSION), f"{PRODUCT}/conflicts", reason="chủ thể là em trai")
    assert "M2 không chấm: chủ thể là em trai" in page.text
    assert "Đã khai xung đột lợi ích" in member.open(f"{PRODUCT}/sheet").text


def test_a_sheet_on_paper_is_typed_by_two(council: Visits, clock: FixedClock) -> None:
    secretary = opened(council, clock)
    for login in MEMBERS[:-1]:
        member = council(login)
        page = member.open(f"{PRODUCT}/sheet")
        page = member.fill(page, f"{PRODUCT}/sheet", **{"parts.A": "30", "parts.B": "20", "parts.C": "20"})
        member.fill(page, f"{PRODUCT}/sheet/sign", password=PASSWORD)
    page = secretary.fill(secretary.open(PRODUCT), f"{PRODUCT}/closing")
    assert "Nhập phiếu của M7" in page.text
    paper = f"{PRODUCT}/paper/9"
    said = {"parts.A": "31", "parts.B": "20", "parts.C": "20", "shelf": "tủ 3"}
    page = secretary.fill(secretary.open(paper), paper, **said)
    assert "Đã nhập phiếu; chờ cán bộ thứ hai nhập." in page.text
    clerk = council("clerk")
    page = clerk.fill(clerk.open(paper), paper, **{**said, "parts.A": "13"})
    assert "Hai bản nhập khác nhau ở: parts.A." in page.text
    page = clerk.fill(clerk.open(paper), paper, **said)
    assert "Hai bản nhập khớp nhau: phiếu giấy được tính." in page.text
    assert "M7 · ủy viên · 71 điểm" in page.text
    assert "ký trên giấy" in page.text
