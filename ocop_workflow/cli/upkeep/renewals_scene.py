"""The scene `renewals`: the seed lived to 4/5/2027, by made-up outcomes that are marked as such.

It is lived by the use cases, day by day with its sweeps: the year 2024, the end of the districts, the law of
2026, the stars of 2024 that run out in 2027, each in another way.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from ocop_workflow.access import Role, operator
from ocop_workflow.changes.entry import load_new
from ocop_workflow.changes.mergers.country import succeed_province
from ocop_workflow.cli.upkeep.demonstration import ACTOR, SEED, Hired, Post, Scene, hire, load_list
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.regulations.country import REFORM
from ocop_workflow.sweep.daily import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.clock import Clock
    from ocop_workflow.notifications import Mailer

DAY: Final = date(2027, 5, 4)
BEGIN: Final = date(2024, 4, 23)
_HOST: Final = operator("host", ACTOR)
_MADE_UP: Final = "ví dụ, không có thật"
_POSTS: Final = (
    Post("quan", "Quản trị hệ thống", Role.ADMINISTRATOR, "quang-ngai"),
    Post("minh", "Minh, Sở Nông nghiệp và Môi trường", Role.AUTHORITY_OFFICER, "quang-ngai"),
    Post("thu", "Thu, Thư ký Hội đồng", Role.COUNCIL_SECRETARY, "quang-ngai"),
    Post("lan", "Lan, UBND phường Trà Câu", Role.COMMUNE_OFFICER, "tra-cau-21451"),
    Post("ha", "Hà, UBND xã Nguyễn Nghiêm", Role.COMMUNE_OFFICER, "nguyen-nghiem-21457"),
    Post("tam", "Tâm, thanh tra", Role.VIEWER, "quang-ngai"),
)
#: the province's plan of 2027, made up; its rounds are those of the regulation
NEXT_PLAN: Final = """\
format = 1
id = "quang-ngai-2027"
code = "QN27"
title = "Kế hoạch ví dụ (không có thật): triển khai Chương trình OCOP tỉnh Quảng Ngãi năm 2027"
year = 2027
regulation = "qd-26-2026"
unit = "quang-ngai"

[document]
number = ""
issued = ""

[office]
name = "Sở Nông nghiệp và Môi trường tỉnh Quảng Ngãi"

[[milestones]]
id = "outcome"
name = "Hội đồng cấp tỉnh đánh giá, phân hạng"
clause = "II.1 (ví dụ)"
as_written = "Đánh giá, phân hạng xong trước ngày 30/12/2027."
when = { before = 2027-12-30 }
reach = ["certified", "escalated", "not_rated"]
dossiers = ["first", "renewal", "upgrade"]
actor = "province"
action = "Họp Hội đồng cấp tỉnh, trình quyết định công nhận hoặc chuyển hồ sơ lên trung ương."
remind = { to = ["authority"], days_before = [30, 14, 7, 3, 1] }
overdue = { to = ["authority"], every_days = 7 }
"""
#: which products are taken up in May; the others are not
_SELECTED: Final = (1, 2, 3, 7, 9, 11, 12, 14)
#: what gets no star, and what goes up to the province
_NO_STAR: Final = 12
_GOES_UP: Final = 14
#: the first session's products and the second one's, with their means
_SESSIONS: Final = (
    (date(2024, 10, 22), date(2024, 10, 25), {1: "68", 7: "61.5"}),
    (date(2024, 11, 20), date(2024, 11, 25), {2: "65", 3: "57.5", 9: "63", 11: "66", 12: "44", 14: "76.5"}),
)


@dataclass
class _MovedClock:
    """Stands at six in the morning of the day that is being lived; sign-ins keep their real time."""

    day: date
    zone: ZoneInfo
    real: Clock

    def now(self) -> datetime:
        return datetime.combine(self.day, time(6), self.zone)

    def today(self) -> date:
        return self.day

    def elsewhere(self) -> datetime:
        return self.real.elsewhere()

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)


class _Life:
    """Lives the scene: steps are made in the morning, before the sweep of their day."""

    def __init__(self, app: Application, mailer: Mailer) -> None:
        self._app, self._mailer = app, mailer
        self._clock = _MovedClock(BEGIN, app.settings.zone, app.clock)

    def until(self, day: date) -> None:
        """Let the days pass, each with its sweep and its letters, up to the morning of one."""
        app, clock = self._app, self._clock
        while clock.day < day:
            sweep(app.database, clock, app.sender)
            deliver_pending(
                app.database, self._mailer, app.retry_policy, clock, app.sender, journal=app.journal
            )
            clock.day += timedelta(days=1)

    def step(self, number: int, event: str, on: date, **data: object) -> None:
        """Let the day come and a step be made."""
        self.until(on)
        order = Order(f"DP24-{number:03}", event, _HOST, data, on)
        with self._app.database.write() as tx:
            advance(tx, order, sender=self._app.sender, today=on, now=self._clock.now())

    def begin(self) -> None:
        """Load the plan and its products on the seed's day."""
        load_list(self._app, SEED, f"{SEED}.csv", BEGIN, self._clock.now())

    def merge(self) -> None:
        """Let the districts end: everything follows to the units that took over on 1/7/2025."""
        self.until(REFORM)
        with self._app.database.write() as tx:
            answers = {"duc-pho": "quang-ngai"}
            succeed_province(tx, _HOST, "quang-ngai", answers, today=REFORM, now=self._clock.now())

    def enter(self, data: dict[str, Any], on: date) -> None:
        """Enter a certificate that no plan here knew."""
        self.until(on)
        with self._app.database.write() as tx:
            enter_certificate(tx, Entering(_HOST, data, on, self._clock.now()))

    def load(self, text: str, on: date) -> None:
        """Load a plan."""
        self.until(on)
        with self._app.database.write() as tx:
            load_new(tx, text, actor=_HOST, today=on, now=self._clock.now())


