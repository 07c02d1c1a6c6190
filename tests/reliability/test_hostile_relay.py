"""A relay in every mood, and one that is away for a fortnight: nothing is lost, nobody is flooded."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RelayError, RetryPolicy
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import prove
from tests.contents import remember, rewind
from tests.factories import SENDER, act, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.reliability.moods import AT_ONCE, MOODS, POLICY, Fate, deliver_all, fate, meet, relay
from tests.stories.journeys import FIRST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def test_no_mood_loses_a_letter_and_only_the_final_dot_doubles_one(
    seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    morning, found = remember(seeded), {}
    for stage, deed in MOODS:
        rewind(seeded, morning)
        with relay() as (server, mailer):
            server.script(stage, deed)
            deliver_all(seeded, mailer, clock)
            found[stage, deed] = fate(seeded, server)
            assert not server.is_scripted(stage), f"{stage} was never reached"
    assert found == MOODS


def test_nobody_at_the_door_holds_letters_up_and_no_more(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    with relay() as (gone, nobody):
        pass
    for _ in range(2):
        deliver_pending(seeded, nobody, POLICY, clock, SENDER)
        clock.wait(timedelta(minutes=1))

    with relay() as (server, mailer):
        deliver_all(seeded, mailer, clock)

        assert gone.messages == []
        assert fate(seeded, server) == Fate(tried_again=2)


@pytest.mark.usefixtures("database")
def test_one_mood_after_another_does_what_each_does_and_no_more(url: str) -> None:
    outcome = meet(url, AT_ONCE, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults >= AT_ONCE


# -- a fortnight without a relay -------------------------------------------------------------------


class Postman(RecordingMailer):
    """A mailer whose relay is away until it is told otherwise."""

    tried = 0
    away = True

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.tried += 1
        if self.away:
            raise RelayError("nobody listens")
        return super().send(sender, recipient, message)


@pytest.fixture
def hasty(seeded: Database) -> Iterator[Database]:
    """The seed's database without waiting for the disk: nothing here pulls its plug."""
    off = "PRAGMA synchronous=OFF" if seeded.is_sqlite else "SET synchronous_commit = off"

    def hurry(line: Any, _record: object) -> None:  # noqa: ANN401 - either driver's connection
        line.cursor().execute(off)

    event.listen(seeded.engine, "connect", hurry)
    seeded.close()
    yield seeded
    event.remove(seeded.engine, "connect", hurry)  # the next test's database is this very one
    seeded.close()


def a_year_unsent(database: Database, clock: FixedClock) -> None:
    """Live from the import to 17/12 without anybody who sends; half of the products go all the way."""
    steps = dict.fromkeys((on for _, on in FIRST_YEAR), "") | {on: name for name, on in FIRST_YEAR}
    while clock.today() < date(2024, 12, 17):
        sweep(database, clock, SENDER)
        if name := steps.get(clock.today()):
            for number in range(1, 8):
                act(database, clock, f"DP24-{number:03}", name)
        clock.wait(timedelta(days=1))


def a_fortnight_away(database: Database, postman: Postman, clock: FixedClock) -> None:
    """Try for 14 days: in the first hour each minute, then each half hour; the sweep comes at six."""
    for day in range(14):
        sweep(database, clock, SENDER)
        minutes = [*range(60 if day == 0 else 0), *range(60 if day == 0 else 0, 24 * 60, 30)]
        for before, minute in zip([0, *minutes], minutes, strict=False):
            clock.wait(timedelta(minutes=minute - before))
            deliver_pending(database, postman, RetryPolicy(), clock, SENDER)
        clock.wait(timedelta(minutes=30))


def test_a_fortnight_without_a_relay_loses_nothing_and_floods_nobody(
    hasty: Database, clock: FixedClock
) -> None:
    """The letters of a year wait, then the relay is away for 14 days.

    Attempts: the first hour is tried each minute; three faults (minutes 0, 1, 2) open the breaker for five
    minutes, so one letter probes at 7, 12 … 57: 3 + 11. Then it is tried each half hour; at 7:00 the breaker
    is still open, until 7:02: 45 more that day, and 48 on each of the other 13. 14 + 45 + 13 × 48 = 683,
    however many letters wait.

    Letters: seven products were selected and certified: one of Phổ Phong, five of Phổ An, one of Nguyễn
    Nghiêm; that is six notices, for what happens in one go is told in one. The other seven are late, which
    five communes and the authority hear of; it is warned twice that a plan's year is over.
    """
    postman = Postman()
    a_year_unsent(hasty, clock)
    a_fortnight_away(hasty, postman, clock)
    assert postman.tried == 683
    assert rows(hasty, "SELECT SUM(attempts) FROM outbox") == [(683,)]

    postman.away = False
    for _ in range(7):
        sweep(hasty, clock, SENDER)
        for _ in range(2):  # the first letter probes, the others follow
            deliver_pending(hasty, postman, RetryPolicy(), clock, SENDER)
        clock.wait(timedelta(days=1))

    found = rows(hasty, "SELECT state, kind, address, COUNT(*) FROM outbox GROUP BY state, kind, address")
    sent = {
        (kind, address.partition("@")[0]): many for state, kind, address, many in found if state == "sent"
    }
    late = ("nguyen-nghiem", "pho-khanh", "pho-nhon", "pho-ninh", "pho-quang", "phong-kinh-te")
    assert sent == {
        ("notice", "pho-phong"): 2,
        ("notice", "pho-an"): 2,  # five products selected in one go, and certified in one go
        ("notice", "nguyen-nghiem"): 2,
        ("warning", "phong-kinh-te"): 2,
        **{("digest", name): 1 for name in late},
    }
    assert len({message for *_, message in postman.sent}) == len(postman.sent) == 14
    overtaken = [(kind, state, many) for state, kind, _, many in found if state != "sent"]
    assert {(kind, state) for kind, state, _ in overtaken} == {
        ("digest", "superseded"),
        ("notice", "superseded"),  # by the one that speaks of all five
    }
    assert sum(many for kind, _, many in overtaken if kind == "digest") > 200
    with hasty.read() as tx:
        proof = prove(tx, VIETNAM)
    assert (proof.balance.adds_up, proof.unbalanced) == (True, [])
