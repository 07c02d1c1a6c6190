"""Officers: adding and disabling them, their roles on units, and who acts when somebody asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocop_workflow.access import Actor, Permission, Place, Role, Scope, Warrant, may, operator
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import Conflict, NotFound, NotPermitted, WrongUse
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.places import queries as units
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.people.officer_queries import OfficerRecord
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection

#: what stands for the host's operator, and can be nobody's login
RESERVED = frozenset({"ocop", "scheduler"})

#: whoever works on the host itself sees everything
HOST = operator("host")

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,59}")


def add_officer(
    tx: Connection, by: Actor, login: str, name: str, role: Role, unit: str, *, now: datetime
) -> None:
    """Add an officer with a first role.

    Raises:
        WrongUse: the login is not written as one.
        Conflict: it is taken.
        NotFound: there is no such unit.
        NotPermitted: the actor does not manage officers there.
    """
    if not _LOGIN.fullmatch(login) or login in RESERVED:
        raise WrongUse(
            f"Tên đăng nhập {login!r} không dùng được: chữ thường không dấu, số, . _ -, chữ đứng đầu.",
            f"The login {login!r} cannot be used: small plain letters, digits, . _ -, a letter first.",
        )
    place = find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_OFFICERS, place.id)
    if officers.officer_by_login(tx, login) is not None:
        raise Conflict(f"Đã có cán bộ {login}.", f"There is an officer {login} already.")
    values = {"login": login, "name": clean(name)[:200] or login, "created_at": now, "created_by": by.login}
    officer_id = officers.insert_officer(tx, values)
    officers.insert_grant(tx, officer_id, place.id, role, now, by.login)
    after = {"name": values["name"], "role": role.value, "unit": place.slug}
    record(tx, by, Deed("officer.add", f"officer:{login}", after=after), now, warrant)


def disable_officer(tx: Connection, by: Actor, login: str, *, now: datetime) -> None:
    """Disable an officer: tokens and password stop working at once; what was done stays on record.

    Raises:
        NotFound: nobody has this login.
        NotPermitted: the actor does not manage officers on every unit where this one has a role.
    """
    officer = find_officer(tx, login)
    warrant = managing(tx, by, officer)
    if officer.disabled_at is None:
        officers.change_officer(tx, officer.id, disabled_at=now)
        record(tx, by, Deed("officer.disable", f"officer:{login}"), now, warrant)


def grant_role(tx: Connection, by: Actor, login: str, role: Role, unit: str, *, now: datetime) -> None:
    """Give an officer one more role on a unit.

    Raises:
        NotFound: nobody has this login, or there is no such unit.
        Conflict: the officer has it.
        NotPermitted: the actor does not manage officers there.
    """
    officer, place = find_officer(tx, login), find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_OFFICERS, place.id)
    if any((held.role, held.unit_id) == (role, place.id) for held in officers.grants_of(tx, officer.id)):
        raise Conflict(
            f"Cán bộ {login} đã có vai trò {role.label} ở {place.name}.",
            f"The officer {login} is {role.value} of {place.slug} already.",
        )
    officers.insert_grant(tx, officer.id, place.id, role, now, by.login)
    after = {"role": role.value, "unit": place.slug}
    record(tx, by, Deed("officer.grant", f"officer:{login}", after=after), now, warrant)


def revoke_role(tx: Connection, by: Actor, login: str, role: Role, unit: str, *, now: datetime) -> None:
    """Take a role back; it ends at once.

    Raises:
        NotFound: nobody has this login, there is no such unit, or the officer does not have the role.
        NotPermitted: the actor does not manage officers there.
    """
    officer, place = find_officer(tx, login), find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_OFFICERS, place.id)
    if not officers.revoke_grant(tx, officer.id, place.id, role, now):
        raise NotFound(
            f"Cán bộ {login} không có vai trò {role.label} ở {place.name}.",
            f"The officer {login} is not {role.value} of {place.slug}.",
        )
    before = {"role": role.value, "unit": place.slug}
    record(tx, by, Deed("officer.revoke", f"officer:{login}", before=before), now, warrant)


def managing(tx: Connection, by: Actor, officer: OfficerRecord) -> Warrant:
    """Return in whose name the actor manages an officer: wherever this one has a role.

    Raises:
        NotPermitted: the actor does not manage officers in one of these units; one without any role is
            managed on the host only.
    """
    warrants = [
        permitted(tx, by, Permission.MANAGE_OFFICERS, grant.unit_id)
        for grant in officers.grants_of(tx, officer.id)
    ]
    if not warrants and not by.is_operator:
        raise NotPermitted(
            f"Cán bộ {officer.login} không còn vai trò nào; chỉ xử lý được trên máy chủ.",
            f"The officer {officer.login} has no role any more; only the host can manage that.",
        )
    return warrants[0] if warrants else Warrant(None)


def find_officer(tx: Connection, login: str) -> OfficerRecord:
    """Return an officer.

    Raises:
        NotFound: nobody has this login.
    """
    officer = officers.officer_by_login(tx, login)
    if officer is None:
        raise nobody(login)
    return officer


def nobody(login: str) -> NotFound:
    """Say that nobody, or nobody within somebody's reach, has a login."""
    return NotFound(
        f"Không có cán bộ nào tên {login}; xem bằng `ocop officer list`.",
        f"No officer is called {login}; see `ocop officer list`.",
    )


