"""Answers to what an import asked: from a small file by cell, or from the workbook that came back."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Fault, InvalidInput, NotFound, fault
from ocop_workflow.fence.texts import bounded_bytes, within_bounds
from ocop_workflow.imports.reading.candidate import QuestionKind
from ocop_workflow.imports.reading.own_columns import answers_on
from ocop_workflow.imports.reading.sheet import read_sheets
from ocop_workflow.vietnamese import clean, search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ocop_workflow.imports.reading.candidate import Doubt
    from ocop_workflow.imports.reading.sheet import Sheet


class Word(StrEnum):
    """An answer that is one of a few words; its value is how it is written in Vietnamese."""

    ACCEPT = "đúng"
    KEEP = "giữ"
    SKIP = "bỏ qua"
    IMPORT = "nhập"
    SAME = "trùng"
    NEW = "mới"
    WITHDRAW = "rút"


_SPELLINGS: Final[Mapping[str, Word]] = {
    **dict.fromkeys(("dung", "dong y", "ok", "yes", "accept", "x", "✓", "true"), Word.ACCEPT),
    **dict.fromkeys(("giu", "giu nguyen", "keep"), Word.KEEP),
    **dict.fromkeys(("bo qua", "khong nhap", "skip"), Word.SKIP),
    **dict.fromkeys(("nhap", "import"), Word.IMPORT),
    **dict.fromkeys(("trung", "same"), Word.SAME),
    **dict.fromkeys(("moi", "new"), Word.NEW),
    **dict.fromkeys(("rut", "withdraw"), Word.WITHDRAW),
}
_ROW: Final = (Word.SKIP,)
#: which words answer which kind of doubt, besides the accepting of what is proposed
ACCEPTED: Final[Mapping[QuestionKind, tuple[Word, ...]]] = {
    QuestionKind.ERROR: _ROW,
    QuestionKind.DATE: (Word.KEEP, *_ROW),
    QuestionKind.NUMBER: (Word.KEEP, *_ROW),
    QuestionKind.OLD_FONT: (Word.KEEP, *_ROW),
    QuestionKind.TICK: _ROW,
    QuestionKind.UNIT: _ROW,
    QuestionKind.HIDDEN_ROW: (Word.IMPORT, *_ROW),
    QuestionKind.HIDDEN_COLUMN: (Word.IMPORT, *_ROW),
    QuestionKind.HIDDEN_SHEET: (Word.IMPORT, *_ROW),
    QuestionKind.TWICE: (Word.NEW, *_ROW),
    QuestionKind.RESEMBLES: (Word.SAME, Word.NEW, *_ROW),
    QuestionKind.OTHER_PLAN: (Word.SAME, Word.NEW, *_ROW),
    QuestionKind.GONE: (Word.KEEP, Word.WITHDRAW),
}
_IS_IT: Final = frozenset({QuestionKind.RESEMBLES, QuestionKind.OTHER_PLAN})
_PART: Final = re.compile(r"(?P<cell>[A-Z]{1,3}\d{1,7})\s*[=:]\s*(?P<text>.+)")


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """One answer: a word, or the words that ought to stand in the cell."""

    word: Word | None
    text: str = ""


def words_for(doubt: Doubt) -> tuple[str, ...]:
    """Return the words that answer a doubt, as they are written; a cell's takes other words too."""
    first = (Word.ACCEPT.value,) if _can_accept(doubt) else ()
    return (*first, *(word.value for word in ACCEPTED[doubt.kind]))


def _can_accept(doubt: Doubt) -> bool:
    """Return whether the question can be answered by yes: it asks for one thing, not for one of two."""
    return bool(doubt.proposed) and (doubt.kind.is_of_a_cell or doubt.kind in _IS_IT)


