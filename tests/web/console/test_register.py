"""`/certificates`: the register on pages and as files, and one certificate with its code."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.factories import rows, write
from tests.products.test_entering import ENDED, OLD
from tests.stories.journeys import walk_to
from tests.web.console.test_look_up import enter, page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Page, Visitor


@pytest.fixture
def register(seeded: Database, clock: FixedClock) -> Database:
    """Three certificates: of a product of the plan, of one outside it, and one that was revoked."""
    walk_to(seeded, clock, "DP24-002", "certify")
    enter(seeded, clock, certificate={**OLD, "valid_until": "2025-01-20", "number": "9/QĐ"})
    revoked = {**ENDED, "certificate": {**OLD, "number": "7/QĐ", "star": 4}, "ended_by": "UBND tỉnh"}
    enter(seeded, clock, **revoked)
    return seeded


def test_the_register_is_asked_by_what_officers_ask(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    assert register
    minh = visitor("minh")
    for query, found in (
        ("", {1, 2, 3}),
        ("?star=4", {3}),
        ("?status=running", {1, 2}),
        ("?status=ended", {3}),
        ("?status=revoked", {3}),
        ("?status=expired", set()),
        ("?unit=pho-an", {1, 2, 3}),
        ("?unit=pho-khanh", set()),
        ("?group=food", {1}),
        ("?ends_within=60", {2}),
        ("?evidence=A&q=9%2FQ%C4%90", {2}),
        ("?standing=proposed", set()),
    ):
        page = minh.open(f"/certificates{query}")
        assert page.status == 200, query
        shown = {int(link[14:]) for link in page.links if re.fullmatch(r"/certificates/[0-9]+", link)}
        assert shown == found, query
        assert (f"{len(found)} giấy chứng nhận" in page.text) is True, query


def test_a_ward_sees_its_own_alone(visitor: Callable[[str], Visitor], register: Database) -> None:
    assert register
    assert "3 giấy chứng nhận" in visitor("lan").open("/certificates").text
    ha = visitor("ha")
    assert "0 giấy chứng nhận" in ha.open("/certificates").text
    for path in ("/certificates/1", "/certificates/1/qr.svg", "/certificates/99"):
        assert ha.open(path).status == 404, path
    assert "Khô Bò" not in ha.open("/certificates.csv").html


def test_one_certificate_says_all_that_the_register_holds(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    page = visitor("lan").open("/certificates/1")
    for words in (
        "còn hiệu lực · đã xác nhận",
        "Xã Phổ An, Tỉnh Quảng Ngãi",
        "qd-148-2023",
        "A: quyết định đã ký",
        "Quyết định công nhận: số 1234/QĐ-UBND ngày 25/11/2024, UBND thị xã Đức Phổ",
        "Chủ tịch UBND thị xã ký",
        "· Công nhận lan",
        "OCOP_PUBLIC_URL",
    ):
        assert words in page.text, words
    assert {"/products/DP24-002", page_of(register)} <= set(page.links)
    ended = visitor("lan").open("/certificates/3")
    assert "bị thu hồi, UBND tỉnh" in ended.text
    assert "nhập giấy chứng nhận cấp nơi khác" in ended.text


def test_its_code_is_offered_where_everybody_reaches_its_page(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    lan = visitor("lan")
    assert "qr.svg" not in lan.open("/certificates/1").html
    assert lan.client.get("/certificates/1/qr.png").status_code == 409
    application = lan.client.app.state.application  # type: ignore[attr-defined]  # it is ours
    settings = application.settings.model_copy(update={"public_url": "https://ocop.duc-pho.example"})
    object.__setattr__(application, "settings", settings)
    page = lan.open("/certificates/1")
    assert f"https://ocop.duc-pho.example{page_of(register)}" in page.text
    assert "<svg" in page.html
    for ending, begin in (("svg", b"<svg"), ("png", b"\x89PNG")):
        answer = lan.client.get(f"/certificates/1/qr.{ending}")
        assert answer.content.startswith(begin)
        assert answer.headers["content-disposition"] == f'attachment; filename="ma-qr-1.{ending}"'
        assert answer.headers["cache-control"] == "no-store"
    write(register, "UPDATE certificates SET shown_since = NULL, standing = 'proposed' WHERE id = 1")
    assert lan.client.get("/certificates/1/qr.png").status_code == 409


def test_the_same_as_files(visitor: Callable[[str], Visitor], register: Database) -> None:
    write(register, "UPDATE certificates SET product = '=1+1' WHERE id = 3")
    lan = visitor("lan").client
    lines = lan.get("/certificates.csv?status=revoked").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Số,Sản phẩm,Chủ thể,Địa phương,Địa phương hiện nay,Sao,Số quyết định,")
    assert lines[1].startswith(
        "3,'=1+1,Hộ kinh doanh Kỳ Tân,Xã Phổ An,Xã Phổ An,4,7/QĐ,2020-11-20,,2023-11-20,"
    )
    assert len(lines) == 2
    sheet = load_workbook(io.BytesIO(lan.get("/certificates.xlsx").content)).active
    assert sheet is not None
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == ["Khô Bò", "Nước mắm Kỳ Tân", "=1+1"]
    assert sheet.cell(4, 2).data_type == "s"


LIST = (
    "TT,Tên sản phẩm,Chủ thể,Địa chỉ,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan\n"
    '1,<b>Mắm cái</b>,HTX A,"Thôn 1, {commune}",3 sao,0001/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện\n'
)


def send(somebody: Visitor, act: str, commune: str, name: str = "sổ.csv") -> Page:
    fields = somebody.open("/certificates/import").form("/certificates/import").fields
    content = LIST.format(commune=commune).encode()
    return somebody.send_file(
        "/certificates/import",
        {"form": fields["form"], "evidence": "A", "act": act},
        files={"file": (name, content)},
    )


def test_a_list_is_looked_at_mended_and_entered(visitor: Callable[[str], Visitor], seeded: Database) -> None:
    minh = visitor("minh")
    looked = send(minh, "publish", "xã Phổ Anh")
    assert "Chưa ghi gì: 0 giấy mới, 0 đã có, 0 lỗi, 1 cần hỏi." in looked.text
    assert "“xã Phổ Anh” có phải là Xã Phổ An? Xã Phổ An" in looked.text
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]
    back = send(minh, "back", "xã Phổ Anh").response
    sheet = load_workbook(io.BytesIO(back.content)).active
    assert sheet is not None
    assert (sheet.cell(2, sheet.max_column - 3).value, back.headers["cache-control"]) == (
        "cần hỏi",
        "no-store",
    )
    assert "1 giấy mới" in send(minh, "look", "xã Phổ An").text
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]
    done = send(minh, "publish", "xã Phổ An")
    assert "Đã ghi 1 giấy vào sổ; 0 đã có từ trước." in done.text
    assert rows(seeded, "SELECT product, source FROM certificates") == [
        ("<b>Mắm cái</b>", "sổ.csv, list, dòng 2")
    ]
    assert "<b>" not in minh.open("/certificates").html
    assert "Đã ghi 0 giấy vào sổ; 1 đã có từ trước." in send(minh, "publish", "xã Phổ An").text


def test_what_is_no_list_is_told_on_the_page(visitor: Callable[[str], Visitor]) -> None:
    page = send(visitor("minh"), "look", "xã Phổ An", "sổ.pdf")
    assert (page.status, "Tệp phải là danh sách .xlsx hoặc .csv" in page.text) == (422, True)
