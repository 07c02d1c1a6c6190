"""Today's page, by role: what is mine, what waits for others, what goes wrong; and what stands around it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.people.officers import HOST
from ocop_workflow.people.sign_in.coming_in import make_link
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, act, rows, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

Give = "Callable[[str], Visitor]"
MINE = ["Cần tôi làm trong 7 ngày tới 4", "Cần tôi làm sau đó (đến 60 ngày) 0"]


def test_a_ward_officer_sees_first_what_is_to_be_done_with_the_button_to_do_it(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    today = visitor("lan").open("/")
    assert today.headings[0] == "Hôm nay, 23/4/2024"
    assert all(words in today.text for words in MINE)
    assert (
        "Khô Bò DP24-002 · Xã Phổ An · Ý tưởng Đăng ký ý tưởng sản phẩm: còn 7 ngày (30/4/2024) mục III.1.b, "
        "Kế hoạch" in today.text
    )
    assert [link for link in today.links if link.endswith("/events/register")] == [
        f"/products/DP24-{number:03}/events/register" for number in (2, 4, 5, 6)
    ]
    assert "Đang chờ người khác, hạn trong 7 ngày tới 0" in today.text


def test_an_officer_is_told_for_a_week_of_a_link_that_another_one_has_made(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    lan = visitor("lan")
    assert "liên kết đặt mật khẩu" not in lan.open("/").text
    with seeded.write() as tx:
        make_link(tx, HOST, "lan", now=clock.now())
    told = "ocop đã tạo liên kết đặt mật khẩu cho tài khoản này lúc 06:00 23/4/2024. Nếu anh/chị không xin"
    assert told in lan.open("/").text
    assert "liên kết đặt mật khẩu" not in visitor("minh").open("/").text
    clock.wait(timedelta(days=7))
    assert "liên kết đặt mật khẩu" not in visitor("lan").open("/").text


def test_a_block_shows_five_and_leads_to_all(visitor: Callable[[str], Visitor]) -> None:
    today = visitor("minh").open("/")
    assert "Đang chờ người khác, hạn trong 7 ngày tới 14" in today.text
    shown = today.html.partition("Đang chờ người khác")[2].partition("</section>")[0]
    assert (shown.count('class="task"'), "Xem tất cả 14" in shown) == (5, True)


def test_the_town_sees_who_has_registered_nothing_and_enters_it_from_there(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    today = visitor("minh").open("/")
    silent = today.html.partition("Chưa đăng ký sản phẩm nào")[2].partition("</section>")[0]
    assert ("Phường Nguyễn Nghiêm" in silent, "Xã Phổ An" in silent) == (True, False)
    assert "/products/new?plan=duc-pho-2024&unit=pho-khanh" in today.links
    assert "Chưa đăng ký sản phẩm nào" not in visitor("lan").open("/").text


def test_leadership_sees_four_figures_and_who_is_late(
    visitor: Callable[[str], Visitor], clock: FixedClock
) -> None:
    clock.move_to(date(2024, 5, 2))
    today = visitor("xem").open("/")
    assert (
        "14 sản phẩm đang theo dõi 14 đang đánh giá, chưa công nhận 0 đang có sao 14 đang trễ hạn"
        in today.text
    )
    assert "Xã Phổ An: 5 sản phẩm" in today.text
    assert "/products?unit=pho-an&due=late" in today.links
    assert "Cần tôi làm" not in today.text


def test_letters_that_were_given_up_and_questions_stand_there(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    write(seeded, "UPDATE outbox SET state = 'dead' WHERE id = 1")
    today = visitor("minh").open("/")
    assert "Thư không gửi được 1" in today.text
    assert "Câu hỏi khi nhập danh sách, chưa trả lời 2" in today.text
    assert ("/letters/1" in today.links, "/letters?state=dead" in today.links) == (True, True)


def test_every_page_says_when_the_daily_check_is_behind(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    minh = visitor("minh")
    assert "Chưa lần nào quét hạn" in minh.open("/products").text
    sweep(seeded, clock, SENDER)
    assert "quét hạn" not in minh.open("/products").text
    clock.move_to(date(2024, 4, 24), hour=5)  # before the hour of the check: not behind yet
    assert "quét hạn" not in visitor("minh").open("/products").text
    clock.wait(timedelta(hours=2))
    assert "Lần quét hạn gần nhất là ngày 23/4/2024" in visitor("minh").open("/products").text


def test_each_role_has_the_doors_that_are_of_use(visitor: Callable[[str], Visitor]) -> None:
    common = ["/", "/year", "/products", "/certificates", "/letters", "/plans"]
    doors = {
        "lan": [*common, "/sessions", "/rubrics", "/units"],
        "minh": [*common, "/imports", "/sessions", "/rubrics", "/units"],
        "quan": [*common, "/sessions", "/rubrics", "/units", "/officers", "/audit"],
        "xem": [*common, "/sessions", "/rubrics", "/units"],
    }
    for login, wanted in doors.items():
        page = visitor(login).open("/account")
        nav = page.html.partition('class="doors')[2].partition("</nav>")[0]
        assert [part.partition('"')[0] for part in nav.split('href="')[1:]] == wanted, login


def test_the_same_page_stands_in_english(visitor: Callable[[str], Visitor]) -> None:
    lan = visitor("lan")
    english = lan.fill(lan.open("/"), "/language", language="en")
    assert english.headings[0] == "Today, 23 Apr 2024"
    assert "For me to do within 7 days" in english.text
    assert "7 days left" in english.text
    product = lan.open("/products/DP24-002")
    assert "What you may do Register the idea Withdraw" in product.text


def test_that_somebody_is_there_is_noted_at_most_once_a_minute(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    lan = visitor("lan")
    lan.open("/")
    seen = rows(seeded, "SELECT seen_at FROM sessions")
    clock.wait(timedelta(seconds=30))
    lan.open("/")
    assert rows(seeded, "SELECT seen_at FROM sessions") == seen
    clock.wait(timedelta(seconds=31))
    lan.open("/")
    assert rows(seeded, "SELECT seen_at FROM sessions") != seen
