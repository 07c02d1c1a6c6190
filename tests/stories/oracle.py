"""What a year under the seed's plan ought to look like, worked out day by day from the design alone.

Nothing in here is clever, and nothing is shared with the service: days are walked one after the other,
products one after the other, and the figures are those of the design's tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

Row = tuple[Any, ...]

YEAR_END = date(2024, 12, 31)
AUTHORITY = "duc-pho"
#: the days of 2024 from April on that are no weekend and yet not worked, and the Saturday that is
OFF = (
    date(2024, 4, 18),
    date(2024, 4, 29),
    date(2024, 4, 30),
    date(2024, 5, 1),
    date(2024, 9, 2),
    date(2024, 9, 3),
)
WORKED_SATURDAY = date(2024, 5, 4)


@dataclass(frozen=True)
class Rule:
    """A milestone: by when, and who is told before and after (C the commune, A the authority)."""

    due: date
    before: str
    after: str
    days_before: tuple[int, ...] = (30, 14, 7, 3, 1)
    every: int = 7


RULES = {
    "registration": Rule(date(2024, 4, 30), "C", "CA"),
    "selection": Rule(date(2024, 5, 31), "CA", "A"),
    "consulting": Rule(date(2024, 7, 31), "A", "A"),
    "commune-evaluation": Rule(date(2024, 10, 31), "C", "CA"),
    "outcome": Rule(date(2024, 11, 30), "A", "A"),
    "re-rating": Rule(date(2024, 11, 30), "A", "A"),
    "training": Rule(date(2024, 6, 30), "A", "A"),
    # sixty days after the town sent its one product up
    "next_level": Rule(date(2025, 1, 25), "A", "A", (14, 3), 30),
    # 26, 12, 6 and 3 months before, 30 days and 7
    "expiry": Rule(date(2027, 11, 25), "CA", "CA", (791, 365, 184, 92, 30, 7), 30),
}
#: what lies ahead of a first dossier, and of a re-rating
AHEAD = {
    "idea": "registration",
    "registered": "selection",
    "selected": "consulting",
    "consulting": "commune-evaluation",
    "commune_evaluated": "outcome",
    "district_scored": "outcome",
    "escalated_to_province": "next_level",
}
AHEAD_AGAIN = {
    "re_rating": "commune-evaluation",
    "commune_evaluated": "re-rating",
    "district_scored": "re-rating",
}
LEADS_TO = {
    "register": "registered",
    "select": "selected",
    "decline": "not_selected",
    "start_consulting": "consulting",
    "commune_evaluate": "commune_evaluated",
    "score_district": "district_scored",
    "certify": "certified",
    "escalate": "escalated_to_province",
    "reject": "not_rated",
    "send_back": "consulting",
    "withdraw": "withdrawn",
    "begin_monitoring": "monitored",
    "open_re_rating": "re_rating",
    "resubmit": "idea",
}
TOLD_AT_ONCE = ("select", "decline", "certify", "escalate", "reject", "send_back")


def is_worked(day: date) -> bool:
    return day == WORKED_SATURDAY or (day.weekday() < 5 and day not in OFF)


@cache
def stages(rule: str) -> tuple[tuple[int, date], ...]:
    """Return every stage of a rule with the day on which it is said, in order."""
    due, found = RULES[rule].due, []
    for days in RULES[rule].days_before:
        day = due - timedelta(days=days)
        while not is_worked(day):
            day -= timedelta(days=1)
        found.append((-days, day))
    late = 0
    while due + timedelta(days=late) < YEAR_END:
        late += 1
        day = due + timedelta(days=late)
        while not is_worked(day):
            day += timedelta(days=1)
        if day <= YEAR_END and (late == 1 or late % RULES[rule].every == 0):
            found.append((late, day))
    return tuple(found)


@dataclass
class Watched:
    """One deadline: its life, its flag, and what was said of it."""

    product: str
    rule: str
    opened: date
    closed: date | None = None
    because: str | None = None
    raised: date | None = None
    acknowledged: date | None = None
    skips_one: bool = False
    cleared: date | None = None
    swept: date | None = None
    status: dict[tuple[int, str], str] = field(default_factory=dict)
    said_on: dict[tuple[int, str], date] = field(default_factory=dict)


@dataclass
class Year:
    """The town's year. `communes` says to which unit each product belongs."""

    communes: dict[str, str]
    today: date
    states: dict[str, str] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    certified: set[str] = field(default_factory=set)
    deadlines: list[Watched] = field(default_factory=list)
    letters: list[tuple[date, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Import the products, and the plan with its one dated activity."""
        self.deadlines.append(Watched("-", "training", self.today))
        for product in self.communes:
            self.states[product] = "idea"
            self.deadlines.append(Watched(product, "registration", self.today))

    # -- six in the morning --------------------------------------------------------------------------

    def sweep(self) -> list[str]:
        """Look at every open deadline, then write the letters. Returns the units that get one."""
        for deadline in self.deadlines:
            if deadline.closed is None:
                self._look_at(deadline, self.today)
        return self._write() if is_worked(self.today) else []

    def _look_at(self, deadline: Watched, day: date) -> None:
        deadline.swept = day
        seen = {stage for stage, _ in deadline.status}
        new = [(stage, on) for stage, on in stages(deadline.rule) if on <= day and stage not in seen]
        for stage, on in new:
            if on < self._in_force_when_opened(deadline):
                status = "withheld"
            elif stage != new[-1][0] or (day > YEAR_END and deadline.rule != "expiry"):
                status = "superseded"
            else:
                status = self._said_unless_acknowledged(deadline, stage, on)
            for unit in self._told(deadline, stage):
                deadline.status[stage, unit] = status
        if day > RULES[deadline.rule].due and deadline.raised is None:
            deadline.raised = max(RULES[deadline.rule].due + timedelta(days=1), deadline.opened)

    def _in_force_when_opened(self, deadline: Watched) -> date:
        """Return since when the stage holds that was in force on the day a deadline opened."""
        if deadline.opened > RULES[deadline.rule].due:
            return deadline.opened
        passed = [on for _, on in stages(deadline.rule) if on <= deadline.opened]
        return passed[-1] if passed else deadline.opened

    def _said_unless_acknowledged(self, deadline: Watched, stage: int, on: date) -> str:
        if (
            stage < 0
            or not deadline.skips_one
            or deadline.acknowledged is None
            or on <= deadline.acknowledged
        ):
            return "due"
        deadline.skips_one = False
        return "withheld"

    def _told(self, deadline: Watched, stage: int) -> list[str]:
        letters = RULES[deadline.rule].after if stage > 0 else RULES[deadline.rule].before
        units = {"A": AUTHORITY, "C": self.communes.get(deadline.product, "")}
        return [units[letter] for letter in letters]

    def _write(self) -> list[str]:
        units = set()
        for deadline in self.deadlines:
            for (stage, unit), status in sorted(deadline.status.items(), reverse=True):
                if status != "due" or (stage, unit) in deadline.said_on:
                    continue
                if any(said == self.today and to == unit for (_, to), said in deadline.said_on.items()):
                    deadline.status[stage, unit] = "superseded"
                else:
                    deadline.said_on[stage, unit] = self.today
                    units.add(unit)
        self.letters += [(self.today, unit) for unit in units]
        return sorted(units)

    # -- then the officers -----------------------------------------------------------------------------

    def act(self, product: str, event: str, on: date) -> None:
        """Let an officer record today what happened on a day."""
        state = self.states[product] = LEADS_TO[event]
        if event == "certify":
            self.certified.add(product)
        if event == "open_re_rating":
            self.again.add(product)
        ahead = (AHEAD_AGAIN if product in self.again else AHEAD).get(state)
        wanted = [rule for rule in (ahead, "expiry" if product in self.certified else None) if rule]
        ended = "ended" if state in ("withdrawn", "not_selected") else "reached"
        still_open = [d for d in self.deadlines if d.product == product and d.closed is None]
        for deadline in still_open:
            if deadline.rule not in wanted:
                self.close(deadline, on, "sent_back" if event == "send_back" else ended)
        for rule in wanted:
            if rule not in [deadline.rule for deadline in still_open]:
                self.deadlines.append(Watched(product, rule, on))
        if event in TOLD_AT_ONCE:
            self.notices.append(self.communes[product])

    def close(self, deadline: Watched, on: date, because: str) -> None:
        """Close a deadline; what a sweep would have seen meanwhile is recorded, and not said any more."""
        day = deadline.opened + timedelta(days=1)
        while day <= on:
            if deadline.swept is None or deadline.swept < day:
                before = set(deadline.status)
                self._look_at(deadline, day)
                for key in set(deadline.status) - before:
                    deadline.status[key] = "superseded" if deadline.status[key] == "due" else "withheld"
            day += timedelta(days=1)
        deadline.closed, deadline.because = on, because
        for key, status in deadline.status.items():
            if status == "due" and key not in deadline.said_on:
                deadline.status[key] = "cancelled"
        if deadline.raised is not None:
            deadline.cleared = max(on, deadline.raised)

    def finish_training(self, on: date) -> None:
        self.close(self.deadlines[0], on, "reached")

    def acknowledge(self, product: str) -> None:
        """Take note of a product's flag that is up; one nag is skipped."""
        for deadline in self.deadlines:
            if deadline.product == product and deadline.raised and not deadline.cleared:
                deadline.acknowledged, deadline.skips_one = self.today, True

    # -- what an inspector would see -----------------------------------------------------------------

    def deadline_rows(self) -> list[Row]:
        return [(d.product, d.rule, RULES[d.rule].due, d.opened, d.closed, d.because) for d in self.deadlines]

    def flag_rows(self) -> list[Row]:
        return [
            (d.product, d.rule, d.opened, d.raised, d.acknowledged, d.cleared)
            for d in self.deadlines
            if d.raised is not None
        ]

    def reminder_rows(self) -> list[Row]:
        return [
            (d.product, d.rule, d.opened, stage, unit, status)
            for d in self.deadlines
            for (stage, unit), status in d.status.items()
        ]

    def said_rows(self) -> list[Row]:
        return [
            (day, unit, d.product, d.rule, stage)
            for d in self.deadlines
            for (stage, unit), day in d.said_on.items()
        ]
