"""What a producer hands in by a link: it waits for an officer, who takes it as a paper or returns it.

Whoever holds the link sees the product's name, its code and the list of papers, and adds to it; nothing that
has come counts before an officer has taken it as a paper.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Actor, Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import handing_queries as handing
from ocop_workflow.dossiers.handing_views import (
    HandedInFilesView,
    HandedInView,
    ProductWaitingView,
    WantedPapersView,
    WantedPaperView,
)
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, Text, TooManyRequests, fault, say
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.papers.attaching import attach_file
from ocop_workflow.products.papers.keeping import add_paper, papers_beside
from ocop_workflow.products.papers.links import follow_upload_link
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.regulations.documents import BroughtBy
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ocop_workflow.access import Warrant
    from ocop_workflow.dossiers.handing_queries import HandedInRecord, UploadLinkRecord
    from ocop_workflow.dossiers.paper_views import PaperView
    from ocop_workflow.errors import Language
    from ocop_workflow.products.papers.keeping import NewPaper
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

#: files of one dossier that may wait to be looked at
MOST_WAITING: Final = 60
#: files that one dossier takes in an hour
AN_HOUR: Final = 30
_HOUR: Final = timedelta(hours=1)

_OTHER_NAME = Text("giấy tờ khác", "another paper")


# -- whoever holds the link ------------------------------------------------------------------------


def list_wanted(tx: Connection, token: str, *, today: date, language: Language = "vi") -> WantedPapersView:
    """Return what the holder of a link may hand in, and what is there of it.

    Args:
        tx: the transaction.
        token: what stands at the link's end.
        today: the local day.
        language: of the last kind's name; the others' names are the regulation's own.

    Raises:
        NotFound: the link is not good.
    """
    link = follow_upload_link(tx, token, today)
    record = find_product(tx, link.code)
    found = papers_beside(tx, record, today=today, language=language)
    came = handing.handed_in_for(tx, record.id, record.dossier_no)
    return WantedPapersView(
        record.code,
        record.name,
        link.ends_on,
        tuple(
            _wanted((task.kind, task.name), task.papers, came, mandatory=task.mandatory, lacking=task.lacking)
            for task in found.tasks
            if task.brought_by is BroughtBy.PRODUCER
        ),
        (
            *(_wanted((item.kind, item.name), item.papers, came) for item in found.evidence),
            _wanted((OTHER, say(_OTHER_NAME, language)), found.other, came),
        ),
    )


def _wanted(
    kind: tuple[str, str],
    papers: Iterable[PaperView],
    came: Iterable[HandedInRecord],
    *,
    mandatory: bool = False,
    lacking: bool = False,
) -> WantedPaperView:
    waiting, returned = 0, list[str]()
    for item in came:
        if item.kind != kind[0]:
            continue
        if item.returned_because:
            returned.append(item.returned_because)
        else:  # what has come since answers what came back before
            returned.clear()
            waiting += item.settled_at is None
    good = sum(not paper.expired for paper in papers)
    return WantedPaperView(*kind, mandatory, lacking, good, waiting, tuple(returned))


def refuse_handing_in(tx: Connection, token: str, *, today: date, now: datetime) -> UploadLinkRecord:
    """Turn away, before a byte of a file is taken, whoever has no good link, or has sent too much by one.

    Raises:
        NotFound: the link is not good.
        Conflict: as many files wait as may.
        TooManyRequests: too many have come within the hour.
    """
    link = follow_upload_link(tx, token, today)
    record = find_product(tx, link.code)
    came = handing.handed_in_for(tx, record.id, record.dossier_no)
    if sum(item.settled_at is None for item in came) >= MOST_WAITING:
        raise Conflict(
            f"Đã có {MOST_WAITING} tệp chờ xã, phường xem; hãy chờ rồi gửi tiếp.",
            f"{MOST_WAITING} files wait to be looked at by the commune or ward; send more later.",
        )
    if sum(item.brought_at > now - _HOUR for item in came) >= AN_HOUR:
        raise TooManyRequests(
            "Gửi quá nhiều tệp trong một giờ; hãy gửi tiếp sau một giờ.",
            "Too many files within an hour; send more in an hour.",
            int(_HOUR.total_seconds()),
        )
    return link


def hand_in(
    tx: Connection, token: str, kind: str, kept: KeptFile, *, origin: str, today: date, now: datetime
) -> None:
    """Let a file that the store keeps wait for an officer. The same file for the same paper waits once.

    Args:
        tx: a writing transaction.
        token: what stands at the link's end.
        kind: which paper it is to be.
        kept: the file.
        origin: from which address it came, for the audit.
        today: the local day.
        now: this instant.

    Raises:
        NotFound, Conflict, TooManyRequests: as `refuse_handing_in`.
        InvalidInput: the list has no such paper for producers.
    """
    link = refuse_handing_in(tx, token, today=today, now=now)
    record = find_product(tx, link.code)
    if kind not in _kinds(tx, record, today):
        words = fault("kind", "chọn một giấy tờ trong danh sách", "choose a paper of the list")
        raise InvalidInput("Chưa chọn giấy tờ.", "No paper was chosen.", [words])
    came = handing.handed_in_for(tx, record.id, record.dossier_no)
    if any((item.kind, item.sha256) == (kind, kept.sha256) and not item.returned_because for item in came):
        return
    values = {
        "link_id": link.id,
        "kind": kind,
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "media_type": kept.kind.media_type,
        "brought_at": now,
    }
    number = handing.insert_handed_in(tx, values)
    after = {"product": record.code, "dossier": record.dossier_no, "kind": kind, "sha256": kept.sha256}
    by = Actor(f"link-{link.id}", origin)
    audit.record(tx, by, Deed("file.hand_in", f"handed-in:{number}", None, after), now)


def _kinds(tx: Connection, record: ProductRecord, today: date) -> dict[str, str]:
    """Return what a producer may hand in for a dossier, by kind: its name."""
    regulation = regulation_behind(tx, record, today)
    documents = {
        item.id: item.name
        for item in regulation.documents
        if item.brought_by is BroughtBy.PRODUCER and record.dossier.value in item.kinds
    }
    return {**documents, **{item.id: item.name for item in regulation.evidence}, OTHER: _OTHER_NAME.vi}


# -- the officer -----------------------------------------------------------------------------------


def list_handed_in(tx: Connection, code: str, actor: Actor, today: date) -> HandedInFilesView:
    """Return the files that wait for a product's current dossier.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return HandedInFilesView(record.code, waiting_beside(tx, record, today))


