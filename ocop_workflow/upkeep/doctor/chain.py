"""The audit's rule: each entry is as it was written, and chained to the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.audit import chain as audit
from ocop_workflow.errors import Text
from ocop_workflow.upkeep.doctor.findings import RESTORE, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.doctor.snapshot import Snapshot


def audit_is_unbroken(snapshot: Snapshot) -> Iterator[Finding]:
    """23. The audit's numbers have no gap, each entry holds the hash of the one before, and its own."""
    verdict = audit.verify(snapshot.tx)
    if verdict.reason is not None:
        text = Text(
            f"Nhật ký kiểm tra hỏng từ mục số {verdict.bad_seq}: {verdict.reason.vi}.",
            f"The audit is broken from entry {verdict.bad_seq} on: {verdict.reason.en}.",
        )
        yield Finding("audit", str(verdict.bad_seq), text, RESTORE)
