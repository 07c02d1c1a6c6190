"""Passwords: the same on each keyboard, never guessable, slower after failures, silent on accounts."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput, NotPermitted, NotSignedIn, OcopError, TooManyAttempts
from ocop_workflow.people.officers import disable_officer
from ocop_workflow.people.sign_in.passwords import set_password, sign_in, wait_after
from tests.factories import rows
from tests.stories.cast import HOST, acting

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

GOOD = "Cá chuồn kho mít non"
HOME, AWAY = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def staffed(staffed: Database, clock: FixedClock, memory: Memory) -> Database:
    """The seed, with officers; Lan has a password."""
    memory.lead(staffed, ("a password", clock.instant), lambda: give(staffed, clock, GOOD))
    return staffed


def give(database: Database, clock: FixedClock, password: str, by: Actor = HOST) -> None:
    with database.write() as tx:
        set_password(tx, by, "lan", password, now=clock.now())


def enter(
    database: Database, clock: FixedClock, password: str = GOOD, login: str = "lan", origin: str = HOME
) -> Actor:
    return sign_in(database, login, password, origin, now=clock.now())


def refusal(database: Database, clock: FixedClock, **given: str) -> OcopError:
    with pytest.raises((NotSignedIn, TooManyAttempts)) as caught:
        enter(database, clock, **{"password": "wrong", **given})
    return caught.value


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_password_is_the_same_however_its_letters_are_composed(
    staffed: Database, clock: FixedClock, form: str
) -> None:
    typed = unicodedata.normalize(form, GOOD)  # type: ignore[arg-type]  # one of the two forms
    lan = enter(staffed, clock, typed)
    assert (lan.login, lan.origin, [grant.unit for grant in lan.grants]) == ("lan", HOME, ["pho-an"])


@pytest.mark.usefixtures("hashed_in_earnest")
def test_only_an_argon2id_hash_is_kept(staffed: Database, clock: FixedClock) -> None:
    give(staffed, clock, GOOD)
    ((kept,),) = rows(staffed, "SELECT password FROM officers WHERE login = 'lan'")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in str(rows(staffed, "SELECT * FROM audit"))


@pytest.mark.parametrize(
    "weak",
    ["12345678", "password", "matkhau1", "aaaaaaaaaaaa", "lanlanlan", "ngắn", "", "ocop2024", "x" * 257],
)
def test_a_password_that_is_easily_guessed_is_refused(
    staffed: Database, clock: FixedClock, weak: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        give(staffed, clock, weak)
    assert [fault.place for fault in caught.value.faults] == ["password"]
    assert weak == "" or weak not in caught.value.text.vi
    assert enter(staffed, clock).login == "lan"


def test_who_is_unknown_disabled_or_without_password_gets_the_same_answer(
    staffed: Database, clock: FixedClock
) -> None:
    with staffed.write() as tx:
        disable_officer(tx, HOST, "ha", now=clock.now())
    said = {
        refusal(staffed, clock, login=login, origin=f"192.0.2.{number}").text.vi
        for number, login in enumerate(("lan", "nobody", "ha", "minh", "x" * 500))
    }
    assert said == {"Tên đăng nhập hoặc mật khẩu không đúng."}


def test_each_failure_after_the_third_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    waits = [int(wait_after(failures).total_seconds()) for failures in range(16)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_after(10**6) == timedelta(minutes=15)


def test_an_account_slows_down_from_wherever_it_is_tried_and_opens_again(
    staffed: Database, clock: FixedClock
) -> None:
    for number in range(3):
        refusal(staffed, clock, origin=f"192.0.2.{number}")
    slowed = refusal(staffed, clock, password=GOOD, origin=AWAY)
    assert isinstance(slowed, TooManyAttempts)
    assert slowed.text.vi == "Đã sai nhiều lần; hãy thử lại sau 2 giây."
    clock.wait(timedelta(seconds=1))
    assert enter(staffed, clock, origin=AWAY).login == "lan"
    assert isinstance(refusal(staffed, clock, origin="192.0.2.50"), NotSignedIn)  # counted from nothing again


def test_an_address_slows_down_whomever_it_tries(staffed: Database, clock: FixedClock) -> None:
    """Not at once: a whole council may sit behind one router."""
    for number in range(30):
        assert isinstance(refusal(staffed, clock, login=f"a{number}", origin=AWAY), NotSignedIn)
    assert isinstance(refusal(staffed, clock, password=GOOD, origin=AWAY), TooManyAttempts)
    assert enter(staffed, clock).login == "lan"


def test_trying_too_soon_is_not_a_failure_of_its_own(staffed: Database, clock: FixedClock) -> None:
    for _ in range(3):
        refusal(staffed, clock)
    for _ in range(20):
        assert isinstance(refusal(staffed, clock), TooManyAttempts)
    clock.wait(timedelta(seconds=1))
    assert enter(staffed, clock).login == "lan"


def test_signing_in_and_failing_to_are_on_record(staffed: Database, clock: FixedClock) -> None:
    enter(staffed, clock)
    refusal(staffed, clock, login="nobody", origin=AWAY)
    found = rows(staffed, "SELECT action, subject, actor, origin FROM audit ORDER BY seq DESC LIMIT 2")
    assert found == [
        ("sign-in.refused", "officer:nobody", "nobody", AWAY),
        ("sign-in", "officer:lan", "lan", HOME),
    ]


def test_only_oneself_or_who_manages_officers_sets_a_password(staffed: Database, clock: FixedClock) -> None:
    for login in ("ha", "minh"):
        with pytest.raises(NotPermitted):
            give(staffed, clock, "Gió nồm thổi qua đầm An Khê", acting(staffed, login))
    give(staffed, clock, "Gió nồm thổi qua đầm An Khê", acting(staffed, "lan"))
    give(staffed, clock, GOOD, acting(staffed, "quan"))
    assert enter(staffed, clock).login == "lan"
