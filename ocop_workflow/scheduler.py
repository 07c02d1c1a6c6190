"""The one door to APScheduler: it ticks, and remembers nothing.

The sweep runs at the settings' hour in the programme's time zone, and once at start; letters go out each
minute. What hour it is only the application's clock says, which may be simulated (`OCOP_NOW`): it is asked
each minute. What was done stands in the database: a tick that comes late, twice or not at all changes
nothing of what is right, so nothing is skipped for being late and no job store is kept.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from ocop_workflow import logs
from ocop_workflow.errors import OcopError, Unavailable
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.privacy.terms import expire
from ocop_workflow.sweep.daily import SCHEDULER, SweepOrder, careful_sweep
from ocop_workflow.sweep.holding import SweepHeld, tell_of_hold
from ocop_workflow.sweep.views import SweepReportView
from ocop_workflow.views import to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ocop_workflow.bootstrap import Application

    _Job = Callable[[Application], None]

log = logging.getLogger("ocop.scheduler")

#: nothing is ever skipped for being late; several missed ticks become one; never two at once
_ALWAYS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

EACH_MINUTE = timedelta(minutes=1)

#: seconds for the letter or the batch at hand to be finished; whatever hangs longer (a relay that says
#: nothing) is left as a crash would leave it, and taken up after the next start
GRACE = 4

#: set when the process was told to stop: no further letter is begun
_told = threading.Event()


def build_scheduler(app: Application) -> BackgroundScheduler:
    """Return a scheduler with its three jobs, not started yet."""
    scheduler = _delivering(app)
    for name, job in (("sweep", sweep_job), ("terms", terms_job)):
        scheduler.add_job(_guarded(daily(job, app), app), _each_minute(app), id=name, **_ALWAYS)
    return scheduler


def _delivering(app: Application) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(timezone=app.settings.zone)
    scheduler.add_job(_guarded(delivery_job, app), _each_minute(app), id="delivery", **_ALWAYS)
    return scheduler


def _each_minute(app: Application) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(EACH_MINUTE.total_seconds()), timezone=app.settings.zone)


def daily(job: _Job, app: Application) -> _Job:
    """Return a job that does another one once the settings' hour has come since it was last done.

    It begins to count now. Where the database does not answer, the next tick tries again.
    """
    done = app.clock.now()

    def once_a_day(app: Application) -> None:
        nonlocal done
        now = app.clock.now()
        done = min(done, now)  # a clock that was set back
        if last_hour(now, app) <= done:
            return
        before, done = done, now
        try:
            job(app)
        except Unavailable:
            done = before
            raise

    once_a_day.__name__ = job.__name__  # what the log calls it
    return once_a_day


def last_hour(now: datetime, app: Application) -> datetime:
    """Return the last instant up to `now` at which the daily check was due."""
    local = app.clock.local(now)
    due = datetime.combine(local.date(), app.settings.sweep_at, app.settings.zone)
    return due if due <= now else due - timedelta(days=1)


def sweep_job(app: Application) -> None:
    """Run today's sweep; one that is held is asked for again each morning, and the authority is told once."""
    try:
        report = careful_sweep(app.database, app.clock, app.sender, SweepOrder(), app.caution)
    except SweepHeld as held:
        tell_of_hold(app.database, held, app.sender, app.clock.today(), app.clock.now())
        raise
    log.info("sweep %s", to_plain(SweepReportView.of(report)))
    for text in report.faults:
        log.error("%s", text.vi)
    for text in report.notes:
        log.warning("%s", text.vi)


def terms_job(app: Application) -> None:
    """Delete the copies whose term of keeping is over."""
    done = expire(app.database, SCHEDULER, app.terms, app.erasures, app.clock)
    if not done.is_nothing:
        log.info("copies deleted: %s", asdict(done))


def delivery_job(app: Application) -> None:
    """Send what is pending."""
    with closing(app.mailer()) as mailer:
        report = deliver_pending(
            app.database,
            mailer,
            app.retry_policy,
            app.clock,
            app.sender,
            journal=app.journal,
            progress=_go_on,
        )
    if report.relay_fault:
        log.warning("the relay is at fault: %s", report.relay_fault)
    if report.sent or report.retried or report.dead:
        log.info("letters: %d sent, %d to be tried again, %d dead", report.sent, report.retried, report.dead)


class _Told(Exception):  # noqa: N818 - nothing is wrong
    """The process was told to stop."""


def _go_on(done: int, of: int) -> None:
    """Begin no further letter once the process was told to stop; between two, nothing is open."""
    if _told.is_set() and done < of:
        log.info("told to stop: %d of %d letters of this round are done", done, of)
        raise _Told


def _guarded(job: _Job, app: Application) -> Callable[[], None]:
    """A job that fails is reported and tried at its next tick; it never takes the scheduler with it."""

    def run_job() -> None:
        try:
            with suppress(_Told):
                job(app)
        except OcopError as error:
            log.error("%s: %s", job.__name__, error.text.vi)  # noqa: TRY400 - a sentence, no traceback

    return run_job


def run(app: Application) -> None:
    """Run until SIGTERM or SIGINT; the letter or the batch at hand is finished first."""
    _run_until_told(build_scheduler(app), app, sweep_job, delivery_job)


def run_delivery(app: Application) -> None:
    """Deliver letters until SIGTERM or SIGINT, without sweeping."""
    _run_until_told(_delivering(app), app, delivery_job)


def beside(app: Application) -> AbstractContextManager[None]:
    """Run beside whatever else this process does: at once, at its hours, until that is over."""
    return _running(build_scheduler(app), app, sweep_job, delivery_job)


def _run_until_told(scheduler: BackgroundScheduler, app: Application, *at_start: _Job) -> None:
    logs.configure()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: _told.set())
    with _running(scheduler, app, *at_start):
        _told.wait()


@contextmanager
def _running(scheduler: BackgroundScheduler, app: Application, *at_start: _Job) -> Iterator[None]:
    """Let the jobs run, and some of them at once, one after the other.

    None runs in the caller's thread: one that hangs must not keep it from hearing that it is to stop.
    """
    jobs = [_guarded(job, app) for job in at_start]
    scheduler.add_job(lambda: [job() for job in jobs], id="at start", **_ALWAYS)
    scheduler.start()
    try:
        yield
    finally:
        _told.set()
        _end(scheduler)
        _told.clear()


def _end(scheduler: BackgroundScheduler) -> None:
    """Wait for the jobs at hand, but not for ever."""
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(GRACE)
    if ending.is_alive():
        log.warning("stopped in the middle of a job; the next start takes it up")
        logging.shutdown()
        os._exit(0)
