"""The systemd units that ship: the backup comes first and waits for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocop_workflow.cli.commands import PARTS

FOLDER = Path(__file__).parents[1] / "docs" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
COMMANDS = {name for held in PARTS.values() for name in held}


def started(path: Path) -> list[str]:
    """Return the commands of `ocop` that a unit starts."""
    return re.findall(r"^ExecStart=.*?/bin/ocop (\w+)", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_starts_one_thing_so_that_no_other_can_keep_it_from_being_done(path: Path) -> None:
    (command,) = started(path)
    assert command in COMMANDS


def test_the_backup_comes_before_the_examination_and_lies_apart_from_the_data() -> None:
    at = {
        name: re.findall(r"OnCalendar=\S+ (\S+)", (FOLDER / f"ocop-{name}.timer").read_text("utf-8"))
        for name in ("backup", "doctor")
    }
    assert at["backup"] < at["doctor"]
    unit = (FOLDER / "ocop-backup.service").read_text("utf-8")
    (target,) = re.findall(r'ocop backup "([^"]+)"', unit)
    (home,) = re.findall(r"WorkingDirectory=(.+)", unit)
    assert not target.startswith(home)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_what_a_unit_writes_is_closed_to_other_users(path: Path) -> None:
    assert "\nUMask=0077\n" in path.read_text("utf-8")
