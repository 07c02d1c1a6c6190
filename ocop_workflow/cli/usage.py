"""A command that was typed wrong, said as everything else is: one sentence, in two languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from typer.exceptions import TyperException


def wrong_use(error: TyperException) -> WrongUse:
    """Return the error that says what was typed wrong, and which `--help` shows it right."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "ocop"
    english = error.format_message().rstrip(".")
    return WrongUse(f"{_vietnamese(error)}; xem `{command} --help`.", f"{english}; see `{command} --help`.")


def bilingual(page: str) -> str:
    """Return a page of help with typer's own English words in both languages."""
    for english, both in _HELP_WORDS:
        page = re.sub(english, both, page, flags=re.MULTILINE)
    return page


_HELP_WORDS = (
    (r"^Usage: ", "Cách dùng / Usage: "),
    (r"^Arguments:$", "Tham số / Arguments:"),
    (r"^Options:$", "Tùy chọn / Options:"),
    (r"^Commands:$", "Các lệnh / Commands:"),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"\bCOMMAND \[ARGS\]\.\.\.", "LỆNH ..."),
    (r"\[required\]", "[bắt buộc]"),
    (r"\[default:(?=\s)", "[mặc định:"),
    (r"Show this message and exit\.", "Xem trợ giúp này. / Show this help."),
)


def _vietnamese(error: TyperException) -> str:
    """Say it by the error's kind; the library keeps the classes to itself, so they go by their names."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return f"Không có tùy chọn {getattr(error, 'option_name', '')}"
    if kind == "BadOptionUsage":
        return f"Tùy chọn {getattr(error, 'option_name', '')} dùng chưa đúng"
    param, context = getattr(error, "param", None), getattr(error, "ctx", None)
    if param is not None:
        return f"{'Thiếu' if kind == 'MissingParameter' else 'Không dùng được giá trị của'} {_name(param)}"
    if context is not None and context.command.name and hasattr(context.command, "commands"):
        return f"Không có lệnh này; có: {', '.join(context.command.commands)}"
    return "Lệnh có từ thừa hoặc gõ chưa đúng"


def _name(param: object) -> str:
    """Name an option as it is typed (`--as`), an argument as the help names it (`MÃ`)."""
    typed = [name for name in getattr(param, "opts", ()) if name.startswith("-")]
    return typed[0] if typed else str(getattr(param, "metavar", None) or getattr(param, "name", ""))
