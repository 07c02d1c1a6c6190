"""Who is to be seen on the spot, late ones first, and what is still to be done after visits."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar.inspections import (
    SOON,
    InspectionStatus,
    Watched,
    asked_of,
    inspection_status,
    next_visit,
    proposes_visit,
)
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.register_queries import SoughtCertificates
from ocop_workflow.certificates.views import CertificateStatus
from ocop_workflow.dossiers import paper_queries as papers
from ocop_workflow.dossiers.paper_views import name_of
from ocop_workflow.errors import InvalidInput, say
from ocop_workflow.monitoring import queries as visits
from ocop_workflow.monitoring.queries import SoughtFollowUps
from ocop_workflow.monitoring.views import FollowUpView, InspectionView, ReasonPaperView
from ocop_workflow.people.officers import HOST, find_unit
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar.plan import Plan
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.dossiers.paper_queries import EndingPaperRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection

#: rank of the status, day, number of the certificate: the order of the list
InspectionPlace = tuple[int, int, int]

_RANKS = {status: rank for rank, status in enumerate(InspectionStatus)}


@dataclass(frozen=True, slots=True)
class WantedInspections:
    """Which products are asked for; none: all whose certificates run.

    `after`: the place behind which the list begins (see `place_of_inspection`); `limit`: how many.
    """

    unit: str | None = None
    status: InspectionStatus | None = None
    after: InspectionPlace | None = None
    limit: int | None = None


def list_inspections(
    tx: Connection, on: date, wanted: WantedInspections, actor: Actor = HOST, language: Language = "vi"
) -> list[InspectionView]:
    """Return the certified products with when each is to be seen: late ones first, then by their days.

    Args:
        tx: the transaction.
        on: the local day of asking.
        wanted: which of them.
        actor: who asks; products of other units are not there for them.
        language: of what is said.

    Raises:
        NotFound: there is no such unit.
    """
    roots = actor.units_with(Permission.READ)
    unit_id = find_unit(tx, wanted.unit).id if wanted.unit else None
    sought = SoughtCertificates(on, roots, unit_id, status=CertificateStatus.RUNNING)
    records = [one for one in register.find_certificates(tx, sought) if one.code]
    around = _Around(tx, on, roots, {one.unit_id for one in records})
    found = sorted((around.view(one, language) for one in records), key=place_of_inspection)
    return choose(found, wanted)


def choose(found: list[InspectionView], wanted: WantedInspections) -> list[InspectionView]:
    """Return those of a list that are wanted, of whatever unit."""
    chosen = [
        one
        for one in found
        if wanted.status in (None, one.status)
        and (wanted.after is None or place_of_inspection(one) > wanted.after)
    ]
    return chosen if wanted.limit is None else chosen[: wanted.limit]


def count_by_status(found: list[InspectionView]) -> dict[InspectionStatus, int]:
    """Return how many of a list are in each status, none of them left out."""
    return {status: sum(one.status is status for one in found) for status in InspectionStatus}


def place_of_inspection(one: InspectionView) -> InspectionPlace:
    """Return where a product stands in the list: by status, by the day to be seen, by its certificate."""
    return _RANKS[one.status], (one.see_by or one.expires_on).toordinal(), one.certificate


class _Around:
    """What is read once for a whole list: plans, places, visits, papers that run out, open follow-ups."""

    def __init__(self, tx: Connection, on: date, roots: frozenset[int] | None, unit_ids: set[int]) -> None:
        self._on = on
        self._units = units.units_by_id(tx, unit_ids)
        self._lines = units.lineages(tx, unit_ids) if unit_ids else {}
        self._plans: list[tuple[int, Plan]] = []
        for one in plans.all_plans(tx):
            with suppress(InvalidInput):  # a plan at fault asks for nothing; the sweep reports it
                self._plans.append((one.unit_id, calendar_of(tx, one.id, one.sha256).plan))
        self._asking: dict[int, list[Plan]] = {}
        self._seen = visits.last_visits(tx, roots, on)
        self._papers: dict[str, list[EndingPaperRecord]] = defaultdict(list)
        for paper in papers.papers_ending(tx, roots, on + SOON):
            self._papers[paper.code].append(paper)
        self._open: dict[str, list[date]] = defaultdict(list)
        for follow_up in visits.open_follow_ups(tx, SoughtFollowUps(roots)):
            self._open[follow_up.code].append(follow_up.due_on or on)

    def view(self, record: CertificateRecord, language: Language) -> InspectionView:
        """Show one product."""
        found = Watched(record.decided_on, record.valid_until, self._seen.get(record.id))
        asked = asked_of(self._plans_of(record.unit_id), record.star, record.group, self._on)
        entry = asked.inspection if asked else None
        due = next_visit(found, entry.every_months if entry else None)
        reasons = [
            paper
            for paper in self._papers.get(record.code, ())
            if proposes_visit(found, paper.expires_on, self._on)
        ]
        status = inspection_status(found, due, self._on, is_proposed=bool(reasons))
        open_ones = self._open.get(record.code, [])
        return InspectionView(
            certificate=record.id,
            product=record.code,
            name=record.product,
            producer=record.producer,
            unit=self._units[record.unit_id].slug,
            unit_name=record.unit,
            star=record.star,
            standing=record.standing,
            decided_on=record.decided_on,
            expires_on=record.valid_until,
            plan=asked.plan if asked else None,
            inspection=entry.id if entry else None,
            clause=entry.clause if entry else None,
            every_months=entry.every_months if entry else None,
            actor=entry.actor if entry else None,
            provisional=asked.provisional if asked else False,
            seen_on=found.seen_on,
            see_by=due,
            days_left=(due - self._on).days if due else None,
            status=status,
            status_label=say(status.text, language),
            papers=tuple(map(_reason, reasons)),
            follow_ups=len(open_ones),
            follow_ups_late=sum(day < self._on for day in open_ones),
        )

    def _plans_of(self, unit_id: int) -> list[Plan]:
        if unit_id not in self._asking:
            line = self._lines[unit_id]
            self._asking[unit_id] = [plan for authority, plan in self._plans if authority in line]
        return self._asking[unit_id]


def _reason(paper: EndingPaperRecord) -> ReasonPaperView:
    name = paper.name or name_of(paper.regulation, paper.kind)
    return ReasonPaperView(name, paper.number, paper.expires_on)


@dataclass(frozen=True, slots=True)
class WantedFollowUps:
    """Which open follow-ups are asked for; none: all. `after`: due day and number of the last one known."""

    unit: str | None = None
    after: tuple[date, int] | None = None
    limit: int | None = None


def list_follow_ups(
    tx: Connection, on: date, wanted: WantedFollowUps, actor: Actor = HOST
) -> list[FollowUpView]:
    """Return what is still to be done after visits, late ones first.

    Args:
        tx: the transaction.
        on: the local day from which days are counted.
        wanted: which of them.
        actor: who asks; products of other units are not there for them.

    Raises:
        NotFound: there is no such unit.
    """
    found = visits.open_follow_ups(tx, _sought(tx, wanted, actor))
    return [FollowUpView.of(one, one.due_on or on, on) for one in found]


def count_follow_ups(tx: Connection, wanted: WantedFollowUps, actor: Actor = HOST) -> int:
    """Return how many of them there are on all pages together.

    Raises:
        NotFound: there is no such unit.
    """
    return visits.count_follow_ups(tx, _sought(tx, wanted, actor))


def _sought(tx: Connection, wanted: WantedFollowUps, actor: Actor) -> SoughtFollowUps:
    unit_id = find_unit(tx, wanted.unit).id if wanted.unit else None
    return SoughtFollowUps(actor.units_with(Permission.READ), unit_id, wanted.after, wanted.limit)
