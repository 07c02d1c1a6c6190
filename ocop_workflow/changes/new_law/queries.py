"""Which open dossiers a regulation has left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from ocop_workflow.changes.new_law.certificate_queries import is_any_certificate_left
from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.regulations import decided_no_longer
from ocop_workflow.states.lifecycle import GOES_OVER
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A product whose open dossier goes by a regulation that decides it no longer."""

    id: int
    code: str


_LEFT = (
    select(products.c.id, products.c.code)
    .join(dossiers, is_current())
    .where(
        # alone it finds nothing else than the index holds; the kind is asked of what that has found
        dossiers.c.regulation.in_(bindparam("regulations", expanding=True)),
        (dossiers.c.regulation + ":" + dossiers.c.kind).in_(bindparam("kinds", expanding=True)),
        products.c.state.in_(GOES_OVER),
        products.c.entered_on <= bindparam("today"),
    )
)
#: asked by each sweep, before anything else
_ANY = Prepared(_LEFT.limit(1), "regulations", "kinds")
_NEXT = Prepared(
    _LEFT.where(products.c.id > bindparam("after")).order_by(products.c.id).limit(bindparam("most")),
    "regulations",
    "kinds",
)
_OF_ONE = Prepared(_LEFT.where(products.c.code == bindparam("code")), "regulations", "kinds")


def dossiers_left(tx: Connection, today: date, after: int, limit: int) -> list[LeftBehind]:
    """Return the products with such dossiers on a local day, the next so many behind a number."""
    expired = _expired(today)
    if not expired["kinds"]:
        return []
    return _NEXT.records(LeftBehind, tx, today=today, after=after, most=limit, **expired)


def is_any_left(tx: Connection, today: date, code: str | None = None) -> bool:
    """Tell whether there is any such dossier on a local day; of one product, if its code is given."""
    expired = _expired(today)
    if not expired["kinds"]:
        return False
    if code is not None:
        return bool(_OF_ONE.rows(tx, today=today, code=code, **expired))
    return bool(_ANY.rows(tx, today=today, **expired))


def is_behind(tx: Connection, today: date) -> bool:
    """Tell whether a law in force on a local day has not reached every dossier and certificate yet."""
    return is_any_left(tx, today) or is_any_certificate_left(tx, today)


def _expired(today: date) -> dict[str, list[str]]:
    found = decided_no_longer(today)
    return {
        "regulations": list(dict.fromkeys(name for name, _ in found)),
        "kinds": [f"{name}:{kind}" for name, kind in found],
    }
