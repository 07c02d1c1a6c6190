"""Queries with which a plan loaded by mistake is taken out: what hangs on it, and what forbids it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, union

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.digest_queries import perhaps_sent, take_back
from ocop_workflow.store.dialect import AT_ONCE
from ocop_workflow.store.tables import (
    compiled_plans,
    contacts,
    corrections,
    deadlines,
    extended_products,
    extensions,
    flags,
    outbox,
    plan_versions,
    plans,
    producers,
    products,
    relocations,
    transitions,
)
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.store.tables.forms import declared_changes, form_answers, form_values, revenues
from ocop_workflow.store.tables.imports import (
    imported_rows,
    imports,
    questions,
    recognised_rows,
    restarts,
    staged_lists,
)
from ocop_workflow.store.tables.occurrences import occurrences, visit_findings, visits
from ocop_workflow.store.tables.papers import handed_in, paper_files, papers, upload_links

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Table

#: what hangs on a plan, in the order in which it can go, and by which rows of it; a test holds this list
#: against the references between the tables
HANGING: tuple[tuple[Table, Callable[[int], ColumnElement[bool]]], ...] = (
    (corrections, lambda plan_id: corrections.c.deadline_id.in_(_deadlines(plan_id))),
    (reminding.TABLE, lambda plan_id: reminding.of_deadlines(_deadlines(plan_id))),
    (flags, lambda plan_id: flags.c.deadline_id.in_(_deadlines(plan_id))),
    (deadlines, lambda plan_id: deadlines.c.plan_id == plan_id),
    (extended_products, lambda plan_id: extended_products.c.extension_id.in_(_extensions(plan_id))),
    (extensions, lambda plan_id: extensions.c.plan_id == plan_id),
    (
        occurrences,
        lambda plan_id: or_(
            occurrences.c.plan_id == plan_id, occurrences.c.product_id.in_(_products(plan_id))
        ),
    ),
    (visit_findings, lambda plan_id: visit_findings.c.visit_id.in_(_visits(plan_id))),
    (visits, lambda plan_id: visits.c.product_id.in_(_products(plan_id))),
    (handed_in, lambda plan_id: handed_in.c.link_id.in_(_upload_links(plan_id))),
    (upload_links, lambda plan_id: upload_links.c.product_id.in_(_products(plan_id))),
    (paper_files, lambda plan_id: paper_files.c.paper_id.in_(_papers(plan_id))),
    (papers, lambda plan_id: papers.c.product_id.in_(_products(plan_id))),
    (form_values, lambda plan_id: form_values.c.sheet_id.in_(_sheets(plan_id))),
    (form_answers, lambda plan_id: form_answers.c.product_id.in_(_products(plan_id))),
    (declared_changes, lambda plan_id: declared_changes.c.product_id.in_(_products(plan_id))),
    (revenues, lambda plan_id: revenues.c.product_id.in_(_products(plan_id))),
    (questions, lambda plan_id: questions.c.product_id.in_(_products(plan_id))),
    (relocations, lambda plan_id: relocations.c.product_id.in_(_products(plan_id))),
    (restarts, lambda plan_id: restarts.c.product_id.in_(_products(plan_id))),
    (
        recognised_rows,  # of its own lists, and of other plans' lists that name its products
        lambda plan_id: or_(
            recognised_rows.c.plan_id == plan_id, recognised_rows.c.product_id.in_(_products(plan_id))
        ),
    ),
    (staged_lists, lambda plan_id: staged_lists.c.plan_id == plan_id),
    (imported_rows, lambda plan_id: imported_rows.c.plan_id == plan_id),
    (imports, lambda plan_id: imports.c.plan_id == plan_id),
    (
        dossiers,
        lambda plan_id: or_(dossiers.c.plan_id == plan_id, dossiers.c.product_id.in_(_products(plan_id))),
    ),
    (products, lambda plan_id: products.c.plan_id == plan_id),
    (plan_versions, lambda plan_id: plan_versions.c.plan_id == plan_id),
    (compiled_plans, lambda plan_id: compiled_plans.c.plan_id == plan_id),
    (plans, lambda plan_id: plans.c.id == plan_id),
)


def _deadlines(plan_id: int) -> Select[Any]:
    return select(deadlines.c.id).where(deadlines.c.plan_id == plan_id)


def _extensions(plan_id: int) -> Select[Any]:
    return select(extensions.c.id).where(extensions.c.plan_id == plan_id)


def _upload_links(plan_id: int) -> Select[Any]:
    return select(upload_links.c.id).where(upload_links.c.product_id.in_(_products(plan_id)))


def _visits(plan_id: int) -> Select[Any]:
    return select(visits.c.id).where(visits.c.product_id.in_(_products(plan_id)))


def _papers(plan_id: int) -> Select[Any]:
    return select(papers.c.id).where(papers.c.product_id.in_(_products(plan_id)))


def _products(plan_id: int) -> Select[Any]:
    return select(products.c.id).where(products.c.plan_id == plan_id)


def _sheets(plan_id: int) -> Select[Any]:
    return select(form_answers.c.id).where(form_answers.c.product_id.in_(_products(plan_id)))


def _letters(plan_id: int) -> CompoundSelect[Any]:
    """Select the letters that speak of a deadline of a plan; those about a step have the step."""
    by_digest = (
        select(outbox.c.id)
        .select_from(reminding.letters_of_deadlines())
        .where(deadlines.c.plan_id == plan_id)
    )
    by_correction = select(corrections.c.outbox_id).where(corrections.c.deadline_id.in_(_deadlines(plan_id)))
    return union(by_digest, by_correction)


def letters_about(tx: Connection, plan_id: int) -> tuple[int, int]:
    """Return how many letters about a plan have gone out, or may have, and how many certainly have not."""
    said = select(outbox.c.id).where(outbox.c.id.in_(_letters(plan_id)))
    gone = tx.scalar(select(func.count()).select_from(said.where(perhaps_sent()).subquery())) or 0
    return gone, (tx.scalar(select(func.count()).select_from(said.subquery())) or 0) - gone


def steps_under(tx: Connection, plan_id: int) -> int:
    """Return how many steps were recorded under a plan, or of products that are in it now."""
    under = or_(transitions.c.plan_id == plan_id, transitions.c.product_id.in_(_products(plan_id)))
    return tx.scalar(select(func.count()).select_from(transitions).where(under)) or 0


def counts(tx: Connection, plan_id: int) -> dict[str, int]:
    """Return how many rows of each table hang on a plan."""
    return {
        table.name: tx.scalar(select(func.count()).select_from(table).where(of(plan_id))) or 0
        for table, of in HANGING
    }


def codes(tx: Connection, plan_id: int) -> list[str]:
    """Return the codes of a plan's products."""
    return list(
        tx.scalars(select(products.c.code).where(products.c.plan_id == plan_id).order_by(products.c.code))
    )


