"""Plans, lists, letters, places, officers, accounts, the audit, the year, the search, as they are used."""

from __future__ import annotations

import io
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.people import officer_queries
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.console.letters import AS_SENT
from tests.factories import SEED, SENDER, act, rows, write
from tests.stories.cast import HOST
from tests.stories.journeys import open_deadlines
from tests.web.console.lists import bring, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast
    from tests.web.console.visitor import Visitor

GOOD, NEXT = "Cá chuồn kho mít non", "Bến đò chiều mưa bay"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


@pytest.fixture
def minh(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("minh")


@pytest.fixture
def quan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("quan")


# -- plans ------------------------------------------------------------------------------------------


def test_a_plan_shows_the_sources_words_beside_each_reading(minh: Visitor) -> None:
    page = minh.open(f"/plans/{SEED}")
    assert "Nguyên văn (III.1.b) “Thời gian thực hiện: Tháng 3 – 4 năm 2024.”" in page.text
    assert "Ai được giao việc gì" in page.text
    assert "Phòng Y tế" in page.text


def test_a_changed_plan_shows_what_it_does_before_anything_is_written(
    minh: Visitor, seeded: Database
) -> None:
    text = shipped_plan_text(SEED).replace('["2024-03", "2024-04"]', '["2024-03", "2024-05"]')
    look = minh.fill(minh.open("/plans/new"), "/plans/new", text=text)
    assert (look.title, "Hạn thay đổi 14" in look.text) == ("Xem trước tác động – OCOP", True)
    assert rows(seeded, "SELECT COUNT(*) FROM plan_versions") == [(0,)]
    shown = look.form("/plans/new").fields
    done = minh.send("/plans/new", {**shown, "text": shown["text"].replace("\n", "\r\n")})  # as browsers do
    assert done.path == f"/plans/{SEED}?done=changed"
    assert open_deadlines(seeded, "DP24-002") == {"registration": date(2024, 5, 31)}


def test_a_bad_plan_file_is_told_with_all_its_faults_and_kept_in_the_form(minh: Visitor) -> None:
    text = (
        shipped_plan_text(SEED).replace("year = 2024", 'year = "x"').replace('code = "DP24"', 'code = "dp"')
    )
    page = minh.fill(minh.open("/plans/new"), "/plans/new", text=text)
    assert (page.status, page.title) == (422, "Lỗi: Nạp hoặc sửa kế hoạch – OCOP")
    assert ("year" in page.text, "code" in page.text) == (True, True)
    assert page.form("/plans/new").fields["text"].strip() == text.strip()


def test_a_plan_comes_as_a_file(minh: Visitor) -> None:
    form = minh.open("/plans/new").form("/plans/new").fields
    sent = minh.client.post(
        "/plans/new",
        data={"form": form["form"], "text": "", "year": ""},
        files={"file": ("plan.toml", b"\xef\xbb\xbf" + shipped_plan_text(SEED).encode(), "text/plain")},
    )
    assert (sent.status_code, sent.url.path) == (200, f"/plans/{SEED}")


def test_products_get_more_time_by_a_decision_and_lose_it_again(minh: Visitor, seeded: Database) -> None:
    extend = f"/plans/{SEED}/extend"
    lacking = minh.fill(minh.open(extend), extend, codes="DP24-002")
    assert (lacking.status, "Lý do: bắt buộc" in lacking.text) == (422, True)
    look = minh.fill(
        lacking,
        extend,
        due_on="2024-06-20",
        decision_number="15/QĐ-UBND",
        decided_on="2024-04-22",
        reason="bão số 1",
    )
    assert "Hạn thay đổi 1" in look.text
    done = minh.fill(look, extend)
    assert open_deadlines(seeded, "DP24-002") == {"registration": date(2024, 6, 20)}
    revoke = next(form.action for form in done.forms if form.action.endswith("/revoke"))
    back = minh.fill(minh.fill(done, revoke), revoke)
    assert ("đã thu hồi 23/4/2024" in back.text, open_deadlines(seeded, "DP24-002")) == (
        True,
        {"registration": date(2024, 4, 30)},
    )


def test_an_activity_is_done_and_that_is_taken_back(minh: Visitor, seeded: Database) -> None:
    training = f"/plans/{SEED}/activities/training"
    done = minh.fill(minh.open(f"/plans/{SEED}"), training, on="2024-04-23")
    assert "đã làm 23/4/2024" in done.text
    again = minh.fill(done, training, reason="lớp đã hoãn")
    assert "đã làm 23" not in again.text
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action = 'activity.undo'") == [(1,)]


def test_the_year_is_drawn_and_told_by_the_same_figures(
    minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    page = minh.open("/year")
    assert ('role="img"' in page.html, 'aria-labelledby="y-title y-desc"' in page.html) == (True, True)
    assert "hôm nay 23/4/2024" in page.text
    assert "A. Đăng ký ý tưởng sản phẩm III.1.b 1/3/2024 30/4/2024 0 13 0 1" in page.text
    listed = minh.open(f"/products?plan={SEED}&milestone=registration")
    assert "13 sản phẩm" in listed.text
    assert minh.open("/year?plan=nothing").status == 404


# -- lists -------------------------------------------------------------------------------------------


def test_a_list_is_looked_at_row_by_row_and_counts_only_when_it_is_published(
    minh: Visitor, seeded: Database
) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook("Nước mắm", "Mắm nêm"))
    assert (look.path, "2 dòng: 2 sản phẩm mới, 0 chờ trả lời" in look.text) == ("/imports/1", True)
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]
    done = minh.fill(look, "/imports/1/publish")
    assert "Đã thêm 2 sản phẩm" in done.text
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(16,)]
    assert minh.open("/imports/1").status == 404  # it waits no more
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(0,)]


