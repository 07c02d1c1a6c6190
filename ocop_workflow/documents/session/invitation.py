"""The invitation to a meeting (giấy mời, NĐ 30/2020/NĐ-CP, Phụ lục III mẫu 1.7)."""

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
from ocop_workflow.documents.session.common import (
    grounds,
    head,
    list_grid,
    signature,
    signing,
)
from ocop_workflow.documents.session.words import long_day, many, plain_name, short_day
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from ocop_workflow.documents.record import SessionOnRecord


def invitation(record: SessionOnRecord) -> OfficialDocument:
    """Invite the members: session, place, day, products, where the dossiers are, who is invited."""
    session = record.session
    who = signing(record, SignedDocument.INVITATION)
    due = min((item.listed.due_on for item in record.there), default=session.held_on)
    dossiers = (
        f"đã gửi thành viên ngày {short_day(session.sent_on)}"
        if session.sent_on
        else f"gửi thành viên ngày {BLANK}"
    )
    where = f", xem tại {record.base}/sessions/{session.id}" if record.base else ""
    when = (
        TextLine(
            f"{SHORT_BLANK} giờ {SHORT_BLANK}, {long_day(session.held_on)}.",
            LineRole.BODY,
            "1. Thời gian:",
        ),
        TextLine(f"{session.place or BLANK}.", LineRole.BODY, "2. Địa điểm:"),
    )
    members = tuple(
        TextLine(
            f"- {plain_name(one.name, one.position)}, {one.position} ({one.duty.text.vi});", LineRole.ITEM
        )
        for one in record.members
    )
    chair = record.with_duty(CouncilDuty.CHAIR)
    blocks = (
        *grounds(record),
        TextLine(f"{record.council.name} trân trọng kính mời các thành viên Hội đồng dự {session.name}:"),
        *when,
        TextLine(
            f"đánh giá, phân hạng {many(len(record.there))} sản phẩm (danh mục kèm theo).",
            LineRole.BODY,
            "3. Nội dung:",
        ),
        TextLine("", LineRole.BODY, "4. Thành phần:"),
        *members,
        TextLine(
            f"{dossiers}{where}; phiếu chấm hoàn thành chậm nhất ngày {short_day(due)}.",
            LineRole.BODY,
            "5. Hồ sơ, phiếu chấm:",
        ),
        TextLine(
            "Thành viên có xung đột lợi ích với chủ thể hoặc sản phẩm nào thì báo thư ký trước khi chấm. "
            "Đề nghị các thành viên dự đầy đủ, đúng thành phần"
        ),
    )
    return OfficialDocument(
        title=f"Giấy mời dự {session.name}",
        made_on=session.held_on,
        head=head(record, who),
        kind="GIẤY MỜI",
        abstract=f"Dự {session.name}",
        blocks=blocks,
        signatures=(signature(who.signs, chair),),
        recipients=("Như thành phần mời", f"{record.unit.office}", "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH MỤC SẢN PHẨM ĐÁNH GIÁ, PHÂN HẠNG",
                f"Kèm theo Giấy mời số {SHORT_BLANK}/{who.symbol} {long_day(None, record.year)}",
                (list_grid(record.there),),
            ),
        ),
    )