def take_out(tx: Connection, plan_id: int) -> None:
    """Take back the letters about a plan, none of which has gone out, and delete all that hangs on it.

    A digest that speaks of other plans too is written anew by the next sweep, without this one. Producers of
    whom no product is left go with their products, as their addresses do.
    """
    letters = tx.execute(
        select(outbox.c.id, outbox.c.digest_id).where(outbox.c.id.in_(_letters(plan_id)))
    ).all()
    take_back(tx, [row.id for row in letters], {row.digest_id for row in letters if row.digest_id})
    places = list(
        tx.scalars(
            select(products.c.address_id).where(
                products.c.plan_id == plan_id, products.c.address_id.is_not(None)
            )
        )
    )
    places += tx.scalars(select(form_values.c.contact_id).where(form_values.c.sheet_id.in_(_sheets(plan_id))))
    orphans = list(
        tx.scalars(
            select(products.c.producer_id)
            .where(products.c.plan_id == plan_id, products.c.producer_id.is_not(None))
            .distinct()
        )
    )
    for table, of in HANGING:
        tx.execute(delete(table).where(of(plan_id)))
    tx.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in letters if row.digest_id is None])))
    for start in range(0, len(places), AT_ONCE):
        tx.execute(delete(contacts).where(contacts.c.id.in_(places[start : start + AT_ONCE])))
    kept = select(products.c.producer_id).where(products.c.producer_id.is_not(None))
    for start in range(0, len(orphans), AT_ONCE):
        some = producers.c.id.in_(orphans[start : start + AT_ONCE])
        tx.execute(delete(producers).where(some, producers.c.id.not_in(kept)))
