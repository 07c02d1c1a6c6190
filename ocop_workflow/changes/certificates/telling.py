"""Whoever a letter told another end of a certificate is told the right one, once for each address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Subject
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.corrections import Reason, write_corrections
from ocop_workflow.changes.queries import Key, Standee
from ocop_workflow.changes.realigning import Realigned, Shift
from ocop_workflow.changes.told_dates import Retelling, by_address, stale_letters, wrong_beliefs
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.errors import Text
from ocop_workflow.letters import digest_queries as digesting
from ocop_workflow.notifications import mailbox_of, vietnamese_date
from ocop_workflow.plans.loaded import calendar_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class RightEnd:
    """That a certificate ends on another local day than the register had.

    Attributes:
        product: whose certificate it is.
        record: the certificate as it stood.
        before: the product's open deadlines as they stood.
        until: its last local day, as it is right.
    """

    product: ProductRecord
    record: CertificateRecord
    before: Sequence[DeadlineRecord]
    until: date


def tell_the_right_end(
    tx: Connection, right_end: RightEnd, sender: Sender, today: date, now: datetime
) -> int:
    """Take letters back that have not gone out, and correct those that have. Returns how many corrections.

    Args:
        tx: a writing transaction, in which the deadlines have moved.
        right_end: of which certificate, and what is right.
        sender: in whose name they go out.
        today: the local day.
        now: the instant that they bear.
    """
    product, record = right_end.product, right_end.record
    still_open = deadlines.open_of_product(tx, product.id)
    right = {row.rule: row for row in still_open if row.subject is Subject.CERTIFICATE}
    moved = [
        row
        for row in right_end.before
        if row.subject is Subject.CERTIFICATE
        and row.subject_id == record.id
        and (row.rule not in right or right[row.rule].id != row.id)
    ]
    if not moved:
        return 0
    standee = Standee(
        product.id,
        product.code,
        product.name,
        product.unit_id,
        product.unit_name,
        product.producer,
        product.position,
    )
    keys = {row.rule: Key(product.id, None, row.kind, row.rule) for row in moved}
    realigned = Realigned(
        [Shift(keys[row.rule], standee, row, None) for row in moved],
        due={key: right[rule].due_on for rule, key in keys.items() if rule in right},
        products={product.id: standee},
    )
    stale = stale_letters(tx, product.plan_id, realigned)
    digesting.take_back(tx, stale.letters, stale.digests)
    its_own = {row.id for row in deadlines.all_of_product(tx, product.id) if row.subject_id == record.id}
    wrong = wrong_beliefs(tx, product.plan_id, realigned, stale, about=its_own)
    in_use = changing.mailboxes_in_use(tx, today)
    heard = [belief for belief in wrong if mailbox_of(belief.address) in in_use]
    calendar = calendar_of(tx, product.plan_id, product.plan_sha256)
    told = Retelling(
        by_address(heard),
        realigned.products,
        product.authority_id,
        product.plan_slug or None,
        lambda kind, rule: calendar.wording(kind, rule).name,
    )
    return write_corrections(
        tx, told, _why(record, right_end.until, today), _numbers(keys, right), sender, now
    )


def _numbers(keys: dict[str, Key], right: dict[str, DeadlineRecord]) -> dict[Key, int]:
    return {key: right[rule].id for rule, key in keys.items() if rule in right}


def _why(record: CertificateRecord, until: date, today: date) -> Reason:
    text = Text(
        f"sổ đăng ký đã ghi sai ngày hết hạn của giấy chứng nhận theo quyết định số {record.number}; đúng ra "
        f"là ngày {vietnamese_date(until)}",
        f"the register had a wrong end of the certificate by decision {record.number}: it is {until}",
    )
    return Reason(f"certificate:{record.id}:{(record.corrected or 0) + 1}", text, today)
