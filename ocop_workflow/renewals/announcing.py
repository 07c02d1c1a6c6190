"""Drafting the notice of certificates that are about to run out and can still be saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ocop_workflow.calendar.rounds.renewals import RenewalStatus
from ocop_workflow.certificates.register_queries import SoughtCertificates, find_certificates
from ocop_workflow.documents.drafting import DraftedDocument
from ocop_workflow.documents.ending.coming import ComingEnds, coming_notice
from ocop_workflow.documents.ending.record import announcing_unit
from ocop_workflow.documents.ending.words import Issuing
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.errors import Conflict
from ocop_workflow.files import FileKind
from ocop_workflow.regulations import load_regulation, regulation_ids, regulation_on
from ocop_workflow.renewals.listing import WantedRenewals, list_renewals
from ocop_workflow.states import CertificateStanding

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.ending.record import ExpirySpan
    from ocop_workflow.renewals.listing import RenewalView
    from ocop_workflow.store import Connection

#: of what nobody has to be told any more: it is filed, declined, or over
_STILL: Final = frozenset(
    {RenewalStatus.LATE, RenewalStatus.WINDOW_OPEN, RenewalStatus.ANNOUNCED, RenewalStatus.RUNNING}
)


def draft_coming_notice(tx: Connection, span: ExpirySpan, actor: Actor, today: date) -> DraftedDocument:
    """Draft the notice of a unit's certificates that run out in a span of last days, by what saves each.

    A certificate that only a commune has named is left out: nothing is announced that nobody has confirmed.

    Args:
        tx: the transaction.
        span: the unit, and the last days of the certificates (local).
        actor: whoever drafts documents there.
        today: the local day, by whose law is reckoned what saves them.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`.
        Conflict: none runs out in this span whose renewal is still to be filed.
    """
    unit = announcing_unit(tx, span, actor)
    found = [
        one
        for one in list_renewals(tx, today, WantedRenewals(unit=span.unit), actor)
        if span.since <= one.expires_on <= span.until
        and one.expires_on >= today
        and one.status in _STILL
        and one.standing is CertificateStanding.CONFIRMED
    ]
    if not found:
        raise Conflict(
            f"Không có giấy chứng nhận nào của {unit.name} hết hạn từ {span.since:%d/%m/%Y} đến "
            f"{span.until:%d/%m/%Y} mà còn chờ nộp hồ sơ đánh giá lại.",
            f"No certificate of {unit.slug} runs out from {span.since} to {span.until} whose renewal is "
            "still to be filed.",
        )
    saved = {one.certificate: _saved(one) for one in found}
    sought = SoughtCertificates(today, unit_id=unit.id, standing=CertificateStanding.CONFIRMED)
    items = tuple(item for item in find_certificates(tx, sought) if item.id in saved)
    issuing = Issuing(unit, regulation_on(today) or load_regulation(regulation_ids()[-1]))
    notice = coming_notice(ComingEnds(items, saved, issuing, span.since, span.until, today))
    name = f"thong-bao-sap-het-han-{span.unit}-{span.until:%Y-%m-%d}.docx"
    return DraftedDocument(name, FileKind.DOCX.media_type, partial(write, notice))


def _saved(one: RenewalView) -> str:
    """Say until when filing saves a certificate; what is late is taken, as late."""
    by = one.save_by
    if by is None:
        return ""
    if one.status is RenewalStatus.LATE:
        return f"đã quá ngày {by.date:%d/%m/%Y}; nộp ngay"
    if by.opens_on is not None:
        return f"từ {by.opens_on:%d/%m/%Y} đến {by.date:%d/%m/%Y}"
    provisional = " (tạm tính)" if by.provisional else ""
    return f"chậm nhất {by.date:%d/%m/%Y}, {by.round}{provisional}"
