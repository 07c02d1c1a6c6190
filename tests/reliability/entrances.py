"""What else people do, by every entrance, to a service that lives at random; see `stateful`.

Letters in hand, plans that change, more time and no more of it, units that end, the API and the command line,
a clock that stands still or is set back a little, and a look ahead.
"""

from __future__ import annotations

import contextlib
import io
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from ocop_workflow.access import Scope
from ocop_workflow.calendar.workdays import years_known
from ocop_workflow.changes import (
    change_plan,
    grant_extension,
    preview_change,
    preview_extension,
    preview_revocation,
    revoke_extension,
)
from ocop_workflow.changes.mergers.succession import merge
from ocop_workflow.cli import main
from ocop_workflow.letters import outbox as letters
from ocop_workflow.overview.deadlines import acknowledge
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.sweep.activities import finish_activity, reopen_activity
from ocop_workflow.upkeep.simulation import Scenario, simulate
from ocop_workflow.web.app import create_app
from tests.changes.amending import MONTHS, SEED_TEXT, amended, order
from tests.factories import LAN, MINH, SEED, SENDER, rows, told_to_all
from tests.stories.cast import HOST
from tests.stories.mergers import load_new_units
from tests.web.cast import application_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: who comes by HTTP
AT_THE_DOOR = ("lan", "minh", "ha", "thu")

UNITS = ("pho-an", "pho-hoa", "pho-minh", "pho-khanh", "moi-mot", "moi-hai", "pho-phong", "duc-pho")
CODES = st.integers(1, 16).map(lambda number: f"DP24-{number:03}")
RULES = st.sampled_from(["registration", "selection", "outcome"])
DAYS = st.integers(0, 40)

#: events that come by HTTP, with their data
BY_HTTP: dict[str, dict[str, str]] = {"register": {"group": "food"}, "select": {}, "decline": {"reason": "x"}}

#: how far a clock may be set back before it has to be told
A_LITTLE = 100


