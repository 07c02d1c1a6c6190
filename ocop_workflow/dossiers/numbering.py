"""The official code that a product gets when its commune reports on it (QĐ 26/2026: `(T)-(X)-(STT)-20YY`).

The commune keeps the serial: whoever keeps it in a book of its own gives the code with the step, else the
next one is taken. Of a unit whose official codes are not known nothing is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.places import code_queries as official_codes
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.product_codes import ProductCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.errors import Fault
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A product on which its commune reports.

    Attributes:
        id: its number.
        unit_id: its commune's.
        unit_name: what the commune is called.
        held: the official code that it has already; none: none.
    """

    id: int
    unit_id: int
    unit_name: str
    held: str | None


def official_code(tx: Connection, of: Unnumbered, given: str | None, on: date, *, hold: bool) -> str | None:
    """Return the official code that a product gets; none: it keeps what it has, or none can be made.

    A product that has one keeps it, in an upgrade or a renewal too, and after its commune was merged.

    Args:
        tx: the transaction.
        of: the product.
        given: the code as the commune's own book has it; none: the next one is taken.
        on: the local day on which the commune reports: whose codes of units hold, whose year the code bears.
        hold: whether the commune is held, so that no two take one serial: in a writing transaction.

    Raises:
        InvalidInput: the code that was given is none of this commune's, or is another product's.
    """
    if given is None and of.held is not None:
        return None
    if hold:
        units.hold_unit(tx, of.unit_id)
    book = _book(tx, of.unit_id, on)
    if given is not None:
        faults = list(_faults(tx, of, given, book, on))
        if faults:
            raise InvalidInput("data: dữ liệu có lỗi.", "data: the data are at fault.", faults)
        return given
    if book is None:
        return None
    serials = [code.serial for code in _codes_in(tx, book) if code.year == on.year]
    return str(ProductCode(*book, max(serials, default=0) + 1, on.year))


def _book(tx: Connection, unit_id: int, on: date) -> tuple[str, str] | None:
    """Return the codes of a commune's province and its own on a local day; none: one is not known."""
    line = units.units_by_id(tx, units.lineage(tx, unit_id)).values()
    borne = official_codes.codes_on(tx, [unit.id for unit in line], on)
    found = {unit.level: borne[unit.id] for unit in line if unit.id in borne}
    if Level.PROVINCE not in found or Level.COMMUNE not in found:
        return None
    return found[Level.PROVINCE], found[Level.COMMUNE]


def _codes_in(tx: Connection, book: tuple[str, str]) -> Iterator[ProductCode]:
    read = map(ProductCode.read, dossiers.official_codes_like(tx, "-".join(book)))
    yield from (code for code in read if code is not None)


def _faults(
    tx: Connection, of: Unnumbered, given: str, book: tuple[str, str] | None, on: date
) -> Iterator[Fault]:
    code = ProductCode.read(given)
    if code is None:
        yield fault(
            "official_code",
            "phải viết (mã tỉnh)-(mã xã)-(số thứ tự)-(năm), như 51-21451-01-2026",
            "has to be (province)-(commune)-(serial)-(year), like 51-21451-01-2026",
        )
        return
    if book is not None and (code.province, code.commune) != book:
        yield fault(
            "official_code",
            f"mã của {of.unit_name} ngày {on:%d/%m/%Y} bắt đầu bằng {book[0]}-{book[1]}",
            f"on {on} a code of {of.unit_name} begins with {book[0]}-{book[1]}",
        )
    other = dossiers.product_of_code(tx, {given, str(code)}, of.id)
    if other is not None:
        yield fault("official_code", f"đã là mã của {other}", f"is the code of {other} already")
