"""A form of a dossier as data: sections and fields, with labels that are quotations of the decision.

A field is named by its place (`s2_4`, `s1_6_3`), never by its label: a label that is corrected keeps what was
answered.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from ocop_workflow.regulations.reading import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    YEAR = "year"
    DATE = "date"
    INTEGER = "integer"
    ONE_OF = "one_of"
    CHECK = "check"
    GROUP = "group"
    ANNEX1_CHOICE = "annex1_choice"
    ATTACHMENT = "attachment"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    SELF_SCORE = "self_score_per_criterion"
    EVIDENCE = "evidence_per_criterion"
    OPINIONS = "opinions"

    @property
    def is_ticked(self) -> bool:
        """Whether it is answered by yes or no."""
        return self in (FieldKind.CHECK, FieldKind.ATTACHMENT)

    @property
    def is_answered(self) -> bool:
        """Whether anything is answered in it; else it is printed, and signed by hand."""
        return self not in (FieldKind.GROUP, FieldKind.STATEMENT, FieldKind.SIGNATURE)

    @property
    def is_by_criterion(self) -> bool:
        """Whether it is answered for each criterion of the product's set."""
        return self in (FieldKind.SELF_SCORE, FieldKind.EVIDENCE)


class FormHeading(StrEnum):
    """What stands over a printed form: the national heading, or the commune's office beside it."""

    NATION = "nation"
    COMMUNE = "commune"


class FormField(Frozen):
    """A field of a form.

    Attributes:
        name: its place, by which answers are kept.
        label: as the annex prints it.
        note: how it is filled in; ours, but for what it quotes.
        required: whether it has to be answered before the form is whole.
        pattern: how a number is written in it.
        commune_content: which of the four contents it is (khoản 2 Điều 7; Mẫu 03).
        personal: whether its value reaches or marks a person, and is erasable.
        proposed: where a value may be known already, first of all first.
    """

    name: str = Field(pattern=r"^[sx](_?[a-z0-9]+)+$", max_length=30)
    label: str = Field(min_length=1)
    type: FieldKind
    note: str | None = None
    required: bool = True
    options: tuple[str, ...] = ()
    pattern: str | None = None
    ref: str | None = None
    commune_content: str | None = None
    personal: bool = False
    proposed: tuple[str, ...] = ()
    fields: tuple[FormField, ...] = ()

    @property
    def every(self) -> Iterator[FormField]:
        """This field, and those within it."""
        yield self
        for part in self.fields:
            yield from part.every


class EvidenceLine(Frozen):
    """A line of the list of evidence (Mẫu 02, part III); words of the proof are shortened."""

    content: str
    form: str
    only_if: str | None
    proof: tuple[str, ...]


class FormSection(Frozen):
    """A section of a form; `office`: an office fills it in, not whose form it is; `added`: the service's."""

    title: str | None
    fields: tuple[FormField, ...] = Field(min_length=1)
    office: bool = False
    points: bool = True
    added: bool = False
    evidence: tuple[EvidenceLine, ...] = ()
    only_for_renewal: tuple[str, ...] = ()


class FormSource(Frozen):
    """The decision, and the one transcription that the forms were read from."""

    decision: str
    date: str
    annex: str
    transcription: str
    transcription_commit: str
    transcription_sha256: str


class OfficialForm(Frozen):
    """A form: `mau-01` registration, `mau-02` the producer's report, `mau-03` the commune's report."""

    id: str = Field(pattern=r"^mau-[0-9]{2}$")
    title: str = Field(min_length=1)
    by: str = Field(min_length=1)
    sections: tuple[FormSection, ...] = Field(min_length=1)
    heading: FormHeading
    uncertain: bool
    source: FormSource

    @property
    def number(self) -> str:
        """What it is called in a sentence: Mẫu 01."""
        return f"Mẫu {self.id[4:]}"

    @cached_property
    def by_name(self) -> Mapping[str, FormField]:
        """Every field that is answered, by its name."""
        every = (one for section in self.sections for field in section.fields for one in field.every)
        return {field.name: field for field in every if field.type.is_answered}

    @cached_property
    def told(self) -> Mapping[str, str]:
        """What every field is called by itself: with the label of the field that holds it."""
        outer = (field for section in self.sections for field in section.fields)
        found: dict[str, str] = {}
        for field in outer:
            found[field.name] = field.label
            found |= {part.name: f"{field.label}: {part.label}" for part in field.fields}
        return found

    @cached_property
    def own(self) -> Mapping[str, FormField]:
        """The fields that are filled in by whoever's form it is: neither an office's nor added."""
        theirs = [section for section in self.sections if not (section.office or section.added)]
        every = (one for section in theirs for field in section.fields for one in field.every)
        return {field.name: field for field in every if field.type.is_answered}

    @cached_property
    def asked(self) -> tuple[FormField, ...]:
        """The fields without which the form is not whole, in the order of the form."""
        return tuple(one for one in self.own.values() if one.required and not one.type.is_ticked)
