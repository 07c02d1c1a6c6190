"""Terms of keeping: copies are deleted when theirs is over. Run each day; twice does what once does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import EXPIRED
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.privacy import queries as people
from ocop_workflow.privacy.erasing import erase_again

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.clock import Clock
    from ocop_workflow.privacy.erasures import Erasures
    from ocop_workflow.store import Connection, Database

#: letters emptied in one transaction, so that no writer waits long
BATCH = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """After how many days each kind of copy is deleted; see `settings.KeepSettings`."""

    letters: int
    contacts: int
    officers: int
    sign_ins: int
    replies: int


@dataclass(frozen=True, slots=True)
class Expired:
    """How much was deleted, or would be; the audit keeps it under these names.

    `erased_again`: of what people had had erased, and a restored database had again.
    """

    letters: int = 0
    contacts: int = 0
    officers: int = 0
    sign_ins: int = 0
    replies: int = 0
    erased_again: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing has come to the end of its term."""
        return self == Expired()


def what_expires(tx: Connection, terms: Terms, erasures: Erasures, clock: Clock) -> Expired:
    """Return what `expire` would delete now. Writes nothing."""
    listed = erasures.listed()
    again = people.places_under(tx, listed.marks)
    logins = set(people.officers_kept(tx)) & listed.logins
    now = clock.now()
    return Expired(
        people.count_old_letters(tx, now - timedelta(days=terms.letters)),
        len(people.ended_contacts(tx, clock.today() - timedelta(days=terms.contacts))),
        len(people.officers_kept(tx, now - timedelta(days=terms.officers))),
        people.old_sign_ins(tx, now - timedelta(days=terms.sign_ins)),
        people.old_replies(tx, now - timedelta(days=terms.replies)),
        len(again) + len(logins),
    )


def expire(database: Database, by: Actor, terms: Terms, erasures: Erasures, clock: Clock) -> Expired:
    """Delete the copies whose term is over, in short transactions. Returns how much that was.

    What the list of erasures names, and a restored database has again, goes first. Where something was
    deleted the audit says how much, in the transaction of the last part.

    Raises:
        Unavailable: the database does not answer, or the list cannot be read.
    """
    now, today = clock.now(), clock.today()
    with database.write() as tx:
        again = erase_again(tx, by, erasures, today=today, now=now)
    letters = sum(_letters(database, now - timedelta(days=terms.letters), now))
    with database.write() as tx:
        done = Expired(
            letters=letters,
            contacts=_contacts(tx, terms, clock),
            officers=_officers(tx, now - timedelta(days=terms.officers), clock),
            sign_ins=people.old_sign_ins(tx, now - timedelta(days=terms.sign_ins)),
            replies=people.old_replies(tx, now - timedelta(days=terms.replies)),
        )
        people.forget(tx, now - timedelta(days=terms.sign_ins), now - timedelta(days=terms.replies))
        if not done.is_nothing:
            audit.record(tx, by, Deed("copies.expire", "copies", after=asdict(done)), now)
    return replace(done, erased_again=again)


def _letters(database: Database, before: datetime, now: datetime) -> Iterator[int]:
    emptied = BATCH
    while emptied == BATCH:
        with database.write() as tx:
            emptied = people.empty_letters(tx, people.old_letters(tx, before, BATCH), EXPIRED.vi, now)
        yield emptied


def _contacts(tx: Connection, terms: Terms, clock: Clock) -> int:
    ended = people.ended_contacts(tx, clock.today() - timedelta(days=terms.contacts))
    people.empty_values(tx, ended, EXPIRED.vi, clock.now(), clock.today())
    return len(ended)


def _officers(tx: Connection, before: datetime, clock: Clock) -> int:
    gone = people.officers_kept(tx, before)
    values = [value.id for value in people.addresses_of(tx, gone) if value.is_there]
    people.empty_values(tx, values, EXPIRED.vi, clock.now(), clock.today())
    people.empty_officers(tx, gone)
    return len(gone)
