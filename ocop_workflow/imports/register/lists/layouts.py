"""What the rows of a list of certificates say: one recognition each, or several.

Times of recognition beside each other ("lần 1", "lần 2") are a recognition each, and so are the products of
one cell. A blank producer, and a broken formula, is the one above; of the plan's annex with its four columns
of crosses the commune is, too, and rows that were pushed to the right are put back and asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text
from ocop_workflow.imports.reading.candidate import column_letters
from ocop_workflow.imports.reading.header import find_header
from ocop_workflow.imports.reading.holders import read_holder
from ocop_workflow.imports.reading.layout import is_numbers
from ocop_workflow.imports.reading.lines import read_line
from ocop_workflow.imports.reading.ticks import Tick, read_box
from ocop_workflow.imports.reading.unit_names import has_kind
from ocop_workflow.imports.register.lists.cells import (
    NamedDecision,
    commune_in,
    day_in,
    decision_in,
    is_total,
    raised_in,
    said,
    star_in,
    without_decision,
)
from ocop_workflow.imports.register.lists.columns import Columns, find_columns
from ocop_workflow.imports.register.lists.recognition import ListedRecognition
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ocop_workflow.imports.reading.candidate import Row
    from ocop_workflow.imports.reading.header import Header
    from ocop_workflow.imports.reading.lines import SheetLine
    from ocop_workflow.imports.reading.sheet import Sheet

_EVIDENCE: Final = {"a": "A", "b1": "B1", "b2": "B2", "c": "C"}
#: what the data standard's lists say of whether a recognition holds; there is no official list of these words
_STATUS: Final = {
    **dict.fromkeys(("hieuluc", "hieu luc", "con hieu luc", "conhieuluc"), False),
    **dict.fromkeys(("hethan", "het han", "het hieu luc", "hethieuluc"), True),
}
_SECTION: Final = re.compile(r"[IVXLC]{1,6}|[A-Z]")
_SECTION_TEXT: Final = re.compile(r"(?:(?:[IVXLC]{1,6}|[A-Z])\s*[.)/:-]\s*)?(?P<text>\S.*)")
_OF_STARS: Final = re.compile(
    r"(cac )?(san pham|sp|hang|xep hang|phan hang|dat|nhom|danh sach)\b.*sao|[345] sao"
)
_BULLET: Final = re.compile(r"^(?:[-–+•*]|\d{1,2}\s*[.)/])\s+")
#: what may differ between the products of one cell, each on the line of its own
_BY_LINE: Final = ("star", "number", "decided_on", "valid_until", "issuer")


def read_recognitions(sheet: Sheet) -> list[ListedRecognition] | None:
    """Return what the rows of a sheet say; none: it has no heading of a list of certificates."""
    columns = find_columns(sheet.rows)
    return None if columns is None else list(_RowReading(sheet, columns).rows())


def heading_of(sheet: Sheet) -> int | None:
    """Return the number of the last row of a sheet's heading, counted from 1; none: it has none."""
    columns = find_columns(sheet.rows)
    return columns.below if columns else None


@dataclass(frozen=True, slots=True)
class _Owner:
    """A producer as a row names it, for the rows below that leave it blank."""

    producer: str = ""
    representative: str = ""
    unit: str = ""
    unit_cell: str = ""
    address: str = ""
    registration: str = ""
    cell: str = ""


class _Cells:
    """The cells of a row by what stands over them; empty where there is none."""

    def __init__(self, row: Row, places: Mapping[str, int], instead: Mapping[str, str] | None = None) -> None:
        self._row, self._places, self._instead = row, places, instead or {}

    def __getitem__(self, name: str) -> str:
        if name in self._instead:
            return self._instead[name]
        return self.at(self._places.get(name))

    def at(self, place: int | None) -> str:
        return said(self._row[place]) if place is not None and place < len(self._row) else ""


