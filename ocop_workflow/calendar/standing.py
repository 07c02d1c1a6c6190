"""Where a product stands, as far as its deadlines depend on it: put together here, for one or for many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Anchor, star_of
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Position, State

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
        anchors: days of `received`, `complete`, `expiry`, `entered`, `concluded` and of the states reached in
            this dossier.
        opened: the day on which each open deadline was opened, by its rule.
        extended: the day until which a numbered decision extends a milestone for this product.
        happened: the days of the plan's events that each product has for itself.
        stars: the stars that the dossier may get, as far as score or certificate tell; none: they do not.
        regulation: the id of the pack by which the dossier is rated; none: its plan's.
        law: the id of the pack by which its certificate's end is reckoned; none: that of the day `on`, or the
            later one by which its open deadlines go.
    """

    state: State
    dossier: Dossier
    on: date
    anchors: Mapping[str, date] = field(default_factory=dict)
    opened: Mapping[str, date] = field(default_factory=dict)
    extended: Mapping[str, date] = field(default_factory=dict)
    happened: Mapping[str, date] = field(default_factory=dict)
    stars: frozenset[int] | None = None
    regulation: str | None = None
    law: str | None = None


def standing_of(
    position: Position,
    regulation: Regulation,
    on: date,
    *,
    opened: Mapping[str, date] = _NO_DAYS,
    extended: Mapping[str, date] = _NO_DAYS,
    happened: Mapping[str, date] = _NO_DAYS,
) -> Standing:
    """Put together where a product stands.

    Args:
        position: where its steps have led; the states that it has reached are needed only where a milestone
            of its plan is counted from a state (`Calendar.counts_from_states`).
        regulation: that of its plan, by which its dossier is rated if it has none of its own.
        on: the local day from which a deadline that has to be opened now is open.
        opened: the day on which each open deadline was opened, by its rule.
        extended: the day until which a numbered decision extends a milestone for this product.
        happened: the days of the plan's events that each product has for itself.
    """
    certificate, score = position.certificate, position.score
    known = {
        Anchor.RECEIVED.value: position.received_on,
        Anchor.COMPLETE.value: position.complete_on,
        # of what is not to be renewed nothing is asked before its end
        Anchor.EXPIRY.value: certificate.valid_until
        if certificate and not position.not_renewing_on
        else None,
        Anchor.ENTERED.value: position.entered_on,
        Anchor.CONCLUDED.value: position.concluded_on,
    }
    anchors = {state.value: day for state, day in position.reached.items()}
    anchors |= {name: day for name, day in known.items() if day is not None}
    rating = position.rated_by(regulation, on)
    earned = star_of(rating, score.mean, score.gates_met) if score else None
    stars = stars_within_reach(position.dossier, earned, certificate.star if certificate else None)
    return Standing(
        position.state,
        position.dossier,
        on,
        anchors,
        opened,
        extended,
        happened,
        stars,
        position.regulation,
    )


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
