"""What an old regulation's council gave to a dossier that goes over to the next one: kept as its paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.dossiers import paper_queries as papers
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.products import queries as products
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.regulations import change_over
from ocop_workflow.states import Event, mean_in_words
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.products.effects import Step
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.store import Connection

#: by what such a paper is known again
_SHELF = "lịch sử hồ sơ (quy định cũ)"


def said_of_law(step: Step) -> str:
    """Return the clause by which a dossier goes over to the next regulation; of another step nothing."""
    if step.event is not Event.CHANGE_REGULATION:
        return ""
    over = change_over(step.facts.regulation.id, step.facts.dossier.value)
    return over.clause if over else ""


def keep_old_result(tx: Connection, step: Step, actor: Actor, now: datetime) -> None:
    """Keep score, decision and samples of a level that scores no longer, as a paper of the dossier.

    The score itself counts no more: it enters no new mean.
    """
    score = step.facts.score
    if score is None or step.after.score is not None:
        return
    walked = products.standing_steps(products.history(tx, step.record.id))
    sent = _last(walked, Event.ESCALATE)
    day = sent.data.get("decision_date") if sent else None
    regulation, level = step.facts.regulation, score.level
    words = [f"Kết quả chấm điểm {level.label} theo {regulation.number}: {mean_in_words(score.mean).vi} điểm"]
    if sent and sent.data.get("samples") is not None:
        words.append(f"đã gửi {sent.data['samples']} sản phẩm mẫu")
    papers.insert_paper(
        tx,
        {
            "product_id": step.record.id,
            "dossier": step.record.dossier_no,
            "kind": OTHER,
            "name": "; ".join(words),
            "number": sent.data.get("decision_number") if sent else None,
            "issuer": Bodies(tx, [step.record]).at(step.record, level, regulation).vi,
            "issued_on": date.fromisoformat(day) if day else None,
            "shelf": _SHELF,
            "criteria": [],
            "recorded_by": clean(actor.login)[:100],
            "recorded_at": now,
        },
    )


def take_old_result_out(
    tx: Connection, record: ProductRecord, actor: Actor, because: str, now: datetime
) -> None:
    """Take such a paper out again: the step is undone, and the score counts."""
    for paper in papers.papers_of(tx, record.id, record.dossier_no):
        if paper.shelf == _SHELF and paper.kind == OTHER:
            papers.withdraw_paper(tx, paper.id, clean(actor.login)[:100], because, now)


def _last(walked: list[HistoryEntry], event: Event) -> HistoryEntry | None:
    return next((entry for entry in reversed(walked) if entry.event is event), None)
