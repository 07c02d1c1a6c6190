"""Phụ lục I as data: groups, sub-groups and their parts, each with the set that rates it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from ocop_workflow.errors import Fault, InvalidInput, fault
from ocop_workflow.regulations.reading import Frozen
from ocop_workflow.regulations.rubrics.shipped import RUBRICS_OF, read_json
from ocop_workflow.wording import as_faults

if TYPE_CHECKING:
    from collections.abc import Iterator


class AnnexPart(Frozen):
    """A part of a sub-group (phân nhóm)."""

    id: str
    name: str
    ministries: tuple[str, ...]
    set: int = Field(ge=1, le=26)


class AnnexSubgroup(Frozen):
    """A sub-group (nhóm); where it has no parts the set is its own."""

    id: str
    name: str
    ministries: tuple[str, ...]
    phan_nhom: tuple[AnnexPart, ...]
    set: int | None = Field(default=None, ge=1, le=26)


class AnnexGroup(Frozen):
    """A group (ngành)."""

    id: str
    name_printed: str
    nhom: tuple[AnnexSubgroup, ...] = Field(min_length=1)


class AnnexSource(Frozen):
    """The decision, and the one transcription that the annex was read from."""

    decision: str
    date: str
    annex: str
    transcription: str
    transcription_commit: str
    transcription_blob: str
    transcription_sha256: str


class AnnexCounts(Frozen):
    """How much of each there is."""

    groups: int
    nhom: int
    sets: int


class ProductAnnex(Frozen):
    """Phụ lục I."""

    schema_name: str = Field(alias="schema", pattern=r"^ocop-annex1/1$")
    source: AnnexSource
    counts: AnnexCounts
    ministries_footnote: str
    set_link_basis: str
    groups: tuple[AnnexGroup, ...]


@dataclass(frozen=True, slots=True)
class ProductClass:
    """Where a product stands in Phụ lục I: its id (`I.5.a`), the names on the way there, its set."""

    id: str
    group: str
    subgroup: str
    part: str | None
    set: int

    @property
    def name(self) -> str:
        """The whole way as one line."""
        return " / ".join(part for part in (self.group, self.subgroup, self.part) if part)


def read_classes(text: str, name: str) -> tuple[ProductClass, ...]:
    """Read Phụ lục I.

    Args:
        text: JSON of the form `ocop-annex1/1`.
        name: what the file is called, for the sentence.

    Raises:
        InvalidInput: it is no JSON, breaks the form, or its figures disagree; all faults at once.
    """
    raw, faults = read_json(text)
    try:
        annex = ProductAnnex.model_validate(raw)
    except ValidationError as error:
        raise _wrong(name, [*faults, *as_faults(error)]) from None
    classes = tuple(_classes(annex))
    faults += _disagreements(annex, classes)
    if faults:
        raise _wrong(name, faults)
    return classes


def _wrong(name: str, faults: list[Fault]) -> InvalidInput:
    return InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)


def _classes(annex: ProductAnnex) -> Iterator[ProductClass]:
    for group in annex.groups:
        for sub in group.nhom:
            for part in sub.phan_nhom:
                yield ProductClass(part.id, group.name_printed, sub.name, part.name, part.set)
            if sub.set is not None:
                yield ProductClass(sub.id, group.name_printed, sub.name, None, sub.set)


def _disagreements(annex: ProductAnnex, classes: tuple[ProductClass, ...]) -> Iterator[Fault]:
    subgroups = [(group, sub) for group in annex.groups for sub in group.nhom]
    counted = AnnexCounts(groups=len(annex.groups), nhom=len(subgroups), sets=len(classes))
    if counted != annex.counts:
        yield fault("counts", "không khớp với bảng", "does not agree with the table")
    if sorted(item.set for item in classes) != list(range(1, len(classes) + 1)):
        yield fault("groups", "mỗi bộ phải có đúng một chỗ", "each set has to have exactly one place")
    for number, (group, sub) in enumerate(subgroups):
        if bool(sub.phan_nhom) == (sub.set is not None):
            yield fault(
                f"nhom[{number}]",
                f"{sub.id}: có phân nhóm, hoặc có bộ của mình",
                f"{sub.id}: has parts, or a set of its own",
            )
        ids = [sub.id, *(part.id for part in sub.phan_nhom)]
        if not sub.id.startswith(f"{group.id}.") or not all(x.startswith(f"{sub.id}.") for x in ids[1:]):
            yield fault(
                f"nhom[{number}]", f"{sub.id}: số không theo cấp trên", f"{sub.id}: is numbered otherwise"
            )


@cache
def product_classes() -> tuple[ProductClass, ...]:
    """Return the places of Phụ lục I, in its order (QĐ 26/2026/QĐ-TTg)."""
    name = "phu-luc-1.json"
    folder = resources.files("ocop_workflow") / "data" / "forms" / RUBRICS_OF
    return read_classes((folder / name).read_text("utf-8"), name)
