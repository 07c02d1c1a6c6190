"""The way to the next star: what it says is enough, and nothing cheaper is."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric
from ocop_workflow.regulations.rubrics.scoring import score
from ocop_workflow.regulations.rubrics.views import InBranchView, PickView
from tests.regulations.rubrics.plain import (
    SETS,
    Choices,
    best,
    choosable,
    criteria,
    points,
    star_of_sheets,
)

STOPPED = {"where": "6.1", "reason": "có cát"}


def way(number: int, *sheets: dict[str, object]) -> tuple[int, int | str, tuple[PickView, ...] | None] | None:
    named = {f"{place}. ": sheet for place, sheet in enumerate(sheets)}
    found = score(str(number), named, CouncilRules()).next
    return None if found is None else (found.star, found.points_short, found.cheapest)


def picked(choices: Choices, picks: tuple[PickView, ...]) -> Choices:
    """Return choices after the product has become better."""
    changed = dict(choices)
    for pick in picks:
        option = pick.option
        changed[pick.criterion] = (
            {"branch": option.branch, "option": option.option} if isinstance(option, InBranchView) else option
        )
    return changed


def raised(number: int, before: Choices, after: Choices) -> Choices:
    """Return the better of two choices of each criterion: who has chosen more keeps it."""
    return {
        name: after[name]
        if points(number, name, after[name]) > points(number, name, before[name])
        else before[name]
        for name in before
    }


def cost(number: int, before: Choices, after: Choices) -> int:
    return sum(points(number, name, after[name]) - points(number, name, before[name]) for name in before)


def cheapest_of_all(number: int, choices: Choices, free: list[str], star: int) -> int | None:
    """Try everything that some criteria could become; none: nothing is enough."""
    better = [
        [choices[name]]
        + [c for c, worth in choosable(criteria(number)[name]) if worth > points(number, name, choices[name])]
        for name in free
    ]
    costs = [
        cost(number, choices, tried)
        for chosen in product(*better)
        for tried in [choices | dict(zip(free, chosen, strict=True))]
        if (star_of_sheets(number, [tried]) or 0) >= star
    ]
    return min(costs, default=None)


@pytest.mark.parametrize("number", SETS)
@pytest.mark.parametrize("seed", range(2))
def test_trying_everything_finds_nothing_cheaper(number: int, seed: int) -> None:
    """All but five criteria have their best option: what these can become is all there is to try."""
    random = Random(f"{number} {seed}")
    names = list(criteria(number))
    free = random.sample(names, 5)
    if seed % 2:  # those that hang on one another
        free = list(dict.fromkeys([n for n in ("5.1", "5.2", "6.1", "6.4") if n in names] + free))[:5]
    worse = {name: random.choice(choosable(criteria(number)[name])[:2])[0] for name in free}
    choices = best(number) | worse
    found = score(str(number), {"": {"choices": choices}}, CouncilRules())
    if found.next is None:
        assert found.star == 5
        return
    assert found.next.cheapest is not None
    after = picked(choices, found.next.cheapest)
    assert (star_of_sheets(number, [after]) or 0) >= found.next.star
    assert cost(number, choices, after) == cheapest_of_all(number, choices, free, found.next.star)


def test_what_is_said_is_enough_for_a_whole_council() -> None:
    for number in SETS:
        random = Random(number)
        sheets: list[Choices] = [
            {name: random.choice(choosable(item))[0] for name, item in criteria(number).items()}
            for _ in range(7)
        ]
        named: dict[str, object] = {f"{place}. ": {"choices": sheet} for place, sheet in enumerate(sheets)}
        found = score(str(number), named, CouncilRules()).next
        assert found is not None
        picks = found.cheapest
        assert picks is not None
        better = [raised(number, sheet, picked(sheet, picks)) for sheet in sheets]
        assert (star_of_sheets(number, better) or 0) >= found.star


@pytest.mark.parametrize("number", SETS)
def test_no_better_option_takes_anything_away(number: int) -> None:
    """The option by which a condition does not hold is worth nothing: whoever rises above it gains."""
    rubric = load_rubric(number)
    for condition in rubric.conditions:
        if condition.needs is not None and condition.not_option is not None:
            assert rubric.by_id[condition.needs].options[condition.not_option - 1].points == 0


def test_a_story_gives_its_structure_back_and_costs_only_itself() -> None:
    """Without a story 5.2 earns nothing though it was chosen; with one it counts at once."""
    number = 14
    found = way(number, {"choices": best(number, c5_1=None)})
    assert found is not None
    star, _, picks = found
    assert star in (3, 4, 5)
    assert picks is not None
    assert [pick.criterion for pick in picks] == ["5.1"]


def test_set_16_goes_on_once_nothing_stops_it() -> None:
    found = way(16, {"choices": best(16, c6_1=1)})
    assert found == (3, 0, (PickView("6.1", 2, 3),))


def test_where_one_member_stopped_the_others_sheets_still_count() -> None:
    low, stopped = best(16, c2_2=2), best(16, c2_2=2, c6_1=1)
    found = way(16, {"choices": low}, {"choices": low}, {"choices": stopped})
    assert found == (3, 0, (PickView("2.2", 3, 2),))


def test_what_a_stop_bars_no_points_bring_back() -> None:
    found = way(5, {"choices": best(5), "stops": [STOPPED]})
    assert found is not None
    assert found[2] is None


def test_what_is_excluded_is_not_advised() -> None:
    found = way(1, {"choices": best(1, c3_1=1, c3_2=1), "excluded": ["2.1"]})
    assert found is not None
    assert found[2] is None or "2.1" not in {pick.criterion for pick in found[2]}


def test_what_the_law_does_not_ask_for_is_not_advised_as_a_gate() -> None:
    sheet: dict[str, object] = {"choices": best(21, c7=None, c2_2=2), "conditions": {"7": False}}
    found = way(21, sheet)
    assert found is not None
    assert found[2] is not None
    assert "7" not in {pick.criterion for pick in found[2]}


def test_yes_and_cases_are_advised_as_they_are_chosen() -> None:
    worst = {name: choosable(item)[1][0] for name, item in criteria(26).items()}
    found = way(26, {"choices": worst})
    assert found is not None
    assert found[2] is not None
    assert star_of_sheets(26, [picked(worst, found[2])]) == found[0]


def test_beyond_five_stars_and_out_of_the_running_there_is_no_way() -> None:
    assert way(1, {"choices": best(1)}) is None
    assert way(7, {"choices": best(7), "knockouts": [{"where": "set", "reason": "giả mạo"}]}) is None
