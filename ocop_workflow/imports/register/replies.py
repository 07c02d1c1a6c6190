"""What was answered to a list of certificates: words by place or by the key of a question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.imports.register.lists.cells import day_in, decision_in, star_in
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ocop_workflow.imports.register.lists.recognition import ListedRecognition

#: what can be told for a whole list, by the key of the answer, where no row and no heading says it: number,
#: day and body of the decision, the star, the commune
WHOLE_LIST: Final = ("số quyết định", "ngày quyết định", "cơ quan", "hạng sao", "xã phường")
NUMBER, DECIDED_ON, ISSUER, STAR, COMMUNE = WHOLE_LIST

#: words that answer, by their search keys: that leave a row out, let it in as it stands, keep what the
#: register says, take the producer that is there, or a new one
SKIP: Final = frozenset({"bo qua", "khong nhap", "skip"})
IMPORT: Final = frozenset({"nhap", "import"})
YES: Final = frozenset({"dung", "dong y", "ok", "yes", "accept"})
KEEP: Final = frozenset({"giu", "giu nguyen", "keep"})
SAME: Final = frozenset({"trung", "same"}) | YES
NEW: Final = frozenset({"moi", "new"})


class Replies:
    """Finds the answers to questions about one list."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Take the answers as they were given.

        Raises:
            InvalidInput: what was told for the whole list is no day, or no star.
        """
        self._given = given
        #: by the key of each question that was answered how it was asked, and the answer: to be remembered
        self.answered: dict[str, tuple[str, str]] = {}
        faults = [
            fault(place, f"“{text}” {vi}", f"“{text}” {en}")
            for place, text in given.items()
            for name, read, vi, en in (
                (DECIDED_ON, day_in, "không phải ngày", "is no day"),
                (STAR, star_in, "không rõ mấy sao", "names no star"),
            )
            if place.rpartition("!")[2] == name and read(text) is None
        ]
        if faults:
            raise InvalidInput("Câu trả lời cho cả danh sách có lỗi.", "The answers are at fault.", faults)

    def to_row(self, row: ListedRecognition, *keys: str | None) -> list[str]:
        """Return the words that answer a question about a row: by its key, its cell, or for the whole row."""
        places = (*keys, f"{row.sheet}!{row.row}", str(row.row))
        return [
            word for place in places if place and place in self._given for word in _words(self._given[place])
        ]

    def by(self, key: str) -> list[str]:
        """Return the words that answer a question by its key alone."""
        return list(_words(self._given.get(key, "")))

    def settled(self, key: str, asked: str, words: list[str]) -> None:
        """Note that a question was answered so; to leave something out is no answer to the next list."""
        if words and not among(words, SKIP):
            self.answered[key] = asked, "; ".join(words)

    def star(self, sheet: str) -> int | None:
        """Return the star that was told for a sheet, or for the whole list."""
        return star_in(self._whole(sheet, STAR))

    def commune(self, sheet: str) -> str:
        """Return the commune that was told for a sheet, or for the whole list; empty: none was."""
        return self._whole(sheet, COMMUNE)

    def decision(self, sheet: str) -> tuple[str | None, date | None, str | None]:
        """Return number, day and body of the decision that was told for a sheet, or for the whole list."""
        number = self._whole(sheet, NUMBER)
        named = decision_in(number)
        on = day_in(self._whole(sheet, DECIDED_ON))
        return named.number or number or None, on or named.on, self._whole(sheet, ISSUER) or named.issuer

    def _whole(self, sheet: str, name: str) -> str:
        return self._given.get(f"{sheet}!{name}") or self._given.get(name, "")


def _words(text: str) -> Iterator[str]:
    return (part.strip() for part in re.split(r"[;\n]", text) if part.strip())


def among(words: list[str], known: frozenset[str]) -> bool:
    """Tell whether one of the words is known, however it is written."""
    return any(search_key(word) in known for word in words)


__all__ = [
    "DECIDED_ON",
    "IMPORT",
    "ISSUER",
    "KEEP",
    "NEW",
    "SAME",
    "SKIP",
    "WHOLE_LIST",
    "YES",
    "Replies",
    "among",
]
