"""The demonstration: a fresh database, the seed's plan and products, one sweep, letters through real SMTP."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Role, Scope, operator
from ocop_workflow.bootstrap import bootstrap
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import Conflict, OcopError, WrongUse
from ocop_workflow.services.delivery import deliver_pending
from ocop_workflow.services.imports.importing import import_annex, read_file
from ocop_workflow.services.officers import add_officer
from ocop_workflow.services.plan_entry import load_new
from ocop_workflow.services.sweep import known_day, sweep
from ocop_workflow.services.tokens import LONGEST, TokenOrder, create_token
from ocop_workflow.settings import load_settings
from ocop_workflow.storage import Database, plans, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.services.sweep import SweepReport

SEED = "duc-pho-2024"
ANNEX = "duc-pho-2024.csv"
FOLDER = Path("var")
ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demonstration left behind."""

    app: Application
    report: SweepReport
    delivered: int
    mail_dir: Path


def run_demo(day: date) -> DemoResult:
    """Set the demonstration up on a simulated day and run it.

    The database is the one that the settings name if it is SQLite, and must be new or of an earlier
    demonstration: nobody's own data are ever overwritten.

    Raises:
        Conflict: the database holds something that no demonstration has put there.
        WrongUse: the demonstration's mail server is not installed, or no days off are known of that year.
    """
    known_day(day)
    mail_dir = FOLDER / "mail"
    app = _fresh_application(day, port=0)
    schema.upgrade(app.database)
    with app.database.write() as tx:
        now, today = app.clock.now(), app.clock.today()
        by = operator("host", ACTOR)
        load_new(tx, shipped_plan_text(SEED), actor=by, today=today, now=now)
        annex = resources.files("ocop_workflow") / "data" / "annexes" / ANNEX
        with resources.as_file(annex) as path:
            import_annex(tx, read_file(path), SEED, actor=by, today=today, now=now)
    report = sweep(app.database, app.clock, app.sender)
    with _local_mail_server(mail_dir) as port:
        sending = _application(day, port)
        with closing(sending.mailer()) as mailer:
            done = deliver_pending(
                app.database, mailer, app.retry_policy, app.clock, app.sender, journal=app.journal
            )
    return DemoResult(app, report, done.sent, mail_dir)


@dataclass(frozen=True, slots=True)
class Hired:
    """An officer of the demonstration, with a token that is shown once."""

    login: str
    role: Role
    unit: str
    token: str


#: who works in the demonstration: login, name, role, unit
OFFICERS = (
    ("quan", "Quản trị hệ thống", Role.ADMINISTRATOR, "duc-pho"),
    ("minh", "Minh, Phòng Kinh tế", Role.AUTHORITY_OFFICER, "duc-pho"),
    ("thu", "Thu, Thư ký Hội đồng", Role.COUNCIL_SECRETARY, "duc-pho"),
    ("lan", "Lan, UBND xã Phổ An", Role.COMMUNE_OFFICER, "pho-an"),
    ("ha", "Hà, UBND phường Nguyễn Nghiêm", Role.COMMUNE_OFFICER, "nguyen-nghiem"),
)


def hire(app: Application) -> list[Hired]:
    """Give the demonstration its officers, each with a token for everything that the role may do."""
    host, now = operator("host", ACTOR), app.clock.now()
    hired = []
    with app.database.write() as tx:
        for login, name, role, unit in OFFICERS:
            add_officer(tx, host, login, name, role, unit, now=now)
            order = TokenOrder(login, Scope.ADMINISTER, LONGEST, "ocop demo")
            hired.append(Hired(login, role, unit, create_token(tx, host, order, now=now)))
    return hired


def _application(day: date, port: int) -> Application:
    settings = load_settings()
    url = settings.database_url.get_secret_value()
    given: dict[str, Any] = {
        "now": datetime.combine(day, time(6, 0), settings.zone),
        "mail_from": "ocop@duc-pho.example",
        "database_url": url if url.startswith("sqlite:///") else "sqlite:///var/ocop.sqlite3",
    }
    if port:
        given["smtp"] = {"host": "127.0.0.1", "port": port, "tls": "none"}
    return bootstrap(load_settings(**given))


def _fresh_application(day: date, port: int) -> Application:
    app = _application(day, port)
    file = app.database.file
    if file is not None and file.exists() and file.stat().st_size:
        if not _is_of_a_demo(app.database):
            raise Conflict(
                f"{file} đang chứa dữ liệu thật; bản xem thử không ghi đè. Hãy chạy ở thư mục khác.",
                f"{file} holds real data; the demonstration does not overwrite it. Run it in another folder.",
            )
        app.database.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        app.settings.send_journal.unlink(missing_ok=True)  # the letters of an earlier demonstration
    return app


def _is_of_a_demo(database: Database) -> bool:
    """Tell whether nobody but a demonstration has loaded plans into a database."""
    try:
        with database.read() as tx:
            return plans.loaders(tx) <= {ACTOR}
    except OcopError:
        return False


@contextmanager
def _local_mail_server(folder: Path) -> Iterator[int]:
    """Run an SMTP server on this machine that puts each letter into a file. Gives its port."""
    try:
        from aiosmtpd.controller import Controller
    except ImportError:
        raise WrongUse(
            "Bản xem thử cần máy chủ thư cục bộ: cài thêm bằng pip install 'ocop-workflow[demo]'.",
            "The demonstration needs its local mail server: pip install 'ocop-workflow[demo]'.",
        ) from None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    controller = Controller(_Files(folder), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Files:
    """Puts each letter that arrives into `<number>-<recipient>.eml`, byte for byte."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's signature
        self._count += 1
        recipient = envelope.rcpt_tos[0].replace("/", "_")
        path = self._folder / f"{self._count:03}-{recipient}.eml"
        path.write_bytes(envelope.original_content)
        return "250 OK"
