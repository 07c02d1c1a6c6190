"""`ocop plan …`, `ocop activity …`: what the year is watched by."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Confirm,
    Day,
    ForYear,
    Json,
    Plan,
    acting_as,
    again,
    application,
    host,
    read_day,
)
from ocop_workflow.cli.output import FAULTS_FOUND, read_text, say, show_json, show_preview, show_table
from ocop_workflow.cli.plans import changes
from ocop_workflow.cli.plans.plan_words import plan_text, show_plan
from ocop_workflow.errors import InvalidInput, OcopError, WrongUse

if TYPE_CHECKING:
    from ocop_workflow.changes.views import LateView
    from ocop_workflow.sweep.views import ActivityView

plan = typer.Typer(no_args_is_help=True, help="Kế hoạch năm. / Plans.")
activity = typer.Typer(no_args_is_help=True, help="Hoạt động có hạn của kế hoạch. / Dated activities.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(plan, name="plan")
    app.add_typer(activity, name="activity")


File = Annotated[
    str, typer.Argument(metavar="TỆP|MÃ", help="Tệp TOML hoặc mã kế hoạch kèm theo. / A file or id.")
]


@plan.command("list")
def list_plans(json: Json = False) -> None:
    """Liệt kê kế hoạch đã nạp và kế hoạch kèm theo. / List loaded and shipped plans."""
    from ocop_workflow.calendar import shipped_plan_ids
    from ocop_workflow.plans import queries as plans
    from ocop_workflow.plans.views import PlanNameView, ShippedPlanView

    app = application()
    with app.database.read() as tx:
        loaded = plans.all_plans(tx)
    shipped = [name for name in shipped_plan_ids() if name not in {record.slug for record in loaded}]
    if json:
        show_json([*map(PlanNameView.of, loaded), *map(ShippedPlanView, shipped)])
        return
    rows = [(record.slug, record.year, record.unit_name, "đã nạp") for record in loaded]
    rows_shipped = [(name, "", "", "kèm theo, chưa nạp") for name in shipped]
    show_table("Kế hoạch", ["Mã", "Năm", "Cơ quan", "Tình trạng"], [*rows, *rows_shipped])


@plan.command()
def check(
    file: File,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[MÃ=]TỆP",
            help="Văn bản gốc: mọi câu trích phải có trong đó; văn bản thứ hai: MÃ=TỆP. / The source texts.",
        ),
    ] = None,
    year: ForYear = None,
    parent: Annotated[
        str | None,
        typer.Option(metavar="TỆP|MÃ", help="Kế hoạch cấp trên, nếu chưa nạp. / The parent plan's file."),
    ] = None,
    json: Json = False,
) -> None:
    """Kiểm tra tệp kế hoạch: mọi lỗi cùng lúc. / Check a plan file; every fault at once."""
    from ocop_workflow.calendar import plan_remarks, quotations, read_plan
    from ocop_workflow.plans.views import CheckedPlanView, RemarkView

    text = plan_text(file, year)
    sources = dict(_source(given) for given in source or ())
    plan_file = read_plan(text, file, {name: read_text(path) for name, path in sources.items()})
    unknown = sources.keys() - {"", *(paper.id for paper in plan_file.documents)}
    if unknown:
        there_are = ", ".join(paper.id for paper in plan_file.documents) or "—"
        raise WrongUse(
            f"--source {min(unknown)}=…: kế hoạch không có văn bản nào mang mã này; có: {there_are}.",
            f"--source {min(unknown)}=…: no document of the plan has this id; there are: {there_are}.",
        )
    is_nested = _check_parent(text, file, parent)
    quoted = Counter(quote.document for quote in quotations(plan_file))
    count, unproved = quoted.total(), {name: quoted[name] for name in quoted if name not in sources}
    if json:
        warned = tuple(RemarkView(item.place, item.text.vi, item.text.en) for item in plan_remarks(text))
        proved = bool(sources) and not unproved
        show_json(CheckedPlanView(plan_file.id, (), warned, count, proved))
    say(f"{file}: đúng. {len(plan_file.milestones)} mốc, {len(plan_file.activities)} hoạt động.")
    _say_remarks(text)
    if count > sum(unproved.values()):
        say(f"{count - sum(unproved.values())} câu trích đều có trong văn bản gốc.")
    for name, number in unproved.items():
        of, option = (f" của {name}", f"--source {name}=TỆP") if name else ("", "--source")
        say(f"{number} câu trích{of} chưa đối chiếu (thêm {option}).")
    if not is_nested:
        say(f"Chưa đối chiếu với kế hoạch cấp trên {plan_file.parent} (thêm --parent TỆP).")


def _check_parent(text: str, file: str, given: str | None) -> bool:
    """Check whether a plan fits into the one above it; false: that one is not at hand.

    Raises:
        InvalidInput: it does not, or another plan than its parent is given.
    """
    from ocop_workflow.calendar.reading.nesting import nesting_faults
    from ocop_workflow.plans.loaded import calendar_from

    child = calendar_from(text)
    above = _parent_text(child.plan.parent, given)
    if not child.plan.parent or above is None:
        return not child.plan.parent
    parent = calendar_from(above)
    if parent.plan.id != child.plan.parent:
        raise WrongUse(
            f"--parent là kế hoạch {parent.plan.id}; {file} ghi kế hoạch cấp trên là {child.plan.parent}.",
            f"--parent is the plan {parent.plan.id}; the parent that {file} names is {child.plan.parent}.",
        )
    faults = list(nesting_faults(child, parent))
    if faults:
        raise InvalidInput(
            f"{file} không nằm trong kế hoạch cấp trên.", f"{file} does not fit into its parent.", faults
        )
    return True


def _parent_text(name: str, given: str | None) -> str | None:
    """Return the file of a parent plan: as it is given, as it is loaded, or as it ships."""
    from ocop_workflow.calendar import shipped_plan_ids, shipped_plan_text
    from ocop_workflow.plans import queries as plans

    if given is not None:
        return plan_text(given, None)
    if not name:
        return None
    try:
        with application().database.read() as tx:
            record = plans.plan_by_slug(tx, name)
            if record is not None:
                return plans.plan_text(tx, record.id)
    except OcopError:
        pass  # a file can be checked without a database
    return shipped_plan_text(name) if name in shipped_plan_ids() else None


def _source(given: str) -> tuple[str, Path]:
    """Read `--source`: a document's text, with its id in front unless it is the plan's own."""
    name, sign, path = given.partition("=")
    return (name, Path(path)) if sign and not Path(given).exists() else ("", Path(given))


@plan.command()
def load(
    file: File, year: ForYear = None, confirm: Confirm = None, actor: As = NOBODY, json: Json = False
) -> None:
    """Nạp kế hoạch; đã đổi hoặc đã qua hạn thì xem trước. / Load a plan; see first what it would do."""
    from ocop_workflow.access import operator
    from ocop_workflow.calendar import read_plan
    from ocop_workflow.changes import is_change
    from ocop_workflow.changes.entry import confirmed_late, load_new, what_lies_behind

    text = plan_text(file, year)
    try:
        read_plan(text, file)  # so that its faults are told under its own name, whatever the database says
    except InvalidInput:
        if not _is_loaded(text):
            raise
    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        differs = is_change(tx, text)
        late = what_lies_behind(tx, text, today)
    if differs or (confirm and late is None):
        changes.change_or_show(app, text, confirm, actor, json=json)
        return
    if late is not None and confirm is None:
        _show_late(late, json=json)
    confirmed_late(late, confirm)
    with app.database.write() as tx:
        by = operator(host(), actor)
        done = load_new(tx, text, actor=by, today=today, now=app.clock.now())
    if json:
        show_json(done.view)
    what = "đã nạp" if done.is_new else "đã có từ trước, không đổi gì"
    say(f"{done.plan.slug}: {what}. {done.milestones} mốc, {done.activities} hoạt động.")
    if done.is_new:
        _say_remarks(text)


def _is_loaded(text: str) -> bool:
    from ocop_workflow.plans.loaded import is_loaded

    try:
        with application().database.read() as tx:
            return is_loaded(tx, text)
    except OcopError:
        return False


def _show_late(late: LateView, *, json: bool) -> NoReturn:
    """Show what of a new plan lies behind, and how loading it all the same is confirmed."""
    command = again("--confirm", late.hash)
    if json:
        show_preview(late, command)
        raise typer.Exit(FAULTS_FOUND)
    if late.ended_on:
        say(f"Năm của kế hoạch {late.plan} đã hết ngày {late.ended_on:%d/%m/%Y}: không ai được thúc nữa.")
    if late.behind:
        rows = [(item.id, item.name, f"{item.due_on:%d/%m/%Y}", _AT_ONCE[item.kind]) for item in late.behind]
        show_table("Đã qua hạn", ["Mã", "Việc", "Hạn", "Nạp rồi thì"], rows)
    say(f"Chưa nạp gì. Nếu đúng là nạp kế hoạch này, xác nhận bằng:\n  {command}")
    raise typer.Exit(FAULTS_FOUND)


_AT_ONCE = {
    "activity": "quá hạn ngay",
    "commune": "xã, phường chưa có sản phẩm thì quá hạn ngay",
    "milestone": "sản phẩm chưa đạt thì quá hạn ngay khi nhập",
}


def _say_remarks(text: str) -> None:
    from ocop_workflow.calendar import plan_remarks

    for doubt in plan_remarks(text):
        say(f"Lưu ý, {doubt.place}: {doubt.text.vi}.")


@plan.command()
def show(
    plan_id: Annotated[str, typer.Argument(metavar="MÃ")],
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi điều tệp kế hoạch nói. / Everything that the file says.")
    ] = False,
    json: Json = False,
) -> None:
    """Xem các mốc và hạn của một kế hoạch đã nạp. / Show a loaded plan."""
    from ocop_workflow.overview.plans import plan_overview

    app = application()
    with app.database.read() as tx:
        found = plan_overview(tx, plan_id, app.clock.today())
    if json:
        show_json(found)
        return
    show_plan(found, everything=everything)


@activity.command("list")
def list_activities(plan_id: Plan = None, json: Json = False) -> None:
    """Liệt kê hoạt động có hạn: mã, hạn, đã xong chưa. / List dated activities."""
    from ocop_workflow.sweep.activities import list_activities as find

    app = application()
    with app.database.read() as tx:
        found = find(tx, app.clock.today(), plan=plan_id)
    if json:
        show_json(found)
        return
    rows = [
        (item.activity, item.plan, item.name, item.unit, f"{item.due_on:%d/%m/%Y}", _stands(item))
        for item in found
    ]
    show_table("Hoạt động có hạn", ["Mã", "Kế hoạch", "Việc", "Cơ quan", "Hạn", ""], rows)


def _stands(item: ActivityView) -> str:
    late = f"trễ {item.days_late} ngày" if item.days_late else ""
    if item.done_on:
        return f"xong ngày {item.done_on:%d/%m/%Y}, {late or 'đúng hạn'}"
    return late or f"còn {item.days_left} ngày"


@activity.command()
def done(
    activity_id: Annotated[str, typer.Argument(metavar="MÃ", help="Mã hoạt động trong kế hoạch. / Its id.")],
    plan_id: Plan = None,
    on: Day = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Ghi một hoạt động đã hoàn thành. / Record that a dated activity is done."""
    from ocop_workflow.sweep.activities import finish_activity

    app = application()
    with app.database.write() as tx:
        found = finish_activity(
            tx,
            acting_as(tx, actor),
            activity_id,
            plan=plan_id,
            on=read_day(on),
            today=app.clock.today(),
            now=app.clock.now(),
        )
    if json:
        show_json(found)
    late = f"trễ {found.days_late} ngày" if found.days_late else "đúng hạn"
    say(f"{found.activity} ({found.plan}): hoàn thành ngày {found.done_on:%d/%m/%Y}, {late}.")


@activity.command()
def undo(
    activity_id: Annotated[str, typer.Argument(metavar="MÃ", help="Mã hoạt động trong kế hoạch. / Its id.")],
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao hoàn tác. / Why.")],
    plan_id: Plan = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Hoàn tác việc đã ghi hoàn thành: hạn mở lại. / Take back that an activity is done."""
    from ocop_workflow.sweep.activities import reopen_activity

    app = application()
    with app.database.write() as tx:
        found = reopen_activity(
            tx,
            acting_as(tx, actor),
            activity_id,
            reason,
            plan=plan_id,
            now=app.clock.now(),
        )
    if json:
        show_json(found)
    say(
        f"{found.activity} ({found.plan}): đã hoàn tác việc ghi hoàn thành ngày {found.done_on:%d/%m/%Y}; "
        f"hạn {found.due_on:%d/%m/%Y} mở lại."
    )


changes.add_to(plan)  # last, so that the help lists what a plan is before what changes it
