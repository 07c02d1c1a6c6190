"""How much a letter tells: all of it where it fits, else the figures and the first rows of each part.

Gmail cuts a page behind 102 kB, in the middle of a row, and says so where nobody looks. So a page stays under
`MOST`, however many products a letter speaks of; what is not named is counted, and where to see it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable


#: octets of a page
MOST = 100_000

#: a row of a table takes no fewer octets: what is hopeless is not rendered first
_ROW = 150


@dataclass(frozen=True, slots=True)
class Measure:
    """How many products are named in a part, how many parts are told one by one; none: all."""

    rows: int | None = None
    parts: int | None = None


#: from everything to little more than the figures; the last one fits, however long the names
LEVELS = (
    Measure(),
    Measure(100),
    Measure(30),
    Measure(10),
    Measure(3),
    Measure(3, 100),
    Measure(3, 30),
    Measure(3, 10),
    Measure(1, 5),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's words."""

    subject: str
    text: str
    html: str


class Measured(Protocol):
    """A letter that can tell less."""

    @property
    def subject(self) -> str:
        """The subject line."""
        ...

    @property
    def rows(self) -> int:
        """How many rows its page has."""
        ...

    def telling(self, measure: Measure) -> Self:
        """Return the letter so that it tells no more than this."""
        ...


def fitted(letter: Measured, render: Callable[[Any], Rendered]) -> Rendered:
    """Write a letter so that its page is not too large, and its text says the same."""
    for measure in LEVELS:
        told = letter.telling(measure)
        if told.rows * _ROW > MOST:
            continue
        rendered = render(told)
        if len(rendered.html.encode()) < MOST:
            break
    return rendered
