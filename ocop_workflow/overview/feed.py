"""The calendar feed: one all-day entry a deadline, for whatever calendar an office already looks at.

Of very many deadlines those of one milestone and day are one entry with their products counted: Google drops
what lies behind a megabyte or some 1,100 entries without a word, and no calendar shows hundreds on a day.

The same data give the same bytes: an entry's DTSTAMP is the day of its deadline's last change, not of the
asking. Its SEQUENCE grows with whatever may change what it shows, and never shrinks (RFC 5545, 3.8.7.4). Its
UID is made of the installation's own name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar as Feed
from icalendar import Event as Entry

from ocop_workflow.access import Permission, Scope
from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.calendar.subjects import DONE, REACHED_EARLIER
from ocop_workflow.calendar.wordings import Wording
from ocop_workflow.errors import NotFound, NotPermitted
from ocop_workflow.overview import feed_queries as feeding
from ocop_workflow.overview.feed_queries import Period
from ocop_workflow.people.officers import permitted
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.store.installation import uid_of
from ocop_workflow.vietnamese import clean, number

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from ocop_workflow.access import Actor
    from ocop_workflow.overview.feed_queries import FeedGroup, FeedRow
    from ocop_workflow.store import Connection

#: how long a closed deadline stays in the feed
KEPT = timedelta(days=365)

#: a product is never corrected as often as this between two steps
EDITS_BETWEEN_STEPS = 1000

#: deadlines that are shown one by one; of more, those of a milestone and day are counted
ONE_BY_ONE = 500

#: of what is counted, how far ahead it is shown
AHEAD = timedelta(days=366)

#: octets and entries of a feed: nearest to today first, what is farther is left out
MOST, MOST_ENTRIES = 950_000, 1000

#: how often a calendar is asked to look again
REFRESH = "PT6H"

#: a deadline that was closed because of this was met; any other was called off
_MET = frozenset({*DONE, "done"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a feed is read: as of which local day, and in which zone its days lie."""

    today: date
    zone: ZoneInfo


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
    uid, since = uid_of(tx), reading.today - KEPT
    feed = _frame(unit.name, f"feed-{unit.slug}@{uid}")
    if feeding.count_rows(tx, unit.id, since) <= ONE_BY_ONE:
        for row in feeding.feed_rows(tx, unit.id, since):
            feed.add_component(_entry(row, *_wording(tx, row), reading, uid))
    else:
        for entry in _nearest(tx, unit.id, reading, uid):
            feed.add_component(entry)
    return bytes(feed.to_ical())


def _nearest(tx: Connection, unit_id: int, reading: Reading, uid: str) -> list[Entry]:
    """Return an entry for each milestone and day, by day; of too many, those that are nearest to today."""
    period = Period(reading.today, reading.today - KEPT, reading.today + AHEAD)
    groups = feeding.feed_groups(tx, unit_id, period, _MET)
    groups.sort(key=lambda group: (not group.open, abs(group.due_on - reading.today), group.rule))
    chosen: list[tuple[FeedGroup, Entry]] = []
    size = 0
    for group in groups[:MOST_ENTRIES]:
        entry = _entry_of_many(group, *_wording(tx, group), reading, uid)
        size += len(entry.to_ical())
        if size > MOST:
            break
        chosen.append((group, entry))
    chosen.sort(key=lambda pair: (pair[0].due_on, pair[0].plan_id, pair[0].kind.value, pair[0].rule))
    return [entry for _, entry in chosen]


def _frame(unit_name: str, uid: str) -> Feed:
    feed = Feed()
    feed.add("prodid", "-//ocop-workflow//OCOP//VI")
    feed.add("version", "2.0")
    feed.add("uid", uid)
    feed.add("name", f"OCOP – {unit_name}")
    feed.add("x-wr-calname", f"OCOP – {unit_name}")
    feed.add("x-published-ttl", REFRESH)
    return feed


def _wording(tx: Connection, row: FeedRow | FeedGroup) -> tuple[Wording, str]:
    """Return the words of a deadline, and until which hour of its day it is in time."""
    calendar = calendar_of(tx, row.plan_id, row.plan_sha256)
    try:
        return calendar.wording(row.kind, row.rule), calendar.hour(row.kind, row.rule, row.due_on)
    except NotFound:  # a plan that was changed since knows the rule no longer
        return Wording(row.rule, "", ""), ""


