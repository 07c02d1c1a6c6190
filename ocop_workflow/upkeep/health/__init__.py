"""Health: a few look-ups that say whether the daily check runs, letters leave and the clock is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.letters.delivery import LEASE
from ocop_workflow.notifications import LetterState
from ocop_workflow.sweep.foresight import plans_over
from ocop_workflow.sweep.holding import Caution, confirm_line, current_hold
from ocop_workflow.upkeep.health import queries as inspecting_host
from ocop_workflow.upkeep.health.stopped import (
    letters_given_up,
    letters_stuck,
    relay_refusing,
    say_given_up,
    say_refusing,
    say_stuck,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ocop_workflow.clock import Clock
    from ocop_workflow.store import Connection
    from ocop_workflow.sweep.foresight import PlanOver
    from ocop_workflow.sweep.holding import Hold

#: the daily check may be so old: a day and two hours for a machine that is switched on late
SWEEP_EVERY = timedelta(hours=26)

#: so far may the clocks of two machines be apart
CLOCK_SLACK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is.

    Attributes:
        last_sweep_on: the local day of the last sweep that came to its end; none: there was none.
        sweep_age: how long ago it ended; before the first sweep, how long ago the first plan was loaded;
            none: there is nothing to sweep yet.
        dead: letters that were given up and that nobody has seen to.
        held: letters that an officer holds back.
        stale_leases: letters whose sender has died and which nobody has taken up again.
        clock_behind: by how much this machine's clock lies behind what the database has seen already.
        stuck: since when no letter has left though some have waited for hours, and why; none: they leave.
        refusing: since when the relay takes no letter at all, and why; none: it does, or `stuck` says it.
        given_up: how many letters were given up, since when, why; none: none, or all were seen to.
        sweep_held: why today's sweep stops and asks; none: it does not.
        plans_over: plans whose year is over, with products still open and no plan behind them.
    """

    last_sweep_on: date | None
    sweep_age: timedelta | None
    dead: int
    held: int
    stale_leases: int
    clock_behind: timedelta
    stuck: Text | None = None
    refusing: Text | None = None
    given_up: Text | None = None
    sweep_held: Hold | None = None
    plans_over: tuple[PlanOver, ...] = ()

    @property
    def sweep_is_late(self) -> bool:
        """Whether the daily check has not come to its end for more than 26 hours."""
        return self.sweep_age is not None and self.sweep_age > SWEEP_EVERY

    @property
    def ok(self) -> bool:
        """Whether the service does its daily work. A dead letter is somebody's business, not an illness."""
        return not (
            self.sweep_is_late or self.sweep_held or self.stale_leases or self.clock_behind or self.stuck
        )

    @property
    def sentences(self) -> tuple[Text, ...]:
        """What somebody ought to know; empty if all is well."""
        return tuple(_sentences(self))


def health(tx: Connection, clock: Clock, caution: Caution | None = None) -> Health:
    """Look at the service's pulse: a few indexed look-ups, however large the database."""
    now = clock.now()
    swept = inspecting_host.last_completed_sweep(tx)
    since = swept[1] if swept else inspecting_host.first_plan_loaded_at(tx)
    staying = inspecting_host.letters_that_stay(tx)
    given_up = letters_given_up(tx, clock) if staying.get(LetterState.DEAD) else None
    stuck = letters_stuck(tx, now)
    refusing = None if stuck else relay_refusing(tx)
    newest = max(inspecting_host.newest_instants(tx), default=now)
    return Health(
        last_sweep_on=swept[0] if swept else None,
        sweep_age=now - since if since else None,
        dead=given_up.count if given_up else 0,
        held=staying.get(LetterState.HELD, 0),
        stale_leases=len(inspecting_host.stale_leases(tx, stale_before(now))),
        clock_behind=newest - now if newest - now > CLOCK_SLACK else timedelta(),
        stuck=say_stuck(stuck, clock) if stuck else None,
        refusing=say_refusing(refusing, clock) if refusing else None,
        given_up=say_given_up(given_up, clock) if given_up else None,
        sweep_held=current_hold(tx, clock.today(), caution or Caution()),
        plans_over=tuple(plans_over(tx, clock.today())),
    )


def stale_before(now: datetime) -> datetime:
    """Return the instant before which a lease must have ended to be stale: one more lease is granted."""
    return now - LEASE


def lasting(time: timedelta) -> Text:
    """Say how long something has lasted in the unit that people would use: from two of it on."""
    minutes = int(time.total_seconds() // 60)
    for size, vi, en in ((24 * 60, "ngày", "days"), (60, "giờ", "hours")):
        if minutes >= 2 * size:
            return Text(f"{minutes // size} {vi}", f"{minutes // size} {en}")
    return Text(f"{minutes} phút", f"{minutes} minutes")


def _sentences(health: Health) -> Iterator[Text]:
    if health.sweep_held:
        hold = health.sweep_held
        yield Text(
            f"Việc quét thời hạn đang dừng, chờ xác nhận: {hold.text.vi}. Xem lại giờ của máy; nếu đúng ngày "
            f"thì chạy `{confirm_line(hold.day)}`.",
            f"The daily check stands still: {hold.text.en}. Check the machine's time; if the day is right, "
            f"run `{confirm_line(hold.day)}`.",
        )
    elif health.sweep_is_late and health.sweep_age is not None:
        age = lasting(health.sweep_age)
        yield Text(
            f"Đã {age.vi} chưa quét thời hạn; hãy chạy `ocop sweep` hoặc `ocop scheduler`.",
            f"No sweep has come to its end for {age.en}; run `ocop sweep` or `ocop scheduler`.",
        )
    if health.clock_behind:
        lag = lasting(health.clock_behind)
        yield Text(
            f"Đồng hồ máy chậm {lag.vi} so với dữ liệu đã ghi; hãy chỉnh lại giờ của máy.",
            f"The clock lies {lag.en} behind what is recorded; set the machine's time right.",
        )
    if health.stale_leases:
        yield Text(
            f"{health.stale_leases} thư đang gửi dở và không ai gửi tiếp; hãy chạy `ocop deliver`.",
            f"{health.stale_leases} letters are half sent and nobody takes them up; run `ocop deliver`.",
        )
    if health.stuck:
        yield health.stuck
    if health.refusing:
        yield health.refusing
    if health.given_up:
        yield health.given_up
    for over in health.plans_over:
        yield Text(f"{over.text.vi}.", f"{over.text.en}.")
    if health.held:
        yield Text(f"{health.held} thư đang được giữ lại.", f"{health.held} letters are held back.")
