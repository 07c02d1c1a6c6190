"""Being signed in to the console: password, code, links; ended by time, by hand, by a new password."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import SessionStage
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, NotSignedIn, TooManyAttempts
from ocop_workflow.people.officers import disable_officer, grant_role
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in.coming_in import (
    Knock,
    change_password,
    drop_code,
    enrol,
    enter,
    find_link,
    give_code,
    make_link,
    renew_recovery_codes,
    set_up_code,
    use_link,
)
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.people.sign_in.sessions import (
    Session,
    SessionTerms,
    authenticate,
    end_session,
    list_sessions,
    note_seen,
    sign_out,
)
from tests.factories import rows
from tests.stories.cast import HOST, acting

if TYPE_CHECKING:
    from ocop_workflow.access import Role
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

GOOD, NEXT = "Cá chuồn kho mít non", "Bến đò chiều mưa bay"
TERMS = SessionTerms(timedelta(hours=2), timedelta(hours=12))
HOME = "192.0.2.7"


@pytest.fixture
def staffed(staffed: Database, clock: FixedClock, memory: Memory) -> Database:
    """The seed, with officers; Lan and Quân have passwords."""

    def give() -> None:
        with staffed.write() as tx:
            for login in ("lan", "quan"):
                set_password(tx, HOST, login, GOOD, now=clock.now())

    memory.lead(staffed, ("passwords", clock.instant), give)
    return staffed


def knock(clock: FixedClock, agent: str = "a phone") -> Knock:
    return Knock(HOME, agent, clock.now(), clock.elsewhere())


def come(database: Database, clock: FixedClock, login: str = "lan") -> str:
    return enter(database, login, GOOD, knock(clock))


def session_of(
    database: Database, clock: FixedClock, token: str, stage: SessionStage = SessionStage.FULL
) -> Session:
    with database.read() as tx:
        return authenticate(tx, token, HOME, clock.now(), TERMS, stage)


def refused(
    database: Database, clock: FixedClock, token: str, stage: SessionStage = SessionStage.FULL
) -> bool:
    try:
        session_of(database, clock, token, stage)
    except NotSignedIn:
        return True
    return False


def code(clock: FixedClock, secret: str) -> str:
    return codes.code_in(secret, codes.step_at(clock.elsewhere()))


def test_a_ward_officer_is_in_by_a_password(staffed: Database, clock: FixedClock) -> None:
    found = session_of(staffed, clock, come(staffed, clock))
    assert (found.actor.login, found.name, [grant.unit for grant in found.actor.grants]) == (
        "lan",
        "Lan",
        ["pho-an"],
    )
    kept = rows(staffed, "SELECT agent, origin, stage FROM sessions")
    assert kept == [("a phone", HOME, "full")]


def test_what_the_browser_holds_is_kept_nowhere(staffed: Database, clock: FixedClock) -> None:
    token = come(staffed, clock)
    ((kept,),) = rows(staffed, "SELECT sha256 FROM sessions")
    assert (len(kept), token in kept) == (64, False)


def test_it_ends_after_two_hours_without_a_request(staffed: Database, clock: FixedClock) -> None:
    token = come(staffed, clock)
    clock.wait(timedelta(hours=1, minutes=59))
    number = session_of(staffed, clock, token).id
    with staffed.write() as tx:
        note_seen(tx, number, clock.now())
    clock.wait(timedelta(hours=1, minutes=59))
    assert not refused(staffed, clock, token)
    clock.wait(timedelta(minutes=1))
    assert refused(staffed, clock, token)


def test_it_ends_after_twelve_hours_however_much_is_asked(staffed: Database, clock: FixedClock) -> None:
    token = come(staffed, clock)
    for _ in range(11):
        clock.wait(timedelta(hours=1))
        with staffed.write() as tx:
            note_seen(tx, 1, clock.now())
    assert not refused(staffed, clock, token)
    clock.wait(timedelta(hours=1))
    assert refused(staffed, clock, token)


def test_a_new_password_ends_every_other_sign_in(staffed: Database, clock: FixedClock) -> None:
    here, elsewhere = come(staffed, clock), come(staffed, clock)
    with staffed.write() as tx:
        change_password(tx, authenticate(tx, here, HOME, clock.now(), TERMS), NEXT, clock.now())
    assert (refused(staffed, clock, here), refused(staffed, clock, elsewhere)) == (False, True)
    with staffed.write() as tx:
        set_password(tx, HOST, "lan", GOOD, now=clock.now())
    assert refused(staffed, clock, here)


def test_whoever_is_disabled_is_out_at_once(staffed: Database, clock: FixedClock) -> None:
    token = come(staffed, clock)
    with staffed.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())
    assert refused(staffed, clock, token)


def test_a_sign_in_is_ended_from_another_machine_but_only_ones_own(
    staffed: Database, clock: FixedClock
) -> None:
    lost, here = come(staffed, clock), come(staffed, clock)
    quan = come(staffed, clock, "quan")
    session = session_of(staffed, clock, here)
    with staffed.read() as tx:
        assert [one.id for one in list_sessions(tx, session.officer_id, clock.now(), TERMS)] == [2, 1]
    with staffed.write() as tx:
        end_session(tx, session, 1, clock.now())
    assert (refused(staffed, clock, lost), refused(staffed, clock, here)) == (True, False)
    assert not refused(staffed, clock, quan, SessionStage.ENROL)
    with pytest.raises(NotFound), staffed.write() as tx:
        end_session(tx, session, 3, clock.now())


def test_signing_out_ends_it(staffed: Database, clock: FixedClock) -> None:
    token = come(staffed, clock)
    with staffed.write() as tx:
        sign_out(tx, authenticate(tx, token, HOME, clock.now(), TERMS), clock.now())
    assert refused(staffed, clock, token)
    assert rows(staffed, "SELECT action FROM audit ORDER BY seq DESC LIMIT 1") == [("sign-out",)]


def test_an_administrator_may_do_nothing_before_a_code_is_set_up(
    staffed: Database, clock: FixedClock
) -> None:
    token = come(staffed, clock, "quan")
    assert refused(staffed, clock, token)
    waiting = session_of(staffed, clock, token, SessionStage.ENROL)
    assert waiting.actor.grants == ()  # who has come only so far has no right
    secret = codes.new_secret()
    with pytest.raises(InvalidInput), staffed.write() as tx:
        enrol(tx, waiting, secret, "000000", knock(clock))
    with pytest.raises(InvalidInput), staffed.write() as tx:
        enrol(tx, waiting, "ABC", "000000", knock(clock))
    with staffed.write() as tx:
        done = enrol(tx, waiting, secret, code(clock, secret), knock(clock))
    assert refused(staffed, clock, token, SessionStage.ENROL)  # what was held before is good for nothing
    assert [grant.unit for grant in session_of(staffed, clock, done.token).actor.grants] == ["duc-pho"]
    assert len(done.recovery) == 10
    kept = {row[0] for row in rows(staffed, "SELECT sha256 FROM recovery_codes")}
    assert kept == {codes.recovery_checksum(one) for one in done.recovery}


@pytest.fixture
def secret(staffed: Database, clock: FixedClock) -> str:
    """What Quân's telephone makes codes of."""
    with staffed.write() as tx:
        made, _ = set_up_code(tx, HOST, "quan", now=clock.now())
    return made


