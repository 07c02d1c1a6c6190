"""The papers of a dossier on a page: what is lacking, recording one, withdrawing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Visitor

PAPERS = "/products/DP24-002/papers"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


def test_the_list_says_what_the_producer_still_has_to_bring(lan: Visitor) -> None:
    product = lan.open("/products/DP24-002")
    assert (PAPERS in product.links, "xem, ghi giấy tờ của hồ sơ · còn thiếu 2" in product.text) == (
        True,
        True,
    )
    page = lan.open(PAPERS)
    assert "Chủ thể còn thiếu 2 giấy tờ." in page.text
    assert "Báo cáo của chủ thể còn thiếu chủ thể" in page.text
    assert "Sản phẩm mẫu (trừ dịch vụ du lịch: thành viên Hội đồng xem tại chỗ) UBND cấp huyện" in page.text


def test_a_paper_is_recorded_once_and_withdrawn_with_a_reason(lan: Visitor, seeded: Database) -> None:
    page = lan.open(PAPERS)
    given = {
        "kind": "registration",
        "number": "12/PĐK",
        "issued_on": "2024-04-20",
        "expires_on": "2024-05-20",
        "shelf": "tủ 2",
        "criteria": "3.5, 5.1",
    }
    done = lan.fill(page, PAPERS, **given)
    assert "Đã ghi giấy tờ." in done.text
    assert "đã có · số 12/PĐK · 20/4/2024 · cất ở tủ 2 · chứng minh 3.5, 5.1" in done.text
    assert "sắp hết hạn: 20/5/2024" in done.text
    lan.fill(page, PAPERS, **given)  # pressed twice
    assert rows(seeded, "SELECT COUNT(*) FROM papers") == [(1,)]
    gone = lan.fill(done, f"{PAPERS}/1/withdraw", reason="ghi nhầm")
    assert "Đã rút giấy tờ." in gone.text
    assert "Chủ thể còn thiếu 2 giấy tờ." in gone.text


def test_what_runs_out_soon_stands_on_today_and_on_a_page_of_its_own(
    lan: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    assert "Không có giấy tờ nào như vậy." in lan.open("/papers").text
    page = lan.open(PAPERS)
    for day in range(10, 17):
        given = {"kind": "other", "name": f"Giấy {day}", "expires_on": f"2024-05-{day}", "key": f"k{day}"}
        lan.fill(page, PAPERS, **given)
    today = lan.open("/")
    assert (
        "Giấy tờ sắp hết hạn 7 Giấy 10 : còn 17 ngày (10/5/2024) Khô Bò · DP24-002 · Xã Phổ An" in today.text
    )
    assert ("Giấy 14" in today.text, "Giấy 15" in today.text, "/papers" in today.links) == (True, False, True)
    everything = lan.open("/papers")
    assert "hết hạn trong 60 ngày tới hoặc đã hết hạn: 7." in everything.text
    assert "Giấy 16" in everything.text
    assert "Giấy 16" not in visitor("ha").open("/papers").text


def test_a_mistake_keeps_what_was_written(lan: Visitor, seeded: Database) -> None:
    page = lan.open(PAPERS)
    again = lan.fill(page, PAPERS, kind="other", number="7", issued_on="2024-12-31", criteria="ba")
    assert (again.status, again.title) == (422, "Lỗi: Giấy tờ của Khô Bò – OCOP")
    for words in ("giấy tờ khác thì phải ghi tên", "31/12/2024 còn ở tương lai", "3.5, 5.1"):
        assert words in again.text
    assert again.form(PAPERS).fields["number"] == "7"
    assert rows(seeded, "SELECT COUNT(*) FROM papers") == [(0,)]


def test_whoever_only_looks_is_offered_nothing(visitor: Callable[[str], Visitor]) -> None:
    viewer = visitor("tam")
    assert [form.action for form in viewer.open(PAPERS).forms if "papers" in form.action] == []
    assert visitor("ha").open(PAPERS).status == 404
