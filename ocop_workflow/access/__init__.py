"""PURE. Who may do what: roles on units, the reach of a token, the hand behind each step."""

from ocop_workflow.access.rights import Actor, Grant, Place, may, may_step
from ocop_workflow.access.roles import Permission, Role, Scope, roles_with

__all__ = [
    "Actor",
    "Grant",
    "Permission",
    "Place",
    "Role",
    "Scope",
    "may",
    "may_step",
    "roles_with",
]
