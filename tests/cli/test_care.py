"""`ocop doctor`: what it says, and by which number it ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said


@pytest.fixture
def demonstrated(
    home: Path, lead: Callable[..., Callable[..., Said]], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The demonstration's database, on the demonstration's day. Gives its file."""
    lead(("demo", "--no-serve"))
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:30:00+07:00")
    monkeypatch.setenv("OCOP_DATABASE_URL", "sqlite:///var/demo/demo.sqlite3")
    return home / "var" / "demo" / "demo.sqlite3"


def damage(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as sqlite, sqlite:
        sqlite.execute(sql)


def test_a_sound_database_ends_with_0(demonstrated: Path, ocop: Callable[..., Said]) -> None:
    assert demonstrated.exists()
    said = ocop("doctor")
    assert said.code == 0, said.out
    assert "lành lặn: 34 điều đã khám đều đúng" in said.out


def test_a_warning_ends_with_1(
    demonstrated: Path, ocop: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demonstrated.exists()
    monkeypatch.setenv("OCOP_NOW", "2024-04-25T06:30:00+07:00")
    said = ocop("doctor")
    assert said.code == 1
    assert "Đã 2 ngày chưa quét thời hạn" in said.out
    assert "cần xem" in said.out


def test_what_is_wrong_ends_with_2_and_is_told_to_a_machine(
    demonstrated: Path, ocop: Callable[..., Said]
) -> None:
    damage(demonstrated, "UPDATE products SET version = 3 WHERE code = 'DP24-007'")
    said = ocop("doctor", "--json")
    assert said.code == 2
    assert said.json["checks_run"] == [1, 2, 3, 4, 5, 6, 8, 9, *range(13, 19), 22, 23, 25, 26, *range(28, 44)]
    (finding,) = said.json["findings"]
    assert finding["en"] == "DP24-007: version 3, but its history has 0 steps or a gap."
    assert finding["vi"] == "DP24-007: phiên bản 3 nhưng lịch sử có 0 bước, hoặc đánh số hụt."
    assert [finding[key] for key in ("invariant", "severity", "table", "key")] == [
        2,
        "violated",
        "products",
        "DP24-007",
    ]
    assert finding["advice_vi"]
    assert finding["advice_en"]


def test_a_sound_database_is_told_to_a_machine(demonstrated: Path, ocop: Callable[..., Said]) -> None:
    assert demonstrated.exists()
    said = ocop("doctor", "--json")
    assert (said.code, said.json["findings"]) == (0, [])


def test_a_file_that_cannot_be_read_ends_with_3(home: Path, ocop: Callable[..., Said]) -> None:
    (home / "var").mkdir()
    (home / "var" / "ocop.sqlite3").write_text("no database " * 200)
    said = ocop("doctor")
    assert said.code == 3
    assert "khôi phục từ bản sao lưu" in said.err
