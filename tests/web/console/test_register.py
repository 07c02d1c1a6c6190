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


def send(
    somebody: Visitor, *rows_of: str, name: str = "sổ.csv", commune: str = "xã Phổ An", evidence: str = "A"
) -> Page:
    form = somebody.open("/imports").form("/imports").fields["form"]
    content = (LIST.format(commune=commune) + "".join(f"{row}\n" for row in rows_of)).encode()
    return somebody.send_file(
        "/imports",
        {"form": form, "kind": "certificates", "evidence": evidence},
        files={"file": (name, content)},
    )


def form_of(page: Page) -> str:
    """Return what says that a form is of this sign-in."""
    return page.forms[-1].fields["form"]


def answer(somebody: Visitor, page: Page, **given: str) -> Page:
    """Write the one answer that the page asks for, or others."""
    action = f"{page.path}/answers"
    fields = page.form(action).fields
    asked = [name for name in fields if name.startswith("answer:")]
    told = given or {asked[0]: "đúng"}
    return somebody.send(action, {"form": fields["form"], **told})


def test_the_old_address_leads_to_the_one_desk(visitor: Callable[[str], Visitor]) -> None:
    assert visitor("minh").open("/certificates/import").path == "/imports"


def test_a_list_waits_is_answered_and_entered(visitor: Callable[[str], Visitor], seeded: Database) -> None:
    minh = visitor("minh")
    looked = send(minh, commune="xã Phổ Anh")
    assert "1 lần công nhận: 0 mới, 0 bổ sung, 0 đã có, 0 bỏ qua, 0 lỗi, 1 câu hỏi" in looked.text
    assert "“xã Phổ Anh” có phải là Xã Phổ An?" in looked.text
    refused = minh.send(f"{looked.path}/publish", {"form": form_of(looked)})
    assert (refused.status, "Chưa ghi gì: còn 0 dòng lỗi, 1 câu hỏi" in refused.text) == (409, True)
    back = minh.open(f"{looked.path}/list.xlsx").response
    sheet = load_workbook(io.BytesIO(back.content)).active
    assert sheet is not None
    assert (sheet.cell(2, sheet.max_column - 3).value, back.headers["cache-control"]) == (
        "cần hỏi",
        "no-store",
    )
    clean = answer(minh, looked)
    assert "1 mới, 0 bổ sung, 0 đã có, 0 bỏ qua, 0 lỗi, 0 câu hỏi" in clean.text
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]
    done = minh.send(f"{looked.path}/publish", {"form": form_of(clean)})
    assert "Đã ghi 1 giấy vào sổ, bổ sung 0; 0 đã có từ trước, 0 bỏ qua." in done.text
    assert rows(seeded, "SELECT product, source FROM certificates") == [
        ("<b>Mắm cái</b>", "sổ.csv, list, dòng 2")
    ]
    assert "<b>" not in minh.open("/certificates").html
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(0,)]


def test_what_was_answered_once_is_not_asked_again_until_it_is_revoked(
    visitor: Callable[[str], Visitor], seeded: Database
) -> None:
    minh = visitor("minh")
    looked = send(minh, commune="xã Phổ Anh")
    clean = answer(minh, looked)
    minh.send(f"{looked.path}/publish", {"form": form_of(clean)})
    assert "0 mới, 0 bổ sung, 1 đã có, 0 bỏ qua, 0 lỗi, 0 câu hỏi" in send(minh, commune="xã Phổ Anh").text
    held = minh.open("/imports/answers")
    assert "“xã Phổ Anh” có phải là Xã Phổ An? đúng minh" in held.text
    revoked = minh.send("/imports/answers/1/revoke", {"form": form_of(held)})
    assert "danh sách sau sẽ hỏi lại" in revoked.text
    assert "1 câu hỏi" in send(minh, commune="xã Phổ Anh").text
    assert rows(seeded, 'SELECT "by", revoked_by FROM register_answers') == [("minh", "minh")]


