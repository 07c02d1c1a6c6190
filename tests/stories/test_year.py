"""A year lived day by day: some products in time, some late, one never; each day compared with an oracle.

At six in the morning the sweep runs and the letters leave; then the officers act, sometimes recording
what happened days ago.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.sweep.daily import sweep
from tests.factories import GOOD_DATA, MINH, SEED, SENDER, act, in_time, load_seed
from tests.fakes import RecordingMailer
from tests.picture import Picture, picture
from tests.stories.days import acknowledge
from tests.stories.oracle import YEAR_END, Year

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

FIRST_DAY = date(2024, 4, 1)
COMMUNES = {
    "DP24-001": "pho-phong",
    **dict.fromkeys(("DP24-002", "DP24-003", "DP24-004", "DP24-005", "DP24-006"), "pho-an"),
    **dict.fromkeys(("DP24-007", "DP24-008", "DP24-009", "DP24-010"), "nguyen-nghiem"),
    "DP24-011": "pho-khanh",
    "DP24-012": "pho-quang",
    "DP24-013": "pho-ninh",
    "DP24-014": "pho-nhon",
}


@dataclass(frozen=True)
class Act:
    """Something that an officer records on a day; `on`: when it happened, if that was earlier."""

    code: str
    event: str
    on: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


#: what the officers do, by the day (month-day) on which they record it
SCRIPT: dict[str, list[Act]] = {
    # 001 is always in time, is certified and asks for an upgrade at once
    "04-25": [Act("001", "register"), Act("005", "register"), Act("007", "register")],
    "05-20": [Act("001", "select"), Act("007", "select")],
    "06-10": [Act("001", "start_consulting"), Act("007", "start_consulting")],
    "10-01": [Act("001", "commune_evaluate"), Act("007", "commune_evaluate")],
    "11-20": [Act("001", "score_district"), Act("007", "score_district", data={"mean": "75"})],
    "11-25": [Act("001", "certify", data={"valid_until": "2027-11-25"})],
    "11-28": [Act("001", "open_re_rating", data={"kind": "upgrade", "plan": SEED})],
    # 002 never does anything; 003 is late with everything, and ends below three stars on the due day
    "05-03": [Act("003", "register"), Act("009", "acknowledge")],
    "06-03": [Act("003", "select")],
    "08-05": [Act("003", "start_consulting")],
    "11-05": [Act("003", "commune_evaluate"), Act("008", "send_back")],
    "11-29": [Act("003", "score_district", data={"mean": "40"})],
    "11-30": [Act("003", "reject")],
    # 005 is declined on the due day; 006 is withdrawn, resubmitted, and withdrawn again
    "05-10": [Act("006", "withdraw")],
    "05-22": [Act("006", "resubmit", data={"plan": SEED})],
    "05-31": [Act("005", "decline"), Act("008", "select")],
    "06-15": [Act("006", "withdraw")],
    # 007 is sent up to the province; 008 is sent back, evaluated again, and not finished
    "11-26": [Act("007", "escalate")],
    "04-30": [Act("008", "register")],
    "07-31": [Act("008", "start_consulting")],
    "10-31": [Act("008", "commune_evaluate")],
    "11-18": [Act("008", "commune_evaluate")],
    # 009 is acknowledged; three steps of 010 are recorded at once on a Sunday, weeks after they happened
    "05-21": [Act("009", "acknowledge")],
    "06-23": [
        Act("010", "register", "2024-05-02"),
        Act("010", "select", "2024-06-05"),
        Act("010", "start_consulting", "2024-06-20"),
    ],
    # 011 registered on the very day of a nag; 004 and 012 in time, which is recorded on a Friday evening,
    # after their flags rose: of 004 the next milestone is spoken of on Monday, 012 passes it on Sunday
    "05-07": [Act("011", "register")],
    "05-17": [Act("004", "register", "2024-04-28"), Act("012", "register", "2024-04-30")],
    "05-19": [Act("012", "select")],
    # 013 does two steps on one day, then waits until the year is over
    "05-02": [Act("013", "register"), Act("013", "select")],
    "07-08": [Act("-", "train", "2024-07-05")],
    # 014 begins after every milestone is past
    "12-02": [Act("014", "register"), Act("014", "select")],
    "12-03": [Act("014", "start_consulting")],
    "12-16": [Act("014", "commune_evaluate"), Act("013", "acknowledge")],
}


def todays(day: date) -> list[Act]:
    return SCRIPT.get(f"{day:%m-%d}", [])


class Officers(Protocol):
    """By whose hand the deeds are done, and the check is run."""

    def act(self, code: str, event: str, data: dict[str, Any], on: date) -> str:
        """Record an event; returns the state that it has led to."""
        ...

    def acknowledge(self, code: str) -> None:
        """Take note of a product's flag."""
        ...

    def sweep(self) -> list[Any]:
        """Run the daily check; returns its faults."""
        ...


@dataclass(frozen=True)
class Directly:
    """The services are called as they are."""

    database: Database
    clock: FixedClock

    def act(self, code: str, event: str, data: dict[str, Any], on: date) -> str:
        return act(self.database, self.clock, code, event, data, on).state.value

    def acknowledge(self, code: str) -> None:
        acknowledge(self.database, self.clock, code)

    def sweep(self) -> list[Any]:
        return list(sweep(self.database, self.clock, SENDER).faults)


