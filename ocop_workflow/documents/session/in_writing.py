"""Opinions in writing: the letter that asks for them, the form of an answer, the minutes of what came back.

No meeting is held (QĐ 26/2026/QĐ-TTg, khoản 6 Điều 7): the agency fills in one sheet for each product and
proposes a result, the members answer by a day, and whoever disagrees says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.paper.pieces import (
    BLANK,
    SHORT_BLANK,
    AttachedAnnex,
    Column,
    Grid,
    LineRole,
    OfficialDocument,
    PrintedSheet,
    Side,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.record import Fate
from ocop_workflow.documents.session.common import (
    council_in_words,
    grade_in_words,
    grounds,
    head,
    lacking,
    list_grid,
    mean_in_words,
    regulation_in_words,
    signature,
    signing,
)
from ocop_workflow.documents.session.invitation import invitation
from ocop_workflow.documents.session.minutes import (
    conclusion,
    conflicts_in_words,
    minutes,
    named_with_duty,
    result_annex,
)
from ocop_workflow.documents.session.words import (
    bare,
    hour_of,
    long_day,
    many,
    place_of,
    plain_name,
    short_day,
    within,
)
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics.entries import total_so_far
from ocop_workflow.regulations.rubrics.views import cut, exact
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.councils.attendance_queries import OpinionRecord
    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord

_BOX: Final = "☐"


def calling_together(record: SessionOnRecord) -> OfficialDocument:
    """Draft what goes to the members: the invitation to a meeting, or the letter that asks in writing."""
    return asking(record) if record.is_written else invitation(record)


def minutes_of(record: SessionOnRecord) -> OfficialDocument:
    """Draft the minutes: of a meeting, or of opinions in writing."""
    return minutes_in_writing(record) if record.is_written else minutes(record)


# -- asking ------------------------------------------------------------------------------------------


def asking(record: SessionOnRecord) -> OfficialDocument:
    """Draft the letter that asks the members in writing: what is proposed, how to answer, by which day."""
    session = record.session
    who = signing(record, SignedDocument.OPINION_LETTER)
    sent = f"hồ sơ gửi thành viên ngày {short_day(session.sent_on)}"
    where = f", xem tại {record.base}/sessions/{session.id}" if record.base else ""
    blocks = (
        TextLine(
            f"Thực hiện {regulation_in_words(record.regulation)}; {council_in_words(record)}, "
            "Hội đồng lấy ý kiến thành viên bằng văn bản, không họp, về kết quả đánh giá, phân "
            f"hạng {many(len(record.there))} sản phẩm của {session.name} (danh mục tại Phụ lục)."
        ),
        TextLine(
            f"{record.unit.office} chấm một phiếu cho mỗi sản phẩm và đề xuất kết quả{where}; {sent}.",
            LineRole.BODY,
            "1. Kết quả đề xuất, hồ sơ:",
        ),
        TextLine(
            "đồng ý hoặc không đồng ý với từng sản phẩm, theo phiếu lấy ý kiến; không đồng ý thì nêu lý do.",
            LineRole.BODY,
            "2. Cách trả lời:",
        ),
        TextLine(f"hết {long_day(session.held_on)}.", LineRole.BODY, "3. Hạn trả lời:"),
        TextLine(
            "có thành viên không đồng ý hoặc không trả lời về sản phẩm nào thì Hội đồng họp về sản phẩm ấy.",
            LineRole.BODY,
            "4. Khi ý kiến khác nhau:",
        ),
        TextLine(
            "Thành viên có xung đột lợi ích với chủ thể hoặc sản phẩm nào thì báo thư ký trước khi trả lời. "
            "Đề nghị các thành viên trả lời đúng hạn"
        ),
    )
    return OfficialDocument(
        title=f"Công văn lấy ý kiến bằng văn bản, {session.name}",
        made_on=session.held_on,
        head=head(record, who, regarding="lấy ý kiến bằng văn bản về đánh giá, phân hạng sản phẩm OCOP"),
        kind="",
        abstract="",
        addressed=(f"Các thành viên {record.council.name}",),
        blocks=blocks,
        signatures=(signature(who.signs, record.with_duty(CouncilDuty.CHAIR)),),
        recipients=("Như trên", record.unit.office, "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH MỤC SẢN PHẨM LẤY Ý KIẾN",
                f"Kèm theo Công văn số {SHORT_BLANK}/{who.symbol} {long_day(None, record.year)} của "
                f"{record.council.name}",
                (list_grid(record.there),),
            ),
        ),
    )


def answer_form(record: SessionOnRecord, item: ProductOnRecord, member: MemberRecord) -> PrintedSheet:
    """Print the form on which a member answers what the agency proposes for a product."""
    proposed = _proposed(item) or f"{SHORT_BLANK} điểm, hạng {SHORT_BLANK}"
    name = plain_name(member.name, member.position)
    grid = Grid(
        (Column("Ý kiến của thành viên", 130), Column("Chọn", 32, Side.CENTRE)),
        (
            ("Đồng ý với kết quả cơ quan đề xuất", _BOX),
            (f"Không đồng ý; lý do: {BLANK * 4}", _BOX),
        ),
    )
    return PrintedSheet(
        heading=("PHIẾU LẤY Ý KIẾN BẰNG VĂN BẢN", "Đánh giá, phân hạng sản phẩm OCOP"),
        facts=(
            ("Phiên", f"{record.session.name}, {record.council.name}"),
            ("Tên sản phẩm", item.listed.product),
            ("Mã số sản phẩm", item.dossier.official_code or item.listed.code),
            ("Tên chủ thể", item.producer),
            ("Địa chỉ", f"{within(item.commune)}, {within(record.unit.name)}"),
            ("Thành viên được lấy ý kiến", f"{name}, {member.position}"),
            ("Cơ quan đề xuất", proposed),
            ("Hạn trả lời", f"hết {long_day(record.session.held_on)}"),
        ),
        blocks=(grid,),
        opinion=BLANK * 6,
        place_and_day=f"{place_of(record.unit.name)}, {long_day(None, record.year)}",
        signature=SignatureBlock(("THÀNH VIÊN HỘI ĐỒNG",), name, "Ký, ghi rõ họ tên"),
        qr=None,
    )


# -- what came back ----------------------------------------------------------------------------------


def minutes_in_writing(record: SessionOnRecord) -> OfficialDocument:
    """Draft the minutes of opinions in writing: who was asked by which day, what was proposed, who agreed."""
    session = record.session
    who = signing(record, SignedDocument.MINUTES)
    chair, secretary = record.with_duty(CouncilDuty.CHAIR), record.with_duty(CouncilDuty.SECRETARY)
    ended = hour_of(session.closed_at, record.zone)
    last = session.closed_at.astimezone(record.zone).date() if session.closed_at else None
    asked = tuple(one for one in record.scorers if one.id in record.present)
    blocks = (
        *grounds(record),
        TextLine(f"{short_day(session.sent_on)}.", LineRole.BODY, "Ngày gửi hồ sơ, phiếu lấy ý kiến:"),
        TextLine(f"hết {long_day(session.held_on)}.", LineRole.BODY, "Hạn trả lời:"),
        TextLine("I. THÀNH PHẦN", LineRole.PART),
        TextLine(f"{many(len(asked))} thành viên, gồm:", LineRole.BODY, "Được lấy ý kiến:"),
        *(TextLine(f"- {named_with_duty(one)};", LineRole.ITEM) for one in asked),
        TextLine(f"{named_with_duty(chair)}.", LineRole.BODY, "Chủ trì:"),
        TextLine(f"{named_with_duty(secretary)}.", LineRole.BODY, "Thư ký, tổng hợp ý kiến:"),
        TextLine("II. NỘI DUNG", LineRole.PART),
        TextLine(
            f"Hội đồng cho ý kiến về kết quả đánh giá, phân hạng {many(len(record.there))} sản phẩm theo "
            "danh sách tại Phụ lục.",
            LineRole.BODY,
            "1. Sản phẩm.",
        ),
        TextLine(conflicts_in_words(record), LineRole.BODY, "2. Xung đột lợi ích."),
        TextLine(
            f"Hội đồng không họp. {record.unit.office} chấm một phiếu cho mỗi sản phẩm và đề xuất kết quả; "
            "từng thành viên trả lời bằng văn bản.",
            LineRole.BODY,
            "3. Cách lấy ý kiến.",
        ),
        *(line for item in record.products for line in _product(record, item)),
        TextLine("III. KẾT LUẬN", LineRole.PART),
        *conclusion(record),
        TextLine(f"Việc lấy ý kiến kết thúc lúc {ended}, {long_day(last, record.year)}"),
    )
    return OfficialDocument(
        title=f"Biên bản lấy ý kiến bằng văn bản, {session.name}",
        made_on=session.held_on,
        head=head(record, who, has_day=False),
        kind="BIÊN BẢN",
        abstract=f"Lấy ý kiến bằng văn bản về đánh giá, phân hạng sản phẩm OCOP, {session.name}",
        blocks=blocks,
        signatures=(
            signature(who.signs, secretary, "Chữ ký"),
            signature(who.beside, chair, "Chữ ký, dấu của cơ quan (nếu có)"),
        ),
        recipients=("Thành viên Hội đồng", record.unit.office, "Lưu: VT, Hồ sơ"),
        annexes=(result_annex(record, "Kèm theo Biên bản lấy ý kiến, hạn trả lời"),),
    )


def _proposed(item: ProductOnRecord) -> str:
    """Return what the agency proposes; empty while its sheet is not signed."""
    result = item.found.result
    if result is not None:
        outcome = result.outcome
        grade = "bị loại" if outcome.out else f"{outcome.star} sao" if outcome.star else "không đạt hạng sao"
        return f"{cut(outcome.mean)} điểm, {grade}"
    if not item.found.sheets:
        return ""
    return f"{exact(total_so_far(item.listed.sheet, item.found.sheets[0].said))} điểm"


def _product(record: SessionOnRecord, item: ProductOnRecord) -> Iterator[TextLine]:
    listed = item.listed
    lead = f"{listed.product} ({listed.code}),"
    whose = f"chủ thể {item.producer}, {within(item.commune)}."
    if item.fate is Fate.OUT:
        said = f"{whose} Rút khỏi phiên, không có kết quả: {bare(listed.out_because or BLANK)}."
        yield TextLine(said, LineRole.BODY, lead)
        return
    yield TextLine(whose, LineRole.BODY, lead)
    if listed.advice:
        yield TextLine(f"- Ý kiến Tổ tư vấn: {bare(listed.advice)};", LineRole.ITEM)
    proposed = _proposed(item)
    if not proposed:
        yield TextLine("- Cơ quan đề xuất: chưa có phiếu đã ký;", LineRole.ITEM)
        return
    yield TextLine(f"- Cơ quan đề xuất: {proposed};", LineRole.ITEM)
    yield from _answers(record, item)
    if item.outcome is None:
        over = item.found.result is not None
        yield TextLine(f"- Kết quả: {'chưa có, chuyển sang họp' if over else 'chưa có'};", LineRole.ITEM)
        return
    yield TextLine(f"- Kết quả: {mean_in_words(item)} điểm, {grade_in_words(item)};", LineRole.ITEM)
    for said in lacking(item):
        yield TextLine(f"- {said};", LineRole.ITEM)


def _answers(record: SessionOnRecord, item: ProductOnRecord) -> Iterator[TextLine]:
    said = {one.member_id: one for one in record.opinions if one.scored_id == item.listed.id}
    asked = record.asked(item)
    agree = [one for one in asked if one.id in said and said[one.id].agrees]
    against = [one for one in asked if one.id in said and not said[one.id].agrees]
    silent = [one for one in asked if one.id not in said]
    yield TextLine(f"- Đồng ý: {many(len(agree))} trên {many(len(asked))} thành viên;", LineRole.ITEM)
    for one in against:
        yield TextLine(f"- Không đồng ý: {_name(one)}; lý do: {_reason(said[one.id])};", LineRole.ITEM)
    if silent:
        yield TextLine(f"- Không trả lời: {_names(silent)};", LineRole.ITEM)


def _reason(opinion: OpinionRecord) -> str:
    return bare(opinion.reason or BLANK)


def _name(member: MemberRecord) -> str:
    return plain_name(member.name, member.position)


def _names(members: Sequence[MemberRecord]) -> str:
    return ", ".join(_name(one) for one in members)
