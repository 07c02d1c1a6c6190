"""Taking papers of an earlier dossier over: what is still good is not asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import file_queries as files
from ocop_workflow.dossiers import paper_queries as papers
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.papers.keeping import reusable
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.paper_views import EarlierPaperView
    from ocop_workflow.errors import Fault
    from ocop_workflow.store import Connection


def reuse_papers(
    tx: Connection, code: str, numbers: Sequence[int], *, actor: Actor, today: date, now: datetime
) -> None:
    """Take papers of a product's earlier dossiers over into its current one, with their files.

    Each becomes a paper of the current dossier that says which one it was: what the regulation of then called
    by a name that today's does not know is kept under that name. The bytes of its files are not copied.

    Args:
        tx: a writing transaction.
        code: the product.
        numbers: the papers.
        actor: the officer.
        today: the local day: what has run out before it is to be brought anew.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        InvalidInput: none is named, or one cannot be taken over; all faults at once.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    known = {item.id: item for item in reusable(tx, record, today)}
    faults = list(_faults(numbers, known))
    if faults:
        raise InvalidInput("Không dùng lại được.", "They cannot be used again.", faults)
    regulation, by = regulation_behind(tx, record, today), clean(actor.login)[:100]
    kinds = {item.id for item in regulation.documents} | {item.id for item in regulation.evidence}
    for number in dict.fromkeys(numbers):
        paper = known[number]
        is_named = paper.kind in kinds
        values: dict[str, Any] = {
            "product_id": record.id,
            "dossier": record.dossier_no,
            "kind": paper.kind if is_named else OTHER,
            "name": paper.name if is_named else (paper.name or paper.kind_name)[:200],
            "number": paper.number,
            "issuer": paper.issuer,
            "issued_on": paper.issued_on,
            "expires_on": paper.expires_on,
            "shelf": paper.shelf,
            "criteria": list(paper.criteria),
            "reused_from": paper.id,
            "recorded_at": now,
            "recorded_by": by,
        }
        taken = papers.insert_paper(tx, values)
        files.share_files(tx, paper.id, taken, by, now)
        after = {"product": record.code, "dossier": record.dossier_no, "kind": paper.kind, "from": paper.id}
        audit.record(tx, actor, Deed("paper.reuse", f"paper:{taken}", None, after), now, warrant)


def _faults(numbers: Sequence[int], known: dict[int, EarlierPaperView]) -> Iterator[Fault]:
    if not numbers:
        yield fault("papers", "chưa chọn giấy tờ nào", "no paper was chosen")
    for number in numbers:
        paper = known.get(number)
        if paper is None:
            yield fault(
                "papers",
                f"giấy tờ {number} không nằm trong hồ sơ trước, hoặc đã được dùng lại",
                f"paper {number} is in no earlier dossier, or was taken over already",
            )
        elif paper.expired and paper.expires_on is not None:
            yield fault(
                "papers",
                f"giấy tờ {number} đã hết hạn ngày {paper.expires_on:%d/%m/%Y}: phải nộp giấy mới",
                f"paper {number} ran out on {paper.expires_on}: a new one has to be brought",
            )
