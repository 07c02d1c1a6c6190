"""What a regulation says of a dossier's papers and of points by parts, and that each figure has a source."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ocop_workflow.errors import Text
from ocop_workflow.regulations.reading import Frozen
from ocop_workflow.wording import shaped


class Sourced(Frozen):
    """Anything that a regulation fixes, with where it says so."""

    source: str = Field(min_length=1)
    uncertain: bool = False

    @property
    def caution(self) -> str:
        """What a letter adds where it is uncertain, in Vietnamese; empty: nothing."""
        if not self.uncertain:
            return ""
        return "theo nguồn thứ cấp" if "nguồn thứ cấp" in self.source else "theo cách hiểu của hệ thống"


class PartPoints(Sourced):
    """The most points that a part of a score sheet gives, where the sheets themselves are not at hand."""

    id: Literal["A", "B", "C"]
    max: int = Field(ge=1, le=100)


class BroughtBy(StrEnum):
    """Who brings a paper into the dossier: its producer, or a level that sends it up."""

    PRODUCER = "producer"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"

    @property
    def text(self) -> Text:
        """Who that is, in both languages."""
        return _BROUGHT_BY[self]


_BROUGHT_BY = {
    BroughtBy.PRODUCER: Text("chủ thể", "the producer"),
    BroughtBy.COMMUNE: Text("UBND cấp xã, khi gửi lên", "the commune, when it sends it up"),
    BroughtBy.DISTRICT: Text("UBND cấp huyện, khi gửi lên", "the district, when it sends it up"),
    BroughtBy.PROVINCE: Text("UBND cấp tỉnh, khi gửi Bộ", "the province, when it sends it to the centre"),
}


class DossierDocument(Sourced):
    """A paper that a dossier has to hold.

    `when` says it in the words of the regulation; `kinds` and `brought_by` say the same to the service.
    """

    id: Annotated[str, shaped(r"[a-z_]+", "commune_report")]
    name: str
    when: str
    mandatory: bool = True
    kinds: tuple[Literal["first", "upgrade", "renewal"], ...] = ("first", "upgrade", "renewal")
    brought_by: BroughtBy = BroughtBy.PRODUCER


class EvidenceKind(Sourced):
    """A kind of evidence: what it speaks of, in which form, for whom only, and what proves it."""

    id: Annotated[str, shaped(r"[a-z_]+", "intellectual_property")]
    name: str
    form: str
    only_if: str | None = None
    proof: tuple[str, ...] = Field(min_length=1)
