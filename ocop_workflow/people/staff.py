"""Officers and their tokens as another sees them: whoever is out of reach is as if not there at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.errors import Stale
from ocop_workflow.people import staff_queries as staffing
from ocop_workflow.people.officers import nobody

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocop_workflow.access import Actor, Grant
    from ocop_workflow.people.officer_queries import OfficerRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Member:
    """An officer and the current roles in reach of whoever looks, oldest first."""

    officer: OfficerRecord
    roles: tuple[Grant, ...]

    @property
    def tag(self) -> str:
        """What tells this version from any other."""
        told = [
            self.officer.login,
            self.officer.name,
            str(self.officer.disabled_at),
            [(grant.role, grant.unit) for grant in self.roles],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def list_members(tx: Connection, actor: Actor, limit: int, after: str = "") -> list[Member]:
    """Return the officers whom the actor manages in some unit, behind a login, in order."""
    roots = actor.units_with(Permission.MANAGE_OFFICERS)
    found = staffing.staff(tx, roots, limit, after=after)
    return [Member(officer, roles) for officer, roles in found]


def find_member(tx: Connection, actor: Actor, login: str, *, seen: Collection[str] | None = None) -> Member:
    """Return an officer whom the actor manages in some unit.

    Args:
        tx: a transaction; a writing one if `seen` is given.
        actor: who looks.
        login: whom for.
        seen: the tags for one of which a change is meant; then nobody else changes the officer meanwhile.

    Raises:
        NotFound: nobody in reach has this login.
        Stale: the officer is another than was seen.
    """
    roots = actor.units_with(Permission.MANAGE_OFFICERS)
    found = staffing.staff(tx, roots, 1, login=login, locked=seen is not None)
    if not found:
        raise nobody(login)
    ((officer, roles),) = found
    member = Member(officer, roles)
    if seen is not None and member.tag not in seen:
        raise Stale(
            f"Cán bộ {login} đã thay đổi; hãy xem lại rồi làm lại.",
            f"The officer {login} has changed; look again, then try again.",
        )
    return member


def refuse_out_of_reach(tx: Connection, actor: Actor, login: str) -> None:
    """Refuse to know of an officer who is neither the actor nor in reach.

    Raises:
        NotFound: so it is.
    """
    if login != actor.login:
        find_member(tx, actor, login)