def waiting_beside(tx: Connection, record: ProductRecord, today: date) -> tuple[HandedInView, ...]:
    """Return what waits for the current dossier of a product that whoever asks may see, oldest first."""
    names = _kinds(tx, record, today)
    came = handing.handed_in_for(tx, record.id, record.dossier_no)
    return tuple(
        HandedInView.of(item, names.get(item.kind, item.kind)) for item in came if item.settled_at is None
    )


def list_waiting(tx: Connection, actor: Actor, limit: int | None = None) -> tuple[ProductWaitingView, ...]:
    """Return the products for which files wait that the actor may take or return, longest first."""
    roots = actor.units_with(Permission.EDIT_PRODUCTS)
    return tuple(map(ProductWaitingView.of, handing.products_waiting(tx, roots, limit)))


def find_handed_in(tx: Connection, code: str, number: int, actor: Actor, today: date) -> HandedInView:
    """Return a file that waits; its bytes are fetched from the store by its SHA-256.

    Raises:
        NotFound: the actor sees no product of this code, or nothing of this number waits for it.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return _find(tx, record, number, today)


def _find(tx: Connection, record: ProductRecord, number: int, today: date) -> HandedInView:
    found = next((item for item in waiting_beside(tx, record, today) if item.id == number), None)
    if found is None:
        raise NotFound(
            f"{record.code} không có tệp số {number} chờ xem.",
            f"{record.code} has no file {number} that waits.",
        )
    return found


def take_handed_in(
    tx: Connection,
    code: str,
    number: int,
    given: NewPaper,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Take a file as a paper of its kind, with what the officer reads on it.

    Args:
        tx: a writing transaction.
        code: the product.
        number: the file.
        given: the paper; its kind is the file's, and another paper without a name bears the file's.
        actor: the officer.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code, or nothing of this number waits for it.
        NotPermitted: the product is in other hands.
        InvalidInput: days disagree; all faults at once.
        Conflict: somebody else has settled it.
    """
    record, found, warrant = _settling(tx, code, number, actor, today)
    name = given.name or (found.name if found.kind == OTHER else None)
    paper = add_paper(tx, code, replace(given, kind=found.kind, name=name), actor=actor, today=today, now=now)
    kind = next(kind for kind in FileKind if kind.media_type == found.media_type)
    kept = KeptFile(found.name, found.size, found.sha256, kind)
    attach_file(tx, code, paper.id, kept, actor=actor, now=now)
    _settle(tx, number, {"paper_id": paper.id}, actor, now)
    after = {"product": record.code, "dossier": record.dossier_no, "paper": paper.id}
    audit.record(tx, actor, Deed("file.take", f"handed-in:{number}", None, after), now, warrant)


def return_handed_in(
    tx: Connection, code: str, number: int, reason: str, *, actor: Actor, today: date, now: datetime
) -> None:
    """Return a file with a reason, which whoever holds the link reads.

    Raises:
        NotFound, NotPermitted, Conflict: as `take_handed_in`.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    record, found, warrant = _settling(tx, code, number, actor, today)
    _settle(tx, number, {"returned_because": reason}, actor, now)
    before = {"product": record.code, "dossier": record.dossier_no, "kind": found.kind}
    deed = Deed("file.return", f"handed-in:{number}", before, {"reason": reason})
    audit.record(tx, actor, deed, now, warrant)


def _settling(
    tx: Connection, code: str, number: int, actor: Actor, today: date
) -> tuple[ProductRecord, HandedInView, Warrant]:
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    return record, _find(tx, record, number, today), warrant


def _settle(tx: Connection, number: int, values: dict[str, object], actor: Actor, now: datetime) -> None:
    settled = {"settled_at": now, "settled_by": clean(actor.login)[:100], **values}
    if not handing.settle_handed_in(tx, number, settled):
        raise Conflict(
            f"Tệp số {number} vừa có người khác xử lý; hãy xem lại.",
            f"Somebody else has just settled file {number}; look again.",
        )
