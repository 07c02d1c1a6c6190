"""Warnings: letters to the authority about the service itself, each once for each occasion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.posting import Draft, seal
from ocop_workflow.notifications import LetterKind, render_warning, warning_key
from ocop_workflow.places import queries as units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime

    from ocop_workflow.notifications import Sender, Warned
    from ocop_workflow.store import Connection


def warn(
    tx: Connection,
    unit_ids: Collection[int],
    subject: str,
    compose: Callable[[str], Warned],
    sender: Sender,
    today: date,
    now: datetime,
) -> int:
    """Put a warning into the outbox for each address of these units that has not had it yet.

    Args:
        tx: a writing transaction.
        unit_ids: whom to warn.
        subject: what about: what was said under this word once is not said again.
        compose: makes the letter for the office that is greeted.
        sender: in whose name it goes out.
        today: the local day on which the addresses have to hold.
        now: this instant.

    Returns:
        how many letters were written.
    """
    records = units.units_by_id(tx, unit_ids)
    wanted = {
        warning_key(subject, records[unit_id].slug, address): (records[unit_id], address)
        for unit_id, addresses in units.addresses(tx, unit_ids, today).items()
        for address in addresses
    }
    known = letters.keys_among(tx, wanted)
    written = []
    for key, (unit, address) in wanted.items():
        if key not in known:
            draft = Draft(LetterKind.WARNING, render_warning(compose(unit.office)))
            written.append(seal(draft, key, unit, address, sender, now))
    return letters.write_letters(tx, written, now)
