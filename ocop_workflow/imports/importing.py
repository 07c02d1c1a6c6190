"""Importing a plan's list of products; the same file twice changes nothing.

Rows at fault stop the whole file. A row in doubt waits alone: the others come in, and the file comes again
with the answer. So nothing that might be wrong is stored, and nobody types the rest once more.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import InvalidInput, NotFound, NotPermitted
from ocop_workflow.imports.annex import read_list
from ocop_workflow.imports.answers import Answers, answers_in, read_answers
from ocop_workflow.imports.deciding import Deciding
from ocop_workflow.imports.judging.doubles import with_keys
from ocop_workflow.imports.judging.locating import Located, Locating
from ocop_workflow.imports.reading.candidate import CellQuestion
from ocop_workflow.imports.reading.sheet import read_sheets
from ocop_workflow.imports.report import ImportReport, RowVerdict
from ocop_workflow.imports.writing import Writer, starting_state
from ocop_workflow.people.officers import actor_on_host, permitted, who_may
from ocop_workflow.people.producers import Named, known_or_new
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import find_plan, hold_calendar
from ocop_workflow.products.registering import edit_product

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Fault
    from ocop_workflow.imports.queries import Stocked
    from ocop_workflow.imports.reading.candidate import AnnexContent, Candidate
    from ocop_workflow.imports.reading.sheet import Sheet
    from ocop_workflow.imports.report import RowResult
    from ocop_workflow.products.registering import Particulars
    from ocop_workflow.store import Connection

#: told how much of the work is done: (done, of)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its name, its checksum, what it says, what was answered, and its sheets."""

    name: str
    sha256: str
    annex: AnnexContent
    answers: Answers = field(default_factory=Answers)
    sheets: tuple[Sheet, ...] = ()


def import_annex(
    tx: Connection,
    file: File,
    plan_id: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> ImportReport:
    """Import a file's list into a plan: each new row becomes a product whose first deadline opens today.

    1. every row's commune is found;
    2. what becomes of each row is decided, beside what is there and what was answered;
    3. faults, in rows or answers, end it here;
    4. products are corrected that a row was answered to be; new ones are written, with their deadlines;
    5. the audit says who did it.

    An upgrade's product is `monitored`: it holds a certificate, which is asked for. Rows that were imported
    before are left alone, whatever their order, but for a star that the list corrects in time; of what they
    have asked only what nobody has answered is asked again.

    Raises:
        NotFound: the plan is not loaded.
        NotPermitted: the actor may not add products to what the plan covers.
        InvalidInput: rows at fault, every one at once; nothing was imported.
        Stale: a product that was to be corrected was changed by somebody else meanwhile.
    """
    annex, answers = file.annex, file.answers
    plan = find_plan(tx, plan_id)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, plan.unit_id)
    calendar = hold_calendar(tx, plan.id, plan.sha256)
    plans.hold_serial(tx, plan.id)
    locating = Locating(tx, plan, today, answers)
    located = _with_keys([locating.locate(row) for row in annex.products])
    deciding = Deciding(tx, plan, located, answers, _who_goes_on(tx, actor, plan.unit_id))
    rows: list[RowResult] = []
    for done, row in enumerate(located, start=1):
        rows.append(deciding.decide(row))
        progress(done, len(located))
    doubts = (*annex.doubts, *deciding.doubts())
    _refuse_faults(file, [*annex.faults, *locating.faults, *deciding.faults, *answers.faults()])
    for stocked, said in deciding.edits:
        tags = frozenset({stocked.tag})
        given = replace(said, producer_id=_producer(tx, stocked, said))
        edit_product(tx, stocked.code, given, actor=actor, tags=tags, today=today, now=now)
    batch = deciding.batch
    if batch or deciding.edits:
        Writer(tx, plan, calendar, today, now).write(batch, file.name, file.sha256, actor.login)
        deed = Deed("plan.import", f"plan:{plan.slug}", after=_told(file, rows))
        audit.record(tx, actor, deed, now, warrant)
        for stocked, candidate in batch.restarted:
            audit.record(tx, actor, _restarted(stocked, candidate), now, warrant)
    questions = (*annex.questions, *_unused(answers, rows))
    return ImportReport(plan.slug, tuple(rows), questions, doubts, tuple(deciding.steps))


