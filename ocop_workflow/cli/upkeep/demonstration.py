"""The demonstration: a database of its own, a scene that is lived by the use cases, letters as files."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
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
    from collections.abc import Callable, Iterable, Sequence

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.sweep.daily import SweepReport

SEED = "duc-pho-2024"
ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class Post:
    """Who works in a scene: login, name, role, unit."""

    login: str
    name: str
    role: Role
    unit: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What a demonstration shows.

    Attributes:
        name: by which it is asked for.
        plan: the shipped plan whose products are shown.
        title: what is said over their list.
        day: the simulated day, where none is asked for.
        posts: who works in it.
        live: lives it up to that day, and gives its officers.
    """

    name: str
    plan: str
    title: str
    day: date
    posts: tuple[Post, ...]
    live: Callable[[Application], Sequence[Hired]] | None = None

    @property
    def folder(self) -> Path:
        """The folder that is its own."""
        return Path("var/demo" if self.name == "start" else f"var/demo-{self.name}")

    @property
    def database(self) -> Path:
        """Its database."""
        return self.folder / "demo.sqlite3"

    @property
    def mail(self) -> Path:
        """Where its letters lie."""
        return self.folder / "mail"

    @property
    def url(self) -> str:
        """The address by which further commands reach it, from the folder in which it was made."""
        return f"sqlite:///{self.database.as_posix()}"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demonstration left behind; `hired`: its officers, where they were needed to live it."""

    app: Application
    report: SweepReport
    delivered: int
    hired: Sequence[Hired] = ()


def run_demo(scene: Scene, day: date) -> DemoResult:
    """Set a scene up on a simulated day, in a folder of its own, and live it.

    What an earlier demonstration has left there is made anew. No other database is looked at, whatever the
    settings name, and no letter leaves this machine.

    Raises:
        Conflict: a file of the demonstration's name holds something that no demonstration has put there.
        Unavailable: the folder cannot be written.
        WrongUse: no days off are known of that year.
    """
    known_day(day)
    app = _fresh_application(scene, day)
    schema.upgrade(app.database)
    hired: Sequence[Hired] = ()
    if scene.live is None:
        load_list(app, scene.plan, f"{scene.plan}.csv", app.clock.today(), app.clock.now())
    else:
        hired = scene.live(app)
    report = sweep(app.database, app.clock, app.sender)
    with closing(app.mailer()) as mailer:
        done = deliver_pending(
            app.database, mailer, app.retry_policy, app.clock, app.sender, journal=app.journal
        )
    return DemoResult(app, report, done.sent, hired)


def load_list(app: Application, plan: str, annex: str, today: date, now: datetime) -> None:
    """Load a shipped plan and publish a list of its products, on a day that may lie back."""
    by = operator("host", ACTOR)
    with app.database.write() as tx:
        load_new(tx, shipped_plan_text(plan), actor=by, today=today, now=now)
        source = resources.files("ocop_workflow") / "data" / "annexes" / annex
        with resources.as_file(source) as path:
            import_annex(tx, read_file(path), plan, actor=by, today=today, now=now)


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


#: the seed, as it stands on a day
START = Scene(
    "start",
    SEED,
    "Kế hoạch OCOP 2024, thị xã Đức Phổ",
    date(2024, 4, 23),
    (
        Post("quan", "Quản trị hệ thống", Role.ADMINISTRATOR, "duc-pho"),
        Post("minh", "Minh, Phòng Kinh tế", Role.AUTHORITY_OFFICER, "duc-pho"),
        Post("thu", "Thu, Thư ký Hội đồng", Role.COUNCIL_SECRETARY, "duc-pho"),
        Post("lan", "Lan, UBND xã Phổ An", Role.COMMUNE_OFFICER, "pho-an"),
        Post("ha", "Hà, UBND phường Nguyễn Nghiêm", Role.COMMUNE_OFFICER, "nguyen-nghiem"),
        Post("tam", "Tâm, Phó Chủ tịch UBND thị xã", Role.VIEWER, "duc-pho"),
    ),
)


#: words of which the passwords are made: typed without marks on any keyboard
_WORDS = (
    *("song", "lua", "tre", "muoi", "bien", "nui", "rung", "hoa", "trang", "sao", "may", "gio", "cau"),
    *("ben", "cho", "dong", "suoi", "thuyen", "mia", "que", "nghe", "sen", "khoai", "dua", "cau", "trau"),
)


def hire(app: Application, posts: Iterable[Post]) -> list[Hired]:
    """Give the demonstration its officers, each with what signs in to everything that the role may do."""
    host, now = operator("host", ACTOR), app.clock.now()
    hired = []
    with app.database.write() as tx:
        for post in posts:
            login, role, unit = post.login, post.role, post.unit
            add_officer(tx, host, login, post.name, role, unit, now=now)
            password = "-".join(secrets.choice(_WORDS) for _ in range(4))
            set_password(tx, host, login, password, now=now)
            secret, codes = set_up_code(tx, host, login, now=now) if role in CODE_REQUIRED else ("", ())
            order = TokenOrder(login, Scope.ADMINISTER, LONGEST, "ocop demo")
            token = create_token(tx, host, order, now=now)
            hired.append(Hired(login, role, unit, token, password, secret, codes))
    return hired


def _fresh_application(scene: Scene, day: date) -> Application:
    demonstrations.make_anew(scene.database)
    for left in (scene.folder / "sent.jsonl", *scene.mail.glob("*.eml"), *(scene.folder / "files").glob("*")):
        left.unlink(missing_ok=True)  # of an earlier demonstration
    zone = load_settings().zone
    app = bootstrap(
        load_settings(
            now=datetime.combine(day, time(6, 0), zone),
            mail_from="ocop@duc-pho.example" if scene is START else "ocop@vi-du.example",
            database_url=scene.url,
        )
    )
    at_end.callback(app.database.close)
    return app
