"""Holding a sweep whose day is hardly meant: a clock that is wrong must not speak for months to come.

Nothing is written before somebody has confirmed the very day. What sweeps of later days have recorded by a
clock that ran ahead is then taken back, as far as it has not left the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import Text, WrongUse
from ocop_workflow.letters.warnings import warn
from ocop_workflow.notifications import Warned
from ocop_workflow.plans import queries as plans
from ocop_workflow.sweep import hold_queries as holding

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection, Database

#: a first sweep is only asked about where what it says is older than this
LONG_PAST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Caution:
    """When a sweep stops and asks.

    Attributes:
        gap: a day may lie so many calendar days after the last completed sweep's.
        first: a first sweep may write so many letters about nothing but what is long past.
    """

    gap: int = 21
    first: int = 20


class Why(StrEnum):
    """Why a sweep is held."""

    EARLIER = "earlier"
    GAP = "gap"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Hold:
    """That the sweep of a local day stops and asks.

    Attributes:
        why: the rule that holds it.
        day: the day that it would sweep.
        last_day: the last completed sweep's day; none: there was none.
        letters: how many letters it would write; none: nobody has reckoned.
    """

    why: Why
    day: date
    last_day: date | None
    letters: int | None = None

    @property
    def text(self) -> Text:
        """Why it is held, as a sentence."""
        day, last = self.day, self.last_day
        if last is None:
            return Text(
                f"Lần quét đầu tiên, ngày {day:%d/%m/%Y}, sẽ viết {self.letters} thư, phần lớn chỉ về những "
                f"hạn đã qua hơn {LONG_PAST.days} ngày",
                f"The first sweep, on {day}, would write {self.letters} letters, most of them about nothing "
                f"but what was due more than {LONG_PAST.days} days ago",
            )
        if self.why is Why.EARLIER:
            return Text(
                f"Ngày {day:%d/%m/%Y} đứng trước lần quét gần nhất, ngày {last:%d/%m/%Y}",
                f"{day} lies before the last sweep, of {last}",
            )
        days = (day - last).days
        return Text(
            f"Ngày {day:%d/%m/%Y} đứng sau lần quét gần nhất, ngày {last:%d/%m/%Y}, tới {days} ngày",
            f"{day} lies {days} days after the last sweep, of {last}",
        )


def confirm_line(day: date) -> str:
    """Return the command that confirms a day, ready to paste."""
    return f"ocop sweep --on {day} --confirm {day}"


class SweepHeld(WrongUse):
    """The sweep has stopped before writing anything: its day is hardly meant, and has to be confirmed."""

    def __init__(self, hold: Hold, confirm: str) -> None:
        """Take why it is held, and how it is confirmed."""
        self.hold = hold
        self.confirm = confirm
        super().__init__(
            f"{hold.text.vi}; chưa ghi gì. Hãy xem lại ngày giờ; nếu đúng ngày ấy thì xác nhận: {confirm}",
            f"{hold.text.en}; nothing was written. Check date and time; if it is meant, confirm: {confirm}",
        )

    @property
    def members(self) -> dict[str, Any]:
        """What a program may want to know."""
        last = self.hold.last_day
        return {
            "day": self.hold.day.isoformat(),
            "last_day": last.isoformat() if last else None,
            "letters": self.hold.letters,
            "confirm": self.confirm,
        }


def refuse_other_day(confirm: date | None, day: date) -> None:
    """Let only the very day be confirmed that is to be swept.

    Raises:
        WrongUse: another day is confirmed.
    """
    if confirm is not None and confirm != day:
        raise WrongUse(
            f"Xác nhận ngày {confirm:%d/%m/%Y}, mà ngày sẽ quét là {day:%d/%m/%Y}; chưa ghi gì.",
            f"{confirm} is confirmed, but {day} is to be swept; nothing was written.",
        )


def hold_by_days(tx: Connection, day: date, caution: Caution) -> Hold | None:
    """Return why a day is held for its distance from the last completed sweep; none: it is not."""
    last = holding.last_completed_day(tx)
    if last is None or last <= day <= last + timedelta(days=caution.gap):
        return None
    return Hold(Why.EARLIER if day < last else Why.GAP, day, last)


def may_be_long_past(tx: Connection, day: date) -> bool:
    """Tell whether a first sweep on this day may have something to say that is long past."""
    return holding.last_completed_day(tx) is None and holding.anything_due_before(tx, day - LONG_PAST)


def hold_by_letters(tx: Connection, day: date, letters: int, caution: Caution) -> Hold | None:
    """Return why a first sweep is held for what it has written; none: it is not.

    Args:
        tx: the transaction in which it was rehearsed.
        day: its day.
        letters: how many letters it has written.
        caution: how many of them may be about nothing but what is long past.
    """
    old = holding.letters_about_nothing_after(tx, day, day - LONG_PAST)
    return Hold(Why.FIRST, day, None, letters) if old > caution.first else None


def take_back_later(tx: Connection, hold: Hold, by: Actor, now: datetime) -> None:
    """Carry out what confirming a held day means: put it on record, take back what later days recorded.

    Args:
        tx: a writing transaction.
        hold: what was confirmed.
        by: who confirmed it.
        now: this instant.
    """
    after: dict[str, object] = {"day": hold.day.isoformat()}
    if hold.why is Why.EARLIER:
        taken = holding.take_back_after(tx, hold.day, now)
        after["taken_back"] = {
            "sweeps": list(taken.sweeps),
            "reminders": taken.reminders,
            "flags": taken.flags,
            "letters": taken.letters,
        }
    before = {"last_day": hold.last_day.isoformat() if hold.last_day else None}
    audit.record(tx, by, Deed("sweep.confirm", f"sweep:{hold.day}", before, after), now)


def tell_of_hold(database: Database, held: SweepHeld, sender: Sender, today: date, now: datetime) -> int:
    """Tell the authority, once until another sweep has ended, that the daily check stands still.

    Returns how many letters were written.
    """
    with database.write() as tx:
        last = holding.last_completed_id(tx)
        if holding.hold_after(tx, last) is not None:
            return 0
        holding.record_hold(tx, last, held.hold.day, held.hold.letters or 0, now)
        subject = f"held-{last or 0}"
        return warn(tx, _authorities(tx), subject, _letter(held, sender, today), sender, today, now)


def _authorities(tx: Connection) -> list[int]:
    return sorted({plan.unit_id for plan in plans.all_plans(tx)})


def _letter(held: SweepHeld, sender: Sender, today: date) -> Callable[[str], Warned]:
    hold = held.hold

    def compose(office: str) -> Warned:
        return Warned(
            office=office,
            day=today,
            title="Việc quét thời hạn đang dừng, chờ xác nhận",
            says=(
                f"{hold.text.vi}. Có thể đồng hồ của máy chạy sai nên hệ thống dừng lại, chưa ghi gì.",
                "Từ nay đến khi được xác nhận, không có thư nhắc việc nào được viết.",
            ),
            todo=(
                "Báo người phụ trách máy chủ xem lại ngày giờ của máy.",
                "Giờ sai: chỉnh lại; lần quét sau tự chạy.",
                f"Ngày đúng: xác nhận bằng lệnh: {held.confirm}",
            ),
            english=f"The daily check stands still: {hold.text.en}. Check the clock, or confirm the day.",
            public_url=sender.public_url,
        )

    return compose


def current_hold(tx: Connection, day: date, caution: Caution) -> Hold | None:
    """Return why today's sweep is held, by a few look-ups; none: it is not, as far as these tell.

    How many letters a first sweep would write is known from the scheduler's last attempt alone.
    """
    if (hold := hold_by_days(tx, day, caution)) is not None:
        return hold
    if holding.last_completed_day(tx) is not None:
        return None
    known = holding.hold_after(tx, None)
    return Hold(Why.FIRST, day, None, known.letters) if known else None
