"""A file from outside is read in the child process, or refused with a sentence; nothing else happens."""

import csv
import io
import random
import re
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import ocop_workflow
from ocop_workflow.errors import InvalidInput
from ocop_workflow.imports.annex import read_list
from ocop_workflow.imports.reading import sheet, sheet_child
from ocop_workflow.imports.reading.fence import SENTENCES, FenceError, Refusal, fenced
from ocop_workflow.imports.reading.sheet import read_sheets
from ocop_workflow.imports.reading.sheet_child import answer

from .test_annex import HEADING, PRODUCTS, SHIPPED, said

Build = Callable[[xlsxwriter.Workbook], object]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(build: Build) -> bytes:
    """Return the bytes of a workbook that `build` has filled."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        build(book)
    return buffer.getvalue()


def annex(book: xlsxwriter.Workbook) -> None:
    """Lay the shipped annex out as a real sheet: blanks below a value are merged with it."""
    page = book.add_worksheet("Phụ lục")
    rows = list(csv.reader(SHIPPED.read_text(encoding="utf-8").splitlines()))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            page.write(row, column, float(cell) if cell.isdecimal() else cell)
    for first, last in ((3, 7), (8, 11)):
        page.merge_range(first, 1, last, 1, rows[first][1])
    for first, last in ((3, 7), (8, 9), (10, 11)):
        for column in (3, 4):
            page.merge_range(first, column, last, column, rows[first][column])


def put(data: bytes, name: str, content: bytes) -> bytes:
    """Return the archive with one member added or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return buffer.getvalue()


def cells(rows: str) -> bytes:
    """Return a workbook whose first sheet holds these rows of XML."""
    page = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="C5:D6"/><sheetData>{rows}</sheetData></worksheet>'
    )
    return put(workbook(lambda book: book.add_worksheet()), SHEET, page.encode())


def refusal_of(tmp_path: Path, name: str, data: bytes) -> Refusal:
    """Return why a file is refused."""
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        read_sheets(file)
    return next(refusal for refusal, sentence in SENTENCES.items() if sentence == caught.value.text)


def rows_of(file: Path) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a file that is one sheet."""
    (sheet_,) = read_sheets(file)
    return sheet_.rows


def first_rows(data: bytes) -> object:
    """Return the rows of a workbook's first sheet, or why it is refused."""
    said_: Any = answer(data)
    return said_["sheets"][0]["rows"] if "sheets" in said_ else said_["refusal"]


# -- workbooks that are read ------------------------------------------------------------------------


def test_workbook_with_merged_cells_gives_the_fourteen_products(tmp_path: Path) -> None:
    file = tmp_path / "annex.xlsx"
    file.write_bytes(workbook(annex))
    read = read_list(read_sheets(file))
    assert tuple(said(product) for product in read.products) == PRODUCTS
    assert (read.faults, read.questions) == ((), ())
    assert rows_of(file) == rows_of(SHIPPED)


def test_every_sheet_is_read_with_its_name_and_what_is_hidden() -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        for name in ("cũ", "Phụ lục", "Đánh giá lại"):
            page = book.add_worksheet(name)
            page.write(0, 0, name)
            page.write(2, 3, "hai")
        book.worksheets()[1].activate()
        book.worksheets()[0].hide()
        book.worksheets()[1].set_row(2, None, None, {"hidden": True})
        book.worksheets()[1].set_column(1, 3, None, None, {"hidden": True})

    def page(name: str, **hidden: object) -> dict[str, object]:
        rows = ((name,), (), ("", "", "", "hai"))
        return {
            "name": name,
            "rows": rows,
            "hidden": False,
            "hidden_rows": [],
            "hidden_columns": [],
            "lines": [],
            **hidden,
        }

    assert answer(workbook(build)) == {
        "sheets": [
            page("cũ", hidden=True),
            page("Phụ lục", hidden_rows=[3], hidden_columns=[1, 2, 3]),
            page("Đánh giá lại"),
        ]
    }


