"""What came of an ordeal: how many faults were injected, and whether anything was lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.reliability.killing import Books

#: sentences that are kept of one ordeal: what goes wrong a thousand times goes wrong in one way
KEPT = 20


@dataclass
class Outcome:
    """The figures of one ordeal.

    Attributes:
        faults: how many were injected.
        checked: letters, owed reminders and steps whose fate was looked at afterwards.
        lost: what ought to have happened and has not.
        copies: second copies of a letter that were counted beforehand and are the same to the byte.
        duplicated: what is too much: a copy without that, another one, a step done twice, a reminder that
            is owed to nobody.
        wrong: each thing that is not as it must be, in words.
    """

    faults: int = 0
    checked: int = 0
    lost: int = 0
    copies: int = 0
    duplicated: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Whether all is as it must be."""
        return not (self.lost or self.duplicated or self.wrong)

    def balance(self, books: Books, where: object) -> None:
        """Add what the books say after a recovery; `where` tells which fault that was."""
        self.checked += books.letters + books.owed
        self.copies += books.copies
        self.lost += books.lost + books.missing
        self.duplicated += books.copies_beyond_attempts + books.differing_copies + books.unowed
        self.demand(books.balanced, where, books)

    def demand(self, holds: object, *words: object) -> None:
        """Write down that something does not hold, with words that tell how to find it again."""
        if not holds and len(self.wrong) < KEPT:
            self.wrong.append(" ".join(map(str, words)))
