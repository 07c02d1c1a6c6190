"""What `make` removes, and what it leaves alone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

DATA = ("demo/demo.sqlite3", "ocop.sqlite3", "sent.jsonl", "sao-luu-2024-05-02.bak")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile, something built, and the data of whoever works in it."""
    shutil.copy(Path(__file__).parents[1] / "Makefile", tmp_path)
    for name in (*(f"var/{name}" for name in DATA), "build/wheel/x", "dist/ocop.whl", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-s", *words], cwd=folder, capture_output=True, text=True, check=False)


def test_clean_removes_what_was_built_and_no_data(checkout: Path) -> None:
    assert make(checkout, "clean").returncode == 0
    assert sorted(path.name for path in checkout.iterdir()) == ["Makefile", "var"]
    assert {str(path.relative_to(checkout / "var")) for path in checkout.rglob("var/**/*.*")} == set(DATA)


def test_data_are_named_first_and_go_only_by_a_word_of_their_own(checkout: Path) -> None:
    asked = make(checkout, "clean-data")
    assert (asked.returncode, asked.stdout.splitlines()) == (
        2,
        [
            "This would remove, for good:",
            *(f"  var/{name}" for name in sorted(DATA)),
            "Nothing was removed. To do it: make clean-data CONFIRM=yes",
        ],
    )
    assert (checkout / "var/ocop.sqlite3").exists()
    assert make(checkout, "clean-data", "CONFIRM=yes").stdout == "var/ has been removed.\n"
    assert not (checkout / "var").exists()
    assert (checkout / ".venv").exists()
    assert make(checkout, "clean-data").stdout == "There is no var/ here.\n"
