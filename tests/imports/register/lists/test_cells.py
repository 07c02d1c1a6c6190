"""What cells of lists of certificates say; what is not sure is nothing."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.imports.register.lists.cells import (
    NamedDecision,
    commune_in,
    day_in,
    decision_in,
    is_total,
    star_in,
    without_decision,
)


@pytest.mark.parametrize(
    ("cell", "star"),
    [
        ("3 sao", 3),
        ("3", 3),
        ("***", 3),
        ("★★★★", 4),
        ("OCOP 4 sao", 4),
        ("4*", 4),
        ("0", 0),
        ("3 sao lên 4 sao", None),
        ("13", None),
        ("#REF!", None),
        ("đạt", None),
        ("", None),
    ],
)
def test_stars(cell: str, star: int | None) -> None:
    assert star_in(cell) == star


@pytest.mark.parametrize(
    "cell",
    [
        "05/8/2026",
        "5/8/26",
        "05-08-2026",
        "05.08.2026",
        "2026-08-05",
        "46239",
        "Ngày 05 tháng 8 năm 2026",
        "ngày 5/8/2026",
    ],
)
def test_a_day_however_it_is_written(cell: str) -> None:
    assert day_in(cell) == date(2026, 8, 5)


@pytest.mark.parametrize("cell", ["", "31/2/2026", "8/2026", "2026", "#N/A", "sau này"])
def test_what_is_no_day_is_none(cell: str) -> None:
    assert day_in(cell) is None


def test_decisions_however_they_are_named() -> None:
    day = date(2023, 4, 7)
    assert decision_in("theo QĐ số 2008/QĐ-UBND ngày 07/04/2023") == NamedDecision("2008/QĐ-UBND", day)
    assert decision_in("Quyết định số 3981 / qđ-ubnd ngày 7/4/2023 của Chủ tịch UBND tỉnh Lâm Đồng") == (
        NamedDecision("3981/QĐ-UBND", day, "UBND tỉnh Lâm Đồng")
    )
    assert decision_in("12/2022/QD-UBND") == NamedDecision("12/2022/QĐ-UBND")
    assert decision_in("giấy phép 12/GP-SNN") == NamedDecision()


def test_a_product_goes_without_the_decision_behind_it() -> None:
    assert without_decision("Rau an toàn (theo QĐ số 2008/QĐ-UBND ngày 07/04/2023)") == "Rau an toàn"
    assert without_decision("Trà - loại A") == "Trà - loại A"


def test_the_commune_in_an_address() -> None:
    address = "Số 08 đường N, phường Phan Thiết, tỉnh Lâm Đồng"
    assert commune_in(address) == ("phường Phan Thiết", "Số 08 đường N")
    assert commune_in("HTX A, xã Ninh Điền") == ("xã Ninh Điền", "HTX A")
    assert commune_in("Số 8, thành phố Huế") == ("", "Số 8, thành phố Huế")


def test_sums_are_no_products() -> None:
    assert [is_total(text) for text in ("Tổng cộng", "Tổng số: 8", "Cộng", "Tôm khô")] == [
        True,
        True,
        True,
        False,
    ]
