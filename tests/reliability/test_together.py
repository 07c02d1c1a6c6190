"""Several schedulers on one database do what one does, and of two officers one wins; nobody fails."""

from __future__ import annotations

import secrets

import pytest

from tests.reliability.many import CROWDS, compete, schedule

#: twice in a crowd of each size
ROUNDS = 2 * len(CROWDS)

RACES = 300


@pytest.mark.usefixtures("database")
def test_many_schedulers_at_once_write_what_one_writes_and_send_it_once(url: str) -> None:
    outcome = schedule(url, ROUNDS, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == ROUNDS
    assert outcome.checked == ROUNDS * 8


@pytest.mark.usefixtures("database")
def test_of_two_officers_who_act_at_once_exactly_one_wins(url: str) -> None:
    outcome = compete(url, RACES, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == outcome.checked == RACES
