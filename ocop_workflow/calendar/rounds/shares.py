"""How much of what is registered has come to a round (đợt), beside the share that the plan asks for.

A plan may ask that at least so many percent of the registered products have their dossiers in by a round's
cut-off (Quảng Nam 2021: at least 50 % in the first round, all the rest in the second). Deadlines flag, they
do not block: who is not in time belongs to the next round, and the authority is told how far it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar.rounds.naming import round_name
from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.regulations import Level

#: how near its cut-off a round's share is spoken of in letters, in days on both sides
NEAR = 30


@dataclass(frozen=True, slots=True)
class RoundShare:
    """What has come to a round.

    Attributes:
        id: of the round.
        number: within its level and year.
        part: which of the passes of the round; none: it has one.
        level: which evaluates.
        cut_off: the last local day for dossiers; none: not known yet.
        quota: the least share of the registered products that the plan asks for by then, in percent.
        registered: products that were registered, or taken up again, under the plan.
        came: those of them whose dossiers have come to the level by the cut-off, or by now.
        returned: those that came in time and were sent back: not eligible in this round.
    """

    id: str
    number: int
    part: int | None
    level: Level
    cut_off: date | None
    quota: int | None
    registered: int
    came: int
    returned: int

    @property
    def percent(self) -> str:
        """The share that has come, with two decimals cut, never rounded; empty: nothing is registered."""
        if not self.registered:
            return ""
        hundredths = self.came * 10_000 // self.registered
        return f"{hundredths // 100},{hundredths % 100:02}"

    @property
    def is_met(self) -> bool:
        """Whether what the plan asks for is there; without a quota it always is."""
        return self.quota is None or self.came * 100 >= self.quota * self.registered

    def told_on(self, day: date) -> bool:
        """Tell whether a letter of this local day speaks of it: near the cut-off, past it if it is missed."""
        if self.quota is None or self.cut_off is None or not self.registered:
            return False
        is_near = abs(day - self.cut_off) <= timedelta(days=NEAR)
        return is_near and (day <= self.cut_off or not self.is_met)

    @property
    def words(self) -> Text:
        """How it stands against what the plan asks for, as a sentence without its full stop."""
        name = round_name(self.number, self.level, self.part)
        until, quota = self.cut_off, self.quota
        so_far = Text(
            f"đã có hồ sơ của {self.came} trong {self.registered} sản phẩm đăng ký ({self.percent} %)",
            f"dossiers of {self.came} out of {self.registered} registered products have come"
            f" ({self.percent} %)",
        )
        asked = Text(
            f"kế hoạch đề ra ít nhất {quota} % đến hết {until:%d/%m/%Y}",
            f"the plan asks for at least {quota} % by {until}",
        )
        return Text(
            f"{name.vi[:1].upper()}{name.vi[1:]}: {so_far.vi}, {asked.vi}",
            f"{name.en[:1].upper()}{name.en[1:]}: {so_far.en}; {asked.en}",
        )
