"""The page of an upgrade beside what was recognised: what is missing, saying it, what proves it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.stories.journeys import step, walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

PRODUCT = "/products/DP24-002"
PAGE = f"{PRODUCT}/difference"


def test_a_first_dossier_has_nothing_beside_it(visitor: Callable[[str], Visitor]) -> None:
    lan = visitor("lan")
    assert PAGE not in lan.open(PRODUCT).links
    assert "Đây là hồ sơ lần đầu" in lan.open(PAGE).text


def test_a_ward_says_heading_by_heading_what_changed_and_what_proves_it(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-002", "begin_monitoring")
    step(seeded, clock, "DP24-002", "open_re_rating", date(2024, 12, 3), kind="upgrade", plan="duc-pho-2024")
    lan, xem = visitor("lan"), visitor("xem")
    assert "còn 9 nội dung chưa khai" in lan.open(PRODUCT).text
    page = lan.open(PAGE)
    assert "3 sao, quyết định số" in page.text
    assert "Hồ sơ chưa có giấy tờ nào" in page.text
    done = lan.fill(page, PAGE, heading="bao bì", said="changed", change="hũ thủy tinh")
    assert "Còn 8 nội dung chưa khai. 1 thay đổi chưa có giấy tờ chứng minh." in done.text
    paper = {"kind": "other", "name": "Hợp đồng mua hũ", "number": "3"}
    lan.fill(lan.open(f"{PRODUCT}/papers"), f"{PRODUCT}/papers", **paper)
    page = lan.open(PAGE)
    assert "giấy tờ Hợp đồng mua hũ – số 3" in page.text
    done = lan.fill(page, PAGE, heading="bao bì", said="changed", change="hũ thủy tinh", paper="1")
    assert "hũ thủy tinh Hợp đồng mua hũ số 3 lan," in done.text
    assert "chưa có giấy tờ chứng minh" not in done.text
    refused = lan.fill(done, PAGE, heading="bao bì", said="changed", change="", paper="1")
    assert (refused.status, "đã chọn giấy tờ chứng minh thì phải ghi thay đổi gì" in refused.text) == (
        422,
        True,
    )
    seen = xem.open(PAGE)
    assert "hũ thủy tinh" in seen.text
    assert [form.action for form in seen.forms if form.action == PAGE] == []
