"""The list of erasures, beside the send journal: it outlives a restored backup, which has forgotten them.

It names values by their marks and officers by their logins, never a value itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.letters.journal import read_lines, write_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path

_NAME = Text("sổ xoá dữ liệu cá nhân", "list of erasures")


@dataclass(frozen=True, slots=True)
class Listed:
    """What was erased so far."""

    marks: frozenset[str]
    logins: frozenset[str]


class Erasures:
    """The list as the services see it; without a path nothing is remembered."""

    def __init__(self, path: Path | None = None) -> None:
        """Keep a list at `path`."""
        self.path = path

    def append(self, marks: Collection[str], logins: Collection[str], at: datetime) -> None:
        """Write down what is erased, and wait until the disk has it.

        Raises:
            Unavailable: the file cannot be written.
        """
        if self.path is not None:
            line = {"erased": sorted(marks), "officers": sorted(logins), "at": at.isoformat()}
            write_line(self.path, line, _NAME)

    def listed(self) -> Listed:
        """Return all that was erased.

        Raises:
            Unavailable: the file cannot be read.
        """
        marks: set[str] = set()
        logins: set[str] = set()
        for line in read_lines(self.path, _NAME) if self.path is not None else ():
            marks.update(line.get("erased", ()))
            logins.update(line.get("officers", ()))
        return Listed(frozenset(marks), frozenset(logins))


NO_ERASURES = Erasures()
