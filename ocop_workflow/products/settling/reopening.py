"""Taking back that a certificate was confirmed, or refused: it waits again for the word of its level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import may_settle
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.views import ListedCertificateView
from ocop_workflow.errors import Conflict
from ocop_workflow.plans.loaded import hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.settling.confirming import changed_since, find_one, not_theirs, within_reach
from ocop_workflow.products.undoing import UndoOrder, checked_reason, undo
from ocop_workflow.states import CertificateStanding, Event, State

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Reopening:
    """That what was said of a certificate is taken back, and why; `tags`: as in `Settlement`."""

    number: int
    actor: Actor
    reason: str
    tags: frozenset[str] | None = None


def unsettle(
    tx: Connection,
    order: Reopening,
    *,
    sender: Sender,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> ListedCertificateView:
    """Take back that a certificate was confirmed, or refused: it is proposed again.

    A confirmation is taken back while nothing rests on it: its re-rating stands as it was opened. A refusal
    had withdrawn the re-rating by a step of the product, which is undone, if it is the last that stands.

    Args:
        tx: a writing transaction.
        order: what is asked for.
        sender: in whose name corrections go out.
        today: the local day.
        now: this instant.
        language: in which its labels are answered.

    Raises:
        NotFound: the actor sees no such certificate.
        NotPermitted: its star is recognised by another level.
        InvalidInput: no reason is given, or one that is too long.
        Stale: it is not what was seen any more.
        Conflict: nobody has settled it apart from naming it; or something rests on that by now.
    """
    record, product = find_one(tx, order.number)
    place = within_reach(tx, order.actor, product, order.number)
    calendar = hold_calendar(tx, product.plan_id, product.plan_sha256)
    warrant = may_settle(order.actor, record.star, calendar.regulation, place)
    if warrant is None:
        raise not_theirs(tx, record, product, order.actor, place, calendar.regulation)
    reason = checked_reason(order.reason)
    if order.tags is not None and record.tag not in order.tags:
        raise changed_since(record)
    if record.settled_paper is None:
        raise _not_settled(record)
    if record.standing is CertificateStanding.REFUSED:
        if not _is_last_word(tx, product, record):
            raise _rested_on(record)
        undo(tx, UndoOrder(product.code, order.actor, reason), sender=sender, today=today, now=now)
    else:
        if record.ended_on is not None or not _rests_on_nothing_else(tx, product):
            raise _rested_on(record)
        products.edit(tx, product, {}, now)  # who has seen it confirmed does not go on from there
        certificates.propose_again(tx, record.id, today)
    deed = Deed(
        "certificate.undo",
        f"certificate:{record.id}",
        {"standing": record.standing.value, "product": record.code, **record.settled_paper},
        {"standing": CertificateStanding.PROPOSED.value, "reason": reason},
    )
    audit.record(tx, order.actor, deed, now, warrant)
    return ListedCertificateView.of(find_one(tx, order.number)[0], today, language)


def _rests_on_nothing_else(tx: Connection, product: ProductRecord) -> bool:
    """Tell whether a product stands as its certificate was named: in its re-rating, or as it came in."""
    if product.state is State.RE_RATING:
        return True
    standing = products.standing_steps(products.history(tx, product.id))
    return bool(standing) and standing[-1].event is Event.ENTER_REGISTER


def _is_last_word(tx: Connection, product: ProductRecord, record: CertificateRecord) -> bool:
    """Tell whether the last step of a product that stands is the one that refused this certificate."""
    standing = products.standing_steps(products.history(tx, product.id))
    return bool(standing) and (standing[-1].replaced or {}).get("refused") == record.id


def _not_settled(record: CertificateRecord) -> Conflict:
    if record.standing is CertificateStanding.PROPOSED:
        return Conflict(
            f"Giấy chứng nhận {record.id} còn chờ xác nhận, nên không có gì để hoàn tác.",
            f"The certificate {record.id} still waits for its confirmation: there is nothing to undo.",
        )
    return Conflict(
        f"Giấy chứng nhận {record.id} được ghi cùng một thao tác của {record.code}, không xác nhận riêng; "
        f"hoàn tác thao tác ấy bằng `ocop undo {record.code}`.",
        f"The certificate {record.id} was recorded with a step of {record.code} and not confirmed by itself; "
        f"undo that step with `ocop undo {record.code}`.",
    )


def _rested_on(record: CertificateRecord) -> Conflict:
    return Conflict(
        f"Giấy chứng nhận {record.id}: {record.code} đã đi tiếp từ lúc {record.standing.label}; hãy hoàn tác "
        "những thao tác sau đó trước.",
        f"The certificate {record.id}: {record.code} has moved on since it was {record.standing.value}; undo "
        "the later steps first.",
    )
