"""Monitoring on a page: who is to be seen, a visit written on a phone, what is done after it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories import rows, write
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

CODE = "DP24-002"
NEW = f"/products/{CODE}/visits/new"
VISIT = {
    "visited_on": "2025-03-07",
    "visitors": "Phòng Kinh tế thị xã",
    "place": "Xưởng sấy",
    "conclusion": "Duy trì được tiêu chí, trừ nhãn.",
    "criterion-0": "5.1",
    "result-0": "not_met",
    "follow_up-0": "In lại nhãn",
    "due_on-0": "2025-03-31",
    "what-2": "Có máy sấy mới",
    "result-2": "note",
}


@pytest.fixture
def certified(seeded: Database, clock: FixedClock) -> Database:
    """Two products that are certified since 25/11/2024; today is 10/3/2025."""
    for code in ("DP24-001", CODE):
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(date(2025, 3, 10))
    return seeded


@pytest.fixture
def lan(certified: Database, visitor: Callable[[str], Visitor]) -> Visitor:
    assert certified
    return visitor("lan")


def test_a_ward_officer_records_a_visit_once_and_sees_what_is_to_be_done(
    lan: Visitor, certified: Database
) -> None:
    assert NEW in lan.open(f"/products/{CODE}").links
    assert f"/products/{CODE}/visits" in lan.open("/inspections").links
    page = lan.open(NEW)
    assert page.form(NEW).fields["visited_on"] == "2025-03-10"
    done = lan.fill(page, NEW, **VISIT)
    assert (done.path, done.title) == ("/visits/1?done=recorded", "Kiểm tra ngày 7/3/2025: Khô Bò – OCOP")
    assert "Đã ghi lần kiểm tra." in done.text
    assert "không đạt · tiêu chí 5.1 In lại nhãn: hạn 31/3/2025" in done.text
    assert "ghi nhận · Có máy sấy mới" in done.text
    lan.fill(page, NEW, **VISIT)  # pressed twice
    assert rows(certified, "SELECT COUNT(*) FROM visits") == [(1,)]
    listed = lan.open("/inspections")
    assert "kiểm tra lần cuối 7/3/2025" in listed.text
    assert "1 việc phải làm còn mở" in listed.text
    assert "In lại nhãn còn 21 ngày (31/3/2025)" in listed.text
    assert "In lại nhãn" not in lan.open("/").text  # more than a week ahead
    product = lan.open(f"/products/{CODE}")
    assert "/visits/1" in product.links
    assert "In lại nhãn (31/3/2025)" in product.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(lan: Visitor) -> None:
    wrong = lan.fill(lan.open(NEW), NEW, **{**VISIT, "visited_on": "2024-11-01", "result-2": ""})
    assert (wrong.status, wrong.title) == (422, "Lỗi: Ghi một lần kiểm tra: Khô Bò – OCOP")
    assert "#f-result-2" in wrong.links
    fields = wrong.form(NEW).fields
    assert {name: fields[name] for name in VISIT} == {**VISIT, "visited_on": "2024-11-01", "result-2": ""}
    wrong = lan.fill(wrong, NEW, **{**VISIT, "visited_on": "2024-11-01"})
    assert "Ngày kiểm tra: 01/11/2024 đứng trước ngày quyết định công nhận 25/11/2024" in wrong.text
    wrong = lan.fill(wrong, NEW, **{**VISIT, "due_on-0": "hôm nào"})
    assert "1. Hạn: không phải ngày; viết như 30/11/2024" in wrong.text
    wrong = lan.fill(wrong, NEW, **{**VISIT, "conclusion": ""})
    assert "#f-conclusion" in wrong.links
    assert lan.fill(wrong, NEW, **VISIT).path == "/visits/1?done=recorded"


def test_what_is_late_after_a_visit_stands_on_today(
    lan: Visitor, visitor: Callable[[str], Visitor], clock: FixedClock
) -> None:
    lan.fill(lan.open(NEW), NEW, **VISIT)
    clock.move_to(date(2025, 4, 2))
    lan = visitor("lan")
    page = lan.open("/")
    assert "In lại nhãn : trễ 2 ngày (31/3/2025)" in page.text
    assert "/visits/1" in page.links
    assert "In lại nhãn" not in visitor("ha").open("/").text


def test_a_follow_up_is_done_reopened_and_the_visit_taken_back(lan: Visitor) -> None:
    page = lan.fill(lan.open(NEW), NEW, **VISIT)
    finish, reopen = "/visits/1/findings/1/done", "/visits/1/findings/1/reopen"
    wrong = lan.fill(page, finish, on="2025-03-11", note="đã in")
    assert (wrong.status, "Ngày làm xong: 11/03/2025 còn ở tương lai" in wrong.text) == (422, True)
    assert "#f-on-1" in wrong.links
    fields = wrong.form(finish).fields
    assert (fields["on"], fields["note"]) == ("2025-03-11", "đã in")
    done = lan.fill(wrong, finish, on="2025-03-10", note="đã in")
    assert "Đã ghi việc ấy xong." in done.text
    assert "In lại nhãn: xong ngày 10/3/2025 lan · đã in" in done.text
    again = lan.fill(done, reopen, reason="nhãn khác")
    assert ("Việc ấy đã mở lại." in again.text, finish in [form.action for form in again.forms]) == (
        True,
        True,
    )
    assert lan.fill(again, "/visits/1/withdraw", reason=" ").status == 422
    gone = lan.fill(again, "/visits/1/withdraw", reason="nhầm sản phẩm")
    assert (gone.path, "Chưa có lần kiểm tra nào." in gone.text) == (
        f"/products/{CODE}/visits?done=withdrawn",
        True,
    )
    assert lan.open("/visits/1").status == 404


def test_a_finding_of_another_visit_is_not_there(lan: Visitor) -> None:
    lan.fill(lan.open(NEW), NEW, **VISIT)
    other = lan.fill(lan.open(NEW), NEW, **VISIT)
    assert other.path == "/visits/2?done=recorded"
    token = other.form("/visits/2/findings/3/done").fields["form"]
    sent = lan.client.post("/visits/2/findings/1/done", data={"form": token, "on": "2025-03-10"})
    assert sent.status_code == 404


def test_a_visit_leads_to_the_conclusion_and_is_named_in_it(
    visitor: Callable[[str], Visitor], certified: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2026, 6, 1))
    assert certified
    minh = visitor("minh")
    page = minh.fill(minh.open(NEW), NEW, **{**VISIT, "visited_on": "2026-05-30", "due_on-0": "2026-06-30"})
    (link,) = [link for link in page.links if "conclude" in link]
    assert link == f"/products/{CODE}/events/conclude?visit=1"
    form = minh.open(link).form(f"/products/{CODE}/events/conclude")
    assert form.fields["conclusion"] == (
        "Kiểm tra ngày 30/05/2026 (lần kiểm tra số 1): Duy trì được tiêu chí, trừ nhãn."
    )
    assert minh.open("/products/DP24-001/events/conclude?visit=1").status == 404
    plain = minh.open(f"/products/{CODE}/events/conclude?visit=x").form(f"/products/{CODE}/events/conclude")
    assert plain.fields["conclusion"] == ""


def test_others_look_and_write_nothing_and_strangers_find_nothing(
    lan: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    lan.fill(lan.open(NEW), NEW, **VISIT)
    viewer = visitor("xem")
    assert viewer.open(NEW).status == 403
    page = viewer.open("/visits/1")
    assert (page.status, [form.action for form in page.forms if "visits" in form.action]) == (200, [])
    assert NEW not in viewer.open(f"/products/{CODE}/visits").links
    ha = visitor("ha")
    assert [ha.open(path).status for path in ("/visits/1", NEW, f"/products/{CODE}/visits")] == [404] * 3
    assert "0 sản phẩm" in ha.open("/inspections").text


def test_the_list_is_filtered_by_place_and_status_and_goes_on(
    visitor: Callable[[str], Visitor], certified: Database
) -> None:
    minh = visitor("minh")
    everything = minh.open("/inspections")
    assert "2 sản phẩm" in everything.text
    assert (
        "theo mục III.3 của duc-pho-2024, không định kỳ (tạm tính theo kế hoạch gần nhất)" in everything.text
    )
    assert "1 sản phẩm" in minh.open("/inspections?unit=pho-an&status=not_due").text
    assert "0 sản phẩm" in minh.open("/inspections?status=late").text
    assert minh.open("/inspections?status=bad").status == 422
    ((last, number),) = rows(certified, "SELECT valid_until, id FROM certificates ORDER BY id LIMIT 1")
    behind = f"/inspections?after=3.{date.fromisoformat(str(last)).toordinal()}.{number}"
    assert (
        minh.open(behind).text.count("chưa kiểm tra lần nào"),
        "2 sản phẩm" in minh.open(behind).text,
    ) == (1, True)
    write(certified, "UPDATE certificates SET standing = 'proposed'")
    assert "chưa đến lượt" in minh.open("/inspections").text
