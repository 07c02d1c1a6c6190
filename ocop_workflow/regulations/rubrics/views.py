"""What is shown of score sheets and of what filled ones come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.errors import Text, say
from ocop_workflow.regulations.rubrics.rubric import CriterionKind, NoteKind
from ocop_workflow.views import OMITTED, View

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from ocop_workflow.errors import Language
    from ocop_workflow.regulations.rubrics.doubts import DoubtedOutcome
    from ocop_workflow.regulations.rubrics.next_star import WayOn
    from ocop_workflow.regulations.rubrics.outcome import MissedGate, Outcome
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Option, Rubric, SheetNote
    from ocop_workflow.regulations.rubrics.sheet import Ground


@dataclass(frozen=True, slots=True)
class RubricLineView(View):
    """One set of products with its score sheet; `needs_human`: something in it is in doubt."""

    set: int
    name: str
    group: str
    criteria: int
    needs_human: bool

    @classmethod
    def of(cls, rubric: Rubric) -> RubricLineView:
        """Show a score sheet in a line."""
        return cls(
            rubric.set, rubric.name, rubric.annex1.group, len(rubric.criteria), bool(rubric.wants_human)
        )


@dataclass(frozen=True, slots=True)
class SheetNoteView(View):
    """A note as it is printed."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class OptionView(View):
    """One option, counted from 1; `min_star`: the star for which it is the least."""

    option: int
    label: str
    points: int
    min_star: int | None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class BranchView(View):
    """One of two cases of which one is rated."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class CriterionView(View):
    """A criterion with its options; `needed`: the least points for each star that asks for any."""

    id: str
    title: str
    part: str
    item: str
    max: int
    kind: CriterionKind
    notes: tuple[SheetNoteView, ...]
    branches: tuple[BranchView, ...]
    options: tuple[OptionView, ...]
    needed: dict[str, int]


@dataclass(frozen=True, slots=True)
class SheetDoubtView(View):
    """What a person with the signed decision has to settle."""

    where: str
    doubt: str


@dataclass(frozen=True, slots=True)
class PrintedOtherwiseView(View):
    """Something that is printed otherwise than it is used."""

    where: str
    field: str
    printed: str
    used: str

    @property
    def place(self) -> Text:
        """Where it stands, as an officer would say it."""
        return Text(
            self.where.replace(" option ", ", mức ").replace("part A heading", "tiêu đề phần A"), self.where
        )

    @property
    def shown(self) -> Text:
        """What is printed there; an empty cell is told."""
        return Text(self.printed or "(ô trống)", self.printed or "(an empty cell)")


@dataclass(frozen=True, slots=True)
class RubricView(View):
    """A score sheet: quotations of the decision, with their source and what is in doubt."""

    set: int
    name: str
    group: str
    decision: str
    transcription: str
    knockout_line: str | None
    star_footnote: str | None
    criteria: tuple[CriterionView, ...]
    stops: tuple[str, ...]
    exclusions: tuple[str, ...]
    conditions: tuple[str, ...]
    knockouts: tuple[str, ...]
    corrections: tuple[PrintedOtherwiseView, ...]
    needs_human: tuple[SheetDoubtView, ...]

    @classmethod
    def of(cls, rubric: Rubric, language: Language = "vi") -> RubricView:
        """Show a score sheet."""
        return cls(
            set=rubric.set,
            name=rubric.name,
            group=rubric.annex1.group,
            decision=rubric.source.decision,
            transcription=rubric.source.transcription,
            knockout_line=rubric.knockout_line,
            star_footnote=rubric.star_footnote,
            criteria=tuple(
                _criterion(part.id, item.title, (*item.notes, *criterion.notes), criterion)
                for part in rubric.parts
                for item in part.items
                for criterion in item.criteria
            ),
            stops=rubric.stops,
            exclusions=rubric.exclusions,
            conditions=rubric.open_facts,
            knockouts=rubric.knockouts,
            corrections=tuple(
                PrintedOtherwiseView.alike(item, used=str(item.used)) for item in rubric.corrections
            ),
            needs_human=tuple(
                SheetDoubtView(item.where, say(rubric.doubt_text(item), language))
                for item in rubric.wants_human
            ),
        )


def _criterion(part: str, item: str, notes: Sequence[SheetNote], criterion: Criterion) -> CriterionView:
    return CriterionView(
        id=criterion.id,
        title=criterion.title,
        part=part,
        item=item,
        max=criterion.max,
        kind=criterion.kind,
        notes=tuple(SheetNoteView(note.kind, note.text) for note in notes),
        branches=tuple(BranchView(branch.id, branch.label) for branch in criterion.branches),
        options=(
            *_options(criterion.options, None),
            *(line for branch in criterion.branches for line in _options(branch.options, branch.id)),
        ),
        needed={str(star): points for star, points in criterion.needed.items()},
    )


def _options(options: Sequence[Option], branch: str | None) -> list[OptionView]:
    return [
        OptionView(number, option.label, option.points, option.min_star, branch)
        for number, option in enumerate(options, start=1)
    ]


@dataclass(frozen=True, slots=True)
class MissedGateView(View):
    """A criterion whose least points for a star are not met."""

    criterion: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class GroundView(View):
    """Why a dossier is out; `where`: `set`, or a criterion."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class InBranchView(View):
    """An option of one of two cases."""

    branch: str
    option: int


