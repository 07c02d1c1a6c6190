"""How and until when a running certificate can be saved: by a window for filing, or by the last round.

Reckoned by the law in force on the day of asking, never by the one under which it was granted. A law with a
window (QĐ 26/2026/QĐ-TTg, Điều 7.6: not earlier than 180, not later than 120 days before the end) has no
round for it; under QĐ 148/2023 and QĐ 1489/2025 the last round that is done by the last day decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from ocop_workflow.calendar.rounds.dates import days_of
from ocop_workflow.errors import Text
from ocop_workflow.states import Dossier, Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ocop_workflow.calendar.plan import Plan
    from ocop_workflow.calendar.when import Reader
    from ocop_workflow.regulations import Level, Regulation


class SaveKind(StrEnum):
    """By what a certificate is saved."""

    ROUND = "round"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class SaveBy:
    """By what, and until when, a certificate can be saved, or could have been.

    Attributes:
        kind: a window, or a round.
        on: the last local day on which filing saves it: the window's, or the cut-off of the round.
        opens: the first day of the window; none: of a round.
        round: what the round is called; none: of a window.
        provisional: the round is that of another year's plan: the year's own is not issued yet.
    """

    kind: SaveKind
    on: date
    opens: date | None = None
    round: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SavingRound:
    """A round as far as it can save certificates: its name, the cut-off, the day by which it is done."""

    name: str
    dossiers: date
    done: date
    provisional: bool


class RenewalStatus(StrEnum):
    """How the renewal of a certificate stands; of several that hold the first one is said."""

    REVOKED = "revoked"
    RENEWED = "renewed"
    NOT_RENEWING = "not_renewing"
    FILED = "filed"
    IN_GRACE = "in_grace"
    LAPSED = "lapsed"
    LATE = "late"
    WINDOW_OPEN = "window_open"
    ANNOUNCED = "announced"
    RUNNING = "running"

    @property
    def text(self) -> Text:
        """How it stands, in both languages."""
        return _SAID[self]


_SAID = {
    RenewalStatus.REVOKED: Text("đã thu hồi", "revoked"),
    RenewalStatus.RENEWED: Text("đã có giấy mới", "renewed"),
    RenewalStatus.NOT_RENEWING: Text("chủ thể không đánh giá lại", "not renewing"),
    RenewalStatus.FILED: Text("đã nộp hồ sơ đánh giá lại", "filed"),
    RenewalStatus.IN_GRACE: Text("tiếp tục có hiệu lực, chờ kết quả", "in grace"),
    RenewalStatus.LAPSED: Text("đã hết hạn, không được đánh giá lại", "lapsed"),
    RenewalStatus.LATE: Text("đã quá hạn nộp", "late"),
    RenewalStatus.WINDOW_OPEN: Text("đang trong thời gian nộp", "window open"),
    RenewalStatus.ANNOUNCED: Text("đã báo trước", "announced"),
    RenewalStatus.RUNNING: Text("chưa đến lúc", "running"),
}


@dataclass(frozen=True, slots=True)
class Renewable:
    """A certificate as far as its renewal depends on it.

    Attributes:
        valid_until: its last local day.
        ended_because: what ended it by the day of asking; none: nothing did.
        filed_on: the local day on which its renewal was received; none: it was not.
        grace_until: until which day it goes on past its last one; none: it does not.
        told_on: the day of the first letter that spoke of its end; none: none has yet.
        is_declined: whether its producer has declined a renewal by the day of asking.
    """

    valid_until: date
    ended_because: str | None = None
    filed_on: date | None = None
    grace_until: date | None = None
    told_on: date | None = None
    is_declined: bool = False


def save_by(law: Regulation, valid_until: date, rounds: Iterable[SavingRound] = ()) -> SaveBy | None:
    """Return how and until when a certificate is saved under a law; none: nothing of it was ever told.

    Args:
        law: the regulation in force on the day of asking.
        valid_until: the certificate's last local day.
        rounds: those of the level that owns its star, of any year; asked only of a law without a window.
    """
    window = law.renewal
    if window is not None:
        closes = valid_until - timedelta(days=window.closes)
        if closes < law.in_force.since:  # it had closed before the law was there
            return None
        return SaveBy(SaveKind.WINDOW, closes, opens=valid_until - timedelta(days=window.opens))
    in_time = [one for one in rounds if one.done <= valid_until]
    last = max(in_time, key=lambda one: (one.done, one.dossiers), default=None)
    if last is None:
        return None
    return SaveBy(SaveKind.ROUND, last.dossiers, round=last.name, provisional=last.provisional)


def said_of(law: Regulation, valid_until: date, on: date) -> Text | None:
    """Say what still saves a certificate on a local day, whose renewal is not filed yet; none: not known.

    Args:
        law: the regulation in force on that day: one with a window; of rounds the plans tell.
        valid_until: the certificate's last local day.
        on: the local day.
    """
    window, grace = law.renewal, law.grace
    if window is None:
        return None
    saved = save_by(law, valid_until)
    if saved is None or saved.opens is None:
        if grace is None or valid_until < on:
            return None
        return Text(
            "nộp hồ sơ đánh giá lại trước khi giấy hết hạn thì giấy tiếp tục có hiệu lực đến khi có kết quả, "
            f"nhiều nhất {grace.days} ngày ({grace.clause})",
            f"filed before its end, it goes on until the result, at most {grace.days} days ({grace.clause})",
        )
    first, last = f"{saved.opens:%d/%m/%Y}", f"{saved.on:%d/%m/%Y}"
    if on <= saved.on:
        return Text(
            f"nộp hồ sơ đánh giá lại từ ngày {first} đến hết ngày {last} ({window.clause})",
            f"file the renewal from {saved.opens} to {saved.on} ({window.clause})",
        )
    return Text(
        f"ngày nộp chậm nhất là {last} đã qua ({window.clause}); nộp ngay thì hồ sơ vẫn được nhận, "
        "ghi là nộp muộn",
        f"the last day, {saved.on}, is over ({window.clause}); what is filed now is taken, as late",
    )


def rounds_until(plan: Plan, reader: Reader, level: Level, star: int, until: date) -> Iterator[SavingRound]:
    """Yield the rounds of a plan at which a renewal may come, of its year and, provisionally, of later ones.

    Args:
        plan: whose rounds they are.
        reader: what reads its time expressions.
        level: which evaluates.
        star: that the renewed product may keep.
        until: the local day up to whose year rounds are yielded.
    """
    own = [one for one in plan.rounds if one.level is level and one.is_open_to(Dossier.RENEWAL, {star})]
    for entry, days in days_of(own, reader):
        for year in range(plan.year, until.year + 1):
            later = relativedelta(years=year - plan.year)
            name = f"đợt {entry.number}{f', lần {entry.part}' if entry.part else ''} năm {year}"
            yield SavingRound(name, days.dossiers + later, days.done + later, provisional=year != plan.year)


def status_of(found: Renewable, saved: SaveBy | None, on: date) -> RenewalStatus:
    """Return how the renewal of a certificate stands on a local day; see `RenewalStatus`."""
    is_over = found.valid_until < on
    holds = {
        RenewalStatus.REVOKED: found.ended_because == Ending.REVOKED,
        RenewalStatus.RENEWED: found.ended_because == Ending.RENEWED,
        RenewalStatus.NOT_RENEWING: found.is_declined,
        RenewalStatus.FILED: found.filed_on is not None and not is_over,
        RenewalStatus.IN_GRACE: found.grace_until is not None and is_over,
        RenewalStatus.LAPSED: is_over or found.ended_because == Ending.LAPSED,
        RenewalStatus.LATE: saved is not None and saved.on < on,
        RenewalStatus.WINDOW_OPEN: saved is not None and saved.opens is not None and saved.opens <= on,
        RenewalStatus.ANNOUNCED: found.told_on is not None,
    }
    return next((status for status, does in holds.items() if does), RenewalStatus.RUNNING)
