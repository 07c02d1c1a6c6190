"""`ocop event …`: what happens to a product for itself, from which its plan counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import NOBODY, As, Day, Json, acting_as, application, read_day
from ocop_workflow.cli.output import say, show_json

if TYPE_CHECKING:
    from ocop_workflow.products.step_views import OccurredView

event = typer.Typer(
    no_args_is_help=True, help="Sự kiện riêng của từng sản phẩm trong kế hoạch. / Events of a product's own."
)


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(event, name="event")


Code = Annotated[str, typer.Argument(metavar="SẢN-PHẨM", help="Mã sản phẩm. / A product's code.")]
Event = Annotated[
    str, typer.Argument(metavar="SỰ-KIỆN", help="Mã sự kiện trong kế hoạch. / The event's id in the plan.")
]


@event.command()
def record(code: Code, name: Event, on: Day = None, actor: As = NOBODY, json: Json = False) -> None:
    """Ghi ngày sự kiện xảy ra với sản phẩm: hạn đếm từ đó mở ra. / Record when it happened to a product."""
    from ocop_workflow.products.occurrences import Happening, record_occurrence

    app = application()
    with app.database.write() as tx:
        given = Happening(code, name, acting_as(tx, actor))
        done = record_occurrence(tx, given, read_day(on), today=app.clock.today(), now=app.clock.now())
    day = f"{done.on:%d/%m/%Y}" if done.on else ""
    _tell(done, f"đã ghi ngày {day}", json=json)


@event.command()
def undo(
    code: Code,
    name: Event,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao hoàn tác. / Why.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Hoàn tác việc đã ghi: hạn đếm từ đó đóng lại. / Take back that it has happened."""
    from ocop_workflow.products.occurrences import Happening, undo_occurrence

    app = application()
    with app.database.write() as tx:
        given = Happening(code, name, acting_as(tx, actor))
        done = undo_occurrence(tx, given, reason, today=app.clock.today(), now=app.clock.now())
    _tell(done, "đã hoàn tác, coi như chưa xảy ra", json=json)


def _tell(done: OccurredView, what: str, *, json: bool) -> None:
    if json:
        show_json(done)
        return
    due = "; ".join(f"{line.milestone}: {line.due_on:%d/%m/%Y}" for line in done.deadlines)
    say(f"{done.code}: «{done.name}» {what}. Hạn đang mở: {due or 'không có'}.")