def live(app: Application) -> Sequence[Hired]:
    """Live the scene up to the morning of its day."""
    with closing(app.mailer()) as mailer:
        _live(_Life(app, mailer))
    return hire(app, _POSTS)


def _live(life: _Life) -> None:
    """Live from the seed's day to the morning of the scene's."""
    life.begin()
    _to_the_commune(life)
    _to_the_stars(life)
    older = {"star": 3, "number": "11/QĐ-UBND", "decided_on": "2024-05-02", "valid_until": "2027-05-02"}
    life.enter(
        {
            "unit": "pho-khanh",
            "product": f"Mắm cá cơm ({_MADE_UP})",
            "producer": f"Hộ kinh doanh mắm ({_MADE_UP})",
            "certificate": older,
            "signer": "Chủ tịch UBND thị xã",
        },
        date(2024, 12, 5),
    )
    life.merge()
    _revoke(life)
    life.load(NEXT_PLAN, date(2027, 1, 11))
    life.step(9, "decline_renewal", date(2027, 4, 20), not_renewing="cost", reason=_MADE_UP)
    renewal = {"kind": "renewal", "plan": "quang-ngai-2027", "received_on": "2027-05-03"}
    life.step(7, "open_re_rating", date(2027, 5, 3), **renewal)
    life.until(DAY)


def _to_the_commune(life: _Life) -> None:
    """March to October 2024: ideas, selection, consulting, the communes' reports."""
    for number in range(1, 15):
        life.step(number, "register", date(2024, 4, 26), group=_group_of(number))
    for number in range(1, 15):
        if number in _SELECTED:
            life.step(number, "select", date(2024, 5, 22))
        else:
            life.step(number, "decline", date(2024, 5, 22), reason=_MADE_UP)
    for number in _SELECTED:
        life.step(number, "start_consulting", date(2024, 6, 12), consultant=f"Đơn vị tư vấn ({_MADE_UP})")
    contents = dict.fromkeys(("material", "labour", "idea", "identity"), _MADE_UP)
    for number in _SELECTED:
        report = {"report_number": f"{number}/BC-UBND", "report_date": "2024-09-16", "contents": contents}
        life.step(number, "commune_evaluate", date(2024, 9, 17), **report)


def _to_the_stars(life: _Life) -> None:
    """October and November 2024: two sessions of the town; one product goes up to the province."""
    for met, decided, means in _SESSIONS:
        for number, mean in means.items():
            life.step(number, "score_district", met, session_date=met.isoformat(), mean=mean)
        for number in means:
            decision = {"decision_number": f"{decided:%d%m}/QĐ-UBND", "decision_date": decided.isoformat()}
            if number == _NO_STAR:
                life.step(number, "reject", decided)
            elif number != _GOES_UP:
                signed = {"signer": "Chủ tịch UBND thị xã", "published_on": decided.isoformat()}
                life.step(number, "certify", decided, **decision, **signed)
            else:
                life.step(number, "escalate", decided, **decision, sent_on=decided.isoformat(), samples=5)
    for number in (1, 2, 3, 7, 9, 11):
        life.step(number, "begin_monitoring", date(2024, 12, 2))
    paper = {"number": "45/BB-HĐ", "date": "2025-01-09", "signer": "Chủ tịch Hội đồng"}
    life.step(14, "score_province", date(2025, 1, 10), session_date="2025-01-09", mean="74", paper=paper)
    decision = {"decision_number": "57/QĐ-UBND", "decision_date": "2025-01-15", "published_on": "2025-01-15"}
    life.step(14, "certify", date(2025, 1, 15), **decision, signer="Chủ tịch UBND tỉnh")
    life.step(14, "begin_monitoring", date(2025, 2, 3))


def _revoke(life: _Life) -> None:
    """Autumn 2026, under QĐ 26: a producer has stopped; its commune confirms, the town's heir decides."""
    life.step(
        11,
        "conclude",
        date(2026, 10, 6),
        ground="đ",
        conclusion_number="31/XN-UBND",
        conclusion_date="2026-10-05",
        conclusion_body="UBND cấp xã",
        conclusion=f"chủ thể không còn sản xuất ({_MADE_UP})",
    )
    decision = {
        "decision_number": "1502/QĐ-UBND",
        "decision_date": "2026-10-19",
        "signer": "Chủ tịch UBND tỉnh",
    }
    life.step(11, "revoke", date(2026, 10, 19), **decision)


def _group_of(number: int) -> str:
    """Return the group of a product of the seed's annex."""
    return "tourism" if number == 1 else "food"


RENEWALS: Final = Scene(
    "renewals",
    SEED,
    "Sao của năm 2024, sống đến 4/5/2027 (kết quả ví dụ, không có thật)",
    DAY,
    _POSTS,
    live,
)
