"""Pieces of a Word file: paragraphs, tables, rules, sections, in the order that its schema asks for."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: twentieths of a point in a millimetre
_TWENTIETHS: Final = 1440 / 25.4
_NAMESPACES: Final = {"w": nsmap["w"]}
#: what XML 1.0 cannot hold: control characters, lone surrogates, the two that are no characters
_NO_XML: Final = {*map(chr, range(32)), "\ufffe", "\uffff"}


def twentieths(mm: float) -> int:
    """Return millimetres as the file counts them."""
    return round(mm * _TWENTIETHS)


def plain(text: str) -> str:
    """Return text as one line that a file can hold; what it cannot hold is dropped."""
    spaced = " ".join(text.split())
    if spaced.isprintable():  # nothing in it would be dropped
        return unicodedata.normalize("NFC", spaced)
    kept = (one for one in spaced if one not in _NO_XML and not 0xD800 <= ord(one) <= 0xDFFF)  # noqa: PLR2004 - surrogates
    return unicodedata.normalize("NFC", "".join(kept))


def element(tag: str, *children: Any, **attributes: object) -> Any:  # noqa: ANN401 - lxml has no types
    """Make an element of a Word file: `element("jc", val="center")`."""
    given = {_named(name): str(value) for name, value in attributes.items()}
    made = oxml_parser.makeelement(_named(tag), given, _NAMESPACES)
    made.extend(children)
    return made


@cache
def _named(name: str) -> str:
    return qn(f"w:{name}")


def run(text: str, *, bold: bool = False, size: float | None = None) -> Any:  # noqa: ANN401 - see element
    """Make a run of text; `size`: in points, where it is not its paragraph's."""
    looks = element("rPr")
    if bold:
        looks.extend([element("b"), element("bCs")])
    if size:
        looks.extend([element("sz", val=f"{size * 2:.0f}"), element("szCs", val=f"{size * 2:.0f}")])
    words = element("t")
    words.text = plain_run(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", *([looks] if len(looks) else []), words)


def plain_run(text: str) -> str:
    """Return text as `plain` does, with the spaces that it begins and ends with."""
    begins = " " if text[:1].isspace() else ""
    ends = " " if text[-1:].isspace() and text.strip() else ""
    return f"{begins}{plain(text)}{ends}"


def paragraph(look: str, *runs: Any, changes: Iterable[Any] = ()) -> Any:  # noqa: ANN401 - see element
    """Make a paragraph; `changes`: properties beside its look, in the schema's order."""
    return element("p", element("pPr", element("pStyle", val=look), *changes), *runs)


def words(look: str, text: str) -> Any:  # noqa: ANN401 - see element
    """Make a paragraph of plain words."""
    return paragraph(look, run(text))


def rule(width_mm: float, column_mm: float) -> Any:  # noqa: ANN401 - see element
    """Make a rule of a width in the middle of a column: the lower border of a paragraph of no height."""
    aside = twentieths(max(column_mm - width_mm, 0) / 2)
    border = element("pBdr", element("bottom", val="single", sz=6, space=0, color="000000"))
    gaps = element("spacing", before=40, after=120, line=60, lineRule="exact")
    return paragraph("Rule", changes=[border, gaps, element("ind", left=aside, right=aside)])


_EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


def table(widths_mm: Sequence[float], rows: Iterable[Any], *, lines: bool, margin_mm: float = 0) -> Any:  # noqa: ANN401 - see element
    """Make a table of fixed widths; `lines`: with borders."""
    border = "single" if lines else "nil"
    total = sum(map(twentieths, widths_mm))
    looks = element(
        "tblPr",
        element("tblW", w=total, type="dxa"),
        element("tblBorders", *(element(edge, val=border, sz=4, space=0, color="000000") for edge in _EDGES)),
        element("tblLayout", type="fixed"),
        element(
            "tblCellMar",
            *(
                element(edge, w=twentieths(margin_mm) if edge in ("left", "right") else 0, type="dxa")
                for edge in ("top", "left", "bottom", "right")
            ),
        ),
        element("tblLook", val="0000"),
    )
    grid = element("tblGrid", *(element("gridCol", w=twentieths(width)) for width in widths_mm))
    return element("tbl", looks, grid, *rows)


def row(cells: Sequence[Any], *, is_head: bool = False) -> Any:  # noqa: ANN401 - see element
    """Make a row that is not split between pages; `is_head`: repeated on each."""
    looks = element("trPr", element("cantSplit"), *([element("tblHeader")] if is_head else []))
    return element("tr", looks, *cells)


def cell(width_mm: float, content: Sequence[Any], *, span: int = 1, middle: bool = False) -> Any:  # noqa: ANN401 - see element
    """Make a cell; `span`: over how many columns it goes."""
    looks = element("tcPr", element("tcW", w=twentieths(width_mm), type="dxa"))
    if span > 1:
        looks.append(element("gridSpan", val=span))
    if middle:
        looks.append(element("vAlign", val="center"))
    return element("tc", looks, *content)


def page_number() -> list[Any]:
    """Return the runs of a field that says the page."""
    code = element("instrText")
    code.text = " PAGE "
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", code),
        element("r", element("fldChar", fldCharType="separate")),
        run("2"),
        element("r", element("fldChar", fldCharType="end")),
    ]


def page(*, on_its_side: bool = False, framed: bool = False, anew: bool = False) -> list[Any]:
    """Return how a page of a section is: A4, margins 20, 20, 30, 15 mm (NĐ 30/2020/NĐ-CP, Phụ lục I).

    The page's number stands in the top margin and not on the first page; `anew`: counted from 1 again.
    """
    high, wide = twentieths(297), twentieths(210)
    if on_its_side:
        size = element("pgSz", w=high, h=wide, orient="landscape")
    else:
        size = element("pgSz", w=wide, h=high)
    edges = (
        {"top": 20, "right": 15, "bottom": 20, "left": 30}
        if not framed
        else dict.fromkeys(("top", "right", "bottom", "left"), 20)
    )
    margins = element(
        "pgMar",
        **{name: twentieths(mm) for name, mm in edges.items()},
        header=twentieths(10),
        footer=twentieths(10),
        gutter=0,
    )
    borders = element(
        "pgBorders",
        *(
            element(edge, val="thinThickSmallGap", sz=18, space=20, color="7F0000")
            for edge in ("top", "left", "bottom", "right")
        ),
        offsetFrom="page",
    )
    return [
        element("type", val="nextPage"),
        size,
        margins,
        *([borders] if framed else []),
        *([element("pgNumType", start=1)] if anew else []),
        element("cols", space=720),
        element("titlePg"),
    ]
