"""Which communes a list under an authority may name: those of today, and those that the map of before had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.imports.reading.unit_names import KnownName
from ocop_workflow.places import code_queries as official_codes
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.country import REFORM, predecessors
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


def communes_of(tx: Connection, authority_id: int, today: date) -> list[KnownName]:
    """Return what the communes under an authority are and were called, each with who stands for it today.

    A commune that ended stands for whom it was merged into. What the shipped map of before 1/7/2025 knows of
    the communes of today, and nobody has stored, is among them too: a list still uses those names. A commune
    that was divided is there once for each that has a part of it.
    """
    stored = units.units_below(tx, authority_id)
    authority = units.units_by_id(tx, [authority_id])[authority_id]
    if authority.level is Level.COMMUNE:
        stored.append(authority)
    codes = official_codes.codes_of(tx, [unit.id for unit in stored])
    above = _Above(tx)
    known: list[KnownName] = []
    for unit in stored:
        heir = units.heir_of(tx, unit, today)
        borne = codes.get(unit.id, [])
        days = [code.since for code in borne]
        since = min(filter(None, days)) if days and all(days) else None
        if heir.lives(today):
            known.append(
                KnownName(unit.name, heir, above.names(unit), since, frozenset(code.code for code in borne))
            )
    return [*known, *_of_before(known)] if today >= REFORM else known


def _of_before(known: list[KnownName]) -> Iterator[KnownName]:
    """Yield the communes of before 1/7/2025 that are not stored, for whoever has them or a part of them."""
    stored = {search_key(one.name) for one in known if one.since is None or one.since < REFORM}
    for one in known:
        for code in one.codes if one.since == REFORM else ():
            for old, district, province in predecessors(code):
                if search_key(old.name) not in stored:
                    yield KnownName(old.name, one.unit, (district, province), None, frozenset({old.code}))


class _Above:
    """The names of what units lie in, each looked up once."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._known: dict[int, UnitRecord] = {}

    def names(self, unit: UnitRecord) -> tuple[str, ...]:
        """Return the names of what a unit lies in, the nearest first."""
        names: list[str] = []
        above = unit.parent_id
        while above is not None and len(names) < 10:  # noqa: PLR2004 - no tree is as deep; a ring would be endless
            if above not in self._known:
                self._known |= units.units_by_id(self._tx, [above])
            names.append(self._known[above].name)
            above = self._known[above].parent_id
        return tuple(names)


__all__ = ["communes_of"]
