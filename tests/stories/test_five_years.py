"""Five years lived day by day, 2024 to 2029: mergers, the district's end, two new laws, every kind of end.

The outcomes are made up; what ought to be in the register and in the letters was written down by hand from
the decisions' texts, beside a calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ocop_workflow.changes.mergers.country import succeed_province
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.sweep.daily import sweep
from tests.changes.test_across_laws import PLAN_2027
from tests.changes.test_new_law import is_sound
from tests.factories import GOOD_DATA, LAN, SENDER, in_time, rows
from tests.fakes import RecordingMailer
from tests.stories.journeys import MORE_DATA, load_text

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

LAST_DAY: Final = date(2029, 12, 31)
RENEWAL: Final = {"kind": "renewal", "plan": "quang-ngai-2027"}
SIGNER: Final = {"signer": "Chủ tịch UBND tỉnh"}


@dataclass(frozen=True)
class Deed:
    """What an officer does on a day."""

    on: date
    product: int
    event: str
    data: dict[str, Any]

    @property
    def code(self) -> str:
        return f"DP24-{self.product:03}"


def deed(on: str, product: int, event: str, **data: object) -> Deed:
    return Deed(date.fromisoformat(on), product, event, dict(data))


def first_year(product: int, met: str, decided: str, mean: str) -> list[Deed]:
    """Walk a product through 2024; the town decides on it, or sends it up."""
    ends = "escalate" if float(mean) >= 70 else "certify" if float(mean) >= 50 else "reject"
    return [
        deed("2024-04-26", product, "register"),
        deed("2024-05-22", product, "select"),
        deed("2024-06-12", product, "start_consulting"),
        deed("2024-09-17", product, "commune_evaluate"),
        deed(met, product, "score_district", mean=mean),
        deed(decided, product, ends, **({"sent_on": decided, "samples": 5} if ends == "escalate" else {})),
    ]


def renewed(product: int, filed: str, reported: str, scored: str, mean: str, decided: str) -> list[Deed]:
    """Walk a renewal through its commune and the province."""
    number = {"decision_number": f"{product}/QĐ-UBND", "decision_date": decided, "published_on": decided}
    return [
        deed(filed, product, "open_re_rating", **RENEWAL, received_on=filed),
        deed(reported, product, "commune_evaluate"),
        deed(reported, product, "confirm_complete", complete_on=reported),
        deed(scored, product, "score_province", mean=mean, session_date=scored),
        deed(decided, product, "certify", **number, **SIGNER),
    ]


DEEDS: Final = sorted(
    [
        *first_year(1, "2024-10-22", "2024-10-25", "68"),
        *first_year(2, "2024-11-20", "2024-11-25", "65"),
        *first_year(3, "2024-11-20", "2024-11-25", "57.5"),
        *first_year(7, "2024-10-22", "2024-10-25", "61.5"),
        *first_year(9, "2024-11-20", "2024-11-25", "63"),
        *first_year(11, "2024-11-20", "2024-11-25", "66"),
        *first_year(12, "2024-11-20", "2024-11-25", "44"),
        *first_year(14, "2024-11-20", "2024-11-25", "76.5"),
        *(deed("2024-12-02", product, "begin_monitoring") for product in (1, 2, 3, 7, 9, 11)),
        deed("2025-01-10", 14, "score_province", mean="74", session_date="2025-01-09"),
        deed("2025-01-15", 14, "certify", decision_number="57/QĐ-UBND", decision_date="2025-01-15", **SIGNER),
        deed("2025-02-03", 14, "begin_monitoring"),
        deed("2026-10-06", 11, "conclude", ground="đ", conclusion_date="2026-10-05"),
        deed("2026-10-19", 11, "revoke", decision_date="2026-10-19", **SIGNER),
        deed("2027-04-20", 9, "decline_renewal"),
        *renewed(7, "2027-05-03", "2027-05-14", "2027-06-10", "72", "2027-06-14"),  # it rises to four stars
        *renewed(1, "2027-06-01", "2027-06-15", "2027-07-05", "68", "2027-07-12"),
        *renewed(14, "2027-08-02", "2027-08-16", "2027-09-10", "62", "2027-09-20"),  # it falls to three
        *renewed(2, "2027-11-20", "2027-12-03", "2028-02-03", "60", "2028-02-10"),  # late, and in grace
        deed("2027-12-01", 9, "lapse"),
        deed("2028-01-10", 3, "lapse"),  # nobody ever filed
    ],
    key=lambda one: one.on,
)

#: (product, star, last day, why it ended, on which day)
REGISTER: Final = [
    ("DP24-001", 3, "2027-10-25", "renewed", "2027-07-12"),
    ("DP24-001", 3, "2030-07-12", None, None),
    ("DP24-002", 3, "2027-11-25", "renewed", "2028-02-10"),
    ("DP24-002", 3, "2031-02-10", None, None),
    ("DP24-003", 3, "2027-11-25", "lapsed", "2028-01-10"),
    ("DP24-007", 3, "2027-10-25", "renewed", "2027-06-14"),
    ("DP24-007", 4, "2030-06-14", None, None),
    ("DP24-009", 3, "2027-11-25", "lapsed", "2027-12-01"),
    ("DP24-011", 3, "2027-11-25", "revoked", "2026-10-19"),
    ("DP24-014", 4, "2028-01-15", "renewed", "2027-09-20"),
    ("DP24-014", 3, "2030-09-20", None, None),
]
#: of the star that was lost because nobody filed: on which days its ward was told what, up to its end
TOLD_OF_THREE: Final = [
    ("expiry", "2025-09-25"),  # 26 months ahead, under QĐ 1489
    ("expiry", "2026-11-25"),  # 12 months, by the law of that day
    ("expiry", "2027-05-25"),  # 6 months
    ("re_rating_filing", "2027-05-28"),  # its window opens on Saturday the 29th
    ("re_rating_filing", "2027-06-28"),  # 30 days before it closes
    ("re_rating_filing", "2027-07-14"),
    ("re_rating_filing", "2027-07-21"),
    ("re_rating_filing", "2027-07-29"),  # late by a day
    ("expiry", "2027-08-25"),  # 3 months
    ("re_rating_filing", "2027-08-27"),
    ("re_rating_filing", "2027-09-27"),  # the 60th day is a Sunday
    ("expiry", "2027-10-25"),  # 1 month
    ("re_rating_filing", "2027-10-26"),
    ("expiry", "2027-11-18"),
    ("expiry", "2027-11-23"),  # the 24th is a day off since 2026 (Ngày Văn hóa Việt Nam)
    ("re_rating_filing", "2027-11-25"),
]


def make(database: Database, clock: FixedClock, one: Deed) -> None:
    good = in_time({**GOOD_DATA.get(one.event, {}), **MORE_DATA.get(one.event, {})}, one.on)
    order = Order(one.code, one.event, LAN, {**good, **one.data}, one.on)
    with database.write() as tx:
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def live(database: Database, clock: FixedClock) -> None:
    """Live to the end of 2029: steps in the morning, then the sweep, then the letters of the day."""
    waiting, mailer = list(DEEDS), RecordingMailer()
    day = clock.today()
    while day <= LAST_DAY:
        clock.move_to(day)
        if day == date(2025, 7, 1):
            with database.write() as tx:
                answers = {"duc-pho": "quang-ngai"}
                succeed_province(tx, LAN, "quang-ngai", answers, today=day, now=clock.now())
        if day == date(2027, 1, 11):
            load_text(database, clock, PLAN_2027)
        while waiting and waiting[0].on == day:
            make(database, clock, waiting.pop(0))
        report = sweep(database, clock, SENDER)
        assert report.faults == ()
        if report.counts.letters:
            deliver_pending(database, mailer, RetryPolicy(), clock, SENDER)
        if (day.month, day.day) == (12, 31):
            assert is_sound(database, clock), day
        day += timedelta(days=1)
    assert waiting == []


def test_every_star_ends_as_it_ought_and_none_that_was_lost_unannounced(
    seeded: Database, clock: FixedClock
) -> None:
    live(seeded, clock)
    assert [tuple(row) for row in rows(
        seeded,
        "SELECT p.code, c.star, CAST(c.valid_until AS TEXT), c.ended_because, CAST(c.ended_on AS TEXT) "
        "FROM certificates c JOIN products p ON p.id = c.product_id ORDER BY p.code, c.id",
    )] == REGISTER  # fmt: skip
    told = rows(
        seeded,
        "SELECT d.rule, CAST(r.day AS TEXT) FROM reminders r JOIN deadlines d ON d.id = r.deadline_id "
        "JOIN products p ON p.id = d.product_id JOIN desks k ON k.id = r.desk_id "
        "JOIN units u ON u.id = k.unit_id WHERE p.code = 'DP24-003' AND d.subject = 'certificate' "
        "AND r.status = 'due' AND u.level = 'commune' AND r.day <= '2027-11-25' ORDER BY r.day, d.rule",
    )
    assert [(rule.partition(":")[0], day) for rule, day in told] == TOLD_OF_THREE
