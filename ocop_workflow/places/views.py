"""What is shown of a unit: to those who work around it, and to whoever looks after all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Level
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.places.queries import UnitRecord


@dataclass(frozen=True, slots=True)
class UnitView(View):
    """A unit that the officer works in, or that lies above it."""

    id: str
    name: str
    level: Level
    office: str
    parent: str | None

    @classmethod
    def of(cls, record: UnitRecord, around: Mapping[int, UnitRecord]) -> UnitView:
        """Return what is shown of a unit among others, by their numbers."""
        return cls.alike(record, id=record.slug, parent=_slug(record.parent_id, around))


@dataclass(frozen=True, slots=True)
class WholeUnitView(UnitView):
    """A unit with its addresses, and which unit takes over from which day on, if any."""

    emails: tuple[str, ...]
    valid_to: date | None
    successor: str | None

    @classmethod
    def whole(
        cls, record: UnitRecord, around: Mapping[int, UnitRecord], emails: tuple[str, ...]
    ) -> WholeUnitView:
        """Return all that is shown of a unit: `of`, and where its letters go."""
        parent, heir = _slug(record.parent_id, around), _slug(record.successor_id, around)
        return cls.alike(record, id=record.slug, parent=parent, successor=heir, emails=emails)


def _slug(unit_id: int | None, around: Mapping[int, UnitRecord]) -> str | None:
    found = around.get(unit_id or 0)
    return found.slug if found else None