class Entrances(RuleBasedStateMachine):
    """The doors to the service beside those that `stateful.Service` has."""

    database: Database
    clock: FixedClock
    all_or_nothing: Callable[[int, Callable[[Connection], None]], None]

    def open_doors(self) -> None:
        """Let everybody in who has an account."""
        self.back = 0
        load_new_units(self.database, self.clock)
        self.tokens = {}
        for login in AT_THE_DOOR:
            with self.database.write() as tx:
                given = TokenOrder(login, Scope.ACT, 300)
                self.tokens[login] = create_token(tx, HOST, given, now=self.clock.now())
        self.client = TestClient(create_app(application_on(self.database, self.clock)))

    # -- time ----------------------------------------------------------------------------------------

    @rule(seconds=st.integers(0, 20))
    def set_back_a_little(self, seconds: int) -> None:
        """As two commands do under a simulated clock, or a clock that is put right."""
        if self.back + seconds <= A_LITTLE:
            self.back += seconds
            self.clock.wait(-timedelta(seconds=seconds))

    # -- letters in hand -----------------------------------------------------------------------------

    @rule(deed=st.sampled_from([letters.hold, letters.release]), data=st.data())
    def take_in_hand(self, deed: Callable[..., None], data: st.DataObject) -> None:
        found = rows(self.database, "SELECT id FROM outbox WHERE state IN ('pending', 'held') ORDER BY id")
        if found:
            number = data.draw(st.sampled_from(found))[0]
            self.all_or_nothing(0, lambda tx: deed(tx, HOST, number, self.clock.now()))

    def let_go_of_letters(self) -> None:
        """Release what is held."""
        for (number,) in rows(self.database, "SELECT id FROM outbox WHERE state = 'held'"):
            self.all_or_nothing(0, lambda tx, one=number: letters.release(tx, HOST, one, self.clock.now()))  # type: ignore[misc]  # bound at once

    @rule(data=st.data(), cut=st.integers(0, 3))
    def send_again(self, data: st.DataObject, cut: int) -> None:
        found = rows(self.database, "SELECT id FROM outbox WHERE state IN ('sent', 'dead') ORDER BY id")
        if found:
            number = data.draw(st.sampled_from(found))[0]

            def step(tx: Connection) -> None:
                letters.resend(tx, HOST, number, SENDER, self.clock.now())

            self.all_or_nothing(cut, step)

    @rule(data=st.data())
    def take_note(self, data: st.DataObject) -> None:
        late = rows(
            self.database, "SELECT deadline_id FROM flags WHERE cleared_on IS NULL ORDER BY deadline_id"
        )
        if late:
            number = data.draw(st.sampled_from(late))[0]

            def step(tx: Connection) -> None:
                acknowledge(tx, HOST, number, self.clock.today(), self.clock.now())

            self.all_or_nothing(0, step)

    # -- plans ---------------------------------------------------------------------------------------

    @rule(
        name=st.sampled_from([*MONTHS]),
        days=DAYS,
        counted=st.booleans(),
        to_all=st.booleans(),
        cut=st.integers(0, 3),
    )
    def change_dates(self, name: str, days: int, counted: bool, to_all: bool, cut: int) -> None:
        due = date(2024, 5, 5) + timedelta(days=days)
        wanted = amended(due.isoformat(), name, told_to_all() if to_all else SEED_TEXT)
        if counted:
            wanted = wanted.replace(MONTHS["selection"], '{ after = { event = "registered", days = 20 } }')

        def step(tx: Connection) -> None:
            today = self.clock.today()
            confirm = preview_change(tx, wanted, today).hash
            change_plan(tx, wanted, confirm, actor=LAN, sender=SENDER, today=today, now=self.clock.now())

        self.all_or_nothing(cut, step)

    @rule(code=CODES, name=RULES, days=DAYS, cut=st.integers(0, 3))
    def give_more_time(self, code: str, name: str, days: int, cut: int) -> None:
        today = self.clock.today()
        wanted = order(code, to=(today + timedelta(days=days)).isoformat(), milestone=name)

        def step(tx: Connection) -> None:
            confirm = preview_extension(tx, wanted, today).hash
            grant_extension(tx, wanted, confirm, actor=LAN, sender=SENDER, today=today, now=self.clock.now())

        self.all_or_nothing(cut, step)

    @rule(number=st.integers(1, 4), cut=st.integers(0, 3))
    def give_it_no_more(self, number: int, cut: int) -> None:
        def step(tx: Connection) -> None:
            today = self.clock.today()
            confirm = preview_revocation(tx, number, today).hash
            revoke_extension(tx, number, confirm, actor=LAN, sender=SENDER, today=today, now=self.clock.now())

        self.all_or_nothing(cut, step)

    @rule(name=st.sampled_from(["training", "promotion", "inspection"]))
    def finish(self, name: str) -> None:
        def step(tx: Connection) -> None:
            today = self.clock.today()
            finish_activity(tx, MINH, name, plan=SEED, on=None, today=today, now=self.clock.now())

        self.all_or_nothing(0, step)

    @rule(name=st.sampled_from(["training", "promotion", "inspection"]))
    def finish_no_more(self, name: str) -> None:
        def step(tx: Connection) -> None:
            reopen_activity(tx, MINH, name, "ghi nhầm", plan=SEED, now=self.clock.now())

        self.all_or_nothing(0, step)

    @rule(
        pair=st.lists(st.sampled_from(UNITS), min_size=2, max_size=2),
        days=st.integers(-3, 10),
        cut=st.integers(0, 3),
    )
    def merge_units(self, pair: list[str], days: int, cut: int) -> None:
        def step(tx: Connection) -> None:
            today = self.clock.today()
            on = today + timedelta(days=days)
            merge(tx, HOST, pair[0], pair[1], on, today=today, now=self.clock.now())

        self.all_or_nothing(cut, step)

    # -- the API and the command line ------------------------------------------------------------------

    @rule(
        who=st.sampled_from(AT_THE_DOOR),
        unit=st.sampled_from(["pho-an", "pho-minh"]),
        name=st.text("abc", min_size=1, max_size=3),
    )
    def create_by_http(self, who: str, unit: str, name: str) -> None:
        self.ask(
            who,
            "POST",
            "products",
            {"plan": SEED, "unit": unit, "name": name, "producer": "HTX", "new_producer": True},
        )

    @rule(who=st.sampled_from(AT_THE_DOOR), code=CODES, event=st.sampled_from([*BY_HTTP]))
    def act_by_http(self, who: str, code: str, event: str) -> None:
        self.ask(who, "POST", f"products/{code}/events", {"event": event, "data": BY_HTTP[event]})

    @rule(who=st.sampled_from(AT_THE_DOOR), code=CODES, address=st.sampled_from(["Thôn 1", "Thôn 2"]))
    def correct_by_http(self, who: str, code: str, address: str) -> None:
        self.ask(who, "PATCH", f"products/{code}", {"address": address})

    @rule(who=st.sampled_from(AT_THE_DOOR), code=CODES)
    def undo_by_http(self, who: str, code: str) -> None:
        self.ask(who, "POST", f"products/{code}/undo", {"reason": "ghi nhầm"})

    def ask(self, who: str, method: str, path: str, given: dict[str, Any]) -> None:
        """Ask for something, having seen the product as it stands; the answer is an answer."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        if path.startswith("products/"):
            seen = self.client.get(f"/api/v1/products/{path.split('/')[1]}", headers=headers)
            headers["If-Match"] = seen.headers.get("etag", "*")
        found = self.client.request(method, f"/api/v1/{path}", headers=headers, json=given)
        assert found.status_code < 500, found.text

    @rule(words=st.sampled_from([("sweep",), ("letters", "list"), ("prove",), ("products", "--overdue")]))
    def at_the_keyboard(self, words: tuple[str, ...]) -> None:
        said = self.type(*words)
        assert "Traceback" not in said, said

    @rule(code=CODES, event=st.sampled_from(["register", "select", "withdraw"]))
    def advance_at_the_keyboard(self, code: str, event: str) -> None:
        data = {"register": '{"group": "food"}', "withdraw": '{"reason": "x"}'}.get(event, "{}")
        said = self.type("advance", code, event, "--as", "minh", "--data", data)
        assert "Traceback" not in said, said

    def type(self, *words: str) -> str:
        """Run a command at the instant at which the clock stands. Returns what it said."""
        given = {
            "OCOP_DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "OCOP_NOW": self.clock.now().isoformat(),
        }
        said = io.StringIO()
        with (
            pytest.MonkeyPatch.context() as host,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            contextlib.suppress(SystemExit),
        ):
            for name, value in given.items():
                host.setenv(name, value)
            host.setattr(sys, "argv", ["ocop", *words])
            main()
        return said.getvalue()

    # -- a look ahead ----------------------------------------------------------------------------------

    @precondition(lambda self: self.clock.today().year < years_known()[1])
    @rule(days=st.integers(0, 3), shift=st.sampled_from([{}, {"outcome": 7}, {"registration": 3}]))
    def look_ahead(self, days: int, shift: dict[str, int]) -> None:
        today = self.clock.today()
        simulate(self.database, Scenario(SEED, today, today + timedelta(days=days), shift), SENDER)
