"""One row of the list: columns put straight, merged cells filled, the star read, doubts noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.errors import Fault, fault
from ocop_workflow.imports.reading.candidate import (
    LONGEST_NUMBER,
    Candidate,
    CellQuestion,
    CrossColumn,
    Row,
    column_letters,
    row_name,
)
from ocop_workflow.imports.reading.holders import read_holder
from ocop_workflow.imports.reading.old_fonts import without_soft
from ocop_workflow.imports.reading.ticks import Tick, is_sign, read_box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.imports.reading.candidate import Doubt
    from ocop_workflow.imports.reading.header import Header

#: the cells that hold words, by the name of their field
WORDS: Final = ("unit", "name", "holder", "address")
_FILLED: Final = ("unit", "holder", "address")  # merged over the rows of one unit
_LIMITS: Final = {"number": LONGEST_NUMBER, "unit": 200, "name": 200, "holder": 300, "address": 300}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """The cells of one product, after merged cells were filled from the rows above.

    Attributes:
        row: row of the sheet, counted from 1.
        holder: the cell of the representative, with the organisation in brackets.
        slid: how many empty cells had pushed the row to the right of its columns; undone here.
        slid_from: the column from which the row was pushed.
        unclear: the columns do not fit and could not be put straight.
        borrowed: the address was filled from a row with another representative.
        unit_row: the row in which the unit's name stands.
        holder_row: the row in which the representative stands.
        doubts: what is to be answered first, by the field that it is about.
        left_out: somebody answered that the row is not to be imported.
    """

    row: int
    number: str
    unit: str
    name: str
    holder: str
    address: str
    stars: tuple[str, ...]
    slid: int = 0
    slid_from: int = 0
    unclear: bool = False
    borrowed: bool = False
    unit_row: int = 0
    holder_row: int = 0
    doubts: tuple[tuple[str, Doubt], ...] = ()
    left_out: bool = False

    @property
    def marked(self) -> list[CrossColumn]:
        """The star columns that are marked."""
        pairs = zip(CrossColumn, self.stars, strict=True)
        return [target for target, cell in pairs if read_box(cell) is Tick.MARKED]

    @property
    def notes(self) -> list[str]:
        """What stands in star columns and is neither a mark nor an empty box."""
        return [cell for cell in self.stars if read_box(cell) is Tick.WORDS]

    def saying(self, field: str, text: str) -> SheetLine:
        """Return the row with other words in one of its fields."""
        changes: dict[str, Any] = {field: text}
        return replace(self, **changes)

    def cell(self, header: Header, field: str) -> str:
        """Return the cell in which a field of the row stands in the sheet."""
        column: int = getattr(header, field)
        return f"{column_letters(column + (self.slid if column >= self.slid_from else 0))}{self.row}"


def read_line(
    header: Header,
    row: int,
    cells: Row,
    above: SheetLine | None,
    judge: Callable[[SheetLine], SheetLine] = lambda line: line,
) -> SheetLine:
    """Read the row `row` (counted from 1).

    Args:
        header: where the columns stand.
        row: the row's number.
        cells: its cells.
        above: the line before it, from which merged cells fill; with a cell comes the doubt about it.
        judge: notes doubts about the row's own cells, and puts straight what was answered.
    """
    line = judge(_straight(header, _line(header, row, cells), cells, above))
    if line.unit or above is None:
        return replace(line, unit_row=row, holder_row=row)
    inherited = dict(above.doubts)
    filled = [name for name in _FILLED if not getattr(line, name)]
    return replace(
        line,
        unit=above.unit,
        unit_row=above.unit_row,
        holder=line.holder or above.holder,
        holder_row=row if line.holder else above.holder_row,
        address=line.address or above.address,
        borrowed=not line.address and line.holder not in {"", above.holder},
        doubts=(*line.doubts, *((name, inherited[name]) for name in filled if name in inherited)),
    )


def _line(header: Header, row: int, cells: Row) -> SheetLine:
    def at(place: int) -> str:
        return cells[place] if place < len(cells) else ""

    return SheetLine(
        row=row,
        number=re.sub(r"^(\d+)\.0+$", r"\1", at(header.number)),
        unit=at(header.unit),
        name=at(header.name),
        holder=at(header.holder),
        address=at(header.address),
        stars=tuple(at(place) for place in header.stars),
    )


def _straight(header: Header, line: SheetLine, cells: Row, above: SheetLine | None) -> SheetLine:
    """Undo a slide to the right, the row's own or the one of the merged cells that it belongs to."""
    if line.notes and not (line.holder and line.address):
        slides = (_slid_back(header, line.row, cells, start) for start in (header.holder, header.address))
        return next((slide for slide in slides if slide), replace(line, unclear=True))
    if above is None or line.unit or line.holder or line.address:
        return line
    if above.slid:
        return _carried(header, line, cells, above.slid)
    return replace(line, unclear=above.unclear)


def _slid_back(header: Header, row: int, cells: Row, start: int) -> SheetLine | None:
    """Take out the empty cells that begin at `start`, if the row then fits its columns."""
    slid = next((i for i, cell in enumerate(cells[start:]) if cell), 0)
    line = _line(header, row, cells[:start] + cells[start + slid :])
    fits = slid and not line.notes and len(line.marked) == 1 and not is_sign(line.address)
    return replace(line, slid=slid, slid_from=start) if fits else None


