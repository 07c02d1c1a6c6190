"""A real browser beside a real `ocop serve`: officers who are signed in, pages, what they complain of."""

from __future__ import annotations

import os
import shutil
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ocop_workflow.access import SessionStage
from ocop_workflow.cli.upkeep.demonstration import run_demo
from ocop_workflow.cli.upkeep.session_scene import SESSION
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.store import Database
from ocop_workflow.web.console.frame.words import LANGUAGE_COOKIE
from tests.factories import IMPORT_DAY, load_seed
from tests.fakes import FixedClock
from tests.stories.cast import appoint
from tests.web.running import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PHONE, DESK = (360, 740), (1280, 800)
#: when the services of these tests begin
BEGUN = datetime(2024, 4, 23, 0, 0, tzinfo=UTC)
#: and when that of the council's session does: at eight in the morning of its day
SESSION_BEGUN = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium; in CI it must be there."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):  # noqa: TID251 - only CI may not go without
            pytest.fail("CI needs Chromium")
        pytest.skip("Chromium is not here: install Debian's package chromium")
    return path


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A browser for all tests.

    It goes with the last test of this folder: its driver keeps an event loop running, beside which no
    other test can run one of its own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Site:
    """A console that runs, its database, and the browser in front of it."""

    url: str
    database: Database
    browser: Browser
    begun: datetime = BEGUN

    @contextmanager
    def page(
        self, login: str = "", size: tuple[int, int] = DESK, *, scripts: bool = True, language: str = "vi"
    ) -> Iterator[Page]:
        """Open a browser, signed in as whoever is named. Whatever a page complains of fails."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts
        )
        context.set_default_timeout(8000)
        context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": self.url}])
        if login:
            context.add_cookies([{"name": "ocop", "value": self._sign_in(login), "url": self.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: complaints.append(request.url) if self._is_strange(request.url) else None,
        )
        yield page
        context.close()
        told = [words for words in complaints if "status of 4" not in words and "[DOM]" not in words]
        assert told == []

    def _is_strange(self, url: str) -> bool:
        return not url.startswith((self.url, "about:"))

    def _sign_in(self, login: str) -> str:
        with self.database.write() as tx:
            officer = officer_by_login(tx, login)
            assert officer is not None
            return open_session(
                tx, officer.id, SessionStage.FULL, origin="127.0.0.1", agent="a test", now=self.begun
            )


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Path:
    """A database with the seed and its officers, to be copied."""
    path = tmp_path_factory.mktemp("seed") / "ocop.sqlite3"
    shutil.copy(_sqlite_template, path)
    database, clock = Database(f"sqlite:///{path}"), FixedClock.at(IMPORT_DAY)
    load_seed(database, clock)
    appoint(database, clock)
    database.close()
    return path


@pytest.fixture
def site(chromium: Browser, _seed: Path, tmp_path: Path) -> Iterator[Site]:
    """The seed's town, for one test."""
    with site_on(chromium, _seed, tmp_path) as made:
        yield made


@dataclass(frozen=True)
class Evening:
    """The made-up province on the day on which its council sits: its database, and everybody's password."""

    database: Path
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Live the demonstration's scene once, to be copied."""
    folder = tmp_path_factory.mktemp("evening")
    with chdir(folder):
        result = run_demo(SESSION, SESSION.day)
        result.app.database.close()
    return Evening(folder / SESSION.database, {one.login: one.password for one in result.hired})


@pytest.fixture
def evening(chromium: Browser, lived: Evening, tmp_path: Path) -> Iterator[Site]:
    """The council's session under way, for one test."""
    with site_on(chromium, lived.database, tmp_path, begun=SESSION_BEGUN) as made:
        yield made


@contextmanager
def site_on(
    browser: Browser,
    seed: Path,
    folder: Path,
    change: Callable[[Database], None] = lambda _: None,
    begun: datetime = BEGUN,
) -> Iterator[Site]:
    """Serve a copy of a database, changed by hand before, from an instant on."""
    path = folder / "ocop.sqlite3"
    shutil.copy(seed, path)
    database = Database(f"sqlite:///{path}")
    change(database)
    with serving(database, folder, "--no-scheduler", OCOP_NOW=begun.isoformat()) as service:
        yield Site(f"http://127.0.0.1:{service.port}", database, browser, begun)
    database.close()
