"""Which open deadlines of certificates go by a law that a later one has replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select

from ocop_workflow.calendar import Subject
from ocop_workflow.calendar.laws import changes_of_law, legislated, older_rules_of_ends
from ocop_workflow.deadlines.queries import open_of_products
from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.states import Dossier
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import certificates, deadlines, plans, products
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import State

# Of whatever was opened since, the law of that day is asked: the index holds nothing else.
_LEFT = (
    select(deadlines.c.product_id)
    .select_from(
        deadlines.join(products, products.c.id == deadlines.c.product_id).outerjoin(
            plans, plans.c.id == deadlines.c.plan_id
        )
    )
    .where(
        deadlines.c.subject == Subject.CERTIFICATE,
        deadlines.c.closed_on.is_(None),
        deadlines.c.opened_on < bindparam("since"),
        or_(
            deadlines.c.rule.in_(bindparam("named", expanding=True)),
            and_(
                deadlines.c.rule.in_(bindparam("plain", expanding=True)),
                func.coalesce(plans.c.regulation, products.c.regulation).in_(
                    bindparam("older", expanding=True)
                ),
            ),
        ),
    )
)
#: asked by each sweep, before anything else
_ANY = Prepared(_LEFT.limit(1), "named", "plain", "older")
_NEXT = Prepared(
    _LEFT.where(deadlines.c.product_id > bindparam("after"))
    .distinct()
    .order_by(deadlines.c.product_id)
    .limit(bindparam("most")),
    "named",
    "plain",
    "older",
)


def is_any_certificate_left(tx: Connection, today: date) -> bool:
    """Tell whether any certificate's deadlines go by a law that was replaced by a local day."""
    laws = changes_of_law(today)
    return bool(laws) and bool(_ANY.rows(tx, **_asked(laws[-1])))


def hold_products(tx: Connection, law: Regulation, after: int, limit: int) -> list[int]:
    """Return the products with such deadlines, the next so many behind a number; nobody moves them meanwhile.

    Args:
        tx: a writing transaction.
        law: the later law.
        after: the number behind which they are looked for.
        limit: how many.
    """
    found = [number for (number,) in _NEXT.rows(tx, after=after, most=limit, **_asked(law))]
    tx.execute(
        select(products.c.id).where(products.c.id.in_(found)).order_by(products.c.id).with_for_update()
    )
    return found


@dataclass(frozen=True, slots=True)
class Holding:
    """An open deadline of a product's certificate, and what the next law's deadlines depend on.

    `is_first`: no other of the same product comes before it.
    """

    row: DeadlineRecord
    product_id: int
    unit_id: int
    state: State
    dossier: Dossier
    valid_until: date
    is_first: bool

    @property
    def place(self) -> tuple[int | None, int]:
        """By what its authority is known: its plan, and its unit."""
        return self.row.plan_id, self.unit_id


def holdings(tx: Connection, law: Regulation, product_ids: Sequence[int]) -> list[Holding]:
    """Return such deadlines of these products, in the order of their products."""
    rows = {row.id: row for row in open_of_products(tx, product_ids)}
    statement = (
        _LEFT.with_only_columns(
            deadlines.c.id,
            deadlines.c.product_id,
            products.c.unit_id,
            products.c.state,
            func.coalesce(dossiers.c.kind, Dossier.FIRST).label("dossier"),
            certificates.c.valid_until,
            maintain_column_froms=True,
        )
        .join(certificates, certificates.c.id == deadlines.c.subject_id)
        .outerjoin(dossiers, is_current())
        .where(deadlines.c.product_id.in_(product_ids))
        .order_by(deadlines.c.product_id, deadlines.c.id)
    )
    found: list[Holding] = []
    for row in tx.execute(statement, _asked(law)):
        is_first = not found or found[-1].product_id != row.product_id
        found.append(
            Holding(
                rows[row.id],
                row.product_id,
                row.unit_id,
                row.state,
                Dossier(row.dossier),
                row.valid_until,
                is_first,
            )
        )
    return found


def _asked(law: Regulation) -> dict[str, object]:
    older = older_rules_of_ends(law)
    named = [legislated(rule, law_id) for law_id, rules in older.items() for rule in rules]
    plain = list(dict.fromkeys(rule for rules in older.values() for rule in rules))
    return {"since": law.in_force.since, "named": named, "plain": plain, "older": list(older)}
