"""Lists of products as workbooks, and how they are brought to the console."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl

from tests.factories import SEED
from tests.web.console.visitor import Page

if TYPE_CHECKING:
    from tests.web.console.visitor import Visitor


def bring(visitor: Visitor, name: str, content: bytes) -> Page:
    form = visitor.open("/imports").form("/imports").fields
    answer = visitor.client.post(
        "/imports", data={"form": form["form"], "plan": SEED}, files={"file": (name, content)}
    )
    return Page(answer, answer.url.raw_path.decode())


def workbook(*names: str, unit: str = "Xã Phổ An") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    marks = ["3 sao", "4 sao", "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5 sao"]
    sheet.append(["STT", "Địa phương", "Tên sản phẩm", "Người đại diện", "Địa chỉ", *marks])
    for number, name in enumerate(names, start=1):
        sheet.append([number, unit, name, "Chủ hộ", "Thôn 1", "x", None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
