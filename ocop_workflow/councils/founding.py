"""Founding a council, seating its members, giving it its rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Actor, Permission, Scope
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import find_officer, find_unit, permitted, sees
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import CouncilRules

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Warrant
    from ocop_workflow.councils.council_queries import CouncilRecord, MemberRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class NewCouncil:
    """A council as it is founded.

    Attributes:
        unit: whose it is; its level is the unit's.
        decision_number: of the decision that founds it.
        decided_on: the local day of that decision.
        rules: how it works; none: as this service would have it, and says so.
    """

    unit: str
    name: str
    decision_number: str
    decided_on: date
    rules: CouncilRules | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to sit in a council: as what, for which body (`position`), from which local day on."""

    login: str
    duty: CouncilDuty
    position: str
    since: date


def rules_of(stored: dict[str, Any]) -> CouncilRules:
    """Return a council's rules as they were stored."""
    return CouncilRules.model_validate(stored)


def find_council(tx: Connection, actor: Actor, council_id: int) -> CouncilRecord:
    """Return a council that the actor may see.

    Raises:
        NotFound: there is none of this number, or it lies outside the actor's units.
    """
    found = councils.council_by_id(tx, council_id)
    if found is None or not sees(tx, actor, found.unit_id):
        raise NotFound(f"Không có hội đồng số {council_id}.", f"There is no council {council_id}.")
    return found


def found_council(tx: Connection, given: NewCouncil, *, actor: Actor, today: date, now: datetime) -> int:
    """Found a council. Returns its number.

    Raises:
        NotFound: there is no such unit.
        NotPermitted: the actor runs no sessions there.
        InvalidInput: the unit's level has no council, or the decision lies in the future.
    """
    unit = find_unit(tx, given.unit)
    warrant = permitted(tx, actor, Permission.RUN_SESSIONS, unit.id)
    faults = []
    if unit.level is Level.COMMUNE:
        faults.append(
            fault(
                "unit",
                f"{unit.name} là cấp xã; cấp xã không có hội đồng chấm điểm",
                f"{unit.slug} is a commune, which has no council that scores",
            )
        )
    if given.decided_on > today:
        faults.append(
            fault(
                "decided_on",
                f"{given.decided_on:%d/%m/%Y} còn ở tương lai",
                f"{given.decided_on} is in the future",
            )
        )
    if faults:
        raise InvalidInput("Hội đồng có lỗi.", "The council is at fault.", faults)
    rules = (given.rules or CouncilRules()).model_dump(mode="json")
    values = {
        "unit_id": unit.id,
        "name": given.name,
        "decision_number": given.decision_number,
        "decided_on": given.decided_on,
        "rules": rules,
        "founded_at": now,
        "founded_by": actor.login,
    }
    number = councils.insert_council(tx, values)
    after = {"unit": unit.slug, "decision": given.decision_number, "rules": rules}
    record(tx, actor, Deed("council.found", f"council:{number}", None, after), now, warrant)
    return number


def change_rules(
    tx: Connection, council_id: int, rules: CouncilRules, *, actor: Actor, now: datetime
) -> None:
    """Give a council other rules; sessions that were opened keep theirs.

    Raises:
        NotFound: see `find_council`.
        NotPermitted: the actor does not run its sessions.
    """
    council, warrant = running(tx, actor, council_id)
    after = rules.model_dump(mode="json")
    councils.write_rules(tx, council.id, after)
    record(tx, actor, Deed("council.rules", f"council:{council.id}", council.rules, after), now, warrant)


def running(tx: Connection, actor: Actor, council_id: int) -> tuple[CouncilRecord, Warrant]:
    """Return a council whose sessions the actor runs, and in whose name.

    Raises:
        NotFound: see `find_council`.
        NotPermitted: the actor does not run its sessions.
    """
    council = find_council(tx, actor, council_id)
    return council, permitted(tx, actor, Permission.RUN_SESSIONS, council.unit_id)


