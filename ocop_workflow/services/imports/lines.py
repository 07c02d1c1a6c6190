"""One row of the annex: columns put straight, merged cells filled, the star read, doubts noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Fault, Text, fault
from ocop_workflow.services.imports.candidate import LONGEST_NUMBER, Candidate, Row, Target, row_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.services.imports.header import Header

_CROSSES: Final = frozenset("x×хχ✓✔✗✘☑☒")  # a Cyrillic and a Greek x among them
_LIMITS: Final = {"number": LONGEST_NUMBER, "unit": 200, "name": 200, "holder": 300, "address": 300}
_HOLDER: Final = re.compile(r"(?P<person>[^(]*?)\s*\(\s*(?P<organisation>.+?)\s*\)$")


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one product, after merged cells were filled from the rows above.

    Attributes:
        row: row of the sheet, counted from 1.
        holder: the cell of the representative, with the organisation in brackets.
        slid: how many empty cells had pushed the row to the right of its columns; undone here.
        unclear: the columns do not fit and could not be put straight.
        borrowed: the address was filled from a row with another representative.
    """

    row: int
    number: str
    unit: str
    name: str
    holder: str
    address: str
    stars: tuple[str, ...]
    slid: int = 0
    unclear: bool = False
    borrowed: bool = False


def read_line(header: Header, row: int, cells: Row, above: Line | None) -> Line:
    """Read the row `row` (counted from 1); `above` is the line before it, from which merged cells fill."""
    line = _straight(header, _line(header, row, cells), cells, above)
    if line.unit or above is None:
        return line
    return replace(
        line,
        unit=above.unit,
        holder=line.holder or above.holder,
        address=line.address or above.address,
        borrowed=not line.address and line.holder not in {"", above.holder},
    )


def is_cross(cell: str) -> bool:
    """Return whether a cell of a star column is marked."""
    return cell.casefold() in _CROSSES


def _line(header: Header, row: int, cells: Row) -> Line:
    def at(place: int) -> str:
        return cells[place] if place < len(cells) else ""

    return Line(
        row=row,
        number=re.sub(r"^(\d+)\.0+$", r"\1", at(header.number)),
        unit=at(header.unit),
        name=at(header.name),
        holder=at(header.holder),
        address=at(header.address),
        stars=tuple(at(place) for place in header.stars),
    )


def _straight(header: Header, line: Line, cells: Row, above: Line | None) -> Line:
    """Undo a slide to the right, the row's own or the one of the merged cells that it belongs to."""
    if _notes(line) and not (line.holder and line.address):
        slides = (_slid_back(header, line.row, cells, start) for start in (header.holder, header.address))
        return next((slide for slide in slides if slide), replace(line, unclear=True))
    if above is None or line.unit or line.holder or line.address:
        return line
    if above.slid:
        return _carried(header, line, cells, above.slid)
    return replace(line, unclear=above.unclear)


def _slid_back(header: Header, row: int, cells: Row, start: int) -> Line | None:
    """Take out the empty cells that begin at `start`, if the row then fits its columns."""
    slid = next((i for i, cell in enumerate(cells[start:]) if cell), 0)
    line = replace(_line(header, row, cells[:start] + cells[start + slid :]), slid=slid)
    fits = slid and not _notes(line) and len(_marked(line)) == 1 and not is_cross(line.address)
    return line if fits else None


def _carried(header: Header, line: Line, cells: Row, slid: int) -> Line:
    """Slide back a row whose representative and address are merged with a slid row's."""
    start = header.holder
    moved = _line(header, line.row, cells[:start] + cells[start + slid :])
    fits = not moved.holder and not moved.address and not any(cells[start : start + slid])
    return replace(moved, slid=slid) if fits else replace(line, unclear=True)


def _notes(line: Line) -> list[str]:
    return [cell for cell in line.stars if cell and not is_cross(cell)]


