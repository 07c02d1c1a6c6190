"""Lists of certificates on the import desk: what becomes of each row, what is asked, each question once.

`/imports` keeps them beside the lists of products; `/certificates/import` leads there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.imports.register.remembering import list_remembered, may_revoke, revoke
from ocop_workflow.imports.register.replies import WHOLE_LIST
from ocop_workflow.imports.register.returning import register_back
from ocop_workflow.imports.register.staging import (
    look_at_certificates,
    publish_certificates,
    stage_certificates,
    stage_mended,
)
from ocop_workflow.imports.register.views import ListedVerdict
from ocop_workflow.states import EvidenceLevel
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.long_work import patiently
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.importing import Progress
    from ocop_workflow.imports.queries import StagedRecord
    from ocop_workflow.imports.register.file import RegisterFile
    from ocop_workflow.imports.register.staging import StagedCertificates
    from ocop_workflow.imports.register.views import ListedRowView, RegisterImportView
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_EDIT = Permission.EDIT_PRODUCTS
#: rows of one kind that one page shows, and rows that a question names
_MOST: Final = 500
_NAMED: Final = 12
_AMISS: Final = (ListedVerdict.FAULT, ListedVerdict.QUESTION)


@router.get("/certificates/import", **needs(_EDIT))
def lead_on(call: Calling) -> Response:
    """Lead to the desk where every list is brought in."""
    call.read(lambda _tx, _actor: None)  # of whoever is signed in
    return call.to("/imports#certificates")


def levels(call: Call) -> list[tuple[str, str]]:
    """Return by what a row may be known that does not say so itself."""
    return [(word.value, say(word.text, call.language)) for word in EvidenceLevel]


def bring(tx: Connection, call: Call, session: Session, name: str, content: bytes) -> int:
    """Keep a list of certificates, or one that takes the place of another; returns its number."""
    instead = call.given("instead")
    if instead.isdecimal() and len(instead) < 10:  # noqa: PLR2004 - a number of a row
        return stage_mended(tx, session.actor, int(instead), name, content, now=call.now)
    asked = call.given("evidence")
    evidence = EvidenceLevel(asked) if asked in set(EvidenceLevel) else EvidenceLevel.LEAD
    return stage_certificates(tx, session.actor, evidence, name, content, now=call.now)


# -- what becomes of each row ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A recognition of the list and what becomes of it; `place`: under which its whole row is answered."""

    verdict: ListedRowView
    product: str
    place: str


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """A question, however many rows wait for it; `more`: rows that are not named."""

    key: str
    detail: str
    proposed: str | None
    rows: tuple[ShownRow, ...]
    more: int

    @property
    def is_of_all(self) -> bool:
        """Whether the answer holds for every row that does not say it itself."""
        return self.key.rpartition("!")[2] in WHOLE_LIST

    @property
    def word(self) -> str:
        """What is written to take the proposal: itself, where it is a word that answers, else yes."""
        return self.proposed if self.proposed and self.proposed[0].islower() else "đúng"


def look(call: Call, staged: StagedRecord, actor: Actor) -> StagedCertificates:
    """Say what would become of each row."""
    return look_at_certificates(call.application.database, actor, staged, today=call.today, now=call.now)


def show(call: Call, staged: StagedRecord, actor: Actor, refusal: OcopError | None = None) -> Response:
    """Show what would become of each row: faults and questions first, the rest folded."""

    def work(_progress: Progress) -> Response:
        outlook = look(call, staged, actor)
        return call.show(lambda _tx, _actor: _screen(call, staged, outlook, refusal))

    return patiently(call, Text("Đang xem danh sách", "Looking at the list"), work)


