"""When a certified product is to be seen on the spot next, by the plan's inspections (kiểm tra, giám sát).

No regulation fixes how often: QĐ 26/2026/QĐ-TTg, Điều 9, says periodically and unannounced. Only a plan does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ocop_workflow.calendar.plan import Inspection, Plan

#: how long before its day a visit is announced
SOON = timedelta(days=30)


class InspectionStatus(StrEnum):
    """How a product stands with its visits; of several that hold the first one is said."""

    LATE = "late"
    SOON = "soon"
    PROPOSED = "proposed"
    NOT_DUE = "not_due"
    SEEN = "seen"

    @property
    def text(self) -> Text:
        """How it stands, in both languages."""
        return _SAID[self]


_SAID = {
    InspectionStatus.LATE: Text("quá ngày phải kiểm tra", "late"),
    InspectionStatus.SOON: Text("đến lượt trong 30 ngày tới", "due within 30 days"),
    InspectionStatus.PROPOSED: Text("nên kiểm tra: giấy tờ hết hạn", "proposed: a paper runs out"),
    InspectionStatus.NOT_DUE: Text("chưa đến lượt", "not due"),
    InspectionStatus.SEEN: Text("đã kiểm tra", "seen"),
}


class FindingResult(StrEnum):
    """What a visit has found of a criterion, or of what is said in words."""

    MET = "met"
    NOT_MET = "not_met"
    NOTE = "note"

    @property
    def text(self) -> Text:
        """What was found, in both languages."""
        return _FOUND[self]


_FOUND = {
    FindingResult.MET: Text("đạt", "met"),
    FindingResult.NOT_MET: Text("không đạt", "not met"),
    FindingResult.NOTE: Text("ghi nhận", "noted"),
}


@dataclass(frozen=True, slots=True)
class Watched:
    """A certified product as far as its visits depend on it; all days are local.

    Attributes:
        decided_on: the day of the certificate's decision.
        valid_until: the certificate's last day.
        seen_on: the day of the last visit; none: nobody has been there yet.
    """

    decided_on: date
    valid_until: date
    seen_on: date | None = None


def next_visit(found: Watched, every_months: int | None) -> date | None:
    """Return the local day by which a product is to be seen next; never past its certificate's last day.

    Counted once from the last visit, or from the decision where nobody has been there. A product that was
    seen, and whose next day would lie past the end, is not seen again under this certificate; one that was
    never seen is seen before the end at the latest.

    Args:
        found: the product.
        every_months: how often it is to be seen; none: the plan names no interval, and no day is told.
    """
    if every_months is None:
        return None
    following = (found.seen_on or found.decided_on) + relativedelta(months=every_months)
    if found.seen_on is None:
        return min(following, found.valid_until)
    return following if following <= found.valid_until else None


def proposes_visit(found: Watched, expires_on: date, on: date) -> bool:
    """Tell whether a paper of the dossier that runs out within the certificate's time speaks for a visit.

    From 30 days before it runs out, until somebody has been there since.

    Args:
        found: the product.
        expires_on: the last local day on which the paper is good.
        on: the day of asking.
    """
    since = expires_on - SOON
    is_within = found.decided_on < expires_on <= found.valid_until
    return is_within and since <= on and (found.seen_on is None or found.seen_on < since)


def inspection_status(
    found: Watched, due: date | None, on: date, *, is_proposed: bool = False
) -> InspectionStatus:
    """Return how a product stands on a local day.

    Args:
        found: the product.
        due: the day by which it is to be seen; see `next_visit`.
        on: the day of asking.
        is_proposed: something else speaks for a visit: a paper of its dossier runs out.
    """
    holds = {
        InspectionStatus.LATE: due is not None and due < on,
        InspectionStatus.SOON: due is not None and due - SOON <= on,
        InspectionStatus.PROPOSED: is_proposed,
        InspectionStatus.NOT_DUE: due is not None or found.seen_on is None,
    }
    return next((status for status, does in holds.items() if does), InspectionStatus.SEEN)


@dataclass(frozen=True, slots=True)
class AskedInspection:
    """An inspection and its plan; `provisional`: that plan's year is over, it goes on until the next one."""

    inspection: Inspection
    plan: str
    provisional: bool


def asked_of(plans: Iterable[Plan], star: int, group: str | None, on: date) -> AskedInspection | None:
    """Return the inspection that asks most of a certificate on a local day; none: no plan asks any.

    Of each unit the plan of the latest year that has begun counts, also until the next one is loaded.

    Args:
        plans: those of the certificate's unit and of the units above it.
        star: the certificate's.
        group: of which group its product is; none: nobody has said.
        on: the day of asking.
    """
    latest: dict[str, Plan] = {}
    for plan in sorted(plans, key=lambda one: (one.year, one.id)):
        if plan.year <= on.year and plan.inspections:
            latest[plan.unit] = plan
    found = [
        AskedInspection(entry, plan.id, plan.last_day < on)
        for plan in latest.values()
        for entry in plan.inspections
        if entry.covers(star, group)
    ]
    return min(found, key=lambda one: one.inspection.every_months or _NEVER, default=None)


_NEVER = 10_000  # months: longer than any interval
