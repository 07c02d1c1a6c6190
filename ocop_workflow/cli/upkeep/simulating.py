"""`ocop simulate`: a plan's year lived in advance, as tables and as a picture in the terminal."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import ForYear, Json, application, read_day, read_given_day
from ocop_workflow.cli.output import progress, say, show_json, show_table
from ocop_workflow.cli.plans.plan_words import plan_text
from ocop_workflow.errors import WrongUse
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.upkeep.simulation_views import LetterLineView, SimulationView

#: letters that are still listed one by one
ROWS = 40


def add_to(app: typer.Typer) -> None:
    """Hang this command under `ocop`."""
    app.command("simulate")(simulate_plan)


Since = Annotated[str | None, typer.Option("--from", metavar="NGÀY", help="Từ ngày (mặc định: hôm nay).")]
Until = Annotated[
    str | None, typer.Option("--to", metavar="NGÀY", help="Đến ngày (mặc định: hết năm của kế hoạch).")
]
Shift = Annotated[
    list[str] | None,
    typer.Option(
        "--shift", metavar="MỐC=+14d", help="Dời một mốc, ví dụ registration=+14d. / Move a milestone."
    ),
]
Outage = Annotated[
    list[str] | None,
    typer.Option(
        "--outage", metavar="TỪ..ĐẾN", help="Những ngày máy không chạy. / Days without the service."
    ),
]


def simulate_plan(
    plan: Annotated[str, typer.Argument(metavar="MÃ|TỆP", help="Kế hoạch đã nạp, hoặc tệp dự thảo.")],
    *,
    since: Since = None,
    until: Until = None,
    shift: Shift = None,
    outage: Outage = None,
    year: ForYear = None,
    every: Annotated[
        bool, typer.Option("--all", help="Liệt kê từng thư, dù nhiều. / List each letter, however many.")
    ] = False,
    json: Json = False,
) -> None:
    """Sống trước cả năm: thư nào, ngày nào, ai trễ nếu không ai làm gì. Không ghi gì. / Simulate."""
    from ocop_workflow.upkeep.simulation import Scenario, draft_id, simulate

    app = application()
    draft = plan_text(plan, year) if Path(plan).is_file() else None
    name = draft_id(draft) if draft is not None else plan
    first = read_day(since) or app.clock.today()
    scenario = Scenario(
        plan=name,
        first=first,
        last=read_day(until) or date(first.year, 12, 31),
        shifts=dict(map(_read_shift, shift or ())),
        outage=frozenset(day for span in outage or () for day in _read_span(span)),
        draft=draft,
    )
    with progress("Mô phỏng") as told:
        found = simulate(app.database, scenario, app.sender, progress=told)
    if json:
        show_json(found)
        return
    _show(found, every=every)


def _read_shift(text: str) -> tuple[str, int]:
    name, _, days = text.partition("=")
    try:
        return name, int(days.removesuffix("d"))
    except ValueError:
        raise WrongUse(
            f"--shift {text}: viết như registration=+14d.",
            f"--shift {text}: write it like registration=+14d.",
        ) from None


def _read_span(text: str) -> list[date]:
    first, _, last = text.partition("..")
    start, end = read_given_day(first), read_given_day(last or first)
    if end < start:
        raise WrongUse(
            f"--outage {text}: ngày cuối đứng trước ngày đầu.",
            f"--outage {text}: the last day lies before the first.",
        )
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _show(found: SimulationView, *, every: bool) -> None:
    if every or len(found.letters) <= ROWS:
        rows = [(f"{line.day:%d/%m/%Y}", line.unit, line.items) for line in found.letters]
        show_table(f"{number(len(rows))} thư", ["Ngày", "Gửi", "Số việc"], rows)
    else:
        show_table(
            f"{number(len(found.letters))} thư; xem từng thư: thêm --all",
            ["Tháng", "Ngày có thư", "Thư", "Số việc"],
            list(_by_month(found.letters)),
        )
    late = [(f"{line.day:%d/%m/%Y}", line.milestone, line.count) for line in found.overdue]
    show_table("Quá hạn nếu không ai làm gì", ["Ngày", "Mốc", "Số lượng"], late)
    weeks = found.weeks
    most = max(weeks.values(), default=0)
    say("Thư mỗi tuần (từ thứ Hai):")
    for monday, count in weeks.items():
        say(f"  {monday:%d/%m}  {'█' * round(count * 40 / most) if most else ''} {count}")
    for text in found.faults:
        say(f"LỖI: {text.vi}")


def _by_month(letters: Sequence[LetterLineView]) -> Iterator[tuple[str, int, int, int]]:
    """Yield of each month its days with letters, its letters, and how many things these speak of."""
    for month, lines in groupby(letters, key=lambda line: f"{line.day:%m/%Y}"):
        held = list(lines)
        yield month, len({line.day for line in held}), len(held), sum(line.items for line in held)
