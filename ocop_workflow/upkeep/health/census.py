"""A census: how many products, flags and letters there are, for whoever watches the service over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.overview import count_queries as counting
from ocop_workflow.upkeep.health import Health, health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.clock import Clock
    from ocop_workflow.notifications import LetterState
    from ocop_workflow.states import State
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Census:
    """What there is, all at one instant."""

    products: Mapping[State, int]
    letters: Mapping[LetterState, int]
    open_flags: int
    health: Health


def census(tx: Connection, clock: Clock) -> Census:
    """Count everything once; the cost grows with the number of products and letters."""
    return Census(
        counting.products_by_state(tx),
        counting.letters_by_state(tx),
        counting.open_flags(tx),
        health(tx, clock),
    )
