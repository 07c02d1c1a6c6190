"""`ocop sweep`, `deliver`, `scheduler`, `demo`: what runs day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from ocop_workflow.cli.options import Day, Json, application, read_day, read_given_day, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, progress, say, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.cli.upkeep.demonstration import DemoResult, Hired, Scene
    from ocop_workflow.letters.delivery import DeliveryReport
    from ocop_workflow.products.views import ProductView
    from ocop_workflow.sweep.daily import SweepReport


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.command("sweep")(sweep_day)
    app.command("deliver")(deliver)
    app.command("scheduler")(run_scheduler)
    app.command("demo")(demo)


def sweep_day(
    on: Day = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem sẽ có gì, không ghi. / Show, write nothing.")
    ] = False,
    confirm: Annotated[
        str | None,
        typer.Option(
            "--confirm", metavar="NGÀY", help="Xác nhận đúng ngày bị dừng lại hỏi. / Confirm the held day."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Quét thời hạn trong ngày: nhắc việc, dựng cờ quá hạn, viết thư. / The daily check."""
    from ocop_workflow.sweep.daily import SweepOrder, careful_sweep

    app = application()
    with progress("Quét thời hạn") as told:
        order = SweepOrder(read_day(on), dry_run, the_operator(), read_day(confirm))
        report = careful_sweep(app.database, app.clock, app.sender, order, app.caution, progress=told)
    if json:
        from ocop_workflow.sweep.views import SweepReportView

        show_json(SweepReportView.of(report, dry_run=dry_run))
    say_sweep(report, dry_run=dry_run)
    if report.faults:
        raise typer.Exit(FAULTS_FOUND)


def say_sweep(report: SweepReport, *, dry_run: bool = False) -> None:
    """Tell a person what a sweep did."""
    counts = report.counts
    say(f"{'Xem trước' if dry_run else 'Đã quét'} ngày {report.day:%d/%m/%Y}:")
    say(f"  {counts.reminders} lời nhắc; {counts.flags_raised} cờ quá hạn mới; {counts.letters} thư.")
    say(f"  {counts.withheld} lời nhắc không gửi; {counts.superseded} đã bị mức nhắc sau thay thế.")
    for text in report.faults:
        say(f"  LỖI: {text.vi}")
    for text in report.notes:
        say(f"  LƯU Ý: {text.vi}.")
    if report.held:
        say(f"  SẼ DỪNG LẠI HỎI: {report.held.text.vi}")


def deliver(
    once: Annotated[
        bool, typer.Option("--once", help="Gửi một lượt rồi dừng; nếu không thì gửi mãi. / One pass.")
    ] = False,
    json: Json = False,
) -> None:
    """Gửi thư đang chờ. / Send what is pending."""
    from ocop_workflow.letters.views import DeliveryView

    app = application()
    if not once:
        from ocop_workflow.scheduler import run_delivery
        from ocop_workflow.store import schema

        schema.refuse_another_version(app.database)
        say("Gửi thư mỗi phút; bấm Ctrl-C để dừng.")
        run_delivery(app)
        return
    report = _deliver_once(app)
    if json:
        show_json(DeliveryView.alike(report))
    say(f"Đã gửi {report.sent} thư; {report.retried} sẽ thử lại; {report.dead} không gửi được.")
    if report.relay_fault:
        say(f"Máy chủ gửi thư có lỗi, thư được giữ lại để thử sau: {report.relay_fault}")
    if report.retried or report.dead or report.relay_fault:
        raise typer.Exit(FAULTS_FOUND)


def _deliver_once(app: Application) -> DeliveryReport:
    from contextlib import closing

    from ocop_workflow.letters.delivery import deliver_pending

    with closing(app.mailer()) as mailer, progress("Gửi thư") as told:
        return deliver_pending(
            app.database,
            mailer,
            app.retry_policy,
            app.clock,
            app.sender,
            journal=app.journal,
            progress=told,
        )


