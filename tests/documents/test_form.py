"""The form of NĐ 30/2020: what is written passes the linter, and the linter is red on each planted fault."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.documents.paper.pieces import (
    AttachedAnnex,
    Column,
    Grid,
    Head,
    LineRole,
    OfficialDocument,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.paper.widths import broken, width_mm
from ocop_workflow.documents.paper.writing import write
from tests.documents.nd30 import NATION, NATION_MM, faults_of
from tests.documents.reading import Read, planted, with_part

if TYPE_CHECKING:
    from collections.abc import Callable

LIST = Grid(
    (Column("TT", 1), Column("Sản phẩm", 4), Column("Chủ thể", 4)),
    (("1", "Mắm nêm", "HTX A & B <c>"), ("2", "Trà", "=1+1")),
)
DECISION = OfficialDocument(
    title="Quyết định công nhận",
    made_on=date(2026, 1, 5),
    head=Head((), ("ỦY BAN NHÂN DÂN", "TỈNH VÍ DỤ"), "05/QĐ-UBND", "Ví Dụ, ngày 05 tháng 01 năm 2026"),
    kind="QUYẾT ĐỊNH",
    abstract="Về việc công nhận sản phẩm OCOP",
    blocks=(
        TextLine("Căn cứ Luật;", LineRole.GROUND),
        TextLine("Theo đề nghị của Chi cục.", LineRole.GROUND),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine("Công nhận 02 sản phẩm.", LineRole.ARTICLE, "Điều 1."),
        TextLine("Quyết định này có hiệu lực kể từ ngày ký", LineRole.ARTICLE, "Điều 2."),
    ),
    signatures=(SignatureBlock(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),),
    recipients=("Như Điều 2", "Lưu: VT, Hồ sơ"),
    authority=("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VÍ DỤ",),
    annexes=(
        AttachedAnnex("Phụ lục", "DANH SÁCH", "Kèm theo Quyết định số 05/QĐ-UBND", (LIST,), on_its_side=True),
    ),
)
SIGNS = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")


def test_a_document_is_in_the_form() -> None:
    assert faults_of(write(DECISION), signs=SIGNS) == []


def test_its_whole_text_reads_back_as_it_was_given() -> None:
    assert (
        Read(write(DECISION)).text
        == """\
