"""`ocop plan load` of a changed file, `versions`, `extend`, `extensions`, `revoke-extension`, `remove`.

A change shows its impact and ends with exit code 1; with the hash that it gives, it happens.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Confirm,
    Json,
    acting_as,
    application,
    confirming,
    read_given_day,
    refuse_early,
)
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json, show_preview, show_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.changes import ImpactView, RemovalView
    from ocop_workflow.store import Connection


def add_to(plan: typer.Typer) -> None:
    """Hang these commands under `ocop plan`."""
    plan.command("versions")(versions)
    plan.command("extend")(extend)
    plan.command("extensions")(list_extensions)
    plan.command("revoke-extension")(revoke)
    plan.command("remove")(remove)


PlanId = Annotated[str, typer.Argument(metavar="MÃ", help="Mã kế hoạch đã nạp. / A loaded plan's id.")]


def change_or_show(app: Application, text: str, confirm: str | None, actor: str, *, json: bool) -> None:
    """Show what a changed plan file would do, or let it happen if that is confirmed."""
    from ocop_workflow.changes import change_plan, preview_change
    from ocop_workflow.changes.views import CarriedOutView

    today, now = app.clock.today(), app.clock.now()
    if confirm is None:
        _show_first(app, lambda tx: preview_change(tx, text, today), actor, json=json)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        impact = change_plan(tx, text, confirm, actor=by, sender=app.sender, today=today, now=now)
    if json:
        show_json(CarriedOutView.of_plan(impact))
    since = f"phiên bản {impact.version + 1} có hiệu lực từ {today:%d/%m/%Y}"
    say(f"{impact.plan}: {since}. {_done_words(impact)}")


def versions(plan_id: PlanId, json: Json = False) -> None:
    """Liệt kê các phiên bản của một kế hoạch. / List the versions of a plan."""
    from ocop_workflow.changes import plan_versions

    app = application()
    with app.database.read() as tx:
        found = plan_versions(tx, plan_id)
    if json:
        show_json(found)
        return
    rows = [
        (
            item.version,
            item.sha256[:12],
            f"{app.clock.local(item.loaded_at):%d/%m/%Y %H:%M}",
            item.loaded_by,
            f"đến {item.replaced_on:%d/%m/%Y}, {item.replaced_by} thay"
            if item.replaced_on
            else "đang có hiệu lực",
        )
        for item in found
    ]
    show_table(f"Các phiên bản của {plan_id}", ["Phiên bản", "Mã kiểm tra", "Nạp lúc", "Ai nạp", ""], rows)


def extend(
    plan_id: PlanId,
    milestone: Annotated[str, typer.Argument(metavar="MỐC", help="Mã mốc trong kế hoạch. / A milestone.")],
    codes: Annotated[list[str], typer.Argument(metavar="SẢN PHẨM...", help="Mã sản phẩm. / Products.")],
    *,
    to: Annotated[str, typer.Option(metavar="NGÀY", help="Hạn mới. / The new due day.")],
    decision: Annotated[str, typer.Option(metavar="SỐ", help="Số quyết định. / The decision's number.")],
    decided: Annotated[str, typer.Option(metavar="NGÀY", help="Ngày quyết định. / Its date.")],
    reason: Annotated[str, typer.Option(metavar="LÝ DO", help="Vì sao. / Why.")],
    confirm: Confirm = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Gia hạn một mốc cho một số sản phẩm theo quyết định. / Extend a milestone for some products."""
    from ocop_workflow.changes import ExtensionOrder, grant_extension, preview_extension
    from ocop_workflow.changes.views import CarriedOutView

    app = application()
    today, now = app.clock.today(), app.clock.now()
    order = ExtensionOrder(
        plan_id, milestone, tuple(codes), read_given_day(to), decision, read_given_day(decided), reason
    )
    if confirm is None:
        _show_first(app, lambda tx: preview_extension(tx, order, today), actor, json=json)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        done = grant_extension(tx, order, confirm, actor=by, sender=app.sender, today=today, now=now)
    if json:
        show_json(CarriedOutView.of_extension(done.impact, done.id))
    say(f"Gia hạn số {done.id}: {milestone} đến {order.due_on:%d/%m/%Y}. {_done_words(done.impact)}")


def list_extensions(plan_id: PlanId, json: Json = False) -> None:
    """Liệt kê các gia hạn của một kế hoạch. / List a plan's extensions."""
    from ocop_workflow.changes import plan_extensions
    from ocop_workflow.plans.views import ExtensionView

    app = application()
    with app.database.read() as tx:
        found = plan_extensions(tx, plan_id)
    if json:
        show_json([ExtensionView.of(record, codes) for record, codes in found])
        return
    rows = [
        (
            item.id,
            item.rule,
            f"{item.due_on:%d/%m/%Y}",
            f"{item.decision_number}, {item.decided_on:%d/%m/%Y}",
            item.reason,
            ", ".join(codes),
            f"thu hồi {item.revoked_on:%d/%m/%Y}" if item.revoked_on else "đang có hiệu lực",
        )
        for item, codes in found
    ]
    columns = ["Số", "Mốc", "Đến", "Quyết định", "Lý do", "Sản phẩm", ""]
    show_table(f"Gia hạn của {plan_id}", columns, rows)


