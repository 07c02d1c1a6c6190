"""What the authority has to see to before a year begins: the days off, and a plan for what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar import load_work_calendar, year_missing
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.letters.warnings import warn
from ocop_workflow.notifications import Warned
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from ocop_workflow.notifications import Sender
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection

#: the month from which on a second word is said about days off that are still missing
_DECEMBER = 12


def missing_days(day: date) -> Text | None:
    """Say that a year's days off are missing, since when, and what holds meanwhile; none: they are there."""
    year = year_missing(day)
    if year is None:
        return None
    return Text(
        f"Chưa có lịch nghỉ năm {year} (cần từ 01/07/{year - 1}); đến khi có, chỉ tính nghỉ thứ Bảy, "
        "Chủ nhật và các ngày lễ dương lịch 1/1, 30/4, 1/5, 2/9 (tạm tính, chưa có Tết)",
        f"The days off of {year} are missing (wanted since {year - 1}-07-01); until they are there weekends "
        "and the fixed feasts of 1/1, 30/4, 1/5, 2/9 hold, provisionally and without Tết",
    )


@dataclass(frozen=True, slots=True)
class PlanOver:
    """A plan whose year is over, or ends, with products still open and no plan of the authority behind it."""

    plan: PlanRecord
    last_day: date
    products: int

    @property
    def text(self) -> Text:
        """The fact as a sentence."""
        return Text(
            f"Kế hoạch {self.plan.slug} hết năm ngày {self.last_day:%d/%m/%Y}, còn {self.products} sản phẩm "
            "chưa xong mốc, mà chưa nạp kế hoạch nào cho năm sau",
            f"The plan {self.plan.slug} ends on {self.last_day}, {self.products} products are open in it, "
            "and no plan for the year behind it is loaded",
        )


def plans_over(tx: Connection, day: date) -> list[PlanOver]:
    """Return the plans that are over behind a local day, with open products and no plan after them."""
    found = []
    next_day = next_working_day(day)
    for plan, products in plans.left_without_successor(tx, next_day.year):
        try:
            last_day = calendar_of(tx, plan.id, plan.sha256).plan.last_day
        except OcopError:
            continue  # the sweep names it
        if products and next_day > last_day:
            found.append(PlanOver(plan, last_day, products))
    return found


def next_working_day(day: date) -> date:
    """Return the working day behind a local day."""
    return load_work_calendar().first_on_or_after(day + timedelta(days=1))


def is_turn_of_the_year(day: date) -> bool:
    """Tell whether a local day has no working day of its year behind it, or lies in January."""
    return day.month == 1 or next_working_day(day).year > day.year


def speak_up(tx: Connection, day: date, sender: Sender, now: datetime) -> int:
    """Write the letters to the authority that are due on a local day, each once. Returns how many.

    On most days there is nothing to look at: no query is made.
    """
    return _of_days_off(tx, day, sender, now) + _of_plans(tx, day, sender, now)


def _of_days_off(tx: Connection, day: date, sender: Sender, now: datetime) -> int:
    text = missing_days(day)
    if text is None:
        return 0
    year = year_missing(day)
    occasion = "now" if day.year == year else "december" if day.month == _DECEMBER else "july"

    def compose(office: str) -> Warned:
        return Warned(
            office=office,
            day=day,
            title=f"Chưa có lịch nghỉ năm {year}",
            says=(f"{text.vi}.",),
            todo=(
                f"Khi có thông báo lịch nghỉ năm {year}: nhờ người phụ trách máy chủ cập nhật phần mềm.",
                f"Chưa cập nhật được thì thêm tệp data/holidays/{year}.toml (docs/operations.md).",
            ),
            english=f"{text.en}.",
            public_url=sender.public_url,
        )

    unit_ids = sorted({plan.unit_id for plan in plans.all_plans(tx)})
    return warn(tx, unit_ids, f"days-off-{year}-{occasion}", compose, sender, day, now)


def _of_plans(tx: Connection, day: date, sender: Sender, now: datetime) -> int:
    if not is_turn_of_the_year(day):
        return 0
    written = 0
    for over in plans_over(tx, day):
        occasion = "over" if day > over.last_day else "ends"
        subject = f"plan-{occasion}-{over.plan.slug}"
        written += warn(tx, [over.plan.unit_id], subject, _plan_letter(over, day, sender), sender, day, now)
    return written


def _plan_letter(over: PlanOver, day: date, sender: Sender) -> Callable[[str], Warned]:
    def compose(office: str) -> Warned:
        return Warned(
            office=office,
            day=day,
            title="Kế hoạch hết năm, chưa có kế hoạch năm sau",
            says=(f"{over.text.vi}.", "Hết năm, các mốc của kế hoạch ấy không được nhắc nữa."),
            todo=(
                "Nạp kế hoạch năm mới: ocop plan load TỆP",
                f"Xem những sản phẩm còn dở: ocop products --overdue (mã {over.plan.code}-…)",
            ),
            english=f"{over.text.en}. Its milestones are spoken of no more.",
            public_url=sender.public_url,
        )

    return compose
