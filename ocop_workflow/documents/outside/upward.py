"""What goes to the level above without a session: the approval of a result, and the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.documents.outside.common import (
    basis_of,
    body_of,
    grounds_of,
    head_of,
    issuer_of,
    points_of,
    proposal_of,
    signed_by,
    unit_of,
    upward_of,
)
from ocop_workflow.documents.paper.pieces import (
    BLANK,
    SHORT_BLANK,
    AttachedAnnex,
    Column,
    Grid,
    LineRole,
    OfficialDocument,
    Side,
    TextLine,
)
from ocop_workflow.documents.session.common import regulation_in_words
from ocop_workflow.documents.session.words import long_day, numbered, within

if TYPE_CHECKING:
    from ocop_workflow.documents.outside.record import OutsideStep
    from ocop_workflow.regulations.signers import Signing


def _sent_up(step: OutsideStep) -> Grid:
    return Grid(
        (
            Column("TT", 5, Side.CENTRE),
            Column("Mã", 14),
            Column("Sản phẩm", 23),
            Column("Chủ thể", 23),
            Column("Địa phương", 15),
            Column("Điểm", 8, Side.CENTRE),
            Column("Hạng đề nghị", 10, Side.CENTRE),
        ),
        (
            (
                "1",
                step.code,
                step.product,
                step.producer,
                step.commune,
                points_of(step.score),
                f"{step.star} sao" if step.star else SHORT_BLANK,
            ),
        ),
    )


def approval(step: OutsideStep, who: Signing) -> OfficialDocument:
    """Draft the approval of a result that goes up (QĐ 26/2026/QĐ-TTg, điểm e khoản 3 Điều 7)."""
    number, day, unit = numbered(step.number, who.symbol), step.decided_on, unit_of(step)
    threshold = step.regulation.rung(step.level).forward_from
    blocks = (
        *grounds_of(step, proposal_of(step), with_law=True),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine(
            f"Phê duyệt kết quả đánh giá, phân hạng 01 sản phẩm OCOP đạt từ {threshold} điểm; danh sách tại "
            "Phụ lục kèm theo Quyết định này.",
            LineRole.ARTICLE,
            "Điều 1.",
        ),
        TextLine(
            f"Giao {unit.office} hoàn thiện hồ sơ, tham mưu {body_of(step)} gửi {upward_of(step)} đánh giá, "
            "phân hạng.",
            LineRole.ARTICLE,
            "Điều 2.",
        ),
        TextLine(
            f"Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, {unit.office} và các cơ quan, đơn "
            "vị liên quan chịu trách nhiệm thi hành Quyết định này",
            LineRole.ARTICLE,
            "Điều 3.",
        ),
    )
    return OfficialDocument(
        title=f"Quyết định phê duyệt kết quả {step.code}",
        made_on=step.made_on,
        head=head_of(step, who, number=step.number, day=day),
        kind="QUYẾT ĐỊNH",
        abstract=f"Về việc phê duyệt kết quả đánh giá, phân hạng sản phẩm OCOP {within(unit.name)}",
        authority=who.authority,
        blocks=blocks,
        signatures=signed_by(who),
        recipients=("Như Điều 3", upward_of(step), "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH SÁCH SẢN PHẨM ĐƯỢC PHÊ DUYỆT KẾT QUẢ",
                f"Kèm theo Quyết định số {number} {long_day(day, step.year)} của {issuer_of(who, step)}",
                (_sent_up(step),),
            ),
        ),
    )


def letter_up(step: OutsideStep, who: Signing) -> OfficialDocument:
    """Draft the letter by which a dossier goes to the level above: the body's, not its chairman's own."""
    to, unit = upward_of(step), unit_of(step)
    decided = f"Quyết định số {numbered(step.number, 'QĐ-UBND')} {long_day(step.decided_on, step.year)} và "
    blocks = (
        TextLine(f"Thực hiện {regulation_in_words(step.regulation)};"),
        TextLine(
            f"Căn cứ {decided if step.number else ''}{basis_of(step)}, {body_of(step)} đề nghị {to} đánh "
            "giá, phân hạng 01 sản phẩm OCOP (danh sách tại Phụ lục)."
        ),
        TextLine(
            "Hồ sơ kèm theo: hồ sơ đăng ký của chủ thể; báo cáo của Ủy ban nhân dân cấp xã; biên bản, bảng "
            f"tổng hợp kết quả của Hội đồng; mẫu sản phẩm: {SHORT_BLANK}."
        ),
        TextLine(f"Đầu mối liên hệ: {unit.office}, {BLANK}."),
        TextLine(f"{body_of(step)} trân trọng đề nghị {to} xem xét"),
    )
    return OfficialDocument(
        title=f"Công văn đề nghị đánh giá, phân hạng {step.code}",
        made_on=step.made_on,
        head=head_of(step, who, regarding="đề nghị đánh giá, phân hạng sản phẩm OCOP"),
        kind="",
        abstract="",
        addressed=(to,),
        blocks=blocks,
        signatures=signed_by(who),
        recipients=("Như trên", unit.office, "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH SÁCH SẢN PHẨM ĐỀ NGHỊ ĐÁNH GIÁ, PHÂN HẠNG",
                f"Kèm theo Công văn số {SHORT_BLANK}/{who.symbol} {long_day(None, step.year)} của "
                f"{body_of(step)}",
                (_sent_up(step),),
            ),
        ),
    )
