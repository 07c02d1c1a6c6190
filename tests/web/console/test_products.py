"""The pages of products: found, shown, moved on, taken back, entered, corrected, many at once."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, act, rows
from tests.stories.journeys import state_of, walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Page, Visitor

REGISTER = "/products/DP24-002/events/register"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


@pytest.fixture
def minh(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("minh")


def codes(page: Page) -> list[str]:
    found = [link.removeprefix("/products/") for link in page.links if link.startswith("/products/DP24-")]
    return list(dict.fromkeys(code for code in found if "/" not in code))


# -- two clicks --------------------------------------------------------------------------------


def test_a_late_product_is_registered_in_two_clicks_from_today(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 5, 2))
    lan = visitor("lan")
    today = lan.open("/")
    assert "trễ 2 ngày (30/4/2024)" in today.text
    first = next(link for link in today.links if link.endswith("/events/register"))
    form = lan.open(first)
    done = lan.fill(form, first, group="food")
    assert (done.path, "Đã ghi nhận." in done.text) == (
        f"{first.partition('/events')[0]}?done=register",
        True,
    )
    assert state_of(seeded, "DP24-002") == "registered"


def test_what_is_wrong_is_said_on_top_at_its_field_and_in_the_title_and_nothing_is_lost(
    lan: Visitor, seeded: Database
) -> None:
    wrong = lan.fill(lan.open(REGISTER), REGISTER, group="food", on="2024-05-30", note="lần một")
    assert (wrong.status, wrong.title) == (422, "Lỗi: Đăng ký ý tưởng: Khô Bò – OCOP")
    assert "Ngày thực hiện: 30/05/2024 còn ở tương lai" in wrong.text
    assert wrong.links[wrong.links.index("#f-on")] == "#f-on"
    fields = wrong.form(REGISTER).fields
    assert (fields["group"], fields["on"], fields["note"]) == ("food", "2024-05-30", "lần một")
    assert state_of(seeded, "DP24-002") == "idea"


def test_a_day_that_is_none_is_refused_in_words(lan: Visitor) -> None:
    wrong = lan.fill(lan.open(REGISTER), REGISTER, group="food", on="hôm qua")
    assert (wrong.status, "không phải ngày; viết như 30/11/2024" in wrong.text) == (422, True)
    assert lan.fill(wrong, REGISTER, group="food", on="22/04/2024").path.endswith("?done=register")


def test_the_second_of_two_sees_what_the_first_did_and_can_go_on(
    lan: Visitor, minh: Visitor, seeded: Database
) -> None:
    withdraw = "/products/DP24-002/events/withdraw"
    seen = minh.open(withdraw)
    lan.fill(lan.open(REGISTER), REGISTER, group="food")
    late = minh.fill(seen, withdraw, reason="chủ thể thôi làm")
    assert late.status == 412
    assert "Từ lúc bạn mở trang, người khác đã: Đăng ký ý tưởng · lan" in late.text
    assert late.form(withdraw).fields["reason"] == "chủ thể thôi làm"
    check = minh.fill(late, withdraw)
    assert check.title == "Kiểm tra trước khi ghi: Rút – OCOP"
    assert state_of(seeded, "DP24-002") == "registered"
    minh.fill(check, withdraw, confirmed="1")
    assert state_of(seeded, "DP24-002") == "withdrawn"


def test_sent_twice_it_happens_once(lan: Visitor, seeded: Database) -> None:
    fields = {**lan.open(REGISTER).form(REGISTER).fields, "group": "food"}
    first, second = (lan.send(REGISTER, dict(fields)) for _ in range(2))
    assert (first.status, second.status) == (200, 412)
    assert rows(seeded, "SELECT COUNT(*) FROM transitions") == [(1,)]


def test_the_last_step_is_taken_back_with_a_reason(lan: Visitor, seeded: Database) -> None:
    lan.fill(lan.open(REGISTER), REGISTER, group="food")
    asked = lan.open("/products/DP24-002/undo")
    assert "Đăng ký ý tưởng · 23/4/2024 · lan" in asked.text
    empty = lan.fill(asked, "/products/DP24-002/undo")
    assert (empty.status, state_of(seeded, "DP24-002")) == (422, "registered")
    done = lan.fill(asked, "/products/DP24-002/undo", reason="nhầm sản phẩm")
    assert (done.path, state_of(seeded, "DP24-002")) == ("/products/DP24-002?done=undone", "idea")
    assert "Hoàn tác: Đăng ký ý tưởng" in done.text


def test_the_page_tells_from_where_to_where_and_which_letters_have_gone_out(
    lan: Visitor, visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    done = lan.fill(lan.open(REGISTER), REGISTER, group="food")
    assert "Ý tưởng → Đã đăng ký" in done.text
    ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE address = 'pho-an@duc-pho.example'")
    assert f"/letters/{number}" in done.links
    assert "5 việc sắp đến hạn – UBND xã Phổ An, ngày 23/04/2024" in done.text
    assert f"/letters/{number}" not in visitor("minh").open("/products/DP24-001").links


def test_a_form_asks_only_for_what_is_missing(
    lan: Visitor, minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    asked = lan.open(REGISTER).form(REGISTER).fields
    assert ("group" in asked, "producer" in asked) == (True, False)  # the record knows the producer
    for code in ("DP24-002",):
        act(seeded, clock, code, "register")
        act(seeded, clock, code, "select")
        act(seeded, clock, code, "start_consulting")
    evaluate = "/products/DP24-002/events/commune_evaluate"
    form = lan.open(evaluate)
    assert {"report_number", "report_date", "contents.material", "contents.identity"} <= set(
        form.form(evaluate).fields
    )
    done = lan.fill(
        form,
        evaluate,
        report_number="12/BC-UBND",
        report_date="2024-04-23",
        **{f"contents.{part}": "tại xã" for part in ("material", "labour", "idea", "identity")},
    )
    assert done.path == "/products/DP24-002?done=commune_evaluate", done.text
    refused = minh.open("/products/DP24-002/events/certify")
    assert "Lúc này chưa làm được bước này" in refused.text


def test_a_score_is_taken_with_a_comma_and_sheets_by_semicolons(
    minh: Visitor, visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    for event in ("register", "select", "start_consulting"):
        act(seeded, clock, "DP24-002", event)
    data = {
        "report_number": "1/BC",
        "report_date": "2024-04-23",
        "contents": dict.fromkeys(("material", "labour", "idea", "identity"), "có"),
    }
    act(seeded, clock, "DP24-002", "commune_evaluate", data)
    score, thu = "/products/DP24-002/events/score_district", visitor("thu")
    form = thu.open(score)
    both = thu.fill(form, score, session_date="2024-04-23", mean="65,5", sheets="65; 66")
    assert (both.status, "chỉ ghi một trong hai" in both.text) == (422, True)
    done = thu.fill(form, score, session_date="2024-04-23", sheets="65; 66,5; 65")
    assert "Điểm 65,5" in done.text
    assert minh.open("/products/DP24-002").status == 200


# -- one product -------------------------------------------------------------------------------


def test_a_product_says_where_it_stands_what_is_due_and_why(
    lan: Visitor, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    page = lan.open("/products/DP24-002")
    assert 'aria-current="step">Ý tưởng' in page.html
    assert "Đăng ký ý tưởng sản phẩm: còn 7 ngày (30/4/2024)" in page.text
    for words in ("III.1.b", "“Thời gian thực hiện: Tháng 3 – 4 năm 2024.”", "D-7: Xã Phổ An, 23/4/2024"):
        assert words in page.text
    assert "/products/DP24-002/events/register" in page.links


def test_a_flag_is_noted_and_a_question_answered_on_its_page(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    lan, minh = visitor("lan"), visitor("minh")
    page = minh.open("/products/DP24-002")
    note = next(form.action for form in page.forms if form.action.endswith("/acknowledge"))
    assert "đã có người nhận biết" in minh.fill(page, note).text
    page = lan.open("/products/DP24-002")
    assert not [form for form in page.forms if form.action.endswith("/acknowledge")]
    question = next(form.action for form in page.forms if "/questions/" in form.action)
    answered = lan.fill(page, question, answer="là hai sản phẩm")
    assert "là hai sản phẩm" in answered.text
    assert rows(seeded, "SELECT answered_by FROM questions WHERE answer IS NOT NULL") == [("lan",)]


# -- lists -------------------------------------------------------------------------------------


def test_a_list_shows_what_its_address_asks_for(minh: Visitor, seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-003", "register")
    assert codes(minh.open("/products?state=registered")) == ["DP24-003"]
    assert codes(minh.open("/products?q=kho+bo")) == ["DP24-002", "DP24-006"]
    assert codes(minh.open("/products?unit=pho-khanh&state=&q=")) == ["DP24-011"]
    assert codes(minh.open("/products?turn=mine")) == ["DP24-003"]
    assert len(codes(minh.open("/products?due=week"))) == 13
    assert codes(minh.open("/products?q=dp24-01")) == [f"DP24-01{n}" for n in range(5)]
    assert codes(minh.open("/products?q=quoc+viet")) == [f"DP24-00{n}" for n in range(2, 7)]  # a producer
    nothing = minh.open("/products?q=nothing")
    assert "Không có sản phẩm nào như vậy." in nothing.text
    assert minh.open("/products?turn=both").status == 422
    assert minh.open("/products?unit=nowhere").status == 422


def test_each_block_of_today_leads_to_exactly_its_set(
    minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    today = minh.open("/")
    block = next(link for link in today.links if "turn=others" in link)
    assert "Xem tất cả 13" in today.text
    assert len(codes(minh.open(block))) == 13
    for figure in ("live", "under_way", "recognised"):
        count = len(codes(minh.open(f"/products?state={figure}")))
        assert count == {"live": 14, "under_way": 14, "recognised": 0}[figure]


def test_the_board_has_a_column_for_each_state_with_its_count(
    minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    board = minh.open("/products/board")
    assert board.headings[1:] == ["Ý tưởng", "Đã đăng ký"]
    assert "Xem tất cả 13" in board.text  # eight cards, and the way to all of them


def test_the_files_hold_what_the_list_shows(minh: Visitor, seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-003", "register")
    answer = minh.client.get("/products.csv?unit=pho-an&sort=code")
    assert answer.content.startswith(b"\xef\xbb\xbf")  # Excel knows it by that
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == [f"DP24-{number:03}" for number in range(2, 7)]
    assert table[2][6] == "Đã đăng ký"
    book = openpyxl.load_workbook(io.BytesIO(minh.client.get("/products.xlsx?unit=pho-an").content))
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows(min_row=2, max_row=2))][:2] == ["DP24-002", "Khô Bò"]
    assert sheet.cell(2, 12).value.date() == date(2024, 4, 30)  # type: ignore[union-attr]  # a day is a day
    assert sheet.freeze_panes == "C2"


def test_no_name_steers_the_program_that_opens_a_file(lan: Visitor, seeded: Database) -> None:
    edit = "/products/DP24-002/edit"
    lan.fill(lan.open(edit), edit, name="=HYPERLINK(A1)")
    assert rows(seeded, "SELECT name FROM products WHERE code = 'DP24-002'") == [("=HYPERLINK(A1)",)]
    assert "'=HYPERLINK(A1)" in lan.client.get("/products.csv?q=hyperlink").text
    book = openpyxl.load_workbook(io.BytesIO(lan.client.get("/products.xlsx?q=hyperlink").content))
    assert book.active is not None
    assert book.active["B2"].data_type == "s"


# -- many at once ------------------------------------------------------------------------------


def test_many_are_chosen_looked_at_row_by_row_and_moved_on_together(
    minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    for code in ("DP24-002", "DP24-003"):
        act(seeded, clock, code, "register")
    token = minh.open("/products").form("/products/bulk").fields["form"]
    chosen: dict[str, str | list[str]] = {
        "form": token,
        "code": ["DP24-002", "DP24-003", "DP24-004"],
        "event": "select",
    }
    both: dict[str, str | list[str]] = {**chosen, "code": ["DP24-002", "DP24-003"], "on": "2024-04-23"}
    form = minh.send("/products/bulk", chosen)
    assert "3 sản phẩm đã chọn" in form.text
    look = minh.send("/products/bulk/preview", {**chosen, "on": "2024-04-23"})
    assert "2 làm được, 1 không" in look.text
    assert rows(seeded, "SELECT COUNT(*) FROM products WHERE state = 'selected'") == [(0,)]
    some = minh.send(
        "/products/bulk/preview", {**chosen, "code": ["DP24-002", "DP24-003"], "on": "2024-04-23"}
    )
    done = minh.send(
        "/products/bulk/carry-out",
        {**both, "token": some.form("/products/bulk/carry-out").fields["token"]},
    )
    assert done.path == "/products?state=selected&done=2"
    assert rows(seeded, "SELECT COUNT(*) FROM products WHERE state = 'selected'") == [(2,)]


def test_nothing_chosen_is_said(minh: Visitor) -> None:
    token = minh.open("/products").form("/products/bulk").fields["form"]
    page = minh.send("/products/bulk", {"form": token})
    assert (page.status, "Chưa chọn sản phẩm nào." in page.text) == (422, True)


# -- entering and correcting -------------------------------------------------------------------


def test_a_product_is_entered_once_however_often_its_form_is_sent(lan: Visitor, seeded: Database) -> None:
    form = lan.open("/products/new?plan=duc-pho-2024&unit=pho-an").form("/products/new")
    assert (form.fields["plan"], form.fields["unit"]) == ("duc-pho-2024", "pho-an")
    fields = {**form.fields, "name": "Nước mắm Phổ An", "producer": "HTX Phổ An", "group": "food"}
    first, second = (lan.send("/products/new", dict(fields)) for _ in range(2))
    assert (first.path, second.path) == ("/products/DP24-015?done=entered",) * 2
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(15,)]


def test_a_producer_of_a_known_name_is_asked_about(lan: Visitor, seeded: Database) -> None:
    ((name,),) = rows(
        seeded,
        "SELECT m.name FROM producers m JOIN products p ON p.producer_id = m.id WHERE p.code = 'DP24-002'",
    )
    form = lan.open("/products/new").form("/products/new")
    fields = {**form.fields, "name": "Khô Heo", "producer": name}
    asked = lan.send("/products/new", dict(fields))
    assert (asked.status, "Có phải một trong các chủ thể đã có?" in asked.text) == (409, True)
    again = {**fields, "key": asked.form("/products/new").fields["key"] + "2", "producer_id": "new"}
    assert lan.send("/products/new", again).path == "/products/DP24-015?done=entered"


def test_a_product_without_a_name_is_not_entered(lan: Visitor, seeded: Database) -> None:
    page = lan.fill(lan.open("/products/new"), "/products/new", name="")
    assert (page.status, rows(seeded, "SELECT COUNT(*) FROM products")) == (422, [(14,)])


def test_only_what_was_changed_is_corrected(lan: Visitor, seeded: Database) -> None:
    edit = "/products/DP24-002/edit"
    done = lan.fill(lan.open(edit), edit, address="Thôn An Thạch")
    assert done.path == "/products/DP24-002?done=edited"
    told = rows(seeded, "SELECT \"after\" FROM audit WHERE action = 'product.edit'")
    assert len(told) == 1
    assert "name" not in str(told[0][0])


def test_whoever_certifies_sees_the_star_and_a_signer_that_hardly_can_be(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-002", "score_district")
    clock.move_to(date(2024, 11, 21))
    minh = visitor("minh")
    certify = "/products/DP24-002/events/certify"
    form = minh.open(certify)
    assert "65 điểm (cấp huyện): 3 sao" in form.text
    given = {
        "decision_number": "1/QĐ-UBND",
        "decision_date": "2024-11-21",
        "published_on": "2024-11-21",
        "on": "2024-11-21",
    }
    check = minh.fill(form, certify, signer="Chủ tịch UBND tỉnh", **given)
    assert check.title.startswith("Kiểm tra trước khi ghi")
    assert "65 điểm (cấp huyện): 3 sao" in check.text
    assert "Ngày quyết định 21/11/2024" in check.text
    assert "Người ký: nên xem lại trước khi ghi. “Chủ tịch UBND tỉnh” là người ký cấp tỉnh" in check.text
    sound = minh.fill(form, certify, signer="TM. UBND thị xã, Chủ tịch", **given)
    assert "nên xem lại" not in sound.text
