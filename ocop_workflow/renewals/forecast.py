"""What becomes of the stars that run out: how many are saved, can be saved, are late or lost; and where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.calendar.rounds.renewals import RenewalStatus
from ocop_workflow.errors import Text, say
from ocop_workflow.people.officers import HOST
from ocop_workflow.renewals.listing import WantedRenewals, list_renewals
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.renewals.listing import RenewalView
    from ocop_workflow.store import Connection


class Prospect(StrEnum):
    """What is to be expected of a certificate: it is saved, can be, is late, or is lost."""

    SAVED = "saved"
    OPEN = "open"
    LATE = "late"
    LOST = "lost"


PROSPECTS = {
    RenewalStatus.RENEWED: Prospect.SAVED,
    RenewalStatus.FILED: Prospect.SAVED,
    RenewalStatus.IN_GRACE: Prospect.SAVED,
    RenewalStatus.RUNNING: Prospect.OPEN,
    RenewalStatus.ANNOUNCED: Prospect.OPEN,
    RenewalStatus.WINDOW_OPEN: Prospect.OPEN,
    RenewalStatus.LATE: Prospect.LATE,
    RenewalStatus.NOT_RENEWING: Prospect.LOST,
    RenewalStatus.LAPSED: Prospect.LOST,
    RenewalStatus.REVOKED: Prospect.LOST,
}


@dataclass(frozen=True, slots=True)
class ForecastLineView(View):
    """How many certificates of one round, commune or star are saved, open, late, lost; `total`: all of them.

    `key`: what they have in common: a round or the month in which filing ends (`2027-07`), a unit's id, a
    star; empty: nothing is known that saves them.
    """

    key: str
    label: str
    saved: int
    open: int
    late: int
    lost: int
    total: int


@dataclass(frozen=True, slots=True)
class ForecastView(View):
    """What becomes of the stars, as of a local day: all in all, by round, by commune, by star."""

    on: date
    unit: str | None
    overall: ForecastLineView
    rounds: tuple[ForecastLineView, ...]
    communes: tuple[ForecastLineView, ...]
    stars: tuple[ForecastLineView, ...]


def forecast(
    tx: Connection, on: date, unit: str | None = None, actor: Actor = HOST, language: Language = "vi"
) -> ForecastView:
    """Count what becomes of the certificates that run, go on, or ended within the last year.

    Saved: renewed, or filed and waiting for the result; open: it can be filed still; late: the day to file is
    over and it runs on; lost: run out, revoked, or its producer has declined.

    Args:
        tx: the transaction.
        on: the local day; by the law in force on it everything is reckoned.
        unit: only under this unit.
        actor: who asks; certificates of other units are not there for them.
        language: of the labels.

    Raises:
        NotFound: there is no such unit.
    """
    found = list_renewals(tx, on, WantedRenewals(unit, renewed=True), actor, language)
    return ForecastView(
        on,
        unit,
        _line("", say(_ALL, language), found),
        _lines(found, lambda one: _when(one, language)),
        _lines(found, lambda one: (one.unit, one.unit_name)),
        _lines(found, lambda one: (str(one.star), f"{one.star} sao" if language == "vi" else f"{one.star}★")),
    )


def _when(one: RenewalView, language: Language) -> tuple[str, str]:
    by = one.save_by
    if by is None:
        return "", say(_UNKNOWN, language)
    if by.round is not None:
        return by.round, by.round
    month = f"{by.date:%m/%Y}"
    return f"{by.date:%Y-%m}", say(Text(f"nộp chậm nhất tháng {month}", f"to be filed by {month}"), language)


def _lines(
    found: Iterable[RenewalView], of: Callable[[RenewalView], tuple[str, str]]
) -> tuple[ForecastLineView, ...]:
    grouped: defaultdict[tuple[str, str], list[RenewalView]] = defaultdict(list)
    for one in found:
        grouped[of(one)].append(one)
    return tuple(_line(*key, ones) for key, ones in sorted(grouped.items()))


def _line(key: str, label: str, ones: list[RenewalView]) -> ForecastLineView:
    counted = [PROSPECTS[one.status] for one in ones]
    return ForecastLineView(
        key,
        label,
        saved=counted.count(Prospect.SAVED),
        open=counted.count(Prospect.OPEN),
        late=counted.count(Prospect.LATE),
        lost=counted.count(Prospect.LOST),
        total=len(ones),
    )


_ALL = Text("tất cả", "all")
_UNKNOWN = Text("chưa rõ", "not known")
