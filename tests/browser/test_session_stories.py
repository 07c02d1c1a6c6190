"""A council's evening in a browser without scripts: a sheet on a phone, its result, the certificate."""

from __future__ import annotations

import json
import os
import re
import signal
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.sync_api import Error, expect

from ocop_workflow.access.actors import operator
from ocop_workflow.cli.upkeep.session_scene import PRODUCTS, sheet_below
from ocop_workflow.councils.scoring.filling import my_sheet
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from tests.browser.conftest import PHONE, SESSION_BEGUN
from tests.browser.looking import axe_findings

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Evening, Site

ONE, OTHER = "VD26-001", "VD26-005"
SESSION = "/sessions/1"
SCORE_HONEY, SCORE_CAKE = re.compile("Chấm điểm ?: Mật ong"), re.compile("Chấm điểm ?: Bánh tráng")
SCORED = sheet_below(PRODUCTS[ONE][0], 12)
#: how a member scores the product: each place of the sheet with the value of the button that is pressed
PRESSED = [
    f"{place}={value['branch']}:{value['option']}"
    if isinstance(value, dict)
    else f"{place}={json.dumps(value)}"
    for place, value in SCORED.items()
]


def button(page: Page, pressed: str) -> Locator:
    return page.locator(f"button[name=press][value='{pressed}']")


def press_by_keyboard(page: Page, pressed: str) -> None:
    """Tab on to a button from where the page has been left, then Enter."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if button(page, pressed).evaluate("e => e === document.activeElement"):
            break
    box, bar = button(page, pressed).bounding_box(), page.locator(".running").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] >= bar["y"] + bar["height"] - 1, "the running total covers what has the focus"
    with page.expect_navigation():
        page.keyboard.press("Enter")


def saved(site: Site, login: str, code: str) -> dict[str, object]:
    """Return what the database holds of a member's sheet, by place."""
    with site.database.read() as tx:
        return dict(my_sheet(tx, 1, code, actor=actor_on_host(tx, login, "host:test")).entries)


def test_from_a_members_phone_to_the_communes_letter(evening: Site, lived: Evening) -> None:
    with evening.page(size=PHONE, scripts=False) as page:
        page.goto(evening.url)
        page.get_by_label("Tên đăng nhập").fill("binh")
        page.get_by_label("Mật khẩu").fill(lived.passwords["binh"])
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("link", name="Phiên 2 năm 2026").click()
        page.get_by_role("link", name=SCORE_HONEY).click()
        expect(page.get_by_role("link", name=f"còn {len(PRESSED)} tiêu chí")).to_be_visible()
        button(page, PRESSED[0]).click()
        for pressed in PRESSED[1:4]:
            press_by_keyboard(page, pressed)
        for pressed in PRESSED[4:]:
            button(page, pressed).click()
        expect(page.get_by_role("status").get_by_text("đã chấm đủ")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="5 sao: 2.1 cần 3 điểm")).to_be_visible()
        page.get_by_label("Mật khẩu").fill(lived.passwords["binh"])
        page.get_by_role("button", name="Ký phiếu").click()
        expect(page.get_by_role("link", name="Xem phiếu đã ký").first).to_be_visible()
    with evening.page("thu", scripts=False) as page:
        page.goto(evening.url + SESSION)
        page.get_by_role("link", name="Mật ong hoa tràm").click()
        expect(page.get_by_text("Đã ký 7 trên 7 phiếu.")).to_be_visible()
        page.get_by_role("button", name="Đóng chấm").click()
        expect(page.locator("#h-outcome")).to_contain_text("3 sao")
        page.get_by_role("button", name="Xác nhận kết quả").click()
        expect(page.get_by_text("đã xác nhận kết quả")).to_be_visible()
    with evening.page("minh", scripts=False) as page:
        page.goto(f"{evening.url}/products/{ONE}/events/certify")
        page.get_by_role("main").get_by_label("Số quyết định").fill("91/QĐ-UBND")
        page.get_by_label("Ngày quyết định").fill("2026-11-18")
        page.get_by_label("Người ký").fill("Chủ tịch UBND tỉnh")
        page.get_by_label("Ngày công bố kết quả").fill("2026-11-18")
        page.get_by_role("button", name="Ghi nhận").click()
        page.get_by_role("button", name="Đúng, ghi nhận").click()
        expect(page.get_by_role("status").get_by_text("Đã ghi nhận.")).to_be_visible()
        expect(page.locator("h1")).to_contain_text("★★★")
        expect(page.get_by_role("term").filter(has_text="Số báo cáo của UBND cấp xã")).to_be_visible()
        page.goto(f"{evening.url}/letters")
        page.get_by_role("link", name=f"[OCOP] Công nhận: Mật ong hoa tràm (ví dụ) ({ONE})").click()
        letter = page.get_by_role("main").inner_text()
    assert "an-binh@vi-du.example" in letter
    assert "- Hạng: 3 sao" in letter