def _producer(tx: Connection, stocked: Stocked, given: Particulars) -> int | None:
    """Return who the list says makes a product otherwise than the record does; none: it does not."""
    if given.producer is None:
        return None
    place = given.address or stocked.address
    named = Named(stocked.unit_id, given.producer, given.representative, place)
    return known_or_new(tx, [named])[named]


def _who_goes_on(tx: Connection, actor: Actor, unit_id: int) -> str:
    """Return whose name stands in the commands that are left to people; no officer's given: one who may."""
    try:
        return actor_on_host(tx, actor.login, actor.origin).login
    except NotPermitted:
        return who_may(tx, Permission.EDIT_PRODUCTS, unit_id) or actor.login


def _with_keys(located: Sequence[Located]) -> list[Located]:
    """Know each row again by the stored name of its commune, however the list wrote it."""
    keyed = with_keys([row.candidate for row in located])
    return [replace(row, candidate=candidate) for row, candidate in zip(located, keyed, strict=True)]


def _refuse_faults(file: File, faults: list[Fault]) -> None:
    if faults:
        raise InvalidInput(
            f"Tệp {file.name} có dòng lỗi; chưa nhập gì cả.",
            f"The file {file.name} has rows at fault; nothing was imported.",
            faults,
        )


def _told(file: File, rows: Sequence[RowResult]) -> dict[str, Any]:
    """Return what the audit says: how many rows became what."""
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in RowVerdict}
    told = {"file": file.name, "sha256": file.sha256, "products": counts[RowVerdict.NEW]}
    others = (RowVerdict.CORRECTED, RowVerdict.RECOGNISED)
    return told | {verdict.value: counts[verdict] for verdict in others if counts[verdict]}


def _restarted(stocked: Stocked, candidate: Candidate) -> Deed:
    """Return what the audit says of a product that a corrected list put elsewhere before its first step."""
    target = candidate.target.value if candidate.target else None
    return Deed(
        "product.edit",
        f"product:{stocked.code}",
        {"state": stocked.state.value, "target": stocked.target},
        {"state": starting_state(candidate).value, "target": target},
    )


def _unused(answers: Answers, rows: Sequence[RowResult]) -> list[CellQuestion]:
    """Say which answers were of no use; those beside rows that are in by now have done their work."""
    done = {f"{row.sheet}!{row.row}" for row in rows if row.code and row.verdict is not RowVerdict.NEW}
    done |= {str(row.row) for row in rows if row.code and row.verdict is not RowVerdict.NEW}
    done |= {row.code for row in rows if row.code}
    return [
        CellQuestion(
            f"Câu trả lời ở {place} không ứng với câu hỏi nào; có phải ô khác không?",
            f"The answer at {place} fits no question; is another cell meant?",
        )
        for place in answers.unused()
        if re.sub(r"[A-Z]+(?=\d+$)", "", place) not in done and place not in done
    ]


def read_file(path: Path, answers: Path | None = None) -> File:
    """Read a list of products from a file, fenced, and understand it.

    Args:
        path: the list; a workbook that came back with answers beside its rows is one too.
        answers: a file of answers, if they stand elsewhere.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is not a list that can be read.
    """
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.")
    sheets = read_sheets(path)
    given = answers_in(sheets)
    if answers is not None:
        given = Answers({**given.given, **read_answers(answers).given})
    annex = read_list(sheets, given)
    return File(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), annex, given, sheets)


__all__ = ["File", "ImportReport", "Progress", "import_annex", "read_file"]