def seat_member(tx: Connection, council_id: int, given: NewMember, *, actor: Actor, now: datetime) -> int:
    """Let an officer sit in a council. Returns the number of the seat.

    Raises:
        NotFound: there is no such council, or nobody has this login.
        NotPermitted: the actor does not run its sessions.
        Conflict: the officer sits there already, the chair is taken, the officer may see nothing there, or
            a session was opened on a day on which the seat would be new.
    """
    council, warrant = running(tx, actor, council_id)
    councils.hold_council(tx, council.id)
    officer = find_officer(tx, given.login)
    members = councils.members_of(tx, council.id)
    seated = [item for item in members if item.until is None or given.since < item.until]
    if any(item.officer_id == officer.id for item in seated):
        raise Conflict(
            f"{officer.name} ({officer.login}) đã có trong hội đồng này.",
            f"{officer.login} sits in this council already.",
        )
    if given.duty is CouncilDuty.CHAIR and any(item.duty is CouncilDuty.CHAIR for item in seated):
        raise Conflict(
            "Hội đồng đã có chủ tịch; kết thúc nhiệm vụ người trước rồi giao người sau.",
            "The council has a chair; end that seat first.",
        )
    reader = Actor(officer.login, "", officers.grants_of(tx, officer.id), Scope.READ, officer.id)
    if not sees(tx, reader, council.unit_id):
        raise Conflict(
            f"{officer.login} chưa có vai trò nào ở {council.unit}; giao vai trò council_member trước.",
            f"{officer.login} has no role in {council.unit_slug}; grant council_member first.",
        )
    _refuse_opened(tx, council, given.since)
    values = {
        "council_id": council.id,
        "officer_id": officer.id,
        "duty": given.duty,
        "position": given.position,
        "since": given.since,
    }
    number = councils.insert_member(tx, values)
    after = {"officer": officer.login, "duty": given.duty.value, "since": given.since.isoformat()}
    record(tx, actor, Deed("council.seat", f"council:{council.id}", None, after), now, warrant)
    return number


def end_seat(
    tx: Connection, council_id: int, member_id: int, until: date, *, actor: Actor, now: datetime
) -> None:
    """Let somebody sit in a council no more from a local day on; what was done stays.

    Raises:
        NotFound: there is no such council or seat.
        NotPermitted: the actor does not run its sessions.
        Conflict: the seat has ended, would end before it began, or a session was opened with it.
    """
    council, warrant = running(tx, actor, council_id)
    councils.hold_council(tx, council.id)
    member = find_member(councils.members_of(tx, council.id), member_id)
    if member.until is not None or until < member.since:
        raise Conflict(
            f"Nhiệm vụ của {member.name} bắt đầu {member.since:%d/%m/%Y}"
            + (f", đã kết thúc {member.until:%d/%m/%Y}." if member.until else "; ngày kết thúc phải sau đó."),
            f"The seat of {member.login} began on {member.since}"
            + (f" and ended on {member.until}." if member.until else "; it cannot end before."),
        )
    _refuse_opened(tx, council, until)
    councils.end_member(tx, member.id, until)
    before = {"officer": member.login, "duty": member.duty.value}
    deed = Deed("council.unseat", f"council:{council.id}", before, {"until": until.isoformat()})
    record(tx, actor, deed, now, warrant)


def _refuse_opened(tx: Connection, council: CouncilRecord, since: date) -> None:
    """Change no seat on the day of a session that was opened: its quorum and its results rest on who sat.

    Raises:
        Conflict: a session was opened on `since` or a later day.
    """
    opened = councils.last_opened(tx, council.id)
    if opened is not None and since <= opened[1]:
        name, held_on = opened
        after = held_on + timedelta(days=1)
        raise Conflict(
            f"Phiên “{name}” ngày {held_on:%d/%m/%Y} đã khai mạc với hội đồng lúc đó; chỉ đổi từ ngày "
            f"{after:%d/%m/%Y}.",
            f"The session “{name}” of {held_on} was opened with the council of then: seats change from "
            f"{after} on.",
        )


def find_member(members: list[MemberRecord], member_id: int) -> MemberRecord:
    """Return one of a council's members by the number of the seat.

    Raises:
        NotFound: there is none.
    """
    for item in members:
        if item.id == member_id:
            return item
    raise NotFound(f"Hội đồng không có thành viên số {member_id}.", f"The council has no member {member_id}.")
