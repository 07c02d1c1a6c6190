"""What a file is, told by its content; what is not taken; that nothing is unpacked."""

from __future__ import annotations

import io
import struct
import tracemalloc

import pytest

from ocop_workflow.files.kinds import FileKind, kind_of
from tests.files.samples import DOCM, DOCX, JPEG, PDF, PNG, XLSX, ZIP, archive


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, FileKind.PDF),
        (JPEG, FileKind.JPEG),
        (PNG, FileKind.PNG),
        (DOCX, FileKind.DOCX),
        (XLSX, FileKind.XLSX),
        (ZIP, FileKind.ZIP),
        (ZIP + b"a comment behind it", FileKind.ZIP),
    ],
)
def test_a_file_is_what_stands_in_it(content: bytes, kind: FileKind) -> None:
    assert kind_of(io.BytesIO(content)) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF",
        b"MZ\x90\x00 a program",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='x' onload='alert(1)'/>",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a document of Word 97",
        b"  %PDF-1.7 behind something else",
        DOCM,
        ZIP[:-10],
        ZIP[: len(ZIP) // 2],
        b"PK\x03\x04 and nothing more",
        b"PK\x05\x06" + bytes(18),
    ],
)
def test_whatever_else_it_is_is_not_taken(content: bytes) -> None:
    assert kind_of(io.BytesIO(content)) is None


def test_an_archive_that_lies_about_where_its_list_stands_is_not_taken() -> None:
    at = ZIP.rfind(b"PK\x05\x06")
    assert kind_of(io.BytesIO(ZIP[: at + 12] + struct.pack("<2LH", 2**32 - 1, 2**32 - 1, 0))) is None
    (length,) = struct.unpack_from("<L", ZIP, at + 12)
    garbage = ZIP[: at + 12] + struct.pack("<2LH", length, 3, 0)
    assert kind_of(io.BytesIO(garbage)) is FileKind.ZIP  # an archive that nobody here opens


@pytest.mark.ordeal
def test_a_bomb_is_not_opened() -> None:
    """A gigabyte of zeros in a megabyte: only the list of its contents is read."""
    bomb = archive("[Content_Types].xml", "word/document.xml", content=bytes(200 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    tracemalloc.start()
    assert kind_of(io.BytesIO(bomb)) is FileKind.DOCX
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * 1024 * 1024


def test_of_a_list_without_end_only_the_beginning_is_read() -> None:
    many = archive(*(f"{number:0200}" for number in range(6000)), content=b"")
    assert kind_of(io.BytesIO(many)) is FileKind.ZIP
