"""The console in this process: the seed's town, its officers, each with a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from ocop_workflow.access import SessionStage
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.web.console.frame import long_work
from ocop_workflow.web.console.frame.door import COOKIE
from tests.web.cast import application_on, routes_on
from tests.web.console.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page begin before its work is done only because the machine has other work, too."""
    monkeypatch.setattr(long_work, "PATIENCE", 60)


@pytest.fixture
def visitor(seeded: Database, clock: FixedClock, cast: Cast) -> Iterator[Callable[[str], Visitor]]:
    """Give a browser to whoever is named, signed in already; nobody's if the name is empty."""
    app = routes_on(application_on(seeded, clock))
    opened: list[TestClient] = []

    def give(login: str) -> Visitor:
        client = TestClient(app, base_url="http://localhost")
        opened.append(client)
        if not login:
            return Visitor(client)
        with cast.database.write() as tx:
            officer = officer_by_login(tx, login)
            assert officer is not None
            token = open_session(
                tx, officer.id, SessionStage.FULL, origin="testclient", agent="a test", now=clock.now()
            )
        client.cookies.set(COOKIE, token)
        return Visitor(client, token)

    yield give
    for client in opened:
        client.close()