@pytest.mark.parametrize("fills", [b"<fill/>", b"<fill><nonsense/></fill>", b""])
def test_a_fault_in_the_styles_is_none_of_the_values(fills: bytes) -> None:
    """Writers of reports leave an empty fill, which spreadsheets open without a word."""

    def build(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write(0, 0, "Khô bò")
        page.write_datetime(1, 0, datetime(2024, 4, 3), book.add_format({"num_format": "d/m"}))  # noqa: DTZ001 - a cell has no zone
        page.write_datetime(2, 0, datetime(2024, 4, 3, 5, 30), book.add_format({"num_format": "d/m h:mm"}))  # noqa: DTZ001 - likewise
        page.write_number(3, 0, 0.5, book.add_format({"num_format": "0%"}))

    data = workbook(build)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("xl/styles.xml")
    broken = re.sub(rb"<fill>.*?</fill>", fills, styles)
    assert broken != styles
    expected = (("Khô bò",), ("2024-04-03",), ("2024-04-03 05:30:00",), ("0.5",))
    assert first_rows(put(data, "xl/styles.xml", broken)) == expected == first_rows(data)


def test_more_than_fifty_sheets_are_refused() -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        for _ in range(51):
            book.add_worksheet().write(0, 0, "x")

    assert answer(workbook(build)) == {"refusal": Refusal.TOO_MANY_SHEETS}


def test_text_of_all_sheets_together_is_limited() -> None:
    assert fenced([["x" * 1000]], length=4_999_000) == (("x" * 1000,),)
    with pytest.raises(FenceError, match="too_much_text"):
        fenced([["x" * 1001]], length=4_999_000)


def test_values_are_read_as_text_and_formulas_as_their_saved_values() -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, [1.0, 2.5, True, unicodedata.normalize("NFD", " Khô\u00a0Bò\n(cay) ")])
        page.write_formula(1, 0, '=HYPERLINK("http://a.example","x")', value="x")

    assert first_rows(workbook(build)) == (("1", "2.5", "TRUE", "Khô Bò (cay)"), ("x",))


def test_claimed_dimension_is_not_believed() -> None:
    row = '<row r="2"><c r="B2" t="inlineStr"><is><t>một</t></is></c></row>'
    assert first_rows(cells(row)) == ((), ("", "một"))


def test_whole_number_is_read_without_its_decimals() -> None:
    row = '<row r="1"><c r="A1"><v>1.0</v></c><c r="B1"><v>2.50</v></c><c r="C1"><v>3</v></c></row>'
    assert first_rows(cells(row)) == (("1", "2.5", "3"),)


def test_blank_cells_far_away_do_not_count() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"/></row><row r="1048576"><c r="A1048576"/></row>'
    assert first_rows(cells(rows)) == (("1",),)


# -- workbooks that are refused ---------------------------------------------------------------------


def test_far_cell_is_refused_at_once(tmp_path: Path) -> None:
    data = workbook(lambda book: book.add_worksheet().write("XFD1048576", "x"))
    assert len(data) < 10_000
    started = time.monotonic()
    assert refusal_of(tmp_path, "far.xlsx", data) in {Refusal.TOO_MANY_ROWS, Refusal.TOO_MANY_COLUMNS}
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        ("A20000", None),
        ("A20001", Refusal.TOO_MANY_ROWS),
        ("BH1", None),
        ("BI1", Refusal.TOO_MANY_COLUMNS),
    ],
)
def test_limits_count_to_row_20000_and_column_60(cell: str, refusal: Refusal | None) -> None:
    data = workbook(lambda book: book.add_worksheet().write(cell, "x"))
    assert answer(data).get("refusal") == refusal


def test_rows_numbered_beyond_any_workbook_are_not_counted_after() -> None:
    row = '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    assert answer(cells(row)) == {"refusal": Refusal.TOO_MANY_ROWS}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits; the time-out stands alone")
