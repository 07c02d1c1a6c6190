"""The officers of the tests, with real tokens, and the application that they meet."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Role, Scope
from ocop_workflow.bootstrap import Application
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.settings import Settings
from ocop_workflow.store import Database
from ocop_workflow.web.app import create_app, put_behind
from tests.factories import IMPORT_DAY, SENDER
from tests.fakes import FixedClock
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from fastapi import FastAPI

#: who works where: login, role, unit
OFFICERS = {
    "lan": (Role.COMMUNE_OFFICER, "pho-an"),
    "ha": (Role.COMMUNE_OFFICER, "nguyen-nghiem"),
    "minh": (Role.AUTHORITY_OFFICER, "duc-pho"),
    "thu": (Role.COUNCIL_SECRETARY, "duc-pho"),
    "tam": (Role.COUNCIL_MEMBER, "duc-pho"),
    "quan": (Role.ADMINISTRATOR, "duc-pho"),
    "xem": (Role.VIEWER, "duc-pho"),
    "tinh": (Role.COUNCIL_SECRETARY, "quang-ngai"),
    "chu": (Role.ADMINISTRATOR, "quang-ngai"),
}


#: for the secret and for files of papers: outside every database that a test makes
_BESIDE = Path(tempfile.mkdtemp())


@dataclass(frozen=True)
class Cast:
    """The officers' tokens, of the widest scope unless another is asked for."""

    database: Database
    clock: FixedClock
    tokens: dict[str, str]

    def token(self, login: str, scope: Scope = Scope.ADMINISTER, unit: str | None = None) -> str:
        """Make one more token for an officer."""
        with self.database.write() as tx:
            order = TokenOrder(login, scope, 300, unit=unit)
            return create_token(tx, HOST, order, now=self.clock.now())

    def as_(self, login: str, **headers: str) -> dict[str, str]:
        """Return the headers with which an officer asks."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.tokens[login]}", **named}


def hire(database: Database, clock: FixedClock) -> Cast:
    """Give everybody a role and a token."""
    made: dict[str, str] = {}
    cast = Cast(database, clock, made)
    appoint(database, clock, OFFICERS)
    for login in OFFICERS:
        made[login] = cast.token(login)
    return cast


def application_on(
    database: Database, clock: FixedClock, *, token_rate: int = 0, officer_rate: int = 0
) -> Application:
    """Put an application together that works on a test's database, at a test's time.

    Unless a rate is given it is without end: a fuzzer asks more in a minute than anybody may.
    """
    settings = Settings(
        database_url=database.engine.url.render_as_string(hide_password=False),
        secret_file=_BESIDE / "ocop.secret",
        files_url=(_BESIDE / "files").as_uri(),
        token_rate=token_rate,
        officer_rate=officer_rate,
    )
    return Application(settings, clock, database, SENDER, RetryPolicy())


#: the routes of this process: to put them together takes longer than most requests
_routes: list[FastAPI] = []


def routes_on(application: Application) -> FastAPI:
    """Return the service over HTTP, working on an application: the same routes for test after test."""
    if _routes:
        put_behind(_routes[0], application)
    else:
        _routes.append(create_app(application))
    return _routes[0]


@cache
def _documented() -> FastAPI:
    return create_app(application_on(Database("sqlite:///never-opened.sqlite3"), FixedClock.at(IMPORT_DAY)))


def api_document() -> dict[str, Any]:
    """Return the OpenAPI document; nobody changes it."""
    return _documented().openapi()


if __name__ == "__main__":
    print(json.dumps(api_document(), ensure_ascii=False, indent=1))  # noqa: T201 - for linters and generators
