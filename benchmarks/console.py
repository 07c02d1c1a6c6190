"""The console's pages: one worker, one reader who waits for each page, beside bare ones."""

from __future__ import annotations

import http.client
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import sweep
from benchmarks.figures import CONSOLE
from benchmarks.http import OURS, server
from benchmarks.measuring import Row, in_child, medians
from ocop_workflow.access import Role, SessionStage, operator
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.officers import add_officer
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.store import Database

if TYPE_CHECKING:
    from benchmarks.measuring import Stopwatch
    from benchmarks.stores import Store

#: pages of a run
LOOKS = 20
NOW = datetime.fromisoformat("2024-11-01T14:00:00+07:00")


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure each page for an officer of one province, beside the same statements and template alone."""
    rows = []
    with store.fresh() as url:
        in_child(sweep.ours, url)
        cookie = _prepare(url)
        floor = server(url, "-m", "benchmarks.bare_console", url, cookie)
        with server(url, *OURS) as ours, floor as bare:
            for page in CONSOLE:
                weight = _weigh(ours, page, cookie)
                mine, best = medians(
                    rounds,
                    partial(in_child, _look, ours, page, cookie),
                    partial(in_child, _look, bare, page, cookie),
                )
                each = mine.seconds / LOOKS, best.seconds / LOOKS
                name = f"console {page}"
                rows.append(Row(name, store.kind, store.size, *each, note=f"{weight / 1000:.0f} kB"))
    return rows


def _prepare(url: str) -> str:
    """Give an officer of one province a session; return what the browser holds."""
    database = Database(url)
    with database.write() as tx:
        add_officer(tx, operator("host"), "xem", "Xem", Role.AUTHORITY_OFFICER, "province-0", now=NOW)
        officer = officer_by_login(tx, "xem")
        if officer is None:
            raise AssertionError("nobody was added")
        token = open_session(
            tx, officer.id, SessionStage.FULL, origin="127.0.0.1", agent="a benchmark", now=NOW
        )
    database.close()
    return token


def _look(watch: Stopwatch, port: int, page: str, cookie: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    with watch:
        for _ in range(LOOKS):
            line.request("GET", page, headers={"Cookie": f"ocop={cookie}", "Host": "localhost"})
            answer = line.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise AssertionError(f"{page} is answered {answer.status}")
    line.close()


def _weigh(port: int, page: str, cookie: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", page, headers={"Cookie": f"ocop={cookie}", "Host": "localhost"})
    size = len(line.getresponse().read())
    line.close()
    return size
