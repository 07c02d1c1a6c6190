"""The histories' rules: states that exist, no gap, steps that were legal and had what they need."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.states import Allowed, decide
from ocop_workflow.upkeep.examination import product_queries
from ocop_workflow.upkeep.examination.checks.certificates import without_basis
from ocop_workflow.upkeep.examination.findings import REPORT, RESTORE, Finding
from ocop_workflow.upkeep.examination.history import BEGINNINGS, histories, rating, words_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.states import Position, Score
    from ocop_workflow.upkeep.examination.history import History, Walked
    from ocop_workflow.upkeep.examination.product_queries import DossierFact, ProductFact
    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def states_exist(snapshot: Snapshot) -> Iterator[Finding]:
    """1. Every product stands in a state that its regulation's ladder has, with a dossier that exists."""
    for batch in product_queries.product_batches(snapshot.tx):
        for product in batch:
            calendar = snapshot.calendar_of(product, product.plan_id)
            if calendar and not words_known(product, calendar):
                known = rating(product, calendar)
                number, name = (known.number, known.id) if known else (product.rated_by, product.rated_by)
                text = Text(
                    f"{product.code}: {number} không có trạng thái {product.state} "
                    f"(hồ sơ {product.dossier}).",
                    f"{product.code}: {name} has no state {product.state} (dossier {product.dossier}).",
                )
                yield Finding("products", product.code, text, RESTORE)


def steps_name_their_regulation(snapshot: Snapshot) -> Iterator[Finding]:
    """1. Every step names the regulation by which its dossier is rated from then on."""
    for history in histories(snapshot):
        for step in history.walked:
            if step.entry.regulation != step.regulation:
                text = Text(
                    f"Bước chuyển {step.entry.id} ghi quy định {step.entry.regulation}, hồ sơ theo "
                    f"{step.regulation}.",
                    f"Transition {step.entry.id} names the regulation {step.entry.regulation}, its dossier "
                    f"is rated by {step.regulation}.",
                )
                yield Finding("transitions", str(step.entry.id), text, RESTORE)


def histories_have_no_gap(snapshot: Snapshot) -> Iterator[Finding]:
    """2. A product's version is the number of its transitions, and these are numbered 1, 2, 3 …."""
    for row in product_queries.miscounted_products(snapshot.tx):
        text = Text(
            f"{row.code}: phiên bản {row.version} nhưng lịch sử có {row.steps} bước, hoặc đánh số hụt.",
            f"{row.code}: version {row.version}, but its history has {row.steps} steps or a gap.",
        )
        yield Finding("products", row.code, text, RESTORE)


def histories_lead_to_the_record(snapshot: Snapshot) -> Iterator[Finding]:
    """3. The machine, asked again for every step, leads to what the product's record says."""
    for history in histories(snapshot):
        if history.known:
            yield from _where_the_machine_differs(history)
            yield from _where_the_record_differs(history)
            if all(step.row for step in history.standing):  # else nobody knows which of them opened one
                yield from _where_the_dossiers_differ(history)


def _where_the_machine_differs(history: History) -> Iterator[Finding]:
    for step in (step for step in history.walked if not step.is_undoing):
        decision = decide(step.source, step.event, step.facts)
        if step.row and isinstance(decision, Allowed) and decision.target is not step.target:
            yield _step_finding(
                history,
                step,
                f"phải dẫn tới «{decision.target.label}», lịch sử ghi «{step.target.label}»",
                f"leads to {decision.target.value}, the history says {step.target.value}",
            )


