"""A service that lives at random keeps its books, after every step."""

from __future__ import annotations

import secrets

import pytest

from tests.reliability.stateful import live_at_random

#: a step, with all that is looked at after it, takes a quarter of a second and more
LIFE = {"sqlite": 75, "postgresql": 50}


@pytest.mark.parametrize(("database", "steps"), LIFE.items(), indirect=["database"])
@pytest.mark.usefixtures("database")
def test_whatever_happens_the_books_balance_after_every_step(url: str, steps: int) -> None:
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when this fails
    outcome = live_at_random(url, steps, seed)
    assert outcome.right, outcome
    assert outcome.checked >= 7  # the letters of the first day, at least; how many faults, chance decides
