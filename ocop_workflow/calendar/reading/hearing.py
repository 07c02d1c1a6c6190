"""Whom a plan file lets be told: a commune that has no product yet hears of the registration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.plan import Reach
from ocop_workflow.calendar.reading.consistency import entries
from ocop_workflow.errors import Fault, fault
from ocop_workflow.regulations import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterator

_Raw = dict[str, Any]
_TABLES = ("remind", "overdue")


def hearing_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield a fault wherever every commune is to be told of something that only products can do."""
    for place, entry in entries(raw, "milestones", "activities"):
        for table in _TABLES:
            if Recipient.EVERY_COMMUNE in _told(entry, table) and not _asks_for_registration(place, entry):
                yield fault(
                    f"{place}.{table}.to",
                    "every_commune chỉ dùng cho mốc đăng ký (reach = registered): xã chưa có sản phẩm thì "
                    "chưa có việc gì khác để nhắc; hãy ghi commune",
                    "every_commune belongs to the registration (reach = registered): a commune without a "
                    "product has nothing else to do yet; write commune",
                )


def hearing_remarks(raw: _Raw) -> Iterator[Fault]:
    """Yield a remark where the registration is told to the communes that have products, and to no other."""
    for place, entry in entries(raw, "milestones"):
        told = _told(entry, "remind")
        if _asks_for_registration(place, entry) and told and Recipient.EVERY_COMMUNE not in told:
            yield fault(
                f"{place}.remind.to",
                "xã, phường chưa có sản phẩm nào trong kế hoạch sẽ không được nhắc đăng ký; muốn nhắc mọi "
                "xã thì ghi every_commune thay cho commune",
                "communes without a product in the plan are not reminded to register; write every_commune "
                "instead of commune to remind them all",
            )


def _asks_for_registration(place: str, entry: _Raw) -> bool:
    reach = entry.get("reach")
    return place.startswith("milestones") and Reach.REGISTERED in (
        reach if isinstance(reach, list) else [reach]
    )


def _told(entry: _Raw, table: str) -> list[Any]:
    inner = entry.get(table)
    to = inner.get("to") if isinstance(inner, dict) else None
    return to if isinstance(to, list) else []
