"""The demonstration: a database of its own, the seed's plan and products, one sweep, letters as files."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.access import Role, Scope, operator
from ocop_workflow.bootstrap import bootstrap
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.entry import load_new
from ocop_workflow.cli.options import at_end
from ocop_workflow.deadlines.days import known_day
from ocop_workflow.imports.importing import import_annex, read_file
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.people.officers import add_officer
from ocop_workflow.people.sign_in.coming_in import CODE_REQUIRED, set_up_code
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.people.tokens import LONGEST, TokenOrder, create_token
from ocop_workflow.settings import load_settings
from ocop_workflow.store import schema
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep import demo_queries as demonstrations

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.sweep.daily import SweepReport

SEED = "duc-pho-2024"
ANNEX = "duc-pho-2024.csv"
FOLDER = Path("var/demo")
DATABASE = FOLDER / "demo.sqlite3"
MAIL = FOLDER / "mail"
#: the address by which further commands reach the demonstration, from the folder in which it was made
URL = f"sqlite:///{DATABASE.as_posix()}"
ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demonstration left behind."""

    app: Application
    report: SweepReport
    delivered: int


def run_demo(day: date) -> DemoResult:
    """Set the demonstration up on a simulated day, in a folder of its own, and run it.

    What an earlier demonstration has left there is made anew. No other database is looked at, whatever the
    settings name, and no letter leaves this machine.

    Raises:
        Conflict: a file of the demonstration's name holds something that no demonstration has put there.
        Unavailable: the folder cannot be written.
        WrongUse: no days off are known of that year.
    """
    known_day(day)
    app = _fresh_application(day)
    schema.upgrade(app.database)
    with app.database.write() as tx:
        now, today = app.clock.now(), app.clock.today()
        by = operator("host", ACTOR)
        load_new(tx, shipped_plan_text(SEED), actor=by, today=today, now=now)
        annex = resources.files("ocop_workflow") / "data" / "annexes" / ANNEX
        with resources.as_file(annex) as path:
            import_annex(tx, read_file(path), SEED, actor=by, today=today, now=now)
    report = sweep(app.database, app.clock, app.sender)
    with closing(app.mailer()) as mailer:
        done = deliver_pending(
            app.database, mailer, app.retry_policy, app.clock, app.sender, journal=app.journal
        )
    return DemoResult(app, report, done.sent)


@dataclass(frozen=True, slots=True)
class Hired:
    """An officer of the demonstration, with what signs in: shown once.

    `code_secret` is what a telephone makes codes of, and `codes` are good once each, at any time; empty: no
    code is asked for.
    """

    login: str
    role: Role
    unit: str
    token: str
    password: str
    code_secret: str
    codes: tuple[str, ...]


#: who works in the demonstration: login, name, role, unit
OFFICERS = (
    ("quan", "Quản trị hệ thống", Role.ADMINISTRATOR, "duc-pho"),
    ("minh", "Minh, Phòng Kinh tế", Role.AUTHORITY_OFFICER, "duc-pho"),
    ("thu", "Thu, Thư ký Hội đồng", Role.COUNCIL_SECRETARY, "duc-pho"),
    ("lan", "Lan, UBND xã Phổ An", Role.COMMUNE_OFFICER, "pho-an"),
    ("ha", "Hà, UBND phường Nguyễn Nghiêm", Role.COMMUNE_OFFICER, "nguyen-nghiem"),
    ("tam", "Tâm, Phó Chủ tịch UBND thị xã", Role.VIEWER, "duc-pho"),
)


#: words of which the passwords are made: typed without marks on any keyboard
_WORDS = (
    *("song", "lua", "tre", "muoi", "bien", "nui", "rung", "hoa", "trang", "sao", "may", "gio", "cau"),
    *("ben", "cho", "dong", "suoi", "thuyen", "mia", "que", "nghe", "sen", "khoai", "dua", "cau", "trau"),
)


def hire(app: Application) -> list[Hired]:
    """Give the demonstration its officers, each with what signs in to everything that the role may do."""
    host, now = operator("host", ACTOR), app.clock.now()
    hired = []
    with app.database.write() as tx:
        for login, name, role, unit in OFFICERS:
            add_officer(tx, host, login, name, role, unit, now=now)
            password = "-".join(secrets.choice(_WORDS) for _ in range(4))
            set_password(tx, host, login, password, now=now)
            secret, codes = set_up_code(tx, host, login, now=now) if role in CODE_REQUIRED else ("", ())
            order = TokenOrder(login, Scope.ADMINISTER, LONGEST, "ocop demo")
            token = create_token(tx, host, order, now=now)
            hired.append(Hired(login, role, unit, token, password, secret, codes))
    return hired


def _fresh_application(day: date) -> Application:
    demonstrations.make_anew(DATABASE)
    for left in (FOLDER / "sent.jsonl", *MAIL.glob("*.eml"), *(FOLDER / "files").glob("*")):
        left.unlink(missing_ok=True)  # of an earlier demonstration
    zone = load_settings().zone
    app = bootstrap(
        load_settings(
            now=datetime.combine(day, time(6, 0), zone),
            mail_from="ocop@duc-pho.example",
            database_url=URL,
        )
    )
    at_end.callback(app.database.close)
    return app
