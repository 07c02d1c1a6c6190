"""Queries on the papers of dossiers and on visits for whoever examines the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import certificates, products
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.store.tables.forms import form_answers
from ocop_workflow.store.tables.occurrences import visit_findings, visits
from ocop_workflow.store.tables.papers import papers

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper that stands, or a form, with its product's code."""

    id: int
    dossier: int
    code: str


def papers_of_no_dossier(tx: Connection) -> list[PaperFact]:
    """Return the papers whose dossier there is not."""
    there = exists().where(
        and_(dossiers.c.product_id == papers.c.product_id, dossiers.c.number == papers.c.dossier)
    )
    return _papers(tx, ~there)


def forms_of_no_dossier(tx: Connection) -> list[PaperFact]:
    """Return what was saved in forms whose dossier there is not."""
    there = exists().where(
        and_(dossiers.c.product_id == form_answers.c.product_id, dossiers.c.number == form_answers.c.dossier)
    )
    statement = (
        select(form_answers.c.id, form_answers.c.dossier, products.c.code)
        .join(products, products.c.id == form_answers.c.product_id)
        .where(~there)
        .order_by(form_answers.c.id)
    )
    return read_all(PaperFact, tx.execute(statement))


def papers_that_end_early(tx: Connection) -> list[PaperFact]:
    """Return the papers that run out before they were issued."""
    return _papers(tx, papers.c.expires_on < papers.c.issued_on)


def _papers(tx: Connection, wrong: ColumnElement[bool]) -> list[PaperFact]:
    statement = (
        select(papers.c.id, papers.c.dossier, products.c.code)
        .join(products, products.c.id == papers.c.product_id)
        .where(wrong, papers.c.withdrawn_at.is_(None))
        .order_by(papers.c.id)
    )
    return read_all(PaperFact, tx.execute(statement))


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit that stands, or a finding of one, with its product's code."""

    id: int
    code: str


def visits_of_no_certificate(tx: Connection) -> list[VisitFact]:
    """Return the visits that name a certificate of another product, or one of a later decision."""
    statement = (
        select(visits.c.id, products.c.code)
        .join(products, products.c.id == visits.c.product_id)
        .join(certificates, certificates.c.id == visits.c.certificate_id)
        .where(
            visits.c.withdrawn_at.is_(None),
            or_(
                certificates.c.product_id.is_distinct_from(visits.c.product_id),
                certificates.c.decided_on > visits.c.visited_on,
            ),
        )
        .order_by(visits.c.id)
    )
    return read_all(VisitFact, tx.execute(statement))


def follow_ups_that_disagree(tx: Connection) -> list[VisitFact]:
    """Return the findings with a day and nothing to do or the other way round, or done before the visit."""
    half = visit_findings.c.follow_up.is_(None) != visit_findings.c.due_on.is_(None)
    statement = (
        select(visit_findings.c.id, products.c.code)
        .join(visits, visits.c.id == visit_findings.c.visit_id)
        .join(products, products.c.id == visits.c.product_id)
        .where(
            visits.c.withdrawn_at.is_(None),
            or_(
                half,
                visit_findings.c.due_on < visits.c.visited_on,
                visit_findings.c.done_on < visits.c.visited_on,
            ),
        )
        .order_by(visit_findings.c.id)
    )
    return read_all(VisitFact, tx.execute(statement))
