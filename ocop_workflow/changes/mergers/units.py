"""Units as a file brings them, with their addresses; what a file would take away is shown first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.changes.mergers.views import LeavingView, LossView
from ocop_workflow.deadlines.communes import align_all_communes
from ocop_workflow.errors import Conflict, Text
from ocop_workflow.notifications import check_address, mailbox_of
from ocop_workflow.places import queries as units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.regulations.units import Unit
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class LoadedUnits:
    """What loading units did: how many changed, and which stayed as they were since they have been merged."""

    changed: int
    merged: tuple[str, ...]


def what_is_lost(tx: Connection, given: Sequence[Unit], today: date) -> LossView | None:
    """Return which addresses a file of units would take away on a local day; none: it takes none.

    A file that does not name a unit's addresses leaves them alone.
    """
    named = {unit.id: unit.emails for unit in given if unit.emails is not None}
    records = [unit for unit in units.all_units(tx) if unit.slug in named and unit.lives(today)]
    held = units.addresses(tx, [record.id for record in records], today)
    leaving = tuple(
        LeavingView(record.slug, record.name, address)
        for record in records
        for address in held.get(record.id, ())
        if mailbox_of(address) not in {mailbox_of(kept) for kept in named[record.slug] or ()}
    )
    return LossView(hashlib.sha256(repr(leaving).encode()).hexdigest(), leaving) if leaving else None


def shared_mailboxes(given: Sequence[Unit]) -> tuple[Text, ...]:
    """Return what is worth a second look in a file of units: one mailbox written twice, or for two units.

    It blocks nothing: a mailbox gets one letter a day for each unit whose mailbox it is.
    """
    written: dict[tuple[str, str], list[str]] = {}
    for unit in given:
        for address in unit.emails or ():
            written.setdefault((mailbox_of(address), unit.name), []).append(address)
    users: dict[str, list[str]] = {}
    for box, name in written:
        users.setdefault(box, []).append(name)
    twice = tuple(
        Text(
            f"{name}: {', '.join(spellings)} là cùng một hộp thư, chỉ nhận một thư.",
            f"{name}: {', '.join(spellings)} are one mailbox, which gets one letter.",
        )
        for (_, name), spellings in written.items()
        if len(spellings) > 1
    )
    shared = tuple(
        Text(
            f"{', '.join(names)} dùng chung hộp thư {box}: mỗi nơi có thư riêng.",
            f"{', '.join(names)} share the mailbox {box}: each has a letter of its own.",
        )
        for box, names in users.items()
        if len(names) > 1
    )
    return twice + shared


def load_units(
    tx: Connection,
    by: Actor,
    given: Sequence[Unit],
    confirm: str | None = None,
    *,
    today: date,
    now: datetime,
) -> LoadedUnits:
    """Store units and their addresses, which hold from today on. What a file does not name stays.

    A unit that has been merged into another is not brought back to life.

    Args:
        tx: a writing transaction.
        by: who loads them.
        given: the units of the file.
        confirm: the hash of the addresses that are taken away, if any are.
        today: the local day.
        now: this instant.

    Raises:
        InvalidInput: an address cannot be used.
        Conflict: addresses would be taken away that nobody has confirmed.
    """
    loss = what_is_lost(tx, given, today)
    if loss is not None and loss.hash != confirm:
        raise Conflict(
            f"Tệp này bỏ {len(loss.leaving)} địa chỉ thư; hãy xem rồi xác nhận. Chưa nạp gì.",
            f"This file takes {len(loss.leaving)} addresses away; look and confirm. Nothing was loaded.",
        )
    ended = [unit for unit in units.all_units(tx) if not unit.lives(today)]
    changed = save_units(tx, given, today)
    align_all_communes(tx, today)
    listed = {unit.id for unit in given}
    done = LoadedUnits(changed, tuple(unit.slug for unit in ended if unit.slug in listed))
    if changed:
        after = {"changed": changed, **({"addresses_gone": len(loss.leaving)} if loss else {})}
        audit.record(tx, by, Deed("unit.load", "units", after=after), now)
    return done


def save_units(tx: Connection, given: Iterable[Unit], today: date) -> int:
    """Store units; addresses that are given are theirs from `today`. Returns how many changed.

    Raises:
        InvalidInput: an address cannot be used.
    """
    changed = 0
    for unit in given:
        for address in unit.emails or ():
            check_address(address)
        changed += units.save_unit(tx, unit, today)
    return changed
