"""The star that a mean earns."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.regulations import Regulation, load_regulation, regulation_ids, star_of

PACKS = [load_regulation(name) for name in regulation_ids()]
packs = st.sampled_from(PACKS)
means = st.fractions(0, 100)
gates = st.integers(0, 5)


def star_by_the_book(mean: Fraction, gates_met: int) -> int:
    """Say what Điều 3.3 says, one sentence a line."""
    if mean >= 90 and gates_met >= 5:
        return 5
    if mean >= 70 and gates_met >= 4:
        return 4
    if mean >= 50 and gates_met >= 3:
        return 3
    if mean >= 30 and gates_met >= 2:
        return 2
    return 1


@pytest.mark.parametrize("regulation", PACKS, ids=lambda pack: pack.id)
@pytest.mark.parametrize(
    ("mean", "star"),
    [
        ("0", 1),
        ("29.99", 1),
        ("30", 2),
        ("49.99", 2),
        ("50", 3),
        ("69.99", 3),
        ("70", 4),
        ("89.95", 4),
        ("90", 5),
        ("100", 5),
    ],
)
def test_a_band_takes_its_lower_edge_and_leaves_its_upper(
    regulation: Regulation, mean: str, star: int
) -> None:
    assert star_of(regulation, Fraction(mean)) == star


def test_a_mean_is_never_rounded() -> None:
    a_hair_below = (Fraction(90) + Fraction(90) + Fraction("89.99")) / 3
    assert round(float(a_hair_below), 2) == 90.0
    assert [star_of(pack, a_hair_below) for pack in PACKS] == [4] * len(PACKS)


@pytest.mark.parametrize(
    ("mean", "gates_met", "star"),
    [
        (99, 4, 4),  # all but one five-star minimum: 99 points and four stars
        (95, 2, 2),  # a three-star minimum fails, whatever the points
        (95, 0, 1),
        (75, 3, 3),
        (55, 5, 3),  # conditions alone lift nobody
    ],
)
def test_the_star_is_the_highest_whose_band_and_conditions_are_met(
    mean: int, gates_met: int, star: int
) -> None:
    assert [star_of(pack, Fraction(mean), gates_met) for pack in PACKS] == [star] * len(PACKS)


@given(packs, means, gates)
def test_every_star_is_the_one_of_the_book(pack: Regulation, mean: Fraction, gates_met: int) -> None:
    assert star_of(pack, mean, gates_met) == star_by_the_book(mean, gates_met)


@given(packs, means, means, gates)
def test_more_points_never_cost_a_star(
    pack: Regulation, one: Fraction, other: Fraction, gates_met: int
) -> None:
    low, high = sorted((one, other))
    assert star_of(pack, low, gates_met) <= star_of(pack, high, gates_met)


@given(packs, means, gates, gates)
def test_more_conditions_met_never_cost_a_star(
    pack: Regulation, mean: Fraction, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    assert star_of(pack, mean, low) <= star_of(pack, mean, high)
