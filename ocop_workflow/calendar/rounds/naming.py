"""What a round (đợt) is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.regulations import Level


def round_name(number: int, level: Level, part: int | None = None) -> Text:
    """Name a round.

    Args:
        number: of the round, within its level and year.
        level: which evaluates.
        part: which of its passes (lần); none: it has one.
    """
    vi, en = (f", lần {part}", f", pass {part}") if part else ("", "")
    return Text(f"đợt {number}{vi}, {level.label}", f"round {number}{en}, {level.text.en}")


def spoken_round(
    number: int, level: Level, dossiers: date | None, done: date | None, part: int | None = None
) -> Text:
    """Say which round it is, until when dossiers are in time for it and when it is done.

    Args:
        number: of the round, within its level and year.
        level: which evaluates.
        dossiers: the last local day for dossiers; none: not known yet.
        done: the local day by which the evaluation is done; none: not known yet.
        part: which of its passes; none: it has one.
    """
    name, filed, finished = round_name(number, level, part), _day(dossiers), _day(done)
    return Text(
        f"{name.vi}: hồ sơ đến hết {filed.vi}, đánh giá xong {finished.vi}",
        f"{name.en}: dossiers to the end of {filed.en}, done {finished.en}",
    )


def _day(day: date | None) -> Text:
    return Text(*[f"{day:%d/%m/%Y}"] * 2) if day else Text("(chưa có ngày)", "(no day yet)")
