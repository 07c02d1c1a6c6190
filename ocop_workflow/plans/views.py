"""What is shown of plans in a list, of their versions and of extensions; one plan whole: `overview`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.plans.extension_queries import ExtensionRecord
    from ocop_workflow.plans.queries import PlanRecord


@dataclass(frozen=True, slots=True)
class PlanNameView(View):
    """A loaded plan."""

    id: str
    year: int
    unit: str
    title: str
    regulation: str
    loaded: Literal[True]

    @classmethod
    def of(cls, record: PlanRecord) -> PlanNameView:
        """Return what is shown of a plan in a list."""
        return cls.alike(record, id=record.slug, unit=record.unit_name, loaded=True)


@dataclass(frozen=True, slots=True)
class ShippedPlanView(View):
    """A plan that ships with the service and is not loaded."""

    id: str
    loaded: Literal[False] = False


@dataclass(frozen=True, slots=True)
class RemarkView(View):
    """What is worth a second look in a plan file, at its place."""

    place: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class CheckedPlanView(View):
    """A plan file that can be loaded, so without `faults`: these are an error.

    `proved`: every quotation was found in the texts that were given.
    """

    id: str
    faults: tuple[RemarkView, ...]
    warnings: tuple[RemarkView, ...]
    quotations: int
    proved: bool


@dataclass(frozen=True, slots=True)
class VersionView(View):
    """A version of a plan: by whom and when it was loaded, and from which local day another one holds."""

    version: int
    sha256: str
    loaded_at: datetime
    loaded_by: str
    replaced_on: date | None
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class ExtensionView(View):
    """An extension that was granted; without `revoked_on` it is in force."""

    json_names = (("milestone", "rule"),)

    id: int
    plan_id: int
    plan_slug: str
    milestone: str
    due_on: date
    decision_number: str
    decided_on: date
    reason: str
    granted_on: date
    granted_at: datetime
    granted_by: str
    revoked_on: date | None
    revoked_at: datetime | None
    revoked_by: str | None
    products: tuple[str, ...]

    @classmethod
    def of(cls, record: ExtensionRecord, codes: tuple[str, ...]) -> ExtensionView:
        """Return what is shown of a stored extension of these products."""
        return cls.alike(record, milestone=record.rule, products=codes)
