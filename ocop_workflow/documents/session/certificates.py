"""The certificate of a recognised product: no official layout is known, so this is the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.certificates.qr import address_of_page
from ocop_workflow.certificates.views import page_of
from ocop_workflow.documents.paper.pieces import BLANK, CertificatePaper, QrPicture
from ocop_workflow.documents.session.common import signature, signing
from ocop_workflow.documents.session.words import long_day, numbered, place_and_day, short_day, within
from ocop_workflow.regulations.signers import SignedDocument

if TYPE_CHECKING:
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord


def certificate(record: SessionOnRecord, item: ProductOnRecord) -> CertificatePaper:
    """Draft a product's certificate; a QR only where its public page has an address."""
    session = record.session
    who = signing(record, SignedDocument.RECOGNITION, session.decided_on)
    granted = item.granted
    until = f"đến hết ngày {short_day(granted.valid_until)}" if granted else f"đến hết ngày {BLANK}"
    issuer = f"Ủy ban nhân dân {within(record.unit.name)}"
    by = f"Chủ tịch {issuer}" if who.authority and who.authority[0].startswith("CHỦ TỊCH") else issuer
    page = page_of(granted) if granted else None
    address = address_of_page(record.public_address, page) if page and record.public_address else None
    return CertificatePaper(
        title=f"Giấy chứng nhận sản phẩm OCOP {item.listed.code}",
        made_on=session.decided_on or session.held_on,
        issuer=who.body,
        star=item.star,
        product=item.listed.product,
        facts=(
            ("Chủ thể", item.producer),
            ("Địa chỉ", f"{within(item.commune)}, {within(record.unit.name)}"),
            ("Mã sản phẩm", item.dossier.official_code or item.listed.code),
            ("Giá trị", until),
        ),
        ground=(
            f"Quyết định số {numbered(session.decision_number, who.symbol)} "
            f"{long_day(session.decided_on, record.year)} của {by}"
        ),
        place_and_day=place_and_day(
            record.unit.name, session.decided_on, (session.decided_on or session.held_on).year
        ),
        signature=signature(who.signs),
        qr=QrPicture(address, "Tra cứu giấy chứng nhận") if address else None,
    )
