"""`ocop form`: the forms of a dossier listed, filled in, emptied; revenue by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

CODE = "DP24-002"


def test_a_form_is_listed_filled_in_part_by_part_and_emptied(town: Ocop) -> None:
    told = town("form", "list", CODE).out
    assert "Hồ sơ này theo quy định khác; mẫu là của QĐ 26/2026/QĐ-TTg." in told
    assert "chưa ghi" in told
    done = town("form", "save", CODE, "mau-01", "--data", '{"s2_1": "HTX Một", "s4_1": "II.2.b"}')
    assert done.out == "Đã ghi Mẫu 01 của DP24-002, bản 1; còn thiếu 10 mục.\n"
    again = town("form", "save", CODE, "mau-01", "--data", '{"s2_1": "x"}', "--version", "0")
    assert (again.code, "đã có người khác lưu từ lúc xem" in again.err) == (1, True)
    shown = town("form", "show", CODE, "mau-01").out
    assert "HTX Một" in shown
    assert "Còn thiếu 10: s1_1, s1_2," in shown
    opinion = '{"x_opinions": [{"who": "Công chức Kinh tế", "on": "2024-04-22", "text": "đúng"}]}'
    town("form", "save", CODE, "mau-03", "--data", opinion)
    assert "22/04/2024, Công chức Kinh tế: đúng" in town("form", "show", CODE, "mau-03").out
    scored = town("form", "save", CODE, "mau-02", "--data", '{"s3_1": {"1.1": 1}}', "--json").json
    assert (scored["set"], scored["version"], scored["scores"][0]["answered"]) == (17, 1, True)
    assert "Tự chấm theo bộ 17" in town("form", "show", CODE, "mau-02").out
    gone = town("form", "discard", CODE, "mau-03", "--reason", "ghi nhầm sản phẩm")
    assert gone.out == "Đã xoá điều ghi trong mau-03 của DP24-002.\n"
    found = town("form", "list", CODE, "--json").json
    assert [line["version"] for line in found["forms"]] == [1, 1, 0]


def test_revenue_is_told_by_year(town: Ocop) -> None:
    says = '{"revenue": 1250000000, "profit": -5000000, "source": "báo cáo tài chính"}'
    told = town("form", "revenue", CODE, "2023", "--data", says).out
    assert ("1.250.000.000" in told, "-5.000.000" in told, "báo cáo tài chính" in told) == (True, True, True)
    assert town("form", "revenue", CODE, "--json").json["years"][0]["year"] == 2023
    assert town("form", "revenue", CODE, "2023", "--remove", "ghi nhầm", "--json").json["years"] == []


def test_what_cannot_be_is_refused_in_words(town: Ocop) -> None:
    wrong = town("form", "save", CODE, "mau-01", "--data", '{"s1_2": "x", "z": 1}')
    assert (
        wrong.code,
        "s1_2: phải là số nguyên" in wrong.err,
        "z: Mẫu 01 không có mục này" in wrong.err,
    ) == (
        1,
        True,
        True,
    )
    assert town("form", "show", CODE, "mau-04").code == 2
    assert town("form", "revenue", CODE, "2023", "--data", '{"revenue": "x"}').code == 1


def test_a_first_dossier_has_nothing_beside_it(town: Ocop) -> None:
    told = town("form", "difference", CODE).out
    assert told == "DP24-002 đang ở hồ sơ lần đầu: chưa có hồ sơ đã công nhận nào để so.\n"