def test_questions_are_answered_on_the_page_and_the_list_comes_back_with_its_verdicts(
    minh: Visitor, seeded: Database
) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook("Nước mắm", unit="Xã Phổ Ann"))
    assert "1 chờ trả lời" in look.text
    place = next(name for name in look.form("/imports/1/answers").fields if name.startswith("answer:"))
    back = openpyxl.load_workbook(io.BytesIO(minh.client.get("/imports/1/list.xlsx").content))
    assert back.active is not None
    assert any("chờ trả lời" in str(cell.value) for row in back.active.iter_rows() for cell in row)
    again = minh.fill(look, "/imports/1/answers", **{place: "đúng"})
    assert "1 sản phẩm mới, 0 chờ trả lời" in again.text
    minh.fill(again, "/imports/1/publish")
    assert rows(seeded, "SELECT name FROM products WHERE code = 'DP24-015'") == [("Nước mắm",)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"x"),
        ("empty.xlsx", b""),
        ("broken.xlsx", b"PK\x03\x04 no workbook"),
        ("../../etc/passwd.csv", b"\x00\x00"),
    ],
)
def test_what_is_no_list_is_refused_in_words(
    minh: Visitor, seeded: Database, name: str, content: bytes
) -> None:
    page = bring(minh, name, content)
    assert page.status == 422
    assert "Có lỗi cần sửa" in page.text
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]


def test_a_list_is_nobody_elses(minh: Visitor, visitor: Callable[[str], Visitor], clock: FixedClock) -> None:
    annex = resources.files("ocop_workflow") / "data" / "annexes" / "duc-pho-2024.csv"
    assert bring(minh, "phụ lục.csv", annex.read_bytes()).status == 200
    assert "Bạn không nhập danh sách cho kế hoạch nào" in visitor("lan").open("/imports").text
    assert visitor("lan").open("/imports/1").status == 404
    assert minh.fill(minh.open("/imports/1"), "/imports/1/drop").path == "/imports"
    assert minh.open("/imports/1").status == 404
    assert clock.now()


# -- letters -----------------------------------------------------------------------------------------


