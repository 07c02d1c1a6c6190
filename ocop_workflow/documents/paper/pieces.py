"""What a document is made of, as typed views: head, body, signatures, recipients, annexes; frozen values.

Form and order are those of NĐ 30/2020/NĐ-CP, Phụ lục I and III; how each piece looks stands in `styles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocop_workflow.views import View

#: what is not on record stays a dotted blank, for a pen
BLANK = "……………"
SHORT_BLANK = "……"


class LineRole(StrEnum):
    """What a line of the body is; its look follows from that."""

    BODY = "body"
    GROUND = "ground"
    ARTICLE = "article"
    PART = "part"
    ITEM = "item"
    CENTRED = "centred"
    SMALL = "small"
    LABEL = "label"


class Side(StrEnum):
    """Where the words of a column stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TextLine(View):
    """A paragraph; `lead`: its first words, bold ("Điều 1.")."""

    text: str
    role: LineRole = LineRole.BODY
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Column(View):
    """A column of a table; `share`: of the width of the table, as a part of the sum of all."""

    title: str
    share: int
    side: Side = Side.LEFT


@dataclass(frozen=True, slots=True)
class Grid(View):
    """A table with a head that is repeated on each page; a row of one cell goes over the whole width."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class QrPicture(View):
    """A picture that leads to an address, and what stands below it."""

    address: str
    caption: str


@dataclass(frozen=True, slots=True)
class SignatureBlock(View):
    """Who signs: authority and title in lines ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"); no name: a blank."""

    lines: tuple[str, ...]
    name: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Head(View):
    """The head of a document.

    Attributes:
        superior, body: in lines; a name is broken before the name of its place.
        number: what stands behind "Số: ", blanks included.
        place_and_day: none: the document has none (minutes, form 1.9).
        regarding: of a letter, in place of kind and abstract: what stands under the number.
    """

    superior: tuple[str, ...]
    body: tuple[str, ...]
    number: str
    place_and_day: str | None
    regarding: str = ""


@dataclass(frozen=True, slots=True)
class AttachedAnnex(View):
    """An annex: a section of its own with its own page numbers; `on_its_side`: for wide tables."""

    label: str
    name: str
    reference: str
    blocks: tuple[TextLine | Grid, ...]
    on_its_side: bool = False
    signatures: tuple[SignatureBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialDocument(View):
    """A document in the form of NĐ 30/2020/NĐ-CP.

    Attributes:
        made_on: the document's own day, for the times that the file carries.
        head: none: annexes alone, without a document of their own.
        kind: "QUYẾT ĐỊNH"; empty: a letter, which has none.
        abstract: what it is about.
        authority: the line under the abstract of a decision ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …").
        addressed: behind "Kính gửi:"; empty: nobody is addressed.
        signatures: one: on the right, recipients on the left; two (minutes): recipients under the left one.
        recipients: behind "Nơi nhận:", the last one "Lưu: …".
    """

    title: str
    made_on: date
    head: Head | None
    kind: str
    abstract: str
    blocks: tuple[TextLine | Grid, ...]
    signatures: tuple[SignatureBlock, ...]
    recipients: tuple[str, ...]
    authority: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()
    annexes: tuple[AttachedAnnex, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedSheet(View):
    """One score sheet on paper, blank or filled in (QĐ 26/2026/QĐ-TTg, Phụ lục II: its head and its foot)."""

    heading: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[TextLine | Grid, ...]
    opinion: str
    place_and_day: str
    signature: SignatureBlock
    qr: QrPicture | None


@dataclass(frozen=True, slots=True)
class SheetBundle(View):
    """Score sheets in one file, each on pages of its own."""

    title: str
    made_on: date
    sheets: tuple[PrintedSheet, ...]


@dataclass(frozen=True, slots=True)
class CertificatePaper(View):
    """A certificate, on its side.

    Attributes:
        issuer: in lines; the name is broken before the name of its place.
        facts: label and value, in their order.
        ground: the decision that it rests on.
        qr: none: there is no public page of it.
        star: set large with as many stars; 0: nothing is (an extract from the register).
        heading: what it is, in two lines.
        mark: what has to be known of it, at once and bold; empty: nothing.
    """

    title: str
    made_on: date
    issuer: tuple[str, ...]
    star: int
    product: str
    facts: tuple[tuple[str, str], ...]
    ground: str
    place_and_day: str
    signature: SignatureBlock
    qr: QrPicture | None
    heading: tuple[str, str] = ("GIẤY CHỨNG NHẬN", "SẢN PHẨM OCOP")
    mark: str = ""
