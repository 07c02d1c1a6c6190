"""The scheduler ticks: at start, at six, each minute; nothing is skipped for being late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from ocop_workflow import scheduler
from ocop_workflow.bootstrap import Application, bootstrap
from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.settings import load_settings
from ocop_workflow.sweep.daily import sweep
from tests.factories import IMPORT_DAY, SENDER, rows
from tests.fakes import VIETNAM, FixedClock
from tests.smtp_server import STALL, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.store import Database

MORNING = "2024-04-23T06:00:30+07:00"
LONG_AFTER = "2024-04-23T08:00:00+07:00"
SENT = "SELECT count(*) FROM outbox WHERE state = 'sent'"


@pytest.fixture
def town(seeded: Database) -> Iterator[Application]:
    """The seeded town with a mail relay on this machine."""
    with SmtpServer() as server:
        settings = load_settings(
            database_url=seeded.engine.url.render_as_string(hide_password=False),
            smtp={"host": "127.0.0.1", "port": server.port, "tls": "none"},
            now=datetime(2024, 4, 23, 6, 0, tzinfo=VIETNAM),
        )
        app = bootstrap(settings)
        yield app
        app.database.close()


def test_the_clock_is_asked_each_minute(town: Application) -> None:
    jobs = {job.id: job for job in scheduler.build_scheduler(town).get_jobs()}
    assert set(jobs) == {"sweep", "terms", "delivery"}
    assert {job.trigger.interval for job in jobs.values()} == {timedelta(minutes=1)}


def at(clock: FixedClock, written: str) -> None:
    clock.instant = datetime.fromisoformat(f"{written}+07:00").astimezone(UTC)


def ticking(clock: FixedClock, job: Callable[[Application], None]) -> Callable[[], None]:
    """A tick of the daily job by this clock, as the scheduler runs it."""
    app = replace(bootstrap(load_settings()), clock=clock)
    return scheduler._guarded(scheduler.daily(job, app), app)


def test_the_sweep_runs_once_a_day_at_six_in_viet_nam_by_the_clock_it_is_given(clock: FixedClock) -> None:
    at(clock, "2024-04-23T05:58:30")
    swept: list[str] = []
    tick = ticking(clock, lambda app: swept.append(f"{app.clock.local(app.clock.now()):%d %H:%M}"))
    for moment in (
        "23T05:59:30", "23T06:00:30", "23T06:01:30", "23T23:59:59",
        "26T03:00:00", "26T06:00:00", "26T06:01:00", "27T06:00:59",
    ):  # fmt: skip
        at(clock, f"2024-04-{moment}")
        tick()
    # after two days asleep the check that was missed is made up for once, and six o'clock has its own
    assert swept == ["23 06:00", "26 03:00", "26 06:00", "27 06:00"]


def test_what_a_database_kept_from_happening_is_tried_again_within_a_minute(clock: FixedClock) -> None:
    tried: list[int] = []

    def job(_app: Application) -> None:
        tried.append(len(tried))
        if len(tried) == 1:
            raise Unavailable("bận", "busy")
        raise Conflict("xin hãy xem lại", "look again")

    at(clock, "2024-04-23T05:00:00")
    tick = ticking(clock, job)
    for minute in range(4):
        at(clock, f"2024-04-23T06:0{minute}:00")
        tick()
    assert tried == [0, 1]  # the second answer is one that only a person can change


def test_a_clock_that_is_set_back_does_not_silence_the_sweep(clock: FixedClock) -> None:
    at(clock, "2025-01-01T08:00:00")
    swept: list[int] = []
    tick = ticking(clock, lambda _app: swept.append(1))
    for moment in ("2024-04-23T08:00:00", "2024-04-24T06:00:00"):
        at(clock, moment)
        tick()
    assert swept == [1]


def test_nothing_is_skipped_for_being_late_and_nothing_runs_twice_at_once(town: Application) -> None:
    for job in scheduler.build_scheduler(town).get_jobs():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_the_jobs_sweep_and_deliver(town: Application, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ocop.scheduler")
    scheduler.sweep_job(town)
    scheduler.delivery_job(town)
    assert rows(town.database, "SELECT state, count(*) FROM outbox GROUP BY state") == [("sent", 7)]
    assert "letters: 7 sent, 0 to be tried again, 0 dead" in caplog.text
    assert "@" not in caplog.text


def test_a_job_that_fails_is_reported_and_the_next_tick_comes(
    town: Application, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_app: Application) -> None:
        raise Unavailable("bận", "busy")

    scheduler._guarded(broken, town)()
    assert "broken: bận" in caplog.text


def test_a_plan_at_fault_is_in_the_log(town: Application, caplog: pytest.LogCaptureFixture) -> None:
    with town.database.write() as tx:
        tx.exec_driver_sql("UPDATE plans SET text = 'format = 2', sha256 = 'x'")
    scheduler.sweep_job(town)
    assert "Kế hoạch duc-pho-2024 bị bỏ qua" in caplog.text


@pytest.mark.ordeal
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_sweeps_and_delivers_at_start_and_ends_when_it_is_told(
    seeded: Database, number: signal.Signals
) -> None:
    with SmtpServer() as server, _running("scheduler", seeded, server.port) as process:
        _wait_for(seeded, SENT, 7)
        _tell(process, number)
    assert rows(seeded, "SELECT day, reminders, letters FROM sweeps")[0][1:] == (14, 7)


@pytest.mark.ordeal
@pytest.mark.parametrize(("stage", "copies"), [("DATA", 1), ("DOT", 2)])
def test_told_to_stop_in_the_middle_of_a_letter_it_ends_and_nothing_is_lost(
    seeded: Database, stage: str, copies: int
) -> None:
    with SmtpServer() as server:
        server.script(stage, STALL)
        with _running("scheduler", seeded, server.port) as process:
            while stage not in server.stages:
                time.sleep(0.02)
            _tell(process)
        assert rows(seeded, "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state") == [
            ("pending", 6),
            ("sending", 1),
        ]
        with _running("scheduler", seeded, server.port, now=LONG_AFTER) as process:
            _wait_for(seeded, SENT, 7)  # the claim has run out
            _tell(process)
    came = Counter(letter.content for letter in server.messages)
    assert sorted(came.values()) == [1] * 6 + [copies]  # a second copy is the same to the byte


@pytest.mark.ordeal
def test_deliver_without_once_keeps_delivering(seeded: Database) -> None:
    sweep(seeded, FixedClock.at(IMPORT_DAY), SENDER)
    with SmtpServer() as server, _running("deliver", seeded, server.port) as process:
        _wait_for(seeded, SENT, 7)
        _tell(process)


@contextmanager
def _running(
    command: str, database: Database, port: int, now: str = MORNING
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,  # noqa: TID251 - the child works where this process works
        "OCOP_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "OCOP_SMTP__PORT": str(port),
        "OCOP_SMTP__TLS": "none",
        "OCOP_NOW": now,
    }
    with (
        TemporaryDirectory() as folder,  # a journal of its own: every test writes the same letters
        subprocess.Popen(
            [sys.executable, "-m", "ocop_workflow", command],
            env={**environment, "OCOP_SEND_JOURNAL": f"{folder}/sent.jsonl"},
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()  # where all went well it is gone already


def _tell(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> None:
    """Tell a process to end, and see that it does, well, within ten seconds."""
    process.send_signal(number)
    assert process.wait(timeout=10) == 0


def _wait_for(database: Database, sql: str, wanted: int) -> None:
    for _ in range(300):
        if rows(database, sql) == [(wanted,)]:
            return
        time.sleep(0.1)
    raise AssertionError(f"{sql} never gave {wanted}: {rows(database, sql)}")


def test_a_held_sweep_is_asked_for_again_and_the_authority_is_told_once(
    town: Application, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler.sweep_job(town)
    ahead = replace(town, clock=FixedClock.at(date(2024, 6, 1)))
    job = scheduler._guarded(scheduler.sweep_job, ahead)

    job()
    job()

    assert caplog.text.count("Ngày 01/06/2024 đứng sau lần quét gần nhất, ngày 23/04/2024, tới 39 ngày") == 2
    assert rows(town.database, "SELECT COUNT(*) FROM sweeps") == [(1,)]
    assert rows(town.database, "SELECT address, state FROM outbox WHERE kind = 'warning'") == [
        ("phong-kinh-te@duc-pho.example", "pending")
    ]
