"""The documents of a session, from its invitation to its certificates: whole texts, read back from the files.

The session is the demonstration's, of a made-up province under QĐ 26/2026/QĐ-TTg, lived to its end.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ocop_workflow.documents.record import Surroundings
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.files import FileKind
from ocop_workflow.regulations.councils.documents import SessionDocument
from tests.documents.nd30 import faults_of, page_faults_of
from tests.documents.reading import Read
from tests.documents.stage import AROUND, BANANA, HONEY, PAPER, RICE, SAUCE, TEA
from tests.factories import rows, write
from tests.fakes import VIETNAM

if TYPE_CHECKING:
    from tests.documents.stage import Evening

TEXTS = Path(__file__).parent / "texts"
#: what has a head: by which lines its first signature is made
SIGNED = {
    "invitation": ("TM. HỘI ĐỒNG", "CHỦ TỊCH HỘI ĐỒNG"),
    "minutes": ("THƯ KÝ",),
    "council-report": ("TM. HỘI ĐỒNG", "CHỦ TỊCH HỘI ĐỒNG"),
    "submission": ("CHI CỤC TRƯỞNG",),
    "decision": ("CHỦ TỊCH",),
    "approval": ("CHỦ TỊCH",),
    "letter-up": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
}


def expected(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize("kind", [*SIGNED, "results"])
def test_a_document_says_what_is_on_record_and_nothing_else(decided: Evening, kind: str) -> None:
    assert Read(decided.draft(kind).content).text == expected(kind)


@pytest.mark.parametrize(
    ("name", "commune", "product"),
    [
        ("notice-commune-held-back", "binh-minh", None),
        ("notice-commune-sent-up", "vinh-hung", None),
        ("notice-producer", None, PAPER),
    ],
)
def test_a_notice_says_star_points_validity_and_what_was_missed(
    decided: Evening, name: str, commune: str | None, product: str | None
) -> None:
    file = decided.draft("notice", commune=commune, product=product)
    assert Read(file.content).text == expected(name)
    assert faults_of(file.content, signs=("CHI CỤC TRƯỞNG",)) == []


def test_a_certificate_names_decision_and_last_day(decided: Evening) -> None:
    file = decided.draft("certificate", product=RICE)
    assert Read(file.content).text == expected("certificate")
    assert "word/media" not in " ".join(Read(file.content).parts)  # no public page, no picture


def test_a_certificate_with_a_public_page_leads_to_it(decided: Evening) -> None:
    around = Surroundings(VIETNAM, public_address="https://ocop.vi-du.example")
    told = "SELECT token FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code"
    ((token,),) = rows(decided.database, told, code=RICE)
    address = f"https://ocop.vi-du.example/c/{token}"
    read = Read(decided.draft("certificate", product=RICE, around=around).content)
    assert f'descr="{address}"' in read.parts["word/document.xml"].decode()
    assert "Tra cứu giấy chứng nhận" in read.text


@pytest.mark.parametrize("kind", SIGNED)
def test_each_is_in_the_form_of_nd_30(decided: Evening, kind: str) -> None:
    content = decided.draft(kind).content
    assert faults_of(content, signs=SIGNED[kind], is_minutes=kind == "minutes") == []


@pytest.mark.parametrize("kind", SIGNED)
def test_before_the_decision_its_places_are_blanks(closed: Evening, kind: str) -> None:
    content = closed.draft(kind).content
    assert faults_of(content, signs=SIGNED[kind], is_minutes=kind == "minutes") == []
    text = Read(content).text
    assert "2735" not in text
    assert "25 tháng 11" not in text
    assert "……" in text


@pytest.mark.ordeal
def test_every_document_is_the_same_to_the_byte_when_it_is_drafted_again(decided: Evening) -> None:
    drafted = set()
    for line in decided.documents().documents:
        if line.ready:
            first, again = (
                decided.draft(line.kind.value, commune=line.commune, product=line.product).content
                for _ in range(2)
            )
            assert first == again, line
            drafted.add(line.kind)
    assert drafted == set(SessionDocument)


@pytest.mark.parametrize("kind", ["blank-sheets", "filled-sheets"])
def test_sheets_are_printed_on_pages_as_nd_30_has_them(decided: Evening, kind: str) -> None:
    assert page_faults_of(decided.draft(kind, product=SAUCE).content) == []


@pytest.mark.parametrize("kind", ["blank-sheets", "filled-sheets"])
def test_the_whole_text_of_a_sheet_is_the_printed_sheets(decided: Evening, kind: str) -> None:
    text = Read(decided.draft(kind, product=SAUCE).content).text
    first = text[: text.index("PHIẾU ĐÁNH GIÁ", 1)]  # of six alike, the first member's
    assert re.sub("[0-9a-f]{64}", "(sha-256)", first).rstrip("\n") == expected(kind)


def test_the_whole_text_of_the_workbook_is_that_of_the_table(decided: Evening) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(decided.draft("results-workbook").content)).active
    assert sheet is not None
    lines = [
        "\t".join("" if cell is None else str(cell) for cell in row).rstrip()
        for row in sheet.iter_rows(values_only=True)
    ]
    assert "\n".join(lines).rstrip("\n") == expected("results-workbook")


def test_every_kind_of_document_has_its_whole_text_here() -> None:
    named = {path.stem for path in TEXTS.glob("*.txt")}
    assert [
        kind.value for kind in SessionDocument if not any(one.startswith(kind.value) for one in named)
    ] == []


OLDER = (
    "INSERT INTO certificates (product_id, product, commune, star, number, decided_on, valid_until, signer, "
    "evidence, standing, token, ended_on, ended_because) SELECT product_id, product, commune, 3, "
    "'77/QĐ-UBND', '2023-11-01', '2026-11-01', signer, evidence, standing, 'old' || id, '2026-11-25', "
    "'renewed' FROM certificates WHERE number = '2735/QĐ-UBND'"
)


def test_upgrades_and_re_evaluations_stand_apart_with_the_old_star_beside_the_new(decided: Evening) -> None:
    change = (
        "UPDATE dossiers SET kind = :kind WHERE product_id = (SELECT id FROM products WHERE code = :code)"
    )
    write(decided.database, change, kind="upgrade", code=RICE)
    write(decided.database, change, kind="renewal", code=SAUCE)
    write(decided.database, OLDER)
    text = Read(decided.draft("decision").content).text
    lists = text[text.index("SẢN PHẨM NÂNG HẠNG") :]
    assert (
        lists
        == """\
