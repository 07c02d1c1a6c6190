"""Who makes a step, by name: the body of a level above a product, its council, its commune, its authority."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.access.actors import level_of
from ocop_workflow.errors import Text
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.states import Hand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Event, Facts
    from ocop_workflow.store import Connection


class Bodies:
    """The bodies above some products; they are looked up, all at once, when the first is asked for."""

    def __init__(self, tx: Connection, records: Sequence[ProductRecord]) -> None:
        """Take the products of which somebody may ask."""
        self._tx = tx
        self._records = records

    def whose(self, record: ProductRecord, event: Event, hand: Hand, facts: Facts) -> Text:
        """Return the name of the body whose hand makes a step from where the product stands."""
        if hand is Hand.COMMUNE:
            office = self._units[record.unit_id].office
            return Text(office, f"{office} (the commune)")
        if hand is Hand.AUTHORITY:
            return self.authority(record)
        level = level_of(hand, record.state, event, facts) or facts.regulation.scoring[0].level
        if hand is Hand.COUNCIL:
            return self.council(record, level, facts.regulation)
        return self.at(record, level, facts.regulation)

    def authority(self, record: ProductRecord) -> Text:
        """Return the name of the authority of a product's plan."""
        office = self._units[record.authority_id].office
        return Text(office, f"{office} (the plan's authority)")

    def at(self, record: ProductRecord, level: Level, regulation: Regulation) -> Text:
        """Return the name of the body of a level: that of the unit above the product, else the level's."""
        name = self._name(record, level)
        body = f"UBND {name}" if name else regulation.rung(level).body
        return Text(body, f"{body} ({level.text.en})")

    def council(self, record: ProductRecord, level: Level, regulation: Regulation) -> Text:
        """Return the name of the council of a level."""
        name = self._name(record, level)
        if name is None:
            body = regulation.rung(level).body
            return Text(
                f"Hội đồng OCOP {level.label} ({body})", f"the OCOP council of {body} ({level.text.en})"
            )
        return Text(f"Hội đồng OCOP {name}", f"the OCOP council of {name} ({level.text.en})")

    def _name(self, record: ProductRecord, level: Level) -> str | None:
        """Return the name of the unit of that level, as within a sentence; the centre goes by its body."""
        if level is Level.CENTRAL:
            return None
        line = (self._units[unit_id] for unit_id in self._lines[record.unit_id])
        return next((f"{unit.name[:1].lower()}{unit.name[1:]}" for unit in line if unit.level is level), None)

    @cached_property
    def _lines(self) -> dict[int, tuple[int, ...]]:
        return units.lineages(self._tx, {record.unit_id for record in self._records})

    @cached_property
    def _units(self) -> dict[int, UnitRecord]:
        wanted = {unit for line in self._lines.values() for unit in line}
        return units.units_by_id(self._tx, wanted | {record.authority_id for record in self._records})
