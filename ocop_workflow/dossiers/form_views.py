"""How the forms of a dossier are shown: what was answered, what the record proposes, what is still asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.regulations.forms import FieldKind, FormHeading
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from ocop_workflow.regulations.rubrics.views import InBranchView, OptionView
from ocop_workflow.views import UNSENT, View

if TYPE_CHECKING:
    from ocop_workflow.dossiers.revenue_queries import RevenueRecord
    from ocop_workflow.regulations.forms import OfficialForm

#: what is answered in one field
Plain = str | int | bool | None


@dataclass(frozen=True, slots=True)
class FormLineView(View):
    """A form in a line. `missing`: how many fields are asked for and empty; `version` 0: never saved."""

    form: str
    number: str
    title: str
    by: str
    version: int
    saved_at: datetime | None
    saved_by: str | None
    missing: int


@dataclass(frozen=True, slots=True)
class FormsView(View):
    """The forms of a product's current dossier. `applies`: they are those of its own regulation."""

    code: str
    dossier: int
    decision: str
    applies: bool
    forms: tuple[FormLineView, ...]


@dataclass(frozen=True, slots=True)
class ChoiceView(View):
    """One of the values that a field takes."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FormFieldView(View):
    """A field of a form.

    `within`: the field that holds it. `answered`: it was saved, also as empty. `erased`: a person had the
    answer erased; `hidden`: whoever asks does not see where people live. `proposed`: what the record or
    another form says, `proposed_from` where; it counts only once it is saved.
    """

    name: str
    within: str | None
    label: str
    type: FieldKind
    note: str | None
    pattern: str | None
    ref: str | None
    required: bool
    personal: bool
    choices: tuple[ChoiceView, ...]
    value: Plain
    answered: bool
    erased: bool
    hidden: bool
    proposed: Plain
    proposed_from: str | None

    @property
    def differs(self) -> bool:
        """Whether something else was saved than what is proposed."""
        return self.answered and self.proposed is not None and self.proposed != self.value


@dataclass(frozen=True, slots=True)
class EvidenceHintView(View):
    """A line of the list of evidence that Mẫu 02 prints."""

    content: str
    form: str
    only_if: str | None
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormSectionView(View):
    """A section of a form; `office`: an office fills it in; `added`: the service's, not printed."""

    title: str | None
    office: bool
    added: bool
    fields: tuple[FormFieldView, ...]
    evidence: tuple[EvidenceHintView, ...]
    only_for_renewal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfScoreView(View):
    """What a producer says of one criterion. `points`: what the chosen option is worth; none: none chosen.

    `papers`: those of the dossier that prove it, by name and number.
    """

    criterion: str
    title: str
    max: int
    kind: CriterionKind
    options: tuple[OptionView, ...]
    answered: bool
    chosen: int | bool | InBranchView | None
    points: int | None
    evidence: str | None
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpinionView(View):
    """What somebody whom the commune heard has said, on a local day."""

    who: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class MissingView(View):
    """A field that is asked for and empty; `label`: with that of the field that holds it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class FormView(View):
    """A form of a dossier in full.

    `set`: the set of products that rates it; none: not chosen yet, and there are no `scores`. `total`: the
    points of the self-scores together. `version`: to be named by whoever saves; 0: nothing was saved yet.
    """

    code: str
    dossier: int
    form: str
    number: str
    title: str
    by: str
    decision: str
    applies: bool
    set: int | None
    version: int
    etag: str
    saved_at: datetime | None
    saved_by: str | None
    missing: tuple[MissingView, ...]
    sections: tuple[FormSectionView, ...]
    scores: tuple[SelfScoreView, ...]
    total: int | None
    opinions: tuple[OpinionView, ...]
    heading: Annotated[FormHeading, UNSENT] = FormHeading.NATION

    def field(self, name: str) -> FormFieldView:
        """Return a field by its name."""
        return next(field for section in self.sections for field in section.fields if field.name == name)


@dataclass(frozen=True, slots=True)
class RevenueView(View):
    """What a product brought in in a year, in đồng; `profit` below zero is a loss, none: not said."""

    year: int
    revenue: int
    profit: int | None
    source: str | None
    saved_by: str

    @classmethod
    def of(cls, record: RevenueRecord) -> RevenueView:
        """Show what is kept of a year."""
        return cls.alike(record)


@dataclass(frozen=True, slots=True)
class RevenuesView(View):
    """What a product brought in by year, the latest first."""

    code: str
    years: tuple[RevenueView, ...]


def form_line(form: OfficialForm, view: FormView) -> FormLineView:
    """Show a form in a line."""
    return FormLineView.alike(view, by=form.by, missing=len(view.missing))