def test_child_cannot_take_more_than_its_memory() -> None:
    limit = "import MEMORY, limit_process as limit; limit(MEMORY, 20)"
    code = f"from {sheet_child.__name__} {limit}; bytearray(600 * 1024 * 1024)"
    home = Path(ocop_workflow.__file__).parents[1]
    child = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, check=False)
    assert child.returncode == 1
    assert child.stderr.rstrip().endswith(b"MemoryError")


def test_one_long_cell_and_much_text_are_refused() -> None:
    long = workbook(lambda book: book.add_worksheet().write(0, 0, "x" * 2001))
    assert answer(long) == {"refusal": Refusal.TOO_MUCH_TEXT}
    with pytest.raises(FenceError, match="too_much_text"):
        fenced([["x" * 2000] * 60] * 42)  # 5,040,000 characters


def test_zip_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    plain = workbook(annex)
    bomb = put(plain, SHEET, b" " * (40 * 1024 * 1024))
    noise = random.Random(7).randbytes(2_000) * 2_000  # 4 MB that deflate folds to less than 1 %
    many = plain
    with zipfile.ZipFile(buffer := io.BytesIO(many), "a") as archive:
        for place in range(200):
            archive.writestr(f"m{place}", b"")
    assert refusal_of(tmp_path, "bomb.xlsx", bomb) is Refusal.UNPACKS_TOO_LARGE
    assert answer(put(plain, "noise.bin", noise)) == {"refusal": Refusal.UNPACKS_TOO_LARGE}
    assert answer(buffer.getvalue()) == {"refusal": Refusal.UNPACKS_TOO_LARGE}


def test_more_than_50_mb_unpacked_is_refused_at_any_ratio() -> None:
    line = random.Random(7).randbytes(600) + b" " * 30_000
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.xml", line * 1_800)
        assert archive.infolist()[0].file_size > 50 * 1024 * 1024
    assert answer(buffer.getvalue()) == {"refusal": Refusal.UNPACKS_TOO_LARGE}


def test_macros_nested_archives_and_encrypted_members_are_refused() -> None:
    plain = workbook(annex)
    assert answer(put(plain, "xl/vbaProject.bin", b"macro")) == {"refusal": Refusal.MACROS}
    assert answer(put(plain, "xl/embeddings/a.bin", plain)) == {"refusal": Refusal.NESTED}
    locked = bytearray(plain)
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    assert answer(bytes(locked)) == {"refusal": Refusal.ENCRYPTED}


def test_entities_are_not_expanded() -> None:
    assert openpyxl.DEFUSEDXML is True
    page = (
        b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
    )
    data = put(workbook(lambda book: book.add_worksheet()), SHEET, page)
    assert answer(data) == {"refusal": Refusal.UNREADABLE}


def test_without_defusedxml_no_workbook_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    assert answer(workbook(annex)) == {"refusal": Refusal.UNDEFENDED}


def test_workbook_of_hidden_sheets_is_refused() -> None:
    shown = workbook(lambda book: book.add_worksheet())
    with zipfile.ZipFile(io.BytesIO(shown)) as archive:
        page = archive.read("xl/workbook.xml").replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    assert answer(put(shown, "xl/workbook.xml", page)) == {"refusal": Refusal.NO_SHEET}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("old.xls", OLE, Refusal.OLD_WORKBOOK),
        ("old.xlsx", OLE, Refusal.OLD_WORKBOOK),
        ("page.xls", b"<html>", Refusal.OLD_WORKBOOK),
        ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), Refusal.ENCRYPTED),
        ("macro.XLSM", b"PK\x03\x04", Refusal.MACROS),
        ("list.pdf", b"%PDF-1.7", Refusal.KIND),
        ("list", b"STT", Refusal.KIND),
        ("empty.xlsx", b"", Refusal.UNREADABLE),
        ("large.csv", b"a" * (5 * 1024 * 1024 + 1), Refusal.TOO_LARGE),
    ],
)
def test_other_kinds_of_file_are_refused_by_name(
    tmp_path: Path, name: str, data: bytes, refusal: Refusal
) -> None:
    assert refusal_of(tmp_path, name, data) is refusal


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sheets(tmp_path / "none.csv")
    assert caught.value.text == SENTENCES[Refusal.MISSING]


