"""`ocop prove`, `ocop backup`, `ocop restore`, `ocop letters reconcile` at the keyboard."""

from __future__ import annotations

import gc
import io
import os
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.store.troubles import fitness
from tests.cli.conftest import Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def lived(planned: Callable[..., Said], home: Path) -> Path:  # noqa: ARG001 - the plan is loaded first
    """The seed's first morning, its letters not sent yet. Gives the database's file."""
    return home / "var" / "ocop.sqlite3"


def test_the_proof_balances_and_says_so(ocop: Callable[..., Said], lived: Path) -> None:
    before = ocop("prove")
    assert ocop("sweep").code == 0
    balanced = ocop("prove")
    assert (before.code, balanced.code) == (0, 0)
    assert "Chưa có lần quét nào hoàn thành." in before.out
    assert "Đến lần quét hoàn thành cuối cùng, ngày 23/04/2024:" in balanced.out

    with closing(sqlite3.connect(lived)) as connection, connection:
        connection.execute("DELETE FROM deadlines")
    wrong = ocop("prove", "--from", "1/4/2024", "--json")
    assert (wrong.code, wrong.json["balanced"]) == (1, False)
    told = ocop("prove")
    assert (told.code, "KHÔNG KHỚP." in told.out) == (1, True)
    assert "training 30/06/2024: lẽ ra phải có thời hạn này mà không ghi." in told.out


def test_days_in_the_wrong_order_prove_nothing(ocop: Callable[..., Said], lived: Path) -> None:
    assert lived.exists()
    refused = ocop("prove", "--from", "2025-01-01", "--to", "2024-01-01")
    assert (refused.code, refused.out, refused.err.splitlines()[0]) == (
        2,
        "",
        "Lỗi: Ngày cuối đứng trước ngày đầu.",
    )


def test_a_backup_is_looked_at_before_anybody_is_asked(
    ocop: Callable[..., Said], lived: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lived.exists()
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n" * 2))
    assert ocop("restore", "none.bak") == Said(
        2, "", "Lỗi: Không có tệp none.bak.\n     There is no file none.bak.\n"
    )
    (home / "list.bak").write_text("my shopping list")
    refused = ocop("restore", "list.bak")
    assert (refused.code, "[y/N]" in refused.err) == (1, False)
    assert refused.err.startswith("Lỗi: list.bak bị hỏng hoặc không phải bản sao lưu của ocop")


def test_a_size_is_written_as_vietnamese_texts_do(ocop: Callable[..., Said], lived: Path, home: Path) -> None:
    assert lived.exists()
    said = ocop("backup", "copy.bak").out
    size = (home / "copy.bak").stat().st_size
    assert f"({size // 1000}.{size % 1000:03} byte)" in said


def test_a_backup_beside_the_database_is_made_and_warned_of(
    ocop: Callable[..., Said], lived: Path, home: Path
) -> None:
    beside = ocop("backup", str(lived.parent / "copy.bak"))
    assert beside.code == 0
    assert beside.err.splitlines()[0] == (
        f"Bản sao nằm cạnh cơ sở dữ liệu ({lived.parent}): mất thư mục hay ổ này là mất cả hai. "
        "Hãy chép nó sang ổ khác."
    )
    apart = ocop("backup", str(home / "copy.bak"))
    assert (apart.code, apart.err) == (0, "")


def test_back_up_restore_reconcile(
    ocop: Callable[..., Said], lived: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ocop("backup", "copy.bak", "--json")
    assert made.json == {
        "file": "copy.bak",
        "size": (home / "copy.bak").stat().st_size,
        "revision": fitness.revision_wanted(),
        "checked": True,
        "findings": [],
        "files": 0,
        "files_copied": 0,
    }
    assert ocop("backup", "copy.bak").code == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    stopped = ocop("restore", "copy.bak")
    assert (stopped.code, "Lỗi: Đã dừng theo yêu cầu." in stopped.err) == (1, True)
    newest = made.json["revision"]
    assert stopped.err.startswith(f"Thay cơ sở dữ liệu hiện tại bằng copy.bak (phiên bản {newest})? [y/N]")
    gc.collect()  # the commands before ran in this process and may still hold the file open
    done = ocop("restore", "copy.bak", "--yes", "--json")
    assert (done.err, done.json["held"]) == ("", 0)
    lived.unlink()
    assert "0 thư chưa gửi đang giữ lại" in ocop("restore", "copy.bak", "--yes").out
    (home / "other.bak").write_bytes((home / "copy.bak").read_bytes())
    gc.collect()
    assert "before-restore-" in ocop("restore", "other.bak", "--yes").out
    assert ocop("letters", "reconcile", "--json").json == {"sent": 0, "pending": 0, "held": 0}
    assert "0 thư đã gửi từ trước" in ocop("letters", "reconcile").out


def test_a_backup_of_what_is_wrong_is_made_but_not_called_checked(
    town: Callable[..., Said], home: Path
) -> None:
    with closing(sqlite3.connect(home / "var" / "ocop.sqlite3")) as connection, connection:
        connection.execute("UPDATE products SET search_key = 'x' WHERE code = 'DP24-007'")
    said = town("backup", "one.bak")
    assert (said.code, "đã kiểm tra" in said.out) == (1, False)
    assert "NHƯNG bản sao không đúng:\n" in said.out
    assert (home / "one.bak").exists()
    found = town("backup", "two.bak", "--json")
    assert (found.code, found.json["checked"], len(found.json["findings"])) == (1, False, 1)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file has no mode")
def test_whatever_is_written_is_closed_to_other_users(home: Path, ocop: Callable[..., Said]) -> None:
    before = os.umask(0)
    try:
        assert ocop("demo", "--no-serve").code == 0
        assert ocop("db", "upgrade").code == 0
        assert ocop("backup", "sao-luu.bak").code == 0
        assert ocop("secret", "rotate").code == 0
        assert ocop("secret", "copy", "khoa").code == 0
    finally:
        os.umask(before)
    written = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert {"var", "var/ocop.sqlite3", "var/ocop.secret", "var/demo/mail", "sao-luu.bak", "khoa"} <= set(
        written
    )
    assert {name: oct(mode) for name, mode in written.items() if mode & 0o077} == {}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file has no mode")
def test_a_database_that_was_open_to_others_is_closed(home: Path, ocop: Callable[..., Said]) -> None:
    assert ocop("db", "upgrade").code == 0
    file = home / "var" / "ocop.sqlite3"
    file.chmod(0o644)
    assert ocop("db", "upgrade").code == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_does_not_hold_the_secret(home: Path, ocop: Callable[..., Said]) -> None:
    assert ocop("db", "upgrade").code == 0
    assert ocop("secret", "rotate").code == 0
    assert ocop("backup", "sao-luu.bak").code == 0
    held = (home / "sao-luu.bak").read_bytes()
    for secret in (home / "var" / "ocop.secret").read_text().split():
        assert secret.encode() not in held
        assert bytes.fromhex(secret) not in held
