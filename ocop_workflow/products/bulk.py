"""One event for many products: first a verdict for each, then all of it or nothing.

The token of a preview stands for what was asked, by whom, and for the version of each product that was found
to be allowed; it is signed, and good for an hour. The commit needs it: whatever has moved meanwhile is named,
and nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Conflict, InvalidInput, OcopError, WrongUse, fault
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import Advanced, Order, advance_all, decide_step, read_event
from ocop_workflow.products.checks import DatesDisagree, canonical, find_product, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.audit.seals import Seal
    from ocop_workflow.errors import Fault
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection

#: the use of the secret that signs tokens
LABEL = "previews"

#: products in one order
AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What is asked for each of these products; see `products.Order`."""

    codes: Sequence[str]
    event: str
    actor: Actor
    data: Mapping[str, Any]
    on: date | None = None
    note: str = ""

    def one(self, code: str, version: int | None = None) -> Order:
        """Return the order for one of the products."""
        return Order(code, self.event, self.actor, self.data, self.on, self.note, version)


@dataclass(frozen=True, slots=True)
class BulkVerdict:
    """What would become of one product: its version if the event may happen, else why it may not."""

    code: str
    version: int | None = None
    refusal: OcopError | None = None

    @property
    def allowed(self) -> bool:
        """Whether the event may happen."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Preview:
    """A verdict for each product, in the order in which they were named, and the token of the allowed."""

    verdicts: tuple[BulkVerdict, ...]
    token: str


class Drifted(Conflict):
    """Products have changed since the preview; `faults` names each."""


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a token stands for."""

    asked: str
    versions: dict[str, int] = field(default_factory=dict)


def preview(tx: Connection, order: BulkOrder, today: date, seal: Seal) -> Preview:
    """Say for each product whether the event may happen; nothing is written. `seal` signs the token.

    Raises:
        WrongUse: no product is named, more than a thousand, or one of them twice; or no event of this name.
    """
    _refuse_nonsense(order)
    verdicts = tuple(_verdict(tx, order, code, today) for code in order.codes)
    versions = {found.code: found.version for found in verdicts if found.version is not None}
    return Preview(verdicts, seal.close(json.dumps([_asked(order), versions]).encode()))


def _refuse_nonsense(order: BulkOrder) -> None:
    read_event(order.event)
    if not 1 <= len(order.codes) <= AT_MOST:
        raise WrongUse(
            f"Cần từ 1 đến {AT_MOST} sản phẩm mỗi lần.", f"Name from 1 to {AT_MOST} products at a time."
        )
    if len(set(order.codes)) < len(order.codes):
        raise WrongUse("Có sản phẩm được nêu hai lần.", "A product is named twice.")


def _verdict(tx: Connection, order: BulkOrder, code: str, today: date) -> BulkVerdict:
    try:
        step, _ = decide_step(tx, order.one(code), today)
    except DatesDisagree as refusal:
        return BulkVerdict(code, refusal=refusal)
    except InvalidInput:
        raise  # what is wrong with the data is wrong for all of them
    except OcopError as refusal:
        return BulkVerdict(code, refusal=refusal)
    return BulkVerdict(code, step.record.version)


def carry_out(
    tx: Connection, order: BulkOrder, token: str, *, seal: Seal, sender: Sender, today: date
) -> tuple[Advanced, ...]:
    """Move every product on that the preview allowed, or none.

    Args:
        tx: a writing transaction.
        order: what is asked for, as it was in the preview.
        token: of the preview.
        seal: what tells whether it was given out here; it knows this instant.
        sender: in whose name communes are told.
        today: the local day.

    Raises:
        WrongUse: the token is none, too old, or belongs to another order.
        NotFound: the officer sees one of the products no more.
        Drifted: products have changed since the preview.
        OcopError: one of them can no longer move on; see `products.advance`.
    """
    promise = _open(seal, token)
    if promise is None or promise.asked != _asked(order):
        raise WrongUse(
            "Mã xem trước đã hết hạn hoặc không thuộc về yêu cầu này; hãy xem trước lại.",
            "The token has expired or does not belong to this order; preview it again.",
        )
    for code in promise.versions:
        place_of(tx, order.actor, find_product(tx, code))  # nothing is said of what is not seen any more
    drifted = [found for code, seen in promise.versions.items() for found in _drift(tx, code, seen)]
    if drifted:
        raise Drifted(
            "Có sản phẩm đã thay đổi từ lúc xem trước; chưa ghi gì cả.",
            "Products have changed since the preview; nothing was written.",
            drifted,
        )
    orders = [order.one(code, version) for code, version in promise.versions.items()]
    return advance_all(tx, orders, sender=sender, today=today, now=seal.now)


def _drift(tx: Connection, code: str, seen: int) -> list[Fault]:
    record = products.product_by_code(tx, canonical(code))
    if record is not None and record.version == seen:
        return []
    now = record.version if record else None
    return [fault(code, f"đã sang phiên bản {now}, lúc xem là {seen}", f"is at version {now}, was at {seen}")]


def _asked(order: BulkOrder) -> str:
    """Return a checksum of what is asked, by whom, of which products."""
    plain = [order.event, order.data, order.on, order.note, order.actor.login, sorted(order.codes)]
    words = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _open(seal: Seal, token: str) -> _Promise | None:
    """Return what a token stands for; none: it was not given out here, or too long ago."""
    words = seal.open(token)
    return None if words is None else _Promise(*json.loads(words))


__all__ = ["LABEL", "BulkOrder", "BulkVerdict", "Drifted", "Preview", "carry_out", "preview"]
