"""`ocop token …`: what the API and the calendar feed are opened with."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.options import Json, application, the_operator
from ocop_workflow.cli.output import say, show_json, show_table
from ocop_workflow.cli.people.officers import Login  # noqa: TC001 - typer reads it at run time
from ocop_workflow.errors import WrongUse

token = typer.Typer(no_args_is_help=True, help="Mã truy cập cho API và lịch. / Tokens.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(token, name="token")


@token.command()
def create(
    login: Login,
    scope: Annotated[
        str, typer.Option(metavar="PHẠM VI", help="read, act, administer, hoặc feed (chỉ đọc lịch).")
    ] = "act",
    days: Annotated[int, typer.Option(metavar="SỐ NGÀY", help="Hiệu lực, tối đa 366. / For how long.")] = 90,
    label: Annotated[str, typer.Option(metavar="CHỮ", help="Dùng để làm gì. / What it is for.")] = "",
    unit: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Với feed: lịch của địa phương nào. / A feed's unit.")
    ] = None,
    json: Json = False,
) -> None:
    """Tạo mã truy cập; chỉ hiện một lần. / Make a token; it is shown once."""
    from ocop_workflow.access import Scope
    from ocop_workflow.people.tokens import TokenOrder, create_token, token_in_use
    from ocop_workflow.people.views import NewTokenView, show_tokens

    if scope not in set(Scope):
        known = ", ".join(Scope)
        raise WrongUse(f"Không có phạm vi {scope}; có: {known}.", f"No scope {scope}; there are: {known}.")
    app = application()
    order = TokenOrder(login, Scope(scope), days, label, unit)
    with app.database.write() as tx:
        made = create_token(tx, the_operator(), order, now=app.clock.now())
        (told,) = show_tokens(tx, [token_in_use(tx, made)], app.clock.now())
    shown = NewTokenView.of(told, made, order, app.settings.public_url)
    if json:
        show_json(shown)
        return
    say(f"Mã truy cập của {login} ({Scope(scope).label}, {days} ngày); hãy cất giữ, sẽ không hiện lại:")
    say(made)
    if shown.address:
        say(f"Địa chỉ lịch: {shown.address}")


@token.command("list")
def list_tokens(json: Json = False) -> None:
    """Liệt kê mã truy cập (chỉ phần đầu). / List tokens by what they begin with."""
    from ocop_workflow.people import officer_queries as officers
    from ocop_workflow.people.views import show_tokens

    app = application()
    with app.database.read() as tx:
        found = show_tokens(tx, officers.all_tokens(tx), app.clock.now())
    if json:
        show_json(found)
        return
    rows = [
        (
            f"{record.prefix}…",
            record.officer,
            record.scope_label,
            record.label,
            f"{app.clock.local(record.expires_at):%d/%m/%Y}",
            f"{app.clock.local(record.last_used_at):%d/%m/%Y %H:%M}" if record.last_used_at else "chưa dùng",
            _STATUS[record.status],
        )
        for record in found
    ]
    columns = ["Bắt đầu bằng", "Cán bộ", "Phạm vi", "Ghi chú", "Hết hạn", "Dùng lần cuối", "Tình trạng"]
    show_table("Mã truy cập", columns, rows)


_STATUS = {"active": "có hiệu lực", "expired": "hết hạn", "revoked": "đã thu hồi"}


@token.command("revoke")
def revoke_one(
    prefix: Annotated[str, typer.Argument(metavar="PHẦN ĐẦU", help="Như trong `ocop token list`.")],
    json: Json = False,
) -> None:
    """Thu hồi mã truy cập, có hiệu lực ngay. / Revoke a token, at once."""
    from ocop_workflow.people.tokens import revoke_token

    app = application()
    with app.database.write() as tx:
        revoke_token(tx, the_operator(), prefix, now=app.clock.now())
    if json:
        show_json({"prefix": prefix, "revoked": True})
    say(f"Đã thu hồi mã bắt đầu bằng {prefix[:12]}.")
