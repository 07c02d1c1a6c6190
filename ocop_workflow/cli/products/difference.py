"""`ocop form difference`, `ocop form declare`: a renewal or an upgrade beside what was recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import NOBODY, As, Json, acting_as, application
from ocop_workflow.cli.output import say, show_json, show_table
from ocop_workflow.cli.products.handing import Code  # noqa: TC001 - typer reads it at run time

if TYPE_CHECKING:
    from ocop_workflow.dossiers.change_views import DifferenceView


def add_to(form: typer.Typer) -> None:
    """Hang these commands under `ocop form`."""
    form.command()(difference)
    form.command()(declare)


def difference(code: Code, json: Json = False) -> None:
    """Hồ sơ đánh giá lại, nâng hạng khác hồ sơ đã công nhận ở đâu. / What has changed since."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.differing.showing import show_difference

    app = application()
    with app.database.read() as tx:
        found = show_difference(tx, code, the_operator(), app.clock.today())
    if json:
        show_json(found)
        return
    _tell(found)


def _tell(found: DifferenceView) -> None:
    if not found.applies:
        say(f"{found.code} đang ở hồ sơ lần đầu: chưa có hồ sơ đã công nhận nào để so.")
        return
    was = found.recognised
    if was:
        say(
            f"Đã công nhận {was.star} sao, quyết định số {was.number} ngày {was.decided_on:%d/%m/%Y}; "
            + (f"so với hồ sơ {was.dossier}." if was.dossier else "hồ sơ ấy không có trong hệ thống.")
        )
    rows = [
        (
            item.heading,
            "chưa khai" if not item.said else item.change or "không thay đổi",
            "; ".join(paper.told for paper in item.papers) or ("CHƯA CÓ" if item.unproven else ""),
        )
        for item in found.declared
    ]
    title = f"{found.code}, hồ sơ {found.dossier} ({found.kind_label}): chủ thể khai"
    show_table(title, ["Nội dung", "Thay đổi", "Chứng minh"], rows)
    show_table(
        "Hệ thống thấy khác",
        ["Ở đâu", "Nội dung", "Đã công nhận", "Nay"],
        [(item.kind_label, item.label, item.before, item.now or "không còn") for item in found.changes],
    )
    for paper in found.ran_out:
        told = f"đã có {paper.replaced_by}" if paper.replaced_by else "CHƯA CÓ GIẤY MỚI"
        say(f"{paper.told}: hết hạn {paper.expires_on:%d/%m/%Y}, {told}.")
    say(f"Chưa khai {found.undeclared}; chưa có chứng minh {found.unproven}.")


def declare(
    code: Code,
    heading: Annotated[
        str, typer.Argument(metavar="NỘI-DUNG", help="Như Mẫu 02 ghi: “bao bì”. / As Mẫu 02 calls it.")
    ],
    change: Annotated[
        str, typer.Option(metavar="CHỮ", help="Thay đổi gì; không nêu: không thay đổi. / What has changed.")
    ] = "",
    papers: Annotated[
        list[int] | None,
        typer.Option("--paper", metavar="SỐ", min=1, max=2**31 - 1, help="Giấy tờ chứng minh. / A proof."),
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Bỏ điều đã khai. / Take it out.")] = False,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Khai một nội dung đã thay đổi hay không, và giấy tờ chứng minh. / Say what has changed."""
    from ocop_workflow.products.differing.declaring import Declaration, declare_change
    from ocop_workflow.products.differing.showing import show_difference

    app = application()
    with app.database.write() as tx:
        by, today = acting_as(tx, actor), app.clock.today()
        given = Declaration(heading, not forget, change or None, tuple(papers or ()))
        declare_change(tx, code, given, actor=by, now=app.clock.now())
        found = show_difference(tx, code, by, today)
    if json:
        show_json(found)
        return
    _tell(found)
