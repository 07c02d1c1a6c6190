"""`ocop demo`: what a newcomer sees first, through a real SMTP server."""

from __future__ import annotations

import builtins
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import TYPE_CHECKING
from urllib.request import urlopen

from ocop_workflow.storage import Database
from tests.cli.conftest import Said
from tests.factories import letter_text, rows
from tests.web.running import free_port

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

Ocop = Callable[..., Said]


def test_the_demo_shows_the_seed_on_23_april_2024(ocop: Ocop, home: Path) -> None:
    said = ocop("demo", "--no-serve", "--json")
    assert said.code == 0
    shown = said.json
    assert [product["state"] for product in shown["products"]] == ["idea"] * 14
    assert {line["stage"] for product in shown["products"] for line in product["deadlines"]} == {"D-7"}
    assert {line["due_on"] for product in shown["products"] for line in product["deadlines"]} == {
        "2024-04-30"
    }
    assert [shown[key] for key in ("reminders", "withheld", "letters", "delivered")] == [14, 28, 7, 7]
    letters = sorted((home / "var" / "mail").glob("*.eml"))
    assert [path.name.split("-", 1)[1] for path in letters] == [
        "nguyen-nghiem@duc-pho.example.eml",
        "pho-ninh@duc-pho.example.eml",
        "pho-quang@duc-pho.example.eml",
        "pho-an@duc-pho.example.eml",
        "pho-khanh@duc-pho.example.eml",
        "pho-nhon@duc-pho.example.eml",
        "pho-phong@duc-pho.example.eml",
    ]
    letter = letters[3].read_bytes()
    subject = str(make_header(decode_header(message_from_bytes(letter)["Subject"])))
    assert subject == "[OCOP] 5 việc sắp đến hạn – UBND xã Phổ An, ngày 23/04/2024"
    assert "hạn 30/04/2024, còn 7 ngày" in letter_text(letter)


def test_the_sweep_of_2_may_follows_on_that_database(ocop: Ocop) -> None:
    assert ocop("demo", "--no-serve").code == 0
    swept = ocop("sweep", "--on", "2024-05-02", "--json").json
    assert (swept["flags_raised"], swept["letters"]) == (14, 8)


def test_the_demo_begins_afresh_but_never_on_somebodys_own_data(ocop: Ocop, home: Path) -> None:
    ocop("demo", "--no-serve")
    ocop("advance", "DP24-001", "register", "--as", "lan", "--data", '{"group": "tourism"}')
    assert {product["state"] for product in ocop("demo", "--no-serve", "--json").json["products"]} == {"idea"}
    (home / "var" / "ocop.sqlite3").unlink()
    ocop("db", "upgrade")
    ocop("plan", "load", "duc-pho-2024", "--as", "minh")
    refused = ocop("demo", "--no-serve")
    assert refused.code == 1
    assert "đang chứa dữ liệu thật" in refused.err
    assert ocop("plan", "list", "--json").json[0]["loaded"] is True


def test_a_file_that_is_no_database_is_not_overwritten(ocop: Ocop, home: Path) -> None:
    (home / "var").mkdir()
    (home / "var" / "ocop.sqlite3").write_text("my shopping list")
    assert ocop("demo", "--no-serve").code == 1
    assert (home / "var" / "ocop.sqlite3").read_text() == "my shopping list"


def test_without_its_mail_server_the_demo_says_what_to_install(
    ocop: Ocop, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = builtins.__import__

    def absent(name: str, *rest: object) -> object:
        if name.startswith("aiosmtpd"):
            raise ImportError(name)
        return genuine(name, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(builtins, "__import__", absent)
    said = ocop("demo", "--no-serve")
    assert (said.code, "ocop-workflow[demo]" in said.err) == (2, True)


def test_another_day_may_be_shown(ocop: Ocop) -> None:
    assert ocop("demo", "--no-serve", "--date", "2024-06-03", "--json").json["flags_raised"] == 14
    assert ocop("demo", "--no-serve", "--date", "31/6/2024").code == 2


def test_a_day_of_which_no_working_days_are_known_is_refused_before_anything_is_made(
    ocop: Ocop, home: Path
) -> None:
    said = ocop("demo", "--no-serve", "--date", "1800-01-01")
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "Lỗi: Không có lịch làm việc cho ngày 01/01/1800; chỉ có từ năm 2020 đến năm 2027.",
    )
    assert list(home.iterdir()) == []


def test_served_the_demo_has_officers_whose_tokens_are_shown_once(home: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "ocop_workflow", "demo", "--port", str(port)]
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(words, cwd=home, stdout=out, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz") as well:
                assert json.load(well)["clock_simulated"] is True
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
    shown = (home / "out").read_text(encoding="utf-8")
    assert len(set(re.findall(r"ocop_[\w-]{43}", shown))) == 5
    assert f"API: http://127.0.0.1:{port}/api/v1" in shown
    database = Database(f"sqlite:///{home}/var/ocop.sqlite3")
    assert rows(database, "SELECT login FROM officers ORDER BY id") == [
        ("quan",), ("minh",), ("thu",), ("lan",), ("ha",)
    ]  # fmt: skip
    database.close()
