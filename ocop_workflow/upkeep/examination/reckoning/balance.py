"""What a proof says: the balance of the reminders, and every row that does not balance, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from datetime import date


class Wrong(StrEnum):
    """What can be wrong with a row."""

    MISSING = "missing"
    EXTRA = "extra"
    WRONG_DAY = "wrong_day"
    WRONG_STATUS = "wrong_status"
    UNSAID = "unsaid"
    NO_LETTER = "no_letter"
    SAID_TWICE = "said_twice"
    EMPTY_LETTER = "empty_letter"
    DEADLINE_MISSING = "deadline_missing"
    DEADLINE_EXTRA = "deadline_extra"
    DEADLINE_DIFFERS = "deadline_differs"
    PLAN_UNREADABLE = "plan_unreadable"


_SENTENCES = {
    Wrong.MISSING: ("lẽ ra phải có lời nhắc này mà không ghi", "ought to exist, is not recorded"),
    Wrong.EXTRA: ("có ghi mà lẽ ra không có lời nhắc này", "is recorded, ought not to exist"),
    Wrong.WRONG_DAY: ("ghi sai ngày nhắc", "is recorded on another day than the calendar's"),
    Wrong.WRONG_STATUS: ("tình trạng ghi không thể có", "has a status that it cannot have"),
    Wrong.UNSAID: ("lẽ ra đã có thư mà chưa viết", "ought to be in a letter, none was written"),
    Wrong.NO_LETTER: ("ghi là đã vào thư nhưng không còn thư nào", "is said by a digest that has no letter"),
    Wrong.SAID_TWICE: ("một địa chỉ nhận hai thư nói cùng một việc", "was said in two sent letters"),
    Wrong.EMPTY_LETTER: ("có thư nhưng không còn lời nhắc nào của thư", "a letter whose reminders are gone"),
    Wrong.DEADLINE_MISSING: ("lẽ ra phải có thời hạn này mà không ghi", "the deadline is not recorded"),
    Wrong.DEADLINE_EXTRA: ("có thời hạn mà lịch sử không giải thích", "no history accounts for the deadline"),
    Wrong.DEADLINE_DIFFERS: ("ngày đóng thời hạn khác với lịch sử", "the deadline was closed on another day"),
    Wrong.PLAN_UNREADABLE: ("không đọc được kế hoạch", "the plan cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Imbalance:
    """One row that does not balance.

    Attributes:
        wrong: what is wrong with it.
        product: the product's code; none: an activity of the plan, or a letter.
        milestone: the rule behind the deadline.
        stage: `D-7`.
        unit: the recipient's name.
        day: the local day of the stage, of the letter, or on which the deadline was due.
        detail: what was found, where that helps.
    """

    wrong: Wrong
    product: str | None = None
    milestone: str | None = None
    stage: str | None = None
    unit: str | None = None
    day: date | None = None
    detail: str = ""

    @property
    def text(self) -> Text:
        """The row and what is wrong with it, as sentences."""
        what = " · ".join(part for part in (self.product, self.milestone, self.stage, self.unit) if part)
        vi, en = _SENTENCES[self.wrong]
        more = f" ({self.detail})" if self.detail else ""
        when_vi = f" {self.day:%d/%m/%Y}" if self.day else ""
        when_en = f" {self.day}" if self.day else ""
        return Text(f"{what}{when_vi}: {vi}{more}.", f"{what}{when_en}: {en}{more}.")

    def as_json(self) -> dict[str, object]:
        """Return the row under the keys that others may lean on."""
        return {
            "wrong": self.wrong.value,
            "product": self.product,
            "milestone": self.milestone,
            "stage": self.stage,
            "unit": self.unit,
            "day": self.day.isoformat() if self.day else None,
            "vi": self.text.vi,
            "en": self.text.en,
        }


@dataclass(slots=True)
class Balance:
    """How the reminders that ought to exist are accounted for; `ought` is the sum of all but the last two.

    Attributes:
        ought: reminders that ought to exist.
        said: in a letter that the relay has taken.
        waiting: not in a letter yet, or in one that has not gone out.
        undelivered: in a letter that was given up, cancelled, or is gone.
        withheld: not said, with a reason.
        superseded: a later stage was said instead.
        cancelled: the product moved on first.
        missing: not recorded.
        extra: recorded, ought not to exist.
        not_yet_due: stages of open deadlines that are still to come.
    """

    ought: int = 0
    said: int = 0
    waiting: int = 0
    undelivered: int = 0
    withheld: int = 0
    superseded: int = 0
    cancelled: int = 0
    missing: int = 0
    extra: int = 0
    not_yet_due: int = 0

    def count(self, account: str) -> None:
        """Count one reminder that ought to exist under an account."""
        self.ought += 1
        setattr(self, account, getattr(self, account) + 1)

    @property
    def adds_up(self) -> bool:
        """Whether every reminder that ought to exist is accounted for."""
        recorded = self.said + self.waiting + self.undelivered
        return self.ought == recorded + self.withheld + self.superseded + self.cancelled + self.missing


@dataclass(slots=True)
class Proof:
    """The outcome of a proof up to the last completed sweep; none: there was no sweep yet."""

    last_sweep: date | None
    since: date | None
    until: date | None
    balance: Balance = field(default_factory=Balance)
    unbalanced: list[Imbalance] = field(default_factory=list)

    @property
    def is_balanced(self) -> bool:
        """Whether everything is as it ought to be."""
        return not self.unbalanced and self.balance.adds_up

    def covers(self, day: date) -> bool:
        """Tell whether a local day lies in the stretch that was asked for."""
        return (self.since or day) <= day <= (self.until or day)

    def as_json(self) -> dict[str, object]:
        """Return the outcome under the keys that others may lean on."""
        return {
            "balanced": self.is_balanced,
            "last_sweep": self.last_sweep.isoformat() if self.last_sweep else None,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "balance": asdict(self.balance),
            "unbalanced": [row.as_json() for row in self.unbalanced],
        }
