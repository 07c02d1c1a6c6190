"""The forms of a dossier on pages: filled in part by part, what is missing, as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import act, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

FORMS = "/products/DP24-002/forms"
SLIP, REPORT, COMMUNE = f"{FORMS}/mau-01", f"{FORMS}/mau-02", f"{FORMS}/mau-03"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


def test_the_forms_are_reached_from_the_product_and_from_its_papers(lan: Visitor) -> None:
    assert FORMS in lan.open("/products/DP24-002").links
    assert FORMS in lan.open("/products/DP24-002/papers").links
    page = lan.open(FORMS)
    assert "Mẫu 02. Báo cáo tự đánh giá về sản phẩm chủ thể OCOP · chưa ghi" in page.text
    assert {SLIP, REPORT, COMMUNE, f"{SLIP}/print", "/forms/mau-01"} <= set(page.links)


def test_what_is_known_stands_in_the_boxes_and_is_marked(lan: Visitor, seeded: Database) -> None:
    page = lan.open(SLIP)
    fields = page.form(SLIP).fields
    assert (fields["s2_1"], fields["s1_1"], fields["s5_1"]) == ("Trần Quốc Việt", "Quảng Ngãi", "Lần đầu")
    assert page.text.count("Đề xuất từ hồ sơ đã ghi; lưu thì mới thành điều đã ghi.") == 7
    assert "#f-s2_3" in page.links
    assert rows(seeded, "SELECT COUNT(*) FROM form_answers") == [(0,)]


def test_a_form_is_saved_in_part_and_read_again(lan: Visitor) -> None:
    done = lan.fill(lan.open(SLIP), SLIP, s2_3="Giám đốc", s2_1="HTX Một", s4_1="II.2.b", s6_1="1")
    assert "Đã lưu, bản 1." in done.text
    assert "Còn thiếu 3 mục Điện thoại Sản phẩm mẫu (số lượng) ngày" in done.text
    fields = done.form(SLIP).fields
    assert [fields[name] for name in ("s2_3", "s2_1", "s4_1", "s6_1", "seen")] == [
        "Giám đốc", "HTX Một", "II.2.b", "1", "1",
    ]  # fmt: skip
    assert "Theo hồ sơ đã ghi: Trần Quốc Việt" in done.text  # what was typed stays


def test_lines_of_a_long_text_and_self_scores_come_back(lan: Visitor) -> None:
    assert "Chưa chọn bộ sản phẩm" in lan.open(REPORT).text
    lan.fill(lan.open(SLIP), SLIP, s4_1="II.2.b")
    page = lan.open(REPORT)
    given = {"s1_15": "Dòng một\r\nDòng hai", "c:1.1": "2", "c:1.2": "null", "e:1.1": "hợp đồng"}
    done = lan.fill(page, REPORT, **given)
    fields = done.form(REPORT).fields
    assert (fields["s1_15"].strip("\n"), fields["c:1.1"], fields["c:1.2"], fields["e:1.1"].strip()) == (
        "Dòng một\nDòng hai", "2", "null", "hợp đồng",
    )  # fmt: skip
    assert "tự chấm" in done.text
    printed = lan.open(f"{REPORT}/print")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in printed.text
    assert "Dòng một Dòng hai" in printed.text
    assert "hợp đồng" in printed.text


def test_the_communes_report_keeps_whom_it_heard(lan: Visitor) -> None:
    given = {"o0_who": "Công chức Kinh tế", "o0_on": "2024-04-22", "o0_text": "nguyên liệu trong xã"}
    done = lan.fill(lan.open(COMMUNE), COMMUNE, s2_1_found="đúng", **given)
    assert done.form(COMMUNE).fields["o0_who"] == "Công chức Kinh tế"
    again = lan.fill(done, COMMUNE, o0_on="2024-12-31", s2_1_found="đúng một phần")
    assert (again.status, again.title) == (422, "Lỗi: Mẫu 03 – Khô Bò – OCOP")
    assert "31/12/2024 còn ở tương lai" in again.text
    assert again.form(COMMUNE).fields["s2_1_found"].strip() == "đúng một phần"
    lan.fill(lan.open(COMMUNE), COMMUNE, x_number="12/BC-UBND", x_date="2024-02-03")
    printed = lan.open(f"{COMMUNE}/print").text
    assert "ỦY BAN NHÂN DÂN XÃ PHỔ AN Số: 12/BC-UBND" in printed
    assert "………………, ngày 03 tháng 02 năm 2024 BÁO CÁO ĐÁNH GIÁ" in printed
    assert "TM. ỦY BAN NHÂN DÂN XÃ (Ký tên và đóng dấu)" in printed
    assert "Công chức Kinh tế" not in printed  # what the service adds is not part of the form


def test_the_evaluation_is_filled_in_from_the_communes_report(
    lan: Visitor, seeded: Database, clock: FixedClock
) -> None:
    for event in ("register", "select", "start_consulting"):
        act(seeded, clock, "DP24-002", event)
    where = "/products/DP24-002/events/commune_evaluate"
    page = lan.open(where)
    assert "Ghi Mẫu 03 trước thì các mục dưới đây được điền sẵn." in page.text
    assert page.form(where).fields["contents.material"] == ""
    found = {f"s2_{n}_found": f"nội dung {n},\nđúng" for n in (1, 2, 3)}
    report = {"x_number": "12/BC-UBND", "x_date": "2024-04-22", "s2_4_found": "dài " * 100}
    lan.fill(lan.open(COMMUNE), COMMUNE, **found, **report)
    page = lan.open(where)
    assert "Điền sẵn từ Mẫu 03 đã lưu; xem lại trước khi ghi nhận." in page.text
    fields = page.form(where).fields
    assert [fields[name] for name in ("report_number", "report_date", "contents.material")] == [
        "12/BC-UBND", "2024-04-22", "nội dung 1, đúng",
    ]  # fmt: skip
    assert (len(fields["contents.identity"]), fields["contents.identity"][-1]) == (300, "…")
    done = lan.fill(page, where)
    assert done.path == "/products/DP24-002?done=commune_evaluate"


def test_two_who_fill_in_one_form_do_not_overwrite_each_other(
    lan: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    page = lan.open(SLIP)
    minh = visitor("minh")
    minh.fill(minh.open(SLIP), SLIP, s2_3="Chủ hộ")
    late = lan.fill(page, SLIP, s2_3="Giám đốc")
    assert (late.status, "đã có người khác lưu từ lúc xem" in late.text) == (412, True)
    assert "Người khác đã lưu: Chủ hộ" in late.text
    assert (late.form(SLIP).fields["s2_3"], late.form(SLIP).fields["seen"]) == ("Giám đốc", "1")


def test_all_that_was_saved_is_taken_out_with_a_reason(lan: Visitor, seeded: Database) -> None:
    done = lan.fill(lan.open(SLIP), SLIP, s2_5="0900")
    gone = lan.fill(done, f"{SLIP}/discard", reason="ghi nhầm sản phẩm")
    assert "Đã xoá điều ghi trong mẫu." in gone.text
    assert rows(seeded, "SELECT COUNT(*) FROM form_answers") == [(0,)]


def test_revenue_is_recorded_and_stands_on_the_products_page(lan: Visitor) -> None:
    where = "/products/DP24-002/revenues"
    wrong = lan.fill(lan.open(FORMS), where, year="2030", revenue="nhiều")
    assert (wrong.status, wrong.form(where).fields["revenue"]) == (422, "nhiều")
    done = lan.fill(lan.open(FORMS), where, year="2023", revenue="1.250.000.000", profit="-5000000")
    assert "Đã ghi doanh thu." in done.text
    assert "2023 1.250.000.000 -5.000.000" in lan.open("/products/DP24-002").text
    gone = lan.fill(done, f"{where}/2023/remove", reason="ghi nhầm năm")
    assert "Chưa ghi năm nào." in gone.text


def test_a_blank_form_is_printed_without_a_product(lan: Visitor) -> None:
    page = lan.open("/forms/mau-03")
    assert "Mẫu số 03 ỦY BAN NHÂN DÂN XÃ … Số: ……/BC-UBND" in page.text
    assert lan.open("/forms/mau-09").status == 404


def test_whoever_only_looks_is_offered_nothing_and_sees_no_person(
    lan: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    lan.fill(lan.open(REPORT), REPORT, s1_6_3="Hrê")
    page = visitor("xem").open(REPORT)
    assert ("Lưu tạm" in page.text, "Hrê" in page.html, "không hiện với người xem" in page.text) == (
        False, False, True,
    )  # fmt: skip
    assert "Tên người đại diện pháp luật: Dân tộc" not in page.text
    assert "Hrê" not in visitor("xem").open(f"{REPORT}/print").html
    assert visitor("ha").open(REPORT).status == 404
