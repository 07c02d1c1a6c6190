"""The annex of a plan ("Dự kiến sản phẩm tham gia"): rows of cells in, products, faults and questions out.

The rules follow the annex of the Đức Phổ plan of 2024: merged cells stand as blanks, one cross marks the
registered star, a line "Tổng cộng có … sản phẩm" closes the list. Whatever is doubtful is asked, never
decided here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text, fault
from ocop_workflow.services.imports.candidate import Annex, Candidate, Row, Target, row_name
from ocop_workflow.services.imports.doubles import with_doubles, with_keys
from ocop_workflow.services.imports.header import Header, find_header
from ocop_workflow.services.imports.lines import Line, candidate, is_cross, line_faults, read_line
from ocop_workflow.vietnamese import clean, search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOTAL: Final = re.compile(r"(tong cong|tong so)\b|(tong|cong)\s*(:|\d|$)")


def read_annex(rows: Sequence[Row]) -> Annex:
    """Read the products of an annex.

    Args:
        rows: the cells of the sheet from its first row on; rows above the heading are passed over.

    Returns:
        The products in the sheet's order, and every fault with its cell. A row with a fault gives no
        product; without the heading there is one fault and no product.
    """
    rows = [tuple(map(clean, row)) for row in rows]
    header = find_header(rows)
    if header is None:
        return Annex((), (_NO_HEADER,))
    body = list(enumerate(rows[header.below :], start=header.below + 1))
    end = next((i for i, (_, cells) in enumerate(body) if _is_total(header, cells)), len(body))
    lines = _lines(header, body[:end])
    faults = [line_faults(header, line) for line in lines]
    products = [candidate(line) for line, found in zip(lines, faults, strict=True) if not found]
    return Annex(
        with_keys(with_doubles(products)),
        tuple(found for of_line in faults for found in of_line),
        (*_order(lines), *_total(header, body[end:], len(lines))),
    )


_NO_HEADER: Final = fault(
    "A1",
    "Không tìm thấy dòng tiêu đề của phụ lục: STT, Địa phương, Tên sản phẩm, Người đại diện (chủ thể), "
    "Địa chỉ, 3 sao, 4 sao, Nâng hạng 3 sao lên 4 sao, Nâng hạng 4 sao lên 5 sao.",
    "The heading of the annex was not found: STT, Địa phương, Tên sản phẩm, Người đại diện (chủ thể), "
    "Địa chỉ, 3 sao, 4 sao, Nâng hạng 3 sao lên 4 sao, Nâng hạng 4 sao lên 5 sao.",
)


def _lines(header: Header, body: Sequence[tuple[int, Row]]) -> list[Line]:
    """Read all rows that hold more than a number; each fills its merged cells from the one before."""
    lines: list[Line] = []
    for row, cells in body:
        if any(cell for place, cell in enumerate(cells) if place != header.number):
            lines.append(read_line(header, row, cells, lines[-1] if lines else None))
    return lines


def _is_total(header: Header, cells: Row) -> bool:
    first = next((cell for cell in cells if cell), "")
    return bool(_TOTAL.match(search_key(first))) and not _has_cross(header, cells)


def _has_cross(header: Header, cells: Row) -> bool:
    return any(is_cross(cells[place]) for place in header.stars if place < len(cells))


def _order(lines: Sequence[Line]) -> Iterator[Text]:
    """Ask once, where the column STT first fails to count upwards."""
    counted = [line for line in lines if re.fullmatch(r"\d{1,9}", line.number)]
    for above, line in pairwise(counted):
        if int(line.number) <= int(above.number):
            yield Text(
                f"Số thứ tự không tăng dần: dòng {line.row} ghi {line.number} sau số {above.number}; "
                "danh sách có thiếu hoặc lặp sản phẩm không?",
                f"The numbers do not go up: row {line.row} says {line.number} after {above.number}; "
                "is a product missing or repeated?",
            )
            return


def _total(header: Header, footer: Sequence[tuple[int, Row]], count: int) -> Iterator[Text]:
    """Ask if the closing line names another number of products, or if products stand below it."""
    for _, cells in footer[:1]:
        text = " ".join(cell for place, cell in enumerate(cells) if place not in header.stars)
        said = re.search(r"\d{1,9}", text)
        if said and int(said[0]) != count:
            yield Text(
                f"Dòng tổng cộng ghi {int(said[0])} sản phẩm nhưng đọc được {count} dòng; số nào đúng?",
                f"The closing line says {int(said[0])} products but {count} rows were read; which is right?",
            )
    below = [
        (row, read_line(header, row, cells, None).number)
        for row, cells in footer[1:]
        if _has_cross(header, cells)
    ]
    if below:
        vi, en = (", ".join(row_name(word, *place) for place in below) for word in ("dòng", "row"))
        yield Text(
            f"Dưới dòng tổng cộng còn dấu x ở {vi}, chưa được đọc; có phải là sản phẩm không?",
            f"Below the closing line there are crosses in {en}, not read; are they products?",
        )


__all__ = ["Annex", "Candidate", "Target", "read_annex"]
