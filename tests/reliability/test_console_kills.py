"""The server is killed while a form is on its way: it counts whole or not at all, and sent again once."""

from __future__ import annotations

import random
import signal
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ocop_workflow.access import SessionStage
from ocop_workflow.people.officer_queries import officer_by_login
from ocop_workflow.people.sign_in.sessions import open_session
from ocop_workflow.upkeep.examination import examine
from tests.factories import rows
from tests.web.running import serving

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.running import Service

#: products of Phổ An, each of which is registered while the server dies
CODES = ("DP24-002", "DP24-003", "DP24-004", "DP24-005", "DP24-006")


def sign_in(database: Database, clock: FixedClock) -> str:
    with database.write() as tx:
        lan = officer_by_login(tx, "lan")
        assert lan is not None
        return open_session(
            tx, lan.id, SessionStage.FULL, origin="127.0.0.1", agent="a test", now=clock.now()
        )


def form_of(service: Service, path: str, cookie: str) -> bytes:
    page = service.ask(path, Cookie=cookie).body.decode()
    fields = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("form", "seen")
    }
    return urlencode({**fields, "group": "food", "on": "2024-04-23", "note": ""}).encode()


def send(service: Service, path: str, body: bytes, cookie: str) -> int:
    kind = "application/x-www-form-urlencoded"
    return service.ask(path, "POST", body, Cookie=cookie, Content_Type=kind).status


def test_a_form_is_whole_or_not_there_and_sent_again_it_counts_once(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    chance = random.Random(19)
    cookie = f"ocop={sign_in(staffed, clock)}"
    staffed.close()
    for code in CODES:
        path = f"/products/{code}/events/register"
        with serving(staffed, tmp_path, "--no-scheduler") as service:
            body = form_of(service, path, cookie)
            sending = threading.Thread(target=_send_and_forget, args=(service, path, body, cookie))
            sending.start()
            time.sleep(chance.uniform(0, 0.03))
            service.process.send_signal(signal.SIGKILL)
            sending.join(timeout=30)
        steps = rows(
            staffed,
            "SELECT COUNT(*) FROM transitions t JOIN products p ON p.id = t.product_id WHERE p.code = :c",
            c=code,
        )
        ((state,),) = rows(staffed, "SELECT state FROM products WHERE code = :c", c=code)
        assert (steps, state) in (([(0,)], "idea"), ([(1,)], "registered"))
        staffed.close()
        with serving(staffed, tmp_path, "--no-scheduler") as service:
            assert send(service, path, body, cookie) == (303 if state == "idea" else 412)
    assert rows(staffed, "SELECT COUNT(*) FROM transitions") == [(len(CODES),)]
    assert [item for item in examine(staffed, clock).findings if item.invariant not in (13, 17)] == []


def _send_and_forget(service: Service, path: str, body: bytes, cookie: str) -> None:
    try:
        send(service, path, body, cookie)
    except OSError:
        return  # it died meanwhile
