"""The command line: `ocop`. Heavy imports stand inside the commands, so that `--help` answers at once."""

from __future__ import annotations

import sys

import typer

from ocop_workflow.cli import plans, products, running, upkeep
from ocop_workflow.cli.output import report_error
from ocop_workflow.errors import OcopError

app = typer.Typer(
    name="ocop",
    help="Theo dõi Chương trình OCOP theo lịch của kế hoạch năm. / OCOP, driven by the year's plan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
plans.add_to(app)
products.add_to(app)
running.add_to(app)
upkeep.add_to(app)


def main() -> None:
    """Run the command line; a user's mistake is one sentence, never a traceback."""
    try:
        app()
    except OcopError as error:
        sys.exit(report_error(error))
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing more can be said
        sys.exit(0)


__all__ = ["app", "main"]