def run_scheduler() -> None:
    """Chạy bộ lập lịch: quét lúc 06:00 và ngay khi khởi động, gửi thư mỗi phút. / The scheduler."""
    from ocop_workflow import scheduler
    from ocop_workflow.store import schema

    app = application()
    schema.refuse_another_version(app.database)
    scheduler.run(app)


def demo(
    scene: Annotated[
        str,
        typer.Option(
            metavar="CẢNH",
            help="start: kế hoạch thật 2024; session: một phiên họp hội đồng đang mở; renewals: sao của năm "
            "2024, đến 4/5/2027. / What is shown.",
        ),
    ] = "start",
    date: Annotated[
        str | None, typer.Option(metavar="NGÀY", help="Ngày mô phỏng, chỉ ở start. / The simulated day.")
    ] = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Không mở trang làm việc. / Do not serve the console.")
    ] = False,
    port: Annotated[
        int, typer.Option(metavar="CỔNG", min=0, max=65535, help="Cổng của trang làm việc. / Its port.")
    ] = 8000,
    json: Json = False,
) -> None:
    """Xem thử với kế hoạch thật 2024 của thị xã Đức Phổ và 14 sản phẩm. / A demonstration."""
    from ocop_workflow.cli.upkeep.demonstration import run_demo
    from ocop_workflow.overview import products as overview

    asked = _scene(scene, dated=date is not None)
    day = read_given_day(date) if date else asked.day
    result = run_demo(asked, day)
    with result.app.database.read() as tx:
        views = overview.list_products(tx, day)
    if no_serve:
        _show_demo(asked, result, views, json=json)
    else:
        _serve_demo(asked, result, views, port, json=json)


def _scene(name: str, *, dated: bool) -> Scene:
    """Return a scene of the demonstration by its name.

    Raises:
        WrongUse: there is none, or it has a day of its own.
    """
    from ocop_workflow.cli.upkeep.demonstration import START
    from ocop_workflow.cli.upkeep.renewals_scene import RENEWALS
    from ocop_workflow.cli.upkeep.session_scene import SESSION
    from ocop_workflow.errors import WrongUse

    scenes = {one.name: one for one in (START, SESSION, RENEWALS)}
    if name not in scenes:
        known = ", ".join(scenes)
        raise WrongUse(
            f"Không có cảnh {name}; có: {known}.", f"There is no scene {name}; there are: {known}."
        )
    if dated and name != START.name:
        raise WrongUse(
            f"Cảnh {name} có ngày riêng ({scenes[name].day:%d/%m/%Y}); --date chỉ dùng với start.",
            f"The scene {name} has a day of its own ({scenes[name].day}); --date belongs to start.",
        )
    return scenes[name]


def _show_demo(
    scene: Scene,
    result: DemoResult,
    views: list[ProductView],
    *,
    json: bool,
    console: Mapping[str, object] | None = None,
) -> None:
    from ocop_workflow.sweep.views import SweepReportView
    from ocop_workflow.views import to_plain

    if json:
        show_json(
            {
                **to_plain(SweepReportView.of(result.report)),
                "scene": scene.name,
                "database": str(scene.database),
                "products": views,
                "mail_dir": str(scene.mail),
                "delivered": result.delivered,
                "console": console,
            }
        )
        return
    rows = [(v.code, v.name, v.unit, v.state_label, _due(v)) for v in views]
    show_table(
        f"{scene.title} – hôm nay là {result.report.day:%d/%m/%Y} (mô phỏng)",
        ["Mã", "Sản phẩm", "Địa phương", "Trạng thái", "Hạn kế tiếp"],
        rows,
    )
    say_sweep(result.report)
    say(f"  {result.delivered} thư thành tệp trong {scene.mail}/; bản xem thử không gửi thư cho ai.")
    say(
        f"\nBản xem thử nằm riêng trong {scene.folder}/, làm lại từ đầu mỗi lần chạy `ocop demo`."
        " Thử tiếp trên nó:"
    )
    for line in _next_commands(scene):
        say(f"  {line}")


