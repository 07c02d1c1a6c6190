"""The data's rules: clean text, keys that find it, references that lead somewhere, imports that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Text
from ocop_workflow.store.troubles import pages
from ocop_workflow.upkeep.examination import product_queries
from ocop_workflow.upkeep.examination.findings import REPORT, RESTORE, Finding
from ocop_workflow.upkeep.health import queries as inspecting_host
from ocop_workflow.vietnamese import clean, search_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot

_KEYS = ("search_key", "sort_key")


def text_is_clean(snapshot: Snapshot) -> Iterator[Finding]:
    """25. Text is NFC, trimmed, without anything invisible, and no longer than its column."""
    for table, row in inspecting_host.text_rows(snapshot.tx):
        for column, value in row._mapping.items():  # noqa: SLF001 - the library's public name for this
            if column in _KEYS or column == "id":
                continue
            if any(not _is_clean(line) for line in _lines(value)):
                yield _text_finding(
                    table, row, column, "có chữ chưa chuẩn hóa", "holds text that is not clean"
                )
            elif isinstance(value, str) and len(value) > (
                inspecting_host.longest_allowed(table, column) or len(value)
            ):
                yield _text_finding(table, row, column, "dài quá mức", "is too long")


def _is_clean(line: str) -> bool:
    return line == clean(line)


def _lines(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _lines(item)


def keys_find_their_text(snapshot: Snapshot) -> Iterator[Finding]:
    """25. What is compared and sorted by is made from the text that is shown."""
    for table, row in inspecting_host.text_rows(snapshot.tx):
        for column, wanted in _wanted_keys(table, row).items():
            if getattr(row, column) != wanted:
                yield _text_finding(table, row, column, "không khớp tên", "does not agree with the name")


def _wanted_keys(table: str, row: Any) -> dict[str, str]:  # noqa: ANN401 - a row of the database
    if table == "producers":
        return {"search_key": search_key(f"{row.name} {row.representative}")[:300]}
    if table in ("units", "products"):
        return {"search_key": search_key(row.name)[:200], "sort_key": sort_key(row.name)}
    return {}


def _text_finding(table: str, row: Any, column: str, vi: str, en: str) -> Finding:  # noqa: ANN401 - see above
    text = Text(f"{table} {row.id}: cột {column} {vi}.", f"{table} {row.id}: the column {column} {en}.")
    return Finding(table, f"{row.id}.{column}", text, REPORT)


def references_lead_somewhere(snapshot: Snapshot) -> Iterator[Finding]:
    """26. Every foreign key leads to a row."""
    for orphan in inspecting_host.orphans(snapshot.tx):
        text = Text(
            f"{orphan.table} {orphan.key}: {orphan.column} = {orphan.value} không dẫn tới đâu.",
            f"{orphan.table} {orphan.key}: {orphan.column} = {orphan.value} leads nowhere.",
        )
        yield Finding(orphan.table, f"{orphan.key}.{orphan.column}", text, RESTORE)


def pages_are_whole(snapshot: Snapshot) -> Iterator[Finding]:
    """26. The database finds itself whole: pages, indexes, and what each column may hold."""
    for line in pages.damaged(snapshot.tx):
        text = Text(f"Cơ sở dữ liệu tự báo hỏng: {line}.", f"The database finds itself damaged: {line}.")
        yield Finding("", line, text, RESTORE)


def imports_add_up(snapshot: Snapshot) -> Iterator[Finding]:
    """30. Every import has as many rows as it says, all of its own plan."""
    for row in product_queries.miscounted_imports(snapshot.tx):
        text = Text(
            f"Lần nhập {row.id} ({row.file_name}) ghi {row.products} sản phẩm, còn {row.found} dòng.",
            f"The import {row.id} ({row.file_name}) says {row.products} products and has {row.found} rows.",
        )
        yield Finding("imports", str(row.id), text, RESTORE)
    for row in product_queries.rows_of_another_plan(snapshot.tx):
        text = Text(
            f"Dòng {row.row} của lần nhập {row.import_id} thuộc kế hoạch khác.",
            f"Row {row.row} of the import {row.import_id} belongs to another plan.",
        )
        yield Finding("imported_rows", f"{row.import_id}/{row.row}", text, RESTORE)
