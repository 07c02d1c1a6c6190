"""The minutes of a meeting (biên bản, NĐ 30/2020/NĐ-CP, Phụ lục III mẫu 1.9) and its table of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.councils.scoring.results import is_apart
from ocop_workflow.documents.paper.pieces import (
    BLANK,
    SHORT_BLANK,
    AttachedAnnex,
    LineRole,
    OfficialDocument,
    TextLine,
)
from ocop_workflow.documents.record import Fate
from ocop_workflow.documents.session.common import (
    RESULT_NOTE,
    RESULT_TITLE,
    grade_in_words,
    grounds,
    head,
    lacking,
    mean_in_words,
    result_grid,
    signature,
    signing,
    stars_in_words,
)
from ocop_workflow.documents.session.words import bare, hour_of, long_day, many, plain_name, within
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics.entries import total_so_far
from ocop_workflow.regulations.rubrics.views import exact
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord


def minutes(record: SessionOnRecord) -> OfficialDocument:
    """Draft the minutes: who was there, what was said of each product, what came out, how it ended."""
    session = record.session
    who = signing(record, SignedDocument.MINUTES)
    chair, secretary = record.with_duty(CouncilDuty.CHAIR), record.with_duty(CouncilDuty.SECRETARY)
    begun = hour_of(session.opened_at, record.zone)
    ended = hour_of(session.closed_at, record.zone)
    last = session.closed_at.astimezone(record.zone).date() if session.closed_at else None
    blocks = (
        *grounds(record),
        TextLine(f"{begun}, {long_day(session.held_on)}.", LineRole.BODY, "Thời gian bắt đầu:"),
        TextLine(f"{session.place or BLANK}.", LineRole.BODY, "Địa điểm:"),
        TextLine("I. THÀNH PHẦN", LineRole.PART),
        *_attendance(record),
        TextLine(f"{named_with_duty(chair)}.", LineRole.BODY, "Chủ trì:"),
        TextLine(f"{named_with_duty(secretary)}.", LineRole.BODY, "Thư ký:"),
        TextLine(f"{BLANK}.", LineRole.BODY, "Khách mời, đại diện chủ thể:"),
        TextLine("II. NỘI DUNG", LineRole.PART),
        TextLine(
            f"Hội đồng đánh giá, phân hạng {many(len(record.there))} sản phẩm theo danh sách tại Phụ lục.",
            LineRole.BODY,
            "1. Sản phẩm.",
        ),
        TextLine(conflicts_in_words(record), LineRole.BODY, "2. Xung đột lợi ích."),
        TextLine(
            "Thành viên chấm điểm độc lập; đến khi đóng chấm một sản phẩm, phiếu của ai chỉ người ấy xem "
            "được.",
            LineRole.BODY,
            "3. Trình bày, thảo luận, chấm điểm.",
        ),
        *(line for item in record.products for line in _product(record, item)),
        TextLine("III. KẾT LUẬN", LineRole.PART),
        *conclusion(record),
        TextLine(f"Phiên họp kết thúc lúc {ended}, {long_day(last, record.year)}"),
    )
    return OfficialDocument(
        title=f"Biên bản {session.name}",
        made_on=session.held_on,
        head=head(record, who, has_day=False),
        kind="BIÊN BẢN",
        abstract=f"Họp đánh giá, phân hạng sản phẩm OCOP, {session.name}",
        blocks=blocks,
        signatures=(
            signature(who.signs, secretary, "Chữ ký"),
            signature(who.beside, chair, "Chữ ký, dấu của cơ quan (nếu có)"),
        ),
        recipients=("Thành viên Hội đồng", record.unit.office, "Lưu: VT, Hồ sơ"),
        annexes=(result_annex(record, "Kèm theo Biên bản"),),
    )


def result_annex(record: SessionOnRecord, reference: str) -> AttachedAnnex:
    """Return the table of results, on its side; `reference`: to which document it belongs."""
    return AttachedAnnex(
        "Phụ lục",
        f"{RESULT_TITLE}\n{record.session.name.upper()}",
        f"{reference} {long_day(record.session.held_on)} của {record.council.name}",
        (result_grid(record), TextLine(RESULT_NOTE, LineRole.SMALL)),
        on_its_side=True,
    )


def results_alone(record: SessionOnRecord) -> OfficialDocument:
    """Return the table of results as a document of its own, to be signed by secretary and chair."""
    who = signing(record, SignedDocument.MINUTES)
    chair, secretary = record.with_duty(CouncilDuty.CHAIR), record.with_duty(CouncilDuty.SECRETARY)
    return OfficialDocument(
        title=f"Bảng tổng hợp kết quả {record.session.name}",
        made_on=record.session.held_on,
        head=None,
        kind="",
        abstract="",
        blocks=(),
        signatures=(),
        recipients=(),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                f"{RESULT_TITLE}\n{record.session.name.upper()}",
                f"Kèm theo Biên bản {long_day(record.session.held_on)} của {record.council.name}",
                (result_grid(record), TextLine(RESULT_NOTE, LineRole.SMALL)),
                on_its_side=True,
                signatures=(signature(who.signs, secretary), signature(who.beside, chair)),
            ),
        ),
    )


def named_with_duty(member: MemberRecord | None) -> str:
    """Name a member with the body and the duty in the council; a blank where there is none."""
    if member is None:
        return BLANK
    said = f"{plain_name(member.name, member.position)}, {member.position}"
    duty = member.duty.text.vi
    return said if duty.casefold() in member.position.casefold() else f"{said}, {duty}"


def _attendance(record: SessionOnRecord) -> Iterator[TextLine]:
    there = [one for one in record.scorers if one.id in record.present]
    needed = max(record.rules.quorum_of(len(record.scorers)), 1)
    yield TextLine(
        f"{many(len(there))} trên {many(len(record.scorers))} thành viên chấm điểm (theo quy chế cần ít "
        f"nhất {many(needed)}), gồm:",
        LineRole.BODY,
        "Có mặt:",
    )
    for one in there:
        yield TextLine(f"- {named_with_duty(one)};", LineRole.ITEM)
    absent = [one for one in record.scorers if one.id in record.attendance and one.id not in record.present]
    if not absent:
        yield TextLine("không." if record.attendance else f"{BLANK}.", LineRole.BODY, "Vắng mặt:")
        return
    yield TextLine(f"{many(len(absent))} thành viên:", LineRole.BODY, "Vắng mặt:")
    for one in absent:
        yield TextLine(
            f"- {named_with_duty(one)}; lý do: {record.attendance[one.id].reason or BLANK};", LineRole.ITEM
        )


def conflicts_in_words(record: SessionOnRecord) -> str:
    """Say who does not score what, and why."""
    if not record.conflicts:
        return "Không thành viên nào khai."
    names = {one.id: plain_name(one.name, one.position) for one in record.members}
    codes = {item.listed.id: item.listed for item in record.products}
    said = [
        f"{names.get(one.member_id, BLANK)} không chấm {codes[one.scored_id].product} "
        f"({codes[one.scored_id].code}): {bare(one.reason)}"
        for one in record.conflicts
    ]
    return f"{'; '.join(said)}."


def _product(record: SessionOnRecord, item: ProductOnRecord) -> Iterator[TextLine]:
    listed = item.listed
    lead = f"{listed.product} ({listed.code}),"
    whose = f"chủ thể {item.producer}, {within(item.commune)}."
    if item.fate is Fate.OUT:
        yield TextLine(
            f"{whose} Rút khỏi phiên, không có kết quả: {bare(listed.out_because or BLANK)}.",
            LineRole.BODY,
            lead,
        )
        return
    yield TextLine(f"{whose} Mẫu sản phẩm: {SHORT_BLANK}; người trình bày: {BLANK}.", LineRole.BODY, lead)
    if listed.advice:
        yield TextLine(f"- Ý kiến Tổ tư vấn: {bare(listed.advice)};", LineRole.ITEM)
    yield TextLine(f"- Thảo luận: {BLANK};", LineRole.ITEM)
    outcome = item.outcome
    if outcome is None:
        yield TextLine("- Kết quả: chưa có;", LineRole.ITEM)
        return
    if listed.round > 1:
        yield TextLine(
            f"- Chấm lại sau thảo luận vì {bare(listed.again_because or BLANK)}; {_before(item)};",
            LineRole.ITEM,
        )
    if listed.chair_note:
        yield TextLine(f"- Ý kiến chủ tịch Hội đồng về điểm chênh: {bare(listed.chair_note)};", LineRole.ITEM)
    apart = ", quá quy chế" if is_apart(record.rules, item.found.result) else ""  # type: ignore[arg-type]  # there is an outcome
    yield TextLine(
        f"- Điểm trung bình {mean_in_words(item)} ({many(len(outcome.totals))} phiếu hợp lệ; điểm chênh "
        f"{exact(outcome.spread)}{apart}); kết quả: {grade_in_words(item)};",
        LineRole.ITEM,
    )
    if item.found.missing:
        names = ", ".join(plain_name(one.name, one.position) for one in item.found.missing)
        yield TextLine(f"- Không có phiếu của: {names};", LineRole.ITEM)
    for said in lacking(item):
        yield TextLine(f"- {said};", LineRole.ITEM)


def _before(item: ProductOnRecord) -> str:
    """Say how far the totals lay apart before the discussion."""
    totals = [
        total_so_far(item.listed.sheet, sheet.said)
        for sheet in item.found.apart
        if sheet.record.round == 1 and sheet.member.duty is not CouncilDuty.ADVISER
    ]
    if not totals:
        return f"điểm chênh lần đầu {SHORT_BLANK}"
    return f"điểm chênh lần đầu {exact(max(totals) - min(totals))}"


def conclusion(record: SessionOnRecord) -> Iterator[TextLine]:
    """Yield what was concluded: how many with a result, what is to be done with which."""
    recognised, up = record.with_fate(Fate.RECOGNISED), record.with_fate(Fate.SENT_UP)
    unrated, pending = record.with_fate(Fate.UNRATED), record.with_fate(Fate.PENDING)
    body = record.regulation.rung(record.level).body
    yield TextLine(
        f"{many(len(record.with_result))} trên {many(len(record.there))} sản phẩm có kết quả.",
        LineRole.BODY,
        "1.",
    )
    place = 1
    for items, words in (
        (recognised, f"đủ điều kiện trình {body} công nhận ({stars_in_words(recognised)})"),
        (up, f"trình cấp có thẩm quyền chuyển cấp trên đánh giá, phân hạng ({stars_in_words(up)})"),
        (unrated, "không đạt hạng được công nhận"),
        (pending, "chưa có kết quả trong phiên"),
    ):
        if items:
            place += 1
            names = "; ".join(f"{item.listed.product} ({item.listed.code})" for item in items)
            yield TextLine(f"{many(len(items))} sản phẩm {words}: {names}.", LineRole.BODY, f"{place}.")
    yield TextLine(
        "Giao thư ký hoàn thiện hồ sơ, báo cáo kết quả và trình cấp có thẩm quyền.",
        LineRole.BODY,
        f"{place + 1}.",
    )