ỦY BAN NHÂN DÂN
TỈNH VÍ DỤ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 05/QĐ-UBND
Ví Dụ, ngày 05 tháng 01 năm 2026
QUYẾT ĐỊNH
Về việc công nhận sản phẩm OCOP
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VÍ DỤ
Căn cứ Luật;
Theo đề nghị của Chi cục.
QUYẾT ĐỊNH:
Điều 1. Công nhận 02 sản phẩm.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký./.
Nơi nhận:
- Như Điều 2;
- Lưu: VT, Hồ sơ.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Phụ lục
DANH SÁCH
(Kèm theo Quyết định số 05/QĐ-UBND)
TT
Sản phẩm
Chủ thể
1
Mắm nêm
HTX A & B <c>
2
Trà
=1+1"""
    )


def swap(old: str, new: str, part: str = "word/document.xml") -> Callable[[bytes], bytes]:
    return lambda content: planted(content, old, new, part)


STYLES = "word/styles.xml"
PLANTED: dict[str, Callable[[bytes], bytes]] = {
    "package": lambda content: with_part(content, "aaa.xml"),
    "stock": lambda content: with_part(content, "docProps/thumbnail.jpeg"),
    "paper": swap('w:w="11906"', 'w:w="12240"'),
    "margin: left": swap('w:left="1701"', 'w:left="1134"'),
    "margin: top": swap('w:top="1134"', 'w:top="850"'),
    "page number: shown": swap("<w:titlePg/>", ""),
    "page number: there is no": swap(" PAGE ", " DATE ", "word/header1.xml"),
    "annex": swap('<w:pgNumType w:start="1"/>', ""),
    "face: not every": swap('w:cs="Times New Roman"', 'w:cs="Calibri"', STYLES),
    "face: a run": swap("<w:r><w:t", '<w:r><w:rPr><w:rFonts w:ascii="Calibri"/></w:rPr><w:t'),
    "language": swap('w:val="vi-VN"', 'w:val="en-US"', STYLES),
    "nation: not once": swap(NATION, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    "nation: does not fit": swap('<w:tcW w:w="5216"', '<w:tcW w:w="4900"'),
    "motto": swap("Hạnh phúc</w:t></w:r></w:p>", "Hạnh phúc</w:t></w:r></w:p><w:p/>"),
    "body: ỦY BAN NHÂN DÂN TỈNH VÍ DỤ is not broken": swap("ỦY BAN NHÂN DÂN<", "ỦY BAN NHÂN DÂN TỈNH VÍ DỤ<"),
    "body: Tỉnh Ví Dụ is not in capitals": swap("TỈNH VÍ DỤ<", "Tỉnh Ví Dụ<"),
    "number": swap("05/QĐ-UBND", "5/QĐ-UBND"),
    "day": swap("ngày 05 tháng 01", "ngày 5 tháng 1"),
    "kind: not in capitals": swap("QUYẾT ĐỊNH<", "Quyết định<"),
    "abstract": swap("công nhận sản phẩm OCOP</w:t></w:r></w:p>", "công nhận</w:t></w:r></w:p><w:p/>"),
    "grounds": swap("của Chi cục.", "của Chi cục;"),
    "body: Điều 1. Công nhận 02 sản phẩm. is not justified": swap(
        '<w:pStyle w:val="Text"/></w:pPr>', '<w:pStyle w:val="Text"/><w:jc w:val="left"/></w:pPr>'
    ),
    "body: less than 6": swap(
        '<w:pStyle w:val="Text"/></w:pPr>',
        '<w:pStyle w:val="Text"/><w:spacing w:after="40"/></w:pPr>',
    ),
    "end": swap("./.", "."),
    "rule: drawn": swap("Công nhận 02", "_____ 02"),
    "blank": swap("<w:sectPr", '<w:p><w:pPr><w:pStyle w:val="Text"/></w:pPr></w:p><w:sectPr'),
    "spaces": swap("02 sản phẩm", "02  sản phẩm"),
    "recipients: the last": swap("- Lưu: VT, Hồ sơ.", "- Văn thư."),
    "recipients: a dash": swap("- Như Điều 2;", "Như Điều 2;"),
    "recipients: not of 11": swap('w:val="22"', 'w:val="26"', STYLES),
    "signer: an abbreviation": swap("KT. CHỦ TỊCH", "KT CHỦ TỊCH"),
    "signer: ['TM.": swap("KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN"),
    "table: a row": swap("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", "<w:trPr><w:tblHeader/></w:trPr>"),
    "table: its head": swap("<w:tblHeader/>", ""),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_the_linter_is_red_on_each_planted_fault(rule: str) -> None:
    found = faults_of(PLANTED[rule](write(DECISION)), signs=SIGNS)
    assert [one for one in found if one.startswith(rule)], found


def test_minutes_have_no_place_and_day() -> None:
    found = faults_of(write(DECISION), is_minutes=True)
    assert found == ["minutes: place and day in the head"]


# -- the same view, the same bytes -------------------------------------------------------------------


def test_the_same_view_gives_the_same_bytes() -> None:
    assert write(DECISION) == write(DECISION)


def test_the_times_in_a_file_are_those_of_the_document() -> None:
    core = Read(write(DECISION)).parts["docProps/core.xml"].decode()
    assert core.count("2026-01-05T00:00:00Z") == 2


def test_what_xml_cannot_hold_is_dropped_and_nothing_else() -> None:
    view = TextLine("một\x00\x0b hai\ud800 ba\ufffe", LineRole.BODY)
    changed = OfficialDocument(
        title="\x01",
        made_on=DECISION.made_on,
        head=DECISION.head,
        kind=DECISION.kind,
        abstract=DECISION.abstract,
        blocks=(view,),
        signatures=DECISION.signatures,
        recipients=DECISION.recipients,
    )
    assert "một hai ba./." in Read(write(changed)).text


# -- widths ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "points", "measured"),
    [
        (NATION, 12, NATION_MM[12]),
        (NATION, 13, NATION_MM[13]),
        ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", 12, 79.9),
        ("ỦY BAN NHÂN DÂN PHƯỜNG ĐỨC PHỔ", 12, 81.6),
        ("PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ", 13, 85.1),
        ("HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG", 12, 72.4),
    ],
)
def test_widths_are_right_within_three_millimetres(words: str, points: float, measured: float) -> None:
    assert abs(width_mm(words, points) - measured) < 3


def test_a_name_is_broken_between_words_and_not_within_one() -> None:
    assert broken("HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP", 12, 71) == (
        "HỘI ĐỒNG ĐÁNH GIÁ,",
        "PHÂN HẠNG SẢN PHẨM OCOP",
    )
    assert broken("CHI CỤC PHÁT TRIỂN NÔNG THÔN", 12, 71) == ("CHI CỤC PHÁT TRIỂN", "NÔNG THÔN")
    assert broken("ỦY BAN NHÂN DÂN", 12, 71) == ("ỦY BAN NHÂN DÂN",)
    assert broken("X" * 60, 12, 71) == ("X" * 60,)
