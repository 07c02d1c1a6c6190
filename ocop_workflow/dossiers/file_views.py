"""How the files of papers are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.dossiers.file_queries import PaperFileRecord


@dataclass(frozen=True, slots=True)
class PaperFileView(View):
    """A file of a paper. `size`: bytes; `added_at`: an instant in UTC; `sha256`: of its bytes."""

    id: int
    name: str
    size: int
    sha256: str
    media_type: str
    added_by: str
    added_at: datetime

    @classmethod
    def of(cls, record: PaperFileRecord) -> PaperFileView:
        """Show a file as it is on record."""
        return cls.alike(record)
