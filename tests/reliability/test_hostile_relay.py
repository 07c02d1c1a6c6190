"""A relay in every mood, and one that is away for a fortnight: nothing is lost, nobody is flooded."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from contextlib import closing, contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import event

from ocop_workflow.notifications import RelayError, RetryPolicy
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.notifications.smtp_line import Limits
from ocop_workflow.services.delivery import deliver_pending
from ocop_workflow.services.proof import prove
from ocop_workflow.services.sweep import sweep
from ocop_workflow.settings import Tls
from tests.factories import SENDER, act, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.reliability.dumps import remember, rewind
from tests.services.journeys import FIRST_YEAR
from tests.smtp_server import DRIBBLE, HANG_UP, PAUSE, STALL, Silence, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.storage import Database
    from tests.fakes import FixedClock

#: waits are as short as they may be; nobody counts attempts, every letter that can has to get through
POLICY = RetryPolicy(chance=lambda: 0.0, ambiguous_limit=10**9, horizon=timedelta(days=10**4))
QUICK = Limits(answer=0.9, verdict=0.9)

Deed = str | Silence


class Outcome(NamedTuple):
    """What became of the letters: how many are lost or dead, what was sent, doubted or tried once more."""

    lost: int = 0
    copies: int = 0
    ambiguous: int = 0
    dead: int = 0
    tried_again: int = 0


HELD_UP = Outcome(tried_again=1)
REFUSED = Outcome(dead=1)
DOUBLED = Outcome(copies=1, ambiguous=1, tried_again=1)

#: the relay's mood at one stage of its first dialogue that comes so far
MOODS: dict[tuple[str, Deed], Outcome] = {
    ("CONNECT", HANG_UP): HELD_UP,
    ("CONNECT", STALL): HELD_UP,
    ("CONNECT", PAUSE): Outcome(),
    ("CONNECT", "554 5.3.2 no service"): HELD_UP,
    ("EHLO", DRIBBLE): HELD_UP,
    ("MAIL", "550 5.7.1 not from you"): HELD_UP,
    ("MAIL", HANG_UP): HELD_UP,
    ("RCPT", "421 4.3.2 shutting down"): HELD_UP,
    ("RCPT", "450 4.2.1 mailbox busy"): HELD_UP,
    ("RCPT", "550 5.1.1 no such user"): REFUSED,
    ("DATA", "451 4.7.1 greylisted"): HELD_UP,
    ("DATA", "554 5.7.1 spam"): REFUSED,
    ("DATA", HANG_UP): HELD_UP,
    # the whole letter had left, final dot and all: the sender cannot know that only a line of it was read
    ("BODY", HANG_UP): Outcome(ambiguous=1, tried_again=1),
    ("DOT", "452 4.3.1 out of disk"): HELD_UP,
    ("DOT", "552 5.3.4 too big"): REFUSED,
    ("DOT", HANG_UP): DOUBLED,
    ("DOT", STALL): DOUBLED,
    ("DOT", DRIBBLE): DOUBLED,
    ("RSET", HANG_UP): Outcome(),
    ("RSET", "421 4.4.2 idle for too long"): Outcome(),
    ("QUIT", HANG_UP): Outcome(),
    ("QUIT", "500 5.5.1 stay"): Outcome(),
}


@contextmanager
def relay() -> Iterator[tuple[SmtpServer, SmtpMailer]]:
    with SmtpServer() as server:
        yield server, SmtpMailer("127.0.0.1", server.port, "", "", Tls.NONE, limits=QUICK)


def deliver_all(database: Database, mailer: SmtpMailer, clock: FixedClock) -> None:
    """Run the delivery every six minutes, as long as something waits; a breaker is open for five."""
    while rows(database, "SELECT id FROM outbox WHERE state IN ('pending', 'sending')"):
        with closing(mailer):
            deliver_pending(database, mailer, POLICY, clock, SENDER)
        clock.wait(timedelta(minutes=6))


def outcome(database: Database, server: SmtpServer) -> Outcome:
    """Compare what the relay has with what the outbox says; whatever it has is what was written."""
    found = rows(database, "SELECT mime, state, attempts, ambiguous FROM outbox")
    came = Counter(letter.content for letter in server.messages)
    written = [bytes(mime) for mime, *_ in found]
    assert came.keys() <= set(written), "a copy differs"
    return Outcome(
        lost=sum(came[bytes(mime)] == 0 for mime, state, *_ in found if state != "dead"),
        copies=sum(came.values()) - len(came),
        ambiguous=sum(ambiguous for *_, ambiguous in found),
        dead=sum(state == "dead" for _, state, *_ in found),
        tried_again=sum(attempts - 1 for *_, attempts, _ in found),
    )


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
            found[stage, deed] = outcome(seeded, server)
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
        assert outcome(seeded, server) == Outcome(tried_again=2)


def test_one_mood_after_another_does_what_each_does_and_no_more(seeded: Database, clock: FixedClock) -> None:
    seed = secrets.randbelow(10**6)
    quick = [mood for mood, ends in MOODS.items() if not ends.dead and mood[1] not in {PAUSE, STALL, DRIBBLE}]
    moods = random.Random(seed).choices(quick, k=40)
    sweep(seeded, clock, SENDER)

    with relay() as (server, mailer):
        for stage, deed in moods:
            server.script(stage, deed)
        deliver_all(seeded, mailer, clock)
        happened = Counter(moods) - Counter(server.planned())
        became = outcome(seeded, server)

    assert happened.total() > 7, seed
    assert became == Outcome(*map(sum, zip(*(MOODS[mood] for mood in happened.elements()), strict=True))), (
        seed
    )


# -- a fortnight without a relay -------------------------------------------------------------------


class Postman(RecordingMailer):
    """A mailer whose relay is away until it is told otherwise."""

    tried = 0
    away = True

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.tried += 1
        if self.away:
            raise RelayError("ConnectionRefusedError: nobody listens")
        return super().send(sender, recipient, message)


@pytest.fixture
def hasty(seeded: Database) -> Database:
    """The seed's database without waiting for the disk: nothing here pulls its plug."""
    off = "PRAGMA synchronous=OFF" if seeded.is_sqlite else "SET synchronous_commit = off"
    event.listen(seeded.engine, "connect", lambda line, _: line.cursor().execute(off))
    seeded.close()
    return seeded


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

    Letters: seven products were selected and certified, that is 14 notices: one product of Phổ Phong, five
    of Phổ An, one of Nguyễn Nghiêm. The other seven are late, which five communes and the authority hear of.
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
        ("notice", "pho-an"): 10,
        ("notice", "nguyen-nghiem"): 2,
        **{("digest", name): 1 for name in late},
    }
    assert len({message for *_, message in postman.sent}) == len(postman.sent) == 20
    overtaken = [(kind, state, many) for state, kind, _, many in found if state != "sent"]
    assert {(kind, state) for kind, state, _ in overtaken} == {("digest", "superseded")}
    assert sum(many for *_, many in overtaken) > 200
    with hasty.read() as tx:
        proof = prove(tx, VIETNAM)
    assert (proof.balance.adds_up, proof.unbalanced) == (True, [])
