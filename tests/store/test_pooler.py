"""A pooler between the service and PostgreSQL: by the session it works, by the transaction it is refused."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, text

from ocop_workflow.errors import Unavailable, WrongUse
from ocop_workflow.store import Database, schema
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not on this machine")

REFUSAL = (
    "OCOP_DATABASE_URL leads to PgBouncer in pool_mode = transaction or statement, which cannot be used: "
    "sessions change between transactions; connect to PostgreSQL itself or set pool_mode = session."
)


@contextmanager
def pooler(database_url: str, mode: str, size: int = 2) -> Iterator[str]:
    """Run PgBouncer in front of a database; gives the address by which the database is reached through it."""
    address = make_url(database_url)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    password = f" password={address.password}" if address.password else ""
    ini = (
        f"[databases]\n{address.database} = host={address.host} port={address.port or 5432} "
        f"user={address.username or 'postgres'}{password}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
        f"pool_mode = {mode}\ndefault_pool_size = {size}\n"
    )
    user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
    with NamedTemporaryFile("w", suffix=".ini", encoding="utf-8") as file:
        file.write(ini)
        file.flush()
        Path(file.name).chmod(0o644)
        server = subprocess.Popen([str(PGBOUNCER), "-q", *user, file.name], stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield address.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("PgBouncer does not answer")


@pytest.fixture
def server_database(postgres_server: str, worker_id: str) -> Iterator[str]:
    """A database of its own, empty."""
    with postgres.database_of_own(postgres_server, f"ocop_pooler_{worker_id}_{os.getpid()}") as url:
        yield url


@pytest.mark.parametrize("size", [1, 2, 5])
def test_sessions_lent_by_the_transaction_are_refused(server_database: str, size: int) -> None:
    with pooler(server_database, "transaction", size) as url:
        database = Database(url)
        with pytest.raises(WrongUse) as refused, database.read():
            pass
        database.close()
    assert refused.value.text.en == REFUSAL


def test_sessions_lent_by_the_statement_are_refused(server_database: str) -> None:
    with pooler(server_database, "statement") as url:
        database = Database(url)
        with pytest.raises(Unavailable, match="pool_mode = session"), database.read():
            pass
        database.close()


@pytest.mark.parametrize("size", [1, 2])
def test_sessions_lent_for_good_work(server_database: str, size: int) -> None:
    with pooler(server_database, "session", size) as url:
        database = Database(url)
        schema.upgrade(database)
        with database.read() as tx:
            zone = tx.execute(text("SHOW timezone")).scalar_one()
            patience = tx.execute(text("SHOW lock_timeout")).scalar_one()
        database.close()
    assert (zone, patience) == ("UTC", "4s")
