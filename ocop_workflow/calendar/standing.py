"""Where a product stands, as far as its deadlines depend on it: put together here, for one or for many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Anchor, star_of
from ocop_workflow.states import Dossier, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Score, State

_NO_DAYS: Mapping[str, date] = {}
#: the highest star that there is
_HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a product stands, as far as its deadlines depend on it.

    Attributes:
        state: its state.
        dossier: the kind of its current dossier.
        on: the local day from which a deadline that has to be opened now is open.
        anchors: days of `received`, `expiry`, `entered` and of the states reached in this dossier.
        opened: the day on which each open deadline was opened, by its rule.
        extended: the day until which a numbered decision extends a milestone for this product.
        happened: the days of the plan's events that each product has for itself.
        stars: the stars that the dossier may get, as far as score or certificate tell; none: they do not.
    """

    state: State
    dossier: Dossier
    on: date
    anchors: Mapping[str, date] = field(default_factory=dict)
    opened: Mapping[str, date] = field(default_factory=dict)
    extended: Mapping[str, date] = field(default_factory=dict)
    happened: Mapping[str, date] = field(default_factory=dict)
    stars: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a product's record holds that its deadlines depend on.

    Attributes:
        entered_on: the local day on which it came into its state; none: it has made no step.
        received_on: the local day on which the commune received its dossier.
        score: what a council gave to this dossier.
        star, valid_until: of the certificate that runs, with its last valid day.
    """

    state: State
    dossier: Dossier
    entered_on: date | None = None
    received_on: date | None = None
    score: Score | None = None
    star: int | None = None
    valid_until: date | None = None


def standing_of(
    held: Held,
    regulation: Regulation,
    on: date,
    steps: Iterable[tuple[Event, State, date]],
    *,
    opened: Mapping[str, date] = _NO_DAYS,
    extended: Mapping[str, date] = _NO_DAYS,
    happened: Mapping[str, date] = _NO_DAYS,
) -> Standing:
    """Put together where a product stands.

    Args:
        held: what its record holds.
        regulation: what its dossier is rated by.
        on: the local day from which a deadline that has to be opened now is open.
        steps: its steps that stand, oldest first, as (event, target, local day); none where no milestone of
            its plan is counted from a state (`Calendar.counts_from_states`).
        opened: the day on which each open deadline was opened, by its rule.
        extended: the day until which a numbered decision extends a milestone for this product.
        happened: the days of the plan's events that each product has for itself.
    """
    days: dict[str, date] = {}
    for event, target, day in steps:
        if event in (Event.OPEN_RE_RATING, Event.RESUBMIT):
            days = {}
        days[target.value] = day
    known = {
        Anchor.RECEIVED.value: held.received_on,
        Anchor.EXPIRY.value: held.valid_until,
        Anchor.ENTERED.value: held.entered_on,
    }
    anchors = {**days, **{name: day for name, day in known.items() if day is not None}}
    score = held.score
    earned = star_of(regulation, score.mean, score.gates_met) if score else None
    stars = stars_within_reach(held.dossier, earned, held.star)
    return Standing(held.state, held.dossier, on, anchors, opened, extended, happened, stars)


def stars_within_reach(dossier: Dossier, earned: int | None, held: int | None) -> frozenset[int] | None:
    """Return the stars that a dossier may get; none: nothing tells yet.

    Args:
        dossier: its kind: a renewal keeps its star, an upgrade asks for a higher one.
        earned: the star that its score earns; none: no council has scored it.
        held: the star of the certificate that runs.
    """
    if earned is not None:
        return frozenset({earned})
    if held is None or dossier is Dossier.FIRST:
        return None
    return frozenset({held} if dossier is Dossier.RENEWAL else range(held + 1, _HIGHEST + 1))
