"""What is shown of the audit: an entry, and what a look at the whole chain found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.audit.chain import ChainVerdict


@dataclass(frozen=True, slots=True)
class AuditEntryView(View):
    """One entry of the audit."""

    seq: int
    at: datetime
    actor: str
    origin: str
    acting_for: str | None
    action: str
    subject: str
    before: Any
    after: Any
    transition_id: int | None
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainView(View):
    """What verifying the chain found; `head`: what to note elsewhere, `bad_seq`: the first entry at fault."""

    entries: int
    head: str
    bad_seq: int | None
    reason: str | None
    sealed: int
    erased: int

    @classmethod
    def of(cls, verdict: ChainVerdict) -> ChainView:
        """Return what is shown of what the chain says."""
        reason = verdict.reason.vi if verdict.reason else None
        return cls.alike(verdict, head=f"{verdict.entries}:{verdict.head}", reason=reason)
