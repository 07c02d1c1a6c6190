"""The README shows what `reliability.json` says, and nothing in it is lost or doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reliability.outcome import Outcome
from tests.reliability.report import BEGIN, END, FILE, README, WORDS, Report
from tests.reliability.torture import ORDEALS, pieces

if TYPE_CHECKING:
    import pytest


def test_a_row_that_grows_later_names_both_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report()
    for known in ("abc", "abc", "def"):
        monkeypatch.setattr("tests.reliability.report.commit", lambda known=known: known)
        report.begin(["kills"], "15.1", anew=False)
        report.add("kills", "sqlite", 7, Outcome(faults=1), 1)
    assert report.ordeals["kills"]["sqlite"]["faults"] == 3
    assert report.ordeals["kills"]["sqlite"]["commit"] == "abc def"


def test_the_readme_shows_the_table_made_from_the_report() -> None:
    _, begin, rest = README.read_text("utf-8").partition(BEGIN)
    shown, end, _ = rest.partition(END)
    assert (begin, end) == (BEGIN, END)
    assert FILE.exists()
    assert shown.strip() == Report.read().table()


def test_nothing_was_lost_or_doubled() -> None:
    report = Report.read()
    done = [row for ordeal in report.ordeals.values() for row in ordeal.values()]
    assert done
    assert [row for row in done if row["lost"] or row["duplicated"] or row["wrong"]] == []
    assert all(row["seeds"] and row["faults"] and row["commit"] for row in done)
    assert report.versions.keys() >= {"python", "sqlite", "postgresql"}


def test_every_ordeal_has_words() -> None:
    assert WORDS.keys() == ORDEALS.keys()


def test_pieces_add_up_to_their_share_of_the_number() -> None:
    cut = pieces(["kills", "server stops"], 0.1, Report())
    assert sum(piece.number for piece in cut if (piece.name, piece.on) == ("kills", "sqlite")) == 250
    assert sum(piece.number for piece in cut if piece.name == "server stops") == 10
    assert {piece.on for piece in cut if piece.name == "server stops"} == {"postgresql"}
    assert len({piece.seed for piece in cut}) == len(cut)


def test_what_goes_on_later_is_only_what_is_missing() -> None:
    known = Report(
        ordeals={"server stops": {"postgresql": {"faults": 93}}, "relay": {"sqlite": {"faults": 2000}}}
    )
    cut = pieces(["server stops", "relay"], 1, known)
    assert sorted(piece.number for piece in cut if piece.name == "server stops") == [2, 5]
    assert {piece.on for piece in cut if piece.name == "relay"} == {"postgresql"}


def test_pieces_of_an_ordeal_become_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reliability.report.commit", lambda: "abc")
    report = Report()
    report.begin(["kills"], "15.1")
    report.add("kills", "sqlite", 7, Outcome(faults=1000, checked=30, copies=2), 1.4)
    report.add("kills", "sqlite", 8, Outcome(faults=500, checked=10, lost=1, wrong=["one is lost"]), 1.4)

    assert report.ordeals["kills"]["sqlite"] == {
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
    assert report.table().splitlines()[2:] == [f"| {WORDS['kills']} | SQLite | 1.500 | 40 | 1 | 0 | 2 |"]
