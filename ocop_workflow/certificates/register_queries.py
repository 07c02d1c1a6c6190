"""Queries on the register: finding certificates in a list, and one by the end of its page's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, false, func, or_, select, true

from ocop_workflow.certificates.queries import CertificateRecord, certificate_records
from ocop_workflow.certificates.views import AT_REST, DECIDED, CertificateStatus
from ocop_workflow.places.queries import reach
from ocop_workflow.regulations import regulation_on
from ocop_workflow.states import CertificateStanding, Dossier, Ending, EvidenceLevel
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import certificates, products
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Select


@dataclass(frozen=True, slots=True)
class SoughtCertificates:
    """Which certificates are asked for; none: all.

    Attributes:
        on: the local day on which they are looked at.
        roots: units that their products have to lie under: those that the officer reaches.
        unit_id: the unit that was asked for, likewise.
        group: of which group of products.
        ends_within: running on `on`, and ending so many days from then, or earlier.
        words: what product, producer or decision's number hold.
        updated_since: the instant at or after which its product last changed, or it did.
        after: the number behind which the list begins.
    """

    on: date
    roots: frozenset[int] | None = None
    unit_id: int | None = None
    star: int | None = None
    standing: CertificateStanding | None = None
    ends_within: int | None = None
    updated_since: datetime | None = None
    after: int = 0
    limit: int | None = None
    status: CertificateStatus | None = None
    evidence: EvidenceLevel | None = None
    group: str | None = None
    words: str | None = None


def find_certificates(tx: Connection, sought: SoughtCertificates) -> list[CertificateRecord]:
    """Return the certificates that match, in the order of their numbers here."""
    statement = certificate_records().where(*_conditions(sought), certificates.c.id > sought.after)
    statement = statement.order_by(certificates.c.id)
    if sought.limit is not None:
        statement = statement.limit(sought.limit)
    return read_all(CertificateRecord, tx.execute(statement))


def count_certificates(tx: Connection, sought: SoughtCertificates) -> int:
    """Return how many certificates match, on all pages together."""
    matching = certificate_records().where(*_conditions(sought)).with_only_columns(certificates.c.id)
    return int(tx.scalar(select(func.count()).select_from(matching.subquery())) or 0)


@dataclass(frozen=True, slots=True)
class SoughtRenewals:
    """Which certificates can be saved, or could have been; none that was refused or undone.

    Attributes:
        on: the local day on which they are looked at: nothing is known of what ended later.
        since: the first local day on which one may have ended that has no successor.
        roots, unit_id: see `SoughtCertificates`.
        ends: only those whose last day lies between these two.
        after: last day and number behind which the list begins.
        renewed: those, too, that have a successor since that day.
    """

    on: date
    since: date
    roots: frozenset[int] | None = None
    unit_id: int | None = None
    ends: tuple[date, date] | None = None
    after: tuple[date, int] | None = None
    limit: int | None = None
    renewed: bool = False


def find_renewable(tx: Connection, sought: SoughtRenewals) -> list[CertificateRecord]:
    """Return the certificates that match, by their last days."""
    statement = certificate_records().where(*_renewable(sought))
    if sought.after is not None:
        last, number = sought.after
        behind = and_(certificates.c.valid_until == last, certificates.c.id > number)
        statement = statement.where(or_(certificates.c.valid_until > last, behind))
    statement = statement.order_by(certificates.c.valid_until, certificates.c.id)
    if sought.limit is not None:
        statement = statement.limit(sought.limit)
    return read_all(CertificateRecord, tx.execute(statement))


def count_renewable(tx: Connection, sought: SoughtRenewals) -> int:
    """Return how many certificates match, on all pages together."""
    matching = certificate_records().where(*_renewable(sought)).with_only_columns(certificates.c.id)
    return int(tx.scalar(select(func.count()).select_from(matching.subquery())) or 0)


def ends_between(tx: Connection, on: date, until: date, roots: frozenset[int] | None = None) -> list[date]:
    """Return the last days of the certificates that run on a local day, up to another; one for each.

    Args:
        tx: the transaction.
        on: the day.
        until: the last last day.
        roots: only those that belong to these units or lie under them; none: all.
    """
    sought = SoughtRenewals(on, on, roots, ends=(on, until))
    matching = certificate_records().where(*_renewable(sought)).with_only_columns(certificates.c.valid_until)
    return list(tx.scalars(matching))


def _renewable(sought: SoughtRenewals) -> list[ColumnElement[bool]]:
    endings = [Ending.LAPSED, Ending.REVOKED, *([Ending.RENEWED] if sought.renewed else [])]
    gone = certificates.c.ended_because.in_(endings)
    stands = or_(certificates.c.ended_on.is_(None), certificates.c.ended_on > sought.on)
    found = [
        certificates.c.decided_on <= sought.on,
        certificates.c.standing != CertificateStanding.REFUSED,
        or_(
            and_(stands, certificates.c.valid_until >= sought.since),
            and_(gone, certificates.c.ended_on.between(sought.since, sought.on)),
        ),
    ]
    if sought.roots is not None:
        found.append(_lies_under(sought.roots))
    if sought.unit_id is not None:
        found.append(_lies_under({sought.unit_id}))
    if sought.ends is not None:
        found.append(certificates.c.valid_until.between(*sought.ends))
    return found


def _conditions(sought: SoughtCertificates) -> list[ColumnElement[bool]]:
    asked: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "roots": _lies_under,
        "unit_id": lambda unit_id: _lies_under({unit_id}),
        "star": lambda star: certificates.c.star == star,
        "standing": lambda standing: certificates.c.standing == standing,
        "evidence": _is_known_by,
        "group": lambda group: _group_of() == group,
        "updated_since": _has_changed_since,
        "ends_within": lambda days: _ends_within(sought.on, days),
        "status": lambda status: _is(status, sought.on),
        "words": _holds,
    }
    given = {name: getattr(sought, name) for name in asked}
    return [asked[name](value) for name, value in given.items() if value is not None]


def _lies_under(roots: Collection[int]) -> ColumnElement[bool]:
    """Match what belongs to these units or lies under them: each way by its own index."""
    theirs = select(products.c.id).where(products.c.unit_id.in_(reach(roots)))
    return or_(certificates.c.unit_id.in_(reach(roots)), certificates.c.product_id.in_(theirs))


def _group_of() -> ColumnElement[str]:
    """Of which group its product is: as it is here, or, of one that was never here, as the list had it."""
    return func.coalesce(products.c.product_group, certificates.c.product_group)


def _has_changed_since(at: datetime) -> ColumnElement[bool]:
    """Match what changed since: nothing but a correction becomes of one that does not touch its product."""
    touched = func.coalesce(products.c.updated_at, certificates.c.settled_at)
    return or_(touched >= at, certificates.c.corrected_at >= at)


def _ends_within(on: date, days: int) -> ColumnElement[bool]:
    return and_(certificates.c.valid_until.between(on, on + timedelta(days=days)), _has_not_ended(on))


def _holds(words: str) -> ColumnElement[bool]:
    """Match by the product's name here, by product and producer as the certificate has them, by its number.

    The certificate's own words are what finds one whose product was never here.
    """
    keys = products.c.search_key, certificates.c.search_key
    by_key = (key.contains(search_key(words), autoescape=True) for key in keys)
    return or_(*by_key, certificates.c.number.icontains(words, autoescape=True))


def _is_known_by(evidence: EvidenceLevel) -> ColumnElement[bool]:
    """Match what is known by this: once its level has confirmed one on a paper, that is its decision."""
    on_paper = and_(
        certificates.c.standing == CertificateStanding.CONFIRMED, certificates.c.settled_paper.is_not(None)
    )
    came_with = certificates.c.evidence == evidence
    return or_(came_with, on_paper) if evidence is EvidenceLevel.SIGNED else and_(came_with, ~on_paper)


def _has_not_ended(on: date) -> ColumnElement[bool]:
    return or_(certificates.c.ended_on.is_(None), certificates.c.ended_on > on)


_ENDED_AS = {
    CertificateStatus.REPLACED: Ending.RENEWED,
    CertificateStatus.REVOKED: Ending.REVOKED,
    CertificateStatus.REFUSED: Ending.REFUSED,
    CertificateStatus.UNDONE: Ending.UNDONE,
}


def _is(status: CertificateStatus, on: date) -> ColumnElement[bool]:
    """Match the certificates that are this on a local day, as `views` says it."""
    ended = certificates.c.ended_on <= on
    if status in _ENDED_AS:
        return and_(ended, certificates.c.ended_because == _ENDED_AS[status])
    in_grace = _is_in_grace(on)
    if status is CertificateStatus.IN_GRACE:
        return in_grace
    over = and_(_has_not_ended(on), certificates.c.valid_until < on, ~in_grace)
    lapsed = and_(ended, certificates.c.ended_because == Ending.LAPSED)
    if status in (CertificateStatus.EXPIRED, CertificateStatus.ENDED):
        return or_(over, lapsed if status is CertificateStatus.EXPIRED else ended)
    runs = and_(_has_not_ended(on), certificates.c.valid_until >= on)
    looked_at = and_(
        certificates.c.ended_on.is_(None),
        func.coalesce(dossiers.c.kind, Dossier.FIRST) != Dossier.FIRST,
        products.c.state.not_in(AT_REST),
    )
    if status is CertificateStatus.IN_RE_RATING:
        return and_(runs, looked_at)
    valid = and_(runs, ~func.coalesce(looked_at, False))
    return or_(runs, in_grace) if status is CertificateStatus.RUNNING else valid


def _is_in_grace(on: date) -> ColumnElement[bool]:
    """Match the certificates that go on past their last day on a local day, as `views.grace_of` says it."""
    law = regulation_on(on)
    grace = law.grace if law else None
    if grace is None:
        return false()
    filed, last = dossiers.c.received_on, certificates.c.valid_until
    held = and_(
        certificates.c.ended_on.is_(None),
        last.between(on - timedelta(days=grace.days), on - timedelta(days=1)),
        dossiers.c.kind == Dossier.RENEWAL,
        products.c.state.not_in(DECIDED),
        filed <= (on if grace.filed_after_end else last),
    )
    granted = true() if grace.later else certificates.c.decided_on < grace.granted_before
    return func.coalesce(and_(held, granted), false())


def _shown() -> Select[Any]:
    """Ask for one that was shown once: of any other not even that it is there is learnt."""
    return certificate_records().where(
        certificates.c.token == bindparam("of_token"), certificates.c.shown_since.is_not(None)
    )


#: asked for each look-up
_BY_TOKEN = Prepared(_shown())


def certificate_by_token(tx: Connection, token: str) -> CertificateRecord | None:
    """Return the certificate whose public page ends so; none: no page was ever there."""
    found = _BY_TOKEN.records(CertificateRecord, tx, of_token=token)
    return found[0] if found else None
