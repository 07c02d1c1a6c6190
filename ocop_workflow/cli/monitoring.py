"""`ocop inspections`, `ocop visit …`: who is to be seen on the spot, visits, what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocop_workflow.calendar.inspections import InspectionStatus  # noqa: TC001 - typer reads it at run time
from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Day,
    Json,
    acting_as,
    application,
    read_data,
    read_day,
    read_given_day,
    the_operator,
)
from ocop_workflow.cli.output import say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.monitoring.views import InspectionView, VisitView

visit = typer.Typer(no_args_is_help=True, help="Kiểm tra sản phẩm tại cơ sở. / Visits on the spot.")

Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã sản phẩm. / A product's code.")]
Number = Annotated[
    int, typer.Argument(metavar="SỐ", min=1, max=2**31 - 1, help="Số như trong danh sách. / Its number.")
]
Unit = Annotated[str | None, typer.Option(metavar="MÃ", help="Mã địa phương. / A unit's id.")]
Reason = Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao. / Why.")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.command("inspections")(list_all)
    app.add_typer(visit, name="visit")


def list_all(
    *,
    on: Day = None,
    unit: Unit = None,
    status: Annotated[InspectionStatus | None, typer.Option(help="Chỉ tình trạng này. / Only these.")] = None,
    json: Json = False,
) -> None:
    """Sản phẩm nào đến lượt kiểm tra, trễ nhất trước. / Who is to be inspected, late ones first."""
    from ocop_workflow.monitoring.listing import WantedInspections, list_inspections

    app = application()
    with app.database.read() as tx:
        day = read_day(on) or app.clock.today()
        found = list_inspections(tx, day, WantedInspections(unit, status))
    if json:
        show_json(found)
        return
    columns = ["Sản phẩm", "Địa phương", "Sao", "Kiểm tra lần cuối", "Phải kiểm tra", "Tình trạng", "Vì sao"]
    show_table(f"{len(found)} sản phẩm", columns, [_row(one) for one in found])


def _row(one: InspectionView) -> tuple[object, ...]:
    why = [f"{one.plan} {one.clause}"] if one.plan else ["chưa kế hoạch nào nêu"]
    if one.every_months:
        why.append(f"{one.every_months} tháng một lần{', tạm tính' if one.provisional else ''}")
    why += [f"{paper.name} hết hạn {paper.expires_on:%d/%m/%Y}" for paper in one.papers]
    if one.follow_ups:
        why.append(f"{one.follow_ups} việc phải làm, {one.follow_ups_late} trễ")
    return (
        f"{one.product} {one.name}",
        one.unit_name,
        one.star,
        f"{one.seen_on:%d/%m/%Y}" if one.seen_on else "",
        f"{one.see_by:%d/%m/%Y}" if one.see_by else "",
        one.status_label,
        "; ".join(why),
    )


@visit.command("record")
def record(
    code: Code,
    data: Annotated[
        str,
        typer.Option(
            metavar="JSON",
            help="visited_on, visitors, place, conclusion, findings [criterion, what, "
            "result met|not_met|note, follow_up, due_on]. / What it says.",
        ),
    ],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Ghi một lần kiểm tra sản phẩm tại cơ sở. / Record a visit to a product."""
    from ocop_workflow.monitoring.reading import read_visit
    from ocop_workflow.monitoring.visiting import record_visit

    given = read_visit(_days_read(read_data(data, days=["visited_on"])))
    app = application()
    with app.database.write() as tx:
        by, today = acting_as(tx, actor), app.clock.today()
        done = record_visit(tx, code, given, actor=by, today=today, now=app.clock.now())
    if json:
        show_json(done)
        return
    say(f"Đã ghi lần kiểm tra số {done.id} của {done.code}, ngày {done.visited_on:%d/%m/%Y}.")


def _days_read(given: dict[str, Any]) -> dict[str, Any]:
    """Read the days of findings as those of the visit are: as people write them, too."""
    findings = given.get("findings")
    for one in findings if isinstance(findings, list) else ():
        if isinstance(one, dict) and isinstance(one.get("due_on"), str):
            one["due_on"] = read_given_day(one["due_on"])
    return given


@visit.command("list")
def list_of(code: Code, json: Json = False) -> None:
    """Các lần kiểm tra một sản phẩm, mới nhất trước. / The visits to a product, latest first."""
    from ocop_workflow.monitoring.visiting import visits_to

    app = application()
    with app.database.read() as tx:
        found = visits_to(tx, code, the_operator(), today=app.clock.today())
    if json:
        show_json(found)
        return
    say(f"{found.code} {found.product}: {len(found.visits)} lần kiểm tra.")
    for one in found.visits:
        _tell(one)


