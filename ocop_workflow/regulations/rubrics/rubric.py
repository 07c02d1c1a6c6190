"""The score sheet of one set of products (bộ sản phẩm) as data: parts, items, criteria, options, notes.

Titles, labels and notes are quotations of the decision and stay exact. What was corrected in them, and what
is in doubt, stands in the file and is said wherever the sheet is used.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ocop_workflow.errors import Text
from ocop_workflow.regulations.reading import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: the stars for which a sheet prints marks
MARKED_STARS = (3, 4, 5)


class NoteKind(StrEnum):
    """What a note of a sheet does."""

    KNOCKOUT = "knockout"
    STOP = "stop"
    EXCLUSION = "exclusion"
    REQUIREMENT = "requirement"
    CONDITION = "condition"
    CHOICE_RULE = "choice_rule"
    GUIDANCE = "guidance"
    DESCRIPTION = "description"
    NOTE = "note"


class Trigger(Frozen):
    """When a note acts by itself: as soon as one of the criteria that it names has so many points."""

    points: int
    any_of: bool


class SheetNote(Frozen):
    """A note as it is printed; `applies_to` and `trigger` say of a stop that it follows from the points."""

    kind: NoteKind
    where: Literal["heading", "before_options", "after_options", "after_criteria", "option"]
    text: str
    applies_to: tuple[str, ...] = ()
    trigger: Trigger | None = None


class Option(Frozen):
    """One option of a criterion and its points; `min_star`: the star for which it is the least."""

    label: str
    points: int = Field(ge=0, le=100)
    min_star: Literal[3, 4, 5] | None
    points_printed: str | None = None
    stars_printed: str | None = None
    box_printed: str | None = None
    notes: tuple[SheetNote, ...] = ()


class OptionBranch(Frozen):
    """One of the two cases of a criterion of which only one is rated."""

    id: str
    label: str
    options: tuple[Option, ...]


class CriterionKind(StrEnum):
    """How a criterion is answered: one option, yes or no, or one option of one of two cases."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    ALTERNATIVES = "alternatives"


class Criterion(Frozen):
    """A criterion that earns points."""

    id: str
    title: str
    max: int = Field(ge=0, le=100)
    kind: CriterionKind
    group: str | None
    is_item: bool
    commune_content: str | None
    notes: tuple[SheetNote, ...]
    options: tuple[Option, ...]
    branches: tuple[OptionBranch, ...] = ()
    yes_points: int | None = None
    no_points: int | None = None

    @property
    def every_option(self) -> tuple[Option, ...]:
        """All options, those of both cases among them."""
        return (*self.options, *(option for branch in self.branches for option in branch.options))

    @cached_property
    def needed(self) -> Mapping[int, int]:
        """The least points for each star that asks for any: a higher star asks for what a lower one does."""
        found: dict[int, int] = {}
        for star in MARKED_STARS:
            marked = [item.points for item in self.every_option if item.min_star and item.min_star <= star]
            if marked:
                found[star] = max(marked)
        return found

    def noted(self, kind: NoteKind) -> tuple[SheetNote, ...]:
        """Return its notes of a kind, those beside an option among them."""
        beside = (note for option in self.every_option for note in option.notes)
        return tuple(note for note in (*self.notes, *beside) if note.kind is kind)


class CriterionGroup(Frozen):
    """A heading over some criteria of an item."""

    id: str
    title: str
    max: int
    notes: tuple[SheetNote, ...]


class RubricItem(Frozen):
    """An item of a part; one without criteria of its own is its own criterion."""

    id: str
    title: str
    max: int
    max_printed: str | None = None
    notes: tuple[SheetNote, ...]
    groups: tuple[CriterionGroup, ...]
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class RubricPart(Frozen):
    """Part A, B or C."""

    id: Literal["A", "B", "C"]
    title: str
    heading_printed: str
    max: int
    max_in_heading: int
    items: tuple[RubricItem, ...] = Field(min_length=1)


class RubricSource(Frozen):
    """The decision, and the one transcription that the sheet was read from."""

    decision: str
    date: str
    annex: str
    transcription: str
    transcription_commit: str
    transcription_blob: str
    transcription_sha256: str


class AnnexPlace(Frozen):
    """Where the set stands in Phụ lục I."""

    group: str
    nhom: str
    phan_nhom: str | None
    name: str
    ministries: tuple[str, ...]


class PrintedOtherwise(Frozen):
    """Something that is printed otherwise than it is used, and why."""

    where: str
    field: str
    printed: str
    used: str | int
    basis: str
    needs_human: bool


class DoubtInVietnamese(Frozen):
    """What is in doubt, in Vietnamese: the file says it in English."""

    set: int
    where: str
    words: str = Field(min_length=1)