def test_then_each_sign_in_needs_a_code_that_is_good_once(
    staffed: Database, clock: FixedClock, secret: str
) -> None:
    first, second = come(staffed, clock, "quan"), come(staffed, clock, "quan")
    given = code(clock, secret)
    token = give_code(staffed, session_of(staffed, clock, first, SessionStage.CODE), given, knock(clock))
    assert (refused(staffed, clock, token), refused(staffed, clock, first, SessionStage.CODE)) == (
        False,
        True,
    )
    again = session_of(staffed, clock, second, SessionStage.CODE)
    with pytest.raises(NotSignedIn, match="was used"):
        give_code(staffed, again, given, knock(clock))
    clock.wait(timedelta(seconds=30))
    assert not refused(staffed, clock, give_code(staffed, again, code(clock, secret), knock(clock)))


def test_wrong_codes_slow_down(staffed: Database, clock: FixedClock, secret: str) -> None:  # noqa: ARG001 - there is one
    waiting = session_of(staffed, clock, come(staffed, clock, "quan"), SessionStage.CODE)
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            give_code(staffed, waiting, "000000", knock(clock))
    with pytest.raises(TooManyAttempts):
        give_code(staffed, waiting, "000000", knock(clock))


def test_without_a_telephone_a_recovery_code_helps_once(staffed: Database, clock: FixedClock) -> None:
    with staffed.write() as tx:
        _, recovery = set_up_code(tx, HOST, "quan", now=clock.now())
    for _ in range(1):
        waiting = session_of(staffed, clock, come(staffed, clock, "quan"), SessionStage.CODE)
        give_code(staffed, waiting, recovery[0].upper(), knock(clock))
    waiting = session_of(staffed, clock, come(staffed, clock, "quan"), SessionStage.CODE)
    with pytest.raises(NotSignedIn):
        give_code(staffed, waiting, recovery[0], knock(clock))
    told = rows(staffed, "SELECT \"after\" FROM audit WHERE action = 'sign-in.code'")
    assert "recovery code" in str(told)


def test_new_recovery_codes_take_the_place_of_the_old(
    staffed: Database, clock: FixedClock, secret: str
) -> None:
    waiting = session_of(staffed, clock, come(staffed, clock, "quan"), SessionStage.CODE)
    token = give_code(staffed, waiting, code(clock, secret), knock(clock))
    with staffed.write() as tx:
        session = authenticate(tx, token, HOME, clock.now(), TERMS)
        made = renew_recovery_codes(tx, session, clock.now())
    assert rows(staffed, "SELECT COUNT(*) FROM recovery_codes") == [(10,)]
    assert len(made) == 10
    with pytest.raises(Conflict, match="has to sign in with a code"), staffed.write() as tx:
        drop_code(tx, session, clock.now())


