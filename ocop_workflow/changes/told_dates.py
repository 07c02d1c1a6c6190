"""What people believe: the last that a letter has told each address about a date, and what no longer holds.

A letter that certainly has not gone out is taken back, so it has told nobody anything. One that is being
sent, or whose end nobody knows, has told its reader what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.changes import queries as changing
from ocop_workflow.notifications import mailbox_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from ocop_workflow.calendar import DeadlineKind
    from ocop_workflow.changes.queries import Key, Standee
    from ocop_workflow.changes.realigning import Realigned
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class StaleLetters:
    """The letters that are taken back, and of which digests nothing has gone out.

    `keys`: deadlines of which a correction that is taken back has to speak again.
    """

    letters: frozenset[int]
    digests: frozenset[int]
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Belief:
    """What an address of a unit was last told about a deadline, which is not so any more.

    `told` none: that it holds no longer; `now` none: it does not. `deadline_id`: of which it was told.
    """

    unit_id: int
    address: str
    key: Key
    told: date | None
    now: date | None
    deadline_id: int


@dataclass(frozen=True, slots=True)
class Retelling:
    """What letters have to put right, and how they call it.

    Attributes:
        beliefs: who believes what, by unit and address.
        products: the products that they are about, by number.
        authority_id: the unit whose letters name places.
        plan: the id of the plan; none: it stands outside every plan.
        named: what a rule is called.
    """

    beliefs: Mapping[tuple[int, str], list[Belief]]
    products: Mapping[int, Standee]
    authority_id: int
    plan: str | None
    named: Callable[[DeadlineKind, str], str]


def by_address(beliefs: Iterable[Belief]) -> dict[tuple[int, str], list[Belief]]:
    """Return the beliefs by the unit and the address that hold them."""
    found: dict[tuple[int, str], list[Belief]] = {}
    for belief in beliefs:
        found.setdefault((belief.unit_id, belief.address), []).append(belief)
    return found


def stale_letters(tx: Connection, plan_id: int | None, realigned: Realigned) -> StaleLetters:
    """Return the letters that speak of a date which moves, and certainly have not gone out."""
    closing, moving = realigned.closing, {shift.key for shift in realigned.shifts}
    unsent = changing.unsent_about(tx, plan_id)
    letters = {
        item.letter_id
        for item in unsent
        if (item.deadline_id in closing if item.digest_id else item.key in moving)
    }
    touched = {item.digest_id for item in unsent if item.letter_id in letters and item.digest_id}
    return StaleLetters(
        frozenset(letters),
        frozenset(touched - changing.digests_under_way(tx, touched, letters)),
        frozenset(item.key for item in unsent if item.letter_id in letters and not item.digest_id),
    )


def wrong_beliefs(
    tx: Connection,
    plan_id: int | None,
    realigned: Realigned,
    stale: StaleLetters,
    about: Collection[int] | None = None,
) -> list[Belief]:
    """Return who believes a date that does not hold any more, sorted by unit, address and deadline.

    Args:
        tx: a transaction.
        plan_id: the plan; none: of what stands outside every plan.
        realigned: what moves.
        stale: the letters that are taken back.
        about: the numbers of the deadlines of which one was told; none: any.
    """
    keys = {shift.key for shift in realigned.shifts} | stale.keys
    last: dict[tuple[int, str, Key], changing.Told] = {}
    for item in changing.told(tx, plan_id, {key.rule for key in keys}):
        whose = item.unit_id, mailbox_of(item.address), item.key
        if about is not None and item.deadline_id not in about:
            continue
        if item.key in keys and (whose not in last or last[whose].letter_id < item.letter_id):
            last[whose] = item
    newest = sorted(last.values(), key=lambda item: item.letter_id)
    addresses = {(item.unit_id, mailbox_of(item.address)): item.address for item in newest}
    return [
        Belief(unit, addresses[unit, box], key, item.due_on, realigned.due.get(key), item.deadline_id)
        for (unit, box, key), item in sorted(last.items(), key=_order)
        if item.due_on != realigned.due.get(key)
    ]


def _order(entry: tuple[tuple[int, str, Key], changing.Told]) -> tuple[int, str, int, int, str, str]:
    (unit, box, key), _ = entry
    return unit, box, key.product_id or 0, key.unit_id or 0, key.kind.value, key.rule
