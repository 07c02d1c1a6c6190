"""Vietnamese text: cleaned for storing, made comparable for searching, made sortable.

Pure functions over one line of text. What is stored is `clean`; the two keys stand beside it in columns of
their own and are never shown.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# In the order of the dictionary: (level), huyền, hỏi, ngã, sắc, nặng. The level tone has no mark: rank 0.
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"
_RANK: Final = {mark: str(rank) for rank, mark in enumerate(_TONES, start=1)}
# Eth and the African d are drawn like đ and come out of some old keyboards.
_D_WITH_STROKE: Final = str.maketrans("ðɖ", "đđ")
# A run of code points above all digits and signs. Nothing else can take these places: every other letter
# there falls apart into a base and a mark before it is looked up.
_PLACES: Final = str.maketrans({letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)})
_LEVEL: Final = "\x1f"
_DROPPED: Final = {"Cc", "Cf", "Cs"}  # control characters, invisible format characters, lone surrogates


def clean(text: str) -> str:
    """Return `text` as it is stored: one line, NFC, trimmed, single spaces, nothing invisible.

    Every kind of white space (no-break space, tab, line break) counts as a space; zero-width and control
    characters are dropped. Cleaning twice changes nothing more.
    """
    if not text.isprintable():  # else it holds nothing that would be dropped
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def search_key(text: str) -> str:
    """Return the key by which `text` is found: no marks, đ as d, no case (`Dầu phụng` → `dau phung`)."""
    folded = "".join(c for c in _decomposed(text) if not unicodedata.combining(c))
    return clean(folded).replace("đ", "d")


def sort_key(text: str) -> str:
    """Return a key whose plain comparison, code point by code point, sorts as a Vietnamese dictionary.

    First the letters (a ă â b c d đ e ê …; a space before them all), then the tones syllable by syllable,
    wherever in the syllable the mark is written (`hòa` and `hoà` have one key). Case does not count. A
    database must compare it byte by byte (SQLite `BINARY`, PostgreSQL `COLLATE "C"`).
    """
    syllables = _decomposed(text).split()
    letters = " ".join("".join(map(_places, _toneless(syllable))) for syllable in syllables)
    return letters + _LEVEL + "".join(map(_tone, syllables))


def _decomposed(text: str) -> str:
    """Return cleaned text without case, each letter apart from its marks."""
    folded = unicodedata.normalize("NFKD", clean(text)).casefold().translate(_D_WITH_STROKE)
    return unicodedata.normalize("NFKD", folded)


def _toneless(syllable: str) -> str:
    """Return the syllable with its letters (ă, ê, ơ) whole again and its tone taken off."""
    return unicodedata.normalize("NFC", "".join(c for c in syllable if c not in _RANK))


def _places(letter: str) -> str:
    """Return a letter's place in the alphabet; a foreign letter stands where its base letter stands."""
    base = letter if letter in _ALPHABET else unicodedata.normalize("NFD", letter)
    return "".join(c for c in base if not unicodedata.combining(c)).translate(_PLACES)


def _tone(syllable: str) -> str:
    return next((_RANK[c] for c in syllable if c in _RANK), "0")


def number(value: int) -> str:
    """Write a whole number as Vietnamese texts do: 466.944."""
    return f"{value:,}".replace(",", ".")


__all__ = ["clean", "number", "search_key", "sort_key"]
