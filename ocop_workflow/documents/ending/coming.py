"""The notice that certificates are about to run out, to producers and communes, while they can be saved.

QĐ 148/2023 and 1489/2025: whoever issued a certificate tells its producer in writing at least 30 days before
its end (by a secondary source). Under QĐ 26/2026 nobody has to; the window for filing is what it says then.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.documents.ending.expiry import STARS, decisions_behind, listed
from ocop_workflow.documents.ending.words import grounds_of
from ocop_workflow.documents.paper.pieces import (
    AttachedAnnex,
    LineRole,
    OfficialDocument,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.common import regulation_in_words
from ocop_workflow.documents.session.words import long_day, many, numbered, short_day, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.documents.ending.words import Issuing


@dataclass(frozen=True, slots=True)
class ComingEnds:
    """The certificates of a unit that run out in a span of last days and whose renewal is not filed.

    `saved`: what still saves each, in words, by its number; empty: not known. `on`: the local day of asking.
    """

    items: tuple[CertificateRecord, ...]
    saved: dict[int, str]
    issuing: Issuing
    since: date
    until: date
    on: date


def coming_notice(record: ComingEnds) -> OfficialDocument:
    """Tell producers that certificates run out, by decision how many, by star which, and what saves each."""
    items, issuing = record.items, record.issuing
    who = issuing.signing(SignedDocument.NOTICE, record.on)
    producers = {item.producer for item in items if item.producer}
    blocks = (
        *grounds_of(f"Căn cứ {regulation_in_words(issuing.regulation)}", *decisions_behind(items)),
        TextLine(
            f"{issuing.agency} thông báo: từ {short_day(record.since)} đến {short_day(record.until)}, "
            f"{many(len(items))} giấy chứng nhận sản phẩm OCOP của {many(len(producers))} chủ thể trên địa "
            f"bàn {within(issuing.unit.name)} hết thời hạn và chưa nộp hồ sơ đánh giá lại."
        ),
        *(TextLine(line, LineRole.ITEM) for line in _counted(record)),
        TextLine(
            "Đề nghị các chủ thể có tên trong danh sách nộp hồ sơ đánh giá lại tại Ủy ban nhân dân cấp xã "
            "đúng thời gian ghi ở cột cuối; chủ thể không đánh giá lại thì báo để ghi nhận. Quá thời hạn mà "
            "chưa được đánh giá lại, sản phẩm không được dùng hạng sao và nhãn hiệu OCOP."
        ),
        TextLine(
            "Đề nghị Ủy ban nhân dân các xã, phường báo cho từng chủ thể và hướng dẫn chuẩn bị hồ sơ; mọi "
            f"vướng mắc gửi về {issuing.agency}"
        ),
    )
    return OfficialDocument(
        title=f"Thông báo giấy chứng nhận sắp hết hạn, {issuing.unit.name}",
        made_on=record.on,
        head=issuing.head(who, record.on),
        kind="THÔNG BÁO",
        abstract="Về việc giấy chứng nhận sản phẩm OCOP sắp hết thời hạn",
        addressed=("Các chủ thể có tên trong danh sách", "Ủy ban nhân dân các xã, phường có sản phẩm"),
        blocks=blocks,
        signatures=(SignatureBlock(who.signs),),
        recipients=("Như trên", "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH SÁCH GIẤY CHỨNG NHẬN SẢN PHẨM OCOP SẮP HẾT THỜI HẠN",
                f"Kèm theo Thông báo số {numbered(None, who.symbol)} {long_day(None, record.on.year)} của "
                f"{issuing.agency}",
                tuple(block for star in STARS for block in listed(items, star, record.saved)),
                on_its_side=True,
            ),
        ),
    )


def _counted(record: ComingEnds) -> Iterator[str]:
    """Say how many of each decision are about to run out."""
    of_each = Counter((item.decided_on, item.number) for item in record.items)
    for place, ((day, number), how_many) in enumerate(sorted(of_each.items()), start=1):
        end = "." if place == len(of_each) else ";"
        yield f"- {many(how_many)} giấy theo Quyết định số {number} {long_day(day)}{end}"
