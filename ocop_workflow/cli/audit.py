"""`ocop audit …`: what was done, and that nobody has changed the record of it."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.options import Day, Json, application, read_day
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json, show_table
from ocop_workflow.clock import span_of
from ocop_workflow.errors import WrongUse

audit = typer.Typer(no_args_is_help=True, help="Nhật ký kiểm tra. / The audit.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(audit, name="audit")


@audit.command()
def verify(
    anchor: Annotated[
        str | None,
        typer.Option(metavar="SỐ:DẤU", help="Mục đã ghi lại ở nơi khác, như lệnh này in ra. / A noted head."),
    ] = None,
    json: Json = False,
) -> None:
    """Kiểm tra chuỗi nhật ký, nêu mục đầu tiên bị sửa. / Verify the chain; name the first bad entry."""
    from ocop_workflow.audit import chain as service
    from ocop_workflow.audit.views import ChainView

    noted = _read_anchor(anchor)
    app = application()
    with app.database.read() as tx:
        verdict = service.verify(tx, noted)
    if json:
        show_json(ChainView.of(verdict))
    if verdict.reason is not None:
        say(f"Nhật ký hỏng từ mục số {verdict.bad_seq}: {verdict.reason.vi}.")
        raise typer.Exit(FAULTS_FOUND)
    say(f"Nhật ký nguyên vẹn: {verdict.entries} mục. Ghi lại ở nơi khác để đối chiếu về sau:")
    say(f"{verdict.entries}:{verdict.head}")
    if verdict.sealed:
        say(f"Mục 1–{verdict.sealed} là phần đã niêm phong, ghi trước khi giá trị liên hệ có bảng riêng.")
    if verdict.erased:
        say(f"{verdict.erased} giá trị liên hệ mà nhật ký nói tới đã xoá: chỉ còn dấu, không đọc lại được.")


def _read_anchor(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, head = text.partition(":")
    if not (number.isdecimal() and len(number) < 19 and len(head) == 64):  # noqa: PLR2004 - a SHA-256 in hex
        raise WrongUse(
            "--anchor viết như `ocop audit verify` in ra: số, dấu hai chấm, 64 ký tự.",
            "--anchor is written as `ocop audit verify` prints it: a number, a colon, 64 characters.",
        )
    return int(number), head


@audit.command("list")
def list_entries(
    limit: Annotated[int, typer.Option(metavar="SỐ", min=1, max=10_000, help="Bao nhiêu mục mới nhất.")] = 50,
    actor: Annotated[
        str | None, typer.Option(metavar="CÁN BỘ", help="Chỉ việc của người này. / Only this officer's.")
    ] = None,
    action: Annotated[
        str | None,
        typer.Option(metavar="VIỆC", help="plan.load; plan. là mọi việc về kế hoạch. / An action."),
    ] = None,
    on: Day = None,
    json: Json = False,
) -> None:
    """Xem những mục mới nhất: ai, làm gì, lúc nào, từ đâu. / The newest entries."""
    from ocop_workflow.audit.views import AuditEntryView
    from ocop_workflow.overview.audit_queries import AuditFilter, newest_audit

    app = application()
    day = read_day(on)
    since, until = span_of(day, app.settings.zone) if day else (None, None)
    with app.database.read() as tx:
        found = newest_audit(tx, None, limit, AuditFilter(actor, action, since, until))
    if json:
        show_json([AuditEntryView.alike(entry) for entry in found])
        return
    rows = [
        (
            e.seq,
            f"{app.clock.local(e.at):%d/%m/%Y %H:%M}",
            e.actor,
            e.acting_for or "",
            e.origin,
            e.action,
            e.subject,
        )
        for e in found
    ]
    show_table("Nhật ký", ["Số", "Lúc", "Ai", "Thay mặt", "Từ đâu", "Việc", "Đối tượng"], rows)
