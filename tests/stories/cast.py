"""The officers of the tests with real roles: Lan of Phổ An, Hà of Phổ Khánh, Minh of the town, others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Actor, Role, operator
from ocop_workflow.people.officers import actor_on_host, add_officer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")

#: login → role and unit; the first one is the first administrator
PEOPLE = {
    "quan": (Role.ADMINISTRATOR, "duc-pho"),
    "minh": (Role.AUTHORITY_OFFICER, "duc-pho"),
    "thu": (Role.COUNCIL_SECRETARY, "duc-pho"),
    "binh": (Role.COUNCIL_MEMBER, "duc-pho"),
    "lan": (Role.COMMUNE_OFFICER, "pho-an"),
    "ha": (Role.COMMUNE_OFFICER, "pho-khanh"),
    "vinh": (Role.VIEWER, "duc-pho"),
}


def appoint(database: Database, clock: FixedClock, people: Mapping[str, tuple[Role, str]] = PEOPLE) -> None:
    """Give everybody of the cast an account and a role."""
    with database.write() as tx:
        for login, (role, unit) in people.items():
            add_officer(tx, HOST, login, login.title(), role, unit, now=clock.now())


def acting(database: Database, login: str) -> Actor:
    """Return one of the cast, ready to act."""
    with database.read() as tx:
        return actor_on_host(tx, login, "host:test")