def test_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "WALL_SECONDS", 0.01)
    assert refusal_of(tmp_path, "slow.xlsx", workbook(annex)) is Refusal.UNREADABLE


# -- damaged workbooks ------------------------------------------------------------------------------


def damaged(seed: int) -> bytes:
    """Return the annex's workbook with some bytes changed, cut out or doubled."""
    chance = random.Random(seed)
    data = bytearray(workbook(annex))
    for _ in range(chance.randint(1, 20)):
        place = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 40)]
            case _:
                data[place:place] = data[place : place + chance.randint(1, 40)]
    return bytes(data)


def damaged_inside(seed: int) -> bytes:
    """Return the workbook, whole as an archive, with the text of one member damaged."""
    chance = random.Random(seed)
    plain = workbook(annex)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        name = chance.choice([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
        text = bytearray(archive.read(name))
    for _ in range(chance.randint(1, 4)):
        text[chance.randrange(len(text))] = chance.choice(b'<>"=/ aZ7&')
    return put(plain, name, bytes(text))


@pytest.mark.parametrize("seed", range(10))
def test_damaged_workbook_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "damaged.xlsx"
    file.write_bytes(damaged(seed) if seed % 2 else damaged_inside(seed))
    started = time.monotonic()
    try:
        read_list(read_sheets(file))
    except InvalidInput as error:
        assert error.text in SENTENCES.values()  # noqa: PT017 - both ends are right
    assert time.monotonic() - started < sheet.WALL_SECONDS


@pytest.mark.parametrize("damage", [damaged, damaged_inside])
def test_two_hundred_damages_have_an_answer_each(damage: Callable[[int], bytes]) -> None:
    answers = [answer(damage(seed)) for seed in range(100, 200)]
    assert {key for said_ in answers for key in said_} <= {"sheets", "refusal"}
    assert any(said_.get("refusal") is Refusal.UNREADABLE for said_ in answers)


def test_child_speaks_json_under_its_limits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(sheet_child, "limit_process", lambda *given: limits.append(given))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"no workbook")))
    sheet_child.main()
    assert (capsys.readouterr().out, limits) == ('{"refusal": "unreadable"}', [(sheet_child.MEMORY, 20)])


# -- text files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_delimiter_is_the_one_that_shows_the_heading(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = (*HEADING, ("1", "Xã Phổ An", "Khô bò; khô gà", 'Cơ sở "Việt", Hội An', "Thôn 2\nxã Phổ An", "x"))
    file = tmp_path / "list.csv"
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    assert rows_of(file) == (*rows[:2], (*rows[2][:4], "Thôn 2 xã Phổ An", "x"))


def test_text_in_nfd_is_read_in_nfc(tmp_path: Path) -> None:
    file = tmp_path / "nfd.csv"
    file.write_text(unicodedata.normalize("NFD", SHIPPED.read_text(encoding="utf-8")), encoding="utf-8")
    assert rows_of(file) == rows_of(SHIPPED)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ("Đức Phổ".encode("utf-16"), Refusal.ENCODING),
        ("Đư\u0301c".encode("cp1258"), Refusal.ENCODING),
        (b"\xa7\xbb ph\xad\xac\xb7ng", Refusal.ENCODING),  # "Địa phương" in TCVN3
        (b"STT,\0", Refusal.NUL),
        (b'STT,"open', Refusal.UNREADABLE),
        (b"\n" * 20_000 + b"x", Refusal.TOO_MANY_ROWS),
        (b"," * 60 + b"x", Refusal.TOO_MANY_COLUMNS),
        (b"x" * 200_000, Refusal.UNREADABLE),
    ],
)
def test_text_beyond_the_fence_is_refused(tmp_path: Path, data: bytes, refusal: Refusal) -> None:
    assert refusal_of(tmp_path, "list.csv", data) is refusal


def test_empty_text_has_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("\n, ,\n")
    assert rows_of(file) == ()
