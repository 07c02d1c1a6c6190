"""The units' rules: who is merged holds nothing, and whoever has something to be told can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.changes.mergers import merger_queries as succeeding
from ocop_workflow.errors import Text
from ocop_workflow.upkeep.examination import unit_queries
from ocop_workflow.upkeep.examination.findings import SWEEP, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def merged_units_hold_nothing(snapshot: Snapshot) -> Iterator[Finding]:
    """22. As of the last completed sweep, what belonged to a merged unit belongs to its heir."""
    if snapshot.last_done is None:
        return
    for item in succeeding.due_successions(snapshot.tx, snapshot.last_done):
        text = Text(
            f"{item.name} đã sáp nhập vào {item.heir_name} ngày {item.on:%d/%m/%Y} mà chưa bàn giao hết.",
            f"{item.unit} was merged into {item.heir} on {item.on} and has not handed everything over.",
        )
        yield Finding("units", item.unit, text, SWEEP, Severity.WARNING)


def everybody_can_be_reached(snapshot: Snapshot) -> Iterator[Finding]:
    """35. A unit that has something to be told has an address."""
    for row in unit_queries.unheard_units(snapshot.tx, snapshot.clock.today()):
        text = Text(
            f"{row.name} có {row.deadlines} thời hạn đang mở nhưng chưa có địa chỉ thư: không ai được nhắc.",
            f"{row.slug} has {row.deadlines} open deadlines and no address: nobody is reminded.",
        )
        command = f"ocop units contact add {row.slug}"
        advice = Text(f"Thêm địa chỉ: `{command} ĐỊA-CHỈ`.", f"Add an address: `{command} ADDRESS`.")
        yield Finding("units", row.slug, text, advice, Severity.WARNING)