def revoke(
    extension_id: Annotated[int, typer.Argument(metavar="SỐ", help="Số gia hạn. / The extension's number.")],
    confirm: Confirm = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Thu hồi một gia hạn. / Revoke an extension."""
    from ocop_workflow.changes import preview_revocation, revoke_extension
    from ocop_workflow.changes.views import CarriedOutView

    app = application()
    today, now = app.clock.today(), app.clock.now()
    if confirm is None:
        _show_first(app, lambda tx: preview_revocation(tx, extension_id, today), actor, json=json)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        impact = revoke_extension(
            tx, extension_id, confirm, actor=by, sender=app.sender, today=today, now=now
        )
    if json:
        show_json(CarriedOutView.of_extension(impact, extension_id))
    say(f"Đã thu hồi gia hạn số {extension_id}. {_done_words(impact)}")


def remove(plan_id: PlanId, confirm: Confirm = None, actor: As = NOBODY, json: Json = False) -> None:
    """Lấy ra một kế hoạch nạp nhầm, khi chưa gửi thư nào về nó. / Take out a plan loaded by mistake."""
    from ocop_workflow.changes import preview_removal, remove_plan

    app = application()
    if confirm is None:
        with app.database.read() as tx:
            removal = preview_removal(tx, plan_id)
            command = _confirmation(tx, plan_id, actor, removal.hash)
        if json:
            show_preview(removal, command)
            raise typer.Exit(FAULTS_FOUND)
        say(f"Sẽ mất cùng kế hoạch {plan_id}: {_removed_words(removal)}.")
        if removal.products:
            say(f"Sản phẩm: {', '.join(removal.products)}")
        _ask("Chưa có gì thay đổi.", command)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        done = remove_plan(tx, plan_id, confirm, actor=by, now=app.clock.now())
    if json:
        show_json(done)
    say(f"Đã lấy ra kế hoạch {plan_id}: {_removed_words(done)}. Nhật ký kiểm tra vẫn còn.")


def _removed_words(removal: RemovalView) -> str:
    return (
        f"{len(removal.products)} sản phẩm, {removal.deadlines} thời hạn, {removal.reminders} lời nhắc, "
        f"{removal.flags} cờ quá hạn, {removal.extensions} gia hạn, {removal.questions} câu hỏi; "
        f"{removal.letters} thư chưa gửi được rút lại"
    )


# -- what is shown of an impact --------------------------------------------------------------------


def _done_words(impact: ImpactView) -> str:
    return (
        f"{len(impact.moves)} thời hạn đổi, {impact.corrections} thư đính chính, "
        f"{impact.taken_back} thư chưa gửi được rút lại."
    )


def _show_first(
    app: Application, look: Callable[[Connection], ImpactView], actor: str, *, json: bool
) -> NoReturn:
    """Look at an impact, show it and with which command it is confirmed; nothing has happened."""
    with app.database.read() as tx:
        impact = look(tx)
        command = _confirmation(tx, impact.plan, actor, impact.hash)
    if json:
        show_preview(impact, command)
        raise typer.Exit(FAULTS_FOUND)
    _show_tables(impact)
    _ask(f"Chưa có gì thay đổi. {_done_words(impact)}", command)


def _confirmation(tx: Connection, plan: str, actor: str, confirm: str) -> str:
    """Return the command that confirms a change of a plan; who is named may make it."""
    from ocop_workflow.access import Permission
    from ocop_workflow.plans.loaded import find_plan

    unit = find_plan(tx, plan).unit_id
    refuse_early(tx, actor, Permission.CHANGE_PLANS, unit)
    return confirming(tx, actor, Permission.CHANGE_PLANS, unit, confirm)


def _ask(words: str, command: str) -> NoReturn:
    whose = " (sau --as là tên người làm)" if " --as " in command else ""
    say(f"{words} Xác nhận bằng{whose}:\n  {command}")
    raise typer.Exit(FAULTS_FOUND)


def _show_tables(impact: ImpactView) -> None:
    moves = Counter((move.name, move.milestone, move.old_due, move.new_due) for move in impact.moves)
    show_table(
        "Thời hạn đổi",
        ["Mốc", "Mã", "Hạn cũ", "Hạn mới", "Số lượng"],
        [(name, rule, _day(old), _day(new), count) for (name, rule, old, new), count in moves.items()],
    )
    reminders = Counter[tuple[bool, str, str, date]]()
    for line in impact.reminders:
        reminders[line.comes, line.milestone, line.stage, line.day] += 1
    show_table(
        "Lời nhắc",
        ["", "Mốc", "Mức", "Ngày", "Số đơn vị"],
        [
            ("thêm" if comes else "bỏ", rule, stage, f"{day:%d/%m/%Y}", count)
            for (comes, rule, stage, day), count in reminders.items()
        ],
    )
    told = [
        (
            line.unit,
            line.address if line.in_use else f"{line.address} (không còn dùng)",
            line.milestone,
            _day(line.told),
            _day(line.now),
            ", ".join(line.products),
        )
        for line in impact.told
    ]
    show_table("Ai đã được báo hạn cũ", ["Đơn vị", "Địa chỉ", "Mốc", "Đã báo", "Nay", "Sản phẩm"], told)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "không có"
