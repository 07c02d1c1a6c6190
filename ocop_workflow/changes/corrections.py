"""Corrections: one letter to each address that was told a date which does not hold any more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ocop_workflow.changes import queries as changing
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.posting import Draft, listed_at, seal
from ocop_workflow.notifications import (
    ChangedDate,
    Correction,
    Item,
    LetterKind,
    correction_key,
    namesakes,
    render_correction,
)
from ocop_workflow.places import queries as units

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from ocop_workflow.changes.queries import Key, Standee
    from ocop_workflow.changes.told_dates import Belief, Retelling
    from ocop_workflow.errors import Text
    from ocop_workflow.notifications import Sender
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Reason:
    """Why dates move: `subject` is what the letters' keys begin with, `text` what they say of it."""

    subject: str
    text: Text
    on: date


def write_corrections(
    tx: Connection,
    told: Retelling,
    reason: Reason,
    open_now: Mapping[Key, int],
    sender: Sender,
    now: datetime,
) -> int:
    """Put the corrections into the outbox and record of which deadlines each speaks. Returns how many.

    Args:
        tx: a writing transaction.
        told: who believes what.
        reason: why.
        open_now: the numbers of the deadlines that are open by now.
        sender: in whose name they go out.
        now: the instant that they bear.
    """
    wanted = told.beliefs
    records = units.units_by_id(tx, {unit for unit, _ in wanted})
    written, spoken = [], {}
    for (unit_id, address), beliefs in wanted.items():
        unit = records[unit_id]
        correction = Correction(
            office=unit.office,
            day=reason.on,
            reason=reason.text.vi,
            reason_en=reason.text.en,
            changes=_changes(told, beliefs, unit),
            public_url=sender.public_url,
        )
        key = correction_key(reason.subject, unit.slug, address)
        draft = Draft(LetterKind.CORRECTION, render_correction(correction))
        written.append(seal(draft, key, unit, address, sender, now))
        spoken[key] = {open_now.get(belief.key, belief.deadline_id): belief.now is None for belief in beliefs}
    letters.write_letters(tx, written, now)
    changing.record_corrections(tx, spoken)
    return len(written)


def _changes(told: Retelling, beliefs: list[Belief], unit: UnitRecord) -> tuple[ChangedDate, ...]:
    spoken_of = _products(told, beliefs)
    doubled = namesakes((item.name, item.unit_name, item.producer) for item in spoken_of)
    return tuple(
        _changed(told, list(group), doubled, unit)
        for _, group in groupby(sorted(beliefs, key=_order), key=_order)
    )


def _order(belief: Belief) -> tuple[str, str, str, str]:
    """Sort by the new day, then by the old; what falls away comes last."""
    now = belief.now.isoformat() if belief.now else "none"
    return now, str(belief.told), belief.key.kind.value, belief.key.rule


def _changed(
    told: Retelling, beliefs: list[Belief], doubled: Collection[object], unit: UnitRecord
) -> ChangedDate:
    first = beliefs[0]
    names_places = unit.id == told.authority_id
    return ChangedDate(
        name=told.named(first.key.kind, first.key.rule),
        told=first.told,
        now=first.now,
        items=tuple(
            Item(
                product.code,
                product.name,
                product.unit_name if names_places else "",
                (product.producer or "") if (product.name, product.unit_name) in doubled else "",
            )
            for product in sorted(_products(told, beliefs), key=lambda product: product.code)
        ),
        list_at=listed_at(unit.slug, told.plan),
    )


def _products(told: Retelling, beliefs: list[Belief]) -> list[Standee]:
    return [told.products[item.key.product_id] for item in beliefs if item.key.product_id is not None]
