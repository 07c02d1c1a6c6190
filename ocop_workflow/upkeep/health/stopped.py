"""What has stopped among the letters: that none leaves any more, and why; which were given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.letters import dead_queries as inspecting_letters
from ocop_workflow.letters.queries import relay_record
from ocop_workflow.logs import masked
from ocop_workflow.notifications import Breaker

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.clock import Clock
    from ocop_workflow.store import Connection

#: letters may wait so long before somebody ought to know that they do
PATIENCE = timedelta(hours=4)

#: addresses that are named, the others are counted
NAMED = 5


@dataclass(frozen=True, slots=True)
class Stuck:
    """That letters wait and none leaves.

    Attributes:
        waiting: how many wait.
        since: the instant at which the last letter left; none: none ever has.
        waits_since: the instant at which the oldest of those that wait was written.
        why: what the relay says; none: nobody has tried to send.
    """

    waiting: int
    since: datetime | None
    waits_since: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Refusing:
    """That the relay takes no letter at all now.

    Attributes:
        waiting: how many wait.
        since: the instant of its first fault in the row; none: an earlier version has not noted it.
        why: what it says.
    """

    waiting: int
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Letters that were given up and that nobody has seen to."""

    count: int
    since: datetime
    addresses: tuple[str, ...]
    why: str


def letters_stuck(tx: Connection, now: datetime) -> Stuck | None:
    """Tell whether letters have waited for hours and none leaves; none: they leave.

    That one recipient is out of reach is no such thing: letters written later have left.
    """
    oldest = inspecting_letters.oldest_waiting(tx)
    if oldest is None or now - oldest.written_at <= PATIENCE:
        return None
    relay = relay_record(tx)
    # who is tried is put off: where all have been due for hours, nobody tries
    nobody_tries = not relay.faults and now - oldest.due_at > PATIENCE
    if not relay.faults and not nobody_tries and inspecting_letters.is_any_sent_after(tx, oldest.id):
        return None
    why = None if nobody_tries else relay.last_fault or inspecting_letters.last_error_of_waiting(tx)
    return Stuck(oldest.waiting, inspecting_letters.last_sent_at(tx), oldest.written_at, why)


def relay_refusing(tx: Connection) -> Refusing | None:
    """Tell whether letters wait for a relay that was found at fault; none: it takes them, or none wait."""
    relay = relay_record(tx)
    if not Breaker().is_probing(relay.faults):
        return None
    oldest = inspecting_letters.oldest_waiting(tx)
    return Refusing(oldest.waiting, relay.since, relay.last_fault or "") if oldest else None


def letters_given_up(tx: Connection, clock: Clock) -> GivenUp | None:
    """Return what is known of the letters that were given up and that nobody has seen to; none: none were."""
    dead = inspecting_letters.dead_letters(tx, clock.today())
    if not dead:
        return None
    addresses = tuple(dict.fromkeys(row.address for row in dead))
    return GivenUp(len(dead), dead[0].created_at, addresses, dead[-1].last_error or "")


def say_stuck(stuck: Stuck, clock: Clock) -> Text:
    """Say since when no letter has left, and why; no address is named."""
    vi, en = "Chưa thư nào đi được", "No letter has ever left"
    if stuck.since is not None:
        left = clock.local(stuck.since)
        vi = f"Từ {left:%H:%M ngày %d/%m/%Y} chưa thư nào đi được"
        en = f"No letter has left since {left:%Y-%m-%d %H:%M}"
    first = clock.local(stuck.waits_since)
    vi += f"; {stuck.waiting} thư đang chờ, thư lâu nhất viết lúc {first:%H:%M ngày %d/%m/%Y}."
    en += f"; {stuck.waiting} wait, the oldest written on {first:%Y-%m-%d %H:%M}."
    if stuck.why is None:
        return Text(
            f"{vi} Không ai gửi: hãy chạy `ocop scheduler`, hoặc `ocop deliver --once`.",
            f"{en} Nobody sends them: run `ocop scheduler`, or `ocop deliver --once`.",
        )
    why = masked(stuck.why)
    return Text(f"{vi} Máy chủ thư báo: {why}", f"{en} The mail server says: {why}")


def say_refusing(refusing: Refusing, clock: Clock) -> Text:
    """Say since when the relay takes no letter, and why; no address is named."""
    vi, en = "Máy chủ thư không nhận thư nào", "The mail server takes no letter"
    if refusing.since is not None:
        since = clock.local(refusing.since)
        vi += f" từ {since:%H:%M ngày %d/%m/%Y}"
        en += f" since {since:%Y-%m-%d %H:%M}"
    why = masked(refusing.why)
    return Text(
        f"{vi}: {why}. {refusing.waiting} thư đang chờ, không thư nào bị bỏ vì lỗi này; cứ 5 phút lại thử.",
        f"{en}: {why}. {refusing.waiting} wait, none is given up for this; it is tried every 5 minutes.",
    )


def say_given_up(given_up: GivenUp, clock: Clock) -> Text:
    """Say how many letters were given up, since when, why and what to do; no address is named."""
    since, why = clock.local(given_up.since), masked(given_up.why)
    return Text(
        f"{given_up.count} thư không gửi được, thư đầu viết ngày {since:%d/%m/%Y}; lời cuối của máy chủ thư: "
        f"{why}. Xem từng thư bằng `ocop letters list --state dead`; gửi lại cùng lúc bằng "
        "`ocop letters resend --dead`, hoặc báo cho đơn vị bằng cách khác.",
        f"{given_up.count} letters could not be sent, the first written on {since:%Y-%m-%d}; what the mail "
        f"server said last: {why}. See each by `ocop letters list --state dead`; send them again at once by "
        "`ocop letters resend --dead`, or tell their units in another way.",
    )


def say_to_whom(given_up: GivenUp, clock: Clock) -> Text:
    """Say what those who keep the service may know: also to which addresses, and what the relay said last."""
    since = clock.local(given_up.since)
    named, others = ", ".join(given_up.addresses[:NAMED]), len(given_up.addresses) - NAMED
    more_vi, more_en = (f" và {others} địa chỉ khác", f" and {others} more") if others > 0 else ("", "")
    return Text(
        f"{given_up.count} thư không gửi được, thư đầu viết ngày {since:%d/%m/%Y}, tới {named}{more_vi}. "
        f"Lời cuối của máy chủ thư: {given_up.why}",
        f"{given_up.count} letters could not be sent, the first written on {since:%Y-%m-%d}, to "
        f"{named}{more_en}. What the mail server said last: {given_up.why}",
    )
