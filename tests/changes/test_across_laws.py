"""A star of the town's, given in 2024, is renewed in 2027 by the province, in a commune that was merged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.changes.test_new_law import day_comes, is_sound
from tests.factories import rows
from tests.stories.journeys import FIRST_YEAR, load_text, open_deadlines, step, walk_to
from tests.stories.mergers import the_district_ends

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-002"  # of Phổ An
PLAN_2027 = """
format = 1
id = "quang-ngai-2027"
code = "QN27"
title = "Kế hoạch của tỉnh năm 2027"
year = 2027
regulation = "qd-26-2026"
unit = "quang-ngai"

[document]
number = ""
issued = ""

[office]
name = "Sở Nông nghiệp và Môi trường"

[[milestones]]
id = "outcome"
name = "Đánh giá, phân hạng"
clause = "1"
as_written = "xong trước ngày 30/12/2027"
when = { before = 2027-12-30 }
reach = ["certified", "escalated", "not_rated"]
dossiers = ["first", "renewal", "upgrade"]
actor = "province"
"""


def test_old_decisions_and_names_stay_and_the_new_ones_are_the_heirs(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, ONE, FIRST_YEAR[-1][0])
    clock.move_to(date(2025, 7, 1))
    the_district_ends(seeded, clock)
    for day in (date(2025, 7, 1), date(2026, 5, 22), date(2027, 1, 11)):
        day_comes(seeded, clock, day)
    load_text(seeded, clock, PLAN_2027)

    filed = date(2027, 6, 1)  # in its window
    step(seeded, clock, ONE, "open_re_rating", filed, plan="quang-ngai-2027", received_on=filed.isoformat())
    assert open_deadlines(seeded, ONE) == {
        "commune_report": date(2027, 6, 22),  # 15 working days
        "re_rating_decision_until_complete": date(2027, 7, 16),  # 45 days from its receipt
        "outcome": date(2027, 12, 29),
        "expiry": date(2027, 11, 25),
    }
    step(seeded, clock, ONE, "commune_evaluate", date(2027, 6, 15))
    step(seeded, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on="2027-06-18")
    assert open_deadlines(seeded, ONE) == {
        "re_rating_decision": date(2027, 8, 2),  # 45 days from when the province had all of it
        "outcome": date(2027, 12, 29),
        "expiry": date(2027, 11, 25),
    }
    step(seeded, clock, ONE, "score_province", date(2027, 7, 5), mean="68", session_date="2027-07-05")
    decision = {"decision_number": "801/QĐ-UBND", "decision_date": "2027-07-12", "published_on": "2027-07-12"}
    step(seeded, clock, ONE, "certify", date(2027, 7, 12), **decision, signer="Chủ tịch UBND tỉnh")

    found = "SELECT number, issuer, commune, regulation, ended_because, CAST(valid_until AS TEXT)"
    assert rows(seeded, f"{found} FROM certificates ORDER BY id") == [
        ("1234/QĐ-UBND", "UBND thị xã Đức Phổ", "Xã Phổ An", "qd-148-2023", "renewed", "2027-11-25"),
        ("801/QĐ-UBND", "UBND tỉnh Quảng Ngãi", "Xã Mới Hai", "qd-26-2026", None, "2030-07-12"),
    ]
    assert open_deadlines(seeded, ONE) == {
        "re_rating_filing": date(2030, 3, 14),
        "expiry": date(2030, 7, 12),
    }
    assert is_sound(seeded, clock)
