"""A list brings what the register lacked of a certificate: it is filled in, nothing there is written over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import correction_queries as corrections
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.queries import Settling
from ocop_workflow.people import producer_queries as producers
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.settling.listed import EnteredListed, bring_listed_in
from ocop_workflow.states import CertificateStanding, EvidenceLevel

if TYPE_CHECKING:
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.products.settling.listed import ListedCertificate
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Completion:
    """What a list brings that was missing.

    Attributes:
        columns: of the certificate, with what they are to say.
        producer_id: who makes its product, of which nobody was named yet.
        represented: the producer whose representative was not named yet, and who that is.
        confirms: whether it is confirmed by that: it is known by more now, and its level brings the list.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    producer_id: int | None = None
    represented: tuple[int, str] | None = None
    confirms: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.columns or self.producer_id or self.represented or self.confirms)


def complete_listed(
    tx: Connection, record: CertificateRecord, listed: ListedCertificate, given: Completion
) -> EnteredListed:
    """Fill in what the register lacked of a certificate; the audit has to be told yet.

    It keeps what stood there before, and so does the certificate's own history.

    Args:
        tx: a writing transaction.
        record: the certificate as it is stored.
        listed: the same as the list has it.
        given: what the list brings.

    Raises:
        Stale: its product was changed by somebody else meanwhile.
    """
    before = {name: _plain(getattr(record, _NAMED.get(name, name))) for name in given.columns}
    after = {name: _plain(value) for name, value in given.columns.items()}
    if given.columns:
        corrections.fill_in(tx, record.id, given.columns)
    code = record.code or None
    if given.confirms:
        code = _confirm(tx, record, listed)
        before |= {"standing": record.standing.value}
        after |= {"standing": CertificateStanding.CONFIRMED.value}
    if given.represented is not None:
        producers.name_representative(tx, *given.represented)
        after |= {"representative_of": given.represented[0]}
    if record.code:
        values = {"producer_id": given.producer_id} if given.producer_id is not None else {}
        after |= values
        products.edit(tx, find_product(tx, record.code), values, listed.now)
    after |= {"list": listed.source}
    return EnteredListed(
        record.id, code, Deed("certificate.complete", f"certificate:{record.id}", before, after)
    )


#: what a record calls a column otherwise
_NAMED = {"evidence": "came_with"}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return value.value if isinstance(value, EvidenceLevel) else value


def _confirm(tx: Connection, record: CertificateRecord, listed: ListedCertificate) -> str | None:
    """Confirm it: by its decision where that is signed, so that it can be taken back as any confirmation."""
    held = listed.certificate
    paper = {"paper_number": held.number, "paper_date": held.decided_on.isoformat(), "note": listed.source}
    signed = listed.evidence is EvidenceLevel.SIGNED
    by = listed.settling
    settling = Settling(by.standing, by.by, by.acting_for, by.at, paper if signed else None)
    code = record.code or None
    if code is None and listed.brings_product:
        code = bring_listed_in(tx, listed, record.id)
    certificates.settle_apart(tx, record.id, settling)
    return code


__all__ = ["Completion", "complete_listed"]
