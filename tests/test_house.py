"""The house keeps its own rules."""

from __future__ import annotations

import ast
import calendar
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from ocop_workflow.cli import command_line
from ocop_workflow.cli.commands import PARTS, part
from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "ocop_workflow").rglob("*.py"))
EVERYTHING = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def test_the_standard_calendar_is_intact() -> None:
    assert calendar.monthrange(2024, 2) == (3, 29)
    import_module("apscheduler.schedulers.background")


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_suppression_gives_its_reason(path: Path) -> None:
    bare = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[\w, -]+\])?|fmt: skip)\s*$")
    found = [
        (number, line)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if bare.search(line) and "fmt: skip" not in line
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    banned = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"]))
    assert [path.name for path in EVERYTHING if banned.search(path.read_text("utf-8"))] == []


ROOMS = sorted(
    path.parent for path in SOURCES if path.name == "__init__.py" and path.parent.name != "ocop_workflow"
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.relative_to(ROOT / "ocop_workflow")))
def test_each_room_says_in_one_sentence_what_it_is(room: Path) -> None:
    first = (room / "__init__.py").read_text("utf-8").split('"""')[1].split("\n")[0]
    assert first.endswith((".", "?"))
    assert len(first) > 20


def _speaks_sql(path: Path) -> bool:
    return "store" in path.parts or path.stem == "queries" or path.stem.endswith("_queries")


def test_only_the_store_and_queries_speak_sql_and_only_the_store_commits() -> None:
    speaks = re.compile(r"\bfrom sqlalchemy\b|\bimport sqlalchemy\b")
    outside = [path for path in SOURCES if not _speaks_sql(path) and speaks.search(path.read_text("utf-8"))]
    assert outside == []
    commits = [path for path in SOURCES if ".commit(" in path.read_text("utf-8")]
    assert [path for path in commits if "store" not in path.parts] == []


ROWS = {"row", "rows", "found", "entry", "grant", "fact"}


def _is_of_a_row(value: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id in ROWS for part in ast.walk(value))


def nodes(path: Path) -> list[ast.AST]:
    """Return everything that stands in a file; three rules look through all of them."""
    return _nodes_of(path.read_text("utf-8"))


@cache
def _nodes_of(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


def _by_position(path: Path) -> Iterator[int]:
    """Yield the lines in which a record takes the values of a row, or some of them, in their order.

    In a file of queries whatever is spread out over a record's fields is a row, whatever its name.
    """
    queries = _speaks_sql(path) and "store" not in path.parts
    for call in nodes(path):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id[:1].isupper():
            spread = [value for value in call.args if isinstance(value, ast.Starred)]
            by_number = [
                value
                for value in call.args
                if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant)
            ]
            if any(queries or _is_of_a_row(value) for value in spread) or any(map(_is_of_a_row, by_number)):
                yield call.lineno


def test_no_row_becomes_a_record_by_the_places_of_its_columns() -> None:
    found = {path.name: lines for path in SOURCES if (lines := list(_by_position(path)))}
    assert found == {}


def test_the_search_for_rows_by_position_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "said_queries.py"
    path.write_text("[A(*row), B(*what, 1), C(row[0], 2), d(*row), E(row.id), Text(*said)]\n", "utf-8")
    assert len(list(_by_position(path))) == 4
    path = path.rename(tmp_path / "said.py")
    assert len(list(_by_position(path))) == 2


def _names_in_sql(path: Path, table: str) -> bool:
    """Tell whether a file takes a table from the store, or writes its name into a statement."""
    written = re.compile(rf"\b{table}\.\w|\b(from|join|into|update) {table}\b", re.IGNORECASE)
    for node in nodes(path):
        match node:
            case ast.ImportFrom(names=names) if table in {name.name for name in names}:
                return True
            case ast.Attribute(value=ast.Name("tables"), attr=attribute) if attribute == table:
                return True
            case ast.Call(func=ast.Name("text"), args=[words, *_]) if written.search(ast.unparse(words)):
                return True
    return False


def test_the_search_for_a_table_in_sql_finds_it(tmp_path: Path) -> None:
    path = tmp_path / "said_queries.py"
    for line in (
        "from ocop_workflow.store.tables import reminders",
        "tables.reminders",
        "text(\"reminders.status = 'due'\")",
    ):
        path.write_text(line, "utf-8")
        assert _names_in_sql(path, "reminders")
    path.write_text("reminders = taken.reminders\ntext('reminders')", "utf-8")
    assert not _names_in_sql(path, "reminders")


def test_reminders_have_one_home_and_two_rooms_with_statements_of_their_own() -> None:
    others = [path for path in SOURCES if "store" not in path.parts]
    naming = {
        str(path.relative_to(ROOT / "ocop_workflow")) for path in others if _names_in_sql(path, "reminders")
    }
    assert naming == {
        "letters/reminder_queries.py",
        "sweep/reminder_queries.py",
        "upkeep/examination/deadline_queries.py",
    }


def test_nobody_imports_the_scheduler_or_the_machine_but_their_doors() -> None:
    doors = {"apscheduler": "scheduler.py", "transitions": "machine.py"}
    for library, door in doors.items():
        importers = [
            path.name
            for path in SOURCES
            if re.search(rf"^(from|import) {library}\b", path.read_text("utf-8"), re.MULTILINE)
        ]
        assert importers == [door]


