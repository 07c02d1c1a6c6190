"""What a file is, told by what stands in it and never by its name. Nothing is unpacked."""

from __future__ import annotations

import struct
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileKind(Enum):
    """A kind of file that is taken: its name for people, its media type, how names of it end."""

    PDF = ("PDF", "application/pdf", ("pdf",))
    JPEG = ("JPEG", "image/jpeg", ("jpg", "jpeg"))
    PNG = ("PNG", "image/png", ("png",))
    DOCX = ("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
    XLSX = ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
    ZIP = ("ZIP", "application/zip", ("zip",))

    def __init__(self, label: str, media_type: str, endings: tuple[str, ...]) -> None:
        self.label = label
        self.media_type = media_type
        self.endings = endings


#: how the kinds that are no archive begin
_BEGINNINGS: Final = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
)
_ARCHIVE: Final = b"PK\x03\x04"

#: the end of an archive: its mark, the size of its list of contents, and where that begins
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
#: a comment of 65,535 bytes may follow the end
_TAIL: Final = _END.size + 0xFFFF
#: one line of the list of contents, before the name that follows
_ENTRY: Final = struct.Struct("<4s4B4HL2L5H2L")
_ENTRY_MARK: Final = b"PK\x01\x02"
#: bytes of a list of contents that are looked at: no document of an office has a longer one
_LONGEST_LIST: Final = 1024 * 1024

#: what a document of an office holds; a program in it is not taken
_PARTS: Final = ((b"word/document.xml", FileKind.DOCX), (b"xl/workbook.xml", FileKind.XLSX))
_CONTENT_TYPES: Final = b"[Content_Types].xml"
_PROGRAM: Final = b"vbaProject.bin"


def kind_of(file: BinaryIO) -> FileKind | None:
    """Tell what a file is; none: nothing that is taken.

    Of an archive only the list of its contents is read, within a bound: how much it would unpack to does not
    matter to anybody here.

    Args:
        file: it is read from wherever is wanted; where it stands afterwards is not said.
    """
    file.seek(0)
    head = file.read(8)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    return _kind_of_archive(file) if head.startswith(_ARCHIVE) else None


def _kind_of_archive(file: BinaryIO) -> FileKind | None:
    listed = _list_of_contents(file)
    if listed is None:
        return None
    names = set(_names(listed))
    if any(name.endswith(_PROGRAM) for name in names):
        return None
    if _CONTENT_TYPES in names:
        return next((kind for part, kind in _PARTS if part in names), FileKind.ZIP)
    return FileKind.ZIP


def _list_of_contents(file: BinaryIO) -> bytes | None:
    """Return the list of an archive's contents, no more of it than is looked at; none: it is cut off."""
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL, 0))
    tail = file.read(_TAIL)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return None
    *_, length, begins, _comment = _END.unpack_from(tail, at)
    if begins + length > size:  # also where it says that the numbers stand elsewhere: larger than is taken
        return None
    file.seek(begins)
    return file.read(min(length, _LONGEST_LIST))


def _names(listed: bytes) -> Iterator[bytes]:
    at = 0
    while len(listed) - at >= _ENTRY.size and listed.startswith(_ENTRY_MARK, at):
        lengths = struct.unpack_from("<3H", listed, at + 28)
        yield listed[at + _ENTRY.size : at + _ENTRY.size + lengths[0]]
        at += _ENTRY.size + sum(lengths)
