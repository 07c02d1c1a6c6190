"""The server's answer to COMMIT is lost: all of it has happened, or nothing, and doing it again is safe."""

from __future__ import annotations

import secrets

import pytest

from tests.reliability.lost_answers import lose_while_stepping, lose_while_working

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

TIMES = 20


def test_a_day_whose_commit_was_not_answered_is_simply_done_again(url: str) -> None:
    outcome = lose_while_working(url, TIMES, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == TIMES
    assert outcome.checked == TIMES * 15  # 7 letters of the eve, superseded, and 8 of the day


def test_a_step_whose_commit_was_not_answered_is_never_done_twice(url: str) -> None:
    outcome = lose_while_stepping(url, TIMES, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == outcome.checked == TIMES
