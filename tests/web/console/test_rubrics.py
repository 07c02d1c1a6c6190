"""Score sheets on a page: read as they are printed, tried on a product, and nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import rows
from tests.regulations.rubrics.plain import Choices, best, criteria

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Page, Visitor


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


def sent(chosen: object) -> str:
    """Return a choice as a browser sends it."""
    if isinstance(chosen, dict):
        return f"{chosen['branch']}:{chosen['option']}"
    if chosen is None or isinstance(chosen, bool):
        return {None: "null", True: "true", False: "false"}[chosen]
    return str(chosen)


def try_out(lan: Visitor, number: int, choices: Choices, **more: str) -> Page:
    page = lan.open(f"/rubrics/{number}")
    fields = {f"c:{name}": sent(chosen) for name, chosen in choices.items()}
    return lan.fill(page, f"/rubrics/{number}", **{**fields, **more})


def test_a_sheet_is_read_as_it_is_printed(lan: Visitor) -> None:
    assert "16. Nước khoáng thiên nhiên, nước uống đóng chai" in lan.open("/rubrics").text
    page = lan.open("/rubrics/16")
    assert "Ghi chú: Dấu sao là yêu cầu tối thiểu phải đạt theo các cấp độ sao" in page.text
    assert page.html.count('type="radio"') == 91 + 29 + 2  # options, one for none a criterion, yes and no
    assert lan.open("/rubrics/27").status == 404


def test_what_was_corrected_in_a_sheet_stands_on_its_page(lan: Visitor) -> None:
    page = lan.open("/rubrics/4")
    assert "In “13”, dùng 3: mục 7, mức 3" in page.text
    assert "In “(ô trống)”, dùng 0: mục 1.2, mức 1" in page.text


def test_the_star_and_the_way_to_the_next_are_told(lan: Visitor, seeded: Database) -> None:
    before = rows(seeded, "SELECT COUNT(*) FROM audit")
    page = try_out(lan, 16, best(16, c2_2=2))
    assert "Không đạt hạng: chưa đủ điều kiện 3 sao 98,00 điểm, trong khung 5 sao." in page.text
    assert "Điều kiện chưa đạt: 2.2 Đóng gói, bao bì sản phẩm : có 1 điểm, cần 2" in page.text
    assert (
        "Ít việc nhất: 2.2 Đóng gói, bao bì sản phẩm : mức 3 ( 2 điểm )".replace("( ", "(").replace(" )", ")")
        in page.text
    )
    assert 'id="c-2.2-2" value="2" checked' in page.html  # what was chosen stays
    assert rows(seeded, "SELECT COUNT(*) FROM audit") == before


def test_what_is_not_answered_is_told_beside_its_criterion(lan: Visitor) -> None:
    choices = best(16)
    del choices["4.2"]
    page = try_out(lan, 16, choices, **{"c:1.1": "7", "c:2.4": "maybe", "c:3.1": "99999"})
    assert (page.status, page.title) == (422, "Lỗi: Phiếu chấm bộ 16 – OCOP")
    assert "4.2 Tổ chức phân phối: chưa chấm; không mức nào phù hợp thì ghi null" in page.text
    assert "1.1 Nguồn nguyên liệu: phải là mức từ 1 đến 3, hoặc null" in page.text
    assert '<a href="#f-choices.2.4">' in page.html


def test_stops_knock_outs_and_facts_are_taken(lan: Visitor) -> None:
    stopped = try_out(lan, 5, best(5), **{"stop:6.1": "1", "stop-why:6.1": "có cát"})
    assert "Chỗ bị dừng hay loại trừ thì không mức nào cứu được." in stopped.text
    out = try_out(lan, 7, best(7), **{"out:set": "1", "out-why:set": "giả mạo hồ sơ"})
    assert "Bị loại 100,00 điểm, trong khung 5 sao. giả mạo hồ sơ" in out.text
    assert "Nếu đúng thế" not in out.text
    excluded = try_out(lan, 1, best(1), **{"excluded:2.1": "1"})
    assert f"{100 - criteria(1)['2.1']['max']},00 điểm" in excluded.text
    law = best(21, c7=None)
    assert "Không đạt hạng" in try_out(lan, 21, law).text
    assert "5 sao" in try_out(lan, 21, law, **{"not-asked:7": "1"}).headings
    unsaid = try_out(lan, 5, best(5), **{"stop:6.1": "1"})
    assert unsaid.status == 422


def test_of_two_cases_one_is_taken(lan: Visitor) -> None:
    page = try_out(lan, 26, best(26, c8={"branch": "b", "option": 2}))
    assert "100,00 điểm, trong khung 5 sao." in page.text
    assert "Cần người đối chiếu bản ký:" in page.text
    assert "Tiêu đề in 35 điểm; các mục cộng lại là 40." in page.text


def test_a_doubt_that_would_change_the_star_is_told_with_it(lan: Visitor) -> None:
    page = try_out(lan, 10, best(10, c3_5=2))
    assert "mục 3.5, mức 2" in page.text
