"""The composition root: settings in, an application out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.bootstrap import bootstrap
from ocop_workflow.clock import SimulatedClock, SystemClock
from ocop_workflow.errors import InvalidInput, WrongUse
from ocop_workflow.notifications import RetryPolicy, Sender
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_settings_are_read_unless_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_MAIL_FROM", "bien@ocop.example")
    assert bootstrap().sender == Sender("bien@ocop.example", "")
    given = load_settings(mail_from="khac@ocop.example", public_url="https://ocop.example")
    assert bootstrap(given).sender == Sender("khac@ocop.example", "https://ocop.example")
    assert bootstrap(given).retry_policy == RetryPolicy()


def test_the_clock_is_the_hosts_unless_an_instant_is_simulated() -> None:
    assert isinstance(bootstrap(load_settings()).clock, SystemClock)
    start = datetime(2024, 4, 23, tzinfo=UTC)
    clock = bootstrap(load_settings(now=start)).clock
    assert isinstance(clock, SimulatedClock)
    assert (clock.now() - start).total_seconds() < 60


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    application = bootstrap()
    assert application.database.file is not None
    assert not (tmp_path / application.database.file).exists()
    mailer = application.mailer()
    assert isinstance(mailer, SmtpMailer)
    mailer.close()


def test_a_sender_that_is_no_address_is_named_by_its_variable() -> None:
    with pytest.raises(InvalidInput) as caught:
        bootstrap(load_settings(mail_from="Phòng Kinh tế"))
    (found,) = caught.value.faults
    assert found.place == "OCOP_MAIL_FROM"
    assert "is not an e-mail address" in found.text.en


def test_a_database_address_that_is_none_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="OCOP_DATABASE_URL"):
        bootstrap(load_settings(database_url="ocop.sqlite3"))
