"""A mailer that sends nothing: each letter becomes a file that any mail program opens."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ocop_workflow.notifications.mailer import RelayError

if TYPE_CHECKING:
    from pathlib import Path


class FileMailer:
    """Puts each letter into `<number>-<recipient>.eml`, byte for byte; nobody is written to."""

    def __init__(self, folder: Path) -> None:
        """Keep the letters in `folder`, which is made with the first of them."""
        self._folder = folder

    def send(self, sender: str, recipient: str, message: bytes) -> str:  # noqa: ARG002 - the sender stands in it
        """Write one letter; see `Mailer.send`. Returns where it lies.

        Raises:
            RelayError: the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = sum(1 for _ in self._folder.glob("*.eml")) + 1
            path = self._folder / f"{number:03}-{recipient.replace('/', '_')}.eml"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message)
        except OSError as error:
            raise RelayError(f"{self._folder}: {error.strerror}") from error
        return f"file {path}"

    def close(self) -> None:
        """Nothing is open."""
