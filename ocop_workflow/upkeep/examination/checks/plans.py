"""The plans' rules: readable, whole versions that follow one another, and what rests on them."""

from __future__ import annotations

from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.errors import Text
from ocop_workflow.upkeep.examination import plan_queries as inspecting_plans
from ocop_workflow.upkeep.examination.findings import RESTORE, Finding
from ocop_workflow.upkeep.examination.snapshot import read_version, same_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def plans_are_readable(snapshot: Snapshot) -> Iterator[Finding]:
    """1. Every loaded plan is whole, and its regulation is known."""
    for plan in snapshot.plans.values():
        for fault in plan.faults:
            text = Text(f"Kế hoạch {plan.slug}: {fault.vi}.", f"The plan {plan.slug}: {fault.en}.")
            yield Finding("plans", plan.slug, text, RESTORE)


def versions_are_whole(snapshot: Snapshot) -> Iterator[Finding]:
    """31. A plan's versions are whole, numbered without a gap, and each was loaded when the last ended."""
    kept = inspecting_plans.all_plan_versions(snapshot.tx)
    by_plan = {plan: list(rows) for plan, rows in groupby(kept, key=attrgetter("plan_id"))}
    for plan in inspecting_plans.all_plan_texts(snapshot.tx):
        earlier = by_plan.get(plan.id, [])
        if [*(row.version for row in earlier), plan.version] != list(range(1, len(earlier) + 2)):
            yield _version_finding(plan, plan.version, "đánh số phiên bản có chỗ hụt", "has a gap before it")
        for before, after in pairwise([*earlier, plan]):
            if before.replaced_at != after.loaded_at or before.replaced_by != after.loaded_by:
                yield _version_finding(
                    plan, before.version, "không nối với phiên bản sau", "does not end where the next begins"
                )
        for row in earlier:
            for vi, en in _version_faults(snapshot, plan, row):
                yield _version_finding(plan, row.version, vi, en)


def _version_faults(snapshot: Snapshot, plan: Any, row: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - rows of the database
    calendar, faults = read_version(row)
    yield from ((fault.vi, fault.en) for fault in faults)
    current = snapshot.calendar(plan.id)
    if calendar is not None and current is not None and not same_plan(calendar, current):
        yield "thuộc kế hoạch, đơn vị, năm hay quy định khác", "is of another plan, unit, year or regulation"


def _version_finding(plan: Any, version: int, vi: str, en: str) -> Finding:  # noqa: ANN401 - see above
    text = Text(f"Kế hoạch {plan.slug}, phiên bản {version}: {vi}.", f"{plan.slug}, version {version}: {en}.")
    return Finding("plan_versions", f"{plan.slug}/{version}", text, RESTORE)


def extensions_rest_on_their_plan(snapshot: Snapshot) -> Iterator[Finding]:
    """32. An extension has products and a milestone that its plan knows or knew, and ends wholly or not."""
    for row in inspecting_plans.all_extensions(snapshot.tx):
        for vi, en in _extension_faults(snapshot, row):
            text = Text(f"Gia hạn {row.id}: {vi}.", f"The extension {row.id}: {en}.")
            yield Finding("extensions", str(row.id), text, RESTORE)


def _extension_faults(snapshot: Snapshot, row: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - see above
    current = snapshot.calendar(row.plan_id)
    versions = [*([current] if current else []), *snapshot.earlier.get(row.plan_id, [])]
    if versions and not any(version.knows(DeadlineKind.MILESTONE, row.rule) for version in versions):
        yield f"không có mốc {row.rule}", f"there is no milestone {row.rule}"
    if row.products == 0:
        yield "không cho sản phẩm nào", "it is for no product"
    if len({cell is None for cell in (row.revoked_on, row.revoked_at, row.revoked_by)}) > 1:
        yield "thu hồi ghi dở dang", "it is half revoked"


def occurrences_rest_on_their_plan(snapshot: Snapshot) -> Iterator[Finding]:
    """32. What happened to a product is an event that its plan knows or knew, and is undone wholly or not."""
    for row in inspecting_plans.all_occurrences(snapshot.tx):
        for vi, en in _occurrence_faults(snapshot, row):
            text = Text(f"Sự kiện số {row.id} của sản phẩm: {vi}.", f"The occurrence {row.id}: {en}.")
            yield Finding("occurrences", str(row.id), text, RESTORE)


def _occurrence_faults(snapshot: Snapshot, row: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - see above
    current = snapshot.calendar(row.plan_id)
    versions = [*([current] if current else []), *snapshot.earlier.get(row.plan_id, [])]
    known = {event.id for version in versions for event in version.plan.own_events}
    if versions and row.event not in known:
        yield f"kế hoạch không có sự kiện {row.event}", f"its plan has no event {row.event}"
    if row.happened_on > row.recorded_on:
        yield "xảy ra sau ngày được ghi", "it happened after it was recorded"
    undone = (row.undone_on, row.undone_at, row.undone_by, row.undone_because)
    if len({cell is None for cell in undone}) > 1:
        yield "hoàn tác ghi dở dang", "it is half taken back"
