"""Queries on links by which producers hand papers in, and on what has come by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products, units
from ocop_workflow.store.tables.papers import handed_in, upload_links

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class UploadLinkRecord:
    """A link to one dossier of a product; `current`: the number of the dossier that the product has now."""

    id: int
    code: str
    dossier: int
    current: int
    ends_on: date
    made_at: datetime
    made_by: str
    revoked_at: datetime | None


_LINK = select(
    upload_links.c.id,
    products.c.code,
    upload_links.c.dossier,
    products.c.dossier_no.label("current"),
    upload_links.c.ends_on,
    upload_links.c.made_at,
    upload_links.c.made_by,
    upload_links.c.revoked_at,
).join(products, products.c.id == upload_links.c.product_id)


def upload_link_by_checksum(tx: Connection, sha256: str) -> UploadLinkRecord | None:
    """Return the link whose end has this checksum; none: there is none."""
    found = read_all(UploadLinkRecord, tx.execute(_LINK.where(upload_links.c.sha256 == sha256)))
    return found[0] if found else None


def upload_links_of(tx: Connection, product_id: int, dossier: int, today: date) -> list[UploadLinkRecord]:
    """Return the links to a dossier that are still good on a local day, newest first."""
    good = (
        upload_links.c.product_id == product_id,
        upload_links.c.dossier == dossier,
        upload_links.c.revoked_at.is_(None),
        upload_links.c.ends_on >= today,
    )
    return read_all(UploadLinkRecord, tx.execute(_LINK.where(*good).order_by(upload_links.c.id.desc())))


def insert_upload_link(tx: Connection, values: dict[str, Any]) -> int:
    """Store a link; returns its number."""
    number: int = tx.execute(insert(upload_links).values(values).returning(upload_links.c.id)).scalar_one()
    return number


def revoke_upload_link(tx: Connection, number: int, by: str, now: datetime) -> None:
    """Note that a link is good no more."""
    gone = {"revoked_at": now, "revoked_by": by}
    tx.execute(update(upload_links).where(upload_links.c.id == number).values(gone))


def revoke_upload_links_to(tx: Connection, product_id: int, dossier: int, by: str, now: datetime) -> None:
    """Note that no link to a dossier is good any more."""
    of = (
        upload_links.c.product_id == product_id,
        upload_links.c.dossier == dossier,
        upload_links.c.revoked_at.is_(None),
    )
    tx.execute(update(upload_links).where(*of).values(revoked_at=now, revoked_by=by))


# -- what has come ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandedInRecord:
    """A file that came by a link; `size` in bytes; settled: taken as a paper, or returned with a reason."""

    id: int
    link_id: int
    kind: str
    name: str
    size: int
    sha256: str
    media_type: str
    brought_at: datetime
    paper_id: int | None
    settled_at: datetime | None
    returned_because: str | None


def handed_in_for(tx: Connection, product_id: int, dossier: int) -> list[HandedInRecord]:
    """Return all that came for a dossier, by whatever link, oldest first."""
    columns = [handed_in.c[name] for name in HandedInRecord.__slots__]
    statement = (
        select(*columns)
        .join(upload_links, upload_links.c.id == handed_in.c.link_id)
        .where(upload_links.c.product_id == product_id, upload_links.c.dossier == dossier)
        .order_by(handed_in.c.id)
    )
    return read_all(HandedInRecord, tx.execute(statement))


def has_files_waiting(tx: Connection, product_id: int, dossier: int) -> bool:
    """Tell whether a file waits for a dossier."""
    return any(item.settled_at is None for item in handed_in_for(tx, product_id, dossier))


def insert_handed_in(tx: Connection, values: dict[str, Any]) -> int:
    """Store a file that has come; returns its number."""
    number: int = tx.execute(insert(handed_in).values(values).returning(handed_in.c.id)).scalar_one()
    return number


def settle_handed_in(tx: Connection, number: int, values: dict[str, Any]) -> bool:
    """Settle a file that waits; false: somebody else has."""
    waits = (handed_in.c.id == number, handed_in.c.settled_at.is_(None))
    return tx.execute(update(handed_in).where(*waits).values(values)).rowcount == 1


@dataclass(frozen=True, slots=True)
class ProductWaitingRecord:
    """A product for whose current dossier files have come that nobody has looked at."""

    code: str
    product: str
    unit: str
    files: int
    since: datetime


def products_waiting(
    tx: Connection, roots: Collection[int] | None, limit: int | None = None
) -> list[ProductWaitingRecord]:
    """Return the products for which files wait, those that wait longest first.

    Args:
        tx: the transaction.
        roots: units under which they lie; none: anywhere.
        limit: how many at most; none: all.
    """
    since = func.min(handed_in.c.brought_at)
    statement = (
        select(
            products.c.code,
            products.c.name.label("product"),
            units.c.name.label("unit"),
            func.count(handed_in.c.id).label("files"),
            since.label("since"),
        )
        .join(upload_links, upload_links.c.id == handed_in.c.link_id)
        .join(products, products.c.id == upload_links.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .where(*_waiting(roots))
        .group_by(products.c.id, products.c.code, products.c.name, units.c.name)
        .order_by(since, products.c.code)
        .limit(limit)
    )
    return read_all(ProductWaitingRecord, tx.execute(statement))


def _waiting(roots: Collection[int] | None) -> list[ColumnElement[bool]]:
    found = [handed_in.c.settled_at.is_(None), upload_links.c.dossier == products.c.dossier_no]
    return found if roots is None else [*found, products.c.unit_id.in_(reach(roots))]
