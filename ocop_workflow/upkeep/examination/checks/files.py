"""The files' rule: what is on record of a file can be true, and the store holds that very file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocop_workflow.dossiers.file_queries import files_on_record
from ocop_workflow.errors import Text, Unavailable
from ocop_workflow.files import FileKind
from ocop_workflow.upkeep.examination.findings import NOTHING, REPORT, Finding, Severity
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.dossiers.file_queries import FileFact
    from ocop_workflow.files import FileStore
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_KINDS: Final = {kind.media_type for kind in FileKind}

BRING_BACK = Text(
    "Chép tệp có tên ấy từ thư mục `files` cạnh bản sao lưu về kho tệp, hoặc gửi lại tệp gốc.",
    "Copy the file of this name from the folder `files` beside a backup into the store, or send it again.",
)
REACH = Text(
    "Xem `OCOP_FILES_URL`, máy chủ của kho tệp và quyền của dịch vụ ở đó.",
    "See `OCOP_FILES_URL`, the store's machine, and what the service may do there.",
)


def files_are_there(snapshot: Snapshot) -> Iterator[Finding]:
    """42. Every file on record lies in the store with its size; what else lies there is noted."""
    recorded = files_on_record(snapshot.tx)
    for item in recorded:
        if not (_HASH.fullmatch(item.sha256) and item.size > 0 and item.media_type in _KINDS):
            text = Text(
                f"Tệp {item.id} của {item.code}: dấu, cỡ hoặc loại ghi sai.",
                f"File {item.id} of {item.code}: its hash, size or kind cannot be.",
            )
            yield Finding(item.table, str(item.id), text, REPORT)
    if snapshot.files is not None:
        yield from _compared(snapshot.files, recorded)


def _compared(files: FileStore, recorded: Sequence[FileFact]) -> Iterator[Finding]:
    try:
        there = files.sizes()
    except Unavailable as error:
        yield Finding("", "files", error.text, REACH, Severity.WARNING)
        return
    for item in recorded:
        size = there.get(item.sha256)
        if size != item.size:
            vi = "không còn trong kho tệp" if size is None else f"trong kho tệp dài {size} byte"
            en = "is not in the store" if size is None else f"has {size} bytes in the store"
            text = Text(
                f"Tệp {item.id} ({item.name}, {item.sha256}) của {item.code}: {vi}, lẽ ra {item.size} byte.",
                f"File {item.id} ({item.name}, {item.sha256}) of {item.code}: {en}; "
                f"it has to have {item.size} bytes.",
            )
            yield Finding(item.table, str(item.id), text, BRING_BACK)
    others = there.keys() - {item.sha256 for item in recorded}
    if others:
        size = sum(there[name] for name in others)
        text = Text(
            f"Kho tệp còn {len(others)} tệp ({number(size)} byte) mà không giấy tờ nào nhắc tới, ví dụ "
            f"{min(others)}: gửi dở, hoặc của cơ sở dữ liệu trước khi khôi phục.",
            f"The store holds {len(others)} files ({size} bytes) that no paper speaks of, {min(others)} say: "
            "sent in part, or of a database before a restore.",
        )
        yield Finding("", "files", text, NOTHING, Severity.NOTE)
