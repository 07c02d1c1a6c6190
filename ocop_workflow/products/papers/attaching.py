"""The files of a paper: putting one to it, giving it out, taking it from there.

The bytes are kept before the transaction that records them (`FileStore.keep`): whoever may not is turned
away before that by `refuse_attaching`, and once more in the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import file_queries as files
from ocop_workflow.dossiers import paper_queries as papers
from ocop_workflow.dossiers.file_views import PaperFileView
from ocop_workflow.errors import Conflict, NotFound
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.dossiers.file_queries import PaperFileRecord
    from ocop_workflow.files import KeptFile
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

#: files of one paper: front, back and annexes of what was photographed page by page
MOST_FILES: Final = 30


def refuse_attaching(tx: Connection, code: str, number: int, actor: Actor) -> None:
    """Turn away, before a byte of a file is taken, whoever may not put one to a paper.

    Raises:
        NotFound: the actor sees no product of this code, or its current dossier has no such paper.
        NotPermitted: the product is in other hands.
        Conflict: the paper holds as many files as it may.
    """
    _attachable(tx, code, number, actor)


def _attachable(
    tx: Connection, code: str, number: int, actor: Actor
) -> tuple[ProductRecord, Warrant, list[PaperFileRecord]]:
    record, warrant = _editable(tx, code, actor)
    attached = _attached(tx, record, number)
    if len(attached) >= MOST_FILES:
        raise Conflict(
            f"Giấy tờ {number} đã có {MOST_FILES} tệp; rút bớt, hoặc ghi một giấy tờ khác.",
            f"Paper {number} has {MOST_FILES} files already; take one out, or record another paper.",
        )
    return record, warrant, attached


def _editable(tx: Connection, code: str, actor: Actor) -> tuple[ProductRecord, Warrant]:
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return record, permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)


def _attached(tx: Connection, record: ProductRecord, number: int) -> list[PaperFileRecord]:
    """Return the files that a paper of a product's current dossier holds."""
    if number not in {item.id for item in papers.papers_of(tx, record.id, record.dossier_no)}:
        raise NotFound(
            f"Hồ sơ của {record.code} không có giấy tờ số {number}.",
            f"The dossier of {record.code} has no paper {number}.",
        )
    held = files.files_of(tx, record.id, record.dossier_no)
    return [item for item in held if item.paper_id == number]


def attach_file(
    tx: Connection, code: str, number: int, kept: KeptFile, *, actor: Actor, now: datetime
) -> PaperFileView:
    """Put a file that the store keeps to a paper of the current dossier.

    The same file at the same paper is there once: whoever sends it again is shown the first.

    Args:
        tx: a writing transaction.
        code: the product.
        number: the paper.
        kept: the file.
        actor: the officer.
        now: this instant.

    Raises:
        NotFound, NotPermitted, Conflict: as `refuse_attaching`.
    """
    files.lock_paper(tx, number)
    record, warrant, attached = _attachable(tx, code, number, actor)
    known = next((item for item in attached if item.sha256 == kept.sha256), None)
    if known is not None:
        return PaperFileView.of(known)
    values = {
        "paper_id": number,
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "media_type": kept.kind.media_type,
        "added_at": now,
        "added_by": clean(actor.login)[:100],
    }
    file_id = files.insert_file(tx, values)
    after = {
        "product": record.code,
        "dossier": record.dossier_no,
        "paper": number,
        "name": kept.name,
        "sha256": kept.sha256,
    }
    audit.record(tx, actor, Deed("file.add", f"file:{file_id}", None, after), now, warrant)
    held = files.files_of(tx, record.id, record.dossier_no)
    return PaperFileView.of(next(item for item in held if item.id == file_id))


def find_file(tx: Connection, code: str, number: int, file_id: int, actor: Actor) -> PaperFileView:
    """Return a file of a paper of the current dossier; its bytes are fetched from the store by its SHA-256.

    Raises:
        NotFound: the actor sees no product of this code, or there is no such paper or file.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return PaperFileView.of(_find(tx, record, number, file_id))


def _find(tx: Connection, record: ProductRecord, number: int, file_id: int) -> PaperFileRecord:
    found = next((item for item in _attached(tx, record, number) if item.id == file_id), None)
    if found is None:
        raise NotFound(
            f"Giấy tờ {number} của {record.code} không có tệp số {file_id}.",
            f"Paper {number} of {record.code} has no file {file_id}.",
        )
    return found


def withdraw_file(
    tx: Connection, code: str, number: int, file_id: int, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take a file from a paper of the current dossier: it is a wrong one, or another takes its place.

    Its row stays on record with the reason, its bytes in the store.

    Raises:
        NotFound: the actor sees no product of this code, or there is no such paper or file.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    record, warrant = _editable(tx, code, actor)
    found = _find(tx, record, number, file_id)
    files.remove_file(tx, file_id, clean(actor.login)[:100], reason, now)
    before = {
        "product": record.code,
        "dossier": record.dossier_no,
        "paper": number,
        "name": found.name,
        "sha256": found.sha256,
    }
    deed = Deed("file.withdraw", f"file:{file_id}", before, {"reason": reason})
    audit.record(tx, actor, deed, now, warrant)
