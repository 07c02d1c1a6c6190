"""From one regulation to the next: which follows, and how long the old one still decides open dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from ocop_workflow.regulations.schema import load_regulation, regulation_ids

if TYPE_CHECKING:
    from ocop_workflow.regulations.schema import CarriedOn, Regulation


@dataclass(frozen=True, slots=True)
class ChangeOver:
    """When an open dossier leaves the regulation by which it was received, and for which.

    Attributes:
        regulation: the one that it goes over to.
        last_day: the last local day on which it is decided by the old one.
        clause: the transitional clause that says so.
        uncertain: whether that rests on a secondary source or on a reading.
    """

    regulation: Regulation
    last_day: date
    clause: str
    uncertain: bool


@cache
def successor_of(regulation_id: str) -> Regulation | None:
    """Return the regulation that came in force next; none: it is the latest.

    Raises:
        NotFound: no pack has this id.
    """
    old = load_regulation(regulation_id).in_force.since
    later = (load_regulation(name) for name in regulation_ids())
    return min(
        (one for one in later if one.in_force.since > old), key=lambda one: one.in_force.since, default=None
    )


@cache
def change_over(regulation_id: str, kind: str) -> ChangeOver | None:
    """Say when an open dossier of a regulation goes over to the next one; none: no other has come.

    Args:
        regulation_id: by which it was received.
        kind: of the dossier: first, upgrade, renewal.

    A next regulation whose clause nobody knows takes over on its first day, marked uncertain.

    Raises:
        NotFound: no pack has this id.
    """
    following = successor_of(regulation_id)
    if following is None:
        return None
    since = following.in_force.since
    said: CarriedOn | None = next((one for one in following.transition if kind in one.kinds), None)
    if said is None:
        return ChangeOver(following, since - timedelta(days=1), following.number, uncertain=True)
    last = since + timedelta(days=said.days) if said.days else since - timedelta(days=1)
    return ChangeOver(following, last, said.clause, said.uncertain)


def decided_no_longer(today: date) -> tuple[tuple[str, str], ...]:
    """Return which kinds of dossiers of which regulations are decided by them no longer on a local day."""
    return tuple(
        (name, kind)
        for name in regulation_ids()
        for kind in ("first", "upgrade", "renewal")
        if (over := change_over(name, kind)) is not None and over.last_day < today
    )
