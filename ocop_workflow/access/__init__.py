"""PURE. Who may do what: roles on units, the reach of a token, the hand behind each step."""

from ocop_workflow.access.rights import Actor, Grant, Place, Warrant, may, may_step, operator
from ocop_workflow.access.roles import Permission, Role, Scope, misplaced, roles_with

__all__ = [
    "Actor",
    "Grant",
    "Permission",
    "Place",
    "Role",
    "Scope",
    "Warrant",
    "may",
    "may_step",
    "misplaced",
    "operator",
    "roles_with",
]