def _screen(
    call: Call, staged: StagedRecord, outlook: StagedCertificates, refusal: OcopError | None
) -> Screen:
    wrong, report = refusal or outlook.refusal, outlook.report
    rows = list(_rows(outlook.file, report)) if outlook.file and report else []
    asked = _asked(rows)
    answered = {
        place: word for place, word in staged.answers.items() if place not in {one.key for one in asked}
    }
    faults = [row for row in rows if row.verdict.verdict is ListedVerdict.FAULT]
    clear = [row for row in rows if row.verdict.verdict not in _AMISS]
    content: dict[str, Any] = {
        "staged": staged,
        "report": report,
        "left_out": sum(row.verdict.verdict is ListedVerdict.LEFT_OUT for row in rows),
        "faults": faults[:_MOST],
        "more_faults": len(faults[_MOST:]),
        "asked": asked[:_MOST],
        "answered": answered,
        "clear": clear[:_MOST],
        "all_clear": len(clear),
        "many_sheets": len({row.verdict.sheet for row in rows}) > 1,
        "evidence": dict(levels(call)).get(staged.evidence or "", ""),
        "refusal": told(wrong, call.language) if wrong else None,
    }
    return Screen("imports/certificates.html", content, kind_of(refusal).status if refusal else 200)


def _rows(file: RegisterFile, report: RegisterImportView) -> Iterator[ShownRow]:
    """Put the products that a row names beside what becomes of it."""
    named: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for one in file.recognitions:
        named[one.at][one.product] = None
    for verdict in report.verdicts:
        products = ", ".join(named[verdict.sheet, verdict.row])
        yield ShownRow(verdict, products, f"{verdict.sheet}!{verdict.row}")


def _asked(rows: Sequence[ShownRow]) -> list[AskedOnce]:
    """Return what can be answered on the page, each question once."""
    by_key: defaultdict[str, list[ShownRow]] = defaultdict(list)
    for row in rows:
        if row.verdict.key and row.verdict.verdict in _AMISS:
            by_key[row.verdict.key].append(row)
    return [
        AskedOnce(key, of[0].verdict.detail, of[0].verdict.proposed, tuple(of[:_NAMED]), len(of[_NAMED:]))
        for key, of in by_key.items()
    ]


def give_back(call: Call, staged: StagedRecord, actor: Actor) -> bytes:
    """Return the list as a workbook, with the verdict and what is asked beside each row.

    Raises:
        OcopError: it is no list that can be read.
    """
    outlook = look(call, staged, actor)
    if outlook.file is None or outlook.report is None:
        assert outlook.refusal is not None  # noqa: S101 - there is the one or the other
        raise outlook.refusal
    return register_back(outlook.file, outlook.report)


def publish(call: Call, staged: StagedRecord, actor: Actor) -> Response:
    """Let the whole list count; while a row is amiss nothing does, and the page says so."""

    def work(progress: Progress) -> Response:
        try:
            done: Response = call.change(lambda tx, session: _count(tx, call, session, staged.id, progress))
        except OcopError as error:
            refusal = error
        else:
            return done
        outlook = look(call, staged, actor)
        return call.show(lambda _tx, _actor: _screen(call, staged, outlook, refusal))

    return patiently(call, Text("Đang ghi vào sổ", "Entering into the register"), work)


def _count(tx: Connection, call: Call, session: Session, number: int, progress: Progress) -> Response:
    report = publish_certificates(
        tx, session.actor, number, today=call.today, now=call.now, progress=progress
    )
    content = {"report": report, "left_out": _left_out(report)}
    return call.write(Screen("imports/entered.html", content), call.around(tx, session))


def _left_out(report: RegisterImportView) -> int:
    return sum(one.verdict is ListedVerdict.LEFT_OUT for one in report.verdicts)


# -- answers that are remembered -------------------------------------------------------------------------


@router.get("/imports/answers", **needs(_EDIT))
def show_answers(call: Calling) -> Response:
    """Show what lists have asked and need not ask again."""
    return call.show(lambda tx, actor: _answers(tx, call, actor))


def _answers(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    content: Mapping[str, Any] = {
        "answers": [(held, may_revoke(actor, held)) for held in reversed(list_remembered(tx, actor))],
        "done": call.request.query_params.get("done", ""),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("imports/answers.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/imports/answers/{number}/revoke", **needs(_EDIT))
def revoke_one(call: Calling, number: Number) -> Response:
    """Let the next list ask again."""

    def work(tx: Connection, session: Session) -> Response:
        revoke(tx, session.actor, number, call.now)
        return call.to("/imports/answers", done="revoked")

    return call.change_or_show(work, lambda tx, actor, error: _answers(tx, call, actor, error))


__all__ = ["bring", "give_back", "levels", "publish", "router", "show"]
