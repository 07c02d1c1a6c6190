"""Who signs which document, held against the table of `NĐ 30/2020` row by row; and who was typed wrongly."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.regulations import Level, regulation_ids
from ocop_workflow.regulations.signers import (
    SignedDocument,
    SignerNames,
    named_in_lines,
    read_signers,
    signer_doubt,
    signer_row,
    signer_table,
    signing_of,
)

R26, R1489, R148 = "qd-26-2026", "qd-1489-2025", "qd-148-2023"
UBND = ("ỦY BAN NHÂN DÂN", "TỈNH VÍ DỤ")
COUNCIL = ("HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP", "TỈNH VÍ DỤ")
NAMES = SignerNames(
    unit="Tỉnh Ví Dụ",
    on=date(2026, 11, 18),
    council="Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Ví Dụ",
    office="Sở Nông nghiệp và Môi trường tỉnh Ví Dụ",
)
OFFICE = ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "TỈNH VÍ DỤ")
BY_CHAIRMAN = ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VÍ DỤ",)
FOR_BODY = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
FOR_COUNCIL = ("TM. HỘI ĐỒNG", "CHỦ TỊCH HỘI ĐỒNG")


@pytest.mark.parametrize(
    ("document", "level", "regulation", "lines"),
    [
        ("recognition", Level.PROVINCE, R26, ((), UBND, BY_CHAIRMAN, ("CHỦ TỊCH",), "QĐ-UBND")),
        ("recognition", Level.PROVINCE, R1489, ((), UBND, BY_CHAIRMAN, ("CHỦ TỊCH",), "QĐ-UBND")),
        ("recognition", Level.PROVINCE, R148, ((), UBND, (" ".join(UBND),), FOR_BODY, "QĐ-UBND")),
        ("recognition", Level.DISTRICT, R148, ((), UBND, (" ".join(UBND),), FOR_BODY, "QĐ-UBND")),
        ("approval", Level.PROVINCE, R26, ((), UBND, BY_CHAIRMAN, ("CHỦ TỊCH",), "QĐ-UBND")),
        ("letter_up", Level.PROVINCE, R26, ((), UBND, (), FOR_BODY, "UBND-……")),
        ("letter_up", Level.DISTRICT, R148, ((), UBND, (), FOR_BODY, "UBND-……")),
        ("commune_report", Level.COMMUNE, R26, ((), UBND, (), FOR_BODY, "BC-UBND")),
        ("invitation", Level.PROVINCE, R26, (UBND, COUNCIL, (), FOR_COUNCIL, "GM-HĐOCOP")),
        ("minutes", Level.DISTRICT, R148, (UBND, COUNCIL, (), ("THƯ KÝ",), "BB-HĐOCOP")),
        ("council_report", Level.PROVINCE, R26, (UBND, COUNCIL, (), FOR_COUNCIL, "BC-HĐOCOP")),
        ("submission", Level.PROVINCE, R26, (UBND, OFFICE, (), ("GIÁM ĐỐC",), "TTr-……")),
        ("notice", Level.PROVINCE, R26, (UBND, OFFICE, (), ("GIÁM ĐỐC",), "TB-……")),
    ],
)
def test_who_signs(document: str, level: Level, regulation: str, lines: tuple[object, ...]) -> None:
    """`lines`: superior, body, line of authority, those over the name, sign."""
    found = signing_of(SignedDocument(document), level, regulation, NAMES)
    assert found is not None
    assert (found.superior, found.body, found.authority, found.signs, found.symbol) == lines


def test_no_level_approves_but_the_province_under_the_later_laws() -> None:
    approving = {
        (level, regulation)
        for level in Level
        for regulation in regulation_ids()
        if signer_row(SignedDocument.APPROVAL, level, regulation)
    }
    assert approving == {(Level.PROVINCE, R26), (Level.PROVINCE, R1489)}


def test_every_document_has_a_row_and_every_row_a_source_and_known_regulations() -> None:
    table = signer_table()
    assert {row.document for row in table.signers} == set(SignedDocument)
    for row in table.signers:
        assert row.source
        assert set(row.regulations) <= set(regulation_ids())
        if row.office_holder:
            assert not any(line.startswith("TM.") for line in (*row.signs, *row.deputy))


def test_two_sign_minutes() -> None:
    found = signing_of(SignedDocument.MINUTES, Level.PROVINCE, R26, NAMES)
    assert found is not None
    assert found.beside == ("CHỦ TRÌ",)


@pytest.mark.parametrize(
    ("office", "on", "superior", "body", "signs"),
    [
        (
            "Chi cục Phát triển nông thôn tỉnh Ví Dụ",
            date(2025, 3, 1),
            ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",),
            ("CHI CỤC PHÁT TRIỂN NÔNG THÔN", "TỈNH VÍ DỤ"),
            ("CHI CỤC TRƯỞNG",),
        ),
        (
            "Chi cục Phát triển nông thôn tỉnh Ví Dụ",
            date(2025, 2, 28),
            ("SỞ NÔNG NGHIỆP VÀ", "PHÁT TRIỂN NÔNG THÔN"),
            ("CHI CỤC PHÁT TRIỂN NÔNG THÔN", "TỈNH VÍ DỤ"),
            ("CHI CỤC TRƯỞNG",),
        ),
        ("UBND tỉnh Ví Dụ", date(2026, 1, 1), (), UBND, FOR_BODY),
        ("Ban quản lý khu", date(2026, 1, 1), ("……………",), ("BAN QUẢN LÝ KHU",), ("……………",)),
    ],
)
def test_the_head_of_an_agency_is_called_as_its_name_has_it(
    office: str, on: date, superior: tuple[str, ...], body: tuple[str, ...], signs: tuple[str, ...]
) -> None:
    names = SignerNames(unit="Tỉnh Ví Dụ", on=on, office=office)
    found = signing_of(SignedDocument.NOTICE, Level.PROVINCE, R26, names)
    assert found is not None
    assert (found.superior, found.body, found.signs) == (superior, body, signs)


@pytest.mark.parametrize(
    ("name", "unit", "lines"),
    [
        ("UBND thị xã Đức Phổ", "Thị xã Đức Phổ", ("ỦY BAN NHÂN DÂN", "THỊ XÃ ĐỨC PHỔ")),
        ("Hội đồng OCOP tỉnh Ví Dụ", "Tỉnh Ví Dụ", ("HỘI ĐỒNG OCOP", "TỈNH VÍ DỤ")),
        ("Hội đồng OCOP tỉnh khác", "Tỉnh Ví Dụ", ("HỘI ĐỒNG OCOP", "TỈNH KHÁC")),
        ("Hội đồng đánh giá, phân hạng", "Tỉnh Ví Dụ", ("HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG",)),
    ],
)
def test_a_name_is_broken_before_its_place(name: str, unit: str, lines: tuple[str, ...]) -> None:
    assert named_in_lines(name, unit) == lines


# -- does a signer as it was typed suit --------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "level", "regulation", "doubt"),
    [
        ("TM. UBND tỉnh, Chủ tịch", Level.PROVINCE, R26, "không ghi TM."),
        ("TM UBND", Level.PROVINCE, R1489, "không ghi TM."),
        ("Chủ tịch UBND tỉnh", Level.PROVINCE, R26, None),
        ("KT. Chủ tịch, Phó Chủ tịch UBND tỉnh", Level.PROVINCE, R26, None),
        ("Phó Chủ tịch UBND tỉnh", Level.PROVINCE, R26, "ghi KT."),
        ("TL. Chủ tịch, Giám đốc Sở", Level.PROVINCE, R26, "không ký thừa lệnh"),
        ("Chủ tịch UBND thị xã", Level.PROVINCE, R26, "là người ký cấp huyện"),
        ("Chủ tịch UBND xã An Bình", Level.PROVINCE, R26, "là người ký cấp xã"),
        ("TM. UBND thị xã, Chủ tịch", Level.DISTRICT, R148, None),
        ("Chủ tịch UBND thị xã", Level.DISTRICT, R148, None),
        ("Nguyễn Văn A", Level.PROVINCE, R26, None),
        ("Chủ tịch", Level.COMMUNE, R26, "không ban hành"),
    ],
)
def test_a_typed_signer_suits_level_and_regulation_or_it_is_said_why_not(
    typed: str, level: Level, regulation: str, doubt: str | None
) -> None:
    found = signer_doubt(typed, SignedDocument.RECOGNITION, level, regulation)
    assert (found is None) if doubt is None else (found is not None and doubt in found.vi), found


def test_a_notice_may_be_signed_by_order() -> None:
    assert signer_doubt("TL. Giám đốc, Trưởng phòng", SignedDocument.NOTICE, Level.PROVINCE, R26) is None


def test_what_a_level_does_not_issue_nobody_signs() -> None:
    names = SignerNames(unit="Xã An Bình", on=date(2026, 11, 25))
    assert signing_of(SignedDocument.RECOGNITION, Level.COMMUNE, R26, names) is None


def test_a_table_at_fault_names_every_place() -> None:
    text = 'format = 1\n[[signers]]\ndocument = "edict"\nlevels = []\nbody = ["X"]\nsymbol = "X"\n'
    with pytest.raises(InvalidInput) as error:
        read_signers(text, "own.toml")
    places = {item.place for item in error.value.faults}
    assert {"signers[0].document", "signers[0].levels", "signers[0].source", "heads"} <= places
