"""Recording the papers of a product's dossier, withdrawing one, and what is still lacking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import file_queries as files
from ocop_workflow.dossiers import paper_queries as papers
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.dossiers.paper_views import (
    SOON,
    EarlierPaperView,
    EndingPapersView,
    EndingPaperView,
    PaperView,
    papers_view,
)
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.file_queries import PaperFileRecord
    from ocop_workflow.dossiers.paper_views import PapersView
    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection

_CRITERION = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}")
#: how many criteria one paper proves at most: no sheet has more
MOST_CRITERIA = 40


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper as an officer records it.

    Attributes:
        kind: as the regulation calls the document or the evidence; `other` for what it does not name.
        name: what the paper says itself; needed where the kind is `other`.
        issued_on: the local day on it.
        expires_on: the last local day on which it is good; none: it does not run out.
        shelf: where it lies.
        criteria: the criteria that it proves, by their printed numbers.
    """

    kind: str
    name: str | None = None
    number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    shelf: str | None = None
    criteria: tuple[str, ...] = ()


def list_papers(
    tx: Connection, code: str, actor: Actor, *, today: date, language: Language = "vi"
) -> PapersView:
    """Return what a product's current dossier has to hold, and what it holds.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return papers_beside(tx, record, today=today, language=language)


def papers_beside(
    tx: Connection, record: ProductRecord, *, today: date, language: Language = "vi"
) -> PapersView:
    """Return the same of a product that has been read, and that whoever asks may see."""
    held = papers.papers_of(tx, record.id, record.dossier_no)
    chosen = dossiers.set_of(tx, record.id, record.dossier_no)
    attached = files.files_of(tx, record.id, record.dossier_no)
    of = (record.code, record.dossier_no, record.dossier, chosen)
    earlier = reusable(tx, record, today)
    return papers_view(of, regulation_behind(tx, record, today), (held, attached), earlier, today, language)


def reusable(tx: Connection, record: ProductRecord, today: date) -> list[EarlierPaperView]:
    """Return the papers of a product's earlier dossiers that its current one has not taken over."""
    if record.dossier_no < 2:  # noqa: PLR2004 - the first one has none before it
        return []
    found = papers.papers_before(tx, record.id, record.dossier_no)
    attached: dict[int, list[PaperFileRecord]] = {}
    for number in {item.dossier for item in found}:
        for file in files.files_of(tx, record.id, number):
            attached.setdefault(file.paper_id, []).append(file)
    return [EarlierPaperView.before(item, today, attached.get(item.id, ())) for item in found]


def list_ending(
    tx: Connection, actor: Actor, *, today: date, within: int = SOON, limit: int | None = None
) -> EndingPapersView:
    """Return the papers of current dossiers that the actor sees and that run out soon, or have.

    Args:
        tx: the transaction.
        actor: the officer.
        today: the local day.
        within: how many days ahead.
        limit: how many at most; the count is of all.
    """
    roots, until = actor.units_with(Permission.READ), today + timedelta(days=within)
    found = papers.papers_ending(tx, roots, until, limit)
    is_all = limit is None or len(found) < limit
    count = len(found) if is_all else papers.count_papers_ending(tx, roots, until)
    return EndingPapersView(within, count, tuple(EndingPaperView.of(item, today) for item in found))


def add_paper(
    tx: Connection, code: str, given: NewPaper, *, actor: Actor, today: date, now: datetime
) -> PaperView:
    """Record a paper of a product's current dossier.

    Args:
        tx: a writing transaction.
        code: the product.
        given: the paper.
        actor: the officer.
        today: the local day: no paper was issued after it.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        Conflict: the product has no dossier yet.
        InvalidInput: the kind is not known, or days disagree; all faults at once.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    if not record.dossier_no:
        raise Conflict(
            f"{record.code} chưa có hồ sơ nào để ghi giấy tờ; mở đợt đánh giá lại trước.",
            f"{record.code} has no dossier to hold papers; open its re-rating first.",
        )
    faults = list(_faults(regulation_behind(tx, record, today), given, today))
    if faults:
        raise InvalidInput("Giấy tờ có lỗi.", "The paper is at fault.", faults)
    values: dict[str, Any] = {
        "product_id": record.id,
        "dossier": record.dossier_no,
        "kind": given.kind,
        "name": given.name,
        "number": given.number,
        "issuer": given.issuer,
        "issued_on": given.issued_on,
        "expires_on": given.expires_on,
        "shelf": given.shelf,
        "criteria": list(dict.fromkeys(given.criteria)),
        "recorded_at": now,
        "recorded_by": clean(actor.login)[:100],
    }
    number = papers.insert_paper(tx, values)
    after = {"product": record.code, "dossier": record.dossier_no, "kind": given.kind}
    audit.record(tx, actor, Deed("paper.add", f"paper:{number}", None, after), now, warrant)
    held = papers.papers_of(tx, record.id, record.dossier_no)
    return PaperView.of(next(item for item in held if item.id == number), today)


def _faults(regulation: Regulation, given: NewPaper, today: date) -> Iterator[Fault]:
    known = [item.id for item in regulation.documents] + [item.id for item in regulation.evidence]
    if given.kind != OTHER and given.kind not in known:
        words = ", ".join([*known, OTHER])
        yield fault("kind", f"phải là một trong: {words}", f"must be one of: {words}")
    if given.kind == OTHER and not given.name:
        yield fault("name", "giấy tờ khác thì phải ghi tên", "another paper needs its name")
    if given.issued_on and given.issued_on > today:
        yield fault(
            "issued_on", f"{given.issued_on:%d/%m/%Y} còn ở tương lai", f"{given.issued_on} is in the future"
        )
    if given.issued_on and given.expires_on and given.expires_on < given.issued_on:
        yield fault(
            "expires_on",
            f"{given.expires_on:%d/%m/%Y} đứng trước ngày cấp {given.issued_on:%d/%m/%Y}",
            f"{given.expires_on} lies before the day of issue, {given.issued_on}",
        )
    if len(given.criteria) > MOST_CRITERIA or not all(map(_CRITERION.fullmatch, given.criteria)):
        yield fault(
            "criteria",
            "phải là số tiêu chí như in trên phiếu chấm: 3.5, 5.1",
            "must be numbers of criteria as the score sheet prints them: 3.5, 5.1",
        )


def withdraw_paper(
    tx: Connection, code: str, number: int, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take a paper out of a product's current dossier: it was recorded wrongly, or another takes its place.

    Raises:
        NotFound: the actor sees no product of this code, or its dossier has no such paper.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    held = {item.id: item for item in papers.papers_of(tx, record.id, record.dossier_no)}
    if number not in held:
        raise NotFound(
            f"Hồ sơ của {record.code} không có giấy tờ số {number}.",
            f"The dossier of {record.code} has no paper {number}.",
        )
    papers.withdraw_paper(tx, number, clean(actor.login)[:100], reason, now)
    before = {"product": record.code, "dossier": record.dossier_no, "kind": held[number].kind}
    deed = Deed("paper.withdraw", f"paper:{number}", before, {"reason": reason})
    audit.record(tx, actor, deed, now, warrant)