def test_whoever_need_not_have_a_code_may_leave_it_again(staffed: Database, clock: FixedClock) -> None:
    secret, token = codes.new_secret(), come(staffed, clock)
    with pytest.raises(Conflict, match="No code"), staffed.write() as tx:
        drop_code(tx, authenticate(tx, token, HOME, clock.now(), TERMS), clock.now())
    with staffed.write() as tx:
        session = authenticate(tx, token, HOME, clock.now(), TERMS)
        done = enrol(tx, session, secret, code(clock, secret), knock(clock))
    assert refused(staffed, clock, come(staffed, clock))
    with staffed.write() as tx:
        drop_code(tx, authenticate(tx, done.token, HOME, clock.now(), TERMS), clock.now())
    assert not refused(staffed, clock, come(staffed, clock))


def test_a_link_sets_a_password_once(staffed: Database, clock: FixedClock) -> None:
    signed = come(staffed, clock)
    with staffed.write() as tx:
        end = make_link(tx, HOST, "lan", now=clock.now())
    ((kept,),) = rows(staffed, "SELECT sha256 FROM sign_in_links")
    assert end not in kept
    token = use_link(staffed, end, NEXT, knock(clock))
    assert (refused(staffed, clock, token), refused(staffed, clock, signed)) == (False, True)
    with pytest.raises(NotFound), staffed.read() as tx:
        find_link(tx, end, clock.now())
    assert not refused(staffed, clock, enter(staffed, "lan", NEXT, knock(clock)))


def test_a_bad_password_leaves_the_link_good(staffed: Database, clock: FixedClock) -> None:
    with staffed.write() as tx:
        end = make_link(tx, HOST, "lan", now=clock.now())
    with pytest.raises(InvalidInput):
        use_link(staffed, end, "12345678", knock(clock))
    assert use_link(staffed, end, NEXT, knock(clock))


def test_a_link_ends_after_a_day_with_the_next_one_and_with_its_officer(
    staffed: Database, clock: FixedClock
) -> None:
    with staffed.write() as tx:
        first = make_link(tx, HOST, "lan", now=clock.now())
        second = make_link(tx, HOST, "lan", now=clock.now())
    with staffed.read() as tx:
        assert find_link(tx, second, clock.now()).login == "lan"
        with pytest.raises(NotFound):
            find_link(tx, first, clock.now())
        with pytest.raises(NotFound):
            find_link(tx, second, clock.now() + timedelta(hours=24))
        with pytest.raises(NotFound):
            find_link(tx, "", clock.now())
    with staffed.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())
        with pytest.raises(NotFound):
            find_link(tx, second, clock.now())
        with pytest.raises(Conflict):
            make_link(tx, HOST, "lan", now=clock.now())


def test_a_link_after_a_lost_telephone_lets_the_code_begin_anew(
    staffed: Database, clock: FixedClock, secret: str
) -> None:
    with staffed.write() as tx:
        end = make_link(tx, HOST, "quan", now=clock.now())
    token = use_link(staffed, end, NEXT, knock(clock))
    assert not refused(staffed, clock, token, SessionStage.ENROL)  # a new telephone has to be made known
    assert rows(staffed, "SELECT code_secret FROM officers WHERE login = 'quan'") == [(None,)]
    assert code(clock, secret)  # the old one still makes codes, for nothing


def test_only_who_manages_an_officer_makes_a_link(staffed: Database, clock: FixedClock) -> None:
    with pytest.raises(NotFound), staffed.write() as tx:
        make_link(tx, acting(staffed, "minh"), "lan", now=clock.now())
    with staffed.write() as tx:
        assert make_link(tx, acting(staffed, "quan"), "lan", now=clock.now())
    with pytest.raises(NotPermitted), staffed.write() as tx:
        set_up_code(tx, acting(staffed, "quan"), "lan", now=clock.now())


def test_a_role_that_needs_a_code_asks_for_it_at_the_next_sign_in(
    staffed: Database, clock: FixedClock
) -> None:
    role: Role = acting(staffed, "thu").grants[0].role
    with staffed.write() as tx:
        grant_role(tx, HOST, "lan", role, "duc-pho", now=clock.now())
    token = come(staffed, clock)
    assert (refused(staffed, clock, token), refused(staffed, clock, token, SessionStage.ENROL)) == (
        True,
        False,
    )


def test_a_council_behind_one_router_is_not_locked_out_by_one_who_mistypes(
    staffed: Database, clock: FixedClock
) -> None:
    for login in ("minh", "thu", "binh", "ha"):
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                enter(staffed, login, "wrong", knock(clock))
    assert come(staffed, clock)