def _entry(row: FeedRow, wording: Wording, hour: str, reading: Reading, uid: str) -> Entry:
    late = row.due_on < (row.closed_on or reading.today) and row.closed_because != REACHED_EARLIER
    cancelled = row.closed_on is not None and row.closed_because not in _MET
    entry = _all_day(f"deadline-{row.id}@{uid}", row.due_on)
    days = [row.opened_on, row.acknowledged_on, row.closed_on]
    entry.add("dtstamp", _changed_at(days, row.due_on, reading.zone, late=late))
    entry.add("sequence", _sequence(row, late=late))
    entry.add("summary", _summary(row, wording, late=late, cancelled=cancelled))
    entry.add("description", _description(row, wording, hour))
    if row.kind is not DeadlineKind.ACTIVITY:  # where that takes place is not known
        entry.add("location", clean(row.unit_name))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return entry


def _all_day(uid: str, day: date) -> Entry:
    entry = Entry()
    entry.add("uid", uid)
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
    return entry


def _entry_of_many(group: FeedGroup, wording: Wording, hour: str, reading: Reading, uid: str) -> Entry:
    late = bool(group.open) and group.due_on < reading.today
    name = f"deadlines-{group.plan_id}-{group.kind.value}-{group.rule}-{group.due_on.isoformat()}@{uid}"
    entry = _all_day(name, group.due_on)
    days = [group.opened_on, group.acknowledged_on, group.closed_on]
    entry.add("dtstamp", _changed_at(days, group.due_on, reading.zone, late=late))
    # a step of a product outnumbers whatever may befall its deadline, and is never taken back
    entry.add("sequence", 4 * group.versions + group.befallen + group.plan_version - 1)
    entry.add("summary", _summary_of_many(group, wording, late=late))
    lines = [*_grounds(group.due_on, wording, hour), _figures(group)]
    entry.add("description", "\n".join(clean(line) for line in lines if line))
    entry.add("status", "CONFIRMED" if group.open or group.met else "CANCELLED")
    return entry


def _summary_of_many(group: FeedGroup, wording: Wording, *, late: bool) -> str:
    if group.open:
        of = f"còn {number(group.open)} trong {number(group.open + group.met)} sản phẩm"
        if group.kind is DeadlineKind.COMMUNE:
            of = f"{number(group.open)} xã, phường chưa có sản phẩm nào"
        what = wording.name if group.kind is DeadlineKind.ACTIVITY else f"{wording.name}: {of}"
        return clean(f"QUÁ HẠN – {what}" if late else what)
    what = f"{wording.name}: {number(group.met or group.called_off)} sản phẩm"
    said = "Đã xong" if group.met else "Đã hủy"
    return clean(f"{said} – {what if group.products else wording.name}")


def _figures(group: FeedGroup) -> str:
    if not group.products:
        return ""
    parts = [f"đã xong {number(group.met)}", f"còn {number(group.open)}"]
    parts += [f"đã hủy {number(group.called_off)}"] * bool(group.called_off)
    return f"Sản phẩm: {', '.join(parts)}"


def _sequence(row: FeedRow, *, late: bool) -> int:
    """Number what an entry shows: later words have a higher number.

    A step of the product or another version of the plan outnumbers all corrections of the product's data
    since the step before, which count anew from there; these, what has befallen the deadline itself.
    """
    befallen = late + (row.acknowledged_on is not None) + (row.closed_on is not None)
    return (row.version + row.plan_version - 1) * EDITS_BETWEEN_STEPS + row.edits + befallen


def _changed_at(days: list[date | None], due_on: date, zone: ZoneInfo, *, late: bool) -> datetime:
    overdue_from = due_on + timedelta(days=1) if late else None
    day = max(day for day in (*days, overdue_from) if day is not None)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _summary(row: FeedRow, wording: Wording, *, late: bool, cancelled: bool) -> str:
    about = f"{row.product_code} {row.product_name}" if row.product_code else ""
    if row.kind is DeadlineKind.COMMUNE:
        about = "chưa có sản phẩm nào"
    what = clean(f"{wording.name}: {about}" if about else wording.name)
    if cancelled:
        return f"Đã hủy – {what}"
    if row.closed_on is not None:
        return (
            f"Đã xong, trễ {(row.closed_on - row.due_on).days} ngày – {what}" if late else f"Đã xong – {what}"
        )
    return f"QUÁ HẠN – {what}" if late else what


def _grounds(due_on: date, wording: Wording, hour: str) -> list[str]:
    return [
        f"Hạn: {f'trước {hour} ngày ' if hour else ''}{due_on:%d/%m/%Y}",
        f"Căn cứ: {wording.basis}" if wording.basis else "",
        f"Nguyên văn: {wording.as_written}" if wording.as_written else "",
        wording.action,
    ]


def _description(row: FeedRow, wording: Wording, hour: str) -> str:
    lines = [
        *_grounds(row.due_on, wording, hour),
        f"Chủ thể: {row.producer}" if row.producer else "",
        f"Đã ghi nhận quá hạn ngày {row.acknowledged_on:%d/%m/%Y}" if row.acknowledged_on else "",
    ]
    return "\n".join(clean(line) for line in lines if line)
