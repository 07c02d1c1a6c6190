"""What ends a certificate before its day, and what keeps it past that day, as a pack says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from ocop_workflow.regulations.documents import Sourced
from ocop_workflow.wording import BilingualError, shaped


class RevocationGround(Sourced):
    """A ground on which a certificate is revoked: the letter of its clause, and the clause's own words."""

    id: Annotated[str, shaped(r"[a-zđ]", "a")]
    clause: str = Field(min_length=1)
    as_written: str = Field(min_length=1)


class LateGrace(Sourced):
    """That a certificate goes on past its last day while a renewal that was filed late awaits its result.

    A switch for each of two kinds: certificates decided before a day, and later ones.

    Attributes:
        days: how many calendar days past its last day, at most.
        granted_before: the first local day of a decision that counts as later.
        later: whether later ones have it, too; `later_source` says why, which is uncertain.
        filed_after_end: whether it begins, too, for what was filed after the certificate's last day.
    """

    clause: str = Field(min_length=1)
    as_written: str = Field(min_length=1)
    days: int = Field(ge=1)
    granted_before: date
    later: bool
    later_source: str = Field(min_length=1)
    filed_after_end: bool = False

    def is_for(self, decided_on: date) -> bool:
        """Tell whether certificates that were decided on a local day have it."""
        return self.later or decided_on < self.granted_before


class RenewalWindow(Sourced):
    """Between which days a renewal is filed, as calendar days before the certificate's last day.

    `opens`: the first one; what comes earlier counts from it. `closes`: the last one; what comes later is
    late, and taken all the same.
    """

    clause: str = Field(min_length=1)
    as_written: str = Field(min_length=1)
    opens: int = Field(ge=1)
    closes: int = Field(ge=0)

    @model_validator(mode="after")
    def _opens_first(self) -> RenewalWindow:
        if self.opens <= self.closes:
            raise BilingualError(
                "khoảng nộp phải mở trước khi đóng: opens lớn hơn closes",
                "the window has to open before it closes: opens above closes",
            )
        return self


@dataclass(frozen=True, slots=True)
class LateFiling:
    """A certificate whose renewal was filed, as far as its grace depends on it.

    Attributes:
        decided_on, valid_until: its decision's local day, and its last day.
        filed_on: the local day on which the commune received the renewal; none: nothing was filed.
    """

    decided_on: date
    valid_until: date
    filed_on: date | None


def grace_until(grace: LateGrace | None, filing: LateFiling, on: date) -> date | None:
    """Return until which local day a certificate that is past its last day goes on; none: it does not.

    It ends by itself, and with the result: nobody asks for a dossier that has one.

    Args:
        grace: what the pack in force on `on` says; none: nothing.
        filing: the certificate and its renewal, whose result is still awaited.
        on: the local day that is asked for.
    """
    filed = filing.filed_on
    if grace is None or filed is None or filed > on or not grace.is_for(filing.decided_on):
        return None
    if filed > filing.valid_until and not grace.filed_after_end:
        return None
    last = filing.valid_until + timedelta(days=grace.days)
    return last if filing.valid_until < on <= last else None
