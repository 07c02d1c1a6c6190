"""Whose turn it is: in which states a product waits for an officer of certain roles, or for somebody else."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.access.actors import ROLES, level_of_row
from ocop_workflow.access.roles import Role
from ocop_workflow.regulations import Level
from ocop_workflow.states import Event, Hand
from ocop_workflow.states.lifecycle import lifecycle_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ocop_workflow.access.actors import Grant
    from ocop_workflow.states import State
    from ocop_workflow.states.lifecycle import Transition


class WhoseTurn(StrEnum):
    """Whether the next step is whoever asks's own, or somebody else's."""

    MINE = "mine"
    OTHERS = "others"


#: the steps that lead a product on; the others turn it aside or end it
ONWARD = frozenset(
    {
        Event.REGISTER,
        Event.SELECT,
        Event.START_CONSULTING,
        Event.COMMUNE_EVALUATE,
        Event.SCORE_DISTRICT,
        Event.SCORE_PROVINCE,
        Event.SCORE_CENTRAL,
        Event.ESCALATE,
        Event.CERTIFY,
        Event.BEGIN_MONITORING,
        Event.OPEN_RE_RATING,
    }
)


def states_of(turn: WhoseTurn, held: Collection[Grant], outside: Collection[Level]) -> frozenset[State]:
    """Return the states in which it is this turn, for whoever holds these roles.

    Args:
        turn: whose.
        held: the roles of whoever asks.
        outside: the levels that have no officer here: their steps are recorded by the plan's authority.
    """
    mine = {row.source for row in _onward() if any(_is_mine(row, hand, held, outside) for hand in row.hands)}
    if turn is WhoseTurn.MINE:
        return frozenset(mine)
    return frozenset({row.source for row in _onward()} - mine)


def _onward() -> Iterator[Transition]:
    """Yield the rows of the ladder of all levels: it knows every state."""
    return (row for row in lifecycle_of(tuple(Level)).transitions if row.event in ONWARD)


def _is_mine(row: Transition, hand: Hand, held: Collection[Grant], outside: Collection[Level]) -> bool:
    level = level_of_row(row, hand)
    if any(grant.role in ROLES[hand] and level in (None, grant.level) for grant in held):
        return True
    return level in outside and any(grant.role is Role.AUTHORITY_OFFICER for grant in held)
