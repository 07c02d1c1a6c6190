"""The papers of a certificate, each with where it is drafted or its signed file lies, for whoever may."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.views import CertificatePaperView
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.scoring.results import reads_sheets
from ocop_workflow.documents.clerk import lowered
from ocop_workflow.documents.issued_queries import issued_in
from ocop_workflow.documents.outside.drafting import list_certificate_documents
from ocop_workflow.documents.outside.kinds import OutsideDocument
from ocop_workflow.errors import say
from ocop_workflow.people.officers import HOST
from ocop_workflow.places import queries as units
from ocop_workflow.products.settling.register import show_certificate
from ocop_workflow.regulations.councils.documents import DocumentOf, SessionDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.views import (
        CertificatePaperKind,
        RegisteredCertificateView,
        RevocationPaperKind,
    )
    from ocop_workflow.councils.session_queries import ScoredRecord, SittingRecord
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.views import IssuedView
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection

#: of a session's documents, those that a certificate has
_OF_SESSION: Final[dict[SessionDocument, CertificatePaperKind]] = {
    SessionDocument.DECISION: "decision",
    SessionDocument.CERTIFICATE: "certificate",
    SessionDocument.NOTICE: "notice",
    SessionDocument.MINUTES: "minutes",
}
_OUTSIDE: Final[dict[OutsideDocument, CertificatePaperKind | RevocationPaperKind]] = {
    OutsideDocument.DECISION: "decision",
    OutsideDocument.CERTIFICATE: "certificate",
    OutsideDocument.NOTICE: "notice",
    OutsideDocument.EXTRACT: "extract",
    OutsideDocument.REVOCATION: "revocation",
    OutsideDocument.REVOCATION_NOTICE: "revocation-notice",
    OutsideDocument.REVOCATION_LETTER: "revocation-letter",
}


def certificate_with_papers(
    tx: Connection, number: int, on: date, actor: Actor = HOST, language: Language = "vi"
) -> RegisteredCertificateView:
    """Return one certificate as it stands on a local day, its papers with their addresses.

    Raises:
        NotFound: none that the actor may see has this number.
    """
    view = show_certificate(tx, number, on, actor, language)
    outside = list_certificate_documents(tx, number, actor, on, language)
    found = _of_session(tx, number, outside.session, actor, language) if outside.session else {}
    for line in outside.documents:
        kind, address = _OUTSIDE[line.kind], f"/certificates/{number}/documents/{line.kind}"
        if line.issued:
            found[kind] = _filed_as(_unfiled(kind, line.label, f"{address}/issued"), line.issued)
        elif line.ready:
            found[kind] = _unfiled(kind, line.label, address)
    known = {paper.kind for paper in view.papers}
    papers = [_joined(paper, found.get(paper.kind)) for paper in view.papers]
    papers += [paper for kind, paper in found.items() if kind not in known]
    return replace(view, papers=tuple(papers))


def _unfiled(
    kind: CertificatePaperKind | RevocationPaperKind, label: str, address: str
) -> CertificatePaperView:
    return CertificatePaperView(kind, lowered(label), None, None, None, None, draft=address)


def _filed_as(paper: CertificatePaperView, filed: IssuedRecord | IssuedView) -> CertificatePaperView:
    """Return a paper as it was issued: its address leads to the signed file, not to a draft."""
    return replace(
        paper,
        number=filed.number,
        date=filed.issued_on,
        signer=filed.signer,
        draft=None,
        signed=paper.draft,
    )


def _joined(known: CertificatePaperView, found: CertificatePaperView | None) -> CertificatePaperView:
    """Return a paper that the register has, with the addresses of its draft or its signed file."""
    return replace(known, draft=found.draft, signed=found.signed) if found else known


def _of_session(
    tx: Connection, number: int, session_id: int, actor: Actor, language: Language
) -> dict[str, CertificatePaperView]:
    session, certificate = sessions.session_by_id(tx, session_id), certificates.certificate_by_id(tx, number)
    if session is None or certificate is None:
        return {}
    listed = [item for item in sessions.products_of(tx, session_id) if item.code == certificate.code]
    if not listed:
        return {}
    may_read = reads_sheets(tx, actor, session)
    issued = issued_in(tx, session_id)
    found: dict[str, CertificatePaperView] = {}
    for kind, name in _OF_SESSION.items():
        if kind is SessionDocument.DECISION and session.decision_number not in (None, certificate.number):
            continue  # the session's decision is another one
        filed = next(_filed(listed[-1], certificate.unit_id, kind, issued), None)
        paper = _unfiled(name, say(kind.text, language), _address(tx, session, listed[-1], kind, filed))
        if filed is not None:
            paper = _filed_as(paper, filed)
        if may_read:
            found[name] = paper
        elif filed is not None:
            found[name] = replace(paper, draft=None, signed=None)
    return found


def _address(
    tx: Connection,
    session: SittingRecord,
    listed: ScoredRecord,
    kind: SessionDocument,
    filed: IssuedRecord | None,
) -> str:
    """Return where a document of a session is drafted, or its signed file is fetched."""
    address = f"/sessions/{session.id}/documents/{kind}" + ("/issued" if filed else "")
    if DocumentOf.SESSION in kind.of:
        return address
    if filed is not None and filed.unit_id is not None:
        return f"{address}?commune={units.units_by_id(tx, [filed.unit_id])[filed.unit_id].slug}"
    return f"{address}?product={listed.code}"


def _filed(
    listed: ScoredRecord, unit_id: int, kind: SessionDocument, issued: list[IssuedRecord]
) -> Iterator[IssuedRecord]:
    """Yield what was issued of a kind: the product's own first, then its commune's, then the session's."""
    of_kind = [one for one in issued if one.kind == kind.value]
    yield from (one for one in of_kind if one.scored_id == listed.id)
    yield from (one for one in of_kind if one.unit_id == unit_id)
    yield from (one for one in of_kind if one.scored_id is None and one.unit_id is None)
