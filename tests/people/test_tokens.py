"""Tokens: shown once, kept as a checksum, limited in reach and in time, gone the moment they are revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Permission, Role, Scope
from ocop_workflow.errors import Conflict, NotFound, NotPermitted, NotSignedIn, WrongUse
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import disable_officer, revoke_role
from ocop_workflow.people.tokens import (
    TokenOrder,
    authenticate,
    create_token,
    note_use,
    revoke_token,
    token_in_use,
)
from ocop_workflow.people.views import NewTokenView, show_tokens
from tests.factories import rows
from tests.stories.cast import HOST, acting

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def make(
    database: Database,
    clock: FixedClock,
    login: str = "lan",
    scope: Scope = Scope.ACT,
    days: int = 90,
    unit: str | None = None,
    by: Actor = HOST,
) -> str:
    with database.write() as tx:
        return create_token(tx, by, TokenOrder(login, scope, days, "máy ở xã", unit), now=clock.now())


def who(database: Database, clock: FixedClock, token: str) -> Actor:
    with database.read() as tx:
        return authenticate(tx, token, "192.0.2.7", clock.now())


def test_a_token_says_who_acts_how_far_and_from_where(staffed: Database, clock: FixedClock) -> None:
    lan = who(staffed, clock, make(staffed, clock))
    assert (lan.login, lan.origin, lan.scope, lan.is_operator) == ("lan", "192.0.2.7", Scope.ACT, False)
    assert [(grant.role, grant.unit) for grant in lan.grants] == [(Role.COMMUNE_OFFICER, "pho-an")]


def test_a_token_is_long_random_and_kept_nowhere(staffed: Database, clock: FixedClock) -> None:
    made = [make(staffed, clock) for _ in range(3)]
    assert len(set(made)) == 3
    assert all(token.startswith("ocop_") and len(token) >= 5 + 43 for token in made)
    stored = str(rows(staffed, "SELECT * FROM tokens")) + str(rows(staffed, "SELECT * FROM audit"))
    assert [token for token in made if token in stored or token[12:] in stored] == []


def test_what_is_shown_of_a_new_token_says_it_to_no_log(staffed: Database, clock: FixedClock) -> None:
    order = TokenOrder("lan", Scope.FEED, 90, "", "pho-an")
    with staffed.write() as tx:
        token = create_token(tx, HOST, order, now=clock.now())
        (told,) = show_tokens(tx, [token_in_use(tx, token)], clock.now())
    shown = NewTokenView.of(told, token, order, "https://ocop.example")
    assert token in str(shown.address)
    assert token not in repr(shown)


@pytest.mark.parametrize("wrong", ["", "ocop_", "ocop_" + "x" * 43, "lan", "\ud800", "ocop_\x00"])
def test_an_unknown_token_is_nobodys(staffed: Database, clock: FixedClock, wrong: str) -> None:
    make(staffed, clock)
    with pytest.raises(NotSignedIn):
        who(staffed, clock, wrong)


def test_a_token_ends_on_its_day_when_revoked_and_with_its_officer(
    staffed: Database, clock: FixedClock
) -> None:
    short, revoked, disabled = (make(staffed, clock, login, days=1) for login in ("lan", "lan", "ha"))
    with staffed.write() as tx:
        revoke_token(tx, acting(staffed, "lan"), revoked[:12], now=clock.now())
        disable_officer(tx, HOST, "ha", now=clock.now())
    said = set()
    for token in (revoked, disabled):
        with pytest.raises(NotSignedIn) as caught:
            who(staffed, clock, token)
        said.add(caught.value.text.vi)
    clock.wait(timedelta(days=1) - timedelta(seconds=1))
    assert who(staffed, clock, short).login == "lan"
    clock.wait(timedelta(seconds=1))
    with pytest.raises(NotSignedIn) as caught:
        who(staffed, clock, short)
    assert said | {caught.value.text.vi} == {"Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi."}


def test_what_an_officer_loses_the_token_loses_at_once(staffed: Database, clock: FixedClock) -> None:
    token = make(staffed, clock)
    with staffed.write() as tx:
        revoke_role(tx, HOST, "lan", Role.COMMUNE_OFFICER, "pho-an", now=clock.now())
    assert who(staffed, clock, token).units_with(Permission.READ) == frozenset()


def test_its_use_is_noted_once_a_minute(staffed: Database, clock: FixedClock) -> None:
    token = make(staffed, clock)
    noted = []
    for pause in (0, 59, 1, 61):
        clock.wait(timedelta(seconds=pause))
        with staffed.write() as tx:
            noted.append(note_use(tx, token, clock.now()))
    assert noted == [True, False, True, True]
    with staffed.read() as tx:
        assert officers.all_tokens(tx)[0].last_used_at == clock.now()


def test_an_officer_makes_own_tokens_but_none_wider_than_the_one_in_use(
    staffed: Database, clock: FixedClock
) -> None:
    lan = who(staffed, clock, make(staffed, clock))
    assert who(staffed, clock, make(staffed, clock, scope=Scope.READ, by=lan)).scope is Scope.READ
    with pytest.raises(NotPermitted):
        make(staffed, clock, scope=Scope.ADMINISTER, by=lan)
    with pytest.raises(NotFound, match="No officer is called ha"):  # whom she does not manage
        make(staffed, clock, "ha", by=lan)
    assert make(staffed, clock, "ha", by=acting(staffed, "quan"))


def test_a_feed_reads_one_unit_and_is_good_for_nothing_else(staffed: Database, clock: FixedClock) -> None:
    feed = who(staffed, clock, make(staffed, clock, scope=Scope.FEED, unit="pho-an"))
    assert feed.unit_id == rows(staffed, "SELECT id FROM units WHERE slug = 'pho-an'")[0][0]
    assert {permission: feed.units_with(permission) for permission in Permission} == dict.fromkeys(
        Permission, frozenset()
    )
    with pytest.raises(NotPermitted):
        make(staffed, clock, scope=Scope.FEED, unit="pho-khanh")


@pytest.mark.parametrize(
    ("scope", "days", "unit"),
    [
        (Scope.READ, 0, None),
        (Scope.READ, 367, None),
        (Scope.FEED, 90, None),
        (Scope.READ, 90, "pho-an"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    staffed: Database, clock: FixedClock, scope: Scope, days: int, unit: str | None
) -> None:
    with pytest.raises(WrongUse):
        make(staffed, clock, scope=scope, days=days, unit=unit)
    assert rows(staffed, "SELECT COUNT(*) FROM tokens") == [(0,)]


def test_nobody_makes_tokens_for_the_disabled_or_revokes_what_is_anothers(
    staffed: Database, clock: FixedClock
) -> None:
    token = make(staffed, clock)
    with pytest.raises(NotFound), staffed.write() as tx:
        revoke_token(tx, acting(staffed, "ha"), token[:12], now=clock.now())
    with pytest.raises(NotFound), staffed.write() as tx:
        revoke_token(tx, HOST, "ocop_zzzzzzz", now=clock.now())
    with staffed.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())
    with pytest.raises(Conflict):
        make(staffed, clock)
