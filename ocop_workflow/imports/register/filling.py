"""What a list says of a certificate that is there already: what was missing, and what stands otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.errors import Text
from ocop_workflow.imports.reading.holders import is_organisation
from ocop_workflow.imports.register.lists.cells import same_body
from ocop_workflow.imports.register.replies import KEEP, among
from ocop_workflow.imports.register.views import ListedVerdict
from ocop_workflow.people.producers import is_called
from ocop_workflow.products.settling.completing import Completion
from ocop_workflow.states import CertificateStanding, EvidenceLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.imports.register.judged import Judged
    from ocop_workflow.imports.register.replies import Replies
    from ocop_workflow.products.queries import MadeThere
    from ocop_workflow.products.settling.listed import ListedCertificate

#: how much is known by a level of evidence
_RANK: Final = {
    EvidenceLevel.LEAD: 0,
    EvidenceLevel.PROPOSAL: 1,
    EvidenceLevel.NEWS: 2,
    EvidenceLevel.SIGNED: 3,
}


class Filling:
    """Compares a recognition with the same certificate as it is stored."""

    def __init__(self, replies: Replies) -> None:
        """Take what was answered."""
        self._replies = replies

    def compare(self, one: Judged, found: CertificateRecord, made: MadeThere | None) -> None:
        """Say what the list brings that was missing; what it says otherwise is asked, never written over.

        Args:
            one: the recognition.
            found: the certificate.
            made: its product here, if it has one, and who makes that.
        """
        differing = list(_differing(one, found, made))
        if differing and not among(self._replies.to_row(one.row), KEEP):
            said = "; ".join(
                f"{what}: sổ ghi “{there}”, danh sách ghi “{here}”" for what, there, here in differing
            )
            text = Text(
                f"{said}. Sổ không bị ghi đè: sổ đúng thì trả lời “giữ”, sổ sai thì sửa sổ trước",
                f"the register (certificate {found.id}) says otherwise; answer “keep” if it is right",
            )
            one.asked(None, text, "giữ")
            return
        assert one.listed is not None  # noqa: S101 - see `Beside`
        told, completion = _missing(one, found, made, one.listed)
        if completion:
            one.verdict, one.completion = ListedVerdict.CHANGED, completion
            one.names_maker = (
                "producer" in completion.columns and made is not None and made.producer_id is None
            )
            one.detail = f"bổ sung giấy số {found.id}: {', '.join(told)}"


def _differing(
    one: Judged, found: CertificateRecord, made: MadeThere | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what the list says otherwise than the register: what it is, as it stands there, and here."""
    row = one.row
    if row.issuer and found.issuer and not same_body(row.issuer, found.issuer):
        yield "cơ quan", found.issuer, row.issuer
    if row.valid_until and row.valid_until != found.valid_until:
        yield "ngày hết hạn", f"{found.valid_until:%d/%m/%Y}", f"{row.valid_until:%d/%m/%Y}"
    if row.ended_on and row.ended_on != found.ended_on:
        there = f"{found.ended_on:%d/%m/%Y}" if found.ended_on else "chưa thu hồi"
        yield "ngày thu hồi", there, f"{row.ended_on:%d/%m/%Y}"
    named = made.representative if made and made.producer and not _is_unnamed(made) else None
    if row.representative and named and not is_called(row.representative, named):
        yield "người đại diện", named, row.representative


def _is_unnamed(made: MadeThere) -> bool:
    """Tell whether nobody has said who represents a producer: its own name stands there."""
    name, representative = made.producer or "", made.representative or ""
    return is_organisation(name) and is_called(name, representative)


def _represented(representative: str | None, made: MadeThere | None) -> tuple[int, str] | None:
    """Return the producer whose representative was not told before, and who that is; none: nothing is new."""
    if not representative or made is None or made.producer_id is None or not _is_unnamed(made):
        return None
    return None if is_called(representative, made.producer or "") else (made.producer_id, representative)


def _missing(
    one: Judged, found: CertificateRecord, made: MadeThere | None, listed: ListedCertificate
) -> tuple[list[str], Completion]:
    """Return what the list brings that the register lacks, in words and as it is filled in."""
    row, told = one.row, []
    columns: dict[str, Any] = {}
    if listed.issuer and not found.issuer:
        columns["issuer"] = listed.issuer
        told.append("cơ quan")
    if listed.producer and not found.producer:
        columns["producer"] = listed.producer
        told.append("chủ thể")
    better = _RANK[listed.evidence] > _RANK[found.evidence]
    if better:
        # by what it is known now stands in this list; the audit keeps where that stood before
        columns |= {"evidence": listed.evidence, "source": listed.source}
        told.append(f"chứng cứ {found.evidence.value} → {listed.evidence.value}")
    elif row.source and not found.source:
        columns["source"] = listed.source
        told.append("nguồn")
    proposed = found.standing is CertificateStanding.PROPOSED
    confirms = better and proposed and listed.standing is CertificateStanding.CONFIRMED
    if confirms:
        told.append("được xác nhận")
    represented = _represented(row.representative, made)
    if represented is not None:
        told.append("người đại diện")
    return told, Completion(columns, represented=represented, confirms=confirms)


__all__ = ["Filling"]
