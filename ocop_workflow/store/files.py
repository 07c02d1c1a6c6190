"""Files that are to outlast a power cut, and that other users of the host are not to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ocop_workflow.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, and never over another.

    Raises:
        Conflict: there is a file of this name.
        Unavailable: it cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise Conflict(
            f"Đã có tệp {path}; hãy chọn tên khác.", f"There is a file {path}; choose another name."
        ) from None
    except OSError as error:
        raise Unavailable(
            f"Không ghi được tệp {path} ({error.strerror}).",
            f"The file {path} cannot be written ({error.strerror}).",
        ) from error


def sync(path: Path) -> None:
    """Wait until the disk has a file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def close_to_others(path: Path) -> None:
    """Take from everybody but the owner what rights they have to a file."""
    mode = path.stat().st_mode
    if mode & 0o077 and os.name == "posix":  # elsewhere the mode says nothing
        path.chmod(mode & 0o700)
