"""The notice of a result to a commune or a producer (QĐ 26/2026/QĐ-TTg, điểm g khoản 3 Điều 7), mẫu 1.4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.documents.paper.pieces import BLANK, LineRole, OfficialDocument, TextLine
from ocop_workflow.documents.record import Fate
from ocop_workflow.documents.session.common import (
    grounds,
    head,
    lacking,
    mean_in_words,
    session_in_words,
    signature,
    signing,
)
from ocop_workflow.documents.session.reports import upward
from ocop_workflow.documents.session.words import bare, long_day, many, numbered, short_day, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord


def notice(record: SessionOnRecord, items: Sequence[ProductOnRecord], to: str) -> OfficialDocument:
    """Tell a commune, or one producer, what came out: star, points, validity; or what was missed.

    Args:
        record: the session.
        items: the products that it is about.
        to: whom it is addressed to.
    """
    session = record.session
    who = signing(record, SignedDocument.NOTICE)
    more = (
        (
            (
                f"Căn cứ Quyết định số {numbered(session.decision_number, 'QĐ-UBND')} "
                f"{long_day(session.decided_on, record.year)}"
            ),
        )
        if session.decision_number
        else ()
    )
    is_commune = to in {item.dossier.office for item in items}
    asked = f"Đề nghị {to} báo cho các chủ thể có tên ở trên. " if is_commune else ""
    blocks = (
        *grounds(record, *more),
        TextLine(
            f"{record.unit.office} thông báo kết quả đánh giá, phân hạng {many(len(items))} sản phẩm OCOP "
            f"tại {session_in_words(record)}:"
        ),
        *(line for place, item in enumerate(items, start=1) for line in _product(record, place, item)),
        TextLine(f"{asked}Mọi phản ánh gửi về {record.unit.office} để được hướng dẫn"),
    )
    return OfficialDocument(
        title=f"Thông báo kết quả {session.name}",
        made_on=session.decided_on or session.held_on,
        head=head(record, who),
        kind="THÔNG BÁO",
        abstract=f"Kết quả đánh giá, phân hạng sản phẩm OCOP, {session.name}",
        addressed=(to,),
        blocks=blocks,
        signatures=(signature(who.signs),),
        recipients=(
            "Như trên",
            *dict.fromkeys(item.producer for item in items if item.producer != to),
            "Lưu: VT, Hồ sơ",
        ),
    )


def _product(record: SessionOnRecord, place: int, item: ProductOnRecord) -> Iterator[TextLine]:
    yield TextLine(
        f"{item.listed.product} ({item.listed.code}), chủ thể {item.producer}, {within(item.commune)}.",
        LineRole.BODY,
        f"{place}.",
    )
    if item.fate is Fate.OUT:
        yield TextLine(f"- Không có kết quả: {bare(item.listed.out_because or BLANK)};", LineRole.ITEM)
        return
    if item.outcome is None:
        yield TextLine("- Chưa có kết quả trong phiên;", LineRole.ITEM)
        return
    yield TextLine(f"- Điểm trung bình: {mean_in_words(item)};", LineRole.ITEM)
    yield TextLine(f"- Kết quả: {_result(record, item)};", LineRole.ITEM)
    for said in lacking(item):
        yield TextLine(f"- {said};", LineRole.ITEM)


def _result(record: SessionOnRecord, item: ProductOnRecord) -> str:
    if item.fate is Fate.SENT_UP:
        return f"hồ sơ được chuyển {upward(record)} để đánh giá, phân hạng"
    if item.fate is Fate.UNRATED:
        return "không được công nhận"
    if item.granted:
        return (
            f"công nhận {item.granted.star} sao; giấy chứng nhận có giá trị đến hết ngày "
            f"{short_day(item.granted.valid_until)}"
        )
    return f"đạt {item.star} sao, chờ quyết định công nhận; thời hạn của giấy chứng nhận: {BLANK}"
