"""A file on its way in: bounded and hashed while it comes, in a nameless place until it is kept."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from ocop_workflow.errors import InvalidInput, NotFound, TooLarge, fault
from ocop_workflow.files.kinds import FileKind, kind_of
from ocop_workflow.files.names import clean_name
from ocop_workflow.files.troubles import unwritten

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

MIB = 1024 * 1024

#: the kinds that are taken, for people
_TAKEN = ", ".join(kind.label for kind in FileKind)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it lies in the store: its name for people, its size in bytes, what it is."""

    name: str
    size: int
    sha256: str
    kind: FileKind


class Upload:
    """What has come of a file so far. It is gone when it is closed."""

    def __init__(self, largest: int) -> None:
        """Begin. `largest`: bytes that are taken at most."""
        self._largest = largest
        self._hash = hashlib.sha256()
        self._size = 0
        try:
            self.file: BinaryIO = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - `close` closes it
        except OSError as error:
            raise unwritten(error) from error

    def __enter__(self) -> Self:
        """Give it to a block at whose end it is closed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what has come."""
        self.file.close()

    def add(self, part: bytes) -> None:
        """Take the next part.

        Raises:
            TooLarge: more has come than is taken.
            Unavailable: the disk is full.
        """
        self._size += len(part)
        if self._size > self._largest:
            raise too_large(self._largest)
        self._hash.update(part)
        try:
            self.file.write(part)
        except OSError as error:
            raise unwritten(error) from error

    def add_all(self, parts: Iterable[bytes]) -> None:
        """Take one part after the other; see `add`."""
        for part in parts:
            self.add(part)

    def add_file(self, path: Path) -> None:
        """Take a file of this host; see `add`.

        Raises:
            NotFound: there is no such file, or it cannot be read.
        """
        try:
            with path.open("rb") as file:
                self.add_all(iter(lambda: file.read(MIB), b""))
        except OSError as error:
            raise NotFound(
                f"Không đọc được tệp {path} ({error.strerror}).",
                f"The file {path} cannot be read ({error.strerror}).",
            ) from error

    def finish(self, name: str) -> KeptFile:
        """Tell what has come, now that all of it is there.

        Args:
            name: as somebody's computer named the file.

        Raises:
            InvalidInput: it is empty, or of a kind that is not taken.
            Unavailable: the disk is full.
        """
        if not self._size:
            raise _not_taken("tệp trống", "the file is empty")
        try:
            self.file.flush()
            kind = kind_of(self.file)
            self.file.seek(0)
        except OSError as error:
            raise unwritten(error) from error
        if kind is None:
            raise _not_taken(
                f"chỉ nhận {_TAKEN}, không hỏng và không chứa macro; tệp này là loại khác, hoặc hỏng",
                f"only {_TAKEN} are taken, whole and without macros; this is another kind, or damaged",
            )
        return KeptFile(clean_name(name, kind), self._size, self._hash.hexdigest(), kind)


def too_large(largest: int) -> TooLarge:
    """Say that a file is larger than is taken, in bytes."""
    most = largest // MIB
    return TooLarge(f"Tệp quá lớn (tối đa {most} MiB).", f"The file is too large ({most} MiB at most).")


def _not_taken(vi: str, en: str) -> InvalidInput:
    return InvalidInput("Tệp không nhận được.", "The file is not taken.", [fault("file", vi, en)])
