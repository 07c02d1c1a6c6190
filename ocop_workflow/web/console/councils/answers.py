"""Between the fields of a sheet's page and the entries of a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.regulations.rubrics.entries import OPINION
from ocop_workflow.regulations.rubrics.rubric import MARKED_STARS

if TYPE_CHECKING:
    from ocop_workflow.regulations.rubrics.marking import Marks
    from ocop_workflow.web.console.frame.call import Call

#: what is sent where no option fits
NOTHING_FITS = "null"
_WORDS = {NOTHING_FITS: None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class GateNow:
    """A star's least points that a sheet does not give by now."""

    star: int
    criterion: str
    need: int


def read_answer(sheet: str, pressed: str) -> tuple[str, Any]:
    """Return the place and the value of a button: `choices.1.1=2`, `choices.3.1=a:1`, `excluded.2.1=true`.

    Raises:
        InvalidInput: it is no button of this sheet.
    """
    place, sign, value = pressed.partition("=")
    if not sign or len(place) > 30:  # noqa: PLR2004 - no place is longer
        raise InvalidInput(
            "Mục của phiếu có lỗi.",
            f"There is no such entry of sheet {sheet}.",
            [fault(place[:30], "không có mục này", "there is no such entry")],
        )
    if value in _WORDS:
        return place, _WORDS[value]
    branch, colon, option = value.rpartition(":")
    is_number = option.isascii() and option.isdecimal() and len(option) < 4  # noqa: PLR2004 - of digits
    number = int(option) if is_number else option
    return place, {"branch": branch, "option": number} if colon else number


def answers_of(call: Call, sheet: str, *, chosen: bool = False) -> dict[str, Any]:
    """Return what was written into the text fields of a sheet; `chosen`: and what was ticked in its lists."""
    found: dict[str, Any] = {}
    for place in text_places(sheet):
        if place in call.sent:
            written = call.given(place)
            if written or place not in _needed(sheet):
                found[place] = written
    if chosen:
        for place in _needed(sheet):
            if call.given(place) and place not in found:
                found |= dict([read_answer(sheet, f"{place}={call.given(place)}")])
        found = {place: value for place, value in found.items() if value != "" or place in _needed(sheet)}
    return found


def text_places(sheet: str) -> tuple[str, ...]:
    """Return the places of a sheet that are written, not chosen."""
    if not sheet.isdecimal():
        return (*_needed(sheet), OPINION)
    rubric = load_rubric(int(sheet))
    return (
        *(f"stops.{where}" for where in rubric.stops),
        *(f"knockouts.{where}" for where in rubric.knockouts),
        OPINION,
    )


def _needed(sheet: str) -> tuple[str, ...]:
    if sheet.isdecimal():
        return tuple(f"choices.{item.id}" for item in load_rubric(int(sheet)).criteria)
    return tuple(f"parts.{part.id}" for part in load_regulation(sheet).parts)


def marked_gates(sheet: str, marks: Marks) -> tuple[GateNow, ...]:
    """Return the gates of each star that a sheet does not meet by now, lowest star first."""
    rubric = load_rubric(int(sheet))
    return tuple(
        GateNow(star, name, least)
        for star in MARKED_STARS
        for name, least in rubric.gates(star)
        if not marks.by_criterion[name].reaches(least)
    )
