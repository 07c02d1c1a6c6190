"""Queries on certificates, running and ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ocop_workflow.storage.tables import certificates

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate as it is stored; `ended_because`: renewed, revoked, lapsed or undone."""

    star: int
    number: str
    decided_on: date
    valid_until: date
    signer: str
    ended_on: date | None
    ended_because: str | None


def certificates_of(tx: Connection, product_id: int) -> list[CertificateRecord]:
    """Return every certificate of a product, running or ended, oldest first."""
    rows = tx.execute(
        select(
            certificates.c.star,
            certificates.c.number,
            certificates.c.decided_on,
            certificates.c.valid_until,
            certificates.c.signer,
            certificates.c.ended_on,
            certificates.c.ended_because,
        )
        .where(certificates.c.product_id == product_id)
        .order_by(certificates.c.id)
    )
    return [CertificateRecord(*tuple(row)) for row in rows]
