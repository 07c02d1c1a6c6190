"""Score sheets on paper: blank ones for each member, and the signed ones of a product that is closed.

What is printed is the sheet of QĐ 26/2026/QĐ-TTg, Phụ lục II (or the parts of a regulation whose sheets are
not at hand); its quotations are exact. A picture leads to where a sheet on paper is typed in, or is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.documents.paper.pieces import (
    BLANK,
    Column,
    Grid,
    LineRole,
    PrintedSheet,
    QrPicture,
    SheetBundle,
    Side,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.in_writing import answer_form
from ocop_workflow.documents.session.words import long_day, place_of, plain_name, within
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.regulations.rubrics.entries import OPINION, total_so_far
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from ocop_workflow.regulations.rubrics.views import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.councils.scoring.results import ReadSheet
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Option

_BOX: Final = "☐"
_TICKED: Final = "☒"


def blank_sheets(record: SessionOnRecord, item: ProductOnRecord) -> SheetBundle:
    """Print a product's blank sheets, one for each member who is to score it.

    In writing: the agency's sheet, and for each member who is asked the form of an answer.
    """
    asked = record.asked(item)
    if record.is_written:
        agency = [one for one in record.members if one.duty is CouncilDuty.SECRETARY]
        sheets = [_blank(record, item, one) for one in agency[:1]]
        sheets += [answer_form(record, item, one) for one in asked]
    else:
        sheets = [_blank(record, item, one) for one in asked]
    return SheetBundle(f"Phiếu chấm {item.listed.code}", record.session.held_on, tuple(sheets))


def filled_sheets(record: SessionOnRecord, item: ProductOnRecord) -> SheetBundle:
    """Print a product's signed sheets, those that count first; none can be read before scoring is closed."""
    return SheetBundle(
        f"Phiếu chấm đã ký {item.listed.code}",
        record.session.held_on,
        tuple(_filled(record, item, sheet) for sheet in (*item.found.sheets, *item.found.apart)),
    )


def _blank(record: SessionOnRecord, item: ProductOnRecord, member: MemberRecord) -> PrintedSheet:
    path = f"/sessions/{record.session.id}/products/{item.listed.code}/paper/{member.id}"
    return PrintedSheet(
        heading=_heading(item),
        facts=(
            *_facts(record, item),
            ("Người đánh giá", f"{plain_name(member.name, member.position)}, {member.position}"),
        ),
        blocks=_blocks(item, None),
        opinion=BLANK * 6,
        place_and_day=f"{place_of(record.unit.name)}, {long_day(None, record.year)}",
        signature=SignatureBlock(
            ("NGƯỜI ĐÁNH GIÁ",), plain_name(member.name, member.position), "Ký, ghi rõ họ tên"
        ),
        qr=_qr(record, path, "Nhập phiếu giấy"),
    )


def _filled(record: SessionOnRecord, item: ProductOnRecord, sheet: ReadSheet) -> PrintedSheet:
    member, signed = sheet.member, sheet.record
    path = f"/sessions/{record.session.id}/products/{item.listed.code}"
    at = signed.signed_at.astimezone(record.zone) if signed.signed_at else None
    how = signed.signed_by.text.vi if signed.signed_by else BLANK
    counts = "" if sheet in item.found.sheets else "; phiếu không tính vào kết quả"
    seal = f"{how} lúc {at:%H:%M ngày %d/%m/%Y}" if at else how
    return PrintedSheet(
        heading=_heading(item),
        facts=(
            *_facts(record, item),
            ("Người đánh giá", f"{plain_name(member.name, member.position)}, {member.position}"),
            ("Lần chấm", f"{signed.round}{counts}"),
            ("Chữ ký", f"{seal}; dấu kiểm SHA-256 {signed.sha256 or BLANK}"),
        ),
        blocks=_blocks(item, sheet.said),
        opinion=str(sheet.said.get(OPINION) or "không"),
        place_and_day=f"{place_of(record.unit.name)}, {long_day(at.date() if at else None, record.year)}",
        signature=SignatureBlock(("NGƯỜI ĐÁNH GIÁ",), plain_name(member.name, member.position), f"Đã {how}"),
        qr=_qr(record, path, "Xem kết quả"),
    )


def _qr(record: SessionOnRecord, path: str, caption: str) -> QrPicture | None:
    """Return a picture that leads to a page of the console; none where that has no address elsewhere."""
    return QrPicture(f"{record.base}{path}", caption) if record.base else None


def _heading(item: ProductOnRecord) -> tuple[str, ...]:
    name = item.listed.sheet
    if name.isdecimal():
        return (
            "PHIẾU ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
            f"Bộ sản phẩm: {load_rubric(int(name)).name_in_heading}",
        )
    return ("PHIẾU ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP", f"Chấm theo phần, QĐ {load_regulation(name).number}")


