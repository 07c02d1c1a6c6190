"""The command line: `ocop`. Heavy imports stand inside the commands, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ocop_workflow import __version__
from ocop_workflow.cli.commands import Commands
from ocop_workflow.cli.options import at_end
from ocop_workflow.cli.output import WRONG_USE, report_error, speak_json
from ocop_workflow.cli.usage import wrong_use
from ocop_workflow.errors import OcopError, WrongUse

#: what the program is called however it was started, `python -m ocop_workflow` too
NAME = "ocop"


def command_line() -> typer.Typer:
    """Put the command line together."""
    app = typer.Typer(
        cls=Commands,
        name=NAME,
        help="Theo dõi Chương trình OCOP theo lịch của kế hoạch năm. / OCOP, driven by the year's plan.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_ocop)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit


def _ocop(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Xem phiên bản. / Show the version."
        ),
    ] = False,
) -> None:
    """Make a group, of which the commands are read later."""


def main() -> None:
    """Run the command line; a user's mistake is one sentence, never a traceback."""
    _speak_utf8()
    os.umask(0o077)  # whatever is written here is nobody else's: data, letters, backups, the secret
    try:
        _refuse_broken_words(sys.argv)
        with at_end:
            code = command_line()(prog_name=NAME, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except OcopError as error:
        sys.exit(report_error(error))
    except TyperException as error:
        sys.exit(_report_wrong_use(error))
    except typer.Abort:
        sys.exit(report_error(OcopError("Đã dừng theo yêu cầu.", "Stopped, as asked.")))
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing more can be said
        sys.exit(0)


def _report_wrong_use(error: TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
        return WRONG_USE
    speak_json(value="--json" in sys.argv)  # the options were not read to their end
    return report_error(wrong_use(error))


def _speak_utf8() -> None:
    """Vietnamese has to come out whole on a host that is set to another alphabet."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _refuse_broken_words(words: list[str]) -> None:
    """A word that is no UTF-8 reaches Python with half characters in it, which nothing can store."""
    for place, word in enumerate(words):
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise WrongUse(
                f"Từ thứ {place} của lệnh không phải UTF-8.", f"Word {place} of the command is not UTF-8."
            )


__all__ = ["command_line", "main"]
