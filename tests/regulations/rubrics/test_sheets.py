"""One member's sheet: what it takes, every fault of it, and what each kind of note makes of it."""

from __future__ import annotations

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.regulations.rubrics import load_rubric, mark, read_sheet
from ocop_workflow.regulations.rubrics.marking import Barred
from ocop_workflow.regulations.rubrics.rules import CouncilRules
from ocop_workflow.regulations.rubrics.scoring import score
from tests.regulations.rubrics.plain import SETS, best, choosable, counted, criteria

REASON = "đất, cát lẫn trong mẫu"


def faults(number: int, sheet: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        read_sheet(load_rubric(number), sheet)
    return {item.place: item.text.vi for item in error.value.faults}


def star(number: int, **sheet: object) -> int | None:
    return score(str(number), {"": sheet}, CouncilRules()).star


@pytest.mark.parametrize("number", SETS)
def test_the_best_sheet_has_100_points_and_five_stars(number: int) -> None:
    found = score(str(number), {"": {"choices": best(number)}}, CouncilRules())
    assert (found.totals, found.band, found.star, found.next) == ((100,), 5, 5, None)


def test_every_fault_of_a_sheet_is_told_at_once_with_its_place() -> None:
    choices = best(26) | {"1.1": 9, "1.2": True, "1.3": "2", "8": 1, "9": {"branch": "c", "option": 1}}
    del choices["2.1"]
    choices |= {"77": 1, "15": {"branch": "a", "option": 0}}
    assert faults(26, {"choices": choices, "stop": []}) == {
        "stop": "không có mục này; có: choices, stops, excluded, conditions, knockouts",
        "choices.77": "bộ 26 không có tiêu chí này",
        "choices.2.1": "chưa chấm; không mức nào phù hợp thì ghi null",
        "choices.1.1": "phải là mức từ 1 đến 2, hoặc null",
        "choices.1.2": "phải là mức từ 1 đến 3, hoặc null",
        "choices.1.3": "phải là mức từ 1 đến 4, hoặc null",
        "choices.8": 'phải là {"branch": …, "option": …} hoặc null',
        "choices.9.branch": "phải là một trong: a, b",
        "choices.15.option": "phải là mức từ 1 đến 2, hoặc null",
    }


@pytest.mark.parametrize("sheet", [None, [], "x", 3, {}, {"choices": []}, {"choices": None}])
def test_what_is_no_sheet_is_refused(sheet: object) -> None:
    assert faults(1, sheet)


def test_yes_and_no_are_no_numbers() -> None:
    assert faults(1, {"choices": best(1, c2_4=1)}) == {"choices.2.4": "phải là true, false hoặc null"}


@pytest.mark.parametrize(
    ("number", "key", "given", "place"),
    [
        (1, "stops", [{"where": "7", "reason": REASON}], "stops[0].where"),
        (1, "stops", [{"where": "6.1"}], "stops[0]"),
        (1, "stops", [{"where": "6.1", "reason": " "}], "stops[0].reason"),
        (1, "stops", [{"where": "6.1", "reason": "x" * 501}], "stops[0].reason"),
        (1, "stops", [{"where": "6.1", "reason": REASON}] * 2, "stops[1].where"),
        (1, "stops", "6.1", "stops"),
        (16, "stops", [{"where": "6", "reason": REASON}], "stops[0].where"),
        (5, "excluded", ["2.1"], "excluded[0]"),
        (1, "excluded", ["2.2"], "excluded[0]"),
        (1, "excluded", {"2.1": True}, "excluded"),
        (1, "conditions", {"5.2": False}, "conditions.5.2"),
        (21, "conditions", {"7": 0}, "conditions.7"),
        (21, "conditions", [], "conditions"),
        (26, "knockouts", [{"where": "set", "reason": "giả mạo hồ sơ"}], "knockouts[0].where"),
        (1, "knockouts", [{"where": "1.1", "reason": "nhập khẩu"}], "knockouts[0].where"),
    ],
)
def test_a_note_is_used_only_where_the_sheet_prints_one(
    number: int, key: str, given: object, place: str
) -> None:
    assert list(faults(number, {"choices": best(number), key: given})) == [place]


# -- each kind of note changes what comes out ---------------------------------------------------------


def test_where_no_option_fits_there_are_no_points_and_no_gate_is_met() -> None:
    assert (star(16, choices=best(16, c1_1=1)), star(16, choices=best(16, c1_1=None))) == (5, None)


@pytest.mark.parametrize("number", [n for n in SETS if load_rubric(n).stops])
def test_after_a_stop_nothing_is_rated(number: int) -> None:
    rubric = load_rubric(number)
    where = rubric.stops[0]
    sheet = read_sheet(rubric, {"choices": best(number), "stops": [{"where": where, "reason": REASON}]})
    marks = mark(rubric, sheet).by_criterion
    names = list(criteria(number))
    after = names[names.index(where) + 1 :]
    assert {name for name, item in marks.items() if item.barred is Barred.STOPPED} == set(after)
    assert mark(rubric, sheet).total == 100 - sum(criteria(number)[name]["max"] for name in after)
    found = score(
        str(number),
        {"": {"choices": best(number), "stops": [{"where": where, "reason": REASON}]}},
        CouncilRules(),
    )
    assert found.star is None or found.star < 5


def test_set_16_stops_by_itself_where_one_of_four_has_no_points() -> None:
    for name in ("c6_1", "c6_2", "c6_3", "c6_4"):
        for chosen in (1, None):
            found = score("16", {"": {"choices": best(16, **{name: chosen})}}, CouncilRules())
            lost = 20 + criteria(16)[name[1:].replace("_", ".")]["max"]
            assert (found.totals, found.star) == ((100 - lost,), None)
    assert star(16, choices=best(16, c6_4=2)) == 5


@pytest.mark.parametrize("chosen", [1, None])
def test_without_a_story_its_structure_earns_nothing(chosen: int | None) -> None:
    for number in [n for n in SETS if n != 26]:
        rubric = load_rubric(number)
        marks = mark(rubric, read_sheet(rubric, {"choices": best(number, c5_1=chosen)}))
        assert (marks.by_criterion["5.2"].barred, marks.by_criterion["5.2"].points) == (Barred.CONDITION, 0)
        with_one = mark(rubric, read_sheet(rubric, {"choices": best(number, c5_1=2)}))
        assert with_one.by_criterion["5.2"].points == criteria(number)["5.2"]["max"]


def test_what_is_excluded_is_not_rated() -> None:
    for number in (1, 2, 3, 4):
        found = score(str(number), {"": {"choices": best(number), "excluded": ["2.1"]}}, CouncilRules())
        assert found.totals == (100 - criteria(number)["2.1"]["max"],)
        assert "2.1" in {gate.criterion for gate in found.gates["4"]}


def test_a_declaration_that_the_law_does_not_ask_for_is_no_gate_but_earns_its_points() -> None:
    choices = best(21, c7=None)
    assert star(21, choices=choices) is None
    assert star(21, choices=choices, conditions={"7": True}) is None
    assert star(21, choices=choices, conditions={"7": False}) == 5
    found = score("21", {"": {"choices": best(21), "conditions": {"7": False}}}, CouncilRules())
    assert found.totals == (100,)


def test_a_knock_out_leaves_no_star_whatever_the_points() -> None:
    for number in SETS:
        for where in load_rubric(number).knockouts:
            sheet = {"choices": best(number), "knockouts": [{"where": where, "reason": "giống hệt"}]}
            found = score(str(number), {"": sheet}, CouncilRules())
            assert found.out is not None
            assert (found.star, found.next, found.band, found.out[0].where) == (None, None, 5, where)


def test_of_two_cases_one_is_rated() -> None:
    for branch in ("a", "b"):
        chosen = {"branch": branch, "option": 2}
        assert star(26, choices=best(26, c8=chosen)) == 5


@pytest.mark.parametrize("number", SETS)
def test_points_are_those_of_a_plain_count(number: int) -> None:
    rubric = load_rubric(number)
    for shift in range(7):
        choices = {
            name: [c for c, _ in choosable(criterion)][(place * 5 + shift) % len(choosable(criterion))]
            for place, (name, criterion) in enumerate(criteria(number).items())
        }
        marks = mark(rubric, read_sheet(rubric, {"choices": choices}))
        expected = counted(number, choices)
        assert {name: item.points for name, item in marks.by_criterion.items()} == {
            name: worth or 0 for name, worth in expected.items()
        }
