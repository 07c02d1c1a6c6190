"""`ocop letters …`: the outbox in an officer's hand."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.options import Json, application
from ocop_workflow.cli.output import say, show_json

letters = typer.Typer(no_args_is_help=True, help="Hộp thư đi. / The outbox.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(letters, name="letters")


@letters.command()
def reconcile(
    without_journal: Annotated[
        bool,
        typer.Option("--without-journal", help="Chấp nhận không có sổ, có thể gửi trùng. / Accept doubles."),
    ] = False,
    json: Json = False,
) -> None:
    """Sau khi khôi phục: đối chiếu thư đang giữ với sổ thư đã gửi. / After a restore."""
    from ocop_workflow.services import backup

    app = application()
    done = backup.reconcile(app.database, app.journal, without_journal=without_journal)
    if json:
        show_json({"sent": done.sent, "pending": done.pending, "held": done.held})
    say(f"{done.sent} thư đã gửi từ trước, {done.pending} thư chờ gửi lại, {done.held} thư cán bộ còn giữ.")
