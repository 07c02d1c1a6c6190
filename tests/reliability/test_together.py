"""Several schedulers on one database: together they do what one does, and nobody fails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.services.sweep import sweep
from ocop_workflow.storage import Database
from tests.factories import SENDER, rows
from tests.reliability.children import together
from tests.reliability.dumps import dump, remember, rewind
from tests.reliability.killing import work
from tests.reliability.sink import letters_in, sink

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FixedClock

#: how often so many begin at once
ROUNDS = {2: 5, 4: 3, 8: 2}

DONE = "SELECT SUM(flags_raised), SUM(letters), SUM(superseded) FROM sweeps"


def only_sweep(url: str, clock: FixedClock) -> None:
    sweep(Database(url), clock, SENDER)


def sweep_and_send(url: str, port: int, clock: FixedClock) -> None:
    work(Database(url), port, clock)


@pytest.mark.parametrize("many", ROUNDS)
def test_many_sweepers_at_once_write_what_one_writes(
    busy: Database, url: str, clock: FixedClock, many: int
) -> None:
    morning = remember(busy)
    sweep(busy, clock, SENDER)
    by_one, done = dump(busy), rows(busy, DONE)
    for _ in range(ROUNDS[many]):
        rewind(busy, morning)
        assert together(many, only_sweep, url, clock) == [0] * many
        assert dump(busy) == by_one
        assert rows(busy, DONE) == done


@pytest.mark.parametrize("many", ROUNDS)
def test_many_schedulers_at_once_send_each_letter_once(
    busy: Database, url: str, clock: FixedClock, tmp_path: Path, many: int
) -> None:
    log = tmp_path / "letters"
    with sink(log) as port:
        assert together(many, sweep_and_send, url, port, clock) == [0] * many
    sent = rows(busy, "SELECT message_id, attempts FROM outbox WHERE state = 'sent'")
    assert Counter(entry["id"] for entry in letters_in(log)) == dict(sent)
    assert Counter(dict(sent).values()) == {1: 8}
    assert rows(busy, "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded')") == [(0,)]
