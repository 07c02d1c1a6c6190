"""Queries on imports: which files and rows are in already, and what the products say that a list may name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, union_all, update

from ocop_workflow.dossiers.queries import open_first
from ocop_workflow.store.dialect import AT_ONCE, insert_all
from ocop_workflow.store.records import read_all, read_one, reader
from ocop_workflow.store.tables import contacts, plans, producers, products
from ocop_workflow.store.tables.imports import (
    imported_rows,
    imports,
    recognised_rows,
    restarts,
    staged_lists,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from ocop_workflow.states import State


@dataclass(frozen=True, slots=True)
class Stocked:
    """A product that is there, as far as a list may name it again."""

    id: int
    code: str
    name: str
    unit_id: int
    producer: str | None
    representative: str | None
    address: str | None
    plan_id: int
    plan_slug: str
    state: State
    version: int
    edits: int | None
    target: str | None

    @property
    def tag(self) -> str:
        """Which state of the product was read."""
        return f"{self.version}.{self.edits}" if self.edits else str(self.version)


def _stock() -> Select[Any]:
    return (
        select(
            products.c.id,
            products.c.code,
            products.c.name,
            products.c.unit_id,
            producers.c.name.label("producer"),
            producers.c.representative,
            contacts.c.address,
            products.c.plan_id,
            plans.c.slug.label("plan_slug"),
            products.c.state,
            products.c.version,
            products.c.edits,
            products.c.target,
        )
        .join(plans, plans.c.id == products.c.plan_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .outerjoin(contacts, contacts.c.id == products.c.address_id)
    )


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row that was imported before: its product, and the import that brought it."""

    product: Stocked
    import_id: int


def seen_rows(tx: Connection, plan_id: int) -> dict[str, SeenRow]:
    """Return the rows that a plan's lists had so far, by their key."""
    rows = union_all(
        *(
            select(table.c.key, table.c.product_id, table.c.import_id).where(table.c.plan_id == plan_id)
            for table in (imported_rows, recognised_rows)
        )
    ).subquery()
    statement = (
        _stock().join(rows, rows.c.product_id == products.c.id).add_columns(rows.c.key, rows.c.import_id)
    )
    found = tx.execute(statement)
    product_of = reader(Stocked, found.keys(), apart=("key", "import_id"))
    return {row.key: SeenRow(product_of(row), row.import_id) for row in found}


def products_of_plan(tx: Connection, plan_id: int) -> list[Stocked]:
    """Return a plan's products, in the order of their codes."""
    return _many(tx, _stock().where(products.c.plan_id == plan_id))


def products_of_other_plans(tx: Connection, plan_id: int, unit_ids: Collection[int]) -> list[Stocked]:
    """Return the products of these units in other plans, in the order of their codes."""
    elsewhere = _stock().where(products.c.plan_id != plan_id)
    ids = sorted(unit_ids)
    return [
        found
        for start in range(0, len(ids), AT_ONCE)
        for found in _many(tx, elsewhere.where(products.c.unit_id.in_(ids[start : start + AT_ONCE])))
    ]


def _many(tx: Connection, statement: Select[Any]) -> list[Stocked]:
    return read_all(Stocked, tx.execute(statement.order_by(products.c.code)))


def insert_products(tx: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Store products of one plan with their first dossiers; returns their numbers in order."""
    if not rows:
        return []
    statement = insert(products).returning(products.c.id, sort_by_parameter_order=True)
    numbers = list(tx.scalars(statement, [{**row, "dossier_no": 1} for row in rows]))
    open_first(tx, numbers, rows[0]["plan_id"])
    return numbers


def insert_import(tx: Connection, values: dict[str, Any]) -> int:
    """Store the record of an import; returns its number."""
    return int(tx.execute(insert(imports).values(**values).returning(imports.c.id)).scalar_one())


def insert_imported_rows(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Remember which products the rows of a file became."""
    insert_all(tx, insert(imported_rows), rows)


def insert_recognised_rows(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Remember which products, there before, the rows of a file are."""
    insert_all(tx, insert(recognised_rows), rows)


def put_elsewhere(tx: Connection, stocked: Stocked, state: State, target: str | None, at: datetime) -> bool:
    """Give a product that has taken no step another target at this instant, and the state that goes with it.

    False: it was changed by somebody else meanwhile.
    """
    done = tx.execute(
        update(products)
        .where(
            products.c.id == stocked.id,
            and_(products.c.version == stocked.version, products.c.state == stocked.state),
        )
        .values(state=state, target=target, edits=(stocked.edits or 0) + 1, updated_at=at)
    )
    return done.rowcount == 1


def record_restart(tx: Connection, product_id: int, import_id: int, before: State) -> None:
    """Remember that a product stands elsewhere since a list put it right."""
    values = {"product_id": product_id, "import_id": import_id, "state": before.value}
    tx.execute(insert(restarts).values(**values))


# -- lists that wait -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StagedRecord:
    """A list that somebody has brought and that does not count yet, with what was answered to it.

    `plan`: into which its products go; none: it is a list of certificates. `evidence`: what one of those is
    known by, where its row does not say.
    """

    id: int
    officer_id: int
    plan: str | None
    evidence: str | None
    file_name: str
    content: bytes
    answers: dict[str, str]
    at: datetime


_STAGED = select(
    staged_lists.c.id,
    staged_lists.c.officer_id,
    plans.c.slug.label("plan"),
    staged_lists.c.evidence,
    staged_lists.c.file_name,
    staged_lists.c.content,
    staged_lists.c.answers,
    staged_lists.c.at,
).outerjoin(plans, plans.c.id == staged_lists.c.plan_id)


def insert_staged(tx: Connection, values: dict[str, Any]) -> int:
    """Keep a list; returns its number."""
    return int(tx.execute(insert(staged_lists).values(**values).returning(staged_lists.c.id)).scalar_one())


def staged_by_id(tx: Connection, number: int) -> StagedRecord | None:
    """Return the list of this number that waits."""
    return read_one(StagedRecord, tx.execute(_STAGED.where(staged_lists.c.id == number)))


def staged_of(tx: Connection, officer_id: int) -> list[StagedRecord]:
    """Return the lists of an officer that wait, the newest first."""
    of_officer = _STAGED.where(staged_lists.c.officer_id == officer_id)
    return read_all(StagedRecord, tx.execute(of_officer.order_by(staged_lists.c.id.desc())))


def change_staged(tx: Connection, number: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give a waiting list's columns new values."""
    tx.execute(update(staged_lists).where(staged_lists.c.id == number).values(**values))


def delete_staged(tx: Connection, number: int) -> None:
    """Keep a list no longer."""
    tx.execute(delete(staged_lists).where(staged_lists.c.id == number))


def forget_staged(tx: Connection, before: datetime) -> None:
    """Keep the lists no longer that were brought before an instant."""
    tx.execute(delete(staged_lists).where(staged_lists.c.at < before))
