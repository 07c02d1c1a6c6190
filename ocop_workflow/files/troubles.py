"""What a full disk, or a store that is away, means for whoever brings or wants a file."""

from __future__ import annotations

import errno
import logging
import re
from typing import Final

from ocop_workflow.errors import Unavailable

_log = logging.getLogger("ocop_workflow.files")

_FULL: Final = re.compile(r"no space left|os error 28\b|quota exceeded|os error 122\b", re.IGNORECASE)


def unwritten(error: Exception) -> Unavailable:
    """Say that a file could not be kept; the store's own words go into the log, not to people."""
    _log.warning("a file could not be kept: %s", _words(error))
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or _FULL.search(str(error)):
        return Unavailable(
            "Ổ đĩa của kho tệp đã đầy; chưa ghi gì vào hồ sơ. Hãy báo người quản trị, rồi gửi lại.",
            "The disk of the store of files is full; nothing was recorded. Tell the administrator, then send "
            "it again.",
        )
    return Unavailable(
        "Kho tệp không ghi được; chưa ghi gì vào hồ sơ. Hãy gửi lại sau.",
        "The store of files cannot be written; nothing was recorded. Send it again later.",
    )


def unread(error: Exception) -> Unavailable:
    """Say that the store does not answer."""
    _log.warning("the store of files cannot be read: %s", _words(error))
    return Unavailable(
        "Kho tệp không trả lời; hãy thử lại sau.", "The store of files does not answer; try again later."
    )


def missing(sha256: str) -> Unavailable:
    """Say that a file which is on record does not lie in the store."""
    _log.error("the store of files lacks %s", sha256)
    return Unavailable(
        "Tệp này không còn trong kho tệp; hãy báo người quản trị khôi phục từ bản sao lưu.",
        "This file is not in the store any more; ask the administrator to restore it from a backup.",
    )


def damaged(sha256: str) -> Unavailable:
    """Say that a file in the store is not the one that was brought."""
    _log.error("the store of files holds %s damaged", sha256)
    return Unavailable(
        "Tệp này trong kho tệp đã hỏng; hãy báo người quản trị khôi phục từ bản sao lưu.",
        "This file is damaged in the store; ask the administrator to restore it from a backup.",
    )


def _words(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
