"""What stands in a box of the star columns: marked, empty, or words that somebody has to read."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final

from ocop_workflow.vietnamese import search_key


class Tick(Enum):
    """How a box of a star column is read."""

    MARKED = "marked"
    EMPTY = "empty"
    WORDS = "words"


# Crosses and check marks of every keyboard and symbol font; a Cyrillic and a Greek x among them. ü, þ and ý
# are what a tick, a boxed tick and a boxed cross of Wingdings are without their font.
_SIGNS: Final = frozenset("x×хχ✕✖⨯╳✓✔√✅☑✗✘❌☒*●•■◼ü\u00fe\u00fdv+\uf0fc\uf0fb\uf0fe\uf0fd")
_WORDS: Final = frozenset({"true", "1", "co", "yes", "y", "dung", "xx"})
_NOTHING: Final = frozenset({"", "false", "0", "khong", "ko", "k", "no", "n", "-", "--", "–", "—", "_", "."})
_BOXES: Final = frozenset("☐□◻▢○")  # boxes that nobody has marked


@lru_cache(maxsize=1024)  # thousands of boxes hold the same few signs
def read_box(cell: str) -> Tick:
    """Read a box of a star column."""
    text = cell.casefold().strip("()[]{}<>.,;: ") or cell.strip()
    if text in _SIGNS:
        return Tick.MARKED
    key = search_key(text)
    if key in _WORDS:
        return Tick.MARKED
    return Tick.EMPTY if key in _NOTHING or text in _BOXES else Tick.WORDS


def is_sign(cell: str) -> bool:
    """Return whether a box holds a cross or a check mark: no number, which could be a count."""
    return read_box(cell) is Tick.MARKED and not cell.strip("()").isdigit()


__all__ = ["Tick", "is_sign", "read_box"]
