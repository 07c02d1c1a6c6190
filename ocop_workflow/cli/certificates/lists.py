"""`ocop certificates import`, `answers`: lists of certificates, and what they have asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.certificates.group import certificates
from ocop_workflow.cli.options import (
    As,
    Json,
    acting_as,
    application,
)
from ocop_workflow.cli.output import FAULTS_FOUND, progress, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.imports.register.views import ListedRowView, RegisterImportView

#: lines of a table that somebody still reads
_MOST_SHOWN = 200


@certificates.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Danh sách .xlsx hoặc .csv. / A list.")],
    *,
    evidence: Annotated[
        str, typer.Option(metavar="MỨC", help="A, B1, B2, C: khi dòng không ghi. / Where a row is silent.")
    ] = "C",
    publish: Annotated[
        bool, typer.Option("--publish", help="Ghi vào sổ, khi mọi dòng sạch. / Let it count, if it is clean.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem, dù có --publish. / Only look.")
    ] = False,
    answers: Annotated[Path | None, typer.Option(metavar="TỆP", help="Câu trả lời. / Answers.")] = None,
    decision: Annotated[
        str, typer.Option(metavar="SỐ", help="Số quyết định, khi danh sách không ghi. / Where none is named.")
    ] = "",
    decided_on: Annotated[str, typer.Option(metavar="NGÀY", help="Ngày quyết định ấy. / Its day.")] = "",
    issuer: Annotated[str, typer.Option(metavar="TÊN", help="Cơ quan ra quyết định ấy. / Its body.")] = "",
    star: Annotated[str, typer.Option(metavar="SAO", help="Hạng sao, khi dòng không ghi. / Stars.")] = "",
    commune: Annotated[
        str, typer.Option(metavar="XÃ", help="Xã, phường, khi dòng không ghi. / The commune.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="TỆP", help="Danh sách trả lại, .xlsx. / The list back.")
    ] = None,
    actor: As = "ocop",
    json: Json = False,
) -> None:
    """Nhập danh sách giấy chứng nhận vào sổ đăng ký. / Bring a list of certificates in."""
    from ocop_workflow.cli.importing import refuse_place, replace_file
    from ocop_workflow.errors import WrongUse
    from ocop_workflow.imports.register.file import WHOLE_LIST
    from ocop_workflow.imports.register.importing import RegisterOrder, import_register, read_register_file
    from ocop_workflow.imports.register.returning import register_back
    from ocop_workflow.states import EvidenceLevel

    if evidence not in set(EvidenceLevel):
        raise WrongUse(f"Không có mức {evidence}; có: A, B1, B2, C.", f"There is no level {evidence}.")
    if out is not None:
        refuse_place(out, file, (".xlsx",))
    whole = dict(zip(WHOLE_LIST, (decision, decided_on, issuer, star, commune), strict=True))
    given = read_register_file(file, answers).told({name: text for name, text in whole.items() if text})
    app = application()
    with (
        app.database.connect() as connection,
        connection.begin() as tx,
        progress("Nhập giấy chứng nhận") as told,
    ):
        acting = acting_as(connection, actor)
        order = RegisterOrder(acting, EvidenceLevel(evidence), app.clock.today(), app.clock.now())
        report = import_register(connection, given, order, publish=publish and not dry_run, progress=told)
        if not report.published:
            tx.rollback()
    if out is not None:
        replace_file(out, register_back(given, report))
    if json:
        show_json(report)
    else:
        _show_report(report)
    if not report.is_clean:
        raise typer.Exit(FAULTS_FOUND)


@certificates.command()
def answers(
    *,
    revoke: Annotated[
        int | None, typer.Option(metavar="SỐ", min=1, help="Bỏ câu trả lời số này. / Revoke this one.")
    ] = None,
    actor: As = "ocop",
    json: Json = False,
) -> None:
    """Câu trả lời đã nhớ của các danh sách đã nhập. / What lists have asked and need not ask again."""
    from ocop_workflow.imports.register import remembering
    from ocop_workflow.imports.register.views import RememberedAnswerView

    app = application()
    if revoke is not None:
        with app.database.write() as tx:
            remembering.revoke(tx, acting_as(tx, actor), revoke, app.clock.now())
    with app.database.read() as tx:
        held = remembering.list_remembered(tx, acting_as(tx, actor))
    if json:
        show_json([RememberedAnswerView.alike(one) for one in held])
        return
    rows = [
        (one.id, one.question, one.answer, one.unit or "", one.by, f"{app.clock.local(one.at):%d/%m/%Y}")
        for one in held
    ]
    show_table("Câu trả lời đã nhớ", ["Số", "Câu hỏi", "Trả lời", "Của", "Ai", "Ngày"], rows)


def _show_report(report: RegisterImportView) -> None:
    rows = [
        (
            one.row,
            one.verdict.label,
            one.code or "",
            one.detail,
            _proposal(one),
        )
        for one in report.verdicts
    ]
    shown = sorted(rows, key=lambda row: row[1] not in ("lỗi", "cần hỏi"))[:_MOST_SHOWN]
    show_table(f"{report.file}: {report.rows} lần công nhận", ["Dòng", "", "Mã", "", "Đề xuất"], shown)
    did = "đã ghi" if report.published else "sẽ ghi"
    known = f"{report.changed} bổ sung; {report.same} đã có"
    say(
        f"{did} {report.new}; {known}; {report.faults} lỗi; {report.questions} cần hỏi."
        + ("" if report.published or not report.is_clean else " Ghi vào sổ: thêm --publish.")
    )


def _proposal(one: ListedRowView) -> str:
    """Return where a question stands, or its key, and what is proposed."""
    place = one.cell or ""
    if one.key and "!" not in one.key:
        place = one.key
    return f"{place}: {one.proposed}" if place and one.proposed else one.proposed or place
