"""What documents of a session have alike: heads, grounds, tables of results, what a product lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.paper.pieces import (
    BLANK,
    SHORT_BLANK,
    Column,
    Grid,
    Head,
    LineRole,
    Side,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.words import long_day, many, numbered, place_and_day, plain_name, within
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.regulations.rubrics.entries import titles_of, total_so_far
from ocop_workflow.regulations.rubrics.views import cut, exact
from ocop_workflow.regulations.signers import SignedDocument, Signing, signing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord
    from ocop_workflow.regulations import Regulation

_CERTIFIED: Final = (5, 4, 3)


def signing(record: SessionOnRecord, document: SignedDocument, on: date | None = None) -> Signing:
    """Return who signs a document; blanks where the table knows nothing of this level and regulation."""
    found = signing_of(document, record.level, record.regulation.id, record.naming(on))
    return found or Signing(
        superior=(),
        body=(record.unit.office.upper(),),
        authority=(),
        signs=(BLANK,),
        beside=(),
        symbol=SHORT_BLANK,
        source="",
        uncertain=True,
    )


def head(
    record: SessionOnRecord,
    who: Signing,
    *,
    number: str | None = None,
    day: date | None = None,
    regarding: str = "",
    has_day: bool = True,
) -> Head:
    """Return the head of a document; number and day are blanks where they are not known."""
    year = day.year if day else record.year
    return Head(
        superior=who.superior,
        body=who.body,
        number=numbered(number, who.symbol),
        place_and_day=place_and_day(record.unit.name, day, year) if has_day else None,
        regarding=regarding,
    )


def signature(lines: Sequence[str], member: MemberRecord | None = None, hint: str = "") -> SignatureBlock:
    """Return a place to sign, with the name where it is known who does."""
    return SignatureBlock(tuple(lines), plain_name(member.name, member.position) if member else "", hint)


# -- grounds -----------------------------------------------------------------------------------------


def regulation_in_words(regulation: Regulation) -> str:
    """Return how a document cites a regulation."""
    return (
        f"Quyết định số {regulation.number} {long_day(regulation.issued)} của Thủ tướng Chính phủ về "
        f"{regulation.title}"
    )


def council_in_words(record: SessionOnRecord) -> str:
    """Return how a document cites the decision that founded the council."""
    council = record.council
    day = long_day(council.decided_on)
    return f"Quyết định số {council.decision_number} {day} về việc thành lập {council.name}"


def grounds(record: SessionOnRecord, *more: str, with_law: bool = False) -> tuple[TextLine, ...]:
    """Return the grounds of a document: each ends with a semicolon, the last with a full stop."""
    said = [f"Căn cứ Luật Tổ chức chính quyền địa phương {long_day(None)}"] if with_law else []
    packs = {item.listed.regulation for item in record.products} or {record.regulation.id}
    said += [f"Căn cứ {regulation_in_words(load_regulation(name))}" for name in sorted(packs)]
    said.append(f"Căn cứ {council_in_words(record)}")
    if record.rules.source != CouncilRules().source:
        said.append(f"Căn cứ {record.rules.source}")
    said += more
    return tuple(
        TextLine(f"{one}{'.' if place == len(said) else ';'}", LineRole.GROUND)
        for place, one in enumerate(said, start=1)
    )


# -- products and results ----------------------------------------------------------------------------


def stars_in_words(items: Iterable[ProductOnRecord]) -> str:
    """Count products by star: "01 sản phẩm 4 sao, 02 sản phẩm 3 sao"."""
    stars = [item.star for item in items]
    return ", ".join(f"{many(stars.count(star))} sản phẩm {star} sao" for star in _CERTIFIED if star in stars)


def mean_in_words(item: ProductOnRecord) -> str:
    """Return a mean with two decimals, cut; a blank where there is no result."""
    return cut(item.outcome.mean) if item.outcome else BLANK


def session_in_words(record: SessionOnRecord) -> str:
    """Return how a sentence calls the session: its name and day."""
    return f"{record.session.name} ({long_day(record.session.held_on)})"


def grade_in_words(item: ProductOnRecord) -> str:
    """Return what a result comes to, in a few words."""
    outcome = item.outcome
    if outcome is None:
        return "chưa có kết quả"
    if outcome.out:
        return "bị loại"
    return f"{outcome.star} sao" if outcome.star else "không đạt hạng sao"


def lacking(item: ProductOnRecord) -> tuple[str, ...]:
    """Say which gate or band a product missed, and what would be needed for the star that comes next."""
    if item.outcome is None:
        return ()
    return (*_missed(item), *_needed(item))


def _missed(item: ProductOnRecord) -> Iterator[str]:
    outcome = item.outcome
    if outcome is None:
        return
    regulation = load_regulation(item.listed.regulation)
    titles = titles_of(item.listed.sheet)
    if outcome.out:
        for ground in outcome.out:
            where = (
                "điều kiện loại của phiếu"
                if ground.where == "set"
                else titles.get(ground.where, ground.where)
            )
            yield f"Bị loại theo {where}: {ground.reason}"
        return
    lowest = next(band for band in regulation.stars if band.owner)
    if outcome.mean < lowest.lowest:
        yield (f"Điểm trung bình {mean_in_words(item)}: hạng {lowest.star} sao cần từ {lowest.lowest} điểm")
    star = _held_from(item)
    gates = [
        f"{titles.get(gate.criterion, gate.criterion)} (đạt {gate.have} điểm, cần {gate.need} điểm)"
        for gate in (outcome.missed.get(star, ()) if star else ())
    ]
    if gates:
        yield f"Chưa đạt điều kiện tối thiểu của hạng {star} sao: {'; '.join(gates)}"


def _held_from(item: ProductOnRecord) -> int | None:
    """Return the star that the points would give, and the gates do not; none: nothing is held back."""
    outcome = item.outcome
    if outcome is None or outcome.out or outcome.star == outcome.band:
        return None
    lowest = next(band for band in load_regulation(item.listed.regulation).stars if band.owner)
    return max((outcome.star or 0) + 1, lowest.star)


def _needed(item: ProductOnRecord) -> Iterator[str]:
    way = item.found.result.way if item.found.result else None
    if way is None:
        return
    titles = titles_of(item.listed.sheet)
    told = _held_from(item) == way.star  # its gates, and what each of them needs, were just named
    gates = (
        []
        if told
        else [f"{titles.get(one.criterion, one.criterion)} (cần {one.need} điểm)" for one in way.missed]
    )
    short = (
        [f"thêm {exact(way.points_short)} điểm trong tổng số điểm của các phiếu"] if way.points_short else []
    )
    if gates or short:
        yield f"Để đạt hạng {way.star} sao cần: {'; '.join([*short, *gates])}"


RESULT_TITLE: Final = "BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP"


def seat_in_words(member: MemberRecord) -> str:
    """Return how a column calls a member: by the body that somebody sits there for."""
    return member.position or plain_name(member.name, member.position)


def result_columns(record: SessionOnRecord) -> tuple[Column, ...]:
    """Return the columns of a table of results: one for each member, the mean, the star proposed."""
    return (
        Column("TT", 4, Side.CENTRE),
        Column("Mã", 10),
        Column("Sản phẩm", 14),
        Column("Chủ thể", 14),
        Column("Địa phương", 9),
        *(Column(seat_in_words(member), 8, Side.CENTRE) for member in counted(record)),
        Column("Điểm trung bình", 8, Side.CENTRE),
        *(Column(f"{star} sao", 5, Side.CENTRE) for star in _CERTIFIED),
    )


def counted(record: SessionOnRecord) -> tuple[MemberRecord, ...]:
    """Return the members whose sheets may count; in writing the secretary, who fills in the agency's."""
    if not record.is_written:
        return record.scorers
    signed = {sheet.member.id for item in record.products for sheet in item.found.sheets}
    return tuple(member for member in record.members if member.id in signed)