def _marked(line: Line) -> list[Target]:
    return [target for target, cell in zip(Target, line.stars, strict=True) if is_cross(cell)]


def line_faults(header: Header, line: Line) -> tuple[Fault, ...]:
    """Return what makes the row unusable, each at its cell (`C7`)."""
    return tuple(_faults(header, line))


def _faults(header: Header, line: Line) -> Iterator[Fault]:
    def at(column: int, vi: str, en: str) -> Fault:
        vi_row, en_row = (row_name(word, line.row, line.number) for word in ("Dòng", "Row"))
        return fault(f"{_letters(column)}{line.row}", f"{vi_row}: {vi}.", f"{en_row}: {en}.")

    if not line.unit:
        yield at(header.unit, "thiếu địa phương", "no unit")
    if not line.name:
        yield at(header.name, "thiếu tên sản phẩm", "no product name")
    if len(_marked(line)) > 1:
        yield at(
            header.stars[0], "đánh dấu nhiều hơn một cột hạng sao", "more than one star column is marked"
        )
    for field, limit in _LIMITS.items():
        if len(getattr(line, field)) > limit:
            yield at(
                getattr(header, field), f"nội dung dài hơn {limit} ký tự", f"longer than {limit} characters"
            )


def _letters(column: int) -> str:
    """Return the letters of a column counted from 0, as a spreadsheet writes them (0 → A, 26 → AA)."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)  # noqa: PLR2004 - letters


def candidate(line: Line) -> Candidate:
    """Return the product of a line without faults, with the questions that the row itself raises."""
    named = _HOLDER.fullmatch(line.holder)
    person = named["person"] if named else line.holder
    marked = [] if line.unclear or _notes(line) else _marked(line)
    target = marked[0] if marked else None
    return Candidate(
        row=line.row,
        number=line.number,
        unit_name=line.unit,
        name=line.name,
        producer=(named["organisation"] if named else person) or None,
        representative=person or None,
        address=line.address or None,
        target=target,
        questions=tuple(_questions(line, target)),
    )


def _questions(line: Line, target: Target | None) -> Iterator[Text]:
    if line.slid:
        yield Text(
            f"Dòng này bị lệch {line.slid} ô sang phải và đã được dời lại; "
            "chủ thể, địa chỉ và hạng sao đăng ký có đúng không?",
            f"The row was shifted right by {line.slid} cells and was put back; "
            "are producer, address and star right?",
        )
    if line.unclear:
        yield Text(
            "Các ô của dòng này không khớp với cột tiêu đề; sản phẩm đăng ký hạng sao nào?",
            "The cells of this row do not fit the columns; which star is registered?",
        )
    elif notes := _notes(line):
        yield Text(
            f"Cột hạng sao ghi “{'; '.join(notes)}” thay cho dấu x; sản phẩm đăng ký hạng sao nào?",
            f"A star column says “{'; '.join(notes)}” instead of a cross; which star is registered?",
        )
    elif target is None:
        yield Text(
            "Chưa đánh dấu hạng sao đăng ký; sản phẩm đăng ký hạng sao nào?",
            "No star column is marked; which star is registered?",
        )
    if target is not None and target.is_upgrade:
        yield Text(
            "Sản phẩm đăng ký nâng hạng: giấy chứng nhận đang có số mấy, cấp ngày nào, hạng mấy sao?",
            "An upgrade: what are the number, date and star of the certificate it holds?",
        )
    if not line.holder:
        yield Text("Chưa có tên chủ thể; chủ thể là ai?", "No producer is named; who is it?")
    if not line.address:
        yield Text("Chưa có địa chỉ sản xuất; sản xuất ở đâu?", "No address is given; where is it made?")
    elif line.borrowed:
        yield Text(
            "Địa chỉ lấy theo dòng trên của người đại diện khác; có đúng không?",
            "The address is that of the row above, of another representative; is it right?",
        )


__all__ = ["Line", "candidate", "is_cross", "line_faults", "read_line"]
