"""A producer's page: opened by a link, without an account; and what the officer sees of what came by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.factories import rows
from tests.files.samples import PDF, PNG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Page, Visitor

PAPERS = "/products/DP24-002/papers"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("lan")


@pytest.fixture
def producer(lan: Visitor, visitor: Callable[[str], Visitor]) -> tuple[Visitor, str]:
    """Somebody without an account, and the address that the officer gave them."""
    made = lan.fill(lan.open(PAPERS), f"{PAPERS}/links")
    address = re.findall(r'value="http://localhost(/u/[^"]+)"', made.html)[0]
    assert "<svg" in made.html
    return visitor(""), address


def send(somebody: Visitor, address: str, kind: str = "registration", content: bytes = PNG) -> Page:
    return somebody.send_file(address, {"kind": kind}, {"file": ("ảnh.png", content)})


def test_a_producer_sees_what_is_lacking_sends_a_file_and_reads_what_became_of_it(
    producer: tuple[Visitor, str], lan: Visitor
) -> None:
    somebody, address = producer
    page = somebody.open(address)
    assert page.title == "Nộp giấy tờ: Khô Bò – OCOP"
    assert "Báo cáo của chủ thể còn thiếu" in page.text
    assert page.links == ["#main", "/"]
    assert page.response.headers["cache-control"] == "no-store"
    sent = send(somebody, address)
    assert "Đã gửi. Xã, phường xem rồi mới vào hồ sơ" in sent.text
    assert "đã gửi 1 tệp, chờ xã, phường xem" in sent.text
    today = lan.open("/")
    assert "Chủ thể gửi giấy tờ, chờ xem 1 Khô Bò DP24-002 · Xã Phổ An · 1 tệp, từ" in today.text
    papers = lan.open(PAPERS)
    assert "Chủ thể gửi, chờ xem 1" in papers.text
    assert lan.open("/products/DP24-002/handed-in/1").response.content == PNG
    gone = lan.fill(papers, "/products/DP24-002/handed-in/1/return", reason="ảnh mờ")
    assert "Đã trả lại tệp; chủ thể đọc được lý do." in gone.text
    assert "trả lại: ảnh mờ" in somebody.open(address).text
    send(somebody, address, content=PDF)
    taken = lan.fill(lan.open(PAPERS), "/products/DP24-002/handed-in/2/take", number="12/PĐK")
    assert "Đã nhận tệp vào hồ sơ." in taken.text
    assert "đã có · số 12/PĐK ảnh.png.pdf" in taken.text
    done = somebody.open(address)
    assert ("trả lại" in done.text, "đã có 1" in done.text, "12/PĐK" in done.text) == (False, True, False)


def test_a_mistake_is_told_on_the_page_and_nothing_is_kept(
    producer: tuple[Visitor, str], seeded: Database
) -> None:
    somebody, address = producer
    for kind, content, told in (
        ("registration", b"MZ a program", "chỉ nhận PDF, JPEG, PNG"),
        ("registration", b"", "tệp trống"),
        ("samples", PNG, "chọn một giấy tờ trong danh sách"),
    ):
        refused = send(somebody, address, kind, content)
        assert (refused.status, told in refused.text, refused.path) == (422, True, address)
    assert "Chưa chọn tệp." in somebody.send(address, {"kind": "registration"}).text
    assert rows(seeded, "SELECT COUNT(*) FROM handed_in") == [(0,)]


def test_a_file_that_is_too_large_is_told_on_the_page_with_its_form(producer: tuple[Visitor, str]) -> None:
    somebody, address = producer
    refused = send(somebody, address, content=PDF + bytes(51 * 1024 * 1024))
    assert (refused.status, "tối đa 50 MiB" in refused.text) == (413, True)
    assert refused.form(address).choices["kind"][:2] == ["", "registration"]


def test_a_link_that_is_not_good_is_answered_alike_before_a_byte_is_read(
    producer: tuple[Visitor, str], lan: Visitor
) -> None:
    somebody, address = producer

    def never() -> Iterator[bytes]:
        yield b"--x"
        pytest.fail("the body was read")

    lan.fill(lan.open(PAPERS), f"{PAPERS}/links/1/revoke")
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "text/html"}
    pages = set()
    for path in (address, "/u/nothing", f"/u/{'x' * 32}"):
        for answer in (
            somebody.client.get(path, headers={"Accept": "text/html"}),
            somebody.client.post(path, content=never(), headers=headers),
        ):
            assert answer.status_code == 404
            pages.add(answer.text.replace(path, "…"))
    assert len(pages) == 1
    assert "đã hết hạn hoặc đã thu hồi" in pages.pop()


def test_a_link_opens_no_other_page_and_no_form_of_another_site_is_taken(
    producer: tuple[Visitor, str], seeded: Database
) -> None:
    somebody, address = producer
    assert somebody.open(PAPERS).path.startswith("/sign-in")
    refused = somebody.send_file(
        address, {"kind": "registration"}, {"file": ("a.png", PNG)}, Origin="https://evil.example"
    )
    assert (refused.status, rows(seeded, "SELECT COUNT(*) FROM handed_in")) == (403, [(0,)])


def test_the_page_stands_in_english_too(producer: tuple[Visitor, str]) -> None:
    somebody, address = producer
    somebody.client.cookies.set("ocop-language", "en")
    assert somebody.open(address).title == "Hand papers in: Khô Bò – OCOP"


def test_whoever_only_looks_makes_no_link_and_settles_nothing(
    producer: tuple[Visitor, str], visitor: Callable[[str], Visitor]
) -> None:
    somebody, address = producer
    send(somebody, address)
    page = visitor("tam").open(PAPERS)
    assert "Chủ thể gửi, chờ xem 1" in page.text
    assert [form.action for form in page.forms if "papers" in form.action or "handed" in form.action] == []
    assert visitor("ha").open("/products/DP24-002/handed-in/1").status == 404


def test_a_day_that_is_over_is_told_beside_the_form(lan: Visitor, seeded: Database) -> None:
    refused = lan.fill(lan.open(PAPERS), f"{PAPERS}/links", until="2024-01-01")
    assert (refused.status, "phải từ hôm nay đến 120 ngày nữa" in refused.text) == (422, True)
    assert rows(seeded, "SELECT COUNT(*) FROM upload_links") == [(0,)]
