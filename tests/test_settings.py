"""Settings: the environment over `ocop.toml` over the defaults; secrets never show; faults name variables."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from ocop_workflow.errors import InvalidInput, WrongUse
from ocop_workflow.settings import Tls, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own and no variable of ours: nobody's set-up reaches into a test."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "SMTP", "MAIL_FROM", "PUBLIC_URL", "TIMEZONE", "SWEEP_AT", "NOW"):
        monkeypatch.delenv(f"OCOP_{name}", raising=False)
    return tmp_path


def places(**given: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_settings(**given)
    assert caught.value.text.en == "The settings are at fault."
    assert all(found.text.vi and found.text.en for found in caught.value.faults)
    return [found.place for found in caught.value.faults]


def test_the_defaults_are_a_file_database_and_a_sweep_at_six_in_vietnam() -> None:
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/ocop.sqlite3"
    assert (settings.sweep_at, settings.zone) == (time(6, 0), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert (settings.smtp.port, settings.smtp.tls, settings.now) == (587, Tls.STARTTLS, None)


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ocop.toml").write_text(
        'mail_from = "tep@ocop.example"\nsweep_at = 05:30:00\n[smtp]\nhost = "thu.example"\nport = 25\n'
    )
    monkeypatch.setenv("OCOP_MAIL_FROM", "bien@ocop.example")
    monkeypatch.setenv("OCOP_SMTP__PORT", "465")
    monkeypatch.setenv("OCOP_SMTP__TLS", "implicit")
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    settings = load_settings()
    assert (settings.mail_from, settings.sweep_at) == ("bien@ocop.example", time(5, 30))
    assert (settings.smtp.host, settings.smtp.port, settings.smtp.tls) == ("thu.example", 465, Tls.IMPLICIT)
    assert settings.now == datetime(2024, 4, 22, 23, 0, tzinfo=UTC)


def test_a_file_that_notepad_has_saved_is_read(folder: Path) -> None:
    (folder / "ocop.toml").write_text('mail_from = "tep@ocop.example"\n', "utf-8-sig")
    assert load_settings().mail_from == "tep@ocop.example"


def test_what_a_caller_gives_wins_over_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_PUBLIC_URL", "https://a.example")
    assert load_settings(public_url="https://b.example").public_url == "https://b.example"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_DATABASE_URL", "postgresql://ocop:bi-mat@db.example/ocop")
    monkeypatch.setenv("OCOP_SMTP__PASSWORD", "bi-mat")
    settings = load_settings()
    assert "bi-mat" not in f"{settings!r} {settings} {settings.smtp!r} {settings.model_dump_json()}"
    assert settings.smtp.password.get_secret_value() == "bi-mat"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().mail_from = "khac@ocop.example"  # type: ignore[misc]  # what must fail


def test_every_fault_is_named_by_its_variable_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_SMTP__PORT", "0")
    monkeypatch.setenv("OCOP_SMTP__TLS", "ssl")
    monkeypatch.setenv("OCOP_TIMEZONE", "Asia/Duc_Pho")
    monkeypatch.setenv("OCOP_SWEEP_AT", "25:00")
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00")
    assert places() == ["OCOP_SMTP__PORT", "OCOP_SMTP__TLS", "OCOP_TIMEZONE", "OCOP_SWEEP_AT", "OCOP_NOW"]


def test_a_fault_never_repeats_a_secret() -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings(smtp={"password": "bi-mat", "port": "bi-mat"}, database_url=["bi-mat"])
    assert "bi-mat" not in str([(found.text.vi, found.text.en) for found in caught.value.faults])


@pytest.mark.parametrize("name", ["", "Asia", "../etc/passwd", "Asia/Sài_Gòn"])
def test_what_is_no_time_zone_is_a_fault_of_that_setting(name: str) -> None:
    assert places(timezone=name) == ["OCOP_TIMEZONE"]


@pytest.mark.parametrize(
    "url", ["files", "/srv/files", "file://files", "file:", "ftp://a/b", "s3:", "s3:///x"]
)
def test_what_is_no_address_of_a_store_of_files_is_a_fault_of_that_setting(url: str) -> None:
    with pytest.raises(InvalidInput) as error:
        load_settings(files_url=url)
    assert [fault.place for fault in error.value.faults] == ["OCOP_FILES_URL"]
    for good in ("", "file:///srv/files", "s3://bucket/files", "az://account/container"):
        assert load_settings(files_url=good).files_url == good


def test_the_relay_given_in_one_variable_is_a_fault_of_that_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_SMTP", "thu.example:25")
    assert places() == ["OCOP_SMTP"]


@pytest.mark.parametrize("content", [b"mail_from = ", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, content: bytes) -> None:
    (folder / "ocop.toml").write_bytes(content)
    assert places() == ["ocop.toml"]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://ocop.duc-pho.example", "https://ocop.duc-pho.example"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
        ("http://127.0.0.1:8000", ""),
        ("http://localhost:8000", ""),
        ("http://[::1]:8000", ""),
    ],
)
def test_letters_name_no_address_that_leads_to_this_machine_only(address: str, link: str) -> None:
    assert load_settings(public_url=address).link_in_letters == link


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://ocop.duc-pho.example", True),
        ("https://203.162.0.1", True),
        ("http://10.0.0.5:8000", False),
        ("http://192.168.1.4", False),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("http://may-chu", False),
        ("http://may-chu.local", False),
        ("http://ocop.internal:8000", False),
    ],
)
def test_only_an_address_that_the_world_reaches_is_printed(address: str, is_public: bool) -> None:
    assert load_settings(public_url=address).public_address == (address if is_public else "")


@pytest.mark.parametrize(
    ("variables", "file", "told"),
    [
        ({"OCOP_SMPT__HOST": "thu.example"}, "", [("OCOP_SMPT__HOST", "OCOP_SMTP__HOST")]),
        ({"OCOP_SMTP__PASWORD": "x"}, "", [("OCOP_SMTP__PASWORD", "OCOP_SMTP__PASSWORD")]),
        ({"OCOP_DATABASE": "x"}, "", [("OCOP_DATABASE", "OCOP_DATABASE_URL")]),
        ({}, '[smpt]\nhost = "thu.example"\n', [("ocop.toml: smpt.host", "OCOP_SMTP__HOST")]),
        ({}, 'sweep = "07:00"\n', [("ocop.toml: sweep", "OCOP_SWEEP_AT")]),
        (
            {"OCOP_TIMZONE": "Asia/Ho_Chi_Minh"},
            "[smtp]\nprot = 25\n",
            [("OCOP_TIMZONE", "OCOP_TIMEZONE"), ("ocop.toml: smtp.prot", "OCOP_SMTP__PORT")],
        ),
    ],
)
def test_a_setting_that_nobody_knows_is_refused_and_the_nearest_is_named(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    file: str,
    told: list[tuple[str, str]],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (folder / "ocop.toml").write_text(file)
    with pytest.raises(WrongUse) as caught:
        load_settings()
    assert [(found.place, found.text.vi) for found in caught.value.faults] == [
        (place, f"không có cấu hình này; gần nhất là {nearest}") for place, nearest in told
    ]


def test_what_the_tests_themselves_read_is_nobodys_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_TEST_DATABASE_URL", "postgresql://127.0.0.1/test")
    assert load_settings().sweep_at == time(6, 0)
