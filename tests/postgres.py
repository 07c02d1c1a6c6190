"""Where tests find PostgreSQL: an address that is given, the local server, or a private cluster."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = "postgresql://postgres@127.0.0.1:5432/test"

#: PostgreSQL is backed up by its own tools
HAS_TOOLS = shutil.which("pg_dump") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))


def _answers(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    finally:
        engine.dispose()
    return True


@contextmanager
def server(memory: Path | None = None) -> Iterator[str | None]:
    """Give the address of a PostgreSQL server for as long as the tests run; none if none can be had.

    Args:
        memory: a folder in memory; a cluster in there goes before the local server, which waits for its disk.
    """
    given = os.environ.get("OCOP_TEST_DATABASE_URL")  # noqa: TID251 - tests are told here where to work
    with ExitStack() as stack:
        yield given or _found(stack, memory)


def _found(stack: ExitStack, memory: Path | None) -> str | None:
    if memory:
        with suppress(subprocess.CalledProcessError, OSError):
            if cluster := stack.enter_context(private_cluster(memory)):
                return cluster.url
    if _answers(LOCAL):
        return LOCAL
    cluster = stack.enter_context(private_cluster())
    return cluster.url if cluster else None


@dataclass(frozen=True)
class Cluster:
    """A server of our own, which a test may stop and start again."""

    folder: Path
    control: str
    user: str | None
    port: int

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._do("-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop_at_once(self) -> None:
        """Stop it as a power cut does: nobody may finish, the next start recovers from the log."""
        self._do("-m", "immediate", "stop")

    def _do(self, *words: str) -> None:
        _run(self.folder, self.user, self.control, "-D", str(self.folder / "data"), *words)


#: its input ends with whoever tests, however that ends: no server is left behind
_ONCE_LEFT = 'cat; "$0" -D "$1/data" -m immediate stop; rm -rf "$1"'


@contextmanager
def private_cluster(within: Path | None = None) -> Iterator[Cluster | None]:
    """Start a cluster of our own from the local binaries, as an unprivileged user; none without them."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb = shutil.which("initdb") or (str(binaries[0] / "initdb") if binaries else None)
    if initdb is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="ocop-pg-", dir=within))
    as_user = _become_unprivileged(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Cluster(folder, str(Path(initdb).with_name("pg_ctl")), as_user, port)
    _run(folder, as_user, initdb, "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    cluster.start()
    guard = subprocess.Popen(
        ["sh", "-c", _ONCE_LEFT, cluster.control, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=as_user,
        start_new_session=True,
    )
    try:
        yield cluster
    finally:
        guard.communicate()


def _run(folder: Path, user: str | None, *command: str) -> None:
    # not captured: the server would keep the pipe open and nobody would ever see its end
    subprocess.run(command, check=True, cwd=folder, user=user, stdout=subprocess.DEVNULL)


def _become_unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: then `nobody` runs it."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        return "nobody"
    return None


@contextmanager
def database_of_own(server_url: str, name: str, template: str = "template0") -> Iterator[str]:
    """Create a database on a server, empty or a copy of one that nobody uses, and drop it afterwards."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\''))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()
