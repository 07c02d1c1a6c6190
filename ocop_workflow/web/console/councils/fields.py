"""Fields that have to be filled in, read with the fault at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.web.console.frame.call import day_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.web.console.frame.call import Call

#: of anything that is counted here
MOST: Final = 1000


def required_text(call: Call, name: str, longest: int = 200) -> str:
    """Return what was written into a field.

    Raises:
        InvalidInput: nothing was, or too much.
    """
    written = call.given(name)
    if not 0 < len(written) <= longest:
        raise _lacking(name, f"phải ghi, nhiều nhất {longest} chữ", f"is needed, {longest} letters at most")
    return written


def whole_number(call: Call, name: str) -> int | None:
    """Return the number that was written into a field; none: nothing was.

    Raises:
        InvalidInput: it is no whole number up to 1000.
    """
    written = call.given(name)
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and int(written[:5]) <= MOST):
        raise _lacking(name, f"phải là số nguyên, nhiều nhất {MOST}", f"is a whole number, {MOST} at most")
    return int(written)


def required_day(call: Call, name: str) -> date:
    """Return the local day that was given in a field.

    Raises:
        InvalidInput: none was, or it is no day.
    """
    day = day_of(call.given(name), name)
    if day is None:
        raise _lacking(name, "phải ghi ngày", "a day is needed")
    return day


def _lacking(name: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput("Còn mục chưa đúng.", "Something is not filled in right.", [fault(name, vi, en)])
