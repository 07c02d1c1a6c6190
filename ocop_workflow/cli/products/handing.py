"""`ocop paper link`, `waiting`, `take` …: a producer's links, and what came by them."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Day,
    Json,
    acting_as,
    application,
    read_data,
    read_day,
)
from ocop_workflow.cli.output import say, show_json, show_table

Number = Annotated[int, typer.Argument(metavar="SỐ", min=1, max=2**31 - 1, help="Số giấy tờ. / Its number.")]
Code = Annotated[str, typer.Argument(metavar="SẢN-PHẨM", help="Mã sản phẩm. / A product's code.")]


def add_to(paper: typer.Typer) -> None:
    """Hang these commands under `ocop paper`."""
    for command in (link, unlink, waiting, take):
        paper.command()(command)
    paper.command("return")(give_back)


def link(
    code: Code,
    until: Day = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Tạo liên kết để chủ thể tự nộp giấy tờ, không cần tài khoản; chỉ hiện một lần. / A producer's link."""
    from ocop_workflow.products.papers.links import address_of_link, make_upload_link

    app, ends_on = application(), read_day(until)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        token, made = make_upload_link(
            tx, code, ends_on, actor=by, today=app.clock.today(), now=app.clock.now()
        )
    address = address_of_link(app.settings.public_url, token)
    if json:
        show_json({"id": made.id, "code": made.code, "ends_on": made.ends_on.isoformat(), "address": address})
        return
    say(f"Liên kết số {made.id} của {made.code}, dùng được đến hết {made.ends_on:%d/%m/%Y}:")
    say(f"  {address}")


def unlink(code: Code, number: Number, actor: As = NOBODY, json: Json = False) -> None:
    """Thu hồi một liên kết nộp giấy tờ; tệp đã gửi vẫn còn. / Revoke a producer's link."""
    from ocop_workflow.products.papers.links import revoke_upload_link

    app = application()
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        revoke_upload_link(tx, code, number, actor=by, today=app.clock.today(), now=app.clock.now())
    if json:
        show_json({"code": code, "revoked": number})
        return
    say(f"Đã thu hồi liên kết số {number} của {code}.")


def waiting(code: Code, json: Json = False) -> None:
    """Tệp chủ thể gửi qua liên kết, chờ xem. / What a producer has handed in and nobody has looked at."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.papers.handing_in import list_handed_in

    app = application()
    with app.database.read() as tx:
        found = list_handed_in(tx, code, the_operator(), app.clock.today())
    if json:
        show_json(found)
        return
    rows = [
        (item.id, item.kind_name, item.name, item.size, f"{app.clock.local(item.brought_at):%d/%m/%Y %H:%M}")
        for item in found.files
    ]
    show_table(f"{found.code}: chủ thể gửi, chờ xem", ["Số", "Giấy tờ", "Tệp", "Byte", "Lúc"], rows)


def take(
    code: Code,
    number: Number,
    data: Annotated[
        str,
        typer.Option(
            metavar="JSON",
            help="name, number, issuer, issued_on, expires_on, shelf, criteria [“3.5”]. / What it says.",
        ),
    ] = "{}",
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Nhận tệp chủ thể gửi thành giấy tờ của hồ sơ. / Take a file that waits as a paper."""
    from ocop_workflow.dossiers.paper_queries import OTHER
    from ocop_workflow.products.papers.handing_in import take_handed_in
    from ocop_workflow.products.papers.reading import DAYS, read_paper

    given = read_data(data, days=DAYS)
    app = application()
    paper = read_paper({**given, "kind": OTHER})  # its kind is the file's
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        take_handed_in(tx, code, number, paper, actor=by, today=app.clock.today(), now=app.clock.now())
    if json:
        show_json({"code": code, "taken": number})
        return
    say(f"Đã nhận tệp số {number} vào hồ sơ của {code}.")


def give_back(
    code: Code,
    number: Number,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao; chủ thể đọc được. / Why.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Trả lại tệp chủ thể gửi, có lý do mà chủ thể đọc được. / Return a file with a reason."""
    from ocop_workflow.products.papers.handing_in import return_handed_in

    app = application()
    with app.database.write() as tx:
        return_handed_in(
            tx,
            code,
            number,
            reason,
            actor=acting_as(tx, actor),
            today=app.clock.today(),
            now=app.clock.now(),
        )
    if json:
        show_json({"code": code, "returned": number})
        return
    say(f"Đã trả lại tệp số {number} của {code}.")
