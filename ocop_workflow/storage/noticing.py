"""Queries behind the notices: which steps a letter tells of, and which letters wait that may tell of more."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from ocop_workflow.notifications.letters import Notice
from ocop_workflow.notifications.outbox import LetterKind, LetterState
from ocop_workflow.storage.dialect import insert_all
from ocop_workflow.storage.prepared import Prepared
from ocop_workflow.storage.tables import notice_steps, outbox
from ocop_workflow.storage.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ToldStep:
    """What a notice tells of a step: the number of its transition, its number in the product's history.

    The words are kept beside the letter: another letter that takes its place tells the same.
    """

    id: int
    seq: int
    notice: Notice

    def as_json(self) -> dict[str, Any]:
        """Return what has to be kept of it."""
        return {"seq": self.seq, **asdict(self.notice), "day": self.notice.day.isoformat()}


def _step(step_id: int, kept: Mapping[str, Any]) -> ToldStep:
    words = {name: kept[name] for name in _WORDS}
    details = tuple((label, value) for label, value in kept["details"])
    return ToldStep(
        step_id, kept["seq"], Notice(**{**words, "day": date.fromisoformat(kept["day"]), "details": details})
    )


_WORDS = tuple(field.name for field in fields(Notice))


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that waits, untried, and one of the steps that it tells of."""

    letter_id: int
    address: str
    step: ToldStep


# one look at the index of what waits for a unit
_WAITING = Prepared(
    select(outbox.c.id, outbox.c.address, notice_steps.c.transition_id, notice_steps.c.told)
    .join(notice_steps, notice_steps.c.outbox_id == outbox.c.id)
    .where(
        outbox.c.unit_id == bindparam("of_unit"),
        outbox.c.state == bindparam("waits", LetterState.PENDING, type_=outbox.c.state.type),
        outbox.c.kind == bindparam("told", LetterKind.NOTICE, type_=outbox.c.kind.type),
        outbox.c.attempts == 0,
        notice_steps.c.told.is_not(None),  # none: an earlier version of the service wrote it
        outbox.c.created_at > bindparam("since", type_=UtcDateTime()),
    )
    .order_by(outbox.c.id, notice_steps.c.transition_id)
    .with_for_update(of=outbox)
)


def waiting_notices(tx: Connection, unit_id: int, since: datetime) -> list[WaitingNotice]:
    """Return what waits for a unit, written after an instant, and keep senders off it until the end."""
    return [
        WaitingNotice(letter_id, address, _step(step_id, told))
        for letter_id, address, step_id, told in _WAITING.rows(tx, of_unit=unit_id, since=since)
    ]


def record_told(tx: Connection, key: str, steps: Sequence[ToldStep]) -> None:
    """Record of which steps a notice tells, and in which words, by the letter's key."""
    ((number,),) = _NUMBER.rows(tx, of_key=key)
    rows = [{"outbox_id": number, "transition_id": step.id, "told": step.as_json()} for step in steps]
    insert_all(tx, insert(notice_steps), rows)


def other_steps(tx: Connection, letter_ids: Collection[int], step_id: int) -> dict[int, list[ToldStep]]:
    """Return what letters tell of other steps than this one, by the letter's number."""
    found: dict[int, list[ToldStep]] = {}
    told = (
        notice_steps.c.outbox_id.in_(letter_ids),
        notice_steps.c.transition_id != step_id,
        notice_steps.c.told.is_not(None),
    )
    rows = tx.execute(select(notice_steps).where(*told).order_by(notice_steps.c.transition_id))
    for row in rows:
        found.setdefault(row.outbox_id, []).append(_step(row.transition_id, row.told))
    return found


_NUMBER = Prepared(select(outbox.c.id).where(outbox.c.key == bindparam("of_key")))


def supersede(tx: Connection, letter_ids: Collection[int]) -> None:
    """Let letters rest in whose place another one tells the same."""
    if letter_ids:
        tx.execute(update(outbox).where(outbox.c.id.in_(letter_ids)).values(state=LetterState.SUPERSEDED))


def hold(tx: Connection, key: str) -> None:
    """Hold a letter back, as the one was in whose place it stands."""
    tx.execute(update(outbox).where(outbox.c.key == key).values(state=LetterState.HELD))
