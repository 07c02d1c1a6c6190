"""Sheets as they come in, to what they come to: the one way for command, route and page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, NotFound, fault
from ocop_workflow.regulations.rubrics.by_parts import outcome_by_parts, read_parts
from ocop_workflow.regulations.rubrics.doubts import doubted
from ocop_workflow.regulations.rubrics.marking import mark
from ocop_workflow.regulations.rubrics.next_star import WayOn, points_short, star_after, way_on
from ocop_workflow.regulations.rubrics.outcome import outcome_of
from ocop_workflow.regulations.rubrics.sheet import read_sheet
from ocop_workflow.regulations.rubrics.shipped import RUBRICS_OF, load_rubric, read_json
from ocop_workflow.regulations.rubrics.views import OutcomeView
from ocop_workflow.regulations.schema import load_regulation, regulation_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.regulations.rubrics.doubts import DoubtedOutcome
    from ocop_workflow.regulations.rubrics.outcome import Outcome
    from ocop_workflow.regulations.rubrics.rules import CouncilRules
    from ocop_workflow.regulations.schema import Regulation

    Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Result:
    """What sheets come to, the way to the next star, and what is in doubt; `name`: as `score` takes it."""

    name: int | str
    outcome: Outcome
    way: WayOn | None
    doubts: tuple[DoubtedOutcome, ...] = ()

    def view(self, language: Language = "vi") -> OutcomeView:
        """Show it."""
        return OutcomeView.of(self.name, self.outcome, self.way, self.doubts, language)


def score(
    name: str, sheets: Mapping[str, object], rules: CouncilRules, language: Language = "vi"
) -> OutcomeView:
    """Show what the sheets of a council come to; see `result_of`."""
    return result_of(name, sheets, rules).view(language)


def result_of(name: str, sheets: Mapping[str, object], rules: CouncilRules) -> Result:
    """Return what the sheets of a council come to.

    Args:
        name: a set of QĐ 26/2026/QĐ-TTg ("1"–"26"), or a regulation that is scored by parts ("qd-148-2023").
        sheets: what each says (`read_sheet`, `read_parts`), as JSON text or read from it, by what stands
            before the place of its faults.
        rules: of the council.

    Raises:
        NotFound: there is no such set, and no such regulation that is scored by parts.
        InvalidInput: sheets at fault, all faults of all sheets at once; or there are too few of them.
    """
    if name.isascii() and name.isdecimal():
        return _by_rubric(int(name), sheets, rules)
    by_parts = [known for known in regulation_ids() if load_regulation(known).parts]
    if name not in by_parts:
        words = ", ".join(by_parts)
        raise NotFound(
            f"Không có bộ {name}; dùng số bộ 1–26, hoặc {words} để chấm theo phần.",
            f"There is no set {name}; use a set's number, 1–26, or {words} to score by parts.",
        )
    return _by_parts(load_regulation(name), sheets, rules)


def _by_rubric(number: int, given: Mapping[str, object], rules: CouncilRules) -> Result:
    rubric, regulation = load_rubric(number), load_regulation(RUBRICS_OF)
    sheets = _each(given, lambda raw, place: read_sheet(rubric, raw, place))
    marks = [mark(rubric, sheet) for sheet in sheets]
    outcome = outcome_of(rubric, sheets, marks, regulation, rules)
    way = way_on(rubric, sheets, outcome, regulation, rules)
    doubts = doubted(rubric, sheets, regulation, rules)
    return Result(number, outcome, way, tuple(doubts))


def _by_parts(regulation: Regulation, given: Mapping[str, object], rules: CouncilRules) -> Result:
    totals = _each(given, lambda raw, place: read_parts(regulation, raw, rules, place))
    outcome = outcome_by_parts(totals, regulation, rules)
    star = star_after(outcome)
    way = WayOn(star, (), points_short(outcome, regulation, star), None) if star else None
    return Result(regulation.id, outcome, way)


def _each(given: Mapping[str, object], read: Callable[[object, str], Read]) -> list[Read]:
    """Read every sheet.

    Raises:
        InvalidInput: one or more are at fault; all faults of all.
    """
    found: list[Read] = []
    faults: list[Fault] = []
    refusal = InvalidInput("Phiếu chấm có lỗi.", "A sheet is at fault.")
    for place, raw in given.items():
        content, twice = read_json(raw) if isinstance(raw, str) else (raw, [])
        faults += [fault(f"{place}{item.place}", item.text.vi, item.text.en) for item in twice]
        if content is None:
            continue
        try:
            found.append(read(content, place))
        except InvalidInput as error:
            refusal = error
            faults += error.faults
    if faults:
        raise InvalidInput(refusal.text.vi, refusal.text.en, faults)
    return found
