"""The 26 score sheets as data: what they hold, and that no damage to one goes unseen."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.errors import InvalidInput, NotFound
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.rubrics import load_rubric, read_rubric, rubric_numbers
from ocop_workflow.regulations.rubrics.doubts import if_confirmed
from ocop_workflow.regulations.rubrics.shipped import read_json
from tests.regulations.rubrics.plain import SETS, raw

if TYPE_CHECKING:
    from collections.abc import Callable


def test_all_26_ship_and_hold_what_was_counted_in_the_decision() -> None:
    rubrics = [load_rubric(number) for number in rubric_numbers()]
    options = [option for rubric in rubrics for item in rubric.criteria for option in item.every_option]
    marks = [option.min_star for option in options if option.min_star]
    assert [rubric.set for rubric in rubrics] == list(SETS)
    assert sum(len(rubric.criteria) for rubric in rubrics) == 787
    assert (len(options), len(marks)) == (2535, 575)
    assert [marks.count(star) for star in (3, 4, 5)] == [179, 290, 106]
    assert {tuple(part.max for part in rubric.parts) for rubric in rubrics} == {(40, 25, 35)}
    assert max(option.points for option in options) == 10


def test_five_want_a_person_with_the_signed_decision_and_say_so_in_vietnamese() -> None:
    doubtful = {number: load_rubric(number) for number in SETS if load_rubric(number).wants_human}
    assert list(doubtful) == [1, 7, 10, 23, 26]
    for rubric in doubtful.values():
        for doubt in rubric.wants_human:
            assert rubric.doubt_text(doubt).vi != rubric.doubt_text(doubt).en


def test_a_sheet_as_a_doubt_would_have_it_asks_for_what_it_would_ask_for() -> None:
    """Set 1, 8: the option of 5 points prints no star; where it did, five stars would ask for it."""
    rubric = load_rubric(1)
    (doubt,) = rubric.wants_human
    other = if_confirmed(rubric, doubt)
    assert other is not None
    assert (rubric.by_id["8"].needed[5], other.by_id["8"].needed[5]) == (3, 5)
    assert dict(other.gates(5))["8"] == 5


def test_the_pack_names_the_same_sets() -> None:
    """A short name may differ between the list of the annex and Phụ lục I; the number is the same set."""
    pack = {item.number: item for item in load_regulation("qd-26-2026").sets}
    groups = {group.id: group.number for group in load_regulation("qd-26-2026").groups}
    assert list(pack) == list(SETS)
    assert [groups[pack[n].group] for n in SETS] == [load_rubric(n).annex1.group for n in SETS]


@pytest.mark.parametrize(
    ("number", "star", "criteria", "points"),
    [
        (1, 3, 7, 10), (1, 4, 15, 37), (1, 5, 16, 43),
        (2, 5, 17, 52), (16, 4, 13, 31), (21, 5, 14, 43), (26, 3, 1, 1), (26, 5, 2, 5),
    ],
)  # fmt: skip
def test_what_a_star_asks_for(number: int, star: int, criteria: int, points: int) -> None:
    gates = load_rubric(number).gates(star)
    assert (len(gates), sum(least for _, least in gates)) == (criteria, points)


@pytest.mark.parametrize("number", [0, 27, 99])
def test_there_is_no_other_set(number: int) -> None:
    with pytest.raises(NotFound) as error:
        load_rubric(number)
    assert error.value.text.vi == f"Không có bộ sản phẩm số {number}; có bộ 1 đến 26."


# -- damages: one value of a set changed, and the place at which it is seen -------------------------------


def criterion(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(
        item
        for part in found["parts"]
        for row in part["items"]
        for item in row["criteria"]
        if item["id"] == name
    )


def option(found: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    chosen: dict[str, Any] = criterion(found, name)["options"][number - 1]
    return chosen


CASES = [{"id": "a", "label": "A", "options": []}, {"id": "b", "label": "B", "options": []}]
#: where the first item stands in the file
AT = "parts[0].items[0]."


def unmark(found: dict[str, Any]) -> None:
    for name in [item.id for item in load_rubric(16).criteria]:
        for choice in criterion(found, name)["options"]:
            choice["min_star"] = choice["min_star"] if choice["min_star"] != 3 else None


DAMAGES: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("a point more", lambda s: option(s, "1.3", 3).update(points=9), "1.3"),
    ("points that fall", lambda s: option(s, "4.1", 2).update(points=0), "4.1"),
    ("a star dropped", lambda s: option(s, "1.1", 1).update(min_star=None), "derived.stars.3"),
    ("a star moved", lambda s: option(s, "2.2", 3).update(min_star=5), "derived.stars.3"),
    ("stars that fall", lambda s: option(s, "1.4", 4).update(min_star=3), "1.4"),
    ("an option lost", lambda s: criterion(s, "1.2")["options"].pop(0), "derived.options"),
    ("no option left", lambda s: criterion(s, "1.2").update(options=[]), "1.2"),
    ("a criterion lost", lambda s: s["parts"][0]["items"][0]["criteria"].pop(), "1.max"),
    ("a number twice", lambda s: criterion(s, "1.2").update(id="1.1"), "1.criteria"),
    ("an item's points", lambda s: s["parts"][1]["items"][0].update(max=12), "parts.B.max"),
    ("a part's points", lambda s: s["parts"][2].update(max=36), "max"),
    ("yes that earns more", lambda s: criterion(s, "2.4").update(yes_points=2), "2.4"),
    ("yes with options", lambda s: criterion(s, "2.4").update(options=criterion(s, "1.2")["options"]), "2.4"),
    ("cases beside options", lambda s: criterion(s, "1.2").update(branches=CASES), "1.2"),
    ("cases that are bare", lambda s: criterion(s, "1.2").update(kind="alternatives", options=[]), "1.2"),
    ("no three stars", unmark, "derived.gates.3.lowest_total"),
    ("a story renamed", lambda s: criterion(s, "5.1").update(id="5.9"), "5.1"),
    ("half a point", lambda s: option(s, "1.3", 3).update(points=2.5), f"{AT}criteria[2].options[2].points"),
    ("six stars", lambda s: option(s, "1.1", 1).update(min_star=6), f"{AT}criteria[0].options[0].min_star"),
    ("an unknown key", lambda s: s.update(colour="red"), "colour"),
    ("no longer in doubt", lambda s: s.update(status="needs_human"), "status"),
    ("its own figures", lambda s: s["derived"]["gates"]["4"].update(sum=30), "derived.gates.4.sum"),
    ("a stop on nothing", lambda s: s["parts"][2]["items"][0]["notes"][0].update(applies_to=["6.9"]), "6.9"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "place"), DAMAGES, ids=[name for name, *_ in DAMAGES])
def test_damage_is_seen_and_named_by_its_place(
    name: str, damage: Callable[[dict[str, Any]], Any], place: str
) -> None:
    broken = copy.deepcopy(raw(16))
    damage(broken)
    with pytest.raises(InvalidInput) as error:
        read_rubric(json.dumps(broken, ensure_ascii=False), f"{name}.json")
    assert place in {item.place for item in error.value.faults}


def test_a_note_that_only_tells_something_does_nothing() -> None:
    told = copy.deepcopy(raw(16))
    told["parts"][0]["items"][0]["notes"] = [{"kind": "note", "where": "heading", "text": "xem phụ lục"}]
    assert list(read_rubric(json.dumps(told), "x.json").automatic_stops) == list(
        load_rubric(16).automatic_stops
    )


def test_a_condition_that_nobody_has_read_is_a_fault() -> None:
    strange = copy.deepcopy(raw(16))
    strange["set"] = 40  # no reading speaks of it
    with pytest.raises(InvalidInput) as error:
        read_rubric(json.dumps(strange), "set-40.json")
    assert [(item.place, item.text.vi) for item in error.value.faults] == [
        ("5.2", "chưa nói điều kiện phụ thuộc vào đâu")
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"schema": NaN}', "[" * 500, '{"a": ' + "9" * 6000 + "}"]
)
def test_what_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_rubric(text, "x.json")


def test_a_key_that_stands_twice_is_named_where_it_stands() -> None:
    _, faults = read_json('{"choices": {"1.1": 1, "1.1": 2}, "stops": [{"where": "a", "where": "b"}]}')
    assert [item.place for item in faults] == ["choices.1.1", "stops[0].where"]
