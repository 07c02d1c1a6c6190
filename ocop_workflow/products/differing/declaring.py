"""Keeping what a producer says has changed since the recognition, with the papers that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import change_queries as changes
from ocop_workflow.dossiers.change_queries import DeclaredRecord
from ocop_workflow.dossiers.paper_queries import papers_of
from ocop_workflow.errors import Conflict, InvalidInput, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.regulations.forms import renewal_headings
from ocop_workflow.states import Dossier
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Fault
    from ocop_workflow.store import Connection

#: how long the words of one change are at most
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is said under one heading of Mẫu 02.

    Attributes:
        heading: in the words of the form.
        said: whether anything is said; if not, what was said is taken out.
        change: in words; none: nothing has changed.
        papers: numbers of papers of the dossier that prove the change.
    """

    heading: str
    said: bool = True
    change: str | None = None
    papers: tuple[int, ...] = ()


def declare_change(tx: Connection, code: str, given: Declaration, *, actor: Actor, now: datetime) -> None:
    """Keep what is said under a heading, instead of what was said there.

    A change may be said before its proof is there: it is shown as unproven until a paper is named.

    Args:
        tx: a writing transaction.
        code: the product.
        given: what is said.
        actor: the officer.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        Conflict: its current dossier is neither a renewal nor an upgrade.
        InvalidInput: there is no such heading, the words are too long, or a paper is none of the dossier's;
            all faults at once.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    if record.dossier is Dossier.FIRST:
        raise Conflict(
            f"{record.code} đang ở hồ sơ lần đầu: chưa có hồ sơ đã công nhận nào để so.",
            f"{record.code} has its first dossier: nothing was recognised yet to compare it with.",
        )
    there = {paper.id for paper in papers_of(tx, record.id, record.dossier_no)}
    faults = list(_faults(given, there))
    if faults:
        raise InvalidInput("Nội dung thay đổi có lỗi.", "The change is at fault.", faults)
    before = changes.declared_in(tx, record.id, record.dossier_no).get(given.heading)
    if given.said:
        by, words = clean(actor.login)[:100], _words(given)
        papers = list(dict.fromkeys(given.papers)) if words else []
        after = DeclaredRecord(given.heading, words, papers, now, by)
        changes.write_declared(tx, record.id, record.dossier_no, after)
    else:
        after = None
        changes.drop_declared(tx, record.id, record.dossier_no, given.heading)
    subject = f"product:{record.code}"
    deed = Deed("dossier.declare_change", subject, _told(before), _told(after) or {"heading": given.heading})
    audit.record(tx, actor, deed, now, warrant)


def _words(given: Declaration) -> str | None:
    return clean(given.change or "") or None


def _faults(given: Declaration, there: Collection[int]) -> Iterator[Fault]:
    headings = renewal_headings()
    if given.heading not in headings:
        words = "; ".join(headings)
        yield fault("heading", f"phải là một trong: {words}", f"must be one of: {words}")
    words_said = _words(given)
    if words_said is not None and len(words_said) > LONGEST:
        yield fault("change", f"dài quá {LONGEST} chữ", f"is longer than {LONGEST} letters")
    if given.papers and words_said is None:
        yield fault(
            "change",
            "đã chọn giấy tờ chứng minh thì phải ghi thay đổi gì",
            "papers that prove it were chosen: say what has changed",
        )
    for number in given.papers:
        if number not in there:
            yield fault("papers", f"hồ sơ không có giấy tờ số {number}", f"the dossier has no paper {number}")


def _told(record: DeclaredRecord | None) -> dict[str, object] | None:
    if record is None:
        return None
    return {"heading": record.heading, "change": record.change, "papers": list(record.papers)}
