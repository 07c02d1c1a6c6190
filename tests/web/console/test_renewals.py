"""The page of certificates to be renewed: which, until when, told since when; filtered by place and days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor


def test_an_officer_reads_until_when_a_dossier_has_to_come(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    for code in ("DP24-001", "DP24-002"):
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(date(2027, 6, 1))
    minh = visitor("minh")
    page = minh.open("/certificates")
    assert "/renewals" in page.links
    page = minh.open("/renewals")
    assert "2 giấy chứng nhận" in page.text
    assert "đang trong thời gian nộp" in page.text
    assert "hết hạn 25/11/2027" in page.text
    assert "nộp từ 29/5/2027 đến 28/7/2027" in page.text
    assert "1 giấy chứng nhận" in minh.open("/renewals?unit=pho-an&within=").text
    assert "0 giấy chứng nhận" in minh.open("/renewals?within=56").text


def test_a_ward_says_why_a_star_is_not_renewed_and_everybody_reads_what_becomes_of_the_stars(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    for code in ("DP24-001", "DP24-002"):
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(date(2027, 6, 1))
    lan, minh = visitor("lan"), visitor("minh")
    form = "/products/DP24-002/events/decline_renewal"
    asked = lan.open(form)
    assert "Ghi chủ thể không đánh giá lại" in asked.text
    assert "Tốn kém hoặc nhiều việc so với lợi ích" in asked.text
    lan.fill(asked, form, not_renewing="cost", reason="kiểm nghiệm đắt")

    listed = minh.open("/renewals?unit=pho-an&within=").text
    assert "chủ thể không đánh giá lại (tốn kém hoặc nhiều việc so với lợi ích: kiểm nghiệm đắt)" in listed
    assert "nộp từ" not in listed  # nobody is asked to
    foreseen = minh.open("/renewals/forecast").text
    assert "nộp chậm nhất tháng 07/2027 0 1 0 1 2" in " ".join(foreseen.split())
    year = minh.open("/year").text
    assert "2027 – – – – – – – – – – 2 – 2" in " ".join(year.split())