def _facts(record: SessionOnRecord, item: ProductOnRecord) -> tuple[tuple[str, str], ...]:
    """Return the head of Phụ lục II; telephone and house are contact values and stay for the pen."""
    return (
        ("Phiên", f"{record.session.name}, {record.council.name}"),
        ("Tên sản phẩm", item.listed.product),
        ("Mã số sản phẩm", item.dossier.official_code or item.listed.code),
        ("Tên chủ thể", item.producer),
        ("Điện thoại", BLANK),
        ("Địa chỉ", f"{within(item.commune)}, {within(record.unit.name)}"),
    )


def _blocks(item: ProductOnRecord, said: Mapping[str, Any] | None) -> tuple[TextLine | Grid, ...]:
    name = item.listed.sheet
    if not name.isdecimal():
        return (_by_parts(name, said),)
    rubric = load_rubric(int(name))
    total = str(exact(total_so_far(name, said))) if said is not None else ""
    rows: list[tuple[str, ...]] = []
    for part in rubric.parts:
        rows.append((part.heading_printed,))
        for one in part.items:
            if not (len(one.criteria) == 1 and one.criteria[0].is_item):
                rows.append((f"{one.id} {one.title} ({one.max} điểm)",))
            rows += [(note.text, "", "") for note in one.notes]
            for criterion in one.criteria:
                rows += _criterion(criterion, said)
    rows.append(("TỔNG ĐIỂM", "100", total))
    lines: list[TextLine | Grid] = []
    if rubric.knockout_line:
        ground = _said(said, "knockouts.set")
        mark = _TICKED if ground else _BOX
        reason = f" Lý do: {ground or BLANK}" if ground or said is None else ""
        lines.append(TextLine(f"{mark} {rubric.knockout_line}{reason}", LineRole.SMALL))
    lines.append(
        Grid(
            (Column("Tiêu chí", 130), Column("Điểm", 16, Side.CENTRE), Column("Chọn", 16, Side.CENTRE)),
            tuple(rows),
        )
    )
    if rubric.star_footnote:
        lines.append(TextLine(rubric.star_footnote, LineRole.SMALL))
    return tuple(lines)


def _said(said: Mapping[str, Any] | None, place: str) -> Any:  # noqa: ANN401 - whatever an entry says
    return said.get(place) if said is not None else None


def _criterion(criterion: Criterion, said: Mapping[str, Any] | None) -> Iterator[tuple[str, ...]]:
    place = f"choices.{criterion.id}"
    chosen = _said(said, place)
    yield (f"{criterion.id} {criterion.title} ({criterion.max} điểm)",)
    for note in criterion.notes:
        yield (note.text, "", "")
    if criterion.kind is CriterionKind.YES_NO:
        yield ("Có", str(criterion.yes_points or 0), _tick(chosen is True))
        yield ("Không", str(criterion.no_points or 0), _tick(chosen is False))
    elif criterion.branches:
        for branch in criterion.branches:
            yield (branch.label, "", "")
            own = (
                chosen.get("option") if isinstance(chosen, dict) and chosen.get("branch") == branch.id else 0
            )
            yield from _options(branch.options, own)
    else:
        yield from _options(criterion.options, chosen)
    is_answered = said is not None and place in said
    yield ("Không mức nào phù hợp", "0", _tick(is_answered and chosen is None))
    for kind, words in (("stops", "Dừng chấm"), ("knockouts", "Loại"), ("excluded", "Không thuộc diện chấm")):
        reason = _said(said, f"{kind}.{criterion.id}")
        if reason:
            yield (f"{words}: {reason}" if isinstance(reason, str) else words, "", _TICKED)


def _options(options: Sequence[Option], chosen: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - an entry
    for number, option in enumerate(options, start=1):
        stars = f" ({option.stars_printed or f'{option.min_star} sao'})" if option.min_star else ""
        yield (f"{option.label}{stars}", str(option.points), _tick(chosen == number and chosen is not True))
        for note in option.notes:
            yield (note.text, "", "")


def _tick(is_chosen: bool) -> str:  # noqa: FBT001 - the one thing that a box says
    return _TICKED if is_chosen else _BOX


def _by_parts(name: str, said: Mapping[str, Any] | None) -> Grid:
    rows = [
        (f"Phần {part.id}", str(part.max), str(_said(said, f"parts.{part.id}") or ""))
        for part in load_regulation(name).parts
    ]
    total = str(exact(total_so_far(name, said))) if said is not None else ""
    return Grid(
        (Column("Phần", 100), Column("Điểm tối đa", 30, Side.CENTRE), Column("Điểm chấm", 30, Side.CENTRE)),
        (*rows, ("TỔNG ĐIỂM", str(sum(part.max for part in load_regulation(name).parts)), total)),
    )
