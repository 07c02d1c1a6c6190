"""What stands around every page: who is signed in, where one can go, and what is amiss with the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.clock import SimulatedClock
from ocop_workflow.overview.list_queries import newest_sweeps

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Door:
    """A page that one can go to from everywhere; `needs`: the right without which it is of no use."""

    path: str
    name: str
    needs: Permission | None = None


#: in the order in which they stand; the names are words of the catalogue
DOORS = (
    Door("/", "Hôm nay"),
    Door("/year", "Năm kế hoạch"),
    Door("/products", "Sản phẩm"),
    Door("/certificates", "Giấy chứng nhận"),
    Door("/letters", "Thư"),
    Door("/plans", "Kế hoạch"),
    Door("/imports", "Nhập danh sách", Permission.CHANGE_PLANS),
    Door("/sessions", "Phiên họp"),
    Door("/rubrics", "Phiếu chấm"),
    Door("/units", "Địa phương"),
    Door("/officers", "Cán bộ", Permission.MANAGE_OFFICERS),
    Door("/audit", "Nhật ký", Permission.READ_AUDIT),
)


def surroundings(tx: Connection, application: Application, session: Session) -> dict[str, Any]:
    """Return what stands on every page of somebody who is signed in."""
    return {
        "login": session.actor.login,
        "name": session.name,
        "doors": doors_of(session.actor),
        "simulated": isinstance(application.clock, SimulatedClock),
        "stale_since": _stale_since(tx, application),
    }


def doors_of(actor: Actor) -> list[Door]:
    """Return the pages that are of use to an officer."""
    return [door for door in DOORS if door.needs is None or actor.units_with(door.needs) != frozenset()]


@dataclass(frozen=True, slots=True)
class StaleSweep:
    """That the daily check has not been done; `last`: on which local day it was, none: never."""

    last: date | None


def _stale_since(tx: Connection, application: Application) -> StaleSweep | None:
    """Say that the daily check is behind: its hour is over and it was not done, or did not end."""
    local = application.clock.local(application.clock.now())
    hour = application.settings.sweep_at
    due = local.date() if local.time() >= hour else local.date() - timedelta(days=1)
    last = next((row.day for row in newest_sweeps(tx, 5) if row.finished_at is not None), None)
    return StaleSweep(last) if last is None or last < due else None
