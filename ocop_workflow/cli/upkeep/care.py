"""`ocop doctor`: whether the data are as they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ocop_workflow.cli.options import Json, application
from ocop_workflow.cli.output import FAULTS_FOUND, progress, report_error, say, show_json, show_table
from ocop_workflow.errors import Unavailable

if TYPE_CHECKING:
    from ocop_workflow.upkeep.examination import Examination

VIOLATED = 2
COULD_NOT_RUN = 3


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.command("doctor")(doctor)


def doctor(json: Json = False) -> None:
    """Khám cơ sở dữ liệu: mọi điều luôn phải đúng. Chỉ đọc. / Examine the database; reads only.

    Mã thoát: 0 lành lặn, 1 có điều cần xem, 2 có điều sai, 3 không khám được.
    """
    from ocop_workflow.upkeep.examination import examine

    app = application()
    try:
        with progress("Khám") as told:
            found = examine(
                app.database,
                app.clock,
                app.journal,
                caution=app.caution,
                files=app.files,
                progress=told,
            )
    except Unavailable as error:
        report_error(error)
        raise typer.Exit(COULD_NOT_RUN) from None
    if json:
        show_json(
            {
                "checks_run": found.checks_run,
                "findings": [finding.as_json() for finding in found.findings],
                "notes": [note.as_json() for note in found.notes],
            }
        )
    else:
        _tell(found)
    if found.findings:
        raise typer.Exit(VIOLATED if found.violated else FAULTS_FOUND)


def _tell(found: Examination) -> None:
    if not found.findings:
        say(f"Cơ sở dữ liệu lành lặn: {len(found.checks_run)} điều đã khám đều đúng.")
    else:
        _show(found)
    for note in found.notes:
        say(f"  Ghi chú: {note.text.vi} {note.advice.vi}")


def _show(found: Examination) -> None:
    labels = {"warning": "cần xem", "violated": "SAI"}
    rows = [
        (
            item.invariant,
            labels[item.severity.value],
            f"{item.table} {item.key}".strip(),
            item.text.vi,
            item.advice.vi,
        )
        for item in found.findings
    ]
    show_table("Kết quả khám", ["Điều", "Mức", "Ở đâu", "Thấy gì", "Cần làm"], rows)
