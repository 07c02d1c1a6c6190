"""Options that several commands share, and how days and data are read from the command line."""

from __future__ import annotations

import json as json_library
import shlex
import sys
from contextlib import ExitStack
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocop_workflow.cli.output import remark, speak_json
from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_workflow.access import Actor, Permission
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.store import Connection

Json = Annotated[
    bool, typer.Option("--json", callback=speak_json, help="Kết quả cho máy đọc. / Machine-readable output.")
]
Day = Annotated[
    str | None,
    typer.Option(metavar="NGÀY", help="Ngày, viết 2024-04-30 hoặc 30/4/2024. / A day, 2024-04-30."),
]
As = Annotated[
    str, typer.Option("--as", metavar="CÁN BỘ", help="Ai thực hiện, ghi vào lịch sử. / Who does it.")
]
#: the name that goes on record where nobody is named
NOBODY = "ocop"
Confirm = Annotated[
    str | None,
    typer.Option(metavar="MÃ", help="Mã xác nhận của ảnh hưởng đã xem. / The hash of the impact seen."),
]
ForYear = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="NĂM",
        min=2015,
        max=2100,
        help="Năm của mẫu hằng năm (tệp không ghi năm). / The year of a yearly template.",
    ),
]
Plan = Annotated[str | None, typer.Option("--plan", metavar="MÃ", help="Mã kế hoạch. / A plan's id.")]


def read_day(text: str | None) -> date | None:
    """Read a day from the command line, if one is given.

    Raises:
        WrongUse: there is no such day, or it is written in another form.
    """
    return None if text is None else read_given_day(text)


def read_given_day(text: str) -> date:
    """Read a day: listed forms only, never a guess.

    Raises:
        WrongUse: there is no such day, or it is written in another form.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a local day has no zone
        except ValueError:
            continue
    raise WrongUse(
        f"Không có ngày {text}; viết như 2024-04-30 hoặc 30/4/2024.",
        f"{text} is no day; write it like 2024-04-30 or 30/4/2024.",
    )


def read_data(text: str, *, days: Iterable[str] = ()) -> dict[str, Any]:
    """Read the JSON object of `--data`.

    Args:
        text: as it was typed.
        days: names under which days stand, in the forms that `read_given_day` takes.

    Raises:
        WrongUse: it is none; what stands there is no day.
    """
    try:
        found = json_library.loads(text)
    except (json_library.JSONDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise WrongUse(
            '--data phải là JSON dạng {"tên": "giá trị"}.', '--data must be JSON like {"name": "value"}.'
        )
    for day in days:
        if isinstance(found.get(day), str):
            found[day] = read_given_day(found[day])
    return found


def application() -> Application:
    """Put the application together, when a command needs it; its connections are closed at the end."""
    from ocop_workflow.bootstrap import bootstrap

    app = bootstrap()
    at_end.callback(app.database.close)
    if app.demonstration:
        remark(
            f"Đây là bản xem thử ({app.database.file}): thư chỉ thành tệp, không gửi cho ai; "
            "dữ liệu làm lại mỗi lần chạy `ocop demo`.",
            "This is the demonstration: letters become files, `ocop demo` makes its data anew.",
        )
    return app


def the_operator() -> Actor:
    """Return who keeps the service on this host: no role limits that, the audit names the host's user."""
    from ocop_workflow.access import operator

    return operator(host())


def acting_as(tx: Connection, login: str) -> Actor:
    """Return the officer in whose name something is done (`--as`).

    Raises:
        NotPermitted: nobody active has this login.
    """
    from ocop_workflow.errors import NotPermitted
    from ocop_workflow.people.officers import actor_on_host

    try:
        return actor_on_host(tx, login, host())
    except NotPermitted:
        if login != NOBODY:
            raise
        raise NotPermitted(
            "Đã có cán bộ trong hệ thống: hãy nêu người làm bằng --as TÊN, xem tên bằng `ocop officer list`.",
            "There are officers: name who does it with --as LOGIN, see `ocop officer list`.",
        ) from None


def refuse_early(tx: Connection, login: str, permission: Permission, unit_id: int) -> None:
    """Let nobody look at what they may not do; whoever names nobody (`--as`) may look all the same.

    Raises:
        NotPermitted: the officer who is named may not do it.
    """
    from ocop_workflow.people.officers import permitted

    if login != NOBODY:
        permitted(tx, acting_as(tx, login), permission, unit_id)


def confirming(tx: Connection, login: str, permission: Permission, unit_id: int, confirm: str) -> str:
    """Return the command that was typed, confirmed, as it can be pasted into a shell.

    Once there are officers somebody has to be named: where nobody was, the line names one who may do it.
    """
    from ocop_workflow.people.officers import who_may

    named = who_may(tx, permission, unit_id) if login == NOBODY else None
    return again(*(["--as", named] if named else []), "--confirm", confirm)


def again(*more: str) -> str:
    """Return the command that was typed, with more words, as it can be pasted into a shell."""
    return shlex.join(["ocop", *(word for word in sys.argv[1:] if word != "--json"), *more])


def host() -> str:
    """Return whence the command line acts, as the audit names it: the host's user."""
    import getpass

    try:
        return f"host:{getpass.getuser()}"
    except (KeyError, OSError):
        return "host"


#: what has to be put away when the command is over
at_end = ExitStack()
