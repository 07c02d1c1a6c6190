"""Long lists in pages: each begins behind the last row of the one before (RFC 8288 `Link`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import Field

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.views import View, many_to_json
from ocop_workflow.web.exchange.answers import Answer
from ocop_workflow.web.exchange.schemas import AddressQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocop_workflow.web.exchange.visits import Visit

Row = TypeVar("Row")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(View, Generic[Item]):
    """A page of a list; the next one stands in the header `Link`."""

    items: list[Item]


#: rows in a page: unless somebody asks for another number, and at most
PAGE, LARGEST_PAGE = 50, 200


class Paging(AddressQuery):
    """Which part of a list is asked for."""

    limit: int = Field(
        default=PAGE, ge=1, le=LARGEST_PAGE, description="Số dòng mỗi trang. / Rows in a page."
    )
    cursor: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[0-9A-Za-z._-]+$")] | None = Field(
        default=None, description="Lấy từ Link rel=next của trang trước. / From the page before."
    )

    @property
    def and_one(self) -> int:
        """Rows to look up: one more than are shown tells whether there is another page."""
        return self.limit + 1

    @property
    def before(self) -> int | None:
        """The cursor of a list that runs down by numbers."""
        return None if self.cursor is None else numbers(self.cursor, 1)[0]


def numbers(cursor: str, count: int) -> tuple[int, ...]:
    """Read a cursor that is made of so many numbers.

    Raises:
        InvalidInput: it is not.
    """
    parts = cursor.split(".")
    if len(parts) != count or not all(
        part.removeprefix("-").isdecimal() and len(part) < _DIGITS for part in parts
    ):
        raise no_cursor()
    return tuple(map(int, parts))


def day_and_numbers(cursor: str, count: int) -> tuple[date, tuple[int, ...]]:
    """Read a cursor that is made of a day and so many numbers.

    Raises:
        InvalidInput: it is not.
    """
    day, _, rest = cursor.partition(".")
    try:
        return date.fromisoformat(day), numbers(rest, count)
    except ValueError:
        raise no_cursor() from None


def page(
    visit: Visit,
    asked: Paging,
    rows: Sequence[Row],
    show: Callable[[Row], View],
    cursor_of: Callable[[Row], object],
) -> Answer:
    """Answer with a page of rows, and with the address of the next one if there are more."""
    shown = rows[: asked.limit]
    content = [show(row) for row in shown]
    if len(rows) <= asked.limit:
        return items(content)
    url = visit.request.url
    named = [(name, value) for name, value in visit.request.query_params.items() if name != "cursor"]
    query = urlencode([*named, ("cursor", str(cursor_of(shown[-1])))])
    return items(content, Link=f'<{url.path}?{query}>; rel="next"')


def as_it_is(view: Item) -> Item:
    """Show what is a view already."""
    return view


def items(views: Sequence[View], **headers: str) -> Answer:
    """Answer with a list of views of one kind."""
    return Answer(200, f'{{"items":{many_to_json(views)}}}', headers)


def no_cursor() -> InvalidInput:
    """Say that a cursor is none of this list's."""
    place = [fault("query.cursor", "không phải dấu trang của danh sách này", "is no cursor of this list")]
    return InvalidInput("Yêu cầu có lỗi.", "The request is at fault.", place)


_DIGITS = 10  # whatever has fewer is a number that both databases take
