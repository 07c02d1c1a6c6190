"""The command line in this process: words in, exit code and what was said out."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from ocop_workflow.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        return json.loads(self.out)


ANNEX = str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv")
#: the words that register a product
REGISTER = ("register", "--as", "lan", "--data", '{"group": "food"}')


def dump(home: Path) -> list[str]:
    """Return everything that the database in this folder holds."""
    with closing(sqlite3.connect(home / "var" / "ocop.sqlite3")) as connection:
        return list(connection.iterdump())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a database address in it and nothing else set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCOP_DATABASE_URL", f"sqlite:///{tmp_path}/var/ocop.sqlite3")
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def ocop(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Run `ocop` with these words."""
    assert home.is_dir()

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["ocop", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def _led(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("led")


@pytest.fixture
def lead(ocop: Callable[..., Said], home: Path, _led: Path) -> Callable[..., Callable[..., Said]]:
    """Run commands in an empty folder: once in each process, later what they left is copied."""

    def run(*commands: Sequence[str]) -> Callable[..., Said]:
        kept = _led / f"{crc32(repr(commands).encode())}"
        if kept.exists():
            shutil.copytree(kept, home / "var", dirs_exist_ok=True)
            return ocop
        for words in commands:
            assert ocop(*words).code == 0, words
        shutil.copytree(home / "var", kept)
        return ocop

    return run


#: what leads to the town's plan, and to its 14 products
PLANNED = (("db", "upgrade"), ("plan", "load", "duc-pho-2024"))
TOWN = (*PLANNED, ("import", ANNEX, "--plan", "duc-pho-2024"))


@pytest.fixture
def planned(lead: Callable[..., Callable[..., Said]], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The town's plan on 23/4/2024, without products."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    return lead(*PLANNED)


@pytest.fixture
def town(lead: Callable[..., Callable[..., Said]], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The town on 23/4/2024: plan loaded, 14 products imported."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    return lead(*TOWN)