@dataclass(frozen=True, slots=True)
class PickView(View):
    """An option that would have to be reached, and what it is worth."""

    criterion: str
    option: int | bool | InBranchView
    points: int


@dataclass(frozen=True, slots=True)
class NextStarView(View):
    """What lacks for a star; `points_short`: of the sum. `cheapest`: empty where nothing but points lacks."""

    star: int
    missed: tuple[MissedGateView, ...]
    points_short: int | str
    cheapest: tuple[PickView, ...] | None


@dataclass(frozen=True, slots=True)
class DoubtedOutcomeView(View):
    """What wants a person; `star_if_confirmed`: the star then, 0: none; left out where nobody knows."""

    where: str
    doubt: str
    star_if_confirmed: Annotated[int | None, OMITTED] = None


@dataclass(frozen=True, slots=True)
class OutcomeView(View):
    """What the sheets of a council come to.

    `sum`: what a stop or a condition bars counts as 0. `mean`: exact, `mean_shown`: two decimals, cut.
    `gates`: what is missed, by star. `out`: why the dossier is out. `star`: none where it is out, or the mean
    would earn a certificate and not even the gates of 3 stars are met. `next`: the way to the next star.
    """

    set: int | str
    totals: tuple[int | str, ...]
    sum: int | str
    n: int
    mean: str
    mean_shown: str
    band: int
    gates: dict[str, tuple[MissedGateView, ...]]
    out: tuple[GroundView, ...] | None
    star: int | None
    next: NextStarView | None
    needs_human: tuple[DoubtedOutcomeView, ...]

    @classmethod
    def of(
        cls,
        name: int | str,
        outcome: Outcome,
        way: WayOn | None,
        doubts: Sequence[DoubtedOutcome] = (),
        language: Language = "vi",
    ) -> OutcomeView:
        """Show what sheets come to."""
        return cls(
            set=name,
            totals=tuple(map(exact, outcome.totals)),
            sum=exact(outcome.sum),
            n=len(outcome.totals),
            mean=str(outcome.mean),
            mean_shown=cut(outcome.mean),
            band=outcome.band,
            gates={str(star): _missed(outcome.missed.get(star, ())) for star in (3, 4, 5)},
            out=tuple(map(_ground, outcome.out)) or None,
            star=outcome.star,
            next=_way(way) if way else None,
            needs_human=tuple(_doubt(item, language) for item in doubts),
        )


def exact(points: Fraction) -> int | str:
    """Write points: whole ones as a number, others as a decimal without loss."""
    if points.denominator == 1:
        return points.numerator
    return f"{float(points):.2f}".rstrip("0")


def cut(mean: Fraction) -> str:
    """Write a mean with two decimals, cut and never rounded: 69 6/7 is 69,85."""
    hundredths = mean.numerator * 100 // mean.denominator
    return f"{hundredths // 100},{hundredths % 100:02}"


def _missed(gates: Sequence[MissedGate]) -> tuple[MissedGateView, ...]:
    return tuple(MissedGateView(gate.criterion, gate.have, gate.need) for gate in gates)


def _ground(ground: Ground) -> GroundView:
    return GroundView(ground.where, ground.reason)


def _way(way: WayOn) -> NextStarView:
    picks = None
    if way.cheapest is not None:
        picks = tuple(
            PickView(
                pick.criterion,
                InBranchView(*pick.option) if isinstance(pick.option, tuple) else pick.option,
                pick.points,
            )
            for pick in way.cheapest
        )
    return NextStarView(way.star, _missed(way.missed), exact(way.points_short), picks)


def _doubt(item: DoubtedOutcome, language: Language) -> DoubtedOutcomeView:
    star = item.star or 0 if item.is_known else None
    return DoubtedOutcomeView(item.where, say(item.words, language), star)
