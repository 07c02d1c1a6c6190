"""`/imports`: a list of products or certificates: looked at row by row, answered, given back, published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.imports import staging
from ocop_workflow.imports.queries import staged_of
from ocop_workflow.imports.reading.candidate import Doubt
from ocop_workflow.imports.returning import list_back
from ocop_workflow.imports.views import AskedView
from ocop_workflow.places.queries import lineage
from ocop_workflow.plans.loaded import plans_of
from ocop_workflow.products.questions.answering import list_questions
from ocop_workflow.web.console.certificates import importing as certificates
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.long_work import patiently
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.importing import Progress
    from ocop_workflow.imports.queries import StagedRecord
    from ocop_workflow.imports.report import ImportReport, RowResult
    from ocop_workflow.imports.staging import StagedOutlook
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_EDIT = Permission.EDIT_PRODUCTS
#: rows that one page shows
_MOST: Final = 500
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/imports", **needs(_EDIT))
def show_start(call: Calling) -> Response:
    """Ask for a list, show those that wait, and what lists have asked that nobody has answered."""
    return call.show(lambda tx, actor: _start(tx, call, actor))


def _start(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    content = {
        "plans": [
            (plan.slug, plan.title) for plan in plans_of(tx, actor) if _may_import(tx, actor, plan.unit_id)
        ],
        "levels": certificates.levels(call),
        "staged": staged_of(tx, actor.officer_id or 0),
        "questions": list_questions(tx, actor),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("imports/start.html", content, kind_of(refusal).status if refusal else 200)


def _may_import(tx: Connection, actor: Actor, unit_id: int) -> bool:
    return may(actor, _EDIT, Place(frozenset(lineage(tx, unit_id)))) is not None


@router.post("/imports", **needs(_EDIT))
def bring(call: Calling) -> Response:
    """Keep a list that somebody brings; nothing of it counts yet."""
    given = call.file("file")
    name, content = (given.filename or "", given.file.read()) if given else ("", b"")

    def work(tx: Connection, session: Session) -> Response:
        if call.given("kind") == "certificates":
            number = certificates.bring(tx, call, session, name, content)
        else:
            number = staging.stage(tx, session.actor, call.given("plan"), name, content, now=call.now)
        return call.to(f"/imports/{number}")

    return call.change_or_show(work, lambda tx, actor, error: _start(tx, call, actor, error))


@dataclass(frozen=True, slots=True)
class Row:
    """One row with what is asked of it; `place`: under which an answer is kept."""

    row: RowResult
    asked: tuple[tuple[AskedView, str], ...]


@router.get("/imports/{number}", **needs(_EDIT))
def show_staged(call: Calling, number: Number) -> Response:
    """Show what would become of each row."""
    staged, actor = _staged(call, number)
    if staged.plan is None:
        return certificates.show(call, staged, actor)
    only = call.request.query_params.get("only", "")

    def work(progress: Progress) -> Response:
        try:
            outlook = _looked_at(call, staged, actor, progress)
        except OcopError as error:
            refusal = error
            return call.show(lambda tx, actor: _start(tx, call, actor, refusal))
        return call.show(lambda _tx, _actor: _shown(call, staged, outlook, only))

    return patiently(call, Text("Đang xem danh sách", "Looking at the list"), work)


def _looked_at(
    call: Call, staged: StagedRecord, actor: Actor, progress: Progress = lambda _done, _of: None
) -> StagedOutlook:
    return staging.look(
        call.application.database, actor, staged, today=call.today, now=call.now, progress=progress
    )


def _staged(call: Call, number: int) -> tuple[StagedRecord, Actor]:
    found: tuple[StagedRecord, Actor] = call.read(
        lambda tx, actor: (staging.find_staged(tx, actor, number), actor)
    )
    return found


def _shown(call: Call, staged: StagedRecord, outlook: StagedOutlook, only: str) -> Screen:
    report = outlook.report
    rows = list(_rows(report)) if report else []
    doubtful = [row for row in rows if row.row.doubts or row.row.questions]
    content: dict[str, Any] = {
        "staged": staged,
        "refusal": told(outlook.refusal, call.language) if outlook.refusal else None,
        "report": report,
        "rows": (doubtful if only == "asked" else rows)[:_MOST],
        "all": len(rows),
        "many_sheets": len({row.row.sheet for row in rows}) > 1,
        "doubtful": len(doubtful),
        "only": only,
        "general": _general(report) if report else [],
        "may_publish": report is not None,
    }
    return Screen("imports/staged.html", content)


def _rows(report: ImportReport) -> Iterator[Row]:
    for row in report.rows:
        asked = (*row.doubts, *row.questions)
        yield Row(row, tuple((AskedView.of(text), _place(text)) for text in asked))


def _general(report: ImportReport) -> list[tuple[AskedView, str]]:
    return [(AskedView.of(text), _place(text)) for text in (*report.doubts, *report.questions)]


def _place(asked: object) -> str:
    """Return under which place an answer to a question is kept; empty: it takes none."""
    if not isinstance(asked, Doubt):
        return ""
    if asked.code and not asked.cell:
        return asked.code
    return f"{asked.sheet}!{asked.cell}" if asked.sheet and asked.cell else asked.cell or asked.sheet


@router.post("/imports/{number}/answers", **needs(_EDIT))
def answer(call: Calling, number: Number) -> Response:
    """Keep what was answered, and look again."""
    given = {
        name.removeprefix("answer:"): value for name, value in call.sent.items() if name.startswith("answer:")
    }
    call.change(lambda tx, session: staging.answer(tx, session.actor, number, given))
    return call.to(f"/imports/{number}", only=call.given("only"))


@router.get("/imports/{number}/list.xlsx", **needs(_EDIT))
def give_back(call: Calling, number: Number) -> Response:
    """Give the list back with its verdict, question and proposal beside each row."""
    staged, actor = _staged(call, number)
    if staged.plan is None:
        data = certificates.give_back(call, staged, actor)
    else:
        outlook = _looked_at(call, staged, actor)
        data = list_back(outlook.file, ".xlsx", outlook.report, outlook.faults)
    headers = {
        "Content-Disposition": f'attachment; filename="ket-qua-{number}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, headers=headers, media_type=_KIND)


@router.post("/imports/{number}/publish", **needs(_EDIT))
def publish(call: Calling, number: Number) -> Response:
    """Let the list count; rows of products that wait for an answer stay behind."""
    staged, actor = _staged(call, number)
    if staged.plan is None:
        return certificates.publish(call, staged, actor)

    def work(progress: Progress) -> Response:
        def count(tx: Connection, session: Session) -> Response:
            report = staging.publish(
                tx, session.actor, number, today=call.today, now=call.now, progress=progress
            )
            content = {"report": report, "number": number}
            return call.write(Screen("imports/published.html", content), call.around(tx, session))

        return call.change_or_show(count, lambda tx, actor, error: _start(tx, call, actor, error))

    return patiently(call, Text("Đang công bố danh sách", "Publishing the list"), work)


@router.post("/imports/{number}/drop", **needs(_EDIT))
def drop(call: Calling, number: Number) -> Response:
    """Keep the list no longer."""
    call.change(lambda tx, session: staging.drop(tx, session.actor, number))
    return call.to("/imports")
