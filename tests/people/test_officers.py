"""Officers: who may be added by whom, what a role reaches, and that a disabled one acts no more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.errors import Conflict, NotFound, NotPermitted, WrongUse
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import actor_on_host, add_officer, disable_officer, grant_role, revoke_role
from ocop_workflow.places import queries as units
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.states import Event
from tests.factories import GOOD_DATA, SENDER, rows
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import everything, step, walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock

LANS, HAS = "DP24-002", "DP24-011"  # of Phổ An and of Phổ Khánh


def try_step(database: Database, clock: FixedClock, who: Actor, event: str, code: str = LANS) -> str:
    with database.write() as tx:
        order = Order(code, event, who, GOOD_DATA.get(event, {}))
        return advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now()).state.value


def test_products_lie_where_the_cast_expects_them(staffed: Database) -> None:
    found = rows(
        staffed,
        "SELECT p.code, u.slug FROM products p JOIN units u ON u.id = p.unit_id WHERE p.code IN (:one, :two)",
        one=LANS,
        two=HAS,
    )
    assert dict(found) == {LANS: "pho-an", HAS: "pho-khanh"}


def test_a_commune_officer_moves_her_own_products_and_knows_of_no_others(
    staffed: Database, clock: FixedClock
) -> None:
    lan = acting(staffed, "lan")
    assert try_step(staffed, clock, lan, "register") == "registered"
    before = everything(staffed)
    with pytest.raises(NotFound) as foreign:
        try_step(staffed, clock, lan, "register", HAS)
    with pytest.raises(NotFound) as nowhere:
        try_step(staffed, clock, lan, "register", "DP24-999")
    assert foreign.value.text.vi.replace(HAS, "DP24-999") == nowhere.value.text.vi
    assert everything(staffed) == before


def test_a_step_in_other_hands_is_refused_with_whose_hands_they_are(
    staffed: Database, clock: FixedClock
) -> None:
    try_step(staffed, clock, acting(staffed, "lan"), "register")
    before = everything(staffed)
    with pytest.raises(NotPermitted) as caught:
        try_step(staffed, clock, acting(staffed, "lan"), "select")
    assert caught.value.text.vi == (
        "DP24-002: «Lựa chọn» không thuộc quyền của lan; việc này do Phòng Kinh tế thị xã Đức Phổ làm. "
        "Có thể: withdraw (Rút; cần reason)."
    )
    assert caught.value.members["allowed"] == ["withdraw"]
    assert everything(staffed) == before
    assert try_step(staffed, clock, acting(staffed, "minh"), "select") == "selected"


def test_whoever_can_do_nothing_hears_of_whom_it_is_awaited(staffed: Database, clock: FixedClock) -> None:
    with pytest.raises(EventRefused) as caught:
        try_step(staffed, clock, acting(staffed, "vinh"), "certify")
    assert caught.value.text.vi == (
        "DP24-002 đang ở «Ý tưởng», không thể «Công nhận»; có thể: không có; đang chờ "
        "UBND xã Phổ An: Đăng ký ý tưởng, UBND xã Phổ An hoặc Phòng Kinh tế thị xã Đức Phổ: Rút."
    )
    assert caught.value.members["allowed"] == []


BODIES = {
    "75": ("certify", "UBND tỉnh Quảng Ngãi", "UBND tỉnh Quảng Ngãi (the province)"),
    "92": (
        "certify",
        "Bộ Nông nghiệp và Phát triển nông thôn",
        "Bộ Nông nghiệp và Phát triển nông thôn (the centre)",
    ),
    "65": ("certify", "UBND thị xã Đức Phổ", "UBND thị xã Đức Phổ (the district)"),
    "42": ("reject", "UBND thị xã Đức Phổ", "UBND thị xã Đức Phổ (the district)"),
    "": (
        "score_district",
        "Hội đồng OCOP thị xã Đức Phổ",
        "the OCOP council of thị xã Đức Phổ (the district)",
    ),
}


@pytest.mark.parametrize("mean", BODIES)
def test_whose_a_step_is_is_said_by_name(staffed: Database, clock: FixedClock, mean: str) -> None:
    """A star that a higher level recognises is in its hands; the way there is to send the dossier up."""
    event, body, in_english = BODIES[mean]
    walk_to(staffed, clock, "DP24-002", "commune_evaluate")
    if mean:
        step(staffed, clock, "DP24-002", "score_district", date(2024, 11, 20), mean=mean)
    with pytest.raises(NotPermitted) as caught:
        try_step(staffed, clock, acting(staffed, "lan"), event)
    assert f"«{Event(event).label}» không thuộc quyền của lan; việc này do {body} làm" in caught.value.text.vi
    assert f"it is in the hands of {in_english}" in caught.value.text.en
    assert ("chuyển hồ sơ lên cấp trên (escalate)" in caught.value.text.vi) == (mean in {"75", "92"})


def test_a_disabled_officer_acts_no_more_and_stays_on_record(staffed: Database, clock: FixedClock) -> None:
    try_step(staffed, clock, acting(staffed, "lan"), "register")
    with staffed.write() as tx:
        disable_officer(tx, acting(staffed, "quan"), "lan", now=clock.now())
    with pytest.raises(NotPermitted, match="lan is no active officer"):
        acting(staffed, "lan")
    assert rows(staffed, "SELECT actor FROM transitions") == [("lan",)]


def test_roles_begin_and_end_at_once(staffed: Database, clock: FixedClock) -> None:
    quan = acting(staffed, "quan")
    with staffed.write() as tx:
        grant_role(tx, quan, "lan", Role.COMMUNE_OFFICER, "pho-khanh", now=clock.now())
    assert try_step(staffed, clock, acting(staffed, "lan"), "register", HAS) == "registered"
    with staffed.write() as tx:
        revoke_role(tx, quan, "lan", Role.COMMUNE_OFFICER, "pho-khanh", now=clock.now())
    with pytest.raises(NotFound):
        try_step(staffed, clock, acting(staffed, "lan"), "withdraw", HAS)


@pytest.mark.parametrize(
    ("login", "unit", "error"),
    [
        ("lan", "pho-an", Conflict),
        ("Lan", "pho-an", WrongUse),
        ("đào", "pho-an", WrongUse),
        ("a", "pho-an", WrongUse),
        ("ocop", "pho-an", WrongUse),
        ("dao", "nowhere", NotFound),
    ],
)
def test_who_cannot_be_added_is_refused_in_one_sentence(
    staffed: Database, clock: FixedClock, login: str, unit: str, error: type[Exception]
) -> None:
    before = everything(staffed)
    with pytest.raises(error), staffed.write() as tx:
        add_officer(tx, HOST, login, "Đào", Role.VIEWER, unit, now=clock.now())
    assert everything(staffed) == before


@pytest.mark.parametrize("by", ["minh", "lan", "vinh", "thu", "binh"])
def test_only_an_administrator_manages_officers(staffed: Database, clock: FixedClock, by: str) -> None:
    who, before = acting(staffed, by), everything(staffed)
    attempts: tuple[Callable[[Connection], None], ...] = (
        lambda tx: add_officer(tx, who, "dao", "Đào", Role.ADMINISTRATOR, "pho-an", now=clock.now()),
        lambda tx: grant_role(tx, who, by, Role.ADMINISTRATOR, "duc-pho", now=clock.now()),
        lambda tx: revoke_role(tx, who, "ha", Role.COMMUNE_OFFICER, "pho-khanh", now=clock.now()),
        lambda tx: disable_officer(tx, who, "ha", now=clock.now()),
    )
    for attempt in attempts:
        with pytest.raises(NotPermitted), staffed.write() as tx:
            attempt(tx)
    assert everything(staffed) == before


def test_an_administrator_manages_nobody_above_or_beside_the_own_unit(
    staffed: Database, clock: FixedClock
) -> None:
    with staffed.write() as tx:
        add_officer(tx, HOST, "xa", "Quản trị xã", Role.ADMINISTRATOR, "pho-an", now=clock.now())
    ward, before = acting(staffed, "xa"), everything(staffed)
    attempts: tuple[Callable[[Connection], None], ...] = (
        lambda tx: grant_role(tx, ward, "xa", Role.ADMINISTRATOR, "duc-pho", now=clock.now()),
        lambda tx: disable_officer(tx, ward, "ha", now=clock.now()),
        lambda tx: disable_officer(tx, ward, "minh", now=clock.now()),
    )
    for attempt in attempts:
        with pytest.raises(NotPermitted), staffed.write() as tx:
            attempt(tx)
    assert everything(staffed) == before
    with staffed.write() as tx:
        disable_officer(tx, ward, "lan", now=clock.now())


def test_whoever_has_no_role_left_is_managed_on_the_host_only(staffed: Database, clock: FixedClock) -> None:
    quan = acting(staffed, "quan")
    with staffed.write() as tx:
        revoke_role(tx, quan, "lan", Role.COMMUNE_OFFICER, "pho-an", now=clock.now())
    with pytest.raises(NotPermitted), staffed.write() as tx:
        disable_officer(tx, quan, "lan", now=clock.now())
    with staffed.write() as tx:
        disable_officer(tx, HOST, "lan", now=clock.now())


def test_a_role_that_is_not_held_cannot_be_taken_back_or_given_twice(
    staffed: Database, clock: FixedClock
) -> None:
    with pytest.raises(NotFound), staffed.write() as tx:
        revoke_role(tx, HOST, "lan", Role.VIEWER, "pho-an", now=clock.now())
    with pytest.raises(Conflict), staffed.write() as tx:
        grant_role(tx, HOST, "lan", Role.COMMUNE_OFFICER, "pho-an", now=clock.now())


def test_before_the_first_officer_the_name_on_the_host_is_only_recorded(
    seeded: Database, clock: FixedClock
) -> None:
    with seeded.read() as tx:
        anybody = actor_on_host(tx, "lan", "host:test")
    assert anybody.is_operator
    assert try_step(seeded, clock, anybody, "register") == "registered"
    appoint(seeded, clock)
    with pytest.raises(NotPermitted), seeded.read() as tx:
        actor_on_host(tx, "nobody", "host:test")


def test_a_units_lineage_leads_upward_and_its_reach_downward(staffed: Database) -> None:
    with staffed.read() as tx:
        numbers = {unit.slug: unit.id for unit in units.all_units(tx)}
        upward = units.lineage(tx, numbers["pho-an"])
        reached = set(tx.scalars(units.reach([numbers["duc-pho"]])))
        ward = set(tx.scalars(units.reach([numbers["pho-an"]])))
    names = {number: slug for slug, number in numbers.items()}
    assert [names[number] for number in upward][:2] == ["pho-an", "duc-pho"]
    assert ward == {numbers["pho-an"]}
    assert reached == {number for slug, number in numbers.items() if number not in upward[2:]}


def test_officers_are_listed_with_their_roles(staffed: Database) -> None:
    with staffed.read() as tx:
        listed = {
            officer.login: [(grant.role.value, grant.unit) for grant in held]
            for officer, held in officers.all_officers(tx)
        }
    assert listed["lan"] == [("commune_officer", "pho-an")]
    assert list(listed) == sorted(listed)