def _carried(header: Header, line: SheetLine, cells: Row, slid: int) -> SheetLine:
    """Slide back a row whose representative and address are merged with a slid row's."""
    start = header.holder
    moved = _line(header, line.row, cells[:start] + cells[start + slid :])
    fits = not moved.holder and not moved.address and not any(cells[start : start + slid])
    return replace(moved, slid=slid, slid_from=start) if fits else replace(line, unclear=True)


def line_faults(header: Header, line: SheetLine) -> tuple[Fault, ...]:
    """Return what makes the row unusable, each at its cell (`C7`)."""
    return tuple(_faults(header, line))


def _faults(header: Header, line: SheetLine) -> Iterator[Fault]:
    def at(column: int, vi: str, en: str) -> Fault:
        vi_row, en_row = (row_name(word, line.row, line.number) for word in ("Dòng", "Row"))
        return fault(f"{column_letters(column)}{line.row}", f"{vi_row}: {vi}.", f"{en_row}: {en}.")

    if not line.unit:
        yield at(header.unit, "thiếu địa phương", "no unit")
    if not line.name:
        yield at(header.name, "thiếu tên sản phẩm", "no product name")
    if len(line.marked) > 1:
        yield at(
            header.stars[0], "đánh dấu nhiều hơn một cột hạng sao", "more than one star column is marked"
        )
    for field, limit in _LIMITS.items():
        if len(getattr(line, field)) > limit:
            yield at(
                getattr(header, field), f"nội dung dài hơn {limit} ký tự", f"longer than {limit} characters"
            )


def candidate(header: Header, line: SheetLine, sheet: str = "") -> Candidate:
    """Return the product of a line without faults, with what the row itself raises."""
    named = read_holder(without_soft(line.holder), producer_first=header.producer_first)
    marked = [] if line.unclear or line.notes else line.marked
    target = marked[0] if marked else None
    return Candidate(
        row=line.row,
        number=line.number,
        unit_name=without_soft(line.unit),
        name=without_soft(line.name),
        producer=named.producer,
        representative=named.representative,
        address=without_soft(line.address) or None,
        target=target,
        questions=tuple(_questions(header, line, target, named.remark, sheet)),
        sheet=sheet,
        doubts=tuple(dict.fromkeys(doubt for _, doubt in line.doubts)),
        left_out=line.left_out,
        places=(f"{column_letters(header.unit)}{line.unit_row}", line.cell(header, "name")),
        holder_cell=f"{column_letters(header.holder)}{line.holder_row}",
    )


def _questions(
    header: Header, line: SheetLine, target: CrossColumn | None, remark: str, sheet: str
) -> Iterator[CellQuestion]:
    def ask(column: int, vi: str, en: str, proposed: str = "") -> CellQuestion:
        shift = line.slid if line.slid and column >= line.slid_from else 0
        return CellQuestion(vi, en, sheet, f"{column_letters(column + shift)}{line.row}", proposed)

    yield from _star_questions(header, line, target, ask)
    if not line.holder:
        yield ask(header.holder, "Chưa có tên chủ thể; chủ thể là ai?", "No producer is named; who is it?")
    if remark:
        yield ask(
            header.holder,
            f"Sau tên chủ thể ghi “({remark})”; đây là ghi chú hay tên người đại diện?",
            f"Behind the producer stands “({remark})”; is it a remark or the representative's name?",
        )
    if not line.address:
        vi, en = "Chưa có địa chỉ sản xuất; sản xuất ở đâu?", "No address is given; where is it made?"
        yield ask(header.address, vi, en)
    elif line.borrowed:
        yield ask(
            header.address,
            "Địa chỉ lấy theo dòng trên của người đại diện khác; có đúng không?",
            "The address is that of the row above, of another representative; is it right?",
            line.address,
        )


def _star_questions(
    header: Header, line: SheetLine, target: CrossColumn | None, ask: Callable[[int, str, str], CellQuestion]
) -> Iterator[CellQuestion]:
    if line.slid:
        yield ask(
            line.slid_from,
            f"Dòng này bị lệch {line.slid} ô sang phải và đã được dời lại; "
            "chủ thể, địa chỉ và hạng sao đăng ký có đúng không?",
            f"The row was shifted right by {line.slid} cells and was put back; "
            "are producer, address and star right?",
        )
    if line.unclear:
        yield ask(
            header.stars[0],
            "Các ô của dòng này không khớp với cột tiêu đề; sản phẩm đăng ký hạng sao nào?",
            "The cells of this row do not fit the columns; which star is registered?",
        )
    elif notes := line.notes:
        yield ask(
            header.stars[line.stars.index(notes[0])],
            f"Cột hạng sao ghi “{'; '.join(notes)}” thay cho dấu x; sản phẩm đăng ký hạng sao nào?",
            f"A star column says “{'; '.join(notes)}” instead of a cross; which star is registered?",
        )
    elif target is None:
        yield ask(
            header.stars[0],
            "Chưa đánh dấu hạng sao đăng ký; sản phẩm đăng ký hạng sao nào?",
            "No star column is marked; which star is registered?",
        )
    if target is not None and target.is_upgrade:
        yield ask(
            header.stars[list(CrossColumn).index(target)],
            "Sản phẩm đăng ký nâng hạng: giấy chứng nhận đang có số mấy, cấp ngày nào, hạng mấy sao?",
            "An upgrade: what are the number, date and star of the certificate it holds?",
        )


__all__ = ["WORDS", "SheetLine", "candidate", "line_faults", "read_line"]
