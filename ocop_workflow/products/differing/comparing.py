"""Two dossiers of one product beside each other: what one says and the other does not.

Pure: what is compared is handed in. A rule of the service's own: QĐ 26/2026, Mẫu 02, asks a producer to say
what has changed since the recognition, and this shows an office what has, whether it was said or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class ChangeKind(StrEnum):
    """Where in a dossier a change stands."""

    RECORD = "record"
    FORM = "form"
    POINTS = "points"
    PAPER = "paper"

    @property
    def text(self) -> Text:
        """The same in words, in both languages."""
        return _KINDS[self]


_KINDS = {
    ChangeKind.RECORD: Text("hồ sơ đã ghi", "the record"),
    ChangeKind.FORM: Text("mẫu biểu", "forms"),
    ChangeKind.POINTS: Text("điểm tự chấm", "self-scores"),
    ChangeKind.PAPER: Text("giấy tờ", "papers"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A paper of a dossier, as it is told in a line.

    Attributes:
        kind: what the regulation calls it; papers of one kind take one another's place.
        told: name, number and day.
        id: its number.
        taken_from: the paper of an earlier dossier that it was taken over from: then it is no change.
    """

    kind: str
    told: str
    id: int = 0
    taken_from: int | None = None


@dataclass(frozen=True, slots=True)
class DossierContents:
    """What one dossier says.

    Attributes:
        record: what stands on record, by what it is called.
        answers: what its forms say in words, by what the field is called.
        private: the fields that whoever asks does not see; of them only that they differ is told.
        points: self-scores by criterion, empty where another sheet rates it.
        papers: those that stand.
    """

    record: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    points: Mapping[str, int] = field(default_factory=dict)
    papers: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What differs; `before` and `now` in words, empty where nothing was said. `hidden`: neither is told."""

    kind: ChangeKind
    label: str
    before: str
    now: str
    hidden: bool = False


def compare(before: DossierContents, now: DossierContents) -> tuple[Change, ...]:
    """Return what a dossier says otherwise than the one before it.

    What only one of the two was asked is no change: the forms of an older law are not held against a newer
    one, and a field that is still empty is missing, not changed.
    """
    return (
        *_words(ChangeKind.RECORD, before.record, now.record),
        *_answers(before, now),
        *_points(before.points, now.points),
        *_papers(before.papers, now.papers),
    )


def _words(kind: ChangeKind, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for label, said in now.items():
        was = before.get(label, "")
        if was and said and was != said:
            yield Change(kind, label, was, said)


def _answers(before: DossierContents, now: DossierContents) -> Iterator[Change]:
    for change in _words(ChangeKind.FORM, before.answers, now.answers):
        hidden = change.label in now.private
        yield Change(change.kind, change.label, "", "", hidden=True) if hidden else change


def _points(before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Change]:
    for criterion, points in now.items():
        if criterion in before and before[criterion] != points:
            yield Change(ChangeKind.POINTS, criterion, str(before[criterion]), str(points))


def _papers(before: tuple[Held, ...], now: tuple[Held, ...]) -> Iterator[Change]:
    """A new paper stands beside what it takes the place of; what nothing replaces is gone."""
    kept = {paper.taken_from for paper in now}
    left: dict[str, list[Held]] = {}
    for paper in before:
        if paper.id not in kept:
            left.setdefault(paper.kind, []).append(paper)
    for paper in now:
        if paper.taken_from is None:
            replaced = left.get(paper.kind)
            yield Change(ChangeKind.PAPER, paper.kind, replaced.pop(0).told if replaced else "", paper.told)
    for kind, papers in left.items():
        for paper in papers:
            yield Change(ChangeKind.PAPER, kind, paper.told, "")
