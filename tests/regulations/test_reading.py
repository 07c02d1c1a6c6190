"""Files and forms that people fill in: every fault at once, each with its place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import Field, field_validator

from ocop_workflow.errors import Fault, InvalidInput, Text, fault
from ocop_workflow.regulations import Frozen, read_fields, read_toml
from ocop_workflow.wording import BilingualError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Visit(Frozen):
    on: date
    purpose: Literal["check", "advice"] = "check"


class Diary(Frozen):
    owner: str = Field(min_length=1)
    page: int = Field(default=1, ge=1, le=400)
    visits: tuple[Visit, ...] = ()

    @field_validator("owner")
    @classmethod
    def _has_a_name(cls, owner: str) -> str:
        if owner == "?":
            raise BilingualError("phải là tên người", "must be a person's name")
        return owner


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        read_toml(text, Diary, "diary.toml")
    return [(found.place, found.text.vi) for found in refused.value.faults]


def no_visit_twice(raw: dict[str, Any]) -> Iterator[Fault]:
    days = [visit.get("on") for visit in raw.get("visits", [])]
    if len(set(days)) < len(days):
        yield fault("visits", "ghi hai lần", "entered twice")


def test_a_sound_file_becomes_a_value() -> None:
    text = 'owner = " Phòng Kinh tế "\n[[visits]]\non = 2024-10-01\npurpose = "advice"\n'
    assert read_toml(text, Diary, "diary.toml") == Diary(
        owner="Phòng Kinh tế", visits=(Visit(on=date(2024, 10, 1), purpose="advice"),)
    )


def test_a_value_cannot_change() -> None:
    diary = read_toml('owner = "Phòng Kinh tế"', Diary, "diary.toml")
    with pytest.raises(ValueError, match="frozen"):
        diary.page = 2  # type: ignore[misc]  # that it is read-only is what we test


def test_the_sentence_names_the_file() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_toml("", Diary, "diary.toml")
    assert refused.value.text == Text("Tệp diary.toml có lỗi.", "The file diary.toml is at fault.")


def test_every_fault_is_told_at_once_with_its_place() -> None:
    text = """
        page = 401
        colour = "red"
        [[visits]]
        on = "2024-13-01"
        [[visits]]
        on = 2024-10-01
        purpose = "tea"
    """
    assert faults_of(text) == [
        ("owner", "thiếu mục này"),
        ("page", "quá lớn, nhiều nhất là 400"),
        ("visits[0].on", "không có ngày này; viết như 2024-11-30"),
        ("visits[1].purpose", "phải là một trong: 'check', 'advice'"),
        ("colour", "không có mục nào mang tên này"),
    ]


def test_what_a_validator_says_is_told_in_its_own_words() -> None:
    assert faults_of('owner = "?"') == [("owner", "phải là tên người")]


def test_what_is_no_toml_is_refused_with_line_and_column() -> None:
    assert faults_of("owner = \n") == [("", "không phải TOML đúng (Invalid value (at line 1, column 9))")]


def test_a_file_nested_without_end_is_refused() -> None:
    assert faults_of("owner = " + "[" * 20_000) == [("", "dòng 1: lồng nhau quá 16 tầng")]


def test_faults_between_entries_are_told_beside_those_within_them() -> None:
    text = "visits = [{ on = 2024-10-01 }, { on = 2024-10-01 }]"
    with pytest.raises(InvalidInput) as refused:
        read_toml(text, Diary, "diary.toml", no_visit_twice)
    assert [(found.place, found.text.en) for found in refused.value.faults] == [
        ("visits", "entered twice"),
        ("owner", "this entry is missing"),
    ]


def test_faults_between_entries_are_enough_to_refuse() -> None:
    text = 'owner = "Phòng Kinh tế"\nvisits = [{ on = 2024-10-01 }, { on = 2024-10-01 }]'
    with pytest.raises(InvalidInput) as refused:
        read_toml(text, Diary, "diary.toml", no_visit_twice)
    assert refused.value.faults == (fault("visits", "ghi hai lần", "entered twice"),)


def test_fields_are_read_by_name() -> None:
    given = {"on": "2024-10-01"}
    assert read_fields(given, Visit, "data (visit)", {"on", "purpose"}) == Visit(on=date(2024, 10, 1))


def test_fields_that_are_not_taken_are_told_beside_bad_values() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_fields({"on": "soon", "colour": "red", "purpose": "check"}, Visit, "data (visit)", {"on"})
    assert refused.value.text == Text("data (visit): dữ liệu có lỗi.", "data (visit): the data are at fault.")
    assert [(found.place, found.text.vi) for found in refused.value.faults] == [
        ("colour", "không dùng ở đây; dùng được: on"),
        ("purpose", "không dùng ở đây; dùng được: on"),
        ("on", "không có ngày này; viết như 2024-11-30"),
    ]


def test_where_nothing_is_taken_the_refusal_says_so() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_fields({"colour": "red"}, Frozen, "data (select)", ())
    assert refused.value.faults == (
        fault("colour", "không dùng ở đây; dùng được: không có", "not taken here; taken: nothing"),
    )
