"""A sheet entry by entry is the same sheet: what is kept, what is left, what it comes to so far."""

from __future__ import annotations

from typing import Any

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric
from ocop_workflow.regulations.rubrics.entries import (
    as_sheet,
    left_of,
    marks_so_far,
    read_entry,
    titles_of,
    total_so_far,
)
from ocop_workflow.regulations.rubrics.sheet import read_sheet

RULES = CouncilRules()
BY_PARTS = "qd-148-2023"


@pytest.mark.parametrize(
    ("name", "place", "value", "kept"),
    [
        ("16", "choices.1.1", 2, 2),
        ("16", "choices.1.1", None, None),
        ("16", "knockouts.set", "  giống hệt  sản phẩm khác ", "giống hệt sản phẩm khác"),
        ("16", "knockouts.set", "", ""),
        ("1", "stops.6.1", None, None),
        ("1", "excluded.2.1", True, True),
        ("1", "excluded.2.1", False, False),
        ("21", "conditions.7", False, False),
        ("26", "opinion", " tốt ", "tốt"),
        (BY_PARTS, "parts.A", "22.5", "22.5"),
        (BY_PARTS, "parts.A", " " * 9000 + "22,5 ", "22,5"),
        (BY_PARTS, "opinion", "", ""),
    ],
)
def test_an_entry_is_kept_as_it_is_meant(name: str, place: str, value: object, kept: object) -> None:
    assert read_entry(name, place, value, RULES) == kept


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("16", "choices.1.1", 9),
        ("16", "choices.99", 1),
        ("16", "choices", {"1.1": 1}),
        ("16", "marks.1.1", 1),
        ("16", "knockouts.set", "x" * 501),
        ("16", "knockouts.9", "vì sao"),
        ("16", "stops.1.1", "vì sao"),
        ("16", "excluded.2.1", True),
        ("1", "excluded.2.1", "x"),
        ("1", "excluded.2.1", ["2.1"]),
        ("1", "excluded.9", ["2.1"]),
        ("1", "excluded.9", []),
        ("1", "excluded.9", False),
        ("16", "knockouts.9", ""),
        ("16", "stops.9", None),
        ("16", "knockouts.set", False),
        ("16", "choices.1.1", True),
        ("16", "choices.1.1", 1.0),
        ("16", "choices.01.1", 1),
        ("21", "conditions.7", "không"),
        ("16", "opinion", None),
        (BY_PARTS, "parts.Z", "1"),
        (BY_PARTS, "parts.A", "1.33"),
        (BY_PARTS, "choices.1.1", 1),
    ],
)
def test_what_the_sheet_does_not_take_is_refused_at_its_place(name: str, place: str, value: object) -> None:
    with pytest.raises(InvalidInput) as error:
        read_entry(name, place, value, RULES)
    assert error.value.faults[0].place.startswith(place.split(".", maxsplit=1)[0])


def test_entries_make_the_sheet_that_is_read() -> None:
    said: dict[str, Any] = {f"choices.{item.id}": None for item in load_rubric(16).criteria}
    said |= {"choices.1.1": 3, "stops.6.1": "", "knockouts.set": "giống hệt", "opinion": "nên xem lại bao bì"}
    sheet = as_sheet(said)
    assert sheet["knockouts"] == [{"where": "set", "reason": "giống hệt"}]
    assert "stops" not in sheet
    assert read_sheet(load_rubric(16), sheet).choices["1.1"] == 3
    assert as_sheet({"excluded.2.1": True, "choices.2.1": 1}) == {"excluded": ["2.1"], "choices": {"2.1": 1}}
    assert as_sheet({"excluded.2.1": False}) == {}


def test_criteria_are_called_with_their_numbers() -> None:
    assert titles_of("16")["1.1"].startswith("1.1 ")
    assert titles_of(BY_PARTS) == {"A": "A", "B": "B", "C": "C"}


def test_what_is_left_and_what_it_comes_to_so_far() -> None:
    said = {"choices.1.1": 3}
    assert left_of("16", said)[0] == "choices.1.2"
    assert len(left_of("16", said)) == len(load_rubric(16).criteria) - 1
    points = load_rubric(16).criteria[0].options[2].points
    assert total_so_far("16", said) == points
    assert marks_so_far("16", said).by_criterion["1.1"].points == points
    assert left_of(BY_PARTS, {"parts.A": "30"}) == ("parts.B", "parts.C")
    assert total_so_far(BY_PARTS, {"parts.A": "30.5", "parts.B": "lạ", "opinion": "x"}) == 30.5
