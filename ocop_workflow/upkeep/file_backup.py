"""The files of papers beside backups: copied where they are not held yet, brought back by a restore.

All backups of one folder share one folder `files`: a file is named by its hash, so that none is copied twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text, Unavailable
from ocop_workflow.files import FileStore
from ocop_workflow.store.files import write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ocop_workflow.dossiers.file_queries import FileFact

#: the folder beside a backup
FOLDER: Final = "files"
#: after so many files that cannot be copied one stops trying: a disk that is full is full for all
_ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class FilesCopied:
    """What became of files: how many are wanted, how many of them were copied now, what could not be."""

    wanted: int
    copied: int
    findings: tuple[Text, ...] = ()


NO_FILES: Final = FilesCopied(0, 0)


def folder_beside(backup: Path) -> FileStore:
    """Return the store that lies beside a backup."""
    return FileStore((backup.absolute().parent / FOLDER).as_uri())


def back_files_up(files: FileStore, wanted: Sequence[FileFact], backup: Path) -> FilesCopied:
    """Copy what a backup speaks of and its folder does not hold yet; of a store elsewhere only the list.

    The list stands beside the backup (`….files`): a hash and a size in bytes on each line.

    Args:
        files: the store in which the files lie.
        wanted: the files that the backup speaks of.
        backup: the finished backup.

    Raises:
        Conflict, Unavailable: the list cannot be written.
    """
    if files.folder is not None:
        return bring_files(folder_beside(backup), files, wanted)
    sizes = {item.sha256: item.size for item in wanted}
    if sizes:
        lines = "".join(f"{sha256} {size}\n" for sha256, size in sorted(sizes.items()))
        write_new(backup.with_name(f"{backup.name}.{FOLDER}"), lines.encode())
    return FilesCopied(len(sizes), 0, tuple(_lacking(files, wanted)))


def _lacking(files: FileStore, wanted: Iterable[FileFact]) -> Iterable[Text]:
    try:
        there = files.sizes()
    except Unavailable as error:
        return [error.text]
    return [_uncopied(item) for item in wanted if there.get(item.sha256) != item.size]


def bring_files(into: FileStore, out_of: FileStore, wanted: Iterable[FileFact]) -> FilesCopied:
    """Copy from one store into another what is wanted and not there; each is compared with its name."""
    by_name = {item.sha256: item for item in wanted}
    if not by_name:
        return NO_FILES
    try:
        there = into.sizes()
    except Unavailable as error:
        return FilesCopied(len(by_name), 0, (error.text,))
    copied, findings = 0, []
    for item in by_name.values():
        if there.get(item.sha256) == item.size:
            continue
        try:
            into.take_over(out_of, [item.sha256])
            copied += 1
        except Unavailable as error:
            findings += [_uncopied(item, error.text)]
        if len(findings) == _ENOUGH:
            break
    return FilesCopied(len(by_name), copied, tuple(findings))


def _uncopied(item: FileFact, why: Text | None = None) -> Text:
    vi, en = (f" {why.vi}", f" {why.en}") if why else ("", "")
    return Text(
        f"Tệp {item.id} ({item.name}) của {item.code}: không có bản chép.{vi}",
        f"File {item.id} ({item.name}) of {item.code}: no copy of it.{en}",
    )
