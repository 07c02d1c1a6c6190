"""`ocop serve`: the console and the API, with the scheduler inside."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import application
from ocop_workflow.cli.output import say

if TYPE_CHECKING:
    from socket import socket

    from ocop_workflow.bootstrap import Application

HOST = "127.0.0.1"
PORT = 8000


def add_to(app: typer.Typer) -> None:
    """Hang this command under `ocop`."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(metavar="ĐỊA-CHỈ", help="Địa chỉ lắng nghe. / The address to listen on.")
    ] = HOST,
    port: Annotated[
        int, typer.Option(metavar="CỔNG", min=0, max=65535, help="Cổng; 0: cổng trống bất kỳ. / The port.")
    ] = PORT,
    no_scheduler: Annotated[
        bool, typer.Option("--no-scheduler", help="Không quét, không gửi thư. / Neither sweep nor send.")
    ] = False,
) -> None:
    """Mở trang làm việc và API, kèm bộ lập lịch: quét lúc 06:00, gửi thư mỗi phút. / Serve."""
    serve_application(application(), host, port, with_scheduler=not no_scheduler)


def serve_application(app: Application, host: str, port: int, *, with_scheduler: bool) -> None:
    """Serve until told to stop; then the requests and the letter at hand are finished.

    Raises:
        Unavailable: the address cannot be opened, or the database does not answer.
        Conflict: the database is not of this version.
    """
    from ocop_workflow.store import schema
    from ocop_workflow.web import server

    schema.refuse_another_version(app.database)
    door = server.listen(host, port)
    shown_host, shown_port = door.getsockname()[:2]
    say(f"Trang làm việc: http://{shown_host}:{shown_port}/ – API: /api/v1 – bấm Ctrl-C để dừng.")
    serve_at(app, door, with_scheduler=with_scheduler)


def serve_at(app: Application, door: socket, *, with_scheduler: bool) -> None:
    """Serve at an address that is taken already, until told to stop."""
    from ocop_workflow import logs, scheduler
    from ocop_workflow.web import server

    logs.configure()
    with ExitStack() as stack:
        if with_scheduler:
            stack.enter_context(scheduler.beside(app))
        server.serve(app, door)
