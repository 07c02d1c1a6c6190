"""Decisions on a session's results and the letter to the level above (mẫu 1.3, 1.5; QĐ 26/2026, Điều 7)."""

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
    grounds,
    head,
    list_grid,
    mean_in_words,
    regulation_in_words,
    session_in_words,
    signature,
    signing,
    stars_in_words,
)
from ocop_workflow.documents.session.lists import RecognisedLine, recognised_lists
from ocop_workflow.documents.session.reports import upward
from ocop_workflow.documents.session.words import long_day, many, numbered, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord
    from ocop_workflow.regulations.signers import Signing


def decision(record: SessionOnRecord) -> OfficialDocument:
    """Draft the decision of recognition; its number, day and signer where the session knows them."""
    session = record.session
    items = record.recognised
    who = signing(record, SignedDocument.RECOGNITION, session.decided_on)
    number = numbered(session.decision_number, who.symbol)
    months = record.regulation.validity.months
    blocks = (
        *grounds(record, _proposal(record), with_law=True),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine(
            f"Công nhận {many(len(items))} sản phẩm OCOP của {within(record.unit.name)} "
            f"({stars_in_words(items)}) theo kết quả {session_in_words(record)}; danh sách tại Phụ lục kèm "
            "theo Quyết định này.",
            LineRole.ARTICLE,
            "Điều 1.",
        ),
        TextLine(
            f"Giấy chứng nhận sản phẩm OCOP có giá trị {months} tháng, kể từ ngày ban hành Quyết định này. "
            f"Giao {record.unit.office} công bố kết quả, trao giấy chứng nhận, hướng dẫn và kiểm tra chủ "
            "thể trong thời hạn ấy.",
            LineRole.ARTICLE,
            "Điều 2.",
        ),
        TextLine("Quyết định này có hiệu lực kể từ ngày ký.", LineRole.ARTICLE, "Điều 3."),
        TextLine(
            f"Chánh Văn phòng, {record.unit.office}, Ủy ban nhân dân các xã, phường có sản phẩm, các chủ "
            "thể có tên trong danh sách và các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành Quyết "
            "định này",
            LineRole.ARTICLE,
            "Điều 4.",
        ),
    )
    day = long_day(session.decided_on, record.year)
    annex = AttachedAnnex(
        "Phụ lục",
        "DANH SÁCH SẢN PHẨM OCOP ĐƯỢC CÔNG NHẬN",
        f"Kèm theo Quyết định số {number} {day} của {_issuer(who, record)}",
        recognised_lists([_line(item) for item in items], months),
        on_its_side=True,
    )
    return OfficialDocument(
        title=f"Quyết định công nhận sản phẩm OCOP, {session.name}",
        made_on=session.decided_on or session.held_on,
        head=head(record, who, number=session.decision_number, day=session.decided_on),
        kind="QUYẾT ĐỊNH",
        abstract=f"Về việc công nhận sản phẩm OCOP {within(record.unit.name)}, {session.name}",
        authority=who.authority,
        blocks=blocks,
        signatures=(signature(who.signs),),
        recipients=("Như Điều 4", *_told(items), "Lưu: VT, Hồ sơ"),
        annexes=(annex,),
    )


def _proposal(record: SessionOnRecord) -> str:
    return (
        f"Theo đề nghị của {record.unit.office} tại Tờ trình số {SHORT_BLANK} {long_day(None, record.year)}"
    )


def _issuer(who: Signing, record: SessionOnRecord) -> str:
    """Return who issues it, inside a sentence."""
    name = f"Ủy ban nhân dân {within(record.unit.name)}"
    return f"Chủ tịch {name}" if who.authority and who.authority[0].startswith("CHỦ TỊCH") else name


def _line(item: ProductOnRecord) -> RecognisedLine:
    return RecognisedLine(
        kind=item.dossier.kind,
        product=item.listed.product,
        producer=item.producer,
        commune=item.commune,
        points=mean_in_words(item),
        star=item.star,
        before=item.before,
        until=item.granted.valid_until if item.granted else None,
    )


def _told(items: Sequence[ProductOnRecord]) -> tuple[str, ...]:
    communes = dict.fromkeys(item.dossier.office for item in items)
    return (*communes, "Các chủ thể có sản phẩm") if communes else ()


def _approval_of(record: SessionOnRecord) -> tuple[str | None, date | None]:
    """Return number and day of the approval, where the decision on record is that and no recognition."""
    session = record.session
    return (session.decision_number, session.decided_on) if record.approved_by else (None, None)


