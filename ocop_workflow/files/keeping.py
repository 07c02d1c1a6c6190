"""The store in which files lie: a folder, or S3 and its like. The one door to `obstore`.

A file is named by its SHA-256, written before anything is recorded of it, and never changed: a crash leaves
at most a file that nothing speaks of, and the same file brought twice lies there once.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from urllib.parse import unquote, urlsplit

from ocop_workflow.files.troubles import damaged, missing, unread, unwritten
from ocop_workflow.files.uploads import MIB, KeptFile, Upload
from ocop_workflow.store.files import close_to_others, sync, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obstore.store import ObjectStore

#: bytes of a file that are taken at most, unless a setting says otherwise
LARGEST: Final = 50 * MIB
#: bytes that are handed on at a time
PART: Final = MIB

_NAME: Final = re.compile(r"[0-9a-f]{64}")
#: how long a store on other machines may take for one answer, in all its attempts
_PATIENCE: Final = timedelta(seconds=15)
_ATTEMPT: Final = timedelta(seconds=10)


class FileStore:
    """Where the files of papers lie. It is opened with the first file."""

    def __init__(self, url: str, largest: int = LARGEST) -> None:
        """Take its address (`file://`, `s3://` …) and how many bytes of one file are taken."""
        self.url = url
        self.largest = largest

    @cached_property
    def folder(self) -> Path | None:
        """The folder in which they lie; none: they lie on other machines."""
        parts = urlsplit(self.url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    @cached_property
    def _store(self) -> ObjectStore:
        from obstore.store import from_url  # noqa: PLC0415 - most commands need no file

        if self.folder is None:
            return from_url(
                self.url,
                # whether the line is encrypted says the endpoint's address: https unless somebody wrote http
                client_options={
                    "allow_http": True,
                    "timeout": _ATTEMPT,
                    "connect_timeout": timedelta(seconds=5),
                },
                retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
            )
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        return from_url(self.url)

    # -- taking in -----------------------------------------------------------------------------------

    def upload(self) -> Upload:
        """Begin to take a file in.

        Raises:
            Unavailable: the disk is full.
        """
        return Upload(self.largest)

    def keep(self, upload: Upload, name: str) -> KeptFile:
        """Keep a file that has come; when this returns it outlasts a power cut.

        Args:
            upload: all of the file.
            name: as somebody's computer named it.

        Raises:
            InvalidInput: it is empty, or of a kind that is not taken.
            Unavailable: the disk is full, or the store is away; nothing that counts was written.
        """
        kept = upload.finish(name)
        self._put(kept.sha256, upload.file)
        return kept

    def keep_copy(self, path: Path) -> KeptFile:
        """Keep a copy of a file that lies on this machine, under its own name.

        Args:
            path: of the file.

        Raises:
            InvalidInput: it is empty, too large, or of a kind that is not taken.
            Unavailable: the disk is full, or the store is away; nothing that counts was written.
        """
        with self.upload() as upload:
            upload.add_file(path)
            return self.keep(upload, path.name)

    def _put(self, sha256: str, file: BinaryIO) -> None:
        """Write a file under its name, also over one that lies there: was that damaged, now it is whole."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            obstore.put(self._store, sha256, file)
            if self.folder is not None:
                path = self.folder / sha256
                close_to_others(path)
                sync(path)
                sync_folder(self.folder)
        except (BaseError, OSError) as error:
            raise unwritten(error) from error

    # -- giving out ----------------------------------------------------------------------------------

    @contextmanager
    def read(self, sha256: str) -> Iterator[BinaryIO]:
        """Give a file, all of it and compared with its name before anybody sees a byte of it.

        Raises:
            Unavailable: it is not there, it is damaged, or the store is away.
        """
        with self.fetch(sha256) as file:
            yield file

    def fetch(self, sha256: str) -> BinaryIO:
        """Return a file as `read` does; whoever takes it closes it."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        if self._is_empty:
            raise missing(sha256)
        file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - whoever takes it closes it
        try:
            found = hashlib.sha256()
            for part in obstore.get(self._store, sha256).stream(min_chunk_size=PART):
                found.update(part)
                file.write(part)
            file.seek(0)
        except FileNotFoundError as error:
            file.close()
            raise missing(sha256) from error
        except (BaseError, OSError) as error:
            file.close()
            raise unread(error) from error
        if found.hexdigest() != sha256:
            file.close()
            raise damaged(sha256)
        return file

    @property
    def _is_empty(self) -> bool:
        return self.folder is not None and not self.folder.is_dir()

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of every file that lies here, by its SHA-256.

        Raises:
            Unavailable: the store is away.
        """
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        if self._is_empty:
            return {}
        try:
            return {
                meta["path"]: meta["size"]
                for batch in obstore.list(self._store)
                for meta in batch
                if _NAME.fullmatch(meta["path"])
            }
        except (BaseError, OSError) as error:
            raise unread(error) from error

    def take_over(self, other: FileStore, names: Iterable[str]) -> None:
        """Copy files of another store that are not here yet; each is compared with its name on its way.

        Raises:
            Unavailable: one is not there, is damaged, or cannot be written.
        """
        for sha256 in names:
            with other.read(sha256) as file:
                self._put(sha256, file)


__all__ = ["LARGEST", "PART", "FileStore"]