def play(database: Database, clock: FixedClock, officers: Officers, year: Year, what: Act) -> None:
    """Let the service and the oracle hear of the same deed."""
    on = date.fromisoformat(what.on) if what.on else clock.today()
    code = f"DP24-{what.code}"
    if what.event == "train":
        with database.write() as tx:
            finish_activity(tx, MINH, "training", plan=SEED, on=on, today=clock.today(), now=clock.now())
        year.finish_training(on)
    elif what.event == "acknowledge":
        officers.acknowledge(code)
        year.acknowledge(code)
    else:
        data = in_time({**GOOD_DATA.get(what.event, {}), **what.data}, on)
        state = officers.act(code, what.event, data, on)
        year.act(code, what.event, on)
        assert state == year.states[code]


def expected(year: Year) -> Picture:
    """Put what the oracle knows into the shape of a picture."""
    return Picture(
        states=_sorted(list(year.states.items())),
        deadlines=_sorted(year.deadline_rows()),
        flags=_sorted(year.flag_rows()),
        reminders=_sorted(year.reminder_rows()),
        said=_sorted(year.said_rows()),
        letters=_sorted([(day, unit, address_of(unit), 1, "sent") for day, unit in year.letters]),
    )


def differences(found: Picture, wanted: Picture) -> dict[str, list[tuple[Any, ...]]]:
    """Return what stands in only one of two pictures."""
    pairs = {name: (getattr(found, name), getattr(wanted, name)) for name in vars(wanted)}
    return {
        name: [row for row in (*one, *other) if one.count(row) != other.count(row)]
        for name, (one, other) in pairs.items()
        if one != other
    }


def _sorted(given: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(given, key=lambda row: tuple(map(str, row)))


def address_of(unit: str) -> str:
    return "phong-kinh-te@duc-pho.example" if unit == "duc-pho" else f"{unit}@duc-pho.example"


@pytest.mark.usefixtures("no_cover")
def test_every_day_of_the_year_is_as_the_design_says(database: Database, clock: FixedClock) -> None:
    clock.move_to(FIRST_DAY)
    load_seed(database, clock)
    live(database, clock, Directly(database, clock))


def live(database: Database, clock: FixedClock, officers: Officers) -> None:
    """Live the year from its first day on, and compare each day with the oracle."""
    year = Year(COMMUNES, FIRST_DAY)
    year.begin()
    day, sent_in_all = FIRST_DAY, defaultdict[str, int](int)

    while day <= YEAR_END:
        clock.move_to(day)
        year.today = day
        told, year.notices = [*year.notices, *year.sweep()], []
        if day == YEAR_END:
            told.append("duc-pho")  # it is warned that the plan's year ends with products still open
        faults = officers.sweep()
        mailer = RecordingMailer()
        deliver_pending(database, mailer, RetryPolicy(), clock, SENDER)
        assert sorted(to for _, to, _ in mailer.sent) == sorted(map(address_of, told)), day
        assert faults == [], day
        for what in todays(day):
            play(database, clock, officers, year, what)
        assert differences(picture(database), expected(year)) == {}, day
        for _, to, _ in mailer.sent:
            sent_in_all[to] += 1
        day += timedelta(days=1)

    assert_the_story_was_told(picture(database), sent_in_all)


def assert_the_story_was_told(seen: Picture, sent: dict[str, int]) -> None:
    """See that the year held what it was meant to hold, whatever the oracle thinks."""
    assert dict(seen.states) == {
        "DP24-001": "re_rating",
        "DP24-002": "idea",
        "DP24-003": "not_rated",
        "DP24-004": "registered",
        "DP24-005": "not_selected",
        "DP24-006": "withdrawn",
        "DP24-007": "escalated_to_province",
        "DP24-008": "commune_evaluated",
        "DP24-009": "idea",
        "DP24-010": "consulting",
        "DP24-011": "registered",
        "DP24-012": "selected",
        "DP24-013": "selected",
        "DP24-014": "commune_evaluated",
    }
    assert {row[5] for row in seen.reminders} == {"due", "withheld", "superseded", "cancelled"}
    assert {row[5] for row in seen.deadlines} == {None, "reached", "ended", "sent_back"}
    assert ("DP24-002", "registration", FIRST_DAY, date(2024, 5, 1), None, None) in seen.flags
    assert sent["phong-kinh-te@duc-pho.example"] > sent["pho-an@duc-pho.example"] > 30


def test_the_oracle_knows_the_designs_own_table() -> None:
    from tests.stories.oracle import stages  # noqa: PLC0415 - only this test looks inside

    assert stages("registration")[:7] == (
        (-30, date(2024, 3, 29)),
        (-14, date(2024, 4, 16)),
        (-7, date(2024, 4, 23)),
        (-3, date(2024, 4, 26)),
        (-1, date(2024, 4, 26)),
        (1, date(2024, 5, 2)),
        (7, date(2024, 5, 7)),
    )
    with pytest.raises(KeyError):
        stages("unknown")
