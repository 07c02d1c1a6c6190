"""The plans' rules: readable, whole versions that follow one another, and what rests on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.errors import Text
from ocop_workflow.upkeep.examination.findings import RESTORE, Finding
from ocop_workflow.upkeep.examination.snapshot import same_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.plans.queries import VersionRecord
    from ocop_workflow.upkeep.examination.plan_queries import ExtensionFact, OccurrenceFact, PlanFact
    from ocop_workflow.upkeep.examination.snapshot import EarlierVersion, KnownPlan, Snapshot


def plans_are_readable(snapshot: Snapshot) -> Iterator[Finding]:
    """1. Every loaded plan is whole, and its regulation is known."""
    for plan in snapshot.plans.values():
        for fault in plan.faults:
            slug = plan.kept.slug
            text = Text(f"Kế hoạch {slug}: {fault.vi}.", f"The plan {slug}: {fault.en}.")
            yield Finding("plans", slug, text, RESTORE)


def versions_are_whole(snapshot: Snapshot) -> Iterator[Finding]:
    """31. A plan's versions are whole, numbered without a gap, and each was loaded when the last ended."""
    for plan in snapshot.plans.values():
        slug, last = plan.kept.slug, plan.kept.version
        earlier = [version.kept for version in plan.earlier]
        if [*(kept.version for kept in earlier), last] != list(range(1, len(earlier) + 2)):
            yield _version_finding(slug, last, "đánh số phiên bản có chỗ hụt", "has a gap before it")
        following: list[VersionRecord | PlanFact] = [*earlier[1:], plan.kept]
        for before, after in zip(earlier, following, strict=False):
            if (before.replaced_at, before.replaced_by) != (after.loaded_at, after.loaded_by):
                yield _version_finding(
                    slug, before.version, "không nối với phiên bản sau", "does not end where the next begins"
                )
        for version in plan.earlier:
            for vi, en in _version_faults(plan, version):
                yield _version_finding(slug, version.kept.version, vi, en)


def _version_faults(plan: KnownPlan, version: EarlierVersion) -> Iterator[tuple[str, str]]:
    yield from ((fault.vi, fault.en) for fault in version.faults)
    calendar, current = version.calendar, plan.calendar
    if calendar is not None and current is not None and not same_plan(calendar, current):
        yield "thuộc kế hoạch, đơn vị, năm hay quy định khác", "is of another plan, unit, year or regulation"


def _version_finding(slug: str, version: int, vi: str, en: str) -> Finding:
    text = Text(f"Kế hoạch {slug}, phiên bản {version}: {vi}.", f"{slug}, version {version}: {en}.")
    return Finding("plan_versions", f"{slug}/{version}", text, RESTORE)


def extensions_rest_on_their_plan(snapshot: Snapshot) -> Iterator[Finding]:
    """32. An extension has products and a milestone that its plan knows or knew, and ends wholly or not."""
    for row in snapshot.extensions:
        for vi, en in _extension_faults(snapshot, row):
            text = Text(f"Gia hạn {row.id}: {vi}.", f"The extension {row.id}: {en}.")
            yield Finding("extensions", str(row.id), text, RESTORE)


def _extension_faults(snapshot: Snapshot, row: ExtensionFact) -> Iterator[tuple[str, str]]:
    versions = snapshot.calendars(row.plan_id)
    if versions and not any(version.knows(DeadlineKind.MILESTONE, row.rule) for version in versions):
        yield f"không có mốc {row.rule}", f"there is no milestone {row.rule}"
    if not row.products:
        yield "không cho sản phẩm nào", "it is for no product"
    if len({cell is None for cell in (row.revoked_on, row.revoked_at, row.revoked_by)}) > 1:
        yield "thu hồi ghi dở dang", "it is half revoked"


def occurrences_rest_on_their_plan(snapshot: Snapshot) -> Iterator[Finding]:
    """32. What happened to a product is an event that its plan knows or knew, and is undone wholly or not."""
    for row in snapshot.occurrences:
        for vi, en in _occurrence_faults(snapshot, row):
            text = Text(f"Sự kiện số {row.id} của sản phẩm: {vi}.", f"The occurrence {row.id}: {en}.")
            yield Finding("occurrences", str(row.id), text, RESTORE)


def _occurrence_faults(snapshot: Snapshot, row: OccurrenceFact) -> Iterator[tuple[str, str]]:
    versions = snapshot.calendars(row.plan_id)
    known = {event.id for version in versions for event in version.plan.own_events}
    if versions and row.event not in known:
        yield f"kế hoạch không có sự kiện {row.event}", f"its plan has no event {row.event}"
    if row.happened_on > row.recorded_on:
        yield "xảy ra sau ngày được ghi", "it happened after it was recorded"
    undone = (row.undone_on, row.undone_at, row.undone_by, row.undone_because)
    if len({cell is None for cell in undone}) > 1:
        yield "hoàn tác ghi dở dang", "it is half taken back"
