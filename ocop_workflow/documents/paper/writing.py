"""One function from a document as a typed view to the bytes of a Word file: same view, same bytes."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import UTC, datetime, time
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any, Final

import segno
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from ocop_workflow.documents.paper.ooxml import (
    cell,
    element,
    page,
    page_number,
    paragraph,
    plain,
    row,
    rule,
    run,
    table,
    words,
)
from ocop_workflow.documents.paper.packing import repacked
from ocop_workflow.documents.paper.pieces import (
    CertificatePaper,
    Grid,
    LineRole,
    OfficialDocument,
    PrintedSheet,
    QrPicture,
    SheetBundle,
    Side,
    TextLine,
)
from ocop_workflow.documents.paper.styles import empty_file
from ocop_workflow.documents.paper.widths import broken, width_mm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.documents.paper.pieces import AttachedAnnex, Head, SignatureBlock

Paper = OfficialDocument | SheetBundle | CertificatePaper

#: the width of the text: 210 less 30 and 15 mm; on its side 297 less the same
_UPRIGHT: Final = 165.0
_ON_ITS_SIDE: Final = 252.0
_FRAMED: Final = 257.0
#: the columns of the head: `CỘNG HÒA … VIỆT NAM` of 12 points takes 88 mm
_LEFT: Final = 73.0
_RIGHT: Final = 92.0
#: where the place has so long a name that its line takes 100 mm
_LEFT_NARROW: Final = 64.0
_LONG_PLACE: Final = 92.0
#: what stays free between the columns of the head
_AIR: Final = 2.0
_NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
_LOOKS: Final = {
    LineRole.BODY: "Text",
    LineRole.GROUND: "Ground",
    LineRole.ARTICLE: "Text",
    LineRole.PART: "Part",
    LineRole.ITEM: "Text",
    LineRole.CENTRED: "Centred",
    LineRole.SMALL: "Small",
    LineRole.LABEL: "Label",
}
_SIDES: Final = {Side.LEFT: "left", Side.CENTRE: "center", Side.RIGHT: "right"}
#: more columns than that are set smaller
_MANY_COLUMNS: Final = 9


def write(view: Paper) -> bytes:
    """Write a document as a Word file.

    Args:
        view: what it says; see `pieces`.

    Returns:
        the bytes of a .docx; of the same view always the same.
    """
    return _Writer(view.title, view.made_on).written(view)


class _Writer:
    """A Word file while it is written."""

    def __init__(self, title: str, made_on: Any) -> None:  # noqa: ANN401 - a day
        self._file = Document(io.BytesIO(empty_file()))
        self._body: Any = self._file.element.body
        at = datetime.combine(made_on, time(), UTC).replace(tzinfo=None)
        core = self._file.core_properties
        core.title, core.author, core.last_modified_by = plain(title)[:255], "", ""
        core.created = core.modified = at
        core.revision, core.language = 1, "vi-VN"

    def written(self, view: Paper) -> bytes:
        self._set_page(page())
        self._write(view)
        out = io.BytesIO()
        self._file.save(out)
        return repacked(out.getvalue())

    # -- sections ------------------------------------------------------------------------------------

    @property
    def _section(self) -> Any:  # noqa: ANN401 - an element
        return self._body.find(qn("w:sectPr"))

    def _set_page(self, parts: Sequence[Any]) -> None:
        """Make the page of the section that is being written; the head of the first holds for all."""
        section = self._section
        for child in list(section):
            if child.tag != qn("w:headerReference"):
                section.remove(child)
        section.extend(parts)
        if self._file.sections[0].header.is_linked_to_previous:
            header = self._file.sections[0].header
            (first,) = header.paragraphs
            holder = first.paragraph_format.element.getparent()
            holder.remove(first.paragraph_format.element)
            holder.append(paragraph("PageNumber", *page_number()))

    def _next_section(self, parts: Sequence[Any]) -> None:
        """End the section: what follows has a page of its own."""
        ended = deepcopy(self._section)
        self._add(paragraph("SectionEnd", changes=[ended]))
        section = self._section
        for child in list(section):
            section.remove(child)
        section.extend(parts)

    def _add(self, *parts: Any) -> None:  # noqa: ANN401 - elements
        for part in parts:
            self._section.addprevious(part)

    # -- the kinds of documents ----------------------------------------------------------------------

    @singledispatchmethod
    def _write(self, view: Any) -> None:  # noqa: ANN401 - each kind below
        raise TypeError(type(view).__name__)

    @_write.register
    def _official(self, view: OfficialDocument) -> None:
        if view.head is None:
            for place, annex in enumerate(view.annexes):
                self._annex(annex, is_first=not place)
            return
        self._head(view.head)
        if view.kind:
            self._add(words("Kind", view.kind))
            self._add(*(words("Abstract", line) for line in view.abstract.splitlines()))
            longest = max((width_mm(line, 14) for line in view.abstract.splitlines()), default=60)
            self._add(rule(min(longest * 0.42, 60), _UPRIGHT))
        self._add(*(words("Authority", line) for line in view.authority))
        self._addressed(view.addressed)
        blocks = _ended(view.blocks)
        closing = blocks[-1] if blocks and isinstance(blocks[-1], TextLine) else None
        self._blocks(blocks, _UPRIGHT, closing)
        self._foot(view)
        for annex in view.annexes:
            self._annex(annex)

    @_write.register
    def _sheets(self, view: SheetBundle) -> None:
        for number, sheet in enumerate(view.sheets):
            if number:
                self._next_section(page(anew=True))
            self._sheet(sheet)

    @_write.register
    def _certificate(self, view: CertificatePaper) -> None:
        self._set_page(page(on_its_side=True, framed=True))
        self._add(words("Nation", _NATION), words("Motto", _MOTTO))
        self._add(rule(width_mm(_MOTTO, 13), _FRAMED))
        self._add(*(words("CertificateIssuer", line) for line in view.issuer))
        self._add(rule(width_mm(view.issuer[-1], 14) * 0.45, _FRAMED))
        title, kind = view.heading
        self._add(words("CertificateTitle", title), words("CertificateKind", kind))
        if view.mark:
            self._add(words("CertificateMark", view.mark))
        self._add(words("CertificateProduct", view.product))
        for label, value in view.facts:
            self._add(paragraph("CertificateFact", run(f"{label}: "), run(value, bold=True)))
        if view.star:
            self._add(words("CertificateKind", f"ĐẠT HẠNG {view.star} SAO"))
            self._add(words("CertificateStars", "★" * view.star))
        left = [words("Recipient", view.ground), *(self._qr(view.qr) if view.qr else [])]
        right = [words("PlaceDay", view.place_and_day), *_signing(view.signature)]
        half = _FRAMED / 2
        self._add(table([half, half], [row([cell(half, left), cell(half, right)])], lines=False))
        self._add(paragraph("SectionEnd"))

    # -- what they are made of -----------------------------------------------------------------------

    def _head(self, head: Head) -> None:
        """Write body and nation side by side, and below them number, place and day."""
        long_place = width_mm(head.place_and_day or "", 13) * 0.95 > _LONG_PLACE
        left_mm = _LEFT_NARROW if long_place else _LEFT
        right_mm = _UPRIGHT - left_mm
        superior, body = (
            [part for line in lines for part in broken(line, 12, left_mm - _AIR)]
            for lines in (head.superior, head.body)
        )
        left = [
            *(words("Superior", line) for line in superior),
            *(words("Body", line) for line in body),
            rule(max(width_mm(line, 12) for line in body) * 0.42, left_mm),
        ]
        right = [
            words("Nation", _NATION),
            words("Motto", _MOTTO),
            rule(width_mm(_MOTTO, 13), right_mm),
        ]
        number = [words("Number", f"Số: {head.number}")]
        if head.regarding:
            number.append(words("Regarding", f"V/v {head.regarding}"))
        day = [words("PlaceDay", head.place_and_day)] if head.place_and_day else [paragraph("Number")]
        lines = [
            row([cell(left_mm, left), cell(right_mm, right)]),
            row([cell(left_mm, number), cell(right_mm, day)]),
        ]
        self._add(table([left_mm, right_mm], lines, lines=False))

    def _addressed(self, addressed: Sequence[str]) -> None:
        if len(addressed) == 1:
            self._add(words("Addressed", f"Kính gửi: {addressed[0]}"))
        elif addressed:
            self._add(words("Addressed", "Kính gửi:"))
            last = len(addressed) - 1
            for place, one in enumerate(addressed):
                self._add(words("Addressed", f"- {one}{'.' if place == last else ';'}"))

    def _blocks(
        self, blocks: Sequence[TextLine | Grid], width: float, closing: TextLine | None = None
    ) -> None:
        """Write lines and tables; `closing`: the line that is not left alone by those who sign below it."""
        for block in blocks:
            if isinstance(block, Grid):
                self._add(_grid(block, width), paragraph("Rule"))
            else:
                lead = [run(f"{block.lead} ", bold=True)] if block.lead else []
                stays = [element("keepNext")] if block is closing else []
                self._add(paragraph(_LOOKS[block.role], *lead, run(block.text), changes=stays))

    def _foot(self, view: OfficialDocument) -> None:
        """Write recipients and signature side by side; of two who sign, recipients under the left one."""
        told = [words("Recipients", "Nơi nhận:")]
        last = len(view.recipients) - 1
        told += [
            words("Recipient", f"- {one}{'.' if place == last else ';'}")
            for place, one in enumerate(view.recipients)
        ]
        half = _UPRIGHT / 2
        if len(view.signatures) == 1:
            cells = [[cell(half, told), cell(half, _signing(view.signatures[0]))]]
        else:
            cells = [
                [cell(half, _signing(one)) for one in view.signatures],
                [cell(half, told), cell(half, [paragraph("Recipient")])],
            ]
        self._add(paragraph("SectionEnd", changes=[element("keepNext")]))
        self._add(table([half, half], [row(line) for line in cells], lines=False))
        if not view.annexes:
            self._add(paragraph("SectionEnd"))

    def _annex(self, annex: AttachedAnnex, *, is_first: bool = False) -> None:
        begin = self._set_page if is_first else self._next_section
        begin(page(on_its_side=annex.on_its_side, anew=True))
        width = _ON_ITS_SIDE if annex.on_its_side else _UPRIGHT
        self._add(words("AnnexName", annex.label))
        self._add(*(words("AnnexName", line) for line in annex.name.splitlines()))
        self._add(words("AnnexReference", f"({annex.reference})"))
        self._add(rule(60, width))
        self._blocks(annex.blocks, width)
        if annex.signatures:
            share = width / len(annex.signatures)
            signing = [cell(share, _signing(one)) for one in annex.signatures]
            self._add(table([share] * len(signing), [row(signing)], lines=False))
        self._add(paragraph("SectionEnd"))

    def _sheet(self, sheet: PrintedSheet) -> None:
        left_mm = _UPRIGHT - 38
        heading = [words("Centred", line) for line in sheet.heading]
        corner = self._qr(sheet.qr) if sheet.qr else [paragraph("Caption")]
        self._add(
            table(
                [left_mm, 38],
                [row([cell(left_mm, heading, middle=True), cell(38, corner)])],
                lines=False,
            )
        )
        for label, value in sheet.facts:
            self._add(paragraph("Label", run(f"{label}: "), run(value, bold=True)))
        self._blocks(sheet.blocks, _UPRIGHT)
        self._add(paragraph("Label", run("Ý kiến của người đánh giá: ", bold=True), run(sheet.opinion)))
        half = _UPRIGHT / 2
        signing = [words("PlaceDay", sheet.place_and_day), *_signing(sheet.signature)]
        self._add(
            table([half, half], [row([cell(half, [paragraph("Label")]), cell(half, signing)])], lines=False),
            paragraph("SectionEnd"),
        )

    def _qr(self, qr: QrPicture) -> list[Any]:
        """Return a picture that leads to an address, with what it is for those who cannot see it."""
        png = io.BytesIO()
        segno.make(qr.address, error="m", micro=False).save(png, kind="png", scale=6, border=2)
        png.seek(0)
        inline = self._file.part.new_pic_inline(png, Mm(26), Mm(26))
        said = inline.find(qn("wp:docPr"))
        said.set("descr", plain(qr.address))
        said.set("name", "QR")
        drawing = element("drawing", inline)
        centred = element("jc", val="center")
        return [
            paragraph("Caption", element("r", drawing), changes=[centred]),
            words("Caption", qr.caption),
        ]


def _signing(block: SignatureBlock) -> list[Any]:
    hint = [words("Hint", f"({block.hint})")] if block.hint else []
    return [*(words("Signing", line) for line in block.lines), *hint, words("Signed", block.name or "")]


def _ended(blocks: Sequence[TextLine | Grid]) -> list[TextLine | Grid]:
    """Close the last line of a body by `./.` (NĐ 30/2020/NĐ-CP, Phụ lục III)."""
    done = list(blocks)
    for place in range(len(done) - 1, -1, -1):
        line = done[place]
        if isinstance(line, TextLine):
            done[place] = TextLine(f"{line.text.rstrip(' .;')}./.", line.role, line.lead)
            return done
    return done


def _grid(grid: Grid, width: float) -> Any:  # noqa: ANN401 - an element
    """Make a table of the width of the text; its head is repeated on each page."""
    shares = sum(column.share for column in grid.columns)
    widths = [width * column.share / shares for column in grid.columns]
    size = 10 if len(grid.columns) > _MANY_COLUMNS else None
    head = row(
        [
            cell(mm, [paragraph("CellHead", run(column.title, size=size))], middle=True)
            for mm, column in zip(widths, grid.columns, strict=True)
        ],
        is_head=True,
    )
    return table(
        widths,
        [head, *(_grid_row(line, grid, widths, size) for line in grid.rows)],
        lines=True,
        margin_mm=1.2,
    )


def _grid_row(line: tuple[str, ...], grid: Grid, widths: Sequence[float], size: float | None) -> Any:  # noqa: ANN401 - an element
    if len(line) == 1:
        return row([cell(sum(widths), [paragraph("CellPart", run(line[0], size=size))], span=len(widths))])
    return row(
        [
            cell(
                mm,
                [
                    paragraph(
                        "Cell",
                        run(said, size=size),
                        changes=[element("jc", val=_SIDES[column.side])],
                    )
                ],
            )
            for mm, column, said in zip(widths, grid.columns, line, strict=True)
        ]
    )