def find_unit(tx: Connection, slug: str) -> UnitRecord:
    """Return a unit.

    Raises:
        NotFound: there is none of this id.
    """
    unit = units.unit_by_slug(tx, slug)
    if unit is None:
        raise no_unit(slug)
    return unit


def no_unit(slug: str) -> NotFound:
    """Say that there is no unit, or none within somebody's reach, of an id."""
    return NotFound(
        f"Không có địa phương {slug}; xem danh sách bằng `ocop units list`.",
        f"No unit is called {slug}; list them with `ocop units list`.",
    )


def sees(tx: Connection, actor: Actor, unit_id: int) -> bool:
    """Tell whether an actor may read what belongs to a unit."""
    return may(actor, Permission.READ, Place(frozenset(units.lineage(tx, unit_id)))) is not None


def permitted(tx: Connection, actor: Actor, permission: Permission, unit_id: int) -> Warrant:
    """Return in whose name the actor may do this to a unit.

    Raises:
        NotPermitted: no role of the actor's reaches so far, or the token does not.
    """
    warrant = may(actor, permission, Place(frozenset(units.lineage(tx, unit_id))))
    if warrant is None:
        raise NotPermitted(
            f"{actor.login} không có quyền {permission.label} ở địa phương này.",
            f"{actor.login} may not {permission.value.replace('_', ' ')} in this unit.",
        )
    return warrant


def who_may(tx: Connection, permission: Permission, unit_id: int) -> str | None:
    """Return the first login of an active officer who may do this to a unit; none: nobody may."""
    place = Place(frozenset(units.lineage(tx, unit_id)))
    for officer, held in officers.all_officers(tx):
        if officer.disabled_at is None:
            actor = Actor(officer.login, "", held, Scope.ADMINISTER, officer.id)
            if may(actor, permission, place) is not None:
                return officer.login
    return None


def actor_on_host(tx: Connection, login: str, origin: str) -> Actor:
    """Return who acts when somebody on the host names an officer (`--as`).

    Before there is any officer the name is only recorded: the host's operator acts. From the first officer
    on the name has to be an officer's, and what this one may not do is refused.

    Raises:
        NotPermitted: the name is no officer's, or that officer is disabled.
    """
    if not officers.any_officer(tx):
        return operator(origin, clean(login)[:100])
    officer = officers.officer_by_login(tx, login)
    if officer is None or officer.disabled_at is not None:
        raise NotPermitted(
            f"{login} không phải cán bộ đang hoạt động; xem bằng `ocop officer list`.",
            f"{login} is no active officer; see `ocop officer list`.",
        )
    held = officers.grants_of(tx, officer.id)
    return Actor(login, origin, held, Scope.ADMINISTER, officer.id)
