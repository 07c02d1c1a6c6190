"""The register: every certificate ever known, and what became of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import queries as audit
from ocop_workflow.audit.words import deed_text
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.correction_queries import corrections_of
from ocop_workflow.certificates.qr import address_of_page
from ocop_workflow.certificates.register_queries import SoughtCertificates
from ocop_workflow.certificates.views import (
    CertificateChangeView,
    CertificateDeedView,
    CertificateStatus,
    ListedCertificateView,
    RegisteredCertificateView,
)
from ocop_workflow.errors import Conflict, Text, WrongUse, say
from ocop_workflow.people.officers import HOST, sees
from ocop_workflow.places import queries as units
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.settling.confirming import no_certificate
from ocop_workflow.states import STAYING, CertificateStanding, EvidenceLevel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from enum import StrEnum
    from typing import TypeVar

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.products.queries import HistoryEntry
    from ocop_workflow.store import Connection

    Closed = TypeVar("Closed", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class WantedCertificates:
    """Which certificates a list shows, by the names that people give; a page of them if there is a limit."""

    unit: str | None = None
    star: int | None = None
    standing: str | None = None
    ends_within: int | None = None
    updated_since: datetime | None = None
    after: int = 0
    limit: int | None = None
    status: str | None = None
    evidence: str | None = None
    group: str | None = None
    words: str | None = None


def list_certificates(
    tx: Connection, on: date, wanted: WantedCertificates, actor: Actor = HOST, language: Language = "vi"
) -> list[ListedCertificateView]:
    """Return the certificates that match and that the actor may see, as they stand on a local day.

    Raises:
        WrongUse: no unit, standing, status or level of evidence has that name.
    """
    found = register.find_certificates(tx, _sought(tx, on, wanted, actor))
    return [ListedCertificateView.of(record, on, language) for record in found]


def count_certificates(tx: Connection, on: date, wanted: WantedCertificates, actor: Actor = HOST) -> int:
    """Return how many certificates match that the actor may see, on all pages together.

    Raises:
        WrongUse: see `list_certificates`.
    """
    return register.count_certificates(tx, replace(_sought(tx, on, wanted, actor), after=0, limit=None))


def _sought(tx: Connection, on: date, wanted: WantedCertificates, actor: Actor) -> SoughtCertificates:
    return SoughtCertificates(
        on,
        actor.units_with(Permission.READ),
        _unit_id(tx, wanted.unit) if wanted.unit else None,
        wanted.star,
        _word(CertificateStanding, wanted.standing, ("tình trạng xác nhận", "standing")),
        wanted.ends_within,
        wanted.updated_since,
        wanted.after,
        wanted.limit,
        _word(CertificateStatus, wanted.status, ("tình trạng", "status")),
        _word(EvidenceLevel, wanted.evidence, ("mức chứng cứ", "level of evidence")),
        wanted.group,
        wanted.words or None,
    )


def _unit_id(tx: Connection, slug: str) -> int:
    unit = units.unit_by_slug(tx, slug)
    if unit is None:
        raise WrongUse(f"Không có địa phương {slug}.", f"No unit is called {slug}.")
    return unit.id


def _word(words: type[Closed], name: str | None, what: tuple[str, str]) -> Closed | None:
    if name is None:
        return None
    try:
        return words(name)
    except ValueError:
        known, (vi, en) = ", ".join(words), what
        raise WrongUse(
            f"Không có {vi} {name}; có: {known}.", f"No {en} is called {name}; there are: {known}."
        ) from None


def show_certificate(
    tx: Connection, number: int, on: date, actor: Actor = HOST, language: Language = "vi"
) -> RegisteredCertificateView:
    """Return one certificate as it stands on a local day, with what was done to it.

    Raises:
        NotFound: none that the actor may see has this number.
    """
    record = certificates.certificate_by_id(tx, number)
    if record is None or not sees(tx, actor, record.unit_id):
        raise no_certificate(number)
    product = find_product(tx, record.code) if record.code else None
    steps = products.history(tx, product.id) if product else []
    told = [*_steps(record.id, steps, language), *_deeds(tx, record.id, language)]
    told += _corrections(tx, record.id, language)
    history = tuple(sorted(told, key=lambda deed: deed.at))
    name = product.name if product else None
    return RegisteredCertificateView.with_history(record, on, name, history, language)


def _steps(number: int, steps: list[HistoryEntry], language: Language) -> Iterator[CertificateDeedView]:
    """Yield the steps of its product that issued it, ended it, or weighed that; and what took those back."""
    touching: set[int] = set()
    running: int | None = None
    for step in steps:
        if number in _touched(step) or (step.event in STAYING and step.undoes is None and running == number):
            touching.add(step.seq)
        running = (step.replaced or {}).get("issued") or running
    for step in steps:
        if step.seq in touching or step.undoes in touching:
            label = say(step.text, language)
            yield CertificateDeedView(step.at, step.actor, step.event.value, label, step.note or None)


def _touched(step: HistoryEntry) -> set[int | None]:
    replaced = step.replaced or {}
    return {replaced.get(name) for name in ("issued", "ended", "refused")}


def _deeds(tx: Connection, number: int, language: Language) -> Iterator[CertificateDeedView]:
    """Yield what was done to the certificate itself."""
    for entry in audit.entries_about(tx, f"certificate:{number}"):
        if entry.action == _CORRECT:
            continue  # told with what it has changed
        label, after = say(deed_text(entry.action), language), entry.after or {}
        yield CertificateDeedView(entry.at, entry.actor, entry.action, label, after.get("reason"))


_CORRECT = "certificate.correct"


def _corrections(tx: Connection, number: int, language: Language) -> Iterator[CertificateDeedView]:
    """Yield what was typed wrongly and put right."""
    for entry in corrections_of(tx, number):
        changes = tuple(
            CertificateChangeView(
                name, say(text, language), _written(entry.before[name]), _written(entry.after[name])
            )
            for name, text in FIELDS.items()
            if name in entry.after
        )
        label = say(deed_text(_CORRECT), language)
        yield CertificateDeedView(entry.at, entry.by, _CORRECT, label, entry.reason, changes)


def _written(value: object) -> str | None:
    return None if value in (None, "") else str(value)


#: what may be put right, as people call it
FIELDS = {
    "product": Text("sản phẩm", "product"),
    "producer": Text("chủ thể", "producer"),
    "commune": Text("xã, phường như quyết định ghi", "commune as the decision has it"),
    "star": Text("hạng sao", "star"),
    "number": Text("số quyết định", "decision's number"),
    "decided_on": Text("ngày quyết định", "day of the decision"),
    "valid_until": Text("có giá trị đến", "valid until"),
    "issuer": Text("cơ quan quyết định", "body that decided"),
    "signer": Text("người ký", "signer"),
    "published_on": Text("ngày công bố", "published on"),
    "evidence": Text("chứng cứ", "evidence"),
    "source": Text("nguồn", "source"),
}


def page_address(public_address: str, view: ListedCertificateView) -> str:
    """Return the address that a certificate's QR code holds.

    Args:
        public_address: at which everybody reaches the service; empty: nobody does.
        view: the certificate.

    Raises:
        Conflict: nobody may look it up, or nobody outside reaches the service.
    """
    if view.page is None:
        raise Conflict(
            f"Giấy chứng nhận {view.id} {view.standing_label} ({view.evidence_label}), nên không có trang "
            "tra cứu.",
            f"The certificate {view.id} has no public page: it is not confirmed, or neither a signed "
            "decision nor news of a state body is known.",
        )
    if not public_address:
        raise Conflict(
            "OCOP_PUBLIC_URL chưa là địa chỉ mà mọi người vào được, nên không in mã QR.",
            "OCOP_PUBLIC_URL is no address that everybody reaches, so no QR code is printed.",
        )
    return address_of_page(public_address, view.page)
