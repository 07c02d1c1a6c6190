"""The papers' rule: the days that are on record agree with one another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text, fault
from ocop_workflow.states import about, date_faults, papers_of
from ocop_workflow.upkeep.examination import paper_queries
from ocop_workflow.upkeep.examination.findings import REPORT, Finding, Severity
from ocop_workflow.upkeep.examination.history import histories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.errors import Fault
    from ocop_workflow.upkeep.examination.history import History, Walked
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

#: earlier versions of the service took such days; whoever has the paper can put them right
COMPARE = Text(
    "So với giấy gốc; nếu ghi nhầm thì `ocop undo` thao tác đó rồi ghi lại cho đúng ngày.",
    "Compare with the paper; where it was mistyped, `ocop undo` the step and record it with the right day.",
)

#: no local day is ahead of UTC's by more
_FARTHEST_EAST = timedelta(hours=14)


def papers_belong_to_a_dossier(snapshot: Snapshot) -> Iterator[Finding]:
    """39. Every paper that stands belongs to a dossier, and runs out no earlier than it was issued."""
    for row in paper_queries.papers_of_no_dossier(snapshot.tx):
        text = Text(
            f"Giấy tờ {row.id} thuộc hồ sơ {row.dossier} của {row.code}, mà hồ sơ ấy không có.",
            f"Paper {row.id} belongs to dossier {row.dossier} of {row.code}, which there is not.",
        )
        yield Finding("papers", str(row.id), text, REPORT)
    for row in paper_queries.papers_that_end_early(snapshot.tx):
        text = Text(
            f"Giấy tờ {row.id} của {row.code} hết hạn trước ngày cấp.",
            f"Paper {row.id} of {row.code} runs out before it was issued.",
        )
        yield Finding("papers", str(row.id), text, REPORT)


def forms_belong_to_a_dossier(snapshot: Snapshot) -> Iterator[Finding]:
    """39. What was saved in a form belongs to a dossier."""
    for row in paper_queries.forms_of_no_dossier(snapshot.tx):
        text = Text(
            f"Mẫu {row.id} thuộc hồ sơ {row.dossier} của {row.code}, mà hồ sơ ấy không có.",
            f"Form {row.id} belongs to dossier {row.dossier} of {row.code}, which there is not.",
        )
        yield Finding("form_answers", str(row.id), text, REPORT)


def visits_rest_on_a_certificate(snapshot: Snapshot) -> Iterator[Finding]:
    """43. Every visit that stands is to a product with a certificate of before; its follow-ups are whole."""
    for row in paper_queries.visits_of_no_certificate(snapshot.tx):
        text = Text(
            f"Lần kiểm tra {row.id} của {row.code} không thuộc giấy chứng nhận nào của sản phẩm vào ngày ấy.",
            f"The visit {row.id} to {row.code} belongs to no certificate that the product had on its day.",
        )
        yield Finding("visits", str(row.id), text, REPORT)
    for row in paper_queries.follow_ups_that_disagree(snapshot.tx):
        text = Text(
            f"Việc phải làm {row.id} của {row.code} thiếu việc hay hạn, hoặc có ngày trước lần kiểm tra.",
            f"The follow-up {row.id} of {row.code} lacks its task or its day, or is dated before its visit.",
        )
        yield Finding("visit_findings", str(row.id), text, REPORT)


def days_agree(snapshot: Snapshot) -> Iterator[Finding]:
    """33. No paper lies in the future of its step or before what it rests on; no step before its plan."""
    for history in histories(snapshot):
        yield from _disagreements(snapshot, history)


def _disagreements(snapshot: Snapshot, history: History) -> Iterator[Finding]:
    standing: list[Walked] = []
    undone = {step.entry.undoes for step in history.walked}
    for step in history.walked:
        if step.is_undoing:
            standing = standing[:-1]
            continue
        if step.entry.seq not in undone:
            papers = papers_of((earlier.event, earlier.entry.data) for earlier in standing)
            recorded = max((step.entry.at + _FARTHEST_EAST).date(), step.entry.on)
            facts = about(step.event, step.facts)
            for found in (*date_faults(facts, papers, recorded), *_too_early(snapshot, step)):
                yield _finding(history, step, found.text)
        standing.append(step)


def _too_early(snapshot: Snapshot, step: Walked) -> Iterator[Fault]:
    plan, on = step.calendar.plan, step.entry.on
    if step.before.plan_id is None:
        return
    loaded_on = snapshot.plans[step.before.plan_id].first_loaded_at.date()
    if step.before.entered_on is None and on < min(plan.first_day, loaded_on):
        yield fault(
            "on",
            f"ngày thực hiện {on:%d/%m/%Y} đứng trước ngày kế hoạch bắt đầu ({plan.first_day:%d/%m/%Y})",
            f"it happened on {on}, before the plan begins ({plan.first_day})",
        )


def _finding(history: History, step: Walked, text: Text) -> Finding:
    code, seq = history.product.code, step.entry.seq
    said = Text(
        f"{code}, bước {seq} («{step.event.label}»): {text.vi}.",
        f"{code}, step {seq} ({step.event.value}): {text.en}.",
    )
    return Finding("transitions", f"{code}/{seq}", said, COMPARE, Severity.WARNING)