class _RowReading:
    """Reads one sheet from its heading down."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self._sheet, self._columns = sheet, columns
        top = sheet.rows[: columns.below] if columns.ticks else ()
        self._header: Header | None = find_header(top)
        self._line: SheetLine | None = None
        self._above = _Owner(unit=columns.unit)
        #: what a title, or a section, gives to all rows below it
        self._star, self._commune = columns.star, columns.unit

    def rows(self) -> Iterator[ListedRecognition]:
        """Yield what each row says."""
        columns = self._columns
        for index, cells in enumerate(self._sheet.rows[columns.below :], start=columns.below + 1):
            if is_numbers(cells) or any(is_total(said(part)) for part in cells[:2]):
                continue
            section = _section(cells)
            if section is not None:
                star, unit = section
                self._star, self._commune = star or self._star, unit or self._commune
                self._above = _Owner(unit=self._commune)
                continue
            row, asked = self._straight(index, cells)
            yield from self._of_row(index, row, asked)

    def _straight(self, index: int, cells: Row) -> tuple[Row, tuple[tuple[str, Text], ...]]:
        """Put a row of the plan's annex back that was pushed to the right, and ask whether that is right."""
        header = self._header
        if header is None or not self._columns.ticks or not any(cells):
            return cells, ()
        line = self._line = read_line(header, index, cells, self._line)
        cell = f"{column_letters(line.slid_from)}{index}"
        if line.slid:
            asked = Text(
                f"dòng này lệch {line.slid} ô sang phải, đã dời lại: chủ thể, địa chỉ, hạng sao đúng chưa?",
                f"the row was pushed right by {line.slid} cells and put back: is it right?",
            )
            return cells[: line.slid_from] + cells[line.slid_from + line.slid :], ((cell, asked),)
        if line.unclear:
            asked = Text(
                "các ô của dòng này không khớp tiêu đề: chủ thể, địa chỉ, hạng sao có đúng không?",
                "the cells of this row do not fit the heading: is it right?",
            )
            return cells, ((f"{column_letters(header.stars[0])}{index}", asked),)
        return cells, ()

    def _of_row(
        self, index: int, row: Row, asked: tuple[tuple[str, Text], ...]
    ) -> Iterator[ListedRecognition]:
        columns, cell = self._columns, _Cells(row, self._columns.of)
        owner, doubts, wrong = self._owner(index, cell)
        name = cell["product"]
        if not name and not self._recognises(row, cell):
            return
        base = ListedRecognition(
            self._sheet.name,
            index,
            name,
            owner.producer or None,
            owner.representative or None,
            owner.unit,
            cell["group"] or None,
            source=cell["source"] or None,
            evidence=_EVIDENCE.get(search_key(cell["evidence"])),
            held=star_in(cell.at(columns.held)) if columns.held is not None else None,
            unit_cell=owner.unit_cell,
            wrong=wrong,
            address=owner.address or None,
            registration=owner.registration or None,
            holder_cell=owner.cell,
            proposes=columns.proposes,
            hidden=self._sheet.hidden or index in self._sheet.hidden_rows,
            asked=(*asked, *doubts),
        )
        if not name:
            place = _place(columns.of, "product", index)
            lacking = Text("thiếu tên sản phẩm", "the product's name is missing")
            yield replace(base, wrong=((place, lacking), *wrong))
        elif columns.times:
            yield from self._of_times(base, row, cell)
        else:
            yield from self._of_names(base, row)

    def _recognises(self, row: Row, cell: _Cells) -> bool:
        """Tell whether a row without a product's name says something of a recognition all the same."""
        timed = any(_Cells(row, places)["number"] for places in self._columns.times.values())
        marked = any(read_box(cell.at(place)) is Tick.MARKED for place in self._columns.ticks)
        return timed or marked or bool(cell["number"] or cell["decided_on"] or cell["star"])

    def _of_times(self, base: ListedRecognition, row: Row, cell: _Cells) -> Iterator[ListedRecognition]:
        times = [(_Cells(row, places), places) for places in self._columns.times.values()]
        told = [(timed, places) for timed, places in times if timed["number"] or timed["decided_on"]]
        for timed, places in told or times[:1]:  # a row that tells of none lacks it all
            yield self._recognised(base, timed, places, cell)

    def _of_names(self, base: ListedRecognition, row: Row) -> Iterator[ListedRecognition]:
        of = self._columns.of
        lines = self._lines(base.row, of["product"])
        names = _names(base.product, lines)
        for number, name in enumerate(names):
            instead = {}
            for column in _BY_LINE if len(names) > 1 else ():
                parts = self._lines(base.row, of[column]) if column in of else ()
                if len(parts) == len(names):
                    instead[column] = said(parts[number])
            one = replace(base, product=name, whole_cell=base.product if len(names) > 1 else "")
            yield self._recognised(one, _Cells(row, of, instead), of, _Cells(row, of, instead))

    def _lines(self, row: int, column: int) -> tuple[str, ...]:
        return self._sheet.lines.get((row, column), ())

    def _recognised(
        self, base: ListedRecognition, cell: _Cells, places: dict[str, int], row: _Cells
    ) -> ListedRecognition:
        """Return what one time of recognition says, with what holds for all rows where it says nothing."""
        above = self._columns.above
        written = [cell["number"], row["note"], cell["star"], base.product]
        named = next((one for one in map(decision_in, written) if one.number), NamedDecision())
        number = named.number or cell["number"] or None
        whole = above if number is None or number == above.number else NamedDecision()
        on = day_in(cell["decided_on"]) or named.on or whole.on
        star, raised_from, unclear = self._star_of(base.row, cell, row, places)
        status = row["status"]
        known = _STATUS.get(search_key(status)) if status else None
        asked = list(base.asked)
        if status and known is None:
            text = Text(f"không hiểu trạng thái “{status}”", f"the status “{status}” is not known")
            asked.append((_place(self._columns.of, "status", base.row), text))
        return replace(
            base,
            product=without_decision(base.product) or base.product,
            star=star,
            raised_from=raised_from,
            number=number or whole.number,
            decided_on=on,
            valid_until=day_in(cell["valid_until"]),
            issuer=cell["issuer"] or named.issuer or whole.issuer,
            ended_on=day_in(row["ended_on"]),
            has_ended=known,
            wrong=(*base.wrong, *unclear, *_wrong(base.row, cell, places, row, self._columns.of, on)),
            asked=tuple(asked),
        )

    def _star_of(
        self, index: int, cell: _Cells, row: _Cells, places: dict[str, int]
    ) -> tuple[int | None, int | None, list[tuple[str, Text]]]:
        """Return the star, from which it was raised, and what stands in its way."""
        ticks = self._columns.ticks
        boxes = {place: read_box(row.at(place)) for place in ticks}
        marked = [place for place, box in boxes.items() if box is Tick.MARKED]
        if len(marked) > 1:
            first = f"{column_letters(marked[0])}{index}"
            several = Text("đánh dấu nhiều hơn một cột hạng sao", "more than one column of stars is marked")
            return None, None, [(first, several)]
        if marked:
            return (*ticks[marked[0]], [])
        written = next((row.at(place) for place, box in boxes.items() if box is Tick.WORDS), cell["star"])
        raised = raised_in(written)
        if raised is not None:
            return raised[1], raised[0], []
        star = star_in(written)
        star = star_in(without_decision(written)) if star is None else star
        if star is None and written and not ticks:
            where = _place(places, "star", index)
            text = Text(f"không rõ hạng sao: “{written}”", f"“{written}” names no star")
            return None, None, [(where, text)]
        return star if star is not None or written else self._star, None, []

    # -- who makes it ----------------------------------------------------------------------------------

    def _owner(
        self, index: int, cell: _Cells
    ) -> tuple[_Owner, list[tuple[str, Text]], tuple[tuple[str, Text], ...]]:
        """Return who makes the products of a row, with what is asked and what is wrong about it."""
        of, above = self._columns.of, self._above
        representative, doubts = cell["representative"], []
        named_in = next((column for column in self._columns.owners if cell.at(column)), of.get("producer"))
        producer = cell.at(named_in)
        place = f"{column_letters(named_in)}{index}" if named_in is not None else _place(of, "holder", index)
        if not producer and cell["holder"]:
            first = self._header.producer_first if self._header else True
            named = read_holder(cell["holder"], producer_first=first)
            producer, representative = named.producer or "", named.representative or ""
            if named.remark:
                text = f"“({named.remark})” sau tên chủ thể là ghi chú hay người đại diện?"
                doubts.append((place, Text(text, f"is “({named.remark})” a remark or a name?")))
        wrong = self._two_owners(index, cell)
        unit, unit_cell = self._unit(index, cell)
        merged = above.unit if self._header is not None else ""
        if not producer:
            self._above = replace(
                above,
                unit=unit or above.unit,
                unit_cell=unit_cell if unit else above.unit_cell,
                registration=cell["registration"] or above.registration,
            )
            return self._above, doubts, wrong
        if not any(key in of for key in ("unit", "address")):
            producer = commune_in(producer)[1] or producer
        self._above = _Owner(
            producer,
            representative,
            unit or merged or self._commune,
            unit_cell or _place(of, "unit", index) or _place(of, "address", index),
            cell["address"],
            cell["registration"],
            place,
        )
        return self._above, doubts, wrong

    def _two_owners(self, index: int, cell: _Cells) -> tuple[tuple[str, Text], ...]:
        """Say so where two columns name different producers: which is meant, nobody can tell."""
        named = {
            search_key(text): (text, place) for place in self._columns.owners if (text := cell.at(place))
        }
        if len(named) < 2:  # noqa: PLR2004 - two differ
            return ()
        (one, place), (other, _), *_ = named.values()
        said_otherwise = Text(
            f"hai cột nêu hai chủ thể: “{one}”, “{other}”; để lại một",
            f"two columns name two producers: “{one}”, “{other}”; leave one",
        )
        return ((f"{column_letters(place)}{index}", said_otherwise),)

    def _unit(self, index: int, cell: _Cells) -> tuple[str, str]:
        """Return the commune that a row names, and where: in its own column, the address, or the producer."""
        of = self._columns.of
        if cell["unit"]:
            return cell["unit"], _place(of, "unit", index)
        for name in ("address", "producer"):
            found, _ = commune_in(cell[name])
            if found:
                return found, _place(of, name, index)
        return "", ""


