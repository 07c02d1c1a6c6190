"""The HTTP server: one process, whose end is always clean. Several may work on one PostgreSQL database."""

from __future__ import annotations

import logging
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from ocop_workflow.errors import Unavailable
from ocop_workflow.web.app import create_app
from ocop_workflow.web.guard.connections import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.bootstrap import Application

#: seconds for the requests at hand to be answered after the service was told to stop; a locked database
#: answers within this time too
GRACE = 5

_log = logging.getLogger("ocop_workflow.web")


def listen(host: str, port: int) -> socket.socket:
    """Take an address, before anything else is begun. Port 0: any that is free.

    Raises:
        Unavailable: it is taken, or is none of this machine's.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, proto)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as error:
        raise Unavailable(
            f"Không mở được {host}:{port} ({error.strerror}); hãy chọn cổng khác bằng --port.",
            f"{host}:{port} cannot be opened ({error.strerror}); choose another with --port.",
        ) from None
    return taken


def serve(application: Application, door: socket.socket) -> None:
    """Answer requests until SIGTERM or SIGINT; those at hand are answered first."""
    proxies = application.settings.proxies
    config = uvicorn.Config(
        create_app(application),
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,  # ours knows what not to write
        server_header=False,
        lifespan="off",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=GRACE,
    )
    host, port = door.getsockname()[:2]
    _log.info("listening on %s port %d, believing the proxies %s", host, port, proxies or "(none)")
    _Server(config).run(sockets=[door])
    _log.info("stopped")


class _Server(uvicorn.Server):
    """Ends by returning: uvicorn itself would raise the signal once more, before anything is put away."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Be told to stop by SIGTERM and SIGINT."""
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
