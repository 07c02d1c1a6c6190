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
    from datetime import date

    from ocop_workflow.places.queries import UnitRecord

_KINDS: Final = {
    "xa": re.compile(r"(?:xã|xa|x(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "phuong": re.compile(r"(?:phường|phuong|p(?=[\s.])|ph(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "thi tran": re.compile(r"(?:thị\s+trấn|thi\s+tran|t\.?\s?t(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
    "dac khu": re.compile(r"(?:đặc\s+khu|dac\s+khu|đk(?=[\s.]))\.?\s*(?=\S)", re.IGNORECASE),
}
_CODE: Final = re.compile(r"\d{4,5}")
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
class KnownName:
    """A commune that a name means.

    Attributes:
        name: its name as stored or on the map, with its kind.
        unit: who stands for it today.
        within: the names of what it lies or lay in: its district, its province.
        since: the local day from which on it bears this name; none: ever since.
        codes: the official codes that it bears or bore.
    """

    name: str
    unit: UnitRecord
    within: tuple[str, ...] = ()
    since: date | None = None
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means: one commune, or one that is only proposed, or one of several, or none."""

    known: KnownName | None = None
    proposed: KnownName | None = None
    several: tuple[KnownName, ...] = ()

    def answered_by(self, text: str) -> KnownName | None:
        """Return the one of several that an id means."""
        wanted = text.strip().casefold()
        return next((known for known in self.several if known.unit.slug == wanted), None)


class Communes:
    """The communes under an authority, found by what a list calls them."""

    def __init__(self, communes: Iterable[KnownName], on: date | None = None) -> None:
        """Take the communes, and the day of the paper that names them: what came later, it cannot mean."""
        self._all = list(communes)
        self._on = on
        self._exact = self._grouped(lambda known: sort_key(known.name))
        self._loose = self._grouped(lambda known: search_key(known.name))
        self._bare = self._grouped(lambda known: sort_key(_bare(known.name)))
        self._bare_loose = self._grouped(lambda known: search_key(_bare(known.name)))
        self._coded: defaultdict[str, list[KnownName]] = defaultdict(list)
        for known in self._all:
            for code in known.codes:
                self._coded[code].append(known)
        self._seen: dict[str, Found] = {}

    def _grouped(self, key: Callable[[KnownName], str]) -> dict[str, list[KnownName]]:
        groups: defaultdict[str, list[KnownName]] = defaultdict(list)
        for known in self._all:
            groups[key(known)].append(known)
        return groups

    def find(self, text: str) -> Found:
        """Find the commune by its letters and tones, or without marks where only one can be meant.

        Short kinds, a missing kind, the district behind the name and an official code are understood; a
        remark behind it, another kind, another district or another spelling is only proposed. Where several
        are called so that stand for different ones today, they are all named.
        """
        if text not in self._seen:
            self._seen[text] = self._find(text)
        return self._seen[text]

    def _find(self, text: str) -> Found:
        if _CODE.fullmatch(text.strip()):
            return self._one_of(self._coded.get(text.strip().zfill(5), []))
        called = self._exact.get(sort_key(text)) or self._loose.get(search_key(text))
        if called:
            return self._one_of(called)
        head, *tail = _TAIL.split(text)
        name = _REMARK.sub("", head)
        split = _kind(name)
        called = self._spelled(split) if split else self._without_kind(name)
        if not called:
            return Found(proposed=self._nearest(split[1] if split else name))
        there = [known for known in called if all(_lies_in(known, part) for part in tail)]
        found = self._one_of(there or called)
        if found.known is not None and not (name == head and there):
            return Found(proposed=found.known)
        return found

    def _one_of(self, called: list[KnownName]) -> Found:
        """Return the one commune that can be meant, or the several."""
        by_day = [known for known in called if not (self._on and known.since and known.since > self._on)]
        different = {known.unit.id: known for known in by_day or called}
        if len(different) > 1:
            return Found(several=tuple(different.values()))
        return Found(next(iter(different.values()), None))

    def _spelled(self, split: tuple[str, str]) -> list[KnownName]:
        kind, name = split
        bare = [known for known in self._bare.get(sort_key(name), ()) if _is_of(known, kind)]
        return bare or self._loose.get(search_key(f"{kind} {name}"), [])

    def _without_kind(self, name: str) -> list[KnownName]:
        return self._bare.get(sort_key(name)) or self._bare_loose.get(search_key(name), [])

    def _nearest(self, name: str) -> KnownName | None:
        """Return the one commune whose name is nearly this; nothing if two are as near."""
        found = process.extract(
            search_key(name), self._bare_loose.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=2
        )
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        return self._one_of(self._bare_loose[found[0][0]]).known


def _is_of(known: KnownName, kind: str) -> bool:
    return search_key(known.name).startswith(kind)


def _lies_in(known: KnownName, part: str) -> bool:
    key = search_key(part)
    return any(search_key(_bare(name)) in key for name in known.within)


def _bare(name: str) -> str:
    """Return a unit's name without its kind, of a district and a province too."""
    split = _kind(name)
    if split:
        return split[1]
    return re.sub(r"^(thị xã|thành phố|huyện|quận|tỉnh|tx|tp|h|q|t)[.\s]\s*", "", name, flags=re.IGNORECASE)


__all__ = ["Communes", "Found", "KnownName", "has_kind"]
