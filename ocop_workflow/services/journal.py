"""The send journal: an append-only file beside the database that says which letters the relay has taken.

It outlives a restored backup, which has forgotten them. One line of JSON for each letter; a line that was
torn by a power cut is no line.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def append(path: Path, message_id: str, at: datetime) -> None:
    """Write down that the relay has taken a letter, and wait until the disk has it.

    Args:
        path: the journal; it is made if it is not there.
        message_id: the letter's Message-ID.
        at: the UTC instant at which it was taken.

    Raises:
        Unavailable: the file cannot be written.
    """
    _write(path, {"sent": message_id, "at": at.isoformat()})


def mark_restored(path: Path, at: datetime) -> None:
    """Write down that a backup was restored: it may have forgotten the letters that stand above.

    Raises:
        Unavailable: the file cannot be written.
    """
    _write(path, {"restored": True, "at": at.astimezone(UTC).isoformat()})


def sent_ids(path: Path) -> set[str]:
    """Return the Message-IDs of all letters that the journal knows; none if there is no journal.

    Raises:
        Unavailable: the file cannot be read.
    """
    return set(sent_at(path))


def sent_at(path: Path) -> dict[str, datetime]:
    """Return when each letter that the journal knows was taken, by its Message-ID.

    Raises:
        Unavailable: the file cannot be read.
    """
    return {line["sent"]: datetime.fromisoformat(line["at"]) for line in _lines(path) if "sent" in line}


def sent_before_restore(path: Path) -> set[str]:
    """Return the Message-IDs of the letters that went out before the last time a backup was restored.

    Raises:
        Unavailable: the file cannot be read.
    """
    found: set[str] = set()
    since: set[str] = set()
    for line in _lines(path):
        if "sent" in line:
            since.add(line["sent"])
        else:
            found |= since
    return found


class Journal:
    """The journal as delivery sees it; without a path nothing is remembered."""

    def __init__(self, path: Path | None = None) -> None:
        """Keep a journal at `path`."""
        self.path = path

    def append(self, message_id: str, at: datetime) -> None:
        """Write down that the relay has taken a letter. Raises: see `append`."""
        if self.path is not None:
            append(self.path, message_id, at)

    def mark_restored(self, at: datetime) -> None:
        """Write down that a backup was restored. Raises: see `mark_restored`."""
        if self.path is not None:
            mark_restored(self.path, at)

    def forgotten(self) -> set[str]:
        """Return the letters that a restored database may not know. Raises: see `sent_before_restore`."""
        return sent_before_restore(self.path) if self.path is not None else set()


NO_JOURNAL = Journal()


def _write(path: Path, line: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            content = json.dumps(line).encode() + b"\n"
            os.write(file, content if _ends_well(file) else b"\n" + content)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise _unusable(path, error) from error


def _ends_well(file: int) -> bool:
    """Tell whether the last line is whole; a torn one is left to itself."""
    if os.lseek(file, 0, os.SEEK_END) == 0:
        return True
    os.lseek(file, -1, os.SEEK_END)
    return os.read(file, 1) == b"\n"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for line in file:
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict) and "at" in found:
                    yield found
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"Không dùng được sổ thư đã gửi {path} ({error.strerror}); xem OCOP_SEND_JOURNAL.",
        f"The send journal {path} cannot be used ({error.strerror}); see OCOP_SEND_JOURNAL.",
    )
