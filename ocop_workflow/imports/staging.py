"""A list that somebody has brought and looks at before it counts: kept with its answers, for a day.

What would become of it is found out anew each time, by the import itself, whose work is then undone.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.access import Permission
from ocop_workflow.errors import InvalidInput, NotFound, OcopError
from ocop_workflow.imports import queries as imports
from ocop_workflow.imports.annex import read_list
from ocop_workflow.imports.answers import Answers
from ocop_workflow.imports.importing import import_annex, read_file
from ocop_workflow.people.officers import permitted
from ocop_workflow.plans.loaded import find_plan
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Fault
    from ocop_workflow.imports.importing import File, Progress
    from ocop_workflow.imports.queries import StagedRecord
    from ocop_workflow.imports.report import ImportReport
    from ocop_workflow.store import Connection, Database

#: after so long a list that nobody has published is gone
KEPT: Final = timedelta(days=1)
_ENDINGS: Final = (".xlsx", ".csv")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class StagedOutlook:
    """What would become of a staged list: its report, or why it is refused."""

    file: File
    report: ImportReport | None
    refusal: OcopError | None = None
    faults: tuple[Fault, ...] = ()


def stage(tx: Connection, by: Actor, plan: str, name: str, content: bytes, *, now: datetime) -> int:
    """Keep a list for a plan; nothing of it counts yet. Returns its number.

    Raises:
        NotFound: no such plan that the actor may look at.
        NotPermitted: the actor may not add products to what the plan covers.
        InvalidInput: the file is none that can be a list.
    """
    record = find_plan(tx, plan, by)
    permitted(tx, by, Permission.EDIT_PRODUCTS, record.unit_id)
    return keep(tx, by, name, content, now=now, plan_id=record.id)


def keep(tx: Connection, by: Actor, name: str, content: bytes, *, now: datetime, **more: Any) -> int:  # noqa: ANN401 - columns
    """Keep a list of whoever may bring one; returns its number. `more`: further columns.

    Raises:
        InvalidInput: the file is none that can be a list.
    """
    shown = clean(PurePath(name.replace("\\", "/")).name)[-_LONGEST_NAME:]
    if not shown.casefold().endswith(_ENDINGS) or not content:
        raise InvalidInput(
            "Tệp phải là danh sách .xlsx hoặc .csv, không trống.", "The file has to be a list: .xlsx or .csv."
        )
    imports.forget_staged(tx, now - KEPT)
    values: dict[str, Any] = {
        "officer_id": by.officer_id,
        "file_name": shown,
        "content": content,
        "answers": {},
        "at": now,
        **more,
    }
    return imports.insert_staged(tx, values)


def find_staged(tx: Connection, by: Actor, number: int) -> StagedRecord:
    """Return a list that the actor has brought.

    Raises:
        NotFound: there is none of this number, or it is somebody else's, or was kept for its day.
    """
    found = imports.staged_by_id(tx, number)
    if found is None or found.officer_id != by.officer_id:
        raise no_list(number)
    return found


def no_list(number: int) -> NotFound:
    """Say that no list of this number waits."""
    return NotFound(
        f"Không có danh sách chờ số {number}; hãy tải tệp lên lại.",
        f"There is no waiting list {number}; upload the file again.",
    )


def answer(tx: Connection, by: Actor, number: int, given: Mapping[str, str]) -> None:
    """Keep answers to what a list has asked, beside those given before; an empty one takes its own back.

    Raises:
        NotFound: see `find_staged`.
    """
    staged = find_staged(tx, by, number)
    answers = {**staged.answers, **{place: clean(word)[:500] for place, word in given.items()}}
    imports.change_staged(tx, number, answers={place: word for place, word in answers.items() if word})


def drop(tx: Connection, by: Actor, number: int) -> None:
    """Keep a list no longer.

    Raises:
        NotFound: see `find_staged`.
    """
    imports.delete_staged(tx, find_staged(tx, by, number).id)


@contextmanager
def as_path(staged: StagedRecord) -> Iterator[Path]:
    """Put a staged list down as the file that it was, for as long as it is read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list{PurePath(staged.file_name).suffix.casefold()}"
        path.write_bytes(staged.content)
        yield path


@contextmanager
def _as_file(staged: StagedRecord) -> Iterator[tuple[File, str]]:
    """Read a staged list of products, by what was answered since; gives its plan, too.

    Raises:
        NotFound: it is a list of certificates.
    """
    if staged.plan is None:
        raise no_list(staged.id)
    with as_path(staged) as path:
        read = read_file(path)
    given = Answers({**read.answers.given, **staged.answers})
    annex = read_list(read.sheets, given)
    yield replace(read, name=staged.file_name, annex=annex, answers=given), staged.plan


def look(
    database: Database,
    by: Actor,
    staged: StagedRecord,
    *,
    today: date,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> StagedOutlook:
    """Say what would become of a staged list; whatever the import does is undone.

    Raises:
        InvalidInput: it is no list that can be read.
    """
    with _as_file(staged) as (file, plan), database.connect() as connection, connection.begin() as tx:
        try:
            report = import_annex(connection, file, plan, actor=by, today=today, now=now, progress=progress)
        except OcopError as refusal:
            return StagedOutlook(file, None, refusal, tuple(refusal.faults))
        finally:
            tx.rollback()
    return StagedOutlook(file, report)


def publish(
    tx: Connection,
    by: Actor,
    number: int,
    *,
    today: date,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> ImportReport:
    """Let a staged list count: the import is done, and the list is kept no longer.

    Raises:
        NotFound: see `find_staged`.
        OcopError: see `importing.import_annex`; nothing was imported.
    """
    staged = find_staged(tx, by, number)
    with _as_file(staged) as (file, plan):
        report = import_annex(tx, file, plan, actor=by, today=today, now=now, progress=progress)
    if not report.waits:
        imports.delete_staged(tx, staged.id)
    return report
