"""The certificates' rule: what is only proposed is rested on by nothing, and what is settled says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.states import CertificateStanding, Ending, State
from ocop_workflow.upkeep.doctor.findings import REPORT, Finding
from ocop_workflow.upkeep.doctor.replay import lives

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ocop_workflow.upkeep.doctor.snapshot import Snapshot


def certificates_stand_as_they_are_used(snapshot: Snapshot) -> Iterator[Finding]:
    """36. A proposed certificate is that of an open re-rating, unsettled; a refused one has ended."""
    for life in lives(snapshot):
        for row in life.certificates:
            for vi, en in _faults(row, life.product.state):
                code = life.product.code
                text = Text(f"{code}, giấy chứng nhận: {vi}.", f"{code}, certificate: {en}.")
                yield Finding("certificates", code, text, REPORT)


def _faults(row: Any, state: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a row of the database
    proposed = row.standing == CertificateStanding.PROPOSED
    if proposed and row.ended_on is None and state != State.RE_RATING:
        yield f"chưa xác nhận mà sản phẩm đã ở «{state}»", f"is only proposed, yet the product is {state}"
    if proposed and row.ended_on is not None and row.ended_because != Ending.UNDONE:
        yield "chưa xác nhận mà đã chấm dứt", "is only proposed, yet it has ended"
    if proposed and row.settled_by is not None:
        yield "chưa xác nhận mà có người xác nhận", "is only proposed, yet somebody has settled it"
    if (row.standing == CertificateStanding.REFUSED) != (row.ended_because == Ending.REFUSED):
        yield (
            "không được xác nhận mà không chấm dứt vì thế",
            "is refused and has not ended for that, or the reverse",
        )
