"""A list as a file: CSV that Excel opens by a double click, or a workbook; that of products."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import xlsxwriter

from ocop_workflow.errors import Text
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocop_workflow.errors import Language
    from ocop_workflow.products.views import ProductView

    #: what stands over each column, and how wide it is
    Columns = Sequence[tuple[Text, int]]

_COLUMNS: Final = (
    (Text("Mã", "Code"), 12),
    (Text("Sản phẩm", "Product"), 36),
    (Text("Địa phương", "Commune"), 24),
    (Text("Chủ thể", "Producer"), 36),
    (Text("Người đại diện", "Representative"), 24),
    (Text("Ngành hàng", "Group"), 24),
    (Text("Trạng thái", "State"), 26),
    (Text("Sao", "Stars"), 6),
    (Text("Số quyết định", "Decision"), 20),
    (Text("Có giá trị đến", "Valid until"), 14),
    (Text("Việc đến hạn trước nhất", "What is due first"), 40),
    (Text("Hạn", "Due"), 12),
    (Text("Số ngày còn lại", "Days left"), 10),
    (Text("Kế hoạch", "Plan"), 18),
)
#: by these a cell would become a formula in somebody's Excel
_STEERING: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def _row(view: ProductView) -> tuple[object, ...]:
    due = min(view.deadlines, key=lambda line: line.due_on, default=None)
    held = view.certificate
    return (
        view.code,
        view.name,
        view.unit,
        view.producer or "",
        view.representative or "",
        view.group_name or "",
        view.state_label,
        view.star or "",
        held.number if held else "",
        held.valid_until if held else "",
        (due.name or due.milestone) if due else "",
        due.due_on if due else "",
        due.days_left if due else "",
        view.plan,
    )


def as_csv(views: Sequence[ProductView], language: Language) -> bytes:
    """Write a list of products as CSV; see `csv_of`."""
    return csv_of(_COLUMNS, map(_row, views), language)


def as_workbook(views: Sequence[ProductView], language: Language) -> bytes:
    """Write a list of products as an Excel workbook; see `workbook_of`."""
    return workbook_of(_COLUMNS, [_row(view) for view in views], language)


def csv_of(columns: Columns, rows: Iterable[Sequence[object]], language: Language) -> bytes:
    """Write a table as CSV, UTF-8 with the mark by which Excel knows it; days as ISO 8601."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([say(words, language) for words, _ in columns])
    table.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: object) -> object:
    """Let no text of somebody's steer the program that opens the file."""
    if isinstance(value, str) and value.startswith(_STEERING):
        return f"'{value}"
    return value


def workbook_of(columns: Columns, rows: Sequence[Sequence[object]], language: Language) -> bytes:
    """Write a table as an Excel workbook: a head that stays, a filter, days as days; no text as a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("OCOP")
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        for column, (words, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, say(words, language), head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_datetime(number, column, value, day)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()
