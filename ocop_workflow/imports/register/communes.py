"""Asking which commune a list means: how it is asked, and under which key it is answered for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from ocop_workflow.imports.reading.unit_names import Found


def which_commune(written: str, found: Found) -> Text:
    """Ask which commune is meant, or say that there is none."""
    if found.proposed:
        proposed = found.proposed.name
        return Text(f"“{written}” có phải là {proposed}?", f"“{written}”: is it {proposed}?")
    if found.several:
        several = " hay ".join(f"{one.name} ({one.unit.slug})" for one in found.several)
        return Text(f"“{written}” là {several}? Ghi mã của nơi đúng.", f"“{written}”: which one?")
    return Text(
        f"không có xã, phường nào tên “{written}” trong phạm vi của bạn",
        f"no commune within your reach is called “{written}”",
    )


def key_of_commune(written: str, found: Found) -> str:
    """Return under which key it is asked which commune is meant: so it was written, and these it may be."""
    may_be = [*([found.proposed] if found.proposed else []), *found.several]
    return f"xã {search_key(written)}: {', '.join(sorted({one.unit.slug for one in may_be}))}"[:300]
