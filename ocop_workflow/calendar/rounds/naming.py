"""What a round (đợt) is called, and the one from which a deadline has its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar.deadlines import Calendar
    from ocop_workflow.calendar.subjects import DeadlineKind
    from ocop_workflow.regulations import Level


def round_of(calendar: Calendar, kind: DeadlineKind, rule_id: str, due_on: date) -> Text | None:
    """Name the round from which a deadline has its day; none: it has it from none.

    Args:
        calendar: of the plan that the deadline belongs to.
        kind: the deadline's kind.
        rule_id: what the deadline is called.
        due_on: its last local day.

    Raises:
        NotFound: there is no such rule.
    """
    counting = (one for one in calendar.rounds_of(kind, rule_id, due_on, due_on) if one.counts)
    return next((spoken_round(one.number, one.level, one.dossiers, one.done) for one in counting), None)


def spoken_round(number: int, level: Level, dossiers: date | None, done: date | None) -> Text:
    """Say which round it is, until when dossiers are in time for it and when it is done.

    Args:
        number: of the round, within its level and year.
        level: which evaluates.
        dossiers: the last local day for dossiers; none: not known yet.
        done: the local day by which the evaluation is done; none: not known yet.
    """
    filed, finished = _day(dossiers), _day(done)
    return Text(
        f"đợt {number}, {level.label}: hồ sơ đến hết {filed.vi}, đánh giá xong {finished.vi}",
        f"round {number}, {level.text.en}: dossiers to the end of {filed.en}, done {finished.en}",
    )


def _day(day: date | None) -> Text:
    return Text(*[f"{day:%d/%m/%Y}"] * 2) if day else Text("(chưa có ngày)", "(no day yet)")