def test_a_letter_is_shown_as_it_was_sent_and_given_as_a_file(
    lan: Visitor, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    listed = lan.open("/letters")
    link = next(link for link in listed.links if link.startswith("/letters/"))
    letter = lan.open(link)
    assert "Kính gửi: UBND xã Phổ An" in letter.text
    answer = lan.client.get(f"{link}/message.eml")
    assert answer.headers["content-type"] == "message/rfc822"
    assert "attachment" in answer.headers["content-disposition"]
    assert b"pho-an@duc-pho.example" in answer.content


def test_a_letter_is_seen_as_its_reader_sees_it_and_nothing_of_it_runs(
    lan: Visitor, minh: Visitor, seeded: Database, clock: FixedClock
) -> None:
    write(seeded, "UPDATE products SET name = '<script>alert(1)</script>' WHERE code = 'DP24-002'")
    sweep(seeded, clock, SENDER)
    link = next(link for link in lan.open("/letters").links if link.startswith("/letters/"))
    assert f"{link}/as-sent" in lan.open(link).links
    seen = lan.open(f"{link}/as-sent")
    assert seen.response.headers["content-security-policy"] == AS_SENT
    assert ("<h2 style=" in seen.html, "<script" in seen.html) == (True, False)
    (strange,) = rows(seeded, "SELECT id FROM outbox WHERE address = 'pho-phong@duc-pho.example'")
    assert lan.open(f"/letters/{strange[0]}/as-sent").status == 404
    assert minh.open(f"/letters/{strange[0]}/as-sent").status == 200


def test_letters_are_held_let_go_and_sent_again(minh: Visitor, seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    held = minh.fill(minh.open("/letters/1"), "/letters/1/hold")
    assert rows(seeded, "SELECT state FROM outbox WHERE id = 1") == [("held",)]
    minh.fill(held, "/letters/1/release")
    assert rows(seeded, "SELECT state FROM outbox WHERE id = 1") == [("pending",)]
    write(seeded, "UPDATE outbox SET state = 'dead' WHERE id IN (1, 2)")
    look = minh.open("/letters/dead/again")
    assert "Sẽ gửi lại?" in look.text
    minh.fill(look, "/letters/dead/again")
    assert rows(seeded, "SELECT COUNT(*) FROM outbox WHERE state = 'pending'") == [(7,)]
    assert minh.open("/letters?state=dead&kind=&unit=").status == 200


# -- places ------------------------------------------------------------------------------------------


def test_a_places_letters_go_to_one_more_address_and_to_one_less(quan: Visitor, seeded: Database) -> None:
    wrong = quan.fill(quan.open("/units/pho-an"), "/units/pho-an/contacts", address="no address")
    assert (wrong.status, wrong.title) == (422, "Lỗi: Xã Phổ An – OCOP")
    added = quan.fill(wrong, "/units/pho-an/contacts", address="van-thu@pho-an.example")
    assert "van-thu@pho-an.example · từ 23/4/2024" in added.text
    end = [form.action for form in added.forms if form.action.endswith("/end")][-1]
    assert "thôi từ 23/4/2024" in quan.fill(added, end).text
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action LIKE 'unit.contact%'") == [(2,)]


def test_a_merger_is_looked_at_before_it_is_recorded(quan: Visitor, seeded: Database) -> None:
    merge = "/units/pho-an/merge"
    look = quan.fill(quan.open("/units/pho-an"), merge, heir="pho-phong", on="2024-07-01")
    assert "5 sản phẩm sang Xã Phổ Phong" in look.text
    assert rows(seeded, "SELECT successor_id FROM units WHERE slug = 'pho-an'") == [(None,)]
    quan.fill(look, merge, confirmed="1")
    assert "Kết thúc hoạt động từ 1/7/2024: Xã Phổ Phong" in quan.open("/units/pho-an").text


# -- officers and one's account ----------------------------------------------------------------------


def test_an_administrators_first_day(
    quan: Visitor, visitor: Callable[[str], Visitor], seeded: Database
) -> None:
    made = quan.fill(
        quan.open("/officers"), "/officers", login="Hoa.PhoAn", name="Cán bộ mới", unit="pho-an", email=""
    )
    link = made.html.partition('id="f-link" readonly value="')[2].partition('"')[0]
    assert link.startswith("http://localhost/once/")
    hoa = visitor("")
    page = hoa.open(link.removeprefix("http://localhost"))
    hoa.fill(page, page.forms[-1].action, password=GOOD)
    assert hoa.open("/").title == "Hôm nay – OCOP"
    assert rows(seeded, "SELECT COUNT(*) FROM officers WHERE login = 'hoa.phoan'") == [(1,)]
    again = quan.fill(quan.open("/officers"), "/officers", login="hoa.phoan", name="x", unit="pho-an")
    assert (again.status, "Đã có cán bộ hoa.phoan." in again.text) == (409, True)


def test_roles_come_and_go_and_whoever_leaves_is_out_at_once(
    quan: Visitor, lan: Visitor, seeded: Database
) -> None:
    page = quan.open("/officers/lan")
    more = quan.fill(page, "/officers/lan/roles", role="viewer", unit="duc-pho")
    assert "người xem (lãnh đạo, thanh tra) (duc-pho)" in more.text
    stale = quan.fill(page, "/officers/lan/disable")
    assert stale.status == 412  # somebody has changed Lan since the page was opened
    quan.fill(quan.open("/officers/lan"), "/officers/lan/disable")
    assert lan.open("/").path.startswith("/sign-in")
    assert rows(seeded, "SELECT COUNT(*) FROM officers WHERE disabled_at IS NOT NULL") == [(1,)]


def test_ones_own_password_is_changed_by_who_knows_the_present_one(
    lan: Visitor, cast: Cast, seeded: Database
) -> None:
    with seeded.write() as tx:
        officer = officer_queries.officer_by_login(tx, "lan")
        assert officer is not None
        set_password(tx, HOST, "lan", GOOD, now=cast.clock.now(), staying=1)
    account = lan.open("/account")
    wrong = lan.fill(account, "/account/password", present="wrong", password=NEXT)
    assert (wrong.status, "không đúng" in wrong.text) == (401, True)
    done = lan.fill(account, "/account/password", present=GOOD, password=NEXT)
    assert done.path == "/account?done=password"


def test_a_code_is_turned_on_recovered_and_turned_off(lan: Visitor, clock: FixedClock) -> None:
    page = lan.open("/account/code")
    secret = page.form("/account/code").fields["secret"]
    code = codes.code_in(secret, codes.step_at(clock.elsewhere()))
    assert lan.fill(page, "/account/code", code=code).title == "Mã dự phòng – OCOP"
    account = lan.open("/account")
    assert "Đang bật. Còn 10 mã dự phòng." in account.text
    assert lan.fill(account, "/account/recovery").title == "Mã dự phòng – OCOP"
    assert "Chưa bật" in lan.fill(lan.open("/account"), "/account/code/off").text


def test_a_calendar_is_subscribed_to_from_ones_account(lan: Visitor) -> None:
    made = lan.fill(lan.open("/account"), "/account/tokens", scope="feed", unit="pho-an", days="90")
    address = made.html.partition('id="f-made" readonly value="')[2].partition('"')[0]
    feed = lan.client.get(address.removeprefix("http://localhost"))
    assert (feed.status_code, feed.text[:15]) == (200, "BEGIN:VCALENDAR")
    bad = lan.fill(lan.open("/account"), "/account/tokens", scope="act", days="9999")
    assert (bad.status, "từ 1 đến 366 ngày" in bad.text) == (422, True)


def test_the_audit_says_who_did_what_and_is_checked(quan: Visitor, lan: Visitor, seeded: Database) -> None:
    register = "/products/DP24-002/events/register"
    lan.fill(lan.open(register), register, group="food")
    page = quan.open("/audit?actor=lan&action=product.&since=2024-04-23&until=2024-04-23")
    assert "product.register product:DP24-002" in page.text
    assert "Không" not in page.headings
    checked = quan.fill(page, "/audit/verify")
    assert "Đúng cả" in checked.text
    assert rows(seeded, "SELECT COUNT(*) FROM transitions") == [(1,)]


# -- the search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("kho bo", "/products/DP24-002"),
        ("dp24-003", "/products/DP24-003"),
        ("nguyen nghiem", "/products?unit=nguyen-nghiem"),
        ("mot san pham", f"/plans/{SEED}"),
        ("nhap danh sach", "/imports"),
        ("thư 12", "/letters/12"),
    ],
)
def test_one_box_finds_all_without_marks(minh: Visitor, words: str, link: str) -> None:
    assert link in minh.open(f"/search?q={words}").links


def test_what_is_not_there_is_said(minh: Visitor) -> None:
    assert "Không tìm thấy gì với “<b>”." in minh.open("/search?q=%3Cb%3E").text
