"""A condition of a step: what has to be there, in words, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.errors import Text
    from ocop_workflow.states.facts import EventData, Facts


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that an event needs.

    `fields` are those of the event's data that can satisfy it, together, or each by itself where it is
    `either`; a requirement without fields looks at the record alone, one that is `recorded` at the record
    first. `optional` fields may be given beside them. `rests_on` names the requirements without which this
    one says nothing of its own: where one of them is not met, it is not spoken of. One of `by_paper` asks
    only where the step of a level that works outside is recorded. Where one that is `silent` is not met,
    nobody speaks of the whole event: its time has not come.
    """

    name: str
    text: Text
    met: Callable[[Facts], bool]
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    either: bool = False
    rests_on: tuple[str, ...] = ()
    recorded: bool = False
    by_paper: bool = False
    silent: bool = False

    def still_asks(self, data: EventData) -> tuple[str, ...]:
        """Return the fields that have to be given, beside those of `data`, for it to be met.

        Of several ways the first is named. What was given and does not help has to be given otherwise.
        """
        fields = self.fields[:1] if self.either else self.fields
        return tuple(name for name in fields if getattr(data, name) is None) or fields


def given(*fields: str) -> Callable[[Facts], bool]:
    """Return whether these fields of the event's data are there."""

    def met(facts: Facts) -> bool:
        return all(getattr(facts.data, name) is not None for name in fields)

    return met


def given_or_recorded(field: str) -> Callable[[Facts], bool]:
    """Return whether a field is there, in the event's data or on record."""

    def met(facts: Facts) -> bool:
        return bool(getattr(facts.data, field) or getattr(facts, field))

    return met
