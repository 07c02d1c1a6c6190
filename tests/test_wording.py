"""What a schema finds wrong is told in words, in both languages, and never repeats a value."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from ocop_workflow.errors import Text, fault
from ocop_workflow.wording import BilingualError, as_faults, place_of, shaped


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Form(BaseModel):
    owner: str = Field(default="x", min_length=1, max_length=5)
    page: int = Field(default=1, ge=1, le=400)
    share: float = Field(default=1, gt=0, lt=10)
    on: date = date(2024, 1, 1)
    at: time = time(6)
    now: AwareDatetime | None = None
    colour: Colour = Colour.RED
    purpose: Literal["check", "advice"] = "check"
    days: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    quarter: Annotated[str, shaped("2[0-9]{3}-Q[1-4]", "2024-Q2")] = "2024-Q1"
    pair: complex = 0j


def told(**given: object) -> Text:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(given)
    (found,) = as_faults(refused.value)
    return found.text


@pytest.mark.parametrize(
    ("name", "value", "vi", "en"),
    [
        ("owner", 7, "phải là chữ trong dấu nháy", "must be text in quotation marks"),
        ("owner", "", "không được để trống", "must not be empty"),
        ("owner", "abcdef", "dài quá 5 chữ", "longer than 5 letters"),
        ("page", "hai", "phải là số nguyên", "must be a whole number"),
        ("page", 1.5, "phải là số nguyên", "must be a whole number"),
        ("page", 0, "quá nhỏ, ít nhất là 1", "too small, at least 1"),
        ("page", 401, "quá lớn, nhiều nhất là 400", "too large, at most 400"),
        ("share", 0, "phải lớn hơn 0.0", "must be more than 0.0"),
        ("share", 10, "phải nhỏ hơn 10.0", "must be less than 10.0"),
        (
            "on",
            "31/11/2024",
            "không có ngày này; viết như 2024-11-30",
            "there is no such day; write it like 2024-11-30",
        ),
        ("at", "25:00", "không có giờ này; viết như 06:00", "there is no such time; write it like 06:00"),
        (
            "now",
            "gestern",
            "phải là ngày giờ, viết như 2024-04-23T06:00:00+07:00",
            "must be a day and time, written like 2024-04-23T06:00:00+07:00",
        ),
        ("now", "2024-04-23T06:00:00", "phải kèm múi giờ, như +07:00", "must carry its zone, like +07:00"),
        ("colour", "green", "phải là một trong: 'red', 'blue'", "must be one of: 'red', 'blue'"),
        ("purpose", "tea", "phải là một trong: 'check', 'advice'", "must be one of: 'check', 'advice'"),
        ("days", [], "phải có ít nhất 1 mục", "needs at least 1 entries"),
        ("days", [1, 2, 3], "nhiều nhất 2 mục", "takes at most 2 entries"),
        (
            "quarter",
            "2024-Q5",
            "viết không đúng mẫu; viết như 2024-Q2",
            "written in another form; write it like 2024-Q2",
        ),
    ],
)
def test_a_fault_is_told_in_words(name: str, value: object, vi: str, en: str) -> None:
    assert told(**{name: value}) == Text(vi, en)


def test_a_kind_of_fault_without_words_of_its_own_is_still_told() -> None:
    assert told(pair="two").vi == "không hợp lệ"


def test_what_a_validator_says_is_told_in_its_own_words() -> None:
    assert BilingualError("phải là tên người", "must be a name").text == Text(
        "phải là tên người", "must be a name"
    )


def test_a_list_whose_every_entry_is_wrong_is_not_called_too_short_as_well() -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"days": ["a"]})
    assert as_faults(refused.value) == [fault("days[0]", "phải là số nguyên", "must be a whole number")]


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ((), ""),
        (("owner",), "owner"),
        (("milestones", 3, "when", "by"), "milestones[3].when.by"),
        ((0, "on"), "[0].on"),
    ],
)
def test_a_place_is_written_as_its_author_looks_for_it(location: tuple[int | str, ...], place: str) -> None:
    assert place_of(location) == place


def test_a_place_names_nothing_of_the_schema() -> None:
    for inside in ("function-before[clean(), str]", "literal['']", "constrained-str", "nullable[str]"):
        assert place_of(("body", "note", inside)) == "body.note"
    assert place_of(("milestones", 3, "when", "by")) == "milestones[3].when.by"
