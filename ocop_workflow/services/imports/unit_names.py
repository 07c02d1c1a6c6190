"""The names of communes as lists write them: short, without their kind, with the district behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from ocop_workflow.vietnamese import search_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocop_workflow.storage.units import UnitRecord

_KINDS: Final = {
    "xa": re.compile(r"(?:xã|xa|x(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "phuong": re.compile(r"(?:phường|phuong|p(?=[\s.])|ph(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "thi tran": re.compile(r"(?:thị\s+trấn|thi\s+tran|t\.?\s?t(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "dac khu": re.compile(r"(?:đặc\s+khu|dac\s+khu|đk(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
}
_TAIL: Final = re.compile(r"\s*[,;]\s*|\s+[-–]\s+")
_REMARK: Final = re.compile(r"\s*\([^)]*\)\s*$")
#: from which likeness on a name is proposed
_NEAR: Final = 80


def has_kind(text: str) -> bool:
    """Return whether a text begins with the kind of a commune: xã, phường, thị trấn, or short X., P., TT."""
    return _kind(text) is not None


def _kind(text: str) -> tuple[str, str] | None:
    """Return the kind of a commune and its name without it."""
    for kind, pattern in _KINDS.items():
        found = pattern.match(text)
        if found and (found[0][-1:].isspace() or "." in found[0] or " " in found[0]):
            return kind, text[found.end() :]
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """A commune that a name means: its name as stored, and who stands for it today."""

    name: str
    unit: UnitRecord


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means: one commune, or one that is only proposed, or none."""

    known: Known | None = None
    proposed: Known | None = None


class Communes:
    """The communes under an authority, found by what a list calls them."""

    def __init__(self, names: Iterable[tuple[str, UnitRecord]], above: Iterable[str]) -> None:
        """Take the names, those of merged ones first, with who stands for each; and what lies above."""
        self._all = [Known(name, unit) for name, unit in names]
        self._above = [search_key(_bare(name)) for name in above]
        self._exact = {sort_key(known.name): known for known in self._all}
        self._loose = self._unique(lambda known: search_key(known.name))
        self._bare = self._unique(lambda known: sort_key(_bare(known.name)))
        self._bare_loose = self._unique(lambda known: search_key(_bare(known.name)))
        self._seen: dict[str, Found] = {}

    def _unique(self, key: Callable[[Known], str]) -> dict[str, Known]:
        """Return the communes by a key; where two different ones share it, neither."""
        groups: defaultdict[str, dict[int, Known]] = defaultdict(dict)
        for known in self._all:
            groups[key(known)][known.unit.id] = known
        return {name: next(iter(group.values())) for name, group in groups.items() if len(group) == 1}

    def find(self, text: str) -> Found:
        """Find the commune by its letters and tones, or without marks where only one can be meant.

        Short kinds, a missing kind and the district behind the name are understood; a remark behind it,
        another kind, another district or another spelling is only proposed.
        """
        if text not in self._seen:
            self._seen[text] = self._find(text)
        return self._seen[text]

    def _find(self, text: str) -> Found:
        known = self._exact.get(sort_key(text)) or self._loose.get(search_key(text))
        if known is not None:
            return Found(known)
        head, *tail = _TAIL.split(text, maxsplit=1)
        name = _REMARK.sub("", head)
        split = _kind(name)
        known = self._spelled(split) if split else self._without_kind(name)
        if known is not None:
            sure = name == head and all(self._lies_above(part) for part in tail)
            return Found(known) if sure else Found(proposed=known)
        return Found(proposed=self._nearest(split[1] if split else name))

    def _spelled(self, split: tuple[str, str]) -> Known | None:
        full = f"{split[0]} {split[1]}"
        known = self._loose.get(search_key(full))
        bare = self._bare.get(sort_key(split[1]))
        if bare is not None and search_key(bare.name).startswith(split[0]):
            return bare
        return known

    def _without_kind(self, name: str) -> Known | None:
        return self._bare.get(sort_key(name)) or self._bare_loose.get(search_key(name))

    def _lies_above(self, text: str) -> bool:
        key = search_key(text)
        return any(name in key for name in self._above)

    def _nearest(self, name: str) -> Known | None:
        """Return the one commune whose name is nearly this; nothing if two are as near."""
        names = sorted({search_key(_bare(known.name)) for known in self._all})
        found = process.extract(search_key(name), names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=2)
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        return self._bare_loose.get(found[0][0])


def _bare(name: str) -> str:
    """Return a unit's name without its kind, of a district and a province too."""
    split = _kind(name)
    if split:
        return split[1]
    return re.sub(r"^(thị xã|thành phố|huyện|quận|tỉnh|tx|tp|h|q|t)[.\s]\s*", "", name, flags=re.IGNORECASE)


__all__ = ["Communes", "Found", "Known", "has_kind"]
