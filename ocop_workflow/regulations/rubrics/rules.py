"""What a council's own rules (quy chế) say of how its sheets become a result; the law leaves it to them."""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from math import ceil
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


class AfterSpread(StrEnum):
    """What becomes of a product whose totals lie far apart even after it was scored again."""

    MEAN = "mean"
    DEFER = "defer"


#: a share of the members ("3/4") or a number of them ("5")
_QUORUM = re.compile(r"([1-9][0-9]?)(?:/([1-9][0-9]?))?")


def read_quorum(given: object) -> str:
    """Return a quorum as it is kept: a share of at most the whole, or a number.

    Raises:
        BilingualError: it is neither.
    """
    quorum = str(given)
    found = _QUORUM.fullmatch(quorum)
    if not found or (found[2] and int(found[1]) > int(found[2])):
        raise BilingualError(
            "phải là một phần (“3/4”) hoặc một số thành viên (“5”)",
            "must be a share (“3/4”) or a number of members (“5”)",
        )
    return quorum


class CouncilRules(Frozen):
    """How a council works, how its sheets become one result; what no rules say is this service's choice.

    Attributes:
        source: the rules themselves: number, date, article.
        quorum: how many of the members who score have to be there: a share ("3/4") or a number ("5").
        chair_required: whether the chair has to be among them.
        notice_days: working days that lie at least between the day on which the members get the dossiers and
            the session; QĐ 148/QĐ-TTg: one.
        gates: by how many sheets a gate is met on which they differ.
        knockouts: by how many sheets a knock-out is upheld.
        minimum_scores: how many sheets make a result; none: in a session the quorum, elsewhere one.
        spread_limit: points by which the highest and the lowest total of a product may differ; beyond it is
            discussed and scored again, once; 100: never.
        after_spread: what becomes of it if it stays: the mean, with a note of the chair, or it is deferred.
        secretary_scores: whether the secretary scores, too.
        step: of totals that are not those of a rubric; none: any of the four.
    """

    source: str = Field(
        default="lựa chọn của dịch vụ: quy chế hội đồng chưa được nạp", min_length=1, max_length=500
    )
    quorum: str = "2/3"
    chair_required: bool = True
    notice_days: int = Field(default=1, ge=0, le=30)
    gates: AgreedBy = AgreedBy.MAJORITY
    knockouts: AgreedBy = AgreedBy.MAJORITY
    minimum_scores: int | None = Field(default=None, ge=1, le=50)
    spread_limit: int = Field(default=10, ge=0, le=100)
    after_spread: AfterSpread = AfterSpread.MEAN
    secretary_scores: bool = False
    step: PointStep | None = None

    @field_validator("quorum", mode="before")
    @classmethod
    def _share_or_number(cls, given: object) -> str:
        return read_quorum(given)

    def quorum_of(self, members: int) -> int:
        """Return how many have to be there of so many who score; a share is rounded up."""
        share = Fraction(self.quorum)
        return ceil(share * members) if "/" in self.quorum else share.numerator

    @property
    def least_scores(self) -> int:
        """How many sheets make a result where nobody counts a quorum."""
        return self.minimum_scores or 1

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
