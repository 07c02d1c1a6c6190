"""The audit's rules: its chain is unbroken, and whatever happened is dated as it has it.

Steps follow one another by their number, whatever the clock has said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.audit import chain
from ocop_workflow.errors import Text
from ocop_workflow.upkeep.examination import audit_queries
from ocop_workflow.upkeep.examination.findings import NOTHING, REPORT, RESTORE, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def audit_is_unbroken(snapshot: Snapshot) -> Iterator[Finding]:
    """23. The audit's numbers have no gap, each entry holds the hash of the one before, and its own."""
    verdict = chain.verify(snapshot.tx)
    if verdict.reason is not None:
        text = Text(
            f"Nhật ký kiểm tra hỏng từ mục số {verdict.bad_seq}: {verdict.reason.vi}.",
            f"The audit is broken from entry {verdict.bad_seq} on: {verdict.reason.en}.",
        )
        yield Finding("audit", str(verdict.bad_seq), text, RESTORE)


def steps_are_dated_as_audited(snapshot: Snapshot) -> Iterator[Finding]:
    """4. Each step bears the instant at which the audit has it; a clock that was set back is no fault."""
    for row in audit_queries.steps_dated_otherwise(snapshot.tx):
        yield _finding(
            f"{row.code}/{row.seq}",
            f"{row.code}, bước {row.seq}: giờ ghi không khớp nhật ký kiểm tra",
            f"{row.code}, step {row.seq}: its instant is not the one that the audit has",
        )
    back = []
    for row in audit_queries.steps_set_back(snapshot.tx):
        if row.audited:
            back.append(row)
        else:
            yield _finding(
                f"{row.code}/{row.seq}",
                f"{row.code}, bước {row.seq}: có ngày giờ trước bước liền trước",
                f"{row.code}, step {row.seq}: is dated before the last one",
            )
    if back:
        first = back[0]
        text = Text(
            f"{len(back)} bước ghi giờ sớm hơn bước liền trước (đầu tiên: {first.code}, bước {first.seq}): "
            "đồng hồ đã từng bị chỉnh lùi; thứ tự lấy theo số của bước.",
            f"{len(back)} steps are dated before the one they follow (the first: {first.code}, step "
            f"{first.seq}): the clock was set back; their numbers give the order.",
        )
        yield Finding("transitions", f"{first.code}/{first.seq}", text, NOTHING, Severity.NOTE)


def extensions_are_dated_as_audited(snapshot: Snapshot) -> Iterator[Finding]:
    """32. Each extension was granted and revoked at the instants that the audit has."""
    for number in audit_queries.extensions_dated_otherwise(snapshot.tx):
        text = Text(
            f"Gia hạn {number}: giờ ghi không khớp nhật ký kiểm tra.",
            f"The extension {number}: its instants are not those that the audit has.",
        )
        yield Finding("extensions", str(number), text, REPORT)


def occurrences_are_dated_as_audited(snapshot: Snapshot) -> Iterator[Finding]:
    """32. What happened to a product was recorded and taken back at the instants that the audit has."""
    for number in audit_queries.occurrences_dated_otherwise(snapshot.tx):
        text = Text(
            f"Sự kiện số {number} của sản phẩm: giờ ghi không khớp nhật ký kiểm tra.",
            f"The occurrence {number}: its instants are not those that the audit has.",
        )
        yield Finding("occurrences", str(number), text, REPORT)


def _finding(key: str, vi: str, en: str) -> Finding:
    return Finding("transitions", key, Text(f"{vi}.", f"{en}."), REPORT)
