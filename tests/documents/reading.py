"""A Word file read back: its parts, its paragraphs with the looks that hold for them, its whole text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 56.6929  # twentieths of a point in a millimetre


def parsed(part: bytes) -> Element:
    """Return a part of a file that we have written ourselves."""
    return fromstring(part)  # noqa: S314 - nobody else's


@dataclass(frozen=True)
class Line:
    """A paragraph: its text, and what its style and itself say of it."""

    text: str
    style: str
    size: float
    side: str
    is_ruled: bool
    holds_nothing: bool
    cell_mm: float | None
    looks: dict[str, Element] = field(default_factory=dict, compare=False)

    def attribute(self, name: str, of: str) -> int | None:
        """Return an attribute of a property, in twentieths of a point."""
        found = self.looks.get(name)
        value = found.get(f"{W}{of}") if found is not None else None
        return int(value) if value is not None else None


class Read:
    """A Word file, read back."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.infos = package.infolist()
            self.parts = {info.filename: package.read(info) for info in self.infos}
        self.body = parsed(self.parts["word/document.xml"])
        styles = parsed(self.parts["word/styles.xml"])
        self.defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._styles = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
        self.lines = list(self._lines())

    @property
    def text(self) -> str:
        """The whole text, a line a paragraph."""
        return "\n".join(line.text for line in self.lines if line.text)

    def of(self, style: str) -> list[Line]:
        """Return the paragraphs of a style."""
        return [line for line in self.lines if line.style == style]

    @property
    def sections(self) -> list[Element]:
        """What is said of each section."""
        return list(self.body.iter(f"{W}sectPr"))

    @property
    def headers(self) -> list[Element]:
        """The headers."""
        return [parsed(part) for name, part in self.parts.items() if "/header" in name]

    def _lines(self) -> Iterator[Line]:
        cells = {paragraph: cell for cell in self.body.iter(f"{W}tc") for paragraph in cell.iter(f"{W}p")}
        for paragraph in self.body.iter(f"{W}p"):
            cell = cells.get(paragraph)
            width = cell.find(f"{W}tcPr/{W}tcW") if cell is not None else None
            yield self._line(paragraph, float(width.get(f"{W}w", "0")) / MM if width is not None else None)

    def _line(self, paragraph: Element, cell_mm: float | None) -> Line:
        own = paragraph.find(f"{W}pPr")
        named = own.find(f"{W}pStyle") if own is not None else None
        style_id = named.get(f"{W}val", "") if named is not None else ""
        style = self._styles.get(style_id)
        looks: dict[str, Element] = {}
        for source in (style.find(f"{W}pPr") if style is not None else None, own):
            for one in source if source is not None else ():
                looks[one.tag.removeprefix(W)] = one
        size = style.find(f"{W}rPr/{W}sz") if style is not None else None
        sizes = [
            float(found.get(f"{W}val", "0"))
            for found in (size, *(run.find(f"{W}rPr/{W}sz") for run in paragraph.iter(f"{W}r")))
            if found is not None
        ]
        side = looks.get("jc")
        return Line(
            text="".join(piece.text or "" for piece in paragraph.iter(f"{W}t")),
            style=style_id,
            size=(sizes[-1] if sizes else 28) / 2,
            side=side.get(f"{W}val", "left") if side is not None else "left",
            is_ruled=paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom") is not None,
            holds_nothing=paragraph.find(f"{W}r") is None and paragraph.find(f"{W}pPr/{W}sectPr") is None,
            cell_mm=cell_mm,
            looks=looks,
        )


def planted(content: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """Return a file with a fault put into one of its parts: the first `old` becomes `new`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as package:
        for info in given.infolist():
            data = given.read(info)
            if info.filename == part:
                assert old.encode() in data, f"{part} holds no {old}"
                data = data.replace(old.encode(), new.encode(), 1)
            package.writestr(info, data)
    return out.getvalue()


def with_part(content: bytes, name: str) -> bytes:
    """Return a file with a further part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), b"")
    return out.getvalue()