@visit.command("show")
def show(number: Number, json: Json = False) -> None:
    """Xem một lần kiểm tra. / Show one visit."""
    from ocop_workflow.monitoring.visiting import show_visit

    app = application()
    with app.database.read() as tx:
        found = show_visit(tx, number, the_operator(), today=app.clock.today())
    if json:
        show_json(found)
        return
    _tell(found)


def _tell(one: VisitView) -> None:
    place = f", tại {one.place}" if one.place else ""
    say(f"\nSố {one.id}, {one.visited_on:%d/%m/%Y}: {one.visitors}{place}.")
    say(f"Kết luận: {one.conclusion}")
    rows = [
        (
            item.id,
            item.criterion or "",
            item.what or "",
            item.result_label,
            item.follow_up or "",
            f"{item.due_on:%d/%m/%Y}" if item.due_on else "",
            f"xong {item.done_on:%d/%m/%Y}" if item.done_on else "TRỄ" if item.late else "",
        )
        for item in one.findings
    ]
    if rows:
        columns = ["Số", "Tiêu chí", "Thấy gì", "Kết quả", "Phải làm", "Hạn", ""]
        show_table(f"{one.code} {one.product}", columns, rows)


@visit.command("follow-ups")
def follow_ups(unit: Unit = None, json: Json = False) -> None:
    """Việc phải làm sau kiểm tra còn mở, trễ nhất trước. / What is still to be done, late first."""
    from ocop_workflow.monitoring.listing import WantedFollowUps, list_follow_ups

    app = application()
    with app.database.read() as tx:
        found = list_follow_ups(tx, app.clock.today(), WantedFollowUps(unit))
    if json:
        show_json(found)
        return
    rows = [
        (
            one.id,
            f"{one.code} {one.product}",
            one.unit,
            one.follow_up,
            f"{one.due_on:%d/%m/%Y}",
            f"còn {one.days_left} ngày" if one.days_left >= 0 else f"TRỄ {-one.days_left} ngày",
        )
        for one in found
    ]
    show_table(f"{len(found)} việc phải làm", ["Số", "Sản phẩm", "Địa phương", "Việc", "Hạn", ""], rows)


@visit.command("done")
def done(
    number: Number,
    on: Day = None,
    note: Annotated[str, typer.Option(metavar="CHỮ", help="Đã làm gì. / What was done.")] = "",
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Ghi một việc phải làm đã xong. / Mark a follow-up as done."""
    from ocop_workflow.monitoring.visiting import do_follow_up

    app = application()
    with app.database.write() as tx:
        today = app.clock.today()
        found = do_follow_up(
            tx,
            number,
            actor=acting_as(tx, actor),
            done_on=read_day(on) or today,
            today=today,
            now=app.clock.now(),
            note=note,
        )
    if json:
        show_json(found)
        return
    say(f"Đã ghi việc số {found.id} của {found.code} xong ngày {found.done_on:%d/%m/%Y}.")


@visit.command("reopen")
def reopen(number: Number, reason: Reason, actor: As = NOBODY, json: Json = False) -> None:
    """Mở lại một việc đã ghi xong nhầm. / Take back that a follow-up was done."""
    from ocop_workflow.monitoring.visiting import reopen_follow_up

    app = application()
    with app.database.write() as tx:
        by, today = acting_as(tx, actor), app.clock.today()
        found = reopen_follow_up(tx, number, reason, actor=by, today=today, now=app.clock.now())
    if json:
        show_json(found)
        return
    say(f"Việc số {found.id} của {found.code} còn phải làm, hạn {found.due_on:%d/%m/%Y}.")


@visit.command("withdraw")
def withdraw(number: Number, reason: Reason, actor: As = NOBODY, json: Json = False) -> None:
    """Rút một lần kiểm tra ghi nhầm; nhật ký giữ lại. / Take a visit back; the audit keeps it."""
    from ocop_workflow.monitoring.visiting import withdraw_visit

    app = application()
    with app.database.write() as tx:
        code = withdraw_visit(tx, number, reason, actor=acting_as(tx, actor), now=app.clock.now())
    if json:
        show_json({"code": code, "withdrawn": number})
        return
    say(f"Đã rút lần kiểm tra số {number} của {code}.")
