"""A linter of NĐ 30/2020/NĐ-CP (Phụ lục I, III): reads a Word file back and names what is not in its form.

It knows nothing of how files are written: sizes, widths and words stand here once more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.documents.reading import MM, Line, Read, W

if TYPE_CHECKING:
    from collections.abc import Iterator

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
#: how wide the nation's name is, measured with a face of equal metrics, by its size
NATION_MM: Final = {12: 87.7, 13: 94.9}
FACE: Final = "Times New Roman"
_NUMBER: Final = re.compile(r"Số: (\d{2,}|……)/[A-ZĐ][A-Za-zĐ]*(-[A-ZĐ]+|-……)+")
_DAY: Final = re.compile(r".+, ngày (0[1-9]|[12][0-9]|3[01]|……) tháng (0[12]|[3-9]|1[0-2]|……) năm [0-9]{4}")
_DRAWN: Final = re.compile(r"_{3,}|[─━═]{2,}|-{4,}")
_PLACES: Final = re.compile(r"^(ỦY BAN NHÂN DÂN|HỘI ĐỒNG .+) (TỈNH|THÀNH PHỐ|THỊ XÃ|HUYỆN|PHƯỜNG|XÃ) ")
_MARGINS: Final = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}


def faults_of(content: bytes, *, signs: tuple[str, ...] | None = None, is_minutes: bool = False) -> list[str]:
    """Return what is not in the form; each begins with the name of its rule.

    Args:
        content: a .docx.
        signs: the lines of authority that the first signature has to have; none: not asked.
        is_minutes: form 1.9: no place and day in the head.
    """
    read = Read(content)
    return [
        *_package(read),
        *_pages(read),
        *_face(read),
        *_head(read, is_minutes=is_minutes),
        *_kind(read),
        *_body(read),
        *_foot(read, signs),
        *_tables(read),
    ]


def page_faults_of(content: bytes) -> list[str]:
    """Return what is not in the form of a paper that is no document with a head of its own: score sheets.

    Args:
        content: a .docx.
    """
    read = Read(content)
    return [*_package(read), *_pages(read), *_face(read), *_make_up(read), *_tables(read)]


def _package(read: Read) -> Iterator[str]:
    names = [info.filename for info in read.infos]
    if names != sorted(names) or {info.date_time for info in read.infos} != {(1980, 1, 1, 0, 0, 0)}:
        yield "package: parts are not sorted, or carry a time"
    for name in names:
        if "thumbnail" in name or "customXml" in name or "theme" in name:
            yield f"stock: {name} comes from a template"


def _pages(read: Read) -> Iterator[str]:
    for number, section in enumerate(read.sections):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        assert size is not None
        assert margins is not None
        if sorted((int(size.get(f"{W}w", 0)), int(size.get(f"{W}h", 0)))) != [11906, 16838]:
            yield "paper: a page is no A4"
        for side, (least, most) in _MARGINS.items():
            if not least - 0.1 <= int(margins.get(f"{W}{side}", 0)) / MM <= most + 0.1:
                yield f"margin: {side}"
        if section.find(f"{W}titlePg") is None:
            yield "page number: shown on a first page"
        if number:
            first = section.find(f"{W}pgNumType")
            if first is None or first.get(f"{W}start") != "1":
                yield "annex: its pages are not numbered from 1"
    fields = [
        (header, code)
        for header in read.headers
        for code in header.iter(f"{W}instrText")
        if (code.text or "").strip() == "PAGE"
    ]
    if len(fields) != 1:
        yield "page number: there is no field in the top margin"


def _face(read: Read) -> Iterator[str]:
    own = read.defaults.find(f"{W}rFonts") if read.defaults is not None else None
    faces = (
        {own.get(f"{W}{script}") for script in ("ascii", "hAnsi", "cs", "eastAsia")}
        if own is not None
        else {None}
    )
    language = read.defaults.find(f"{W}lang") if read.defaults is not None else None
    if faces != {FACE}:
        yield "face: not every script has its face"
    if language is None or language.get(f"{W}val") != "vi-VN":
        yield "language: not vi-VN"
    for fonts in read.body.iter(f"{W}rFonts"):
        if set(fonts.attrib.values()) != {FACE}:
            yield "face: a run has another one"
    for colour in read.body.iter(f"{W}rPr/{W}color"):
        if colour.get(f"{W}val") != "000000":
            yield "colour: a run is not black"


def _ruled_after(read: Read, last: Line | None) -> bool:
    place = read.lines.index(last) + 1 if last in read.lines else len(read.lines)
    return place < len(read.lines) and read.lines[place].is_ruled


def _last(lines: list[Line]) -> Line | None:
    return lines[-1] if lines else None


def _head(read: Read, *, is_minutes: bool) -> Iterator[str]:
    nation = [line for line in read.lines if line.text == NATION]
    motto = [line for line in read.lines if line.text == MOTTO]
    if len(nation) != 1 or nation[0].size not in NATION_MM:
        yield "nation: not once, or not of 12 or 13 points"
    elif (nation[0].cell_mm or 0) < NATION_MM[int(nation[0].size)]:
        yield "nation: does not fit one line"
    if len(motto) != 1 or not _ruled_after(read, motto[0]):
        yield "motto: not once, or no rule beneath"
    if not _ruled_after(read, _last(read.of("Body"))):
        yield "body: no rule beneath"
    yield from _names(read)
    yield from _number_and_day(read, is_minutes=is_minutes)


def _names(read: Read) -> Iterator[str]:
    for line in (*read.of("Superior"), *read.of("Body")):
        if line.text != line.text.upper() or not 12 <= line.size <= 13:
            yield f"body: {line.text} is not in capitals of 12 or 13 points"
        if _PLACES.match(line.text):
            yield f"body: {line.text} is not broken before its place"


def _number_and_day(read: Read, *, is_minutes: bool) -> Iterator[str]:
    numbers = [line.text for line in read.of("Number") if line.text]
    if len(numbers) != 1 or not _NUMBER.fullmatch(numbers[0]):
        yield f"number: {numbers}"
    days = [line.text for line in read.of("PlaceDay")]
    if is_minutes and days:
        yield "minutes: place and day in the head"
    if not is_minutes and (len(days) != 1 or not _DAY.fullmatch(days[0])):
        yield f"day: {days}"


def _kind(read: Read) -> Iterator[str]:
    kinds, letters = read.of("Kind"), read.of("Regarding")
    if bool(kinds) == bool(letters):
        yield "kind: a document has a kind, a letter what it is about"
    if kinds and (kinds[0].text != kinds[0].text.upper() or not 13 <= kinds[0].size <= 14):
        yield "kind: not in capitals of 13 or 14 points"
    if kinds and not _ruled_after(read, _last(read.of("Abstract"))):
        yield "abstract: no rule beneath"


def _body(read: Read) -> Iterator[str]:
    grounds = [line.text for line in read.of("Ground")]
    if grounds and (any(not one.endswith(";") for one in grounds[:-1]) or not grounds[-1].endswith(".")):
        yield "grounds: each ends with a semicolon, the last with a full stop"
    yield from _paragraphs(read)
    ends = [line for line in read.lines if line.text.endswith("./.")]
    body = [line for line in read.lines if line.style in ("Text", "Ground", "Part")]
    if len(ends) != 1 or ends[0] not in body:
        yield "end: ./. not once, at the end of the body"
    yield from _make_up(read)


def _make_up(read: Read) -> Iterator[str]:
    for line in read.lines:
        if _DRAWN.search(line.text):
            yield "rule: drawn by letters"
        if line.holds_nothing and line.cell_mm is None and not line.is_ruled and line.size > 1:
            yield "blank: an empty paragraph makes room"
        if "  " in line.text:
            yield f"spaces: {line.text[:40]}"


def _paragraphs(read: Read) -> Iterator[str]:
    for line in (*read.of("Text"), *read.of("Ground")):
        gap, first = line.attribute("spacing", "after"), line.attribute("ind", "firstLine")
        if not 13 <= line.size <= 14 or line.side != "both":
            yield f"body: {line.text[:30]} is not justified, of 13 or 14 points"
        if gap is None or gap < 120:
            yield "body: less than 6 points between paragraphs"
        if first is None or round(first / MM, 1) not in (10.0, 12.7):
            yield "body: its first line stands in by neither 1 nor 1.27 cm"
        line_height = line.attribute("spacing", "line") or 240
        if not 240 <= line_height <= 360:
            yield "body: lines are closer than single or wider than one and a half"


def _foot(read: Read, signs: tuple[str, ...] | None) -> Iterator[str]:
    recipients = [line.text for line in read.of("Recipient") if line.text]
    labels = read.of("Recipients")
    if len(labels) != 1 or labels[0].text != "Nơi nhận:" or labels[0].size != 12:
        yield "recipients: not named once, in 12 points"
    if not recipients or not recipients[-1].startswith("- Lưu: ") or not recipients[-1].endswith("."):
        yield "recipients: the last one is not where it is kept"
    if any(not one.startswith("- ") or not one.endswith(";") for one in recipients[:-1]):
        yield "recipients: a dash before, a semicolon behind each"
    if any(line.size != 11 for line in read.of("Recipient")):
        yield "recipients: not of 11 points"
    lines = [line.text for line in read.of("Signing")]
    if any(one != one.upper() for one in lines) or not lines:
        yield "signer: not in capitals"
    if any(re.match(r"(TM|KT|TL|TUQ|Q)(?!\.)\b", one) for one in lines):
        yield "signer: an abbreviation without its dot"
    if signs is not None and tuple(lines[: len(signs)]) != signs:
        yield f"signer: {lines} is not {list(signs)}"


def _tables(read: Read) -> Iterator[str]:
    for table in read.body.iter(f"{W}tbl"):
        border = table.find(f"{W}tblPr/{W}tblBorders/{W}top")
        rows = list(table.iter(f"{W}tr"))
        if any(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows):
            yield "table: a row may be split between pages"
        if (
            border is not None
            and border.get(f"{W}val") == "single"
            and rows[0].find(f"{W}trPr/{W}tblHeader") is None
        ):
            yield "table: its head is not repeated"