def result_rows(record: SessionOnRecord) -> list[tuple[str | int, ...]]:
    """Return the rows of a table of results; what nobody may read yet is a blank."""
    return [_result_row(record, place, item) for place, item in enumerate(record.there, start=1)]


def _result_row(record: SessionOnRecord, place: int, item: ProductOnRecord) -> tuple[str | int, ...]:
    conflict = {one.member_id for one in record.conflicts if one.scored_id == item.listed.id}
    totals = {sheet.member.id: total_so_far(item.listed.sheet, sheet.said) for sheet in item.found.sheets}
    points: list[str | int] = []
    for member in counted(record):
        if member.id in totals:
            points.append(exact(totals[member.id]))
        else:
            points.append("XĐ" if member.id in conflict else "-" if totals else "")
    return (
        place,
        item.listed.code,
        item.listed.product,
        item.producer,
        item.commune,
        *points,
        mean_in_words(item) if item.outcome else "",
        *("x" if item.outcome and item.outcome.star == star else "" for star in _CERTIFIED),
    )


RESULT_NOTE: Final = (
    "XĐ: thành viên đã khai xung đột lợi ích, không chấm; “-”: không có phiếu hợp lệ; ô trống: chưa đóng "
    "chấm. Điểm trung bình ghi hai chữ số thập phân, không làm tròn lên; hạng sao tính theo điểm đầy đủ."
)


def result_grid(record: SessionOnRecord) -> Grid:
    """Return the table of results as a document has it."""
    rows = tuple(tuple(str(value) for value in line) for line in result_rows(record))
    return Grid(result_columns(record), rows)


def list_grid(items: Sequence[ProductOnRecord], *, with_points: bool = False) -> Grid:
    """Return a plain list of products."""
    columns = [
        Column("TT", 5, Side.CENTRE),
        Column("Mã", 14),  # a code on one line
        Column("Sản phẩm", 23),
        Column("Chủ thể", 23),
        Column("Địa phương", 15),
    ]
    if with_points:
        columns += [Column("Điểm", 8, Side.CENTRE), Column("Hạng đề nghị", 10, Side.CENTRE)]
    rows = []
    for place, item in enumerate(items, start=1):
        line = [str(place), item.listed.code, item.listed.product, item.producer, item.commune]
        if with_points:
            line += [mean_in_words(item), grade_in_words(item)]
        rows.append(tuple(line))
    return Grid(tuple(columns), tuple(rows))


def leadership(record: SessionOnRecord) -> str:
    """Return whom the council and its agency report to."""
    return f"Chủ tịch Ủy ban nhân dân {within(record.unit.name)}"
