"""The notice that certificates are about to run out, to producers and communes, while they can be saved.

QĐ 148/2023 and 1489/2025: whoever issued a certificate tells its producer in writing at least 30 days before
its end (by a secondary source). Under QĐ 26/2026 nobody has to; the window for filing is what it says then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.ending.words import grounds_of
from ocop_workflow.documents.paper.pieces import (
    AttachedAnnex,
    Column,
    Grid,
    LineRole,
    OfficialDocument,
    Side,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.common import regulation_in_words
from ocop_workflow.documents.session.words import long_day, many, numbered, short_day, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.documents.ending.words import Issuing

_STARS: Final = (5, 4, 3)


@dataclass(frozen=True, slots=True)
class ComingEnd:
    """A certificate that runs out soon. `saved`: what still saves it, in words; empty: not known."""

    product: str
    producer: str
    commune: str
    star: int
    number: str
    decided_on: date
    issuer: str | None
    valid_until: date
    saved: str


@dataclass(frozen=True, slots=True)
class ComingEnds:
    """The certificates of a unit that run out in a span of last days and whose renewal is not filed.

    `on`: the local day of asking.
    """

    items: tuple[ComingEnd, ...]
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
        *grounds_of(f"Căn cứ {regulation_in_words(issuing.regulation)}", *_decisions(record)),
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
                tuple(block for star in _STARS for block in _list(record, star)),
                on_its_side=True,
            ),
        ),
    )


def _keys(record: ComingEnds) -> dict[tuple[str, date], list[ComingEnd]]:
    found: dict[tuple[str, date], list[ComingEnd]] = {}
    for item in sorted(record.items, key=lambda one: (one.decided_on, one.number)):
        found.setdefault((item.number, item.decided_on), []).append(item)
    return found


def _decisions(record: ComingEnds) -> Iterator[str]:
    for (number, day), items in _keys(record).items():
        by = f" của {items[0].issuer}" if items[0].issuer else ""
        yield f"Căn cứ Quyết định số {number} {long_day(day)}{by} về việc công nhận sản phẩm OCOP"


def _counted(record: ComingEnds) -> Iterator[str]:
    keys = _keys(record)
    for place, ((number, day), items) in enumerate(keys.items(), start=1):
        end = "." if place == len(keys) else ";"
        yield f"- {many(len(items))} giấy theo Quyết định số {number} {long_day(day)}{end}"


def _list(record: ComingEnds, star: int) -> tuple[TextLine | Grid, ...]:
    of_star = sorted(
        (item for item in record.items if item.star == star),
        key=lambda item: (item.valid_until, item.commune, item.product),
    )
    if not of_star:
        return ()
    columns = (
        Column("TT", 4, Side.CENTRE),
        Column("Sản phẩm", 20),
        Column("Chủ thể", 20),
        Column("Địa chỉ (xã, phường)", 14),
        Column("Quyết định công nhận", 16),
        Column("Hết hạn ngày", 10, Side.CENTRE),
        Column("Nộp hồ sơ đánh giá lại", 16),
    )
    rows = tuple(
        (
            str(place),
            item.product,
            item.producer,
            item.commune,
            f"số {item.number} ngày {short_day(item.decided_on)}",
            short_day(item.valid_until),
            item.saved,
        )
        for place, item in enumerate(of_star, start=1)
    )
    return TextLine(f"SẢN PHẨM {star} SAO", LineRole.PART), Grid(columns, rows)
