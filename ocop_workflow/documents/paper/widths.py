"""How wide words are in Times New Roman: whether a name fits its line, how long the rule under it is.

Advance widths in thousandths of the type's size, of a face with equal metrics; a letter with marks is as wide
as without. Measured against `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM` and others, they are right within 3 mm.
"""

from __future__ import annotations

import unicodedata
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_MM_PER_POINT: Final = 25.4 / 72
_HORN: Final = "\u031b"
_USUAL: Final = 722
_BOLD: Final = {
    letter: width
    for width, letters in {
        250: " ,.",
        278: "il/",
        333: "tfj-:;()",
        389: "Is",
        444: "cerz",
        500: "Jagovxy0123456789–",
        554: "ơ",
        556: "Sbdđhknpqu",
        600: "ư",
        611: "PF",
        667: "BELTZ",
        722: "ACDĐNRUVXYw",
        778: "GHKOƠQ",
        796: "Ư",
        833: "m&",
        944: "M",
        1000: "W…",
    }.items()
    for letter in letters
}


def width_mm(words: str, points: float) -> float:
    """Return how wide words are in bold type of a size, in millimetres."""
    return sum(_BOLD.get(_base(letter), _USUAL) for letter in words) * points / 1000 * _MM_PER_POINT


def _base(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    if _HORN in apart:
        return {"o": "ơ", "O": "Ơ", "u": "ư", "U": "Ư"}[apart[0]]
    return apart[0]


#: words that are one: a line does not end between them
_ONE_WORD: Final = frozenset(
    {
        ("CHI", "CỤC"),
        ("ĐÁNH", "GIÁ"),
        ("ĐIỀU", "PHỐI"),
        ("ĐÔ", "THỊ"),
        ("HẠ", "TẦNG"),
        ("HỘI", "ĐỒNG"),
        ("KINH", "TẾ"),
        ("MÔI", "TRƯỜNG"),
        ("NHÂN", "DÂN"),
        ("NÔNG", "NGHIỆP"),
        ("NÔNG", "THÔN"),
        ("PHÂN", "HẠNG"),
        ("PHÁT", "TRIỂN"),
        ("PHÒNG", "KINH"),
        ("SẢN", "PHẨM"),
        ("ỦY", "BAN"),
        ("VÀ", "MÔI"),
        ("VÀ", "ĐÔ"),
        ("VÀ", "PHÁT"),
        ("VĂN", "PHÒNG"),
    }
)
#: a name of more words than that is broken where its lines are full
_MOST_WORDS: Final = 16


def broken(words: str, points: float, limit_mm: float) -> tuple[str, ...]:
    """Break a name into as few lines as fit a width, not within a word of two syllables, and evenly.

    A syllable that is wider by itself stays whole.
    """
    parts = words.split()
    full = _filled(parts, points, limit_mm)
    if len(full) < 2 or len(parts) > _MOST_WORDS:  # noqa: PLR2004 - one line is not broken
        return full
    tried = (_cut(parts, places) for places in combinations(range(1, len(parts)), len(full) - 1))
    fitting = [lines for lines in tried if all(width_mm(line, points) <= limit_mm for line in lines)]
    return min(fitting, key=lambda lines: _badness(lines, points), default=full)


def _cut(parts: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(" ".join(parts[start:end]) for start, end in pairwise((0, *places, len(parts))))


def _badness(lines: Sequence[str], points: float) -> tuple[int, float]:
    torn = sum((one.split()[-1], other.split()[0]) in _ONE_WORD for one, other in pairwise(lines))
    widths = [width_mm(line, points) for line in lines]
    return torn, max(widths) - min(widths)


def _filled(parts: Sequence[str], points: float, limit_mm: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in parts:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(longer, points) <= limit_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
