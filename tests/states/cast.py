"""The small cast of the tests: three regulations, two certificates, a form left blank and one filled in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ocop_workflow.states import Certificate, Contents, EventData, NotRenewing, ReRating

TODAY = date(2024, 11, 20)
SEED, DISTRICTLESS, IN_FORCE = "qd-148-2023", "qd-1489-2025", "qd-26-2026"
REGULATIONS = (SEED, DISTRICTLESS, IN_FORCE)

RUNNING = Certificate(star=3, number="12/QĐ-UBND", decided_on=date(2022, 1, 10), valid_until=TODAY)
OVER = Certificate(
    star=3, number="9/QĐ-UBND", decided_on=date(2021, 11, 19), valid_until=TODAY - timedelta(days=1)
)
CERTIFICATES = {"none": None, "runs": RUNNING, "over": OVER}

NOTHING = EventData()
EVERYTHING = EventData(
    producer="HTX Phổ Khánh",
    group="food",
    address="Thôn Diên Trường",
    received_on=TODAY,
    reason="thiếu hồ sơ",
    consultant="Công ty Tư vấn A",
    report_number="45/BC-UBND",
    report_date=TODAY,
    contents=Contents(material="trong xã", labour="đủ", idea="tại chỗ", identity="có"),
    session_date=TODAY,
    mean=Decimal(75),
    decision_number="101/QĐ-UBND",
    decision_date=TODAY,
    signer="Chủ tịch",
    published_on=TODAY,
    kind=ReRating.RENEWAL,
    plan="duc-pho-2024",
    ground="ngừng sản xuất",
    conclusion_number="3/KL-PKT",
    conclusion_date=TODAY,
    conclusion_body="Phòng Kinh tế",
    not_renewing=NotRenewing.COST,
    complete_on=TODAY,
    conclusion="không còn sản xuất",
)
