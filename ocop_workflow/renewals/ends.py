"""When the certificates that run end, month by month, some years ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from ocop_workflow.access import Permission
from ocop_workflow.certificates.register_queries import ends_between
from ocop_workflow.views import View

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

#: a certificate runs for 36 months: whatever runs today ends within them
_YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class EndsOfYearView(View):
    """How many certificates end in each month of a year, from January; `total`: in all of it."""

    year: int
    months: tuple[int, ...]
    total: int


def ends_ahead(tx: Connection, on: date, actor: Actor) -> tuple[EndsOfYearView, ...]:
    """Return when the certificates end that run on a local day and that the actor may see, three years ahead.

    Empty: none of them runs.
    """
    until = on + relativedelta(years=_YEARS_AHEAD)
    found = ends_between(tx, on, until, actor.units_with(Permission.READ))
    counted = Counter((day.year, day.month) for day in found)
    years = range(on.year, until.year + 1) if found else ()
    lines = [tuple(counted[year, month] for month in range(1, 13)) for year in years]
    return tuple(EndsOfYearView(year, line, sum(line)) for year, line in zip(years, lines, strict=True))
