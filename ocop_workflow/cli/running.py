"""`ocop sweep`, `deliver`, `scheduler`, `demo`: what runs day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Day, Json, application, read_day, read_given_day, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, progress, say, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.cli.upkeep.demonstration import DemoResult, Hired
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
    from ocop_workflow.sweep.views import SweepReportView

    app = application()
    with progress("Quét thời hạn") as told:
        order = SweepOrder(read_day(on), dry_run, the_operator(), read_day(confirm))
        report = careful_sweep(app.database, app.clock, app.sender, order, app.caution, progress=told)
    if json:
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
    date: Annotated[
        str, typer.Option(metavar="NGÀY", help="Ngày mô phỏng. / The simulated day.")
    ] = "2024-04-23",
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

    day = read_given_day(date)
    result = run_demo(day)
    with result.app.database.read() as tx:
        views = overview.list_products(tx, day)
    if no_serve:
        _show_demo(result, views, json=json)
    else:
        _serve_demo(result, views, port, json=json)


def _show_demo(
    result: DemoResult, views: list[ProductView], *, json: bool, console: Mapping[str, object] | None = None
) -> None:
    from ocop_workflow.cli.upkeep.demonstration import DATABASE, FOLDER, MAIL
    from ocop_workflow.sweep.views import SweepReportView
    from ocop_workflow.views import to_plain

    if json:
        show_json(
            {
                **to_plain(SweepReportView.of(result.report)),
                "scene": "start",
                "database": str(DATABASE),
                "products": views,
                "mail_dir": str(MAIL),
                "delivered": result.delivered,
                **({"console": console} if console else {}),
            }
        )
        return
    rows = [(v.code, v.name, v.unit, v.state_label, _due(v)) for v in views]
    show_table(
        f"Kế hoạch OCOP 2024, thị xã Đức Phổ – hôm nay là {result.report.day:%d/%m/%Y} (mô phỏng)",
        ["Mã", "Sản phẩm", "Địa phương", "Trạng thái", "Hạn kế tiếp"],
        rows,
    )
    say_sweep(result.report)
    say(f"  {result.delivered} thư thành tệp trong {MAIL}/; bản xem thử không gửi thư cho ai.")
    say(
        f"\nBản xem thử nằm riêng trong {FOLDER}/, làm lại từ đầu mỗi lần chạy `ocop demo`. Thử tiếp trên nó:"
    )
    for line in _next_commands():
        say(f"  {line}")


def _next_commands() -> list[str]:
    """Return what a newcomer may paste next, from the activation of the environment on if that is needed."""
    import sys
    from pathlib import Path
    from shlex import quote
    from shutil import which

    from ocop_workflow.cli.upkeep.demonstration import URL

    activation = Path(sys.prefix, "bin", "activate")
    activate = [f". {quote(str(activation))}"] if which("ocop") is None and activation.exists() else []
    return [
        *activate,
        f"export OCOP_DATABASE_URL={URL}",
        "ocop sweep --on 2024-05-02",
        "ocop explain DP24-002 --on 2024-05-02",
        "ocop products --overdue --on 2024-05-02",
    ]


def _serve_demo(result: DemoResult, views: list[ProductView], port: int, *, json: bool) -> None:
    from ocop_workflow.cli.serving import HOST, serve_at
    from ocop_workflow.cli.upkeep.demonstration import hire
    from ocop_workflow.web import server

    door = server.listen(HOST, port)
    url = f"http://{HOST}:{door.getsockname()[1]}"
    hired = hire(result.app)
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
    _show_demo(result, views, json=json, console=console)
    if not json:
        _show_console(url, hired)
    serve_at(result.app, door, with_scheduler=False)


def _show_console(url: str, hired: list[Hired]) -> None:
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
    say(f"  1. {url}/ – vào bằng lan ({by_role['lan'].role.label}): bấm “Đăng ký ý tưởng”, rồi “Ghi nhận”.")
    say(f"  2. {url}/year – cả năm kế hoạch trên một trang; {url}/products/board – bảng theo trạng thái.")
    say("  3. Đăng nhập quan hoặc thu thì cần thêm một mã dùng một lần ở bảng trên.")


def _due(view: ProductView) -> str:
    return "; ".join(f"{line.name}: {line.due_on:%d/%m/%Y}" for line in view.deadlines)
