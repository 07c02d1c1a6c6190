"""Who signs which document, by level and regulation: NĐ 30/2020/NĐ-CP as data, with its source."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ocop_workflow.errors import Text
from ocop_workflow.regulations.documents import Sourced
from ocop_workflow.regulations.levels import Level
from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence

_Lines = tuple[Annotated[str, Field(min_length=1)], ...]


class SignedDocument(StrEnum):
    """A document for which the table says who signs."""

    RECOGNITION = "recognition"
    REVOCATION = "revocation"
    APPROVAL = "approval"
    LETTER_UP = "letter_up"
    LETTER_DOWN = "letter_down"
    COMMUNE_REPORT = "commune_report"
    INVITATION = "invitation"
    OPINION_LETTER = "opinion_letter"
    MINUTES = "minutes"
    COUNCIL_REPORT = "council_report"
    SUBMISSION = "submission"
    NOTICE = "notice"
    REGISTER_EXTRACT = "register_extract"


class SignerRow(Sourced):
    """Who signs a document at some levels under some regulations (none named: under any).

    `body`, `superior`: of the head. `authority`: the line under the name of a decision. `signs`: the lines
    over the name of whoever heads the body; `deputy`: those of a deputy; `beside`: of the second who signs.
    `office_holder`: the decision is the person's in office, not the body's: "TM." is wrong.
    """

    document: SignedDocument
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    regulations: tuple[str, ...] = ()
    superior: _Lines = ()
    body: Annotated[_Lines, Field(min_length=1)]
    authority: _Lines = ()
    signs: _Lines = ()
    deputy: _Lines = ()
    beside: _Lines = ()
    symbol: str = Field(min_length=1)
    office_holder: bool = False


class HeadOfOffice(Sourced):
    """What the head of an agency is called, by how its name begins, and what the agency belongs to."""

    begins: str = Field(min_length=1)
    signs: Annotated[_Lines, Field(min_length=1)]
    superior: _Lines = ()
    since: date | None = None


class SignerTable(Frozen):
    """The table of signers."""

    format: int = Field(ge=1, le=1)
    signers: Annotated[tuple[SignerRow, ...], Field(min_length=1)]
    heads: Annotated[tuple[HeadOfOffice, ...], Field(min_length=1)]


class SignerNames(Frozen):
    """What is filled into the lines of the table; names as they were on the document's own day.

    `unit`: with its kind, "Tỉnh Ví Dụ". `council`, `office`: names; empty where the document has none.
    """

    unit: str
    on: date
    council: str = ""
    office: str = ""


class Signing(Frozen):
    """Who signs a document, in the very lines that it prints."""

    superior: _Lines
    body: _Lines
    authority: _Lines
    signs: _Lines
    beside: _Lines
    symbol: str
    source: str
    uncertain: bool


_FILE: Final = "nd-30-2020.toml"


def read_signers(text: str, name: str) -> SignerTable:
    """Read a table of signers.

    Raises:
        InvalidInput: it is at fault; every fault with its place.
    """
    return read_toml(text, SignerTable, name)


@cache
def signer_table() -> SignerTable:
    """Return the table that ships."""
    text = (resources.files("ocop_workflow") / "data" / "signers" / _FILE).read_text("utf-8")
    return read_signers(text, _FILE)


def signer_row(document: SignedDocument, level: Level, regulation: str) -> SignerRow | None:
    """Return what the table says of a document; none: this level does not issue it under this regulation."""
    for row in signer_table().signers:
        fits = row.document is document and level in row.levels
        if fits and (not row.regulations or regulation in row.regulations):
            return row
    return None


def signing_of(document: SignedDocument, level: Level, regulation: str, names: SignerNames) -> Signing | None:
    """Return who signs a document, in its own lines; none: see `signer_row`.

    An agency's head is called as its name has it; an agency that the table does not know has blanks.
    """
    row = signer_row(document, level, regulation)
    if row is None:
        return None
    superior, signs, source, uncertain = row.superior, row.signs, row.source, row.uncertain
    if not signs:
        head = _head_of(names)
        superior = head.superior if head else ("……………",)
        signs = head.signs if head else ("……………",)
        source = f"{source}; {head.source}" if head else source
        uncertain = uncertain or head is None or head.uncertain
    return Signing(
        superior=_filled(superior, names),
        body=_filled(row.body, names),
        authority=_filled(row.authority, names),
        signs=_filled(signs, names),
        beside=_filled(row.beside, names),
        symbol=row.symbol,
        source=source,
        uncertain=uncertain,
    )


def _head_of(names: SignerNames) -> HeadOfOffice | None:
    for head in signer_table().heads:
        if names.office.startswith(head.begins) and (head.since is None or names.on >= head.since):
            return head
    return None


def _filled(lines: Sequence[str], names: SignerNames) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if line == "{COUNCIL}":
            found += named_in_lines(names.council, names.unit)
        elif line == "{OFFICE}":
            found += named_in_lines(names.office, names.unit)
        else:
            found.append(line.replace("{UNIT}", names.unit.upper()))
    return tuple(found)


def named_in_lines(name: str, unit: str) -> tuple[str, ...]:
    """Return the name of a body in capitals, broken before the name of its place.

    "UBND" is written out: "UBND tỉnh Ví Dụ" is ỦY BAN NHÂN DÂN, TỈNH VÍ DỤ.
    """
    whole = re.sub(r"^UBND\b", "Ủy ban nhân dân", name.strip()).upper()
    place = unit.upper()
    if whole != place and whole.endswith(f" {place}"):
        return (whole.removesuffix(place).strip(), place)
    found = re.match(r"(.+?) ((?:TỈNH|THÀNH PHỐ|THỊ XÃ|QUẬN|HUYỆN|PHƯỜNG|XÃ|ĐẶC KHU) .+)", whole)
    return (found[1], found[2]) if found else (whole,)


# -- does a signer as it was typed suit --------------------------------------------------------------


def signer_doubt(typed: str, document: SignedDocument, level: Level, regulation: str) -> Text | None:
    """Say why a signer, as somebody typed it, does not suit a document; none: it does, or nobody can tell.

    Only what the words themselves show is judged: a bare name of a person suits everything.

    Args:
        typed: "TM. UBND, Chủ tịch", "KT. Chủ tịch, Phó Chủ tịch", "Chủ tịch UBND tỉnh"…
        document: what is signed.
        level: of the body that issues it.
        regulation: the id of the pack by which it is issued ("qd-26-2026").
    """
    row = signer_row(document, level, regulation)
    if row is None:
        return Text(
            f"{level.label} không ban hành văn bản này theo {regulation}.",
            f"The {level.value} does not issue this document under {regulation}.",
        )
    key = f" {re.sub(r'[^a-z0-9]+', ' ', search_key(typed))} "
    for_body, is_deputy, stands_in = " tm " in key, " pho " in key, " kt " in key
    head = _HEADS[level]
    if row.office_holder and for_body:
        return Text(
            f"“{typed}”: {head} ký với tư cách chức danh, không ghi TM. ({row.source}).",
            f"“{typed}”: the office-holder signs, so TM. (for a collective) is wrong ({row.source}).",
        )
    if is_deputy and not stands_in:
        return Text(
            f"“{typed}”: cấp phó ký thay thì ghi KT. trước chức vụ cấp trưởng (NĐ 30/2020/NĐ-CP, Điều 13).",
            f"“{typed}”: a deputy who signs writes KT. before the head's title (NĐ 30/2020/NĐ-CP, Điều 13).",
        )
    if document in _DECISIONS and (" tl " in key or " tuq " in key):
        return Text(
            f"“{typed}”: văn bản này không ký thừa lệnh hay thừa ủy quyền ({row.source}).",
            f"“{typed}”: this document is not signed by order or by a power of attorney ({row.source}).",
        )
    other = _other_level(key, level)
    if other is not None:
        return Text(
            f"“{typed}” là người ký {other.label}; văn bản này của {level.label} ({row.source}).",
            f"“{typed}” signs for the {other.value}; this document is the {level.value}'s ({row.source}).",
        )
    return None


#: of whose power to decide nothing is handed on
_DECISIONS: Final = (SignedDocument.RECOGNITION, SignedDocument.REVOCATION, SignedDocument.APPROVAL)
_HEADS: Final = {
    Level.COMMUNE: "Chủ tịch UBND cấp xã",
    Level.DISTRICT: "Chủ tịch UBND cấp huyện",
    Level.PROVINCE: "Chủ tịch UBND cấp tỉnh",
    Level.CENTRAL: "Bộ trưởng",
}
#: by which words a signer says of which level he is
_LEVEL_WORDS: Final = {
    Level.COMMUNE: ("ubnd xa", "ubnd phuong", "uy ban nhan dan xa", "uy ban nhan dan phuong"),
    Level.DISTRICT: (
        "ubnd huyen",
        "ubnd thi xa",
        "ubnd quan",
        "uy ban nhan dan huyen",
        "uy ban nhan dan thi xa",
        "uy ban nhan dan quan",
    ),
    Level.PROVINCE: ("ubnd tinh", "uy ban nhan dan tinh"),
    Level.CENTRAL: ("bo truong", "thu truong bo"),
}


def _other_level(key: str, level: Level) -> Level | None:
    named = [one for one, words in _LEVEL_WORDS.items() if any(f" {word} " in key for word in words)]
    return named[0] if named and level not in named else None
