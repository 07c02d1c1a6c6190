"""What the program prints as a command can be pasted as it is, and works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.cli import command_line
from tests.cli.conftest import TOWN, Said

Ocop = Callable[..., Said]
SEED = "duc-pho-2024"
SOURCES = sorted((Path(__file__).parents[2] / "ocop_workflow").rglob("*.py"))


def printed(said: Said) -> list[str]:
    """Return the lines of an answer that are commands, and the commands between backticks."""
    text = said.out + said.err
    return [
        *re.findall(r"^ *(ocop .+)$", text, re.MULTILINE),
        *re.findall(r"`(ocop [^`]+)`", text),
    ]


@pytest.fixture
def staffed(lead: Callable[..., Ocop], monkeypatch: pytest.MonkeyPatch) -> Ocop:
    """The town with officers: from now on somebody has to be named."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    added = (
        ("officer", "add", login, "--role", role, "--unit", unit)
        for login, role, unit in (
            ("lan", "commune_officer", "pho-an"),
            ("minh", "authority_officer", "duc-pho"),
            ("quan", "administrator", "duc-pho"),
        )
    )
    return lead(*TOWN, *added)


@pytest.fixture
def changed(home: Path) -> str:
    """A changed plan in a file with a blank in its name."""
    path = home / "kế hoạch sửa.toml"
    old = '{ months = ["2024-03", "2024-04"] }'
    path.write_text(shipped_plan_text(SEED).replace(old, "{ by = 2024-05-15 }"), "utf-8")
    return str(path)


EXTEND = (
    "plan", "extend", SEED, "registration", "DP24-002", "--to", "20/5/2024",
    "--decision", "15/QĐ-UBND", "--decided", "22/4/2024", "--reason", "bão số 1",
)  # fmt: skip


def flows(changed: str) -> Iterator[tuple[str, ...]]:
    """Yield what asks to be confirmed."""
    yield "plan", "load", changed
    yield EXTEND
    yield "plan", "revoke-extension", "1"
    yield "plan", "remove", SEED


def test_a_confirmation_is_pasted_as_it_stands_though_nobody_was_named(staffed: Ocop, changed: str) -> None:
    for words in flows(changed):
        asked = staffed(*words)
        assert asked.code == 1, asked.err
        (line,) = printed(asked)
        assert shlex.split(line)[1:-2] == [*words, "--as", "minh"]  # who may change plans
        done = staffed(*shlex.split(line)[1:])
        assert done.code == 0, (line, done.err)


def test_whoever_is_named_stands_in_it_and_may_do_it(staffed: Ocop, changed: str) -> None:
    for words in flows(changed):
        (line,) = printed(staffed(*words, "--as", "minh"))
        assert shlex.split(line)[1:-2] == [*words, "--as", "minh"]
        assert staffed(*words, "--as", "minh", "--json").json["confirm"] == line
        refused = staffed(*words, "--as", "lan")
        assert (refused.code, "lan không có quyền" in refused.err) == (1, True)
        assert staffed(*shlex.split(line)[1:]).code == 0


def test_before_there_are_officers_nobody_has_to_be_named(town: Ocop, changed: str) -> None:
    for words in flows(changed):
        (line,) = printed(town(*words))
        assert shlex.split(line)[1:-2] == list(words)
        assert town(*shlex.split(line)[1:]).code == 0


def test_the_advice_for_a_plan_that_is_not_loaded_can_be_followed(staffed: Ocop) -> None:
    for unknown in ("example-2026", "no such plan"):
        for words in (("plan", "show", unknown), ("import", "x.csv", "--plan", unknown)):
            said = staffed(*words)
            for line in printed(said):
                assert staffed(*shlex.split(line)[1:]).code == 0, line


def literals() -> list[str]:
    """Return every command that the program's own texts hold between backticks."""
    found = {line for path in SOURCES for line in re.findall(r"`(ocop [^`…{]+)`", path.read_text("utf-8"))}
    return sorted(found)


@pytest.mark.parametrize("line", literals())
def test_every_command_that_a_text_names_is_one(line: str) -> None:
    command: Any = typer.main.get_command(command_line())
    words = shlex.split(line)[1:]
    while hasattr(command, "commands") and words:
        command = command.commands[words.pop(0)]
    options = {"--help", *(name for param in command.params for name in param.opts)}
    assert {word for word in words if word.startswith("--")} <= options
