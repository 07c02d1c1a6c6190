"""A list of certificates that somebody has brought and looks at before it counts.

It waits beside the lists of products, with its answers, for a day. What would become of it is found out anew
each time, by the import itself, whose work is then undone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.errors import Conflict, NotPermitted, OcopError
from ocop_workflow.imports import queries as imports
from ocop_workflow.imports.answers import Answers
from ocop_workflow.imports.register.file import (
    WHOLE_LIST,
    RegisterFile,
    RegisterOrder,
    read_register_file,
)
from ocop_workflow.imports.register.importing import import_register
from ocop_workflow.imports.register.remembering import lasts
from ocop_workflow.imports.staging import as_path, find_staged, keep
from ocop_workflow.states import EvidenceLevel

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.queries import StagedRecord
    from ocop_workflow.imports.register.views import RegisterImportView
    from ocop_workflow.store import Connection, Database


@dataclass(frozen=True, slots=True)
class StagedCertificates:
    """What would become of a waiting list of certificates: its report, or why it cannot be read."""

    file: RegisterFile | None
    report: RegisterImportView | None
    refusal: OcopError | None = None


def refuse_bringing(actor: Actor) -> None:
    """Turn away whoever may bring no certificates in, before anything of the list is read.

    Raises:
        NotPermitted: the actor may enter nothing anywhere.
    """
    if actor.units_with(Permission.EDIT_PRODUCTS) == frozenset():
        raise NotPermitted(
            f"{actor.login} không có quyền nhập giấy chứng nhận.",
            f"{actor.login} may not bring certificates in.",
        )


def stage_certificates(
    tx: Connection, by: Actor, evidence: EvidenceLevel, name: str, content: bytes, *, now: datetime
) -> int:
    """Keep a list of certificates; nothing of it counts yet. Returns its number.

    Args:
        tx: a writing transaction.
        by: who brings it.
        evidence: what its rows are known by that do not say so themselves.
        name: what the file is called.
        content: its bytes.
        now: this instant.

    Raises:
        NotPermitted: the actor may bring no certificates in.
        InvalidInput: the file is none that can be a list.
    """
    refuse_bringing(by)
    return keep(tx, by, name, content, now=now, evidence=evidence.value)


def stage_mended(tx: Connection, by: Actor, number: int, name: str, content: bytes, *, now: datetime) -> int:
    """Keep a list in the place of one that waits: what was answered for the whole of it holds on.

    Raises:
        NotFound: see `find_staged`.
        InvalidInput: the file is none that can be a list.
    """
    before = find_staged(tx, by, number)
    fresh = keep(tx, by, name, content, now=now, evidence=before.evidence)
    answers = {key: word for key, word in before.answers.items() if lasts(key) or key in WHOLE_LIST}
    imports.change_staged(tx, fresh, answers=answers)
    imports.delete_staged(tx, before.id)
    return fresh


def _file_of(staged: StagedRecord) -> RegisterFile:
    """Read a waiting list, by what was answered since."""
    with as_path(staged) as path:
        read = read_register_file(path, named=staged.file_name)
    return replace(read, answers=Answers({**read.answers.given, **staged.answers}))


def _order(staged: StagedRecord, by: Actor, today: date, now: datetime) -> RegisterOrder:
    return RegisterOrder(by, EvidenceLevel(staged.evidence or EvidenceLevel.LEAD), today, now)


def look_at_certificates(
    database: Database, by: Actor, staged: StagedRecord, *, today: date, now: datetime
) -> StagedCertificates:
    """Say what would become of each row; nothing is written."""
    try:
        file = _file_of(staged)
        with database.connect() as connection, connection.begin() as tx:
            report = import_register(connection, file, _order(staged, by, today, now), publish=False)
            tx.rollback()
    except OcopError as refusal:
        return StagedCertificates(None, None, refusal)
    return StagedCertificates(file, report)


def publish_certificates(
    tx: Connection,
    by: Actor,
    number: int,
    *,
    today: date,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> RegisterImportView:
    """Let a waiting list count, all of it, and keep it no longer.

    Raises:
        NotFound: see `find_staged`.
        Conflict: a row is at fault, or a question waits; nothing was written.
        OcopError: see `import_register`.
    """
    staged = find_staged(tx, by, number)
    order = _order(staged, by, today, now)
    report = import_register(tx, _file_of(staged), order, publish=True, progress=progress)
    if not report.published:
        raise Conflict(
            f"Chưa ghi gì: còn {report.faults} dòng lỗi, {report.questions} câu hỏi; sửa và trả lời hết rồi "
            "mới ghi vào sổ được.",
            f"Nothing was written: {report.faults} rows are at fault, {report.questions} questions wait.",
        )
    imports.delete_staged(tx, staged.id)
    return report
