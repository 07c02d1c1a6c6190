"""Stories: somebody comes with a letter, a list, a plan, a new town, and does what they came for."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in.coming_in import make_link
from ocop_workflow.people.sign_in.passwords import set_password
from tests.browser.conftest import BEGUN, PHONE
from tests.browser.looking import axe_findings
from tests.factories import SEED, rows
from tests.stories.cast import HOST
from tests.stories.journeys import open_deadlines, state_of
from tests.web.console.lists import workbook

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site

GOOD = "Cá chuồn kho mít non"


def give_password(site: Site, login: str) -> None:
    with site.database.write() as tx:
        set_password(tx, HOST, login, GOOD, now=BEGUN)


def code_now(secret: str) -> str:
    return codes.code_in(secret, int(time.time()) // codes.STEP)


def sign_in(page: Page, login: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(GOOD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_from_a_letter_on_a_phone_by_a_one_time_code_to_a_product_moved_on(site: Site) -> None:
    give_password(site, "lan")
    with site.page(size=PHONE) as page:
        page.goto(f"{site.url}/account/code")
        sign_in(page, "lan")
        secret = page.locator("input[name=secret]").get_attribute("value")
        assert secret is not None
        expect(page.get_by_role("main").locator("svg.qr")).to_be_visible()
        page.get_by_label("Mã 6 số").fill(code_now(secret))
        page.get_by_role("button", name="Bật mã").click()
        recovery = page.locator(".codes code").first.inner_text()
    with site.page(size=PHONE) as page:
        page.goto(f"{site.url}/products/DP24-002")
        sign_in(page, "lan")
        page.get_by_label("Mã 6 số trên điện thoại").fill(recovery)
        page.get_by_role("button", name="Tiếp tục").click()
        expect(page.get_by_role("heading", name="Khô Bò")).to_be_visible()
        page.get_by_role("link", name="Đăng ký ý tưởng").click()
        page.get_by_label("Ngành hàng").select_option(index=1)
        page.get_by_role("button", name="Ghi nhận").click()
        expect(page.get_by_role("status").get_by_text("Đã ghi nhận.")).to_be_visible()
    assert state_of(site.database, "DP24-002") == "registered"


def test_a_late_product_in_two_clicks(site: Site) -> None:
    with site.page("lan", PHONE) as page:
        page.goto(site.url)
        page.locator(".tasks .btn").first.click()
        page.get_by_label("Ngành hàng").select_option(index=1)
        page.get_by_role("button", name="Ghi nhận").click()
        page.wait_for_url("**?done=register")


def test_a_mistake_is_shown_takes_the_eye_and_loses_nothing(site: Site) -> None:
    with site.page("lan", PHONE) as page:
        page.goto(f"{site.url}/products/DP24-002/events/register")
        page.get_by_label("Ngành hàng").select_option(index=1)
        page.evaluate("document.querySelector('#f-on').removeAttribute('max')")
        page.get_by_label("Ngày thực hiện").fill("2024-05-30")
        page.get_by_label("Ghi chú").fill("lần một")
        page.get_by_role("button", name="Ghi nhận").click()
        expect(page).to_have_title(re.compile("^Lỗi: "))
        page.get_by_role("alert").get_by_role("link").click()
        assert page.evaluate("document.activeElement.id") == "f-on"
        assert page.get_by_label("Ghi chú").input_value() == "lần một"


def test_a_step_is_taken_back(site: Site) -> None:
    test_a_late_product_in_two_clicks(site)
    with site.page("lan") as page:
        page.goto(f"{site.url}/products/DP24-002")
        page.get_by_role("link", name="Hoàn tác thao tác cuối").click()
        page.get_by_label("Lý do").fill("nhầm sản phẩm")
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.get_by_text("Đã hoàn tác thao tác cuối.")).to_be_visible()
    assert state_of(site.database, "DP24-002") == "idea"


def test_a_plan_is_changed_with_its_preview(site: Site) -> None:
    text = shipped_plan_text(SEED).replace('["2024-03", "2024-04"]', '["2024-03", "2024-05"]')
    with site.page("minh") as page:
        page.goto(f"{site.url}/plans")
        page.get_by_role("link", name="Nạp hoặc sửa kế hoạch").click()
        page.get_by_label("Tệp kế hoạch").set_input_files(
            {"name": "plan.toml", "mimeType": "text/plain", "buffer": text.encode()}
        )
        page.get_by_role("button", name="Kiểm tra").click()
        expect(page.get_by_role("cell", name="31/5/2024").first).to_be_visible()
        page.get_by_role("button", name="Xác nhận").click()
        expect(page.get_by_text("Đã ghi nhận.")).to_be_visible()
    assert str(open_deadlines(site.database, "DP24-002")["registration"]) == "2024-05-31"


def test_a_list_comes_in_with_its_question_answered(site: Site) -> None:
    content = workbook("Nước mắm", unit="Xã Phổ Ann")
    with site.page("minh") as page:
        page.goto(f"{site.url}/imports")
        page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(
            {"name": "bổ sung.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        page.get_by_role("button", name="Tải lên và xem trước").click()
        expect(page.get_by_text("1 chờ trả lời")).to_be_visible()
        page.locator("input[name^='answer:']").first.fill("đúng")
        page.get_by_role("button", name="Lưu câu trả lời").click()
        page.get_by_role("button", name="Công bố").click()
        expect(page.get_by_text("Đã thêm 1 sản phẩm")).to_be_visible()
    assert rows(site.database, "SELECT name FROM products WHERE code = 'DP24-015'") == [("Nước mắm",)]


HEADING = "TT,Tên sản phẩm,Chủ thể,Địa chỉ,Ngành hàng,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan"


def certificates(count: int, wrong: dict[int, str]) -> bytes:
    """Return a list of so many certificates; some of its rows otherwise, by their number."""
    good = (
        f'{n},Mắm cái số {n},HTX Nhà Nông {n},"Thôn 1, xã Phổ An",Thực phẩm,3 sao,{n:04}/QĐ-UBND,05/8/2023,'
        "05/8/2026,UBND thị xã Đức Phổ"
        for n in range(1, count + 1)
    )
    rows_of = (wrong.get(number, row) for number, row in enumerate(good, start=1))
    return "\n".join((HEADING, *rows_of)).encode()


def test_a_newcomer_brings_a_list_of_certificates_in_and_mends_it(site: Site) -> None:
    rest = ",Thực phẩm,3 sao,{},05/8/2023,05/8/2026,UBND thị xã Đức Phổ"
    asked = {n: f'{n},Muối hầm {n},HTX B,"Thôn 2, xã Phổ Anh"' + rest.format(f"{n}/QĐ") for n in (5, 6, 7)}
    faulty = {9: '9,Tôm khô,HTX C,"xã Phổ An"' + rest.format("")}
    with site.page("minh", PHONE, scripts=False) as page:
        page.goto(f"{site.url}/imports")
        page.get_by_label("Danh sách giấy chứng nhận").set_input_files(
            {
                "name": "sổ.csv",
                "mimeType": "text/csv",
                "buffer": certificates(40, {**asked, **faulty}),
            }
        )
        page.get_by_label("Chứng cứ, khi dòng không ghi").select_option("A")
        page.get_by_role("button", name="Tải danh sách giấy lên và xem trước").click()
        expect(
            page.get_by_text("40 lần công nhận: 36 mới, 0 bổ sung, 0 đã có, 0 bỏ qua, 1 lỗi, 2 câu hỏi")
        ).to_be_visible()
        expect(page.get_by_role("button", name="giấy vào sổ")).to_have_count(0)
        page.get_by_label("Trả lời (đề nghị").fill("đúng")
        page.get_by_label("không nhập").check()
        page.get_by_role("button", name="Lưu câu trả lời và xem lại").click()
        expect(page.get_by_text("39 mới, 0 bổ sung, 0 đã có, 1 bỏ qua, 0 lỗi, 0 câu hỏi")).to_be_visible()
        page.get_by_role("button", name="Ghi 39 giấy vào sổ").click()
        expect(page.get_by_text("Đã ghi 39 giấy vào sổ")).to_be_visible()
        page.get_by_role("link", name="Xem sổ đăng ký").click()
        page.get_by_label("Tên, chủ thể, số quyết định").fill("muoi ham 6")
        page.get_by_role("button", name="Lọc").click()
        page.get_by_role("link", name="Muối hầm 6").click()
        page.get_by_role("link", name="Đính chính điều ghi sai").click()
        page.get_by_role("textbox", name="Số quyết định").fill("6/QĐ-UBND")
        page.get_by_label("Lý do").fill("danh sách ghi thiếu")
        page.get_by_role("button", name="Đính chính").click()
        expect(page.get_by_text("Đã đính chính.")).to_be_visible()
        page.locator("a[href^='/c/']").first.click()
        expect(page.get_by_text("6/QĐ-UBND")).to_be_visible()
        page.goto(f"{site.url}/imports/answers")
        expect(page.get_by_role("cell", name="đúng")).to_be_visible()


#: what a reader is told one after the other, and what of it is seen at once: the newest alone
NOTES_WORK = """
window.told = [];
new MutationObserver(() => {
  const line = [...document.querySelectorAll('.work')].filter(each => each.checkVisibility()).at(-1);
  const words = line && line.textContent.trim();
  if (words && window.told.at(-1) !== words) window.told.push(words);
}).observe(document, {childList: true, subtree: true});
"""


def test_a_long_list_says_how_far_it_is_while_it_is_looked_at(site: Site) -> None:
    content = workbook(*(f"Nước mắm số {number}" for number in range(1, 9001)))
    with site.page("minh", PHONE) as page:
        page.goto(f"{site.url}/imports")
        page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(
            {"name": "dài.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        page.add_init_script(NOTES_WORK)
        page.get_by_role("button", name="Tải lên và xem trước").click()
        expect(page.get_by_text("9.000 dòng: 9.000 sản phẩm mới, 0 chờ trả lời")).to_be_visible(
            timeout=30_000
        )
        expect(page.get_by_text("Trang này cho xem 500 dòng đầu")).to_be_visible()
        expect(page.locator(".work progress:visible")).to_have_count(0)  # only the result is left
        assert axe_findings(page) == []
        told = page.evaluate("window.told")
        assert (told[0], told[-1]) == ("Đang đọc tệp.", "Đã xem đủ 9.000 dòng, đang hoàn tất.")
        page.get_by_role("button", name="Công bố").click()
        expect(page.get_by_text("Đã thêm 9.000 sản phẩm")).to_be_visible(timeout=30_000)
    assert rows(site.database, "SELECT COUNT(*) FROM products") == [(9014,)]


def test_many_are_moved_on_together(site: Site) -> None:
    with site.page("lan") as page:
        page.goto(f"{site.url}/products")
        for name in ("Khô Gà", "Cơm rang"):
            page.get_by_role("checkbox", name=f"Chọn {name}").check()
        page.get_by_role("button", name="Làm một thao tác").click()
        page.get_by_role("button", name="Đăng ký ý tưởng").click()
        page.get_by_label("Ngành hàng").select_option(index=1)
        page.get_by_role("button", name="Xem trước từng sản phẩm").click()
        page.get_by_role("button", name="Làm cho cả 2 sản phẩm").click()
        expect(page.get_by_text("2 sản phẩm").first).to_be_visible()
    assert rows(site.database, "SELECT COUNT(*) FROM products WHERE state = 'registered'") == [(2,)]


def test_an_administrators_first_day(site: Site) -> None:
    """The host prints a link; a password, a code, then a ward's first officer with a link of their own."""
    with site.database.write() as tx:
        end = make_link(tx, HOST, "quan", now=BEGUN)
    with site.page() as page:
        page.goto(f"{site.url}/once/{end}")
        page.get_by_label("Mật khẩu mới").fill(GOOD)
        page.get_by_role("button", name="Đặt mật khẩu và vào").click()
        secret = page.locator("input[name=secret]").get_attribute("value")
        assert secret is not None
        page.get_by_label("Mã 6 số").fill(code_now(secret))
        page.get_by_role("button", name="Bật mã").click()
        page.get_by_role("link", name="Đã chép lại").click()
        page.get_by_role("link", name="Cán bộ").click()
        page.get_by_label("Tên đăng nhập").fill("hoa.phoan")
        page.get_by_label("Họ tên").fill("Cán bộ mới")
        page.get_by_role("main").get_by_label("Địa phương").select_option("pho-an")
        page.get_by_role("button", name="Thêm và tạo liên kết").click()
        link = page.get_by_label("Liên kết", exact=True).input_value()
    with site.page(size=PHONE) as page:
        page.goto(link)
        page.get_by_label("Mật khẩu mới").fill(GOOD)
        page.get_by_role("button", name="Đặt mật khẩu và vào").click()
        expect(page.get_by_role("heading", name="Cần tôi làm trong 7 ngày tới")).to_be_visible()


