"""Meets a relay in every mood, and compares what it has with what the outbox says."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.notifications.smtp_line import TimeLimits
from ocop_workflow.settings import Tls
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.outcome import Outcome
from tests.smtp_server import DRIBBLE, HANG_UP, PAUSE, STALL, Silence, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator

#: waits are as short as they may be; nobody counts attempts, every letter that can has to get through
POLICY = RetryPolicy(chance=lambda: 0.0, ambiguous_limit=10**9, horizon=timedelta(days=10**4))
QUICK = TimeLimits(answer=0.9, verdict=0.9)

Deed = str | Silence


class Fate(NamedTuple):
    """What became of the letters: how many are lost or dead, what was sent, doubted or tried once more."""

    lost: int = 0
    copies: int = 0
    ambiguous: int = 0
    dead: int = 0
    tried_again: int = 0


HELD_UP = Fate(tried_again=1)
REFUSED = Fate(dead=1)
DOUBLED = Fate(copies=1, ambiguous=1, tried_again=1)

#: the relay's mood at one stage of its first dialogue that comes so far
MOODS: dict[tuple[str, Deed], Fate] = {
    ("CONNECT", HANG_UP): HELD_UP,
    ("CONNECT", STALL): HELD_UP,
    ("CONNECT", PAUSE): Fate(),
    ("CONNECT", "554 5.3.2 no service"): HELD_UP,
    ("EHLO", DRIBBLE): HELD_UP,
    ("MAIL", "550 5.7.1 not from you"): HELD_UP,
    ("MAIL", HANG_UP): HELD_UP,
    ("RCPT", "421 4.3.2 shutting down"): HELD_UP,
    ("RCPT", "450 4.2.1 mailbox busy"): HELD_UP,
    ("RCPT", "550 5.1.1 no such user"): REFUSED,
    ("DATA", "451 4.7.1 greylisted"): HELD_UP,
    ("DATA", "554 5.7.1 spam"): HELD_UP,  # of one letter nobody knows yet whether the relay refuses all
    ("DATA", HANG_UP): HELD_UP,
    # the whole letter had left, final dot and all: the sender cannot know that only a line of it was read
    ("BODY", HANG_UP): Fate(ambiguous=1, tried_again=1),
    ("DOT", "452 4.3.1 out of disk"): HELD_UP,
    ("DOT", "552 5.3.4 too big"): REFUSED,
    ("DOT", HANG_UP): DOUBLED,
    ("DOT", STALL): DOUBLED,
    ("DOT", DRIBBLE): DOUBLED,
    ("RSET", HANG_UP): Fate(),
    ("RSET", "421 4.4.2 idle for too long"): Fate(),
    ("QUIT", HANG_UP): Fate(),
    ("QUIT", "500 5.5.1 stay"): Fate(),
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


def fate(database: Database, server: SmtpServer) -> Fate:
    """Compare what the relay has with what the outbox says; whatever it has is what was written."""
    found = rows(database, "SELECT mime, state, attempts, ambiguous FROM outbox")
    came = Counter(letter.content for letter in server.messages)
    written = [bytes(mime) for mime, *_ in found]
    assert came.keys() <= set(written), "a copy differs"
    return Fate(
        lost=sum(came[bytes(mime)] == 0 for mime, state, *_ in found if state != "dead"),
        copies=sum(came.values()) - len(came),
        ambiguous=sum(ambiguous for *_, ambiguous in found),
        dead=sum(state == "dead" for _, state, *_ in found),
        tried_again=sum(attempts - 1 for *_, attempts, _ in found),
    )


#: moods that cost no time and refuse no letter for good
QUICK_MOODS = [
    mood for mood, ends in MOODS.items() if not ends.dead and mood[1] not in {PAUSE, STALL, DRIBBLE}
]
AT_ONCE = 40


def meet(url: str, number: int, seed: int) -> Outcome:
    """Let the relay have so many moods, some dozens after one another for each day's letters."""
    outcome, chance, clock = Outcome(), random.Random(seed), FixedClock.at(IMPORT_DAY)
    with closing(Database(url)) as database:
        load_seed(database, clock)
        sweep(database, clock, SENDER)
        morning = remember(database)
        while outcome.faults < number:
            rewind(database, morning)
            _meet(outcome, database, FixedClock(clock.instant), chance)
    return outcome


def _meet(outcome: Outcome, database: Database, clock: FixedClock, chance: random.Random) -> None:
    moods = chance.choices(QUICK_MOODS, k=AT_ONCE)
    with relay() as (server, mailer):
        for stage, deed in moods:
            server.script(stage, deed)
        deliver_all(database, mailer, clock)
        happened, became = Counter(moods) - Counter(server.planned()), fate(database, server)
    expected = Fate(*map(sum, zip(*(MOODS[mood] for mood in happened.elements()), strict=True)))
    outcome.faults += happened.total()
    outcome.checked += rows(database, "SELECT COUNT(*) FROM outbox WHERE state = 'sent'")[0][0]
    outcome.lost += became.lost
    outcome.copies += min(became.copies, expected.copies)
    outcome.duplicated += max(became.copies - expected.copies, 0)
    outcome.demand(happened.total() > AT_ONCE / 5, "hardly a mood was shown", happened)
    outcome.demand(became == expected, moods, became, expected)
