"""What goes to those who decide: the council's report and its agency's submission (mẫu 1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    council_in_words,
    grade_in_words,
    grounds,
    head,
    lacking,
    leadership,
    list_grid,
    mean_in_words,
    regulation_in_words,
    session_in_words,
    signature,
    signing,
    stars_in_words,
)
from ocop_workflow.documents.session.minutes import result_annex
from ocop_workflow.documents.session.words import long_day, many, within
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.documents.record import SessionOnRecord


def council_report(record: SessionOnRecord) -> OfficialDocument:
    """Report what the council did, what came out, and what it proposes."""
    who = signing(record, SignedDocument.COUNCIL_REPORT)
    blocks = (
        TextLine(
            f"Thực hiện {regulation_in_words(record.regulation)}; {council_in_words(record)}, Hội đồng báo "
            f"cáo kết quả {session_in_words(record)} như sau:"
        ),
        TextLine("I. TỔ CHỨC ĐÁNH GIÁ", LineRole.PART),
        TextLine(_how(record)),
        TextLine("II. KẾT QUẢ", LineRole.PART),
        *_results(record),
        TextLine("III. ĐỀ NGHỊ", LineRole.PART),
        *_asks(record),
    )
    return OfficialDocument(
        title=f"Báo cáo kết quả {record.session.name}",
        made_on=record.session.held_on,
        head=head(record, who),
        kind="BÁO CÁO",
        abstract=f"Kết quả đánh giá, phân hạng sản phẩm OCOP, {record.session.name}",
        addressed=(leadership(record),),
        blocks=blocks,
        signatures=(signature(who.signs, record.with_duty(CouncilDuty.CHAIR)),),
        recipients=("Như trên", record.unit.office, "Thành viên Hội đồng", "Lưu: VT, Hồ sơ"),
        annexes=(result_annex(record, "Kèm theo Báo cáo về phiên họp"),),
    )


def _how(record: SessionOnRecord) -> str:
    """Say how the council came to its results: who met where, or who was asked by which day."""
    there, day = sum(one.id in record.present for one in record.scorers), long_day(record.session.held_on)
    products = f"{many(len(record.there))} sản phẩm"
    if record.is_written:
        return (
            f"Hội đồng lấy ý kiến bằng văn bản, không họp; {many(there)} thành viên được lấy ý kiến, hạn trả "
            f"lời hết {day}, về {products} mà {record.unit.office} đề xuất kết quả."
        )
    return (
        f"Hội đồng họp {day} tại {record.session.place or BLANK}; {many(there)} trên "
        f"{many(len(record.scorers))} thành viên chấm điểm tham gia; đánh giá {products}."
    )


def submission(record: SessionOnRecord) -> OfficialDocument:
    """Submit the results for decision: whom to recognise, what to send up, whom to tell that it is not."""
    who = signing(record, SignedDocument.SUBMISSION)
    decided = (*record.recognised, *record.with_fate(Fate.SENT_UP))
    blocks = (
        *grounds(record),
        TextLine(
            f"Trên cơ sở biên bản, báo cáo của Hội đồng về {session_in_words(record)}, {record.unit.office} "
            f"kính trình {leadership(record)} như sau:"
        ),
        TextLine("I. KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG", LineRole.PART),
        *_results(record),
        TextLine("II. NỘI DUNG TRÌNH", LineRole.PART),
        *_asks(record),
        TextLine("Hồ sơ kèm theo: biên bản; bảng tổng hợp kết quả; báo cáo của Hội đồng; dự thảo quyết định"),
    )
    annex = AttachedAnnex(
        "Phụ lục",
        "DANH SÁCH SẢN PHẨM TRÌNH",
        f"Kèm theo Tờ trình số {SHORT_BLANK}/{who.symbol} {long_day(None, record.year)}",
        (list_grid(decided, with_points=True),),
    )
    return OfficialDocument(
        title=f"Tờ trình kết quả {record.session.name}",
        made_on=record.session.held_on,
        head=head(record, who),
        kind="TỜ TRÌNH",
        abstract=f"Về việc quyết định kết quả đánh giá, phân hạng sản phẩm OCOP, {record.session.name}",
        addressed=(leadership(record),),
        blocks=blocks,
        signatures=(signature(who.signs),),
        recipients=("Như trên", "Thành viên Hội đồng", "Lưu: VT, Hồ sơ"),
        annexes=(annex,) if decided else (),
    )


def _results(record: SessionOnRecord) -> Iterator[TextLine]:
    items = record.with_result
    graded = stars_in_words(items)
    yield TextLine(
        f"{many(len(items))} trên {many(len(record.there))} sản phẩm có kết quả"
        + (f": {graded}." if graded else ".")
    )
    for item in items:
        yield TextLine(
            f"- {item.listed.product} ({item.producer}, {within(item.commune)}): {mean_in_words(item)} "
            f"điểm, {grade_in_words(item)};",
            LineRole.ITEM,
        )
    for item in record.with_fate(Fate.PENDING):
        yield TextLine(f"- {item.listed.product} ({item.producer}): chưa có kết quả;", LineRole.ITEM)


def _asks(record: SessionOnRecord) -> Iterator[TextLine]:
    recognised, up = record.recognised, record.with_fate(Fate.SENT_UP)
    unrated = record.with_fate(Fate.UNRATED)
    place = 0
    if recognised:
        place += 1
        yield TextLine(
            f"Công nhận {many(len(recognised))} sản phẩm ({stars_in_words(recognised)}).",
            LineRole.BODY,
            f"{place}.",
        )
    if up:
        place += 1
        yield TextLine(
            f"Phê duyệt kết quả và chuyển {upward(record)} {many(len(up))} sản phẩm ({stars_in_words(up)}) "
            "để đánh giá, phân hạng.",
            LineRole.BODY,
            f"{place}.",
        )
    for item in unrated:
        place += 1
        why = "; ".join(lacking(item)) or BLANK
        yield TextLine(
            f"Thông báo chủ thể {item.producer}: {item.listed.product} không được công nhận. {why}.",
            LineRole.BODY,
            f"{place}.",
        )
    if not place:
        yield TextLine(f"{BLANK}.")


def upward(record: SessionOnRecord) -> str:
    """Return the body of the level above: the unit's above where there is one, else the regulation's."""
    ladder = record.regulation.ladder
    place = ladder.index(record.level) + 1 if record.level in ladder else len(ladder)
    if place >= len(ladder):
        return BLANK
    if record.above and record.above.level is ladder[place]:
        return f"Ủy ban nhân dân {within(record.above.name)}"
    return record.regulation.rung(ladder[place]).body
