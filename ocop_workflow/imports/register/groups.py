"""Which group of products a list means by what it calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.regulations import regulation_on
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from datetime import date


def group_called(written: str | None, today: date) -> str | None:
    """Return the id of the one group that is called so, or whose name holds these words; none: it is unsure.

    Args:
        written: as the list has it.
        today: the local day, whose regulation names the groups.
    """
    regulation, words = regulation_on(today), search_key(written or "")
    if regulation is None or not words:
        return None
    names = {group.id: search_key(group.name) for group in regulation.groups}
    same = [number for number, name in names.items() if name == words]
    held = [number for number, name in names.items() if words in name or name in words]
    found = same or held
    return found[0] if len(found) == 1 else None
