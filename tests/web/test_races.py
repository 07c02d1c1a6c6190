"""Two officers press at once, on two server processes over one database: one wins, the other is told.

How often stands in `OCOP_TEST_RACES` (100).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.people.officers import add_officer
from ocop_workflow.products.registering import NewProduct, Particulars, create_product
from tests.factories import SEED, act, rows
from tests.stories.cast import HOST
from tests.web.running import Answered, Service, serving

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

pytestmark = pytest.mark.ordeal

TIMES = int(os.environ.get("OCOP_TEST_RACES", "100"))  # noqa: TID251 - how often, for whoever has more time

#: both write a letter to the commune: whoever loses must not leave one
ORDERS = (b'{"event": "select"}', b'{"event": "decline", "data": {"reason": "muon"}}')


def enter(database: Database, clock: FixedClock) -> list[str]:
    """Let so many products be registered; returns their codes."""
    maker = Particulars(producer="Bà Tư", address="An Thạch", new_producer=True)
    with database.write() as tx:
        codes = [
            create_product(
                tx,
                NewProduct(SEED, "pho-an", f"Mắm {number}", maker),
                actor=HOST,
                today=clock.today(),
                now=clock.now(),
            )
            for number in range(TIMES)
        ]
    for code in codes:
        act(database, clock, code, "register")
    return codes


def press(service: Service, code: str, body: bytes, token: str, both: Barrier, found: list[Answered]) -> None:
    both.wait()
    headers = {"Authorization": f"Bearer {token}", "If_Match": '"1"', "Content_Type": "application/json"}
    found.append(service.ask(f"/api/v1/products/{code}/events", "POST", body, **headers))


def test_of_twelve_at_once_on_a_server_that_has_just_started_one_wins(
    seeded: Database, clock: FixedClock, cast: Cast, tmp_path: Path
) -> None:
    (code, *_), body = enter(seeded, clock), b'{"event": "select"}'
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        all_of_them, found = Barrier(12), list[Answered]()
        threads = [
            Thread(target=press, args=(service, code, body, cast.tokens["minh"], all_of_them, found))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answer.status for answer in found) == [200] + [412] * 11, [a.body for a in found]


def test_of_two_officers_at_once_one_wins_and_one_is_told(
    seeded: Database, clock: FixedClock, cast: Cast, tmp_path: Path
) -> None:
    with seeded.write() as tx:
        add_officer(tx, HOST, "mai", "Mai", Role.AUTHORITY_OFFICER, "duc-pho", now=clock.now())
    cast.tokens["mai"] = cast.token("mai")
    codes, winners = enter(seeded, clock), Counter[bytes]()
    left, right = tmp_path / "left", tmp_path / "right"
    left.mkdir()
    right.mkdir()
    with (
        serving(seeded, left, "--no-scheduler") as one,
        serving(seeded, right, "--no-scheduler") as other,
    ):
        for code in codes:
            both, found = Barrier(2), list[Answered]()
            threads = [
                Thread(target=press, args=(service, code, body, cast.tokens[login], both, found))
                for service, body, login in zip((one, other), ORDERS, ("minh", "mai"), strict=True)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(answer.status for answer in found) == [200, 412], [a.body for a in found]
            won, lost = sorted(found, key=lambda answer: answer.status)
            assert (won.json["version"], lost.json["current"]["version"]) == (2, 2)
            assert lost.json["current"]["state"] == won.json["state"]
            winners[json.dumps(won.json["event"]).encode()] += 1
    steps = "SELECT count(*) FROM transitions t JOIN products p ON p.id = t.product_id WHERE t.seq = 2"
    letters = "SELECT count(*), count(DISTINCT transition_id) FROM outbox WHERE kind = 'notice'"
    done = "SELECT count(*) FROM audit WHERE action IN ('product.select', 'product.decline')"
    assert rows(seeded, steps) == [(TIMES,)]
    assert rows(seeded, letters) == [(TIMES, TIMES)]
    assert rows(seeded, done) == [(TIMES,)]
    assert sum(winners.values()) == TIMES
