"""Lists of certificates as they are found in the wild, small and made up: what their rows say."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocop_workflow.imports.reading.sheet import Sheet
from ocop_workflow.imports.register.lists.layouts import heading_of, read_recognitions


def read(*rows: tuple[str, ...]) -> list[dict[str, Any]]:
    found = read_recognitions(Sheet("Danh sách", rows))
    assert found is not None
    names = ("row", "product", "producer", "unit", "star", "number", "decided_on", "valid_until", "issuer")
    return [
        {name: value for name in names if (value := getattr(one, name)) not in (None, "")} for one in found
    ]


def test_a_portal_with_the_commune_in_the_address() -> None:
    assert read(
        (
            "TT",
            "Tên sản phẩm",
            "Chủ thể",
            "Địa chỉ",
            "Nhóm",
            "Hạng sao",
            "Số quyết định",
            "Ngày cấp",
            "Ngày hết hạn",
        ),
        (
            "1",
            "Mắm A",
            "Công ty A",
            "Số 8, xã Phổ An, tỉnh Quảng Ngãi",
            "TP",
            "3 sao",
            "1/QĐ-UBND",
            "05/8/2025",
            "05/8/2028",
        ),
    ) == [
        {
            "row": 2,
            "product": "Mắm A",
            "producer": "Công ty A",
            "unit": "xã Phổ An",
            "star": 3,
            "number": "1/QĐ-UBND",
            "decided_on": date(2025, 8, 5),
            "valid_until": date(2028, 8, 5),
        }
    ]


def test_a_workbook_with_two_recognitions_in_a_row() -> None:
    rows = (
        ("DANH SÁCH",),
        (),
        (
            "TT",
            "Tên SP",
            "Chủ thể",
            "Xã, phường",
            "Hạng sao hiện tại",
            "Công nhận lần đầu",
            "",
            "",
            "",
            "Công nhận lần 2",
        ),
        ("", "", "", "", "", "Sao", "Ngày", "Năm", "Số QĐ", "Sao", "Ngày", "Năm", "Số QĐ"),
        (
            "1",
            "Yến",
            "Cty A",
            "Phổ An",
            "4",
            "3",
            "5/8/21",
            "2021",
            "12/QĐ-UBND",
            "4",
            "20/12/2024",
            "2023",
            "9/QĐ-UBND",
        ),
        ("", "Yến khô", "#REF!", "", "3", "3", "44413", "2021", "12/QĐ-UBND"),
        ("Tổng cộng", "2"),
    )
    sheet = Sheet("Loc", rows)
    found = read_recognitions(sheet)
    assert found is not None
    assert heading_of(sheet) == 4
    assert [(one.row, one.product, one.producer, one.unit, one.star, one.number) for one in found] == [
        (5, "Yến", "Cty A", "Phổ An", 3, "12/QĐ-UBND"),
        (5, "Yến", "Cty A", "Phổ An", 4, "9/QĐ-UBND"),
        (6, "Yến khô", "Cty A", "Phổ An", 3, "12/QĐ-UBND"),  # a broken owner is the one above
    ]
    assert [one.decided_on for one in found] == [date(2021, 8, 5), date(2024, 12, 20), date(2021, 8, 5)]
    assert [(cell, text.vi) for one in found for cell, text in one.wrong] == [
        ("L5", "năm 2023 không khớp ngày quyết định 20/12/2024")
    ]
    assert [one.held for one in found] == [4, 4, 3]


def test_the_annex_of_a_decision_says_above_what_holds_for_all() -> None:
    assert read(
        ("DANH SÁCH SẢN PHẨM OCOP ĐẠT HẠNG 4 SAO",),
        ("(Kèm theo Quyết định số 858/QĐ-UBND ngày 19/6/2025 của Chủ tịch UBND tỉnh Đắk Nông)",),
        ("STT", "Tên sản phẩm", "Chủ thể", "Nhóm sản phẩm", "Địa chỉ"),
        ("1", "Mắc ca", "HTX B", "TP", "Thôn 2, xã Phổ An"),
    ) == [
        {
            "row": 4,
            "product": "Mắc ca",
            "producer": "HTX B",
            "unit": "xã Phổ An",
            "star": 4,
            "number": "858/QĐ-UBND",
            "decided_on": date(2025, 6, 19),
            "issuer": "UBND tỉnh Đắk Nông",
        }
    ]


def test_several_products_in_one_cell_with_their_decision_beside() -> None:
    rows = read(
        ("STT", "Chủ thể", "Địa chỉ", "Tên sản phẩm", "Hạng sao", "Ghi chú"),
        (
            "1",
            "HTX C",
            "xã Phổ An",
            "- Rau cải - Cà chua; - Dưa",
            "4 sao",
            "theo QĐ số 2008/QĐ-UBND ngày 07/04/2023",
        ),
    )
    assert [(one["product"], one["star"], one["number"], one["decided_on"]) for one in rows] == [
        ("Rau cải", 4, "2008/QĐ-UBND", date(2023, 4, 7)),
        ("Cà chua", 4, "2008/QĐ-UBND", date(2023, 4, 7)),
        ("Dưa", 4, "2008/QĐ-UBND", date(2023, 4, 7)),
    ]


def test_the_commune_behind_the_producer_and_a_star_that_is_none_yet() -> None:
    assert read(("Tên sản phẩm", "Chủ thể", "Hạng sao"), ("Cốm dẹp", "HTX D, xã Phổ An", "0")) == [
        {"row": 2, "product": "Cốm dẹp", "producer": "HTX D", "unit": "xã Phổ An", "star": 0}
    ]


def test_a_list_of_those_that_ended() -> None:
    found = read_recognitions(
        Sheet(
            "",
            (
                (
                    "STT",
                    "Sản phẩm",
                    "Chủ thể",
                    "Xã",
                    "Sao",
                    "Quyết định",
                    "Ngày công nhận",
                    "Ngày hết hiệu lực",
                    "Ngày thu hồi",
                ),
                ("1", "Bánh", "HTX E", "Phổ An", "3", "7/QĐ-UBND", "1/6/2020", "1/6/2023", ""),
                ("2", "Kẹo", "HTX E", "Phổ An", "3", "7/QĐ-UBND", "1/6/2020", "1/6/2023", "2/2/2022"),
            ),
        )
    )
    assert found is not None
    assert [(one.valid_until, one.ended_on) for one in found] == [
        (date(2023, 6, 1), None),
        (date(2023, 6, 1), date(2022, 2, 2)),
    ]


def test_what_is_no_such_list_is_none() -> None:
    assert read_recognitions(Sheet("", (("Họ tên", "Điện thoại"), ("A", "1")))) is None
    assert heading_of(Sheet("", ())) is None
    far = (*((),) * 25, ("Tên sản phẩm", "Hạng sao", "Chủ thể"))
    assert read_recognitions(Sheet("", far)) is None
