"""`ocop import`: a list of products comes in, and goes back with what became of each row."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import NOBODY, As, Json, application, host
from ocop_workflow.cli.output import FAULTS_FOUND, progress, say, show_json, show_table
from ocop_workflow.errors import InvalidInput, Unavailable, WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.errors import Fault
    from ocop_workflow.imports.importing import File
    from ocop_workflow.imports.report import ImportReport, RowResult


#: rows of a table that somebody still reads
_MOST_SHOWN = 200


def add_to(app: typer.Typer) -> None:
    """Hang this command under `ocop`."""
    app.command("import")(import_products)


def import_products(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx hoặc .csv như phụ lục kế hoạch.")],
    plan: Annotated[str, typer.Option("--plan", metavar="MÃ", help="Kế hoạch nhận sản phẩm. / The plan.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem từng dòng sẽ ra sao, không ghi gì. / Write nothing.")
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option(
            metavar="TỆP",
            help='Câu trả lời: tệp trả lại có cột "Trả lời", hoặc .toml, .json {"Trang!C2": "…"}. / Answers.',
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="TỆP",
            help="Ghi danh sách trả lại, có kết quả, câu hỏi cạnh từng dòng. / The list back, with verdicts.",
        ),
    ] = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Nhập danh sách sản phẩm từ Excel hoặc CSV. / Import products."""
    from ocop_workflow.access import operator
    from ocop_workflow.imports.importing import import_annex, read_file
    from ocop_workflow.imports.views import ImportReportView

    if out is not None:
        refuse_place(out, file)
    given = read_file(file, answers)
    app = application()
    try:
        with (
            app.database.connect() as connection,
            connection.begin() as tx,
            progress("Nhập sản phẩm") as told,
        ):
            report = import_annex(
                connection,
                given,
                plan,
                actor=operator(host(), actor),
                today=app.clock.today(),
                now=app.clock.now(),
                progress=told,
            )
            if dry_run:
                tx.rollback()
    except InvalidInput as error:
        if out is not None and error.faults:
            _write_back(out, given, None, error.faults)
        raise
    if out is not None:
        _write_back(out, given, report)
    if json:
        show_json(ImportReportView.of(report, dry_run=dry_run))
    else:
        _show(file.name, report, dry_run=dry_run)
        if out is not None:
            say(f"Danh sách trả lại: {out}")
    if report.waits:
        raise typer.Exit(FAULTS_FOUND)


def refuse_place(out: Path, file: Path, endings: tuple[str, ...] = (".xlsx", ".csv")) -> None:
    """Take no file for the list that goes back that is of another kind, or the list itself.

    Raises:
        WrongUse: it is.
    """
    if out.suffix.casefold() not in endings:
        raise WrongUse(
            f"--out phải là tệp {' hoặc '.join(endings)}.", f"--out must be a file {' or '.join(endings)}."
        )
    if out.exists() and file.exists() and out.samefile(file):
        raise WrongUse(
            "--out phải là tệp khác với danh sách gốc.", "--out must be another file than the list itself."
        )


def _write_back(out: Path, file: File, report: ImportReport | None, faults: Sequence[Fault] = ()) -> None:
    """Write the list that goes back; what stood there before is replaced whole."""
    from ocop_workflow.imports.returning import list_back

    replace_file(out, list_back(file, out.suffix, report, faults))


def replace_file(out: Path, data: bytes) -> None:
    """Write a file whole, in the place of what stood there before.

    Raises:
        Unavailable: it cannot be written.
    """
    try:
        with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as part:
            part.write(data)
        os.replace(part.name, out)  # noqa: PTH105 - the name is a text here
    except OSError as error:
        raise Unavailable(
            f"Không ghi được tệp {out} ({error.strerror}).",
            f"The file {out} cannot be written ({error.strerror}).",
        ) from error


def _show(name: str, report: ImportReport, *, dry_run: bool) -> None:
    sheets = {row.sheet for row in report.rows}
    rows = [
        (
            f"{row.sheet} {row.row}" if len(sheets) > 1 else row.row,
            row.number,
            row.code,
            row.unit,
            row.name,
            row.producer,
            row.state.label if row.state else "",
            row.verdict.label,
            " ".join(text.vi for text in (*row.doubts, *row.questions)),
        )
        for row in _worth_showing(report.rows)
    ]
    columns = ["Dòng", "STT", "Mã", "Địa phương", "Sản phẩm", "Chủ thể", "Trạng thái", "", "Cần hỏi lại"]
    show_table(f"{name} → {report.plan}", columns, rows)
    if len(rows) < len(report.rows):
        say(f"Bảng trên có {len(rows)} trong {len(report.rows)} dòng; mọi dòng: dùng --out hoặc --json.")
    for question in (*report.doubts, *report.questions):
        say(f"Cần hỏi lại: {question.vi}")
    for step in report.steps:
        say(f"Việc cần làm: {step.text.vi}")
        for command in step.commands:
            say(f"  {command}")
    _show_counts(report, dry_run=dry_run)


def _worth_showing(rows: Sequence[RowResult]) -> Sequence[RowResult]:
    """Return the rows for the screen: of a long list first of all those about which something is asked."""
    if len(rows) <= _MOST_SHOWN:
        return rows
    asked = [row for row in rows if row.doubts or row.questions or row.verdict.value not in {"new", "same"}]
    return sorted(asked, key=lambda row: not row.doubts)[:_MOST_SHOWN]


def _show_counts(report: ImportReport, *, dry_run: bool) -> None:
    from ocop_workflow.imports.report import RowVerdict

    will = "sẽ" if dry_run else "đã"
    parts = [
        f"{will} thêm {report.added} sản phẩm",
        f"{report.count(RowVerdict.SAME) + report.count(RowVerdict.RECOGNISED)} đã có từ trước",
    ]
    for verdict, words in (
        (RowVerdict.CORRECTED, f"{will} sửa {{}} sản phẩm"),
        (RowVerdict.LEFT_OUT, "{} dòng bỏ qua theo câu trả lời"),
        (RowVerdict.WAITS, "{} dòng chờ trả lời, chưa nhập"),
    ):
        if report.count(verdict):
            parts.append(words.format(report.count(verdict)))
    say(f"{'; '.join(parts)}.")
    if report.waits:
        say("Trả lời bằng cột “Trả lời” của tệp --out, hoặc bằng --answers; xem docs/import.md.")
