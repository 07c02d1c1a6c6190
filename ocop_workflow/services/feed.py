"""The calendar feed: one all-day entry a deadline, for whatever calendar an office already looks at.

The same data give the same bytes: an entry's DTSTAMP is the day of its deadline's last change, not of the
asking. Its SEQUENCE grows with whatever may change what it shows, and never shrinks (RFC 5545, 3.8.7.4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar as Feed
from icalendar import Event as Entry

from ocop_workflow.access import Permission, Scope
from ocop_workflow.calendar.deadlines import DONE, REACHED_EARLIER
from ocop_workflow.calendar.wordings import Wording
from ocop_workflow.errors import NotFound, NotPermitted
from ocop_workflow.services.officers import permitted
from ocop_workflow.services.plans import calendar_of
from ocop_workflow.storage import feeding, units
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from ocop_workflow.access import Actor
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.feeding import FeedRow

#: how long a closed deadline stays in the feed
KEPT = timedelta(days=365)

#: a product is never corrected as often as this between two steps
EDITS_BETWEEN_STEPS = 1000

#: how often a calendar is asked to look again
REFRESH = "PT6H"

#: a deadline that was closed because of this was met; any other was called off
_MET = frozenset({*DONE, "done"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a feed is read: as of which local day, in which zone its days lie, whose entries they are.

    `domain` makes the entries' UIDs unique in the world; it has to stay as it is.
    """

    today: date
    zone: ZoneInfo
    domain: str


def calendar_feed(tx: Connection, actor: Actor, reading: Reading) -> bytes:
    """Return the calendar of the unit that a feed's token reads, as RFC 5545 wants it on the wire.

    Raises:
        NotPermitted: the token is not a feed's, or its officer may read the unit no longer.
        InvalidInput: a stored plan cannot be read by this version of the service.
    """
    if actor.scope is not Scope.FEED or actor.unit_id is None:
        raise NotPermitted("Mã truy cập này không đọc được lịch.", "This token reads no calendar.")
    permitted(tx, replace(actor, scope=Scope.READ), Permission.READ, actor.unit_id)
    unit = units.units_by_id(tx, [actor.unit_id])[actor.unit_id]
    feed = _frame(unit.name, f"feed-{unit.slug}@{reading.domain}")
    for row in feeding.feed_rows(tx, unit.id, reading.today - KEPT):
        feed.add_component(_entry(row, *_wording(tx, row), reading))
    return bytes(feed.to_ical())


def _frame(unit_name: str, uid: str) -> Feed:
    feed = Feed()
    feed.add("prodid", "-//ocop-workflow//OCOP//VI")
    feed.add("version", "2.0")
    feed.add("uid", uid)
    feed.add("name", f"OCOP – {unit_name}")
    feed.add("x-wr-calname", f"OCOP – {unit_name}")
    feed.add("x-published-ttl", REFRESH)
    return feed


def _wording(tx: Connection, row: FeedRow) -> tuple[Wording, str]:
    """Return the words of a deadline, and until which hour of its day it is in time."""
    calendar = calendar_of(tx, row.plan_id, row.plan_sha256)
    try:
        return calendar.wording(row.kind, row.rule), calendar.hour(row.kind, row.rule, row.due_on)
    except NotFound:  # a plan that was changed since knows the rule no longer
        return Wording(row.rule, "", ""), ""


def _entry(row: FeedRow, wording: Wording, hour: str, reading: Reading) -> Entry:
    late = row.due_on < (row.closed_on or reading.today) and row.closed_because != REACHED_EARLIER
    cancelled = row.closed_on is not None and row.closed_because not in _MET
    entry = Entry()
    entry.add("uid", f"deadline-{row.id}@{reading.domain}")
    entry.add("dtstamp", _changed_at(row, reading.zone, late=late))
    entry.add("sequence", _sequence(row, late=late))
    entry.add("dtstart", row.due_on)
    entry.add("dtend", row.due_on + timedelta(days=1))
    entry.add("summary", _summary(row, wording, late=late, cancelled=cancelled))
    entry.add("description", _description(row, wording, hour))
    entry.add("location", clean(row.unit_name))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
    return entry


def _sequence(row: FeedRow, *, late: bool) -> int:
    """Number what an entry shows: later words have a higher number.

    A step of the product or another version of the plan outnumbers all corrections of the product's data
    since the step before, which count anew from there; these, what has befallen the deadline itself.
    """
    befallen = late + (row.acknowledged_on is not None) + (row.closed_on is not None)
    return (row.version + row.plan_version - 1) * EDITS_BETWEEN_STEPS + row.edits + befallen


def _changed_at(row: FeedRow, zone: ZoneInfo, *, late: bool) -> datetime:
    days = [row.opened_on, row.acknowledged_on, row.closed_on]
    if late:
        days.append(row.due_on + timedelta(days=1))
    day = max(day for day in days if day is not None)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _summary(row: FeedRow, wording: Wording, *, late: bool, cancelled: bool) -> str:
    what = clean(
        f"{wording.name}: {row.product_code} {row.product_name}" if row.product_code else wording.name
    )
    if cancelled:
        return f"Đã hủy – {what}"
    if row.closed_on is not None:
        return (
            f"Đã xong, trễ {(row.closed_on - row.due_on).days} ngày – {what}" if late else f"Đã xong – {what}"
        )
    return f"QUÁ HẠN – {what}" if late else what


def _description(row: FeedRow, wording: Wording, hour: str) -> str:
    lines = [
        f"Hạn: {f'trước {hour} ngày ' if hour else ''}{row.due_on:%d/%m/%Y}",
        f"Căn cứ: {wording.basis}" if wording.basis else "",
        f"Nguyên văn: {wording.as_written}" if wording.as_written else "",
        wording.action,
        f"Chủ thể: {row.producer}" if row.producer else "",
        f"Đã ghi nhận quá hạn ngày {row.acknowledged_on:%d/%m/%Y}" if row.acknowledged_on else "",
    ]
    return "\n".join(clean(line) for line in lines if line)
