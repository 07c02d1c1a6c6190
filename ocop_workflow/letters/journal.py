"""The send journal: an append-only file beside the database that says which letters the relay has taken.

It outlives a restored backup, which has forgotten them. One line of JSON for each letter; a line that was
torn by a power cut is no line.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Text, Unavailable
from ocop_workflow.store.files import sync_folder
from ocop_workflow.store.troubles.errors import IN_PART, full_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


#: what people call the list
SENT = Text("sổ thư đã gửi", "send journal")


def append(path: Path, message_id: str, at: datetime) -> None:
    """Write down that the relay has taken a letter, and wait until the disk has it.

    Args:
        path: the journal; it is made if it is not there.
        message_id: the letter's Message-ID.
        at: the UTC instant at which it was taken.

    Raises:
        Unavailable: the file cannot be written.
    """
    write_line(path, {"sent": message_id, "at": at.isoformat()})


def mark_restored(path: Path, at: datetime) -> None:
    """Write down that a backup was restored: it may have forgotten the letters that stand above.

    Raises:
        Unavailable: the file cannot be written.
    """
    write_line(path, {"restored": True, "at": at.astimezone(UTC).isoformat()})


def sent_at(path: Path) -> dict[str, datetime]:
    """Return when each letter that the journal knows was taken, by its Message-ID.

    Raises:
        Unavailable: the file cannot be read.
    """
    return {line["sent"]: datetime.fromisoformat(line["at"]) for line in read_lines(path) if "sent" in line}


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a journal knows of letters that went out.

    Attributes:
        sent: when, by their Message-IDs.
        forgotten: of those before the last time a backup was restored: the database may not know of them.
    """

    sent: Mapping[str, datetime] = field(default_factory=dict)
    forgotten: frozenset[str] = frozenset()

    def has(self, message_id: str, in_doubt_since: datetime | None) -> bool:
        """Tell whether a letter that is about to be sent has gone out.

        Args:
            message_id: its Message-ID.
            in_doubt_since: when it was written, if nobody knows how an attempt of it has ended: its sender
                may have died behind its line. An earlier line is another database's, of the same folder.
        """
        if message_id in self.forgotten:
            return True
        at = self.sent.get(message_id)
        return at is not None and in_doubt_since is not None and at >= in_doubt_since


def known(path: Path) -> Journalled:
    """Return what the journal knows.

    Raises:
        Unavailable: the file cannot be read.
    """
    sent: dict[str, datetime] = {}
    forgotten: set[str] = set()
    for line in read_lines(path):
        if "sent" in line:
            sent[line["sent"]] = datetime.fromisoformat(line["at"])
        else:
            forgotten |= sent.keys()
    return Journalled(sent, frozenset(forgotten))


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

    def known(self) -> Journalled:
        """Return what the journal knows of letters that went out. Raises: see `known`."""
        return known(self.path) if self.path is not None else Journalled()

    def refuse_unwritable(self) -> None:
        """Let nobody send a letter that could not be written down.

        Raises:
            Unavailable: the file cannot be written, nor made if it is not there.
        """
        if self.path is not None:
            with _opened(self.path):
                pass

    @property
    def is_writable(self) -> bool:
        """Whether a line could be written, as far as one sees without touching anything."""
        if self.path is None:
            return True
        place = self.path.absolute()
        if place.exists():
            return place.is_file() and os.access(place, os.W_OK)
        folder = next(parent for parent in place.parents if parent.exists())
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


NO_JOURNAL = Journal()


def write_line(path: Path, line: dict[str, Any], name: Text = SENT) -> None:
    """Append a line to a list beside the database, and wait until the disk has it.

    Args:
        path: the list; it is made if it is not there.
        line: what it is to say.
        name: what people call the list.

    Raises:
        Unavailable: the file cannot be written.
    """
    with _opened(path, name) as file:
        content = json.dumps(line).encode() + b"\n"
        os.write(file, content if _ends_well(file) else b"\n" + content)
        os.fsync(file)


@contextmanager
def _opened(path: Path, name: Text = SENT) -> Iterator[int]:
    """Open the journal to append to it; one that is made anew is there for good before it is written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if is_new:
                sync_folder(path.parent)
            yield file
        finally:
            os.close(file)
    except OSError as error:
        raise _unusable(path, error, name) from error


def _ends_well(file: int) -> bool:
    """Tell whether the last line is whole; a torn one is left to itself."""
    if os.lseek(file, 0, os.SEEK_END) == 0:
        return True
    os.lseek(file, -1, os.SEEK_END)
    return os.read(file, 1) == b"\n"


def read_lines(path: Path, name: Text = SENT) -> Iterator[dict[str, Any]]:
    """Yield what the whole lines of a list say; none if there is no list.

    Raises:
        Unavailable: the file cannot be read.
    """
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
        raise _unusable(path, error, name) from error


def _unusable(path: Path, error: OSError, name: Text) -> Unavailable:
    if error.errno == errno.ENOSPC:
        return full_disk(IN_PART)
    return Unavailable(
        f"Không dùng được {name.vi} {path} ({error.strerror}); xem OCOP_SEND_JOURNAL.",
        f"The {name.en} {path} cannot be used ({error.strerror}); see OCOP_SEND_JOURNAL.",
    )
