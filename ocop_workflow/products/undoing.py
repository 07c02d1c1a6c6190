"""Taking the last step of a product back: a compensating entry, never a change of what the history says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import may_settle, may_step
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar.subjects import UNDONE
from ocop_workflow.councils.leaving import free_to_undo
from ocop_workflow.deadlines.alignment import Holder, align_deadlines
from ocop_workflow.deadlines.communes import align_communes
from ocop_workflow.dossiers import handing_queries as handing
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.dossiers.change_queries import has_declared
from ocop_workflow.dossiers.form_queries import has_forms
from ocop_workflow.dossiers.paper_queries import has_papers
from ocop_workflow.errors import Conflict, InvalidInput
from ocop_workflow.plans.loaded import hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import facts_of, standing_now
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.checks import find_product, place_of, refuse_unseen
from ocop_workflow.products.going_over.old_results import take_old_result_out
from ocop_workflow.products.notices import filed_queries as filed
from ocop_workflow.products.notices.retractions import Undoing, retract_notices
from ocop_workflow.products.refusals import not_theirs
from ocop_workflow.products.replaced import (
    Replaced,
    before_step,
    bring_back,
    dossier_part,
    product_part,
    without_edits,
)
from ocop_workflow.states import Event, EventData
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar, Deadline
    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.notices.filed_queries import FiledPaper
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.states import State
    from ocop_workflow.store import Connection


#: characters of a reason: it goes into a letter
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class UndoOrder:
    """Whose last step is to be undone, by whom, and why.

    `version` and `tags` say what the officer has seen, as in `products.Order`.
    """

    code: str
    actor: Actor
    reason: str
    version: int | None = None
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did.

    Attributes:
        code: the product's code.
        event: what was undone.
        seq: the number of the step that was undone.
        source: the state before the undoing.
        state: the state since.
        version: the product's version since.
        deadlines: the deadlines that are open since.
        cancelled: how many letters about the step will not be sent any more.
        corrections: how many letters take back what the step's letters had said.
    """

    code: str
    event: Event
    seq: int
    source: State
    state: State
    version: int
    deadlines: tuple[Deadline, ...]
    cancelled: int
    corrections: int


def undo(tx: Connection, order: UndoOrder, *, sender: Sender, today: date, now: datetime) -> Undone:
    """Take back the last step of a product that stands.

    1. the last step that stands is found; undoing again takes back the one before it;
    2. the right to undo a step is the right to do it;
    3. the product, its certificates and its questions become what they were before it;
    4. the history gets an entry that names what it takes back, with the day of that step;
    5. the deadlines are aligned: those that the step had opened are closed, those it had closed opened anew;
    6. letters about the step that are unsent are cancelled; whoever was told gets a correction;
    7. the audit says who did it, in whose name.

    Args:
        tx: a writing transaction.
        order: what is asked for.
        sender: in whose name corrections go out.
        today: the local day, on which the corrections are dated.
        now: this instant.

    Raises:
        NotFound: the officer sees no product of this code.
        NotPermitted: the step is in other hands than the officer's.
        InvalidInput: no reason is given.
        Conflict: nothing can be undone, signed papers of the step are filed, or the product sits in a
            council's session.
        Stale: the product, or its plan, was changed by somebody else meanwhile.
    """
    record = find_product(tx, order.code)
    place = place_of(tx, order.actor, record)
    refuse_unseen(record, order.version, order.tags)
    reason = checked_reason(order.reason)
    entry = _last_step(tx, record)
    data = EventData.model_validate(entry.data)
    replaced = without_edits(Replaced.from_json(entry.replaced or {}), record, data)
    before = before_step(tx, record, entry.event, replaced)
    calendar = hold_calendar(tx, before.plan_id, products.calendar_key(tx, record.id, before.plan_id))
    rating = before.rated_by(calendar.regulation, entry.on)
    facts = facts_of(before, rating, entry.on, data)
    warrant = may_step(order.actor, before.state, entry.event, facts, place)
    if replaced.denied and before.certificate is not None:  # what its level refused, its level takes back
        warrant = may_settle(order.actor, before.certificate.star, calendar.regulation, place)
    if warrant is None:
        raise not_theirs(before, entry.event, facts, (order.actor, place), Bodies(tx, [before]))
    papers = _papers_of(tx, record, entry)
    free_to_undo(tx, entry.id, record.id, record.code)
    _refuse_filed(record.code, entry.event, papers)
    products.move(tx, record, {**product_part(replaced.columns), "dossier_no": before.dossier_no}, now)
    if before.dossier_no != record.dossier_no:  # the one before stands as it was
        _refuse_papers(tx, record)
        handing.revoke_upload_links_to(tx, record.id, record.dossier_no, clean(order.actor.login)[:100], now)
        dossiers.take_back(tx, record.id, record.dossier_no)
    else:
        dossiers.write_to(tx, record.id, record.dossier_no, dossier_part(replaced.columns))
    transition_id = products.write_history(
        tx,
        record,
        {
            "event": entry.event,
            "source": record.state,
            "target": before.state,
            "actor": clean(order.actor.login)[:100],
            "on_day": entry.on,
            "at": now,
            "note": reason,
            "data": {},
            "plan_id": before.plan_id,
            "regulation": rating.id,
            "undoes": entry.seq,
            "by_paper": entry.by_paper,
        },
    )
    bring_back(tx, replaced, entry.on, today)
    if entry.event is Event.CHANGE_REGULATION:
        take_old_result_out(tx, before, order.actor, reason, now)
    undoing = Undoing(transition_id, entry, find_product(tx, record.code), reason)
    open_now = _align(tx, undoing, calendar)
    if before.plan_id != record.plan_id:
        align_communes(tx, [record.plan_id, before.plan_id], today)
    cancelled, corrections = retract_notices(tx, undoing, sender, today, now)
    audit.record(tx, order.actor, _deed(undoing, record), now, warrant)
    return Undone(
        record.code,
        entry.event,
        entry.seq,
        record.state,
        before.state,
        undoing.record.version,
        open_now,
        cancelled,
        corrections,
    )