@dataclass
class Answers:
    """What somebody answered, by place: `Trang!C2`, `C2`, `Trang`, `Trang!2` (a whole row), `DP24-002`.

    Which were of use, and which could not be understood, is noted while the list is read.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    misunderstood: dict[str, Fault] = field(default_factory=dict)

    def to(self, doubt: Doubt, *, alone: bool = True) -> AnswerWords | None:
        """Return the answer to a doubt, if there is one that suits it.

        Args:
            doubt: what was asked.
            alone: no other cell of the row is in doubt, so that words given for the row are this cell's.
        """
        places = self._places(doubt)
        for place, parts in places:
            whole_row = not place.endswith(doubt.cell)
            for part, named in parts:
                answer = _understood(doubt, part)
                if answer is None or (
                    whole_row and not named and not self._meant(place, doubt, part, alone=alone)
                ):
                    continue
                self.used[place] = doubt.cell
                self.misunderstood.pop(place, None)
                return answer
        for place, _ in places:
            if place not in self.used:
                self.misunderstood[place] = _not_understood(place, doubt)
        return None

    def faults(self) -> tuple[Fault, ...]:
        """Return the answers that suit no question at their place."""
        return tuple(self.misunderstood.values())

    def unused(self) -> tuple[str, ...]:
        """Return the places at which nothing was asked."""
        return tuple(
            place for place in self.given if place not in self.used.keys() | self.misunderstood.keys()
        )

    def _meant(self, place: str, doubt: Doubt, part: str, *, alone: bool) -> bool:
        """Return whether words for a whole row may be those of one of its cells; a word answers them all."""
        if search_key(part) in _SPELLINGS or part.upper() == doubt.code:
            return True
        return alone and self.used.get(place, doubt.cell) == doubt.cell

    def _places(self, doubt: Doubt) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Return the places that may answer it, with their parts; a row's parts may name a cell of it."""
        found = []
        for place in _names(doubt):
            if place in self.given:
                parts = _parts(self.given[place], doubt.code)
                found.append((place, [of for part in parts if (of := _of_cell(part, doubt.cell))[0]]))
        return [(place, parts) for place, parts in found if parts]


def _names(doubt: Doubt) -> list[str]:
    if not doubt.cell:
        return [doubt.code or doubt.sheet]
    row = doubt.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return [f"{doubt.sheet}!{doubt.cell}", doubt.cell, f"{doubt.sheet}!{row}", row]


def _parts(text: str, code: str) -> list[str]:
    """Return the parts of an answer; a name may hold a semicolon too, where none of them is a word."""
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    known = (
        search_key(part) in _SPELLINGS or part.upper() == code or _PART.fullmatch(part) for part in parts
    )
    return parts if any(known) else [text]


def _of_cell(part: str, cell: str) -> tuple[str, bool]:
    """Return what a part says of a cell, and whether it names it; nothing if it names another one."""
    named = _PART.fullmatch(part)
    if named is None:
        return part, False
    return (named["text"], True) if named["cell"] == cell else ("", True)


def _understood(doubt: Doubt, part: str) -> AnswerWords | None:
    if doubt.kind in _IS_IT and part.upper() == doubt.code:
        return AnswerWords(Word.SAME)
    word = _SPELLINGS.get(search_key(part))
    if word is None:
        return AnswerWords(None, part) if doubt.kind.is_of_a_cell else None
    if word is Word.ACCEPT and _can_accept(doubt):
        return AnswerWords(None, doubt.proposed) if doubt.kind.is_of_a_cell else AnswerWords(Word.SAME)
    return AnswerWords(word) if word in ACCEPTED[doubt.kind] else None


def _not_understood(place: str, doubt: Doubt) -> Fault:
    words = ", ".join(words_for(doubt))
    vi, en = (
        ("; hoặc chữ đúng của ô", "; or what ought to stand in the cell")
        if doubt.kind.is_of_a_cell
        else ("", "")
    )
    return fault(
        place,
        f"không hiểu câu trả lời; câu hỏi là: {doubt.vi} Trả lời được bằng: {words}{vi}.",
        f"the answer is not understood; the question is: {doubt.en} Answers: {words}{en}.",
    )


def answers_in(sheets: Sequence[Sheet]) -> Answers:
    """Return the answers that stand in the columns of a workbook that came back."""
    return Answers({place: text for sheet in sheets for place, text in answers_on(sheet).items()})


def read_answers(path: Path) -> Answers:
    """Read a file of answers: the workbook (or .csv) that came back, or .toml, .json with `"Trang!C2" = "…"`.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it holds no answers by place.
    """
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.")
    if path.suffix.casefold() in {".toml", ".json"}:
        return _from_text(path)
    return answers_in(read_sheets(path))


def _from_text(path: Path) -> Answers:
    try:
        text = bounded_bytes(path).decode("utf-8-sig")
        is_toml = path.suffix.casefold() == ".toml"
        within_bounds(text, path.name, "toml" if is_toml else "json")
        found = (tomllib.loads if is_toml else json.loads)(text)
    except (ValueError, OSError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise InvalidInput(
            f'Tệp {path.name} không phải danh sách câu trả lời dạng "Trang!C2" = "…".',
            f'The file {path.name} is no list of answers like "Sheet!C2" = "…".',
        )
    return Answers({clean(str(place)): value.strip() for place, value in found.items() if value.strip()})


__all__ = ["ACCEPTED", "AnswerWords", "Answers", "Word", "answers_in", "read_answers", "words_for"]
