"""What a certificate says beside star, number and days: names as they were then, its body, its evidence."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ocop_workflow.places.queries import UnitRecord

#: of the random end of a page's address
_OCTETS: Final = 16


@dataclass(frozen=True, slots=True)
class Naming:
    """How a certificate's paper names things. No renaming, merging or undoing changes that.

    Attributes:
        product, producer, commune, province: as they were called on the day of the decision.
        evidence: what it is known by.
        issuer: the body that decided; none: nobody has said.
        regulation: under which it was granted; none: nobody has said.
        published_on: the local day on which the result was published.
        source: where it stands; none: in a step of its product.
        product_group: its group, where a list told it.
    """

    product: str
    producer: str | None
    commune: str
    province: str | None
    evidence: EvidenceLevel
    issuer: str | None = None
    regulation: str | None = None
    published_on: date | None = None
    source: str | None = None
    product_group: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that say so, with a page's address that nobody can guess."""
        told = {name: getattr(self, name) for name in self.__slots__}
        words = words_of(self.product, self.producer)
        return {**told, "search_key": words, "token": secrets.token_urlsafe(_OCTETS)}


def words_of(product: str, producer: str | None) -> str:
    """Return the key by which a certificate is found: what it calls product and producer."""
    return search_key(f"{product} {producer or ''}")[:600]


def is_shown(standing: CertificateStanding, evidence: EvidenceLevel) -> bool:
    """Tell whether everybody may look a certificate up: it is confirmed, and by what it is known counts."""
    return standing is CertificateStanding.CONFIRMED and evidence.is_public


def province_of(line: Iterable[UnitRecord]) -> str | None:
    """Return the name of the province among a unit and those above it; none: there is none."""
    return next((unit.name for unit in line if unit.level.value == "province"), None)


__all__ = ["Naming", "is_shown", "province_of"]
