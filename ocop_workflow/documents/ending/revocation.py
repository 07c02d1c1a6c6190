"""The decision that revokes a certificate, the notice of it, the letter to the commune (NĐ 30/2020/NĐ-CP).

Grounds and words are those of the law in force on the day of the conclusion (QĐ 26/2026/QĐ-TTg, Điều 8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.documents.ending.words import grounds_of
from ocop_workflow.documents.paper.pieces import (
    BLANK,
    SHORT_BLANK,
    LineRole,
    OfficialDocument,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.common import regulation_in_words
from ocop_workflow.documents.session.words import bare, long_day, numbered, short_day, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from ocop_workflow.documents.ending.record import RevocationOnRecord


def decision(record: RevocationOnRecord) -> OfficialDocument:
    """Draft the decision of revocation; number, day and signer where they are on record."""
    on, issuing, held = record.on, record.issuing, record.certificate
    who = issuing.signing(SignedDocument.REVOCATION, record.day or on)
    blocks = (
        *grounds_of(
            f"Căn cứ Luật Tổ chức chính quyền địa phương {long_day(None)}",
            f"Căn cứ {regulation_in_words(issuing.regulation)}",
            f"Căn cứ {_document(record)}",
            f"Theo đề nghị của {issuing.agency} tại Tờ trình số {SHORT_BLANK} {long_day(None, on.year)}",
        ),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine(
            f"Thu hồi giấy chứng nhận sản phẩm OCOP {held.star} sao {_granted(record)}. {_ground(record)}",
            LineRole.ARTICLE,
            "Điều 1.",
        ),
        TextLine(
            "Kể từ ngày Quyết định này có hiệu lực, sản phẩm nêu tại Điều 1 không còn được dùng hạng sao và "
            "nhãn hiệu OCOP trên sản phẩm, bao bì, nhãn và khi quảng bá. Giao "
            f"{issuing.agency} công bố, cập nhật sổ đăng ký và trang tra cứu.",
            LineRole.ARTICLE,
            "Điều 2.",
        ),
        TextLine("Quyết định này có hiệu lực kể từ ngày ký.", LineRole.ARTICLE, "Điều 3."),
        TextLine(
            f"Chánh Văn phòng, {issuing.agency}, {record.commune.office}, {_producer(record)} và các cơ "
            f"quan, "
            "đơn vị liên quan chịu trách nhiệm thi hành Quyết định này",
            LineRole.ARTICLE,
            "Điều 4.",
        ),
    )
    return OfficialDocument(
        title=f"Quyết định thu hồi giấy chứng nhận, {held.product}",
        made_on=record.day or on,
        head=issuing.head(who, record.day or on, number=record.number),
        kind="QUYẾT ĐỊNH",
        abstract=f"Về việc thu hồi giấy chứng nhận sản phẩm OCOP đối với sản phẩm {held.product}",
        authority=who.authority,
        blocks=blocks,
        signatures=(SignatureBlock(who.signs),),
        recipients=("Như Điều 4", record.commune.office, _producer(record), "Lưu: VT, Hồ sơ"),
    )


def notice(record: RevocationOnRecord) -> OfficialDocument:
    """Tell producer and commune that the certificate is revoked, from when, on what ground, by whom."""
    on, issuing, held = record.on, record.issuing, record.certificate
    who = issuing.signing(SignedDocument.NOTICE, on)
    blocks = (
        *grounds_of(f"Căn cứ {regulation_in_words(issuing.regulation)}", f"Căn cứ {_decision(record)}"),
        TextLine(
            f"{issuing.agency} thông báo: giấy chứng nhận sản phẩm OCOP {held.star} sao {_granted(record)} "
            f"bị thu hồi từ ngày {short_day(record.concluded.recorded_for)}."
        ),
        TextLine(f"{_ground(record)}"),
        TextLine(
            "Từ ngày bị thu hồi, sản phẩm không còn được dùng hạng sao và nhãn hiệu OCOP trên sản phẩm, bao "
            "bì, nhãn và khi quảng bá; trang tra cứu của giấy chứng nhận ghi rõ việc thu hồi."
        ),
        TextLine(f"Mọi phản ánh gửi về {issuing.agency} để được hướng dẫn"),
    )
    return OfficialDocument(
        title=f"Thông báo thu hồi giấy chứng nhận, {held.product}",
        made_on=on,
        head=issuing.head(who, on),
        kind="THÔNG BÁO",
        abstract=f"Thu hồi giấy chứng nhận sản phẩm OCOP đối với sản phẩm {held.product}",
        addressed=(record.commune.office, _producer(record)),
        blocks=blocks,
        signatures=(SignatureBlock(who.signs),),
        recipients=("Như trên", "Lưu: VT, Hồ sơ"),
    )


def letter(record: RevocationOnRecord) -> OfficialDocument:
    """Ask the commune to hand the decision over and to see that the mark is used no longer (mẫu 1.5)."""
    on, issuing, held = record.on, record.issuing, record.certificate
    who = issuing.signing(SignedDocument.LETTER_DOWN, on)
    blocks = (
        TextLine(
            f"Theo {_decision(record)}, giấy chứng nhận sản phẩm OCOP {held.star} sao {_granted(record)} bị "
            f"thu hồi. {_ground(record)}"
        ),
        TextLine(f"Đề nghị {record.commune.office}:"),
        TextLine(
            f"1. Giao quyết định cho {_producer(record)}, thu lại giấy chứng nhận bản giấy (nếu có).",
            LineRole.ITEM,
        ),
        TextLine(
            "2. Hướng dẫn, theo dõi để hạng sao và nhãn hiệu OCOP không còn được dùng trên sản phẩm, bao bì, "
            "nhãn và khi quảng bá.",
            LineRole.ITEM,
        ),
        TextLine(f"3. Báo kết quả về {issuing.agency} trước ngày {BLANK}", LineRole.ITEM),
    )
    return OfficialDocument(
        title=f"Công văn về việc thu hồi giấy chứng nhận, {held.product}",
        made_on=on,
        head=issuing.head(who, on, regarding="thu hồi giấy chứng nhận sản phẩm OCOP"),
        kind="",
        abstract="",
        addressed=(record.commune.office,),
        blocks=blocks,
        signatures=(SignatureBlock(who.signs),),
        recipients=("Như trên", _producer(record), "Lưu: VT, Hồ sơ"),
    )


def _granted(record: RevocationOnRecord) -> str:
    held = record.certificate
    by = f" của {held.issuer}" if held.issuer else ""
    return (
        f"cấp theo Quyết định số {numbered(held.number, 'QĐ-UBND')} {long_day(held.decided_on)}{by} cho sản "
        f"phẩm {held.product} của {_producer(record)}, {within(held.commune)}"
    )


def _producer(record: RevocationOnRecord) -> str:
    return record.certificate.producer or BLANK


def _document(record: RevocationOnRecord) -> str:
    found = record.concluded
    return f"{found.kind} số {found.number} {long_day(found.on)} của {found.body}"


def _ground(record: RevocationOnRecord) -> str:
    return f"Căn cứ thu hồi: {record.concluded.ground}; nội dung kết luận: {bare(record.concluded.findings)}."


def _decision(record: RevocationOnRecord) -> str:
    return (
        f"Quyết định số {numbered(record.number, 'QĐ-UBND')} {long_day(record.day, record.on.year)} về việc "
        f"thu "
        "hồi giấy chứng nhận sản phẩm OCOP"
    )
