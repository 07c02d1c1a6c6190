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
from ocop_workflow.access.people import ERASED, EXPIRED, ContactKind, DeskKind, is_household
from ocop_workflow.access.roles import Permission, Role, Scope, misplaced, roles_with

__all__ = [
    "ERASED",
    "EXPIRED",
    "OFFICE",
    "Actor",
    "ContactKind",
    "DeskKind",
    "Grant",
    "Permission",
    "Place",
    "Role",
    "Scope",
    "Warrant",
    "is_household",
    "level_behind",
    "may",
    "may_settle",
    "may_step",
    "misplaced",
    "operator",
    "roles_with",
]
