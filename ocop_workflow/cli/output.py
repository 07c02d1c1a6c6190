"""What people and machines read: tables, sentences, JSON, and errors as one sentence in two languages."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.clock import utc_text
from ocop_workflow.errors import InvalidInput, NotFound, OcopError, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ocop_workflow.views import View

FAULTS_FOUND = 1
WRONG_USE = 2


class _Mode:
    """Whether this run speaks to a machine; set by the option `--json` of the command that runs."""

    json = False


def speak_json(value: bool) -> bool:
    """Remember that the command was asked for JSON."""
    _Mode.json = value
    return value


def say(text: str) -> None:
    """Say something to a person; a machine is not told."""
    if not _Mode.json:
        print(text)  # noqa: T201 - this is where the command line speaks


def remark(vi: str, en: str) -> None:
    """Say something beside the answer, on standard error: also to whoever asked for JSON."""
    print(f"{vi}\n{en}", file=sys.stderr)  # noqa: T201 - see say


def show_json(value: object) -> None:
    """Print a value for a machine."""
    print(json_text(value))  # noqa: T201 - see say


def json_text(value: object) -> str:
    """Write a value, views in it too, as JSON that people can read."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def show_preview(view: View, command: str) -> None:
    """Print what was only looked at for a machine, with the command that confirms it."""
    show_json({**_named(view), "confirm": command})


def _plain(value: object) -> object:
    """Write what JSON has no form for: a view, an instant in UTC, a day, a word."""
    from ocop_workflow.views import View

    if isinstance(value, View):
        return _named(value)
    return utc_text(value) if isinstance(value, datetime) else str(value)


def _named(view: View) -> dict[str, Any]:
    from ocop_workflow.views import to_plain

    names = dict(view.json_names)
    return {names.get(name, name): value for name, value in to_plain(view).items()}


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for a person. Names are shown as text: nothing in them can steer the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        # strict: a cell too many would open a column without a name
        cells = [cell for _, cell in zip(columns, row, strict=True)]
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200  # a pipe has no width; lines are not broken for it
    console.print(table)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work has come, on a terminal; a pipe or a machine sees nothing of it."""
    if _Mode.json or not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def report_error(error: OcopError) -> int:
    """Say what went wrong: on standard error for people, as JSON on standard output for machines.

    Returns the exit code: 2 where the command itself was wrong, else 1.
    """
    if _Mode.json:
        show_json(error_json(error))
    lines = [f"Lỗi: {error.text.vi}", f"     {error.text.en}"]
    for fault in error.faults:
        place = f"{fault.place}: " if fault.place else ""
        lines += [f"  - {place}{fault.text.vi}", f"    {' ' * len(place)}{fault.text.en}"]
    print("\n".join(lines), file=sys.stderr)  # noqa: T201 - see say
    return WRONG_USE if isinstance(error, WrongUse | NotFound) else FAULTS_FOUND


def error_json(error: OcopError) -> dict[str, Any]:
    """Return an error under the keys that others may lean on."""
    found: dict[str, Any] = {
        "error": error.name,
        "detail": error.text.vi,
        "detail_en": error.text.en,
        "allowed": [],
        "missing": [],
    }
    if error.faults:
        found["faults"] = [
            {"place": fault.place, "vi": fault.text.vi, "en": fault.text.en} for fault in error.faults
        ]
    return {**found, **error.members}


def read_text(path: Path) -> str:
    """Read a text file that a command was given; the byte order mark that Notepad writes is passed over.

    Raises:
        NotFound: it cannot be read.
        InvalidInput: it is not UTF-8, or larger than anybody writes.
    """
    from ocop_workflow.fence.texts import bounded_bytes

    try:
        return bounded_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            f"Tệp {path} không phải văn bản UTF-8; trong Notepad hãy chọn Save as, Encoding: UTF-8.",
            f"The file {path} is not UTF-8 text; in Notepad choose Save as, Encoding: UTF-8.",
        ) from None
    except OSError as error:
        raise NotFound(
            f"Không đọc được tệp {path} ({error.strerror}).",
            f"The file {path} cannot be read ({error.strerror}).",
        ) from error
