"""Changes of plan and extensions: their impact is seen first, then all of it happens at once, or nothing.

Both are one story. What ought to be open by the new dates is compared with what is (`realigning`); who was
told a date that moves is looked up (`told_dates`); both together are the impact, whose hash confirms it
(`impact`); then rows are closed and opened, stale letters taken back and corrections written (`applying`).
"""

from ocop_workflow.changes.extending import (
    ExtensionOrder,
    Granted,
    find_extension,
    grant_extension,
    plan_extensions,
    preview_extension,
    preview_revocation,
    revoke_extension,
)
from ocop_workflow.changes.removing import preview_removal, remove_plan
from ocop_workflow.changes.replacing import change_plan, is_change, plan_versions, preview_change
from ocop_workflow.changes.views import ImpactView, RemovalView

__all__ = [
    "ExtensionOrder",
    "Granted",
    "ImpactView",
    "RemovalView",
    "change_plan",
    "find_extension",
    "grant_extension",
    "is_change",
    "plan_extensions",
    "plan_versions",
    "preview_change",
    "preview_extension",
    "preview_removal",
    "preview_revocation",
    "remove_plan",
    "revoke_extension",
]
