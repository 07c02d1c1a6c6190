"""What can go wrong for a person who uses the service, said in two languages.

Every error that a user may meet is an `OcopError`: one sentence in Vietnamese, the same in English,
and, where a file or a form is at fault, a list of faults with their places. The edges (command line,
web) decide what an error means there; nothing in here knows an exit code or an HTTP status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the two languages of the interface."""

    vi: str
    en: str


#: the two languages of the interface
Language = Literal["vi", "en"]


def say(text: Text, language: Language) -> str:
    """Return a text in one of its languages."""
    return text.en if language == "en" else text.vi


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was given: its place (`milestones[3].when.by`) and a sentence."""

    place: str
    text: Text


def fault(place: str, vi: str, en: str) -> Fault:
    """Make a `Fault` from its two sentences."""
    return Fault(place, Text(vi, en))


class OcopError(Exception):
    """Root of all errors that are shown to people; `text` is what to show."""

    def __init__(self, vi: str, en: str, faults: Iterable[Fault] = ()) -> None:
        """Take the sentence in both languages, and the faults if there is a list of them."""
        self.text = Text(vi, en)
        self.faults = tuple(faults)
        super().__init__(en)

    @property
    def name(self) -> str:
        """The error's stable name for programs: `event_refused` for EventRefused."""
        words = re.findall("[A-Z][a-z]*", type(self).__name__)
        return "_".join(words).lower()

    @property
    def members(self) -> dict[str, Any]:
        """What else a program may want to know: plain values by name."""
        return {}


class NotFound(OcopError):  # noqa: N818 - the field's word; the suffix would only lengthen it
    """Nothing has that code, or the officer may not know that something has."""


class Conflict(OcopError):  # noqa: N818 - see NotFound
    """The request is well-formed but contradicts what is stored (stale version, plan already loaded)."""


class Stale(Conflict):
    """What was to be changed has changed since the officer looked at it."""


class InvalidInput(OcopError):  # noqa: N818 - see NotFound
    """What was given cannot be read or breaks a rule; `faults` names every place."""


class WrongUse(OcopError):  # noqa: N818 - see NotFound
    """The command or request itself is wrong: an unknown word, a date that is none."""


class NotPermitted(OcopError):  # noqa: N818 - see NotFound
    """The officer may know of it but not do it."""


class NotSignedIn(OcopError):  # noqa: N818 - see NotFound
    """Nobody can tell who asks: no token, one that is unknown, over or revoked, or a wrong password."""


class TooManyAttempts(OcopError):  # noqa: N818 - see NotFound
    """Signing in has failed too often; `wait` seconds have to pass before the next attempt."""

    def __init__(self, vi: str, en: str, wait: int) -> None:
        """Take the sentence in both languages, and the seconds."""
        self.wait = wait
        super().__init__(vi, en)


class TooManyRequests(OcopError):  # noqa: N818 - see NotFound
    """More was asked in a while than one may ask; `wait` seconds have to pass before the next request."""

    def __init__(self, vi: str, en: str, wait: int) -> None:
        """Take the sentence in both languages, and the seconds."""
        self.wait = wait
        super().__init__(vi, en)


class TooLarge(OcopError):  # noqa: N818 - see NotFound
    """More was sent than one request may say."""


class TooSlow(OcopError):  # noqa: N818 - see NotFound
    """What was sent took longer to arrive than one waits for."""


class Unavailable(OcopError):  # noqa: N818 - see NotFound
    """The database or another service does not answer now.

    Nothing was changed, unless the sentence says that the connection was lost.
    """


class Locked(Unavailable):
    """Somebody else works on what is asked for, and did not come to an end in time."""

    @property
    def name(self) -> str:
        """For programs it is the same: to be asked again later."""
        return "unavailable"
