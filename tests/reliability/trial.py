"""Runs tests against a copy of the package, as it is or with a mutant in it, in a process of their own.

`python -m tests.reliability.trial VERDICT NODE…` is that process: it stands in the copy and writes into the
file VERDICT what became of the tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ocop_workflow
from ocop_workflow.errors import OcopError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tests.reliability.mutants import Mutant

ROOT = Path(__file__).parents[2]

#: seconds after which a trial is stuck: the longest takes about thirty
PATIENCE = 240

#: plain pytest, and none of the plugins that spread, measure or remember
PLAIN = ("-q", "--tb=short", "-p", "no:cacheprovider")

#: how the traceback of a process ends that could not even run, whoever's child it was
_BROKEN = re.compile(
    r"^(?:E +)?((?:Syntax|Indentation|Import|ModuleNotFound|Name|UnboundLocal|Attribute|Type)Error: .*)",
    re.MULTILINE,
)


class StaleMutantError(Exception):
    """The text that a mutant replaces does not stand exactly once in its file any more."""


@dataclass
class Verdict:
    """What became of the tests: which passed, which found a wrong result, which merely broke down."""

    passed: list[str] = field(default_factory=list)
    refuted: dict[str, str] = field(default_factory=dict)
    broke: dict[str, str] = field(default_factory=dict)

    def all_pass(self, nodes: Collection[str]) -> bool:
        """Whether each of these tests ran, and everything that ran passed."""
        return not self.refuted and not self.broke and _each_among(nodes, self.passed)

    def catches(self, nodes: Collection[str]) -> bool:
        """Whether each of these tests found a wrong result; to break down is no finding."""
        return not self.broke and _each_among(nodes, self.refuted)


def _each_among(nodes: Collection[str], found: Collection[str]) -> bool:
    """Tell whether each of these tests, or a case of it, is among the found ones."""
    return bool(nodes) and all(
        any(one == node or one.startswith(f"{node}[") for one in found) for node in nodes
    )


def try_tests(nodes: Sequence[str], postgres: str | None, mutant: Mutant | None = None) -> Verdict:
    """Run tests against a copy of the package.

    Args:
        nodes: the tests, as pytest names them.
        postgres: the address of a PostgreSQL server for them; none: the tests look for one themselves.
        mutant: what is changed in the copy; none: nothing.

    Raises:
        StaleMutantError: the mutant does not fit the package any more.
    """
    with _copy() as copy:
        if mutant is not None:
            mutate(copy / "ocop_workflow", mutant)
        return _run(copy, nodes, postgres)


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ocop-mutant-") as folder:
        for part in ("ocop_workflow", "tests"):  # compiled files too: that saves a second
            shutil.copytree(ROOT / part, Path(folder) / part, ignore=shutil.ignore_patterns("*.pyc.*"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        yield Path(folder)


def mutate(package: Path, mutant: Mutant) -> None:
    """Make the changes of a mutant in a copy of the package.

    Raises:
        StaleMutantError: one of its texts does not stand exactly once in its file.
    """
    for change in mutant.changes:
        file = package / change.file
        text = file.read_text("utf-8")
        if (times := text.count(change.text)) != 1:
            raise StaleMutantError(
                f"The mutant {mutant.name} is out of date: its text stands {times} times in {change.file}, "
                f"not once; fit it to the code as it is now: {change.text!r}"
            )
        file.write_text(text.replace(change.text, change.becomes), "utf-8")


def _run(copy: Path, nodes: Sequence[str], postgres: str | None) -> Verdict:
    written = copy / "verdict.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.trial", str(written), *nodes],
        check=False,
        cwd=copy,
        env=_environment(copy, postgres),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    said = done.stdout + done.stderr
    if not written.exists():
        return Verdict(broke={"the trial": said})
    verdict = Verdict(**json.loads(written.read_text("utf-8")))
    verdict.broke |= {f"process {number}": words for number, words in enumerate(_BROKEN.findall(said))}
    return verdict


def _environment(copy: Path, postgres: str | None) -> dict[str, str]:
    """Return our environment with the copy first on the path, and nothing in it that measures or spreads."""
    outer = os.environ  # noqa: TID251 - the trial needs what any process needs: its search path, its home
    kept = {name: value for name, value in outer.items() if not name.startswith(("COV", "PYTEST"))}
    server = {"OCOP_TEST_DATABASE_URL": postgres} if postgres else {}
    return {**kept, "PYTHONPATH": str(copy), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **server}


# -- in the process of its own -------------------------------------------------------------------------


#: what a test raises that has found a wrong result: its own word, or the service's refusal of what is right
_FINDINGS = (AssertionError, pytest.fail.Exception, OcopError)


class _Watcher:
    """Sorts what pytest reports."""

    def __init__(self) -> None:
        self.verdict = Verdict()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.verdict.passed.append(report.nodeid)

    def pytest_exception_interact(
        self, node: pytest.Item, call: pytest.CallInfo[object], report: pytest.TestReport
    ) -> None:
        assert call.excinfo is not None
        finding = report.when == "call" and isinstance(call.excinfo.value, _FINDINGS)
        (self.verdict.refuted if finding else self.verdict.broke)[node.nodeid] = call.excinfo.exconly()


def main() -> None:
    assert Path(ocop_workflow.__file__).is_relative_to(Path.cwd()), "an installed package stands in the way"
    watcher = _Watcher()
    pytest.main([*PLAIN, *sys.argv[2:]], plugins=[watcher])
    Path(sys.argv[1]).write_text(json.dumps(asdict(watcher.verdict)), "utf-8")


if __name__ == "__main__":
    main()
