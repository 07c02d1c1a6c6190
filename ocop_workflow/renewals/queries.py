"""Why producers do not have their products rated again, as the histories have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ocop_workflow.states import Event, NotRenewing
from ocop_workflow.store.dialect import in_parts
from ocop_workflow.store.tables import certificates, transitions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a producer declined a renewal, and what was said beside it; empty: nothing."""

    why: NotRenewing
    note: str


def why_not_renewing(tx: Connection, certificate_ids: Collection[int]) -> dict[int, Declined]:
    """Return why these certificates are not renewed, of which that is on record, by certificate."""
    found: dict[int, Declined] = {}
    for part in in_parts(certificate_ids):
        last = (
            select(func.max(transitions.c.id))
            .join(certificates, certificates.c.product_id == transitions.c.product_id)
            .where(certificates.c.id.in_(part), transitions.c.event == Event.DECLINE_RENEWAL)
            .group_by(transitions.c.product_id)
        )
        statement = (
            select(certificates.c.id, transitions.c.data)
            .join(certificates, certificates.c.product_id == transitions.c.product_id)
            .where(certificates.c.id.in_(part), transitions.c.id.in_(last))
        )
        for number, data in tx.execute(statement):
            found[number] = Declined(NotRenewing(data["not_renewing"]), data.get("reason") or "")
    return found
