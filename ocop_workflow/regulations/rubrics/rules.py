"""What a council's own rules (quy chế) say of how its sheets become a result; the law leaves it to them."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.wording import BilingualError

if TYPE_CHECKING:
    from collections.abc import Iterable


class AgreedBy(StrEnum):
    """By how many of the sheets something holds on which they differ."""

    MAJORITY = "majority"
    EVERY = "every"
    ANY = "any"

    def holds(self, sheets: Iterable[bool]) -> bool:
        """Tell whether something holds that holds on these sheets; the half is no majority."""
        said = list(sheets)
        if self is AgreedBy.ANY:
            return any(said)
        if self is AgreedBy.EVERY:
            return all(said)
        return sum(said) * 2 > len(said)


class PointStep(StrEnum):
    """The least part of a point that a total may have, where totals are not those of a rubric."""

    WHOLE = "1"
    HALF = "1/2"
    QUARTER = "1/4"
    TENTH = "0.1"

    def divides(self, points: Fraction) -> bool:
        """Tell whether so many points are a number of these steps."""
        return (points / Fraction(self.value)).denominator == 1


class CouncilRules(Frozen):
    """How a council's sheets become one result. What no rules say is a choice of this service.

    Attributes:
        source: the rules themselves: number, date, article.
        gates: by how many sheets a gate is met on which they differ.
        knockouts: by how many sheets a knock-out is upheld.
        minimum_scores: how many sheets make a result.
        step: of totals that are not those of a rubric; none: any of the four.
    """

    source: str = Field(
        default="lựa chọn của dịch vụ: quy chế hội đồng chưa được nạp", min_length=1, max_length=500
    )
    gates: AgreedBy = AgreedBy.MAJORITY
    knockouts: AgreedBy = AgreedBy.MAJORITY
    minimum_scores: int = Field(default=1, ge=1, le=50)
    step: PointStep | None = None

    @field_validator("gates")
    @classmethod
    def _more_than_one(cls, gates: AgreedBy) -> AgreedBy:
        """No gate would mean anything that any one sheet could open."""
        if gates is AgreedBy.ANY:
            raise BilingualError("phải là một trong: majority, every", "must be one of: majority, every")
        return gates


def read_rules(text: str, name: str) -> CouncilRules:
    """Read a council's rules from a TOML file.

    Raises:
        InvalidInput: see `read_toml`.
    """
    return read_toml(text, CouncilRules, name)
