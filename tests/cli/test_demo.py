"""`ocop demo`: what a newcomer sees first, in a folder of its own."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from ocop_workflow.store import Database
from tests.cli.conftest import REGISTER, Said, dump
from tests.factories import letter_text, rows
from tests.web.running import Service, free_port

Ocop = Callable[..., Said]
URL = "sqlite:///var/demo/demo.sqlite3"


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
    assert (shown["scene"], shown["database"], shown["mail_dir"]) == (
        "start", "var/demo/demo.sqlite3", "var/demo/mail",
    )  # fmt: skip
    letters = sorted((home / "var" / "demo" / "mail").glob("*.eml"))
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


def test_what_it_says_to_try_next_can_be_pasted(
    ocop: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))  # as in an active environment
    said = ocop("demo", "--no-serve")
    export, *commands = [line.strip() for line in said.out.rpartition("Thử tiếp trên nó:\n")[2].splitlines()]
    monkeypatch.setenv(*export.removeprefix("export ").split("="))
    answers = [ocop(*shlex.split(line)[1:]) for line in commands]
    assert [answer.code for answer in answers] == [0, 0, 0]
    assert "14 cờ quá hạn mới; 8 thư" in answers[0].out
    assert "14 sản phẩm" in answers[2].out
    assert answers[0].err == (
        "Đây là bản xem thử (var/demo/demo.sqlite3): thư chỉ thành tệp, không gửi cho ai; "
        "dữ liệu làm lại mỗi lần chạy `ocop demo`.\n"
        "This is the demonstration: letters become files, `ocop demo` makes its data anew.\n"
    )
    assert sorted(path.name for path in (home / "var").iterdir()) == ["demo"]


def test_before_its_environment_is_active_it_says_how_to_activate_it(
    ocop: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "my env" / "bin").mkdir(parents=True)
    (home / "my env" / "bin" / "activate").touch()
    monkeypatch.setattr(sys, "prefix", str(home / "my env"))
    monkeypatch.setenv("PATH", "")
    assert f"\n  . '{home}/my env/bin/activate'\n  export OCOP" in ocop("demo", "--no-serve").out


def test_no_letter_of_it_leaves_the_machine(ocop: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ocop("demo", "--no-serve")
    monkeypatch.setenv("OCOP_DATABASE_URL", URL)
    monkeypatch.setenv("OCOP_SMTP__HOST", "relay.example")
    assert ocop("sweep", "--on", "2024-05-02", "--json").json["letters"] == 8
    assert ocop("deliver", "--once", "--json").json["sent"] == 8
    assert len(list((home / "var" / "demo" / "mail").glob("*.eml"))) == 15
    journal = (home / "var" / "demo" / "sent.jsonl").read_text("utf-8")
    assert journal.count('"sent"') == 15
    assert not (home / "var" / "sent.jsonl").exists()


def test_it_begins_afresh_each_time(ocop: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ocop("demo", "--no-serve")
    with monkeypatch.context() as working:
        working.setenv("OCOP_DATABASE_URL", URL)
        assert ocop("advance", "DP24-001", *REGISTER).code == 0
    (home / "var" / "demo" / "mail" / "notes.txt").write_text("mine")
    assert {product["state"] for product in ocop("demo", "--no-serve", "--json").json["products"]} == {"idea"}
    assert len(list((home / "var" / "demo" / "mail").glob("*.eml"))) == 7
    assert (home / "var" / "demo" / "mail" / "notes.txt").read_text() == "mine"


def test_it_touches_no_other_database(ocop: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_NOW", "2026-01-05T08:00:00+07:00")
    ocop("db", "upgrade")
    ocop("plan", "load", "example-2026", "--as", "minh")
    before = dump(home)
    assert ocop("demo", "--no-serve").code == 0
    assert dump(home) == before
    assert [row["id"] for row in ocop("plan", "list", "--json").json if row["loaded"]] == ["example-2026"]


def test_a_file_in_its_place_that_it_has_not_made_is_not_overwritten(ocop: Ocop, home: Path) -> None:
    (home / "var" / "demo").mkdir(parents=True)
    (home / "var" / "demo" / "demo.sqlite3").write_text("my shopping list")
    refused = ocop("demo", "--no-serve")
    assert (refused.code, refused.err.splitlines()[0]) == (
        1,
        "Lỗi: var/demo/demo.sqlite3 không phải của bản xem thử; nó được giữ nguyên. Hãy chạy ở thư mục khác.",
    )
    assert (home / "var" / "demo" / "demo.sqlite3").read_text() == "my shopping list"


def test_another_day_may_be_shown(ocop: Ocop) -> None:
    assert ocop("demo", "--no-serve", "--date", "2024-06-03", "--json").json["flags_raised"] == 14
    assert ocop("demo", "--no-serve", "--date", "31/6/2024").code == 2


def test_a_day_of_which_no_working_days_are_known_is_refused_before_anything_is_made(
    ocop: Ocop, home: Path
) -> None:
    said = ocop("demo", "--no-serve", "--date", "1800-01-01")
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "Lỗi: Không có lịch làm việc cho ngày 01/01/1800; chỉ có từ năm 2020 đến năm 2032.",
    )
    assert list(home.iterdir()) == []


@pytest.mark.ordeal
def test_served_the_demo_has_officers_whose_tokens_are_shown_once(home: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "ocop_workflow", "demo", "--port", str(port)]
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(words, cwd=home, stdout=out, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):  # on a busy machine it takes its time; stopped before, it ends with 130
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz") as well:
                assert json.load(well)["clock_simulated"] is True
                break
            time.sleep(0.1)
        else:
            pytest.fail("it does not answer")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
    shown = (home / "out").read_text(encoding="utf-8")
    assert len(set(re.findall(r"ocop_[\w-]{43}", shown))) == 6
    assert f"Trang làm việc: http://127.0.0.1:{port}" in shown
    database = Database(f"sqlite:///{home}/var/demo/demo.sqlite3")
    assert rows(database, "SELECT login FROM officers ORDER BY id") == [
        ("quan",), ("minh",), ("thu",), ("lan",), ("ha",), ("tam",)
    ]  # fmt: skip
    database.close()


@pytest.mark.ordeal
def test_served_for_a_machine_it_names_its_officers_who_sign_in_by_that(home: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "ocop_workflow", "demo", "--port", str(port), "--json"]
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(words, cwd=home, stdout=out, stderr=subprocess.DEVNULL)
    service = Service(process, port, home / "out")
    try:
        for _ in range(1200):
            with suppress(OSError):
                service.ask("/healthz")
                break
            time.sleep(0.1)
        console = json.loads((home / "out").read_text(encoding="utf-8"))["console"]
        assert console["url"] == f"http://127.0.0.1:{port}"
        officers = {one["login"]: one for one in console["officers"]}
        assert sorted({one["role"] for one in officers.values()}) == [
            "administrator",
            "authority_officer",
            "commune_officer",
            "council_secretary",
            "viewer",
        ]
        assert {login for login, one in officers.items() if one["totp_secret"]} == {"quan", "thu"}
        for login, leads_to in (("lan", "/year"), ("quan", "/sign-in/code?next=%2Fyear")):
            sent = {"login": login, "password": officers[login]["password"], "next": "/year"}
            form = "application/x-www-form-urlencoded"
            answer = service.ask("/sign-in", "POST", urlencode(sent).encode(), Content_Type=form)
            assert (answer.status, answer.headers["location"]) == (303, leads_to)
    finally:
        service.stop(signal.SIGINT)