class IfConfirmed(Frozen):
    """What an option would be if a doubt proves right."""

    points: int | None = None
    min_star: Literal[3, 4, 5] | None = None


class SheetDoubt(Frozen):
    """Something in doubt; one that `blocks` wants a person with the signed decision."""

    where: str
    doubt: str
    blocks: bool
    if_confirmed: IfConfirmed | None = None


class GateFigures(Frozen):
    """What a star asks for in all: criteria, their least points together, the least total that has them."""

    criteria: int
    sum: int
    lowest_total: int


class DerivedFigures(Frozen):
    """Figures that follow from the rest; a file whose figures do not is at fault."""

    gates: dict[int, GateFigures]
    stars: dict[int, int]
    criteria: int
    options: int
    commune_criteria: dict[str, str]
    commune_points: int


class SheetCondition(Frozen):
    """When a criterion counts at all: `needs` another one, not at its option `not_option`.

    Without `needs` it is a fact of the product, which whoever rates it answers.
    """

    criterion: str
    sets: tuple[int, ...]
    needs: str | None = None
    not_option: int | None = None
    source: str = Field(min_length=1)
    uncertain: bool = False

    def is_met_by(self, chosen: object) -> bool:
        """Tell whether what was chosen of the criterion that it needs fulfils it."""
        return chosen is not None and chosen != self.not_option


class Rubric(Frozen):
    """A score sheet (bộ tiêu chí): 100 points in three parts."""

    format: Literal["ocop-rubric/1"] = Field(alias="schema")
    source: RubricSource
    set: int = Field(ge=1, le=99)
    name: str
    name_in_heading: str
    group_line: str
    annex1: AnnexPlace
    max: Literal[100]
    knockout_line: str | None
    star_footnote: str | None
    parts: tuple[RubricPart, ...] = Field(min_length=3, max_length=3)
    corrections: tuple[PrintedOtherwise, ...]
    remarks: tuple[str, ...]
    review: tuple[SheetDoubt, ...]
    status: Literal["verified", "needs_human"]
    derived: DerivedFigures
    conditions: tuple[SheetCondition, ...] = ()
    doubts: tuple[DoubtInVietnamese, ...] = ()

    @property
    def items(self) -> Iterator[RubricItem]:
        """Its items in their order."""
        return (item for part in self.parts for item in part.items)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Its criteria in their order."""
        return tuple(criterion for item in self.items for criterion in item.criteria)

    @cached_property
    def by_id(self) -> Mapping[str, Criterion]:
        """Its criteria by their printed numbers."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each criterion in the order of the sheet, from 0."""
        return {criterion.id: place for place, criterion in enumerate(self.criteria)}

    def gates(self, star: int) -> tuple[tuple[str, int], ...]:
        """Return the criteria of which a star asks for points, each with the least."""
        return tuple((item.id, item.needed[star]) for item in self.criteria if star in item.needed)

    @cached_property
    def stops(self) -> tuple[str, ...]:
        """The criteria after which whoever rates may stop; none that stops by itself is among them."""
        return tuple(item.id for item in self.criteria if item.noted(NoteKind.STOP))

    @cached_property
    def automatic_stops(self) -> tuple[tuple[SheetNote, Trigger], ...]:
        """The notes that stop the rating by themselves."""
        return tuple(
            (note, note.trigger)
            for item in self.items
            for note in item.notes
            if note.kind is NoteKind.STOP and note.trigger is not None
        )

    @cached_property
    def exclusions(self) -> tuple[str, ...]:
        """The criteria that are not rated where their note excludes the product."""
        return tuple(item.id for item in self.criteria if item.noted(NoteKind.EXCLUSION))

    @cached_property
    def knockouts(self) -> tuple[str, ...]:
        """Where a dossier can be out: `set` for the line over the sheet, and criteria."""
        own = tuple(item.id for item in self.criteria if item.noted(NoteKind.KNOCKOUT))
        return ("set", *own) if self.knockout_line else own

    @cached_property
    def open_facts(self) -> tuple[str, ...]:
        """The criteria whose condition is a fact of the product, which whoever rates it answers."""
        return tuple(item.criterion for item in self.conditions if item.needs is None)

    @property
    def wants_human(self) -> tuple[SheetDoubt, ...]:
        """What a person with the signed decision has to settle."""
        return tuple(item for item in self.review if item.blocks)

    def doubt_text(self, doubt: SheetDoubt) -> Text:
        """Say a doubt in both languages; what nobody has put into Vietnamese stands as the file says it."""
        vi = (item.words for item in self.doubts if item.where == doubt.where)
        return Text(next(vi, doubt.doubt), doubt.doubt)
