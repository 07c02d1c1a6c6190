"""PURE. Who may do what: roles on units, the reach of a token, the hand behind each step."""

from ocop_workflow.access.actors import (
    OFFICE,
    Actor,
    Grant,
    Place,
    Warrant,
    level_behind,
    may,
    may_settle,
    may_step,
    operator,
)
from ocop_workflow.access.people import ERASED, EXPIRED, ContactKind, DeskKind, SessionStage, is_household
from ocop_workflow.access.roles import Permission, Role, Scope, misplaced, roles_with
from ocop_workflow.access.turns import ONWARD, WhoseTurn, states_of

__all__ = [
    "ERASED",
    "EXPIRED",
    "OFFICE",
    "ONWARD",
    "Actor",
    "ContactKind",
    "DeskKind",
    "Grant",
    "Permission",
    "Place",
    "Role",
    "Scope",
    "SessionStage",
    "Warrant",
    "WhoseTurn",
    "is_household",
    "level_behind",
    "may",
    "may_settle",
    "may_step",
    "misplaced",
    "operator",
    "roles_with",
    "states_of",
]