def _next_commands(scene: Scene) -> list[str]:
    """Return what a newcomer may paste next, from the activation of the environment on if that is needed."""
    import sys
    from pathlib import Path
    from shlex import quote
    from shutil import which

    activation = Path(sys.prefix, "bin", "activate")
    activate = [f". {quote(str(activation))}"] if which("ocop") is None and activation.exists() else []
    return [
        *activate,
        f"export OCOP_DATABASE_URL={scene.url}",
        *_TRY[scene.name],
    ]


_SPAN: Final = "--since 2027-05-01 --until 2027-05-03"
_NOTICE: Final = f"ocop certificates expired-notice --unit quang-ngai {_SPAN} --out thong-bao.docx --as minh"
#: what can be tried on each scene
_TRY: Final = {
    "start": (
        "ocop sweep --on 2024-05-02",
        "ocop explain DP24-002 --on 2024-05-02",
        "ocop products --overdue --on 2024-05-02",
    ),
    "session": ("ocop session show 1", "ocop session results 1", "ocop product VD26-001"),
    "renewals": (
        "ocop renewals",
        "ocop renewals --forecast",
        _NOTICE,
    ),
}


def _serve_demo(scene: Scene, result: DemoResult, views: list[ProductView], port: int, *, json: bool) -> None:
    from ocop_workflow.cli.serving import HOST, serve_at
    from ocop_workflow.cli.upkeep.demonstration import hire
    from ocop_workflow.web import server

    door = server.listen(HOST, port)
    url = f"http://{HOST}:{door.getsockname()[1]}"
    hired = result.hired or hire(result.app, scene.posts)
    console = {
        "url": url,
        "officers": [
            {
                "login": one.login,
                "password": one.password,
                "totp_secret": one.code_secret or None,
                "role": one.role.value,
                "unit": one.unit,
                "token": one.token,
            }
            for one in hired
        ],
    }
    _show_demo(scene, result, views, json=json, console=console)
    if not json:
        _show_console(scene, url, hired)
    serve_at(result.app, door, with_scheduler=False)


def _show_console(scene: Scene, url: str, hired: Sequence[Hired]) -> None:
    """Tell a newcomer where to sign in, as whom, and what to look at first."""
    show_table(
        f"Trang làm việc: {url}",
        ["Tên đăng nhập", "Mật khẩu", "Mã dùng một lần", "Vai trò", "Địa phương"],
        [(one.login, one.password, " ".join(one.codes[:2]), one.role.label, one.unit) for one in hired],
    )
    say("Mã truy cập API (chỉ hiện một lần này):")
    for one in hired:
        say(f"  {one.login}: {one.token}")
    by_role = {one.login: one for one in hired}
    say("Xem trước tiên:")
    if scene.name == "session":
        say(f"  1. {url}/ – vào bằng binh (thành viên): “Phiên họp của Hội đồng”, chấm và ký VD26-001.")
        say("  2. Vào bằng thu (thư ký, thêm một mã dùng một lần): đóng chấm VD26-001, xác nhận kết quả.")
        say("  3. Vào bằng minh: mở VD26-001, ghi quyết định công nhận; lịch sử và thư của xã nói hạng sao.")
        return
    if scene.name == "renewals":
        say(f"  1. {url}/renewals – vào bằng lan: sao nào còn giữ được, nộp từ ngày nào đến ngày nào.")
        say(f"  2. {url}/renewals/forecast – bao nhiêu sao giữ được, có thể mất. Thư đã nhắc: {url}/letters.")
        say("  3. Vào bằng minh: giấy vừa hết hạn và thông báo hết hạn, tải về bằng Word.")
        return
    say(f"  1. {url}/ – vào bằng lan ({by_role['lan'].role.label}): bấm “Đăng ký ý tưởng”, rồi “Ghi nhận”.")
    say(f"  2. {url}/year – cả năm kế hoạch trên một trang; {url}/products/board – bảng theo trạng thái.")
    say("  3. Đăng nhập quan hoặc thu thì cần thêm một mã dùng một lần ở bảng trên.")


def _due(view: ProductView) -> str:
    return "; ".join(f"{line.name}: {line.due_on:%d/%m/%Y}" for line in view.deadlines)
