"""Until when a certificate is valid."""

from __future__ import annotations

import calendar
from datetime import timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from ocop_workflow.regulations.schema import LastDay

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.regulations.schema import Validity


def last_valid_day(validity: Validity, decided_on: date) -> date:
    """Return the last local day on which a certificate decided on `decided_on` is valid.

    The months are added once, from the day of the decision: 29/2/2024 and 36 months give 28/2/2027. Which
    day is the last is counted differently from province to province, so it is part of the rule pack; a
    date printed on the certificate wins over this one.
    """
    day = decided_on + relativedelta(months=validity.months)
    if validity.last_day is LastDay.DAY_BEFORE:
        return day - timedelta(days=1)
    if validity.last_day is LastDay.MONTH_END:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day
