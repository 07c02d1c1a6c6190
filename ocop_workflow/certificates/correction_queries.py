"""Queries on corrections: what the register lacked or said wrongly, who put it right, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from ocop_workflow.certificates.naming import words_of
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import certificates
from ocop_workflow.store.tables.certificates import certificate_corrections as corrections

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """What a certificate said before and says since, by whom, when and why."""

    id: int
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    after_step: int | None
    at: datetime
    by: str


def corrections_of(tx: Connection, certificate_id: int) -> list[CorrectionRecord]:
    """Return the corrections of a certificate, oldest first."""
    columns = (corrections.c[name] for name in CorrectionRecord.__slots__)
    statement = select(*columns).where(corrections.c.certificate_id == certificate_id)
    return read_all(CorrectionRecord, tx.execute(statement.order_by(corrections.c.id)))


@dataclass(frozen=True, slots=True)
class PuttingRight:
    """A correction that is to be stored: which columns were what, and are what from now on.

    `product`, `producer`: what the certificate calls them since.
    """

    product: str
    producer: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    after_step: int | None
    at: datetime
    by: str


def put_right(
    tx: Connection, certificate_id: int, corrected: int | None, right: PuttingRight, *, shown: bool
) -> bool:
    """Give a certificate's columns their right values, and keep the old ones. False: it was changed since.

    Args:
        tx: a writing transaction.
        certificate_id: its number.
        corrected: how often it had been corrected when it was read.
        right: what changes.
        shown: whether everybody may look it up from now on, at the latest.
    """
    values = dict(right.after)
    if values.keys() & {"product", "producer"}:
        values["search_key"] = words_of(right.product, right.producer)
    if shown:
        values["shown_since"] = func.coalesce(certificates.c.shown_since, right.at)
    done = tx.execute(
        update(certificates)
        .where(
            certificates.c.id == certificate_id,
            func.coalesce(certificates.c.corrected, 0) == (corrected or 0),
        )
        .values(**values, corrected=(corrected or 0) + 1, corrected_at=right.at)
    )
    if done.rowcount != 1:
        return False
    kept = {
        "certificate_id": certificate_id,
        "before": plain(right.before),
        "after": plain(right.after),
        "reason": right.reason,
        "after_step": right.after_step,
        "at": right.at,
        "by": right.by,
    }
    tx.execute(insert(corrections).values(**kept))
    return True


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as the history keeps them: days as texts, words by their values."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a column holds
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "value", value)


def decided_around(tx: Connection, certificate_id: int) -> tuple[date | None, date | None]:
    """Return when the certificate that one has replaced was decided, and when the one that followed it."""
    followed = select(func.max(certificates.c.decided_on)).where(
        certificates.c.replaced_by_id == certificate_id
    )
    next_id = select(certificates.c.replaced_by_id).where(certificates.c.id == certificate_id)
    following = select(certificates.c.decided_on).where(certificates.c.id == next_id.scalar_subquery())
    return tx.scalar(followed), tx.scalar(following)


def fill_in(tx: Connection, certificate_id: int, columns: Mapping[str, Any]) -> None:
    """Write what was not known of a certificate when it came in."""
    values, this = dict(columns), certificates.c.id == certificate_id
    if columns.get("producer"):
        product = tx.scalars(select(certificates.c.product).where(this)).one()
        values["search_key"] = words_of(product, columns["producer"])
    tx.execute(update(certificates).where(this).values(**values))