def test_a_row_at_fault_is_left_out_or_mended_and_the_answers_stay(
    visitor: Callable[[str], Visitor], seeded: Database
) -> None:
    assert seeded
    minh, faulty = visitor("minh"), '2,Muối,HTX B,"xã Phổ An",3 sao,,05/8/2023,,UBND huyện'
    looked = send(minh, faulty, commune="xã Phổ Anh")
    boxes = [name for name in looked.form(f"{looked.path}/answers").fields if name.startswith("answer:")]
    asked = [name for name in boxes if name != "answer:list!3"]  # where the row at fault is left out
    assert len(asked) == 2  # which commune is meant; the number that one row lacks, for the whole list
    assert "1 lỗi, 2 câu hỏi" in looked.text
    assert "3 Muối thiếu số quyết định" in looked.text
    clean = answer(minh, looked, **{"answer:list!3": "bỏ qua", "answer:list!D2": "đúng"})
    assert "1 mới, 0 bổ sung, 0 đã có, 1 bỏ qua, 0 lỗi, 0 câu hỏi" in clean.text
    content = (LIST.format(commune="xã Phổ Anh") + faulty.replace(",3 sao,,", ",3 sao,9/QĐ,") + "\n").encode()
    (key,) = (name for name in looked.form(f"{looked.path}/answers").fields if "pho anh" in name)
    answer(minh, looked, **{key: "đúng"})
    mended = minh.send_file(
        "/imports",
        {"form": clean.form("/imports").fields["form"], "kind": "certificates", "instead": looked.path[9:]},
        files={"file": ("sổ mới.csv", content)},
    )
    assert "2 mới, 0 bổ sung, 0 đã có, 0 bỏ qua, 0 lỗi, 0 câu hỏi" in mended.text
    assert minh.open(looked.path).status == 404


def test_an_answer_that_is_none_is_told(visitor: Callable[[str], Visitor], seeded: Database) -> None:
    assert seeded
    minh = visitor("minh")
    looked = send(minh, commune="xã Phổ Anh")
    (key,) = (name for name in looked.form(f"{looked.path}/answers").fields if name.startswith("answer:"))
    assert "chưa hiểu “có lẽ”; hãy trả lời lại" in answer(minh, looked, **{key: "có lẽ"}).text


def test_a_list_is_its_bringers_alone_and_can_be_dropped(
    visitor: Callable[[str], Visitor], seeded: Database
) -> None:
    minh = visitor("minh")
    looked = send(minh)
    assert visitor("lan").open(looked.path).status == 404
    minh.send(f"{looked.path}/drop", {"form": form_of(looked)})
    assert rows(seeded, "SELECT COUNT(*) FROM staged_lists") == [(0,)]


def test_what_is_no_list_is_told_on_the_page(visitor: Callable[[str], Visitor]) -> None:
    page = send(visitor("minh"), name="sổ.pdf")
    assert (page.status, "Tệp phải là danh sách .xlsx hoặc .csv" in page.text) == (422, True)


# -- corrections ---------------------------------------------------------------------------------------


def test_what_was_typed_wrongly_is_put_right_on_its_page(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    assert register
    minh = visitor("minh")
    form = minh.open("/certificates/2/correction").form("/certificates/2/correction")
    done = minh.send(form.action, {**form.fields, "number": "9/QĐ-UBND", "reason": "gõ thiếu"})
    assert (done.status, done.path) == (200, "/certificates/2?done=corrected")
    assert "Đã đính chính." in done.text
    assert "minh · gõ thiếu Số quyết định: 9/QĐ → 9/QĐ-UBND" in done.text
    assert "9/QĐ-UBND" in minh.open(page_of(register, 2)).text
    again = minh.send(form.action, {**form.fields, "number": "10/QĐ", "reason": "người thứ hai"})
    assert (again.status, "đã thay đổi; hãy xem lại rồi làm lại" in again.text) == (412, True)
    assert again.form(form.action).fields["number"] == "9/QĐ-UBND"  # as somebody else has left it


def test_the_form_keeps_what_was_written_where_days_contradict(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    assert register
    minh = visitor("minh")
    form = minh.open("/certificates/2/correction").form("/certificates/2/correction")
    page = minh.send(form.action, {**form.fields, "valid_until": "2019-01-01", "reason": "gõ nhầm"})
    assert page.status == 422
    assert "ngày cuối có giá trị 01/01/2019 đứng trước ngày quyết định 20/11/2020" in page.text
    assert page.form(form.action).fields["valid_until"] == "2019-01-01"


def test_only_who_settles_it_is_offered_a_correction(
    visitor: Callable[[str], Visitor], register: Database
) -> None:
    assert register
    assert "/certificates/2/correction" in visitor("minh").open("/certificates/2").links
    assert "/certificates/1/correction" not in visitor("minh").open("/certificates/1").links  # granted here
    assert "/certificates/2/correction" not in visitor("lan").open("/certificates/2").links
    assert visitor("lan").open("/certificates/2/correction").status == 403
