"""Files of tables that people bring, TOML and JSON: bounded in size, depth, memory and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ocop_workflow.bounds import out_of_bounds
from ocop_workflow.errors import Fault, InvalidInput, Text
from ocop_workflow.fence.child import SilentChildError, ask_child

if TYPE_CHECKING:
    from pathlib import Path

#: octets of a file; a text of the largest size that is read may be all of letters with marks
MAX_BYTES: Final = 4_000_000

_WALL_SECONDS: Final = 20.0
_CHILD: Final = "ocop_workflow.fence.text_child"


def within_bounds(text: str, name: str, form: Literal["toml", "json"] = "toml") -> str:
    """Return a text that somebody brings, if reading it costs no more than a file written by hand does.

    One look along it finds what is too large or too deep; then a child process reads it under limits.
    Whether it is TOML at all, and says what it should, is for its reader to find.

    Raises:
        InvalidInput: it is larger or deeper than anybody writes, or the child has come to its limits.
    """
    beyond = out_of_bounds(text)
    if beyond is None:
        try:
            ask_child(_CHILD, f"{form}\n{text}".encode("utf-8", "replace"), _WALL_SECONDS)
        except SilentChildError:
            beyond = Text("đọc tốn quá nhiều bộ nhớ hoặc thời gian", "reading takes too much memory or time")
    if beyond is not None:
        raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", [Fault("", beyond)])
    return text


def bounded_bytes(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        InvalidInput: more than anybody writes.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            f"Tệp {path} lớn quá {MAX_BYTES // 1_000_000} MB.",
            f"The file {path} is larger than {MAX_BYTES // 1_000_000} MB.",
        )
    return data


__all__ = ["MAX_BYTES", "bounded_bytes", "within_bounds"]