def test_files_stay_small() -> None:
    sizes = sorted(
        len(path.read_text("utf-8").splitlines()) for path in SOURCES if "versions" not in path.parts
    )
    assert sizes[-1] <= 400
    assert sizes[len(sizes) // 2] <= 140  # the aim is about 120


def test_no_file_records_where_packages_came_from() -> None:
    pinned = (ROOT / "constraints.txt").read_text("utf-8")
    assert "://" not in pinned
    assert all(re.match(r"[A-Za-z0-9_.-]+==\S+", line) for line in pinned.splitlines() if line.strip())


def test_what_the_project_declares_is_pinned() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [
        *declared["dependencies"],
        *(name for extra in declared["optional-dependencies"].values() for name in extra),
    ]
    pinned = {
        line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    wanted = {re.split(r"[\[<>=;~! ]", name)[0].lower().replace("_", "-") for name in names}
    assert wanted - pinned == set()


def _commands(group: typer.Typer, words: str) -> Iterator[str]:
    for command in group.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        yield f"{words} {name}"
    for below in group.registered_groups:
        assert below.typer_instance is not None
        yield from _commands(below.typer_instance, f"{words} {below.name}")


def test_every_command_stands_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    commands = [words for name in PARTS for words in _commands(part(name), "ocop")]
    assert [name for name in commands if f"`{name}`" not in page] == []
    assert len(commands) > 50


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_the_command_line_holds_the_commands_that_the_help_lists(name: str) -> None:
    assert {words.split()[1] for words in _commands(part(name), "ocop")} == set(PARTS[name])


def test_the_help_gives_each_command_one_line_of_a_terminal() -> None:
    lines = CliRunner().invoke(command_line(), ["--help"], terminal_width=80).output.splitlines()
    listed = lines[lines.index("Các lệnh / Commands:") + 1 :]
    assert [line.split()[0] for line in listed] == [name for held in PARTS.values() for name in held]


def test_the_glossary_has_each_word_once_and_every_table() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    words = [word for row in rows for word in row.lower().split(", ")]
    assert len(words) > 60
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [table for table in metadata.tables if f"`{table}`" not in page] == []


def test_no_two_classes_of_the_package_share_a_name() -> None:
    places: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_room_is_flat_with_more_files_than_one_overlooks() -> None:
    files = Counter(path.parent for path in SOURCES if path.parent.name != "versions")
    assert {str(room.relative_to(ROOT)): held for room, held in files.items() if held > 15} == {}


def test_every_word_of_the_glossary_stands_where_it_says() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    places = re.findall(
        r"`((?:views|regulations|states|access|calendar|notifications|store|places|audit|people|letters|plans|certificates|deadlines|products|privacy|changes|sweep|overview|upkeep)\.[\w.]+)`",
        page,
    )
    assert len(places) > 20
    for place in places:
        module, _, name = place.rpartition(".")
        try:
            import_module(f"ocop_workflow.{place}")
        except ModuleNotFoundError:
            assert hasattr(import_module(f"ocop_workflow.{module}"), name), place


def test_links_of_the_documents_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_mail_addresses_lead_nowhere_real() -> None:
    address = re.compile(rb"[\w.+-]+@([\w-]+\.)+[a-z]{2,}")
    for path in (ROOT / "ocop_workflow").rglob("*"):
        if path.is_file() and path.suffix in {".py", ".toml", ".csv", ".txt", ".html", ".md"}:
            found = {match.group(0) for match in address.finditer(path.read_bytes())}
            assert {item for item in found if not item.endswith(b".example")} == set(), path


def test_help_needs_no_heavy_library() -> None:
    heavy = ("sqlalchemy", "alembic", "jinja2", "openpyxl", "apscheduler", "transitions", "pydantic_settings")
    program = f"import sys, ocop_workflow.cli\nprint([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "ocop_workflow", "--help"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "Usage: ocop " in done.stdout


def test_vietnamese_comes_out_whole_on_a_host_set_to_another_alphabet() -> None:
    command = [sys.executable, "-m", "ocop_workflow", "plan", "check", "duc-pho-2024"]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    assert done.stdout.decode().startswith("duc-pho-2024: đúng.")


@pytest.mark.parametrize(
    ("environment", "named", "steps"),
    [
        (None, True, ["-m venv .venv", "install"]),
        ("same", True, ["install"]),
        ("another", True, ["rm -rf .venv", "-m venv .venv", "install"]),
        ("another", False, ["install"]),
    ],
)
def test_whoever_names_a_python_gets_an_environment_of_it(
    tmp_path: Path, environment: str | None, named: bool, steps: list[str]
) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    if environment is not None:
        shown = f"Python {platform.python_version()}" if environment == "same" else "Python 3.9.2"
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\necho {shown}\n")
        python.chmod(0o700)
    words = ["make", "--dry-run", "run", *([f"PYTHON={sys.executable}"] if named else [])]
    outer = ("MAKE", "PYTHON")  # what a `make test PYTHON=…` hands to all that it runs
    clean = {name: value for name, value in os.environ.items() if not name.startswith(outer)}  # noqa: TID251 - likewise
    told = subprocess.run(words, cwd=tmp_path, env=clean, capture_output=True, text=True, check=True).stdout
    marks = re.compile(r"rm -rf \.venv|-m venv \.venv|install")
    assert marks.findall(told) == steps
