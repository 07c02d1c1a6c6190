"""The table of results as an Excel workbook: no text in it can become a formula, the same bytes each time."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING

import xlsxwriter

from ocop_workflow.documents.paper.ooxml import plain
from ocop_workflow.documents.paper.packing import repacked
from ocop_workflow.documents.paper.pieces import Side
from ocop_workflow.documents.session.common import (
    RESULT_NOTE,
    RESULT_TITLE,
    result_columns,
    result_rows,
)

if TYPE_CHECKING:
    from ocop_workflow.documents.record import SessionOnRecord

_HEAD = 3  # title, session, an empty row


def results_workbook(record: SessionOnRecord) -> bytes:
    """Write the table of results as a workbook: each text is written as text and marked as such."""
    out = io.BytesIO()
    columns, rows = result_columns(record), result_rows(record)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {
                "title": plain(f"{RESULT_TITLE}, {record.session.name}")[:255],
                "created": datetime.combine(record.session.held_on, time()),
            }
        )
        face = {"font_name": "Times New Roman", "font_size": 12}
        title = book.add_format({**face, "bold": True, "quote_prefix": True})
        heading = book.add_format(
            {
                **face,
                "bold": True,
                "text_wrap": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "quote_prefix": True,
            }
        )
        words = book.add_format(
            {**face, "text_wrap": True, "border": 1, "valign": "top", "quote_prefix": True}
        )
        figure = book.add_format({**face, "border": 1, "align": "center", "valign": "top"})
        mark = book.add_format(
            {**face, "border": 1, "align": "center", "valign": "top", "quote_prefix": True}
        )
        note = book.add_format({**face, "italic": True, "quote_prefix": True})
        sheet = book.add_worksheet("Kết quả")
        sheet.write_string(0, 0, RESULT_TITLE, title)
        sheet.write_string(1, 0, plain(f"{record.session.name}, {record.council.name}"), title)
        sheet.set_row(_HEAD, 72)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.share * 1.2)
            sheet.write_string(_HEAD, place, plain(column.title), heading)
        for number, line in enumerate(rows, start=_HEAD + 1):
            sheet.set_row(number, 34)  # two lines of a name: not every program makes room by itself
            for place, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(number, place, value, figure)
                else:
                    look = words if columns[place].side is Side.LEFT else mark
                    sheet.write_string(number, place, plain(value), look)
        sheet.write_string(_HEAD + len(rows) + 2, 0, RESULT_NOTE, note)
        sheet.freeze_panes(_HEAD + 1, 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD)
    return repacked(out.getvalue())