def test_of_two_at_one_product_the_second_sees_what_changed_and_goes_on(site: Site) -> None:
    with site.page("minh") as second, site.page("lan") as first:
        second.goto(f"{site.url}/products/DP24-002/events/withdraw")
        first.goto(f"{site.url}/products/DP24-002/events/register")
        first.get_by_label("Ngành hàng").select_option(index=1)
        first.get_by_role("button", name="Ghi nhận").click()
        second.get_by_label("Lý do").fill("thôi làm")
        second.get_by_role("button", name="Ghi nhận").click()
        expect(second.get_by_text("Từ lúc bạn mở trang, người khác đã:")).to_be_visible()
        second.get_by_role("button", name="Ghi nhận").click()
        second.get_by_role("button", name="Đúng, ghi nhận").click()
    assert state_of(site.database, "DP24-002") == "withdrawn"


def test_a_blank_sheet_prints_with_head_and_foot(site: Site) -> None:
    with site.page("lan") as page:
        page.goto(f"{site.url}/rubrics/21")
        foot = page.get_by_text("Người đánh giá (ký, ghi rõ họ tên)")
        expect(foot).to_be_hidden()
        page.emulate_media(media="print")
        expect(foot).to_be_visible()
        expect(page.get_by_text("Tên chủ thể")).to_be_visible()
        expect(page.get_by_role("button", name="Tính sao")).to_be_hidden()


def test_the_year_prints_on_a4(site: Site) -> None:
    with site.page("minh") as page:
        page.goto(f"{site.url}/year")
        printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed


def test_check_marks_are_seen_although_no_picture_stands_in_the_sheet(site: Site) -> None:
    with site.page("minh") as page:
        page.goto(f"{site.url}/products")
        box = page.get_by_role("checkbox").first
        box.check()
        picture = box.evaluate("e => getComputedStyle(e).backgroundImage")
    assert "/static/" in picture
    assert picture.endswith('.svg")')