def _papers_of(tx: Connection, record: ProductRecord, entry: HistoryEntry) -> list[FiledPaper]:
    """Return the signed papers that are filed of a step; nobody files another until the transaction ends."""
    filed.hold_step(tx, entry.id)
    certifies = record.id if entry.event is Event.CERTIFY else None
    return filed.papers_of_step(tx, entry.id, certifies=certifies)


def _refuse_filed(code: str, event: Event, papers: Sequence[FiledPaper]) -> None:
    """Take no step back of which signed papers are filed: they would say what has not happened.

    Raises:
        Conflict: some are; they are named.
    """
    if not papers:
        return
    names = [(f"{one.kind.text.vi[:1].lower()}{one.kind.text.vi[1:]}", one) for one in papers]
    vi = ", ".join(f"{name} số {one.number} ngày {one.issued_on:%d/%m/%Y}" for name, one in names)
    en = ", ".join(f"{one.kind.value} {one.number} of {one.issued_on}" for one in papers)
    raise Conflict(
        f"{code}: chưa hoàn tác được «{event.label}» khi còn lưu bản đã ký: {vi}; rút lại các bản ấy, có lý "
        "do, rồi hoàn tác.",
        f"{code}: {event.value} cannot be undone while signed papers of it are filed: {en}; take these "
        "filings back, with a reason, then undo.",
    )


def _refuse_papers(tx: Connection, record: ProductRecord) -> None:
    """Take no dossier back that holds papers or forms, or for which files wait: they would belong to nothing.

    Raises:
        Conflict: it holds some, or some wait.
    """
    if has_papers(tx, record.id, record.dossier_no):
        raise Conflict(
            f"Hồ sơ {record.dossier_no} của {record.code} đã có giấy tờ; rút giấy tờ ra trước, rồi hoàn tác.",
            f"Dossier {record.dossier_no} of {record.code} holds papers; withdraw them first, then undo.",
        )
    if has_forms(tx, record.id, record.dossier_no):
        raise Conflict(
            f"Hồ sơ {record.dossier_no} của {record.code} đã có mẫu điền dở; xoá mẫu trước, rồi hoàn tác.",
            f"Dossier {record.dossier_no} of {record.code} holds forms; discard them first, then undo.",
        )
    if has_declared(tx, record.id, record.dossier_no):
        raise Conflict(
            f"Hồ sơ {record.dossier_no} của {record.code} đã ghi nội dung thay đổi; xoá đi trước, rồi "
            "hoàn tác.",
            f"Dossier {record.dossier_no} of {record.code} says what has changed since the recognition; take "
            "that out first, then undo.",
        )
    if handing.has_files_waiting(tx, record.id, record.dossier_no):
        raise Conflict(
            f"Chủ thể đã gửi tệp cho hồ sơ {record.dossier_no} của {record.code}; nhận hoặc trả lại trước, "
            "rồi hoàn tác.",
            f"Files wait for dossier {record.dossier_no} of {record.code}; take or return them first, then "
            "undo.",
        )


def checked_reason(given: str) -> str:
    """Return why something is undone, as it is stored.

    Raises:
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = clean(given)
    if not reason:
        raise InvalidInput("Hoàn tác phải nêu lý do.", "Undoing needs a reason.")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(
            f"Lý do hoàn tác dài quá {LONGEST_REASON} ký tự.",
            f"The reason for undoing is longer than {LONGEST_REASON} characters.",
        )
    return reason


def _last_step(tx: Connection, record: ProductRecord) -> HistoryEntry:
    standing = products.standing_steps(products.history(tx, record.id))
    if not standing:
        raise Conflict(
            f"{record.code} không có thao tác nào để hoàn tác: sản phẩm đang như lúc được đưa vào.",
            f"{record.code} has nothing to undo: it stands as it came in.",
        )
    entry = standing[-1]
    if entry.event is Event.ENTER_REGISTER:
        raise Conflict(
            f"{record.code} vào hệ thống bằng chính giấy chứng nhận ấy nên không hoàn tác được; giấy đã hết "
            "hiệu lực hoặc bị thu hồi thì ghi bằng `ocop advance`.",
            f"{record.code} came in by that certificate: it cannot be undone; that it lapsed or was revoked "
            "is recorded with `ocop advance`.",
        )
    if entry.replaced is None:
        raise Conflict(
            f"{record.code}: «{entry.event.label}» ngày {entry.on:%d/%m/%Y} được ghi từ phiên bản phần mềm "
            "trước, không hoàn tác được.",
            f"{record.code}: {entry.event.value} of {entry.on} was recorded by an earlier version of the "
            "service and cannot be undone.",
        )
    return entry


def _align(tx: Connection, undoing: Undoing, calendar: Calendar) -> tuple[Deadline, ...]:
    record = undoing.record
    standing = standing_now(tx, record.id, calendar, record.position, undoing.step.on)
    holder = Holder(record.id, record.unit_id, record.plan_id, record.authority_id)
    return align_deadlines(tx, holder, calendar, standing, UNDONE)


def _deed(undoing: Undoing, before: ProductRecord) -> Deed:
    after, step = undoing.record, undoing.step
    return Deed(
        "product.undo",
        f"product:{before.code}",
        {"state": before.state.value, "version": before.version},
        {"state": after.state.value, "version": after.version, "event": step.event.value, "undoes": step.seq},
        undoing.transition_id,
    )