def _wrong(
    index: int, cell: _Cells, places: dict[str, int], row: _Cells, of: dict[str, int], on: date | None
) -> Iterator[tuple[str, Text]]:
    """Yield what the days of a row cannot be."""
    cells = ((cell, places, "decided_on"), (cell, places, "valid_until"), (row, of, "ended_on"))
    for read, where, name in cells:
        if read[name] and day_in(read[name]) is None:
            text = Text(f"“{read[name]}” không phải ngày", f"“{read[name]}” is no day")
            yield _place(where, name, index), text
    year = cell["year"]
    if year.isdecimal() and on is not None and int(year) != on.year:
        text = Text(
            f"năm {year} không khớp ngày quyết định {on:%d/%m/%Y}",
            f"the year {year} is not that of the decision of {on}",
        )
        yield _place(places, "year", index), text


def _section(row: Row) -> tuple[int | None, str] | None:
    """Return the star and the commune that a row between others gives to those below; none: it is none."""
    texts = [text for cell in row if (text := said(cell))]
    numbered = len(texts) == 2 and _SECTION.fullmatch(texts[0].strip(" .)/:-")) is not None  # noqa: PLR2004 - number, text
    found = _SECTION_TEXT.fullmatch(texts[-1]) if numbered or len(texts) == 1 else None
    if found is None:
        return None
    text = found["text"]
    star = star_in(text) if _OF_STARS.match(search_key(text)) else None
    unit = text if has_kind(text) else ""
    return (star, unit) if star or unit or numbered else None


def _names(cell: str, lines: tuple[str, ...]) -> list[str]:
    """Return the products of one cell: one on each line, behind each dash, or parted by semicolons.

    A line that goes on in small letters is the end of the one before.
    """
    parts: list[str] = []
    for line in lines or (cell,):
        if parts and line[:1].islower():
            parts[-1] += f" {line}"
        else:
            parts.append(line)
    if len(parts) == 1:
        (whole,) = parts
        marked = re.match(r"[-–+•]\s", whole)
        parts = re.split(r"(?:^|\s)[-–+•]\s", whole) if marked else whole.split(";")
    return [name for part in parts if (name := _BULLET.sub("", part).strip(" ;"))] or [cell]


def _place(places: Mapping[str, int], name: str, row: int) -> str:
    return f"{column_letters(places[name])}{row}" if name in places else ""


__all__ = ["ListedRecognition", "heading_of", "read_recognitions"]