SẢN PHẨM NÂNG HẠNG
TT
Sản phẩm
Chủ thể
Địa chỉ (xã, phường)
Điểm
Hạng sao cũ
Hạng sao mới
Giá trị đến
1
Gạo nếp Phú Lộc (ví dụ)
HTX Lúa Phú Lộc
Xã Phú Lộc
94,42
3 sao
4 sao
25/11/2029
SẢN PHẨM ĐÁNH GIÁ LẠI
TT
Sản phẩm
Chủ thể
Địa chỉ (xã, phường)
Điểm
Hạng sao cũ
Hạng sao mới
Giá trị đến
1
Nước mắm cá cơm (ví dụ)
HTX Mắm Bình Minh
Xã Bình Minh
74,16
3 sao
3 sao
25/11/2029"""
    )


# -- the workbook ------------------------------------------------------------------------------------


def test_the_workbook_holds_the_same_table_and_points_as_numbers(decided: Evening) -> None:
    file = decided.draft("results-workbook")
    assert (file.name, file.media_type) == ("phien-1-bang-ket-qua.xlsx", FileKind.XLSX.media_type)
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=10)]
    assert rows[0][5:12] == [
        "Phó Chủ tịch UBND tỉnh",
        "Sở Nông nghiệp và Môi trường",
        "Sở Công Thương",
        "Sở Y tế",
        "Sở Khoa học và Công nghệ",
        "Sở Văn hóa",
        "chuyên gia",
    ]
    assert rows[2] == [
        *(2, SAUCE, "Nước mắm cá cơm (ví dụ)", "HTX Mắm Bình Minh", "Xã Bình Minh"),
        *(75, 73, 76, 74, 72, "XĐ", 75, "74,16", "", "", "x"),
    ]


def test_no_name_becomes_a_formula(decided: Evening) -> None:
    hostile = '=HYPERLINK("http://x.example";"y")'
    write(decided.database, "UPDATE products SET name = :name WHERE code = :code", name=hostile, code=SAUCE)
    content = decided.draft("results-workbook").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cell = sheet["C6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (hostile, "s", True)
    assert all(one.data_type != "f" for row in sheet.iter_rows() for one in row)


# -- sheets on paper ---------------------------------------------------------------------------------


def test_blank_sheets_are_for_each_member_without_a_conflict_with_a_picture_each(evening: Evening) -> None:
    read = Read(evening.draft("blank-sheets", product=SAUCE).content)
    named = [line.text for line in read.of("Label") if line.text.startswith("Người đánh giá:")]
    assert named == [
        "Người đánh giá: Hùng, Phó Chủ tịch UBND tỉnh",
        "Người đánh giá: Mai, Sở Nông nghiệp và Môi trường",
        "Người đánh giá: Sơn, Sở Công Thương",
        "Người đánh giá: Yến, Sở Y tế",
        "Người đánh giá: Phúc, Sở Khoa học và Công nghệ",
        "Người đánh giá: Bình, chuyên gia",
    ]
    assert "☒" not in read.text
    links = read.parts["word/document.xml"].decode()
    for member in (1, 2, 3, 4, 5, 7):
        assert f'descr="https://ocop.vi-du.example/sessions/1/products/{SAUCE}/paper/{member}"' in links
    assert len([name for name in read.parts if name.startswith("word/media/")]) == 6


def test_without_an_address_that_others_reach_no_picture_is_printed(evening: Evening) -> None:
    read = Read(evening.draft("blank-sheets", product=SAUCE, around=Surroundings(VIETNAM)).content)
    assert not [name for name in read.parts if name.startswith("word/media/")]


def test_signed_sheets_show_each_choice_total_and_how_they_were_signed(evening: Evening) -> None:
    read = Read(evening.draft("filled-sheets", product=SAUCE).content)
    labels = [line.text for line in read.of("Label")]
    assert labels.count("Lần chấm: 1") == 6
    assert (
        sum(one.startswith("Chữ ký: ký bằng mật khẩu lúc 06:00 ngày 18/11/2026; dấu kiểm") for one in labels)
        == 6
    )
    cells = [line.text for line in read.lines]
    totals = [cells[place + 2] for place, one in enumerate(cells) if one == "TỔNG ĐIỂM"]
    assert totals == ["75", "73", "76", "74", "72", "75"]


# -- blindness ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [HONEY, RICE, PAPER, BANANA])
def test_no_sheet_is_printed_while_its_product_is_scored(evening: Evening, code: str) -> None:
    with pytest.raises(Conflict, match="no sheet can be read yet"):
        evening.draft("filled-sheets", product=code)


def test_no_document_tells_points_of_what_is_still_scored(evening: Evening) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(evening.draft("results-workbook").content)).active
    assert sheet is not None
    for row in sheet.iter_rows(min_row=5, max_row=10, values_only=True):
        if row[1] in (HONEY, RICE, PAPER, BANANA):
            assert set(row[5:]) == {""}, row
    text = Read(evening.draft("minutes").content).text
    assert text.count("- Kết quả: chưa có;") == 5  # those, and the one whose totals lie too far apart


def test_a_result_that_is_still_discussed_is_recognised_nowhere(evening: Evening) -> None:
    with pytest.raises(Conflict, match="is not recognised at this level"):
        evening.draft("certificate", product=TEA)
    assert TEA not in Read(evening.draft("decision").content).text


# -- who may, and what is refused --------------------------------------------------------------------


def test_only_the_council_and_its_agency_draft(evening: Evening) -> None:
    assert evening.documents("minh").documents
    assert evening.draft("invitation", by="mai").content
    for login in ("tam", "quan"):
        with pytest.raises(NotPermitted):
            evening.documents(login)
        with pytest.raises(NotPermitted):
            evening.draft("invitation", by=login)
    with pytest.raises(NotFound):
        evening.documents("lan")


@pytest.mark.parametrize(
    ("kind", "commune", "product", "place"),
    [
        ("minutes", "an-binh", None, "commune"),
        ("decision", None, HONEY, "product"),
        ("notice", None, None, "commune"),
        ("notice", "an-binh", HONEY, "commune"),
        ("certificate", None, None, "product"),
        ("certificate", "an-binh", None, "commune"),
    ],
)
def test_which_of_several_has_to_be_said(
    decided: Evening, kind: str, commune: str | None, product: str | None, place: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        decided.draft(kind, commune=commune, product=product)
    assert place in [item.place for item in error.value.faults]


def test_what_is_not_in_the_session_is_not_found(decided: Evening) -> None:
    with pytest.raises(NotFound):
        decided.draft("notice", commune="pho-an")
    with pytest.raises(NotFound):
        decided.draft("certificate", product="VD26-999")


# -- the list ----------------------------------------------------------------------------------------


def test_the_list_says_what_can_be_drafted_and_what_lacks(evening: Evening) -> None:
    lines = evening.documents().documents
    whole = {
        line.kind.value: (line.ready, line.lacks) for line in lines if not line.product and not line.commune
    }
    pending = f"chưa có kết quả: {HONEY}, {TEA}, {RICE}, {PAPER}, {BANANA}"
    so_far = ("phiên chưa bế mạc", pending)
    assert whole == {
        "invitation": (True, ()),
        "minutes": (True, so_far),
        "results": (True, so_far),
        "results-workbook": (True, so_far),
        "council-report": (True, so_far),
        "submission": (True, so_far),
        "decision": (True, (*so_far, "chưa ghi quyết định")),
        "approval": (False, ("không có sản phẩm nào chuyển cấp trên",)),
        "letter-up": (False, ("không có sản phẩm nào chuyển cấp trên",)),
    }


def test_when_all_is_decided_nothing_lacks_and_uncertain_signers_say_so(decided: Evening) -> None:
    lines = decided.documents().documents
    assert {line.lacks for line in lines if line.ready} == {()}
    assert {line.kind.value for line in lines if line.doubt} == {"invitation", "council-report", "notice"}
    (decision,) = (line for line in lines if line.kind is SessionDocument.DECISION)
    assert (decision.signs, decision.file) == (("CHỦ TỊCH",), "docx")


def test_a_signer_who_does_not_suit_is_said(decided: Evening) -> None:
    write(decided.database, "UPDATE council_sessions SET signer = 'TM. UBND tỉnh, Chủ tịch'")
    (decision,) = (line for line in decided.documents().documents if line.kind is SessionDocument.DECISION)
    assert len(decision.lacks) == 1
    assert "không ghi TM." in decision.lacks[0]


def test_a_commune_keeps_the_name_that_it_had_then(decided: Evening) -> None:
    write(decided.database, "UPDATE units SET name = 'Phường Bình Minh' WHERE slug = 'binh-minh'")
    assert "Xã Bình Minh" in Read(decided.draft("decision").content).text
    assert "Phường Bình Minh" not in Read(decided.draft("minutes").content).text


def test_the_demonstration_is_in_the_programmes_zone(decided: Evening) -> None:
    assert AROUND.zone is VIETNAM
    assert "17 giờ 00 phút, ngày 18 tháng 11 năm 2026" in Read(decided.draft("minutes").content).text
