"""The notice that certificates ran out and were not rated again: products leave the list ("k of n of …")."""

from __future__ import annotations

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
    from collections.abc import Iterator, Mapping, Sequence

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.documents.ending.record import ExpiriesOnRecord

#: the stars of which there are certificates, the highest first
STARS: Final = (5, 4, 3)


def expiry_notice(record: ExpiriesOnRecord) -> OfficialDocument:
    """Announce the certificates that ran out: by decision how many of how many, and by star which."""
    items, issuing = record.items, record.issuing
    who = issuing.signing(SignedDocument.NOTICE, record.on)
    producers = {item.producer for item in items if item.producer}
    blocks = (
        *grounds_of(f"Căn cứ {regulation_in_words(issuing.regulation)}", *decisions_behind(items)),
        TextLine(
            f"{issuing.agency} thông báo: từ {short_day(record.since)} đến {short_day(record.until)}, "
            f"{many(len(items))} giấy chứng nhận sản phẩm OCOP của {many(len(producers))} chủ thể trên địa "
            f"bàn "
            f"{within(issuing.unit.name)} ({_by_star(items)}) đã hết thời hạn mà chưa được đánh giá lại; "
            f"các sản "
            "phẩm ấy được đưa ra khỏi danh sách sản phẩm OCOP, kể từ ngày liền sau ngày hết hạn của từng "
            "giấy."
        ),
        *(TextLine(line, LineRole.ITEM) for line in _counted(record)),
        TextLine(
            "Sản phẩm đã hết hạn không còn được dùng hạng sao và nhãn hiệu OCOP trên sản phẩm, bao bì, nhãn "
            "và "
            "khi quảng bá; chủ thể có nhu cầu thì nộp hồ sơ để được đánh giá, phân hạng lại."
        ),
        TextLine(
            "Đề nghị Ủy ban nhân dân các xã, phường báo cho các chủ thể có tên trong danh sách, kiểm tra "
            "việc "
            f"dùng nhãn hiệu OCOP; mọi phản ánh gửi về {issuing.agency}"
        ),
    )
    return OfficialDocument(
        title=f"Thông báo hết hạn giấy chứng nhận, {issuing.unit.name}",
        made_on=record.on,
        head=issuing.head(who, record.on),
        kind="THÔNG BÁO",
        abstract="Về việc sản phẩm OCOP hết thời hạn công nhận, đưa ra khỏi danh sách sản phẩm OCOP",
        addressed=("Ủy ban nhân dân các xã, phường có sản phẩm",),
        blocks=blocks,
        signatures=(SignatureBlock(who.signs),),
        recipients=("Như trên", "Các chủ thể có tên trong danh sách", "Lưu: VT, Hồ sơ"),
        annexes=(
            AttachedAnnex(
                "Phụ lục",
                "DANH SÁCH SẢN PHẨM OCOP HẾT THỜI HẠN CÔNG NHẬN",
                f"Kèm theo Thông báo số {numbered(None, who.symbol)} {long_day(None, record.on.year)} của "
                f"{issuing.agency}",
                tuple(block for star in STARS for block in listed(items, star)),
                on_its_side=True,
            ),
        ),
    )


def decisions_behind(items: Sequence[CertificateRecord]) -> Iterator[str]:
    """Name the decisions that granted certificates, earliest first, as grounds of a document."""
    issuers = {(item.number, item.decided_on): item.issuer for item in items}
    for (number, day), issuer in sorted(issuers.items(), key=lambda pair: pair[0][::-1]):
        by = f" của {issuer}" if issuer else ""
        yield f"Căn cứ Quyết định số {number} {long_day(day)}{by} về việc công nhận sản phẩm OCOP"


def _counted(record: ExpiriesOnRecord) -> Iterator[str]:
    """Say of each decision how many of how many ran out."""
    decisions = sorted(record.granted, key=lambda pair: pair[::-1])
    for key in decisions:
        number, day = key
        ran_out = sum((item.number, item.decided_on) == key for item in record.items)
        yield (
            f"- {many(ran_out)} trong số {many(record.granted[key])} sản phẩm được công nhận tại Quyết định "
            f"số {number} {long_day(day)}{'.' if key == decisions[-1] else ';'}"
        )


def _by_star(items: Sequence[CertificateRecord]) -> str:
    stars = [item.star for item in items]
    return ", ".join(f"{many(stars.count(star))} sản phẩm {star} sao" for star in STARS if star in stars)


def listed(
    items: Sequence[CertificateRecord], star: int, saved: Mapping[int, str] | None = None
) -> tuple[TextLine | Grid, ...]:
    """List the certificates of a star, the first to end first.

    `saved`: what still saves each, by its number, in a column of its own; none: nothing does.
    """
    of_star = sorted(
        (item for item in items if item.star == star), key=lambda item: (item.valid_until, item.id)
    )
    if not of_star:
        return ()
    columns = (
        Column("TT", 4, Side.CENTRE),
        Column("Sản phẩm", 24 if saved is None else 20),
        Column("Chủ thể", 24 if saved is None else 20),
        Column("Địa chỉ (xã, phường)", 16 if saved is None else 14),
        Column("Quyết định công nhận", 20 if saved is None else 16),
        Column("Hết hạn ngày", 12 if saved is None else 10, Side.CENTRE),
        *(() if saved is None else (Column("Nộp hồ sơ đánh giá lại", 16),)),
    )
    rows = tuple(
        (
            str(place),
            item.product,
            item.producer or "",
            item.commune,
            f"số {item.number} ngày {short_day(item.decided_on)}",
            short_day(item.valid_until),
            *(() if saved is None else (saved[item.id],)),
        )
        for place, item in enumerate(of_star, start=1)
    )
    return TextLine(f"SẢN PHẨM {star} SAO", LineRole.PART), Grid(columns, rows)