def test_a_member_with_a_conflict_scores_no_more(evening: Site) -> None:
    with evening.page("yen", PHONE, scripts=False) as page:
        page.goto(f"{evening.url}{SESSION}/products/{OTHER}/sheet")
        page.locator("button.choice").first.click()
        page.goto(evening.url + SESSION)
        expect(page.get_by_role("link", name=SCORE_CAKE)).to_have_count(1)
        page.get_by_text(f"Khai xung đột lợi ích {OTHER}").click()
        page.locator(f"form[action$='{OTHER}/conflicts']").get_by_label("Vì sao").fill("chủ thể là em ruột")
        page.locator(f"form[action$='{OTHER}/conflicts']").get_by_role("button").click()
        expect(page.get_by_text("Yến, Sở Y tế không chấm: chủ thể là em ruột")).to_be_visible()
        expect(page.get_by_role("link", name=SCORE_CAKE)).to_have_count(0)
        page.goto(f"{evening.url}{SESSION}/products/{OTHER}/sheet")
        expect(page.get_by_text("Đã khai xung đột lợi ích")).to_be_visible()
        expect(page.locator("button.choice:enabled")).to_have_count(0)


def test_what_was_answered_outlives_a_browser_that_is_killed(evening: Site, chromium_path: str) -> None:
    second = evening.browser.browser_type.launch(executable_path=chromium_path)
    told = second.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    number = next(one["id"] for one in told["processInfo"] if one["type"] == "browser")
    with suppress(Error), replace(evening, browser=second).page("binh", PHONE) as page:
        page.goto(f"{evening.url}{SESSION}/products/{ONE}/sheet")
        for pressed in PRESSED[:9]:
            button(page, pressed).click()
        button(page, PRESSED[9]).evaluate("e => { setTimeout(() => e.click(), 0); }")
        os.kill(number, signal.SIGKILL)  # while the tenth is under way
        page.wait_for_timeout(1000)
    kept = saved(evening, "binh", ONE)
    assert list(kept)[:9] == [pressed.partition("=")[0] for pressed in PRESSED[:9]]
    assert all(SCORED[place] == value for place, value in kept.items())
    with evening.page("binh", PHONE) as page:
        page.goto(f"{evening.url}{SESSION}/products/{ONE}/sheet")
        expect(page.locator(".choice-made")).to_have_count(len(kept))
        expect(page.get_by_role("link", name=f"còn {len(PRESSED) - len(kept)} tiêu chí")).to_be_visible()


def test_from_a_conclusion_to_what_everybody_sees(evening: Site) -> None:
    """The agency records a conclusion, drafts the decision, records it; the page of the star says so."""
    known = {
        "unit": "an-binh",
        "product": "Bánh in An Bình",
        "producer": "Cơ sở Bánh in",
        "certificate": {
            "star": 3,
            "number": "77/QĐ-UBND",
            "decided_on": "2025-06-01",
            "valid_until": "2028-06-01",
        },
        "signer": "Chủ tịch UBND tỉnh",
    }
    with evening.database.write() as tx:
        host, now = operator("host:test"), SESSION_BEGUN
        held = enter_certificate(tx, Entering(host, known, now.date(), now))
    with evening.page("minh") as page:
        page.goto(f"{evening.url}/products/{held.product}")
        page.get_by_role("link", name="Ghi kết luận để xem xét thu hồi").click()
        page.get_by_label("Căn cứ thu hồi").select_option("đ")
        page.get_by_label("Số kết luận, xác nhận").fill("9/XN-UBND")
        page.get_by_label("Ngày kết luận, xác nhận").fill("2026-11-17")
        page.get_by_label("Cơ quan kết luận, xác nhận").fill("UBND xã An Bình")
        page.get_by_label("Nội dung kết luận").fill("không còn sản xuất từ tháng 9/2026")
        page.get_by_role("button", name="Ghi nhận").click()
        expect(page.get_by_text("Quyết định thu hồi giấy chứng nhận").first).to_be_visible()
        page.goto(f"{evening.url}/certificates/{held.id}")
        expect(page.get_by_text("kết luận ngày 17/11/2026; quyết định chậm nhất 2/12/2026")).to_be_visible()
        assert axe_findings(page) == []
        with page.expect_download() as saved_as:
            page.get_by_role("link", name="Quyết định thu hồi").click()
        assert saved_as.value.suggested_filename == f"giay-chung-nhan-{held.id}-quyet-dinh-thu-hoi.docx"
        page.goto(f"{evening.url}/products/{held.product}/events/revoke")
        page.get_by_role("main").get_by_label("Số quyết định").fill("95/QĐ-UBND")
        page.get_by_label("Ngày quyết định").fill("2026-11-18")
        page.get_by_label("Người ký").fill("Chủ tịch UBND tỉnh")
        page.get_by_role("button", name="Ghi nhận").click()
        page.get_by_role("button", name="Đúng, ghi nhận").click()
        expect(page.get_by_role("status").get_by_text("Đã ghi nhận.")).to_be_visible()
    with evening.page() as page:
        page.goto(f"{evening.url}{held.page}")
        expect(page.get_by_text("Đã bị thu hồi")).to_be_visible()
        expect(page.get_by_text("bị thu hồi ngày 18/11/2026, bởi")).to_be_visible()
