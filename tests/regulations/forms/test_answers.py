"""Answers to forms: what each kind of field takes, and that every fault is told at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.regulations.forms import Opinion, load_form, read_answers
from ocop_workflow.regulations.forms.answers import LONGEST_LINE, opinions_in
from ocop_workflow.regulations.rubrics import load_rubric

if TYPE_CHECKING:
    from ocop_workflow.regulations.rubrics import Rubric

TODAY = date(2026, 6, 1)
SET = 16


def read(form: str, given: dict[str, object], rubric: Rubric | None = None) -> dict[str, Any]:
    return read_answers(load_form(form), given, rubric, today=TODAY)


def told(form: str, given: dict[str, object], rubric: Rubric | None = None) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(form, given, rubric)
    return [item.place for item in error.value.faults]


def test_each_kind_is_kept_in_one_way_however_it_is_written() -> None:
    assert read(
        "mau-01",
        {"s1_2": " 2026 ", "s2_1": " HTX   Một ", "s4_1": "I.5.a", "s5_1": "Lần đầu", "s6_1": True,
         "s6_2": 5, "s7_2": "20/5/2026", "s8_2": "2026-05-21", "s2_3": "", "s2_2": None, "s8_1": "   "},
    ) == {
        "s1_2": 2026, "s2_1": "HTX Một", "s4_1": "I.5.a", "s5_1": "Lần đầu", "s6_1": True,
        "s6_2": 5, "s7_2": "2026-05-20", "s8_2": "2026-05-21", "s2_3": None, "s2_2": None, "s8_1": None,
    }  # fmt: skip


def test_a_long_text_keeps_its_lines() -> None:
    said = "  Dòng một  \r\n\r\n Dòng\u200b hai "
    assert read("mau-02", {"s2_1": said}) == {"s2_1": "Dòng một\n\nDòng hai"}


def test_every_fault_is_told_at_once() -> None:
    given: dict[str, object] = {
        "s1_2": "năm nay", "s2_1": "x" * (LONGEST_LINE + 1), "s2_2": 7, "s2_3": "\ud800", "s4_1": "I",
        "s5_1": "lần đầu", "s6_1": "có", "s6_2": True, "s7_2": "31/2/2026", "s8_2": "1/1/1800",
        "s7_1": "đúng", "s99": 1,
    }  # fmt: skip
    assert told("mau-01", given) == [name for name in given]  # noqa: C416 - a list, to be compared in order


def test_self_scores_are_options_of_the_set_and_some_will_do() -> None:
    rubric = load_rubric(SET)
    first = rubric.criteria[0].id
    assert read("mau-02", {"s3_1": {first: 1}}, rubric) == {"s3_1": {first: 1}}
    assert read("mau-02", {"s3_1": {}}, rubric) == {"s3_1": {}}
    assert told("mau-02", {"s3_1": {first: 99, "z": 1}}, rubric) == ["s3_1.z", f"s3_1.{first}"]
    assert told("mau-02", {"s3_1": 7}, rubric) == ["s3_1"]
    assert told("mau-02", {"s3_1": {first: 1}, "s3_2": {first: "x"}}) == ["s3_1", "s3_2"]


def test_evidence_is_words_by_criterion() -> None:
    rubric = load_rubric(SET)
    first, second = (item.id for item in rubric.criteria[:2])
    assert read("mau-02", {"s3_2": {first: "hợp đồng", second: " "}}, rubric) == {"s3_2": {first: "hợp đồng"}}
    assert read("mau-02", {"s3_2": {first: ""}}, rubric) == {"s3_2": None}
    assert told("mau-02", {"s3_2": {"z": "x", first: 7}}, rubric) == ["s3_2.z", f"s3_2.{first}"]
    assert told("mau-02", {"s3_2": []}, rubric) == ["s3_2"]


def test_opinions_say_whose_they_are_on_which_day() -> None:
    opinion = {"who": "Công chức Kinh tế", "on": "20/5/2026", "text": "nguyên liệu trong xã"}
    kept = read("mau-03", {"x_opinions": [opinion]})["x_opinions"]
    assert opinions_in(kept) == (Opinion("Công chức Kinh tế", date(2026, 5, 20), "nguyên liệu trong xã"),)
    assert opinions_in(None) == ()
    assert read("mau-03", {"x_opinions": []}) == {"x_opinions": None}
    assert told("mau-03", {"x_opinions": "không"}) == ["x_opinions"]
    wrong: list[object] = [{"who": "", "on": "mai", "text": "x"}, {**opinion, "on": "2026-06-02"}, {"who": 1}]
    assert told("mau-03", {"x_opinions": wrong}) == [
        "x_opinions[0]", "x_opinions[0].on", "x_opinions[1].on", "x_opinions[2]",
    ]  # fmt: skip
