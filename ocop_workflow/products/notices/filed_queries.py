"""Queries on the signed papers that are filed of a product's step: they have to go before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import transitions
from ocop_workflow.store.tables.councils import scored
from ocop_workflow.store.tables.documents import documents

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A signed paper that is filed and was not taken back: its number, and the local day that it bears."""

    kind: FiledDocument
    number: str
    issued_on: date


def hold_step(tx: Connection, transition_id: int) -> None:
    """Keep whoever else undoes this step, or files a paper of it, waiting until the transaction ends."""
    tx.execute(select(transitions.c.id).where(transitions.c.id == transition_id).with_for_update())


def papers_of_step(tx: Connection, transition_id: int, *, certifies: int | None = None) -> list[FiledPaper]:
    """Return the signed papers that say what a step says, in the order of filing.

    Those of a step outside sessions are its own. Of a result that a session found all papers of the session
    tell, but for its invitation. Of a recognition by a session its decision is not one: the step rests on it.

    Args:
        tx: a transaction.
        transition_id: the step, by its row in the history.
        certifies: whose certificate the step granted, by the product's number; its own notice and certificate
            of the last session are looked at, too. None: it granted none.
    """
    last = select(func.max(scored.c.id)).where(scored.c.product_id == certifies).scalar_subquery()
    found_in = select(scored.c.session_id).where(scored.c.transition_id == transition_id)
    of_it = [
        documents.c.transition_id == transition_id,
        and_(documents.c.session_id.in_(found_in), documents.c.kind != FiledDocument.INVITATION),
    ]
    if certifies is not None:
        of_it.append(documents.c.scored_id == last)
    own = [documents.c[name] for name in FiledPaper.__slots__]
    stands = documents.c.taken_back_at.is_(None)
    return read_all(FiledPaper, tx.execute(select(*own).where(stands, or_(*of_it)).order_by(documents.c.id)))
