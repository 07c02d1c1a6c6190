"""Pages of the audit: what concerns the units that somebody administers, and of it what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, exists, func, or_, select

from ocop_workflow.audit.queries import AuditEntry
from ocop_workflow.places.desk_queries import desks_of
from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import outbox, plans, products, units
from ocop_workflow.store.tables.access import audit, grants, officers, tokens
from ocop_workflow.store.tables.certificates import certificates

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; none: whichever.

    Attributes:
        actor: a login.
        action: as it stands (`plan.load`), or the beginning of it with a full stop (`plan.`).
        since: from this instant on.
        until: before this instant.
        before: only those with a lower number.
    """

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def newest_audit(
    tx: Connection, roots: Collection[int] | None, limit: int, wanted: AuditFilter = AuditFilter()
) -> list[AuditEntry]:
    """Return entries of the audit, newest first.

    Args:
        tx: a transaction.
        roots: whoever reaches every unit (or none: the host) sees everything; others what was done in the
            name of a unit in reach, by one of its officers, or to something of its own.
        limit: at most so many.
        wanted: which of them.
    """
    statement = select(audit).order_by(audit.c.seq.desc()).limit(limit).where(*_asked(wanted))
    if roots is not None and not _reaches_everything(tx, roots):
        statement = statement.where(or_(*_concerns(roots)))
    return read_all(AuditEntry, tx.execute(statement))


def _asked(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        conditions.append(audit.c.actor == wanted.actor)
    if wanted.action is not None and wanted.action.endswith("."):
        conditions.append(audit.c.action.startswith(wanted.action, autoescape=True))
    elif wanted.action is not None:
        conditions.append(audit.c.action == wanted.action)
    if wanted.since is not None:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit.c.at < wanted.until)
    if wanted.before is not None:
        conditions.append(audit.c.seq < wanted.before)
    return conditions


def _reaches_everything(tx: Connection, roots: Collection[int]) -> bool:
    beyond = select(units.c.id).where(units.c.parent_id.is_(None), units.c.id.not_in(roots))
    return not tx.scalar(select(exists(beyond)))


def _concerns(roots: Collection[int]) -> list[ColumnElement[bool]]:
    """Return in which ways an entry may concern these units; a role that was taken back counts for ever."""
    within = reach(roots)
    slugs = select(units.c.slug).where(units.c.id.in_(within))
    people = select(officers.c.login).join(grants).where(grants.c.unit_id.in_(within))
    their_tokens = (
        select(tokens.c.prefix)
        .join(officers, officers.c.id == tokens.c.officer_id)
        .join(grants, grants.c.officer_id == officers.c.id)
        .where(grants.c.unit_id.in_(within))
    )
    return [
        audit.c.acting_for.in_(slugs),
        audit.c.actor.in_(people),
        _is_about("unit", slugs),
        _is_about("officer", people),
        _is_about("token", their_tokens),
        _is_about("plan", select(plans.c.slug).where(plans.c.unit_id.in_(within))),
        _is_about("product", select(products.c.code).where(products.c.unit_id.in_(within))),
        _is_about("letter", select(cast(outbox.c.id, String)).where(outbox.c.desk_id.in_(desks_of(within)))),
        _is_about(
            "certificate",
            select(cast(certificates.c.id, String))
            .join(products, products.c.id == certificates.c.product_id)
            .where(products.c.unit_id.in_(within)),
        ),
    ]


def _is_about(kind: str, names: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a selection of one column of text
    """Tell entries whose subject is one of these: `kind:name`, or `kind:name:…`."""
    named = func.substr(audit.c.subject, len(kind) + 2)
    (column,) = names.selected_columns
    about = names.where(or_(column == named, func.substr(named, 1, func.length(column) + 1) == column + ":"))
    return and_(audit.c.subject.startswith(f"{kind}:", autoescape=True), exists(about))
