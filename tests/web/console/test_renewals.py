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
