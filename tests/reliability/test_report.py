"""The README shows what `reliability.json` says, and nothing in it is lost or doubled."""

from __future__ import annotations

import pytest

from tests.reliability.outcome import Outcome
from tests.reliability.report import BEGIN, END, FILE, README, WORDS, Report, Share
from tests.reliability.torture import ORDEALS, pieces


def reported(monkeypatch: pytest.MonkeyPatch, *runs: tuple[str, str, Outcome]) -> Report:
    """Return the report behind these runs of `kills`: commit, share, what came of it."""
    report = Report()
    for known, share, outcome in runs:
        monkeypatch.setattr("tests.reliability.report.commit", lambda known=known: known)
        report.begin(["kills"], Share.read(share), "15.1")
        report.add("kills", "sqlite", Share.read(share), 7, outcome, 1.4)
    return report


def test_each_share_stands_under_its_name_and_the_commit_that_it_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults = Outcome(faults=1)
    report = reported(
        monkeypatch, ("abc", "1/20", faults), ("abc", "2/20", faults), ("def", "3/20", Outcome(faults=5))
    )
    assert report.table().splitlines()[2:] == [
        f"| {WORDS['kills']} | SQLite | 7 | 0 | 0 | 0 | 0 | 1/20, 2/20: abc; 3/20: def |"
    ]


def test_a_share_that_is_gone_through_again_takes_the_place_of_what_it_had_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = reported(
        monkeypatch, ("abc", "1/20", Outcome(faults=1, lost=1)), ("def", "1/20", Outcome(faults=2))
    )
    (part,) = report.ordeals["kills"]["sqlite"]
    assert (part["share"], part["commit"], part["faults"], part["lost"]) == ("1/20", "def", 2, 0)


@pytest.mark.parametrize("words", ["", "3", "0/20", "21/20", "1/0", "a/b"])
def test_what_is_no_share_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Share.read(words)


@pytest.mark.parametrize("number", [5, 100, 2500])
def test_all_shares_together_are_the_whole(number: int) -> None:
    assert sum(Share(which, 20).of(number) for which in range(1, 21)) == number
    assert Share(1, 1).of(number) == number


def test_the_readme_shows_the_table_made_from_the_report() -> None:
    _, begin, rest = README.read_text("utf-8").partition(BEGIN)
    shown, end, _ = rest.partition(END)
    assert (begin, end) == (BEGIN, END)
    assert FILE.exists()
    assert shown.strip() == Report.read().table()


def test_nothing_was_lost_or_doubled() -> None:
    report = Report.read()
    done = [part for ordeal in report.ordeals.values() for parts in ordeal.values() for part in parts]
    assert done
    assert [part for part in done if part["lost"] or part["duplicated"] or part["wrong"]] == []
    assert all(part["seeds"] and part["faults"] and part["commit"] for part in done)
    assert report.versions.keys() >= {"python", "sqlite", "postgresql"}


def test_every_ordeal_has_words() -> None:
    assert WORDS.keys() == ORDEALS.keys()


def test_pieces_add_up_to_their_share_of_the_number() -> None:
    cut = pieces(["kills", "server stops"], Share(3, 20))
    assert [piece.number for piece in cut if (piece.name, piece.on) == ("kills", "sqlite")] == [125]
    assert [piece.number for piece in cut if piece.name == "server stops"] == [5]
    assert {piece.on for piece in cut if piece.name == "server stops"} == {"postgresql"}
    whole = pieces(["kills", "server stops"], Share(1, 1))
    assert sum(piece.number for piece in whole if (piece.name, piece.on) == ("kills", "sqlite")) == 2500
    assert len({piece.seed for piece in whole}) == len(whole)


def test_pieces_of_an_ordeal_become_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    report = reported(monkeypatch, ("abc", "1/1", Outcome(faults=1000, checked=30, copies=2)))
    found = Outcome(faults=500, checked=10, lost=1, wrong=["one is lost"])
    report.add("kills", "sqlite", Share(1, 1), 8, found, 1.4)

    (part,) = report.ordeals["kills"]["sqlite"]
    assert part == {
        "share": "1/1",
        "faults": 1500,
        "checked": 40,
        "lost": 1,
        "copies": 2,
        "duplicated": 0,
        "wrong": ["one is lost"],
        "seconds": 2,
        "seeds": [7, 8],
        "commit": "abc",
    }
    assert report.table().splitlines()[2:] == [
        f"| {WORDS['kills']} | SQLite | 1.500 | 40 | 1 | 0 | 2 | 1/1: abc |"
    ]
