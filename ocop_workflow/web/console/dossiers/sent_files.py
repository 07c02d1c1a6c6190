"""A file that came with a form: kept in the store; and what a form says of the files that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.files import FileKind
from ocop_workflow.files.keeping import PART
from ocop_workflow.files.uploads import MIB

if TYPE_CHECKING:
    from ocop_workflow.files import KeptFile
    from ocop_workflow.web.console.frame.call import Call


def keep_sent_file(call: Call) -> KeptFile:
    """Keep the file that was sent along.

    Raises:
        InvalidInput: none was chosen, it is empty, or of a kind that is not taken.
        TooLarge: it is larger than is taken.
        Unavailable: the disk is full, or the store is away.
    """
    given = call.file("file")
    if given is None:
        raise InvalidInput(
            "Chưa chọn tệp.", "No file was chosen.", [fault("file", "chưa chọn tệp", "no file was chosen")]
        )
    files = call.application.files
    with files.upload() as upload:
        upload.add_all(iter(lambda: given.file.read(PART), b""))
        return files.keep(upload, given.filename or "")


def what_is_taken(call: Call) -> dict[str, Any]:
    """Return what a form with a file says: for the browser, the kinds for people, and how many MiB."""
    words = [word for kind in FileKind for word in (kind.media_type, *map(".{}".format, kind.endings))]
    return {
        "taken": ",".join(words),
        "kinds_taken": ", ".join(kind.label for kind in FileKind),
        "largest": call.application.files.largest // MIB,
    }