def _where_the_record_differs(history: History) -> Iterator[Finding]:
    product, told = history.product, history.position
    if not history.walked and product.state in {state.value for state in BEGINNINGS}:
        return
    declined = (product.not_renewing_on, told.not_renewing_on)
    kind = product.dossier or (told.dossier if told.number == 0 else None)
    days = (product.entered_on, product.concluded_on, product.received_on, product.complete_on)
    recorded = (product.state, kind, product.plan_id, *days, product.rated_by)
    walked = (told.entered_on, told.concluded_on, told.received_on, told.complete_on)
    leads_to = (told.state, told.dossier, told.plan_id, *walked, told.regulation)
    if recorded != leads_to or declined[0] != declined[1] or (_score(product) != _given(told.score)):
        yield Finding(
            "products",
            product.code,
            Text(
                f"{product.code}: hồ sơ ghi «{product.state}», lịch sử dẫn tới «{told.state.value}» "
                f"({_told(told)}).",
                f"{product.code}: the record says {product.state}, its history leads to {told.state.value} "
                f"({_told(told)}).",
            ),
            RESTORE,
        )


def _where_the_dossiers_differ(history: History) -> Iterator[Finding]:
    recorded = {
        row.number: (row.kind, row.plan_id, row.received_on, row.complete_on, row.regulation, _score(row))
        for row in history.dossiers
    }
    told = {
        number: (
            run.dossier.value,
            run.plan_id,
            run.received_on,
            run.complete_on,
            run.regulation,
            _given(run.score),
        )
        for number, run in history.runs.items()
    }
    code = history.product.code
    if recorded != told or history.product.dossier_no != history.position.number:
        text = Text(
            f"{code}: các lượt hồ sơ được ghi không khớp lịch sử, lịch sử có {len(told)} lượt.",
            f"{code}: the dossiers on record are not those of its history, which has {len(told)}.",
        )
        yield Finding("dossiers", code, text, RESTORE)


def _given(score: Score | None) -> tuple[str, Fraction, int] | None:
    return (score.level, score.mean, score.gates_met) if score else None


def _told(told: Position) -> str:
    return f"{told.dossier.value}, {told.entered_on}, {told.received_on}, {told.score and told.score.mean}"


def _score(row: ProductFact | DossierFact) -> tuple[str | None, Fraction, int | None] | None:
    if row.score_mean is None:
        return None
    return row.score_level, Fraction(row.score_mean), row.gates_met


def steps_are_legal(snapshot: Snapshot) -> Iterator[Finding]:
    """4. Every step is a row of the table and begins where the last ended; days do not run backwards.

    An undoing takes back the last step that stands, with that step's day.
    """
    for history in histories(snapshot):
        for step in history.walked:
            if step.is_undoing and not _takes_back(step):
                yield _step_finding(
                    history, step, "không hoàn tác đúng bước cuối", "does not take back the last step"
                )
            elif not step.is_undoing and (step.row is None or step.source is not step.before.state):
                yield _step_finding(
                    history, step, "không có trong bảng trạng thái", "is not in the table of states"
                )
            elif step.before.entered_on and step.entry.on < step.before.entered_on:
                yield _step_finding(history, step, *_BACKWARDS)


_BACKWARDS = ("có ngày trước bước liền trước", "has a day before the last one")


def _takes_back(step: Walked) -> bool:
    undone = step.undone
    return undone is not None and (
        (step.entry.undoes, step.event, step.entry.on, step.source, step.target)
        == (undone.entry.seq, undone.event, undone.entry.on, undone.target, undone.source)
    )


def steps_met_their_needs(snapshot: Snapshot) -> Iterator[Finding]:
    """5. Whatever a step needs was there: decisions, scores in the band of the star, thresholds."""
    for history in histories(snapshot):
        for step in history.walked:
            for need in step.row.needs if step.row and not step.is_undoing else ():
                if not need.met(step.facts):
                    yield _step_finding(history, step, f"thiếu {need.text.vi}", f"lacks {need.text.en}")
        if history.known:
            yield from without_basis(history)


def _step_finding(history: History, step: Walked, vi: str, en: str) -> Finding:
    code, seq = history.product.code, step.entry.seq
    text = Text(
        f"{code}, bước {seq} («{step.event.label}»): {vi}.", f"{code}, step {seq} ({step.event.value}): {en}."
    )
    return Finding("transitions", f"{code}/{seq}", text, REPORT)
