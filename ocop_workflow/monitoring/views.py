"""What is shown of monitoring: who is to be seen and why, visits with their findings, open follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ocop_workflow.calendar.inspections import FindingResult, InspectionStatus
from ocop_workflow.calendar.plan import Doer
from ocop_workflow.errors import say
from ocop_workflow.states import CertificateStanding
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_workflow.errors import Language
    from ocop_workflow.monitoring.queries import FindingRecord, FollowUpRecord, VisitRecord


@dataclass(frozen=True, slots=True)
class ReasonPaperView(View):
    """A paper of the dossier that runs out within the certificate's time, and so speaks for a visit."""

    name: str
    number: str | None
    expires_on: date


@dataclass(frozen=True, slots=True)
class InspectionView(View):
    """A certified product, by when it is to be seen, and how that stands.

    `plan`, `inspection`, `clause`, `every_months`, `actor`: what asks for it, none: no plan does;
    `provisional`: that plan's year is over. `seen_on`: the last visit under this certificate. `see_by`: none
    where no day is told. `follow_ups`, `follow_ups_late`: how many are open, and late.
    """

    certificate: int
    product: str
    name: str
    producer: str | None
    unit: str
    unit_name: str
    star: int
    standing: CertificateStanding
    decided_on: date
    expires_on: date
    plan: str | None
    inspection: str | None
    clause: str | None
    every_months: int | None
    actor: Doer | None
    provisional: bool
    seen_on: date | None
    see_by: date | None
    days_left: int | None
    status: InspectionStatus
    status_label: str
    papers: tuple[ReasonPaperView, ...]
    follow_ups: int
    follow_ups_late: int


@dataclass(frozen=True, slots=True)
class VisitFindingView(View):
    """One thing that a visit has found; `follow_up`: what has to be done until `due_on`, none: nothing.

    `late`: it is not done and its day is over.
    """

    id: int
    criterion: str | None
    what: str | None
    result: FindingResult
    result_label: str
    follow_up: str | None
    due_on: date | None
    late: bool
    done_on: date | None
    done_note: str | None
    done_by: str | None

    @classmethod
    def of(cls, record: FindingRecord, today: date, language: Language) -> VisitFindingView:
        """Show a finding as it stands on a local day."""
        late = record.due_on is not None and record.done_on is None and record.due_on < today
        return cls.alike(record, result_label=say(record.result.text, language), late=late)


@dataclass(frozen=True, slots=True)
class VisitView(View):
    """A visit with what it found; `acting`: the unit in whose name it was recorded, none: the host's."""

    id: int
    code: str
    product: str
    unit: str
    certificate: int
    certificate_number: str
    visited_on: date
    visitors: str
    place: str | None
    conclusion: str
    findings: tuple[VisitFindingView, ...]
    acting: str | None
    recorded_by: str
    recorded_at: datetime

    @classmethod
    def of(
        cls, record: VisitRecord, findings: Iterable[FindingRecord], today: date, language: Language
    ) -> VisitView:
        """Show a visit as it stands on a local day."""
        found = tuple(VisitFindingView.of(one, today, language) for one in findings)
        return cls.alike(record, findings=found)


@dataclass(frozen=True, slots=True)
class ProductVisitsView(View):
    """The visits to one product, the latest first."""

    code: str
    product: str
    visits: tuple[VisitView, ...]


@dataclass(frozen=True, slots=True)
class FollowUpView(View):
    """What is to be done at one product after a visit; `days_left`: negative once its day is over."""

    id: int
    visit: int
    code: str
    product: str
    unit: str
    visited_on: date
    criterion: str | None
    what: str | None
    follow_up: str | None
    due_on: date
    days_left: int
    done_on: date | None
    done_note: str | None
    done_by: str | None

    @classmethod
    def of(cls, record: FollowUpRecord, due_on: date, today: date) -> FollowUpView:
        """Show a follow-up, due on a local day, as it stands on another."""
        return cls.alike(record, visit=record.visit_id, due_on=due_on, days_left=(due_on - today).days)
