"""A database, a file or a setting is at fault: the command line says so in one sentence and does nothing."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.store import database
from ocop_workflow.store.troubles import fitness
from tests.cli.conftest import REGISTER, Said, dump

if TYPE_CHECKING:
    from pathlib import Path

Ocop = Callable[..., Said]


def test_an_empty_database_is_told_to_be_upgraded(ocop: Ocop, home: Path) -> None:
    (home / "var").mkdir()
    (home / "var" / "ocop.sqlite3").touch()
    checked = ocop("db", "check")
    assert (checked.code, checked.out) == (
        1,
        f"Cơ sở dữ liệu ở trạng thái trống, cần {fitness.revision_wanted()}: chạy `ocop db upgrade`.\n",
    )
    said = ocop("products")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "Lỗi: Cơ sở dữ liệu chưa được tạo hoặc chưa cập nhật; hãy chạy `ocop db upgrade`.\n"
        "     The database has not been created or upgraded; run `ocop db upgrade`.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("products",), ("product", "DP24-001"), ("explain", "DP24-001"), ("db", "check"), ("prove",),
        ("plan", "list"), ("units", "list"), ("letters", "list"), ("officer", "list"), ("audit", "verify"),
        ("simulate", "duc-pho-2024"), ("sweep",), ("sweep", "--dry-run"), ("deliver", "--once"),
        ("backup", "copy.bak"), ("plan", "load", "duc-pho-2024"), ("letters", "reconcile"), ("serve",),
        ("scheduler",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_mistyped_path_is_told_and_nothing_is_made_there(
    ocop: Ocop, home: Path, words: tuple[str, ...]
) -> None:
    said = ocop(*words)
    file = home / "var" / "ocop.sqlite3"
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"Lỗi: Không có cơ sở dữ liệu nào ở {file}; hãy xem lại OCOP_DATABASE_URL, "
        "hoặc tạo mới bằng `ocop db upgrade`.\n"
        f"     There is no database at {file}; check OCOP_DATABASE_URL, or make one with `ocop db upgrade`.\n"
    )
    assert list(home.iterdir()) == []


def _no_workbook() -> bytes:
    return b"no workbook at all"


def _bomb() -> bytes:
    """A workbook of a few kilobytes whose sheet unpacks to 40 MB."""
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (40 * 1024 * 1024))
    return buffer.getvalue()


@pytest.mark.parametrize("content", [_no_workbook, _bomb])
def test_a_workbook_that_is_none_and_a_bomb_are_refused(
    town: Ocop, home: Path, content: Callable[[], bytes]
) -> None:
    (home / "phu-luc.xlsx").write_bytes(content())
    before = dump(home)
    said = town("import", "phu-luc.xlsx", "--plan", "duc-pho-2024")
    sentence = {
        _no_workbook: "Không đọc được tệp: tệp bị hỏng",
        _bomb: "khi giải nén quá lớn",
    }[content]
    assert (said.code, said.err.count("Lỗi:"), sentence in said.err) == (1, 1, True), said.err
    assert dump(home) == before


def test_a_database_that_is_locked_is_one_sentence(
    town: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_MS", 20)
    with closing(sqlite3.connect(home / "var" / "ocop.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = town("sweep")
        other.execute("ROLLBACK")
    assert (locked.code, "đang bận (bị khóa)" in locked.err) == (1, True)


def test_a_database_that_is_read_only_is_one_sentence(
    town: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself refuses to write; whoever runs the tests as root may write any file."""
    prepare = database._prepare_sqlite

    def read_only(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA query_only=ON")

    monkeypatch.setattr(database, "_prepare_sqlite", read_only)
    before = dump(home)
    for words in (("sweep",), ("advance", "DP24-002", *REGISTER), ("units", "list")):
        said = town(*words)
        reads = words[-1] == "list"
        assert (said.code, "chỉ đọc được" in said.err, "Traceback" in said.err) == (
            0 if reads else 1,
            not reads,
            False,
        ), said.err
    assert dump(home) == before


def test_a_file_that_is_no_database_is_one_sentence(town: Ocop, home: Path) -> None:
    (home / "var" / "ocop.sqlite3").write_bytes(b"this is no database, however long one looks at it" * 100)
    for name in ("ocop.sqlite3-wal", "ocop.sqlite3-shm"):
        (home / "var" / name).unlink(missing_ok=True)
    broken = town("products")
    assert (broken.code, "bị hỏng hoặc không phải SQLite" in broken.err) == (1, True)


def test_bad_settings_are_named_and_secrets_are_not_shown(
    ocop: Ocop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_SMTP__PORT", "hunter2")
    monkeypatch.setenv("OCOP_TIMEZONE", "Mars/Olympus")
    said = ocop("sweep")
    assert said.code == 1
    assert "OCOP_SMTP__PORT" in said.err
    assert "OCOP_TIMEZONE" in said.err
    assert "hunter2" not in said.err