def approval(record: SessionOnRecord) -> OfficialDocument:
    """Draft the approval of results that go up: 90 points and more (QĐ 26/2026, điểm e khoản 3 Điều 7)."""
    session = record.session
    items = record.with_fate(Fate.SENT_UP)
    number, day = _approval_of(record)
    who = signing(record, SignedDocument.APPROVAL, day)
    threshold = record.regulation.rung(record.level).forward_from
    blocks = (
        *grounds(record, _proposal(record), with_law=True),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine(
            f"Phê duyệt kết quả đánh giá, phân hạng {many(len(items))} sản phẩm OCOP đạt từ {threshold} "
            f"điểm theo kết quả {session_in_words(record)}; danh sách tại Phụ lục kèm theo Quyết định này.",
            LineRole.ARTICLE,
            "Điều 1.",
        ),
        TextLine(
            f"Giao {record.unit.office} hoàn thiện hồ sơ, tham mưu Ủy ban nhân dân "
            f"{within(record.unit.name)} gửi {upward(record)} đánh giá, phân hạng.",
            LineRole.ARTICLE,
            "Điều 2.",
        ),
        TextLine(
            f"Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, {record.unit.office} và các cơ "
            "quan, đơn vị liên quan chịu trách nhiệm thi hành Quyết định này",
            LineRole.ARTICLE,
            "Điều 3.",
        ),
    )
    annex = AttachedAnnex(
        "Phụ lục",
        "DANH SÁCH SẢN PHẨM ĐƯỢC PHÊ DUYỆT KẾT QUẢ",
        f"Kèm theo Quyết định số {numbered(number, who.symbol)} {long_day(day, record.year)} của "
        f"{_issuer(who, record)}",
        (list_grid(items, with_points=True),),
    )
    return OfficialDocument(
        title=f"Quyết định phê duyệt kết quả, {session.name}",
        made_on=day or session.held_on,
        head=head(record, who, number=number, day=day),
        kind="QUYẾT ĐỊNH",
        abstract=f"Về việc phê duyệt kết quả đánh giá, phân hạng sản phẩm OCOP, {session.name}",
        authority=who.authority,
        blocks=blocks,
        signatures=(signature(who.signs),),
        recipients=("Như Điều 3", upward(record), "Lưu: VT, Hồ sơ"),
        annexes=(annex,),
    )


def letter_up(record: SessionOnRecord) -> OfficialDocument:
    """Draft the letter by which dossiers go to the level above; it is the body's, not its chairman's own."""
    session = record.session
    items = record.with_fate(Fate.SENT_UP)
    who = signing(record, SignedDocument.LETTER_UP)
    to = upward(record)
    number, day = _approval_of(record)
    approved = f"Quyết định số {numbered(number, 'QĐ-UBND')} {long_day(day, record.year)}"
    blocks = (
        TextLine(f"Thực hiện {regulation_in_words(record.regulation)};"),
        TextLine(
            f"Căn cứ {approved} về kết quả {session_in_words(record)}, Ủy ban nhân dân "
            f"{within(record.unit.name)} đề nghị {to} đánh giá, phân hạng {many(len(items))} sản phẩm OCOP "
            "(danh sách tại Phụ lục)."
        ),
        TextLine(
            "Hồ sơ kèm theo của mỗi sản phẩm: hồ sơ đăng ký của chủ thể; báo cáo của Ủy ban nhân dân cấp "
            "xã; biên bản, bảng tổng hợp kết quả của Hội đồng; quyết định nêu trên; mẫu sản phẩm: "
            f"{SHORT_BLANK}."
        ),
        TextLine(f"Đầu mối liên hệ: {record.unit.office}, {BLANK}."),
        TextLine(f"Ủy ban nhân dân {within(record.unit.name)} trân trọng đề nghị {to} xem xét"),
    )
    annex = AttachedAnnex(
        "Phụ lục",
        "DANH SÁCH SẢN PHẨM ĐỀ NGHỊ ĐÁNH GIÁ, PHÂN HẠNG",
        f"Kèm theo Công văn số {SHORT_BLANK}/{who.symbol} {long_day(None, record.year)} của Ủy ban nhân dân "
        f"{within(record.unit.name)}",
        (list_grid(items, with_points=True),),
    )
    return OfficialDocument(
        title=f"Công văn đề nghị đánh giá, phân hạng sản phẩm OCOP, {session.name}",
        made_on=session.held_on,
        head=head(record, who, regarding="đề nghị đánh giá, phân hạng sản phẩm OCOP"),
        kind="",
        abstract="",
        addressed=(to,),
        blocks=blocks,
        signatures=(signature(who.signs),),
        recipients=("Như trên", record.unit.office, "Lưu: VT, Hồ sơ"),
        annexes=(annex,),
    )
