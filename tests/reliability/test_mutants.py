"""The harness can fail: each mistake planted in the code is caught, by a wrong result and not by a crash."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.mutants import MUTANTS, Change, Mutant, Tally, checks, tally
from tests.reliability.torture import ORDEALS
from tests.reliability.trial import StaleMutantError, Verdict, mutate, try_tests

ROOT = Path(__file__).parents[2]

CHEAP = ("tests/test_clock.py::test_the_day_begins_in_vietnam_at_seventeen_hours_utc",)
ZONE = "        return instant.astimezone(self._zone)\n\n\n"


def of_clock(name: str, becomes: str, text: str = ZONE) -> Mutant:
    """A mutant of the clock, tried with the cheapest of all tests."""
    return Mutant(name, "nothing that matters here", (Change("clock.py", text, becomes),), CHEAP)


#: planted in every `make test-all`; `pytest -m torture` and `make torture` plant the others, too
QUICK = {
    "sent before sending",
    "attempt counted afterwards",
    "transaction open while sending",
    "Message-ID made at sending",
    "settled without a fence",
    "nothing looked at again before sending",
    "journal not asked",
    "doubt taken as sent",
    "digest and letter in two commits",
    "check, then insert, without a key",
    "only today's work found",
    "history outside the transaction",
    "version not guarded",
    "BEGIN as SQLite has it",
}
PLANTED = [
    pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.torture) for one in MUTANTS
]
FEW = [one for one in MUTANTS if one.name in QUICK]

#: a mistake that needs two to meet at one moment may not show on the first try
TRIES = 3

NO_MISTAKE = of_clock("no mistake", ZONE.replace("now()", "now().replace()"))


@pytest.mark.parametrize("mutant", PLANTED)
def test_a_planted_mistake_is_caught(request: pytest.FixtureRequest, mutant: Mutant) -> None:
    postgres = request.getfixturevalue("postgres_server") if mutant.needs_postgres else None
    for _ in range(TRIES if mutant.needs_a_meeting else 1):
        verdict = try_tests(mutant.nodes, postgres, mutant)
        if verdict.catches(mutant.nodes):
            return
    pytest.fail(f"{mutant.breaks}: {verdict}")


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_what_catches_a_mistake_passes_on_the_code_as_it_is(
    request: pytest.FixtureRequest, where: str
) -> None:
    on_postgres = where == "postgresql"
    postgres = request.getfixturevalue("postgres_server") if on_postgres else None
    nodes = [node for node in checks(FEW) if ("postgresql" in node) == on_postgres]
    verdict = try_tests(nodes, postgres)
    assert verdict.all_pass(nodes), verdict


def test_the_table_names_each_mutant_once_and_each_of_its_files_stands_there() -> None:
    assert [name for name, times in Counter(one.name for one in MUTANTS).items() if times > 1] == []
    assert len(MUTANTS) >= 30
    assert len(FEW) == len(QUICK) >= 12
    assert ORDEALS["mutants"].number >= len(MUTANTS)
    files = {change.file for mutant in MUTANTS for change in mutant.changes}
    assert [file for file in sorted(files) if not (ROOT / "ocop_workflow" / file).exists()] == []


def test_each_mutant_fits_the_code_as_it_is_and_its_tests_are_there() -> None:
    stale = [
        (mutant.name, change.file)
        for mutant in MUTANTS
        for change in mutant.changes
        if (ROOT / "ocop_workflow" / change.file).read_text("utf-8").count(change.text) != 1
    ]
    gone = [node for node in checks(MUTANTS) if not is_there(node)]
    assert (stale, gone) == ([], [])


def is_there(node: str) -> bool:
    file, _, case = node.partition("::")
    return f"def {case.partition('[')[0]}(" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("times", [0, 2])
def test_a_mutant_whose_text_does_not_stand_once_in_its_file_says_so(tmp_path: Path, times: int) -> None:
    (tmp_path / "clock.py").write_text("tick\n" * times, "utf-8")
    sentence = f"^The mutant old is out of date: its text stands {times} times in clock.py, not once"
    with pytest.raises(StaleMutantError, match=sentence):
        mutate(tmp_path, of_clock("old", "tock", "tick"))
    assert (tmp_path / "clock.py").read_text("utf-8") == "tick\n" * times


@pytest.mark.parametrize(
    ("name", "becomes", "error"),
    [
        ("no Python", "        return ((\n", "SyntaxError"),
        ("no such name", "        return toady\n", "NameError"),
    ],
)
def test_a_mutant_that_breaks_down_is_not_caught(name: str, becomes: str, error: str) -> None:
    verdict = try_tests(CHEAP, None, of_clock(name, becomes))
    assert not verdict.catches(CHEAP)
    assert any(error in words for words in verdict.broke.values()), verdict


def test_a_mutant_that_escapes_is_counted_and_named() -> None:
    assert tally(None, [NO_MISTAKE]) == Tally(mutants=1, caught=0, escaped=("no mistake",))


def test_a_verdict_needs_every_test_to_speak() -> None:
    found = Verdict(passed=["a::x[1]"], refuted={"a::y[1]": "1 == 2"})
    assert found.catches(["a::y"])
    assert not found.catches(["a::y", "a::x"])
    assert not found.catches([])
    assert not found.all_pass(["a::x"])
    assert Verdict(passed=["a::x[1]", "a::x[2]"]).all_pass(["a::x"])
    assert not Verdict(passed=["a::xx"]).all_pass(["a::x"])
