"""The inspections of a plan file that somebody brings: who is covered by none, groups that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.reading.consistency import entries, regulation_of
from ocop_workflow.errors import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_Raw = dict[str, Any]


def inspection_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield the faults of a plan file's inspections, given its raw tables."""
    regulation = regulation_of(raw)
    known = tuple(regulation.group_names) if regulation else ()
    for place, entry in entries(raw, "inspections"):
        for key in ("stars", "groups"):
            if entry.get(key) == []:
                yield fault(
                    f"{place}.{key}",
                    "không sản phẩm nào được kiểm tra; bỏ mục này nếu kiểm tra mọi sản phẩm",
                    "no product is inspected; leave the key out if all are",
                )
        groups = entry.get("groups")
        for index, group in enumerate(groups if regulation and isinstance(groups, list) else ()):
            if group not in known:
                yield fault(
                    f"{place}.groups[{index}]",
                    f"quy định không có ngành hàng này; có: {', '.join(known)}",
                    f"the regulation has no such group; it has: {', '.join(known)}",
                )
