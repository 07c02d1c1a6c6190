"""What the program says in a lived year, byte by byte: for whoever moves code about.

    python -m tests.stories.outside > before.txt     # on the one version
    python -m tests.stories.outside > after.txt      # on the other; then compare

Every answer of `--json`, every letter as it would be sent, doctor, prove and the OpenAPI document. What is
drawn by lot for an installation (marks of contact values, its id) is left out by the choice of commands,
and so are the parts of a second for which a command had been running.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.factories import GOOD_DATA
from tests.stories.journeys import FIRST_YEAR, MORE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ANNEX = str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv")
WALKERS = ("DP24-002", "DP24-007")
_PART_OF_A_SECOND = re.compile(r"(?<=:\d\d)\.\d{6}(?=Z|\+)")


class Town:
    """A town in a folder, asked by its command line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = ""
        self._minute = 0

    def on(self, day: str) -> None:
        """Let it be nine in the morning of a local day."""
        self._day, self._minute = day, 0

    def say(self, *words: str) -> str:
        """Give a command, a minute after the last one; returns what came, and how it ended."""
        now = f"{self._day}T09:{self._minute:02}:00+07:00"
        self._minute += 1
        env = {
            "PATH": os.environ["PATH"],  # noqa: TID251 - for another process
            "PYTHONPATH": str(ROOT),
            "OCOP_NOW": now,
            "OCOP_DATABASE_URL": f"sqlite:///{self._folder}/town.sqlite3",
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [sys.executable, "-m", "ocop_workflow", *words],
            cwd=self._folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        here = str(self._folder)
        said = f"{done.stdout}{done.stderr}".replace(here, "TOWN").replace(ANNEX, "ANNEX")
        asked = " ".join(words).replace(ANNEX, "ANNEX")
        return f"$ ocop {asked}   [{now}]\n{_PART_OF_A_SECOND.sub('', said)}[{done.returncode}]\n"

    def letters(self) -> Iterator[str]:
        """Yield the bytes of every letter as the outbox keeps them."""
        with closing(sqlite3.connect(self._folder / "town.sqlite3")) as connection:
            for key, state, mime in connection.execute("SELECT key, state, mime FROM outbox ORDER BY id"):
                yield f"letter {key} ({state})\n{mime.decode()}\n"


def a_year(folder: Path) -> Iterator[str]:
    """Live the year of the seed; yield everything that is said."""
    town = Town(folder)
    town.on("2024-04-23")
    yield town.say("db", "upgrade")
    yield town.say("plan", "load", "duc-pho-2024", "--json")
    yield town.say("import", ANNEX, "--plan", "duc-pho-2024", "--json")
    yield town.say("sweep", "--json")
    for event, on in FIRST_YEAR:
        town.on(on.isoformat())
        yield town.say("sweep", "--json")
        data = json.dumps({**GOOD_DATA.get(event, {}), **MORE_DATA.get(event, {})}, ensure_ascii=False)
        for code in WALKERS:
            yield town.say("advance", code, event, "--as", "lan", "--data", data, "--json")
        yield town.say("undo", WALKERS[1], "--as", "lan", "--reason", "ghi nhầm", "--json")
        yield town.say("advance", WALKERS[1], event, "--as", "lan", "--data", data, "--json")
    town.on("2024-12-20")
    yield town.say("sweep", "--json")
    for words in (
        ("products",),
        ("product", WALKERS[0]),
        ("product", "DP24-003"),
        ("explain", WALKERS[0]),
        ("plan", "show", "duc-pho-2024"),
        ("activity", "list"),
        ("questions", "list"),
        ("certificates", "list"),
        ("units", "list"),
        ("letters", "list"),
        ("doctor",),
        ("prove",),
        ("simulate", "duc-pho-2024", "--from", "2024-12-20", "--to", "2024-12-31"),
    ):
        yield town.say(*words, "--json")
        yield town.say(*words)
    yield from town.letters()


def main() -> None:
    """Say everything."""
    from tests.web.cast import api_document  # noqa: PLC0415 - it takes a while

    with TemporaryDirectory() as folder:
        for said in a_year(Path(folder)):
            print(said)  # noqa: T201 - what this is for
    print(json.dumps(api_document(), ensure_ascii=False, indent=1))  # noqa: T201 - likewise


if __name__ == "__main__":
    main()
