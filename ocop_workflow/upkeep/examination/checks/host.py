"""The host's rules: the daily check runs, the clock is right, schema and settings are those relied upon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.clock import SimulatedClock
from ocop_workflow.errors import Text
from ocop_workflow.store import schema
from ocop_workflow.store.database import LOCK_WAIT_MS
from ocop_workflow.store.troubles import fitness
from ocop_workflow.sweep.foresight import missing_days, plans_over
from ocop_workflow.upkeep.examination.findings import (
    ADD_DAYS_OFF,
    CONFIGURE,
    LOAD_PLAN,
    NOT_BY_UPGRADE,
    NOTHING,
    SET_CLOCK,
    SWEEP,
    UPGRADE,
    Finding,
    Severity,
    confirming,
)
from ocop_workflow.upkeep.health import CLOCK_SLACK, health
from ocop_workflow.upkeep.health import queries as inspecting_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def sweep_is_fresh(snapshot: Snapshot) -> Iterator[Finding]:
    """13. The last completed sweep is at most 26 hours old."""
    pulse = health(snapshot.tx, snapshot.clock, snapshot.caution)
    if pulse.sweep_is_late and not pulse.sweep_held:
        key = str(pulse.last_sweep_on or "")
        yield Finding("sweeps", key, pulse.sentences[0], SWEEP, Severity.WARNING)


def sweep_is_not_held(snapshot: Snapshot) -> Iterator[Finding]:
    """13. The daily check does not stand still and wait for somebody to confirm the day."""
    pulse = health(snapshot.tx, snapshot.clock, snapshot.caution)
    if pulse.sweep_held:
        hold = pulse.sweep_held
        yield Finding("sweeps", str(hold.day), pulse.sentences[0], confirming(hold.day), Severity.WARNING)


def next_year_is_prepared(snapshot: Snapshot) -> Iterator[Finding]:
    """13. The days off of the next year are there, and a plan for what is still open."""
    today = snapshot.clock.today()
    if (missing := missing_days(today)) is not None:
        text = Text(f"{missing.vi}.", f"{missing.en}.")
        yield Finding("", str(today.year), text, ADD_DAYS_OFF, Severity.WARNING)
    for over in plans_over(snapshot.tx, today):
        text = Text(f"{over.text.vi}.", f"{over.text.en}.")
        yield Finding("plans", over.plan.slug, text, LOAD_PLAN, Severity.WARNING)


def clock_is_not_behind(snapshot: Snapshot) -> Iterator[Finding]:
    """13. No instant in the database lies in the future: the clock is behind, or it was ahead.

    A simulated clock begins again with every command; what lies ahead by less than a day is noted only.
    """
    now = snapshot.clock.now()
    for table, key, instant in inspecting_host.rows_behind(snapshot.tx, now + CLOCK_SLACK):
        begun_again = isinstance(snapshot.clock, SimulatedClock) and instant - now < timedelta(days=1)
        at = snapshot.clock.local(instant)
        text = Text(
            f"{table} {key}: {at:%d/%m/%Y %H:%M} còn ở tương lai; đồng hồ chậm, hoặc đã từng nhanh.",
            f"{table} {key}: {at:%Y-%m-%d %H:%M} lies ahead; the clock is behind, or was ahead.",
        )
        if begun_again:
            yield Finding(table, key, text, NOTHING, Severity.NOTE)
        else:
            yield Finding(table, key, text, SET_CLOCK)


def schema_is_ours(snapshot: Snapshot) -> Iterator[Finding]:
    """28. The database has all that this version works on, and no migration's left-overs."""
    wanted, reached = fitness.revision_wanted(), fitness.revision_reached(snapshot.tx)
    if reached == wanted:
        for lacking in fitness.missing_columns(snapshot.tx):
            yield _schema_finding(lacking)
    else:
        text = Text(
            f"Cơ sở dữ liệu ở phiên bản {reached or 'trống'}, dịch vụ cần {wanted}.",
            f"The database has the revision {reached or 'none'}, the service wants {wanted}.",
        )
        yield Finding("alembic_version", reached or "", text, UPGRADE)
    for name in inspecting_host.table_names(snapshot.tx):
        if name.startswith("_alembic_tmp_"):
            text = Text(
                f"Lần cập nhật dở để lại bảng {name}.", f"A broken upgrade has left the table {name}."
            )
            yield Finding(name, "", text, UPGRADE)


def schema_is_as_described(snapshot: Snapshot) -> Iterator[Finding]:
    """28. Indexes, constraints and types are those that the tables are described by."""
    for difference in schema.differences(snapshot.tx):
        yield _schema_finding(difference)


def _schema_finding(lacking: Text) -> Finding:
    text = Text(f"Cơ sở dữ liệu: {lacking.vi}.", f"The database: {lacking.en}.")
    return Finding("", lacking.en, text, NOT_BY_UPGRADE)


#: what the promises rest on, by the database's own names, as it answers
_RELIED_UPON = {
    "foreign_keys": {"1"},
    "journal_mode": {"wal"},
    "synchronous": {"2", "3"},
    "encoding": {"UTF-8"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
    "server_encoding": {"UTF8"},
    "TimeZone": {"UTC", "Etc/UTC"},
}


def settings_are_live(snapshot: Snapshot) -> Iterator[Finding]:
    """29. This very connection runs under the settings that every promise rests on."""
    for name, value in inspecting_host.live_settings(snapshot.tx).items():
        if not (int(value) >= LOCK_WAIT_MS if name == "busy_timeout" else value in _RELIED_UPON[name]):
            text = Text(
                f"Kết nối chạy với {name} = {value}: không giữ được lời hứa về dữ liệu.",
                f"The connection runs with {name} = {value}: what is promised of the data cannot hold.",
            )
            yield Finding("", name, text, CONFIGURE)
