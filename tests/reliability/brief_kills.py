"""A short round of kills with a fixed seed: long enough to catch the mutants that are tried with it.

Only `mutants.py` asks for it; for the code as it is, `test_killing.py` kills longer and always otherwise.
"""

from __future__ import annotations

from tests.reliability.killing import run

SEED = 7
KILLS = 50


def test_the_books_balance_after_a_few_kills(url: str) -> None:
    injected, books = run(url, KILLS, 1, SEED)
    assert injected.kills >= KILLS
    assert books.letters > 7
    assert books.balanced, books
