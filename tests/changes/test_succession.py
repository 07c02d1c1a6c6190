"""A unit is merged into another: before, on and after the day; nothing is lost, doubled or renamed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role, Scope
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.changes.mergers.succession import carry_out, merge
from ocop_workflow.errors import Conflict, NotFound, NotPermitted, Stale, WrongUse
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy, TemporaryDeliveryError
from ocop_workflow.people.contacts import end_contact
from ocop_workflow.people.officers import grant_role
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.products.queries import move, product_by_code
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import State
from ocop_workflow.sweep.daily import SCHEDULER, sweep
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import SENDER, act, letter_text, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.products.test_undoing import take_back
from tests.stories.cast import acting, appoint
from tests.stories.days import daily, letters, run, sweep_on
from tests.stories.journeys import (
    NEXT,
    candidate,
    everything,
    import_rows,
    load_text,
    next_plan,
    step,
    walk_to,
)
from tests.stories.mergers import HOST, THE_DAY, join, load_new_units, the_district_ends

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO = "DP24-002"
SOON = date(2024, 4, 26)


def healthy(database: Database, clock: FixedClock) -> bool:
    found = [item.text.en for item in examine(database, clock).findings if item.invariant not in (13, 17)]
    with database.read() as tx:
        found += [row.text.en for row in prove(tx, VIETNAM).unbalanced]
    assert found == []
    return True


def unit_of(database: Database, code: str) -> str:
    ((slug,),) = rows(
        database,
        "SELECT u.slug FROM products p JOIN units u ON u.id = p.unit_id WHERE p.code = :code",
        code=code,
    )
    return str(slug)


def contacts_of(database: Database, slug: str) -> list[tuple[Any, ...]]:
    """Return (address, from, to) of a unit, oldest first."""
    return rows(
        database,
        "SELECT c.address, CAST(c.valid_from AS TEXT), CAST(c.valid_to AS TEXT) FROM contacts c "
        "JOIN desks k ON k.id = c.desk_id JOIN units u ON u.id = k.unit_id "
        "WHERE u.slug = :slug ORDER BY c.id",
        slug=slug,
    )


def roles_on(database: Database, slug: str) -> list[tuple[Any, ...]]:
    return rows(
        database,
        "SELECT o.login, g.role FROM grants g JOIN officers o ON o.id = g.officer_id "
        "JOIN units u ON u.id = g.unit_id WHERE u.slug = :slug AND g.revoked_at IS NULL ORDER BY o.login",
        slug=slug,
    )


def said_to(database: Database, code: str) -> list[tuple[Any, ...]]:
    """Return (stage, unit, status) of a product's reminders that were written into letters or wait."""
    return rows(
        database,
        "SELECT r.stage, u.slug, r.digest_id IS NOT NULL FROM reminders r "
        "JOIN desks k ON k.id = r.desk_id JOIN units u ON u.id = k.unit_id "
        "JOIN deadlines d ON d.id = r.deadline_id JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code AND r.status = 'due' ORDER BY r.stage, u.slug",
        code=code,
    )


# -- before, on and after the day ----------------------------------------------------------------------


def test_on_the_day_everything_follows_and_not_before(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    run(seeded, clock, "2024-04-23")
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    assert unit_of(seeded, TWO) == "pho-an"
    run(seeded, clock, "2024-04-25")
    assert unit_of(seeded, TWO) == "pho-an"
    assert healthy(seeded, clock)
    run(seeded, clock, "2024-04-26")

    assert unit_of(seeded, TWO) == "moi-hai"
    assert contacts_of(seeded, "pho-an") == [("pho-an@duc-pho.example", "2024-04-23", "2024-04-26")]
    assert contacts_of(seeded, "moi-hai") == [("pho-an@duc-pho.example", "2024-04-26", None)]
    # D-7 was said to the old commune, D-1 to the new one, in the words of the new one
    assert said_to(seeded, TWO) == [(-7, "pho-an", True), (-1, "moi-hai", True)]
    first, last = letters(seeded, "pho-an@duc-pho.example", "sent")
    assert letter_text(first).startswith("Kính gửi: UBND xã Phổ An\n")
    assert letter_text(last).startswith("Kính gửi: UBND xã Mới Hai\n")
    assert healthy(seeded, clock)
    daily(seeded, clock, "2024-04-27", "2024-05-08")
    assert healthy(seeded, clock)


def test_carrying_out_is_done_once_however_often_it_is_asked_for(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    clock.move_to(SOON)
    with seeded.write() as tx:
        assert carry_out(tx, SCHEDULER, clock.today(), clock.now()) == 1
    before = everything(seeded)
    with seeded.write() as tx:
        assert carry_out(tx, SCHEDULER, clock.today(), clock.now()) == 0
    assert everything(seeded) == before
    ((after,),) = rows(
        seeded, "SELECT after FROM audit WHERE action = 'unit.carry_out' AND subject = 'unit:pho-an'"
    )
    assert '"heir": "moi-hai"' in str(after) or "'heir': 'moi-hai'" in str(after)


@pytest.mark.parametrize(
    ("on", "done"), [(date(2024, 4, 22), True), (date(2024, 4, 23), True), (SOON, False)]
)
def test_a_merger_whose_day_has_come_is_carried_out_at_once(
    seeded: Database, clock: FixedClock, on: date, done: bool
) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", on)
    assert (unit_of(seeded, TWO) == "moi-hai") is done


def test_addresses_were_used_until_the_merger_was_known(seeded: Database, clock: FixedClock) -> None:
    """Recorded ten days late: the letters of those days went to the old addresses, and that stays true."""
    load_new_units(seeded, clock)
    daily(seeded, clock, "2024-04-23", "2024-05-06")
    clock.move_to(date(2024, 5, 6), hour=9)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    assert contacts_of(seeded, "pho-an")[0][2] == "2024-05-06"
    assert healthy(seeded, clock)
    daily(seeded, clock, "2024-05-07", "2024-05-15")
    assert healthy(seeded, clock)


def test_a_rehearsal_of_the_day_carries_nothing_out(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    before = everything(seeded)
    sweep(seeded, clock, SENDER, day=SOON, rehearsal=True)
    assert everything(seeded) == before


# -- 1/7/2025: the district ends, its communes are merged -----------------------------------------------


def test_the_district_ends_and_its_plan_goes_on_under_the_province(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, TWO, "begin_monitoring")
    clock.move_to(date(2025, 6, 2))
    the_district_ends(seeded, clock)
    step(seeded, clock, TWO, "open_re_rating", date(2025, 6, 3))
    run(seeded, clock, "2025-06-30")
    assert healthy(seeded, clock)
    run(seeded, clock, THE_DAY.isoformat())

    authority = "SELECT u.slug FROM plans p JOIN units u ON u.id = p.unit_id ORDER BY p.slug"
    assert rows(seeded, authority) == [("quang-ngai",), ("quang-ngai",)]
    homes = {slug for (slug,) in rows(
        seeded, "SELECT DISTINCT u.slug FROM products p JOIN units u ON u.id = p.unit_id"
    )}  # fmt: skip
    assert homes == {"moi-mot", "moi-hai"}
    # the town and its communes stay as they were, under their names
    assert rows(seeded, "SELECT COUNT(*) FROM units WHERE valid_to = '2025-07-01'") == [(16,)]
    under_the_town = (
        "SELECT COUNT(*) FROM units c JOIN units t ON t.id = c.parent_id WHERE t.slug = 'duc-pho'"
    )
    assert rows(seeded, under_the_town) == [(15,)]
    assert healthy(seeded, clock)
    clock.move_to(date(2025, 7, 8))
    act(seeded, clock, TWO, "commune_evaluate")
    daily(seeded, clock, "2025-07-09", "2025-07-11")
    names = rows(seeded, "SELECT DISTINCT unit FROM transitions ORDER BY unit")
    assert names == [("Xã Mới Hai",), ("Xã Phổ An",)]
    assert healthy(seeded, clock)


def test_the_province_names_no_commune_as_silent_that_was_never_the_towns(
    seeded: Database, clock: FixedClock
) -> None:
    """Of the province's other communes nobody asks what the town's plan asks of the town's."""
    the_district_ends(seeded, clock)
    clock.move_to(date(2024, 4, 30))
    load_new_units(
        seeded,
        clock,
        'format = 1\n[[units]]\nid = "quang-ngai"\nname = "Tỉnh Quảng Ngãi"\nlevel = "province"\n'
        'office = "Sở NN"\nemails = ["so-nnptnt@quang-ngai.example"]\n'
        '[[units]]\nid = "xa-khac"\nname = "Xã Nơi Khác"\nlevel = "commune"\nparent = "quang-ngai"\n'
        'office = "UBND xã Nơi Khác"\n',
    )
    join(seeded, clock, "duc-pho", "quang-ngai", date(2024, 4, 30))
    run(seeded, clock, "2024-05-02")
    (told,) = letters(seeded, "so-nnptnt@quang-ngai.example", "sent")
    assert "Xã Nơi Khác" not in letter_text(told)
    assert "Xã Phổ An" in letter_text(told)
    assert healthy(seeded, clock)


# -- letters on their way ---------------------------------------------------------------------------------


def test_what_no_letter_has_said_is_said_to_the_heir_once(seeded: Database, clock: FixedClock) -> None:
    """The relay is down from the 23rd on; on the 26th the new commune gets one letter, not two."""
    load_new_units(seeded, clock)
    sweep_on(seeded, clock, "2024-04-23")
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    sweep_on(seeded, clock, "2024-04-26")
    assert said_to(seeded, TWO) == [(-1, "moi-hai", True)]
    found = letters(seeded, "pho-an@duc-pho.example")
    assert [letter_text(mime).splitlines()[0] for mime in found] == ["Kính gửi: UBND xã Mới Hai"]
    assert healthy(seeded, clock)


def test_what_was_done_meanwhile_is_not_left_to_be_said_to_the_heir(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock)
    sweep_on(seeded, clock, "2024-04-23")  # nobody sends the letter
    act(seeded, clock, TWO, "register")
    join(seeded, clock, "pho-an", "moi-hai", date(2024, 4, 27))
    sweep_on(seeded, clock, "2024-04-27")  # a Saturday, on which nobody is written to
    assert rows(
        seeded,
        "SELECT r.status FROM reminders r JOIN deadlines d ON d.id = r.deadline_id"
        " JOIN products p ON p.id = d.product_id"
        " WHERE p.code = :code AND d.rule = 'registration' AND r.stage = -7",
        code=TWO,
    ) == [("cancelled",)]
    assert healthy(seeded, clock)


def test_a_letter_half_sent_goes_its_way(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    sweep_on(seeded, clock, "2024-04-23")
    cut = RecordingMailer([TemporaryDeliveryError("cut", ambiguous=True)] * 20)
    deliver_pending(seeded, cut, RetryPolicy(), clock, SENDER)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    daily(seeded, clock, "2024-04-26", "2024-04-29")
    assert healthy(seeded, clock)


def test_reminders_that_wait_for_an_address_wait_with_the_heir(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    with seeded.write() as tx:
        address = "pho-an@duc-pho.example"
        end_contact(tx, HOST, "pho-an", address, None, today=clock.today(), now=clock.now())
    run(seeded, clock, "2024-04-23")
    join(seeded, clock, "pho-an", "moi-mot", SOON)
    run(seeded, clock, "2024-04-26")
    assert said_to(seeded, TWO) == [(-1, "moi-mot", True)]
    assert letters(seeded, "moi-mot@quang-ngai.example", "sent")
    assert healthy(seeded, clock)


def test_a_commune_merged_with_its_authority_hears_a_thing_once(seeded: Database, clock: FixedClock) -> None:
    """Both were told of the late product; where both live on in one unit, it is told once."""
    load_new_units(seeded, clock)
    daily(seeded, clock, "2024-04-23", "2024-05-02")
    clock.move_to(date(2024, 5, 3))
    join(seeded, clock, "duc-pho", "moi-mot", date(2024, 5, 6))
    join(seeded, clock, "pho-an", "moi-mot", date(2024, 5, 6))
    daily(seeded, clock, "2024-05-03", "2024-05-15")
    told = [(stage, unit) for stage, unit, _ in said_to(seeded, TWO) if stage >= 7]
    assert told == [(7, "moi-mot"), (14, "moi-mot")]
    assert healthy(seeded, clock)


# -- the tree, producers, roles, feeds ------------------------------------------------------------------


def test_chains_lead_to_the_last_heir(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    join(seeded, clock, "moi-hai", "moi-mot", SOON + timedelta(days=3))
    clock.move_to(date(2024, 5, 2))  # both days have gone by unswept
    sweep(seeded, clock, SENDER)
    assert unit_of(seeded, TWO) == "moi-mot"
    assert healthy(seeded, clock)


def test_an_heir_that_lay_under_the_unit_takes_its_place(seeded: Database, clock: FixedClock) -> None:
    join(seeded, clock, "duc-pho", "pho-an", clock.today())
    tree = dict(
        rows(seeded, "SELECT c.slug, p.slug FROM units c JOIN units p ON p.id = c.parent_id ORDER BY c.slug")
    )
    assert tree["pho-an"] == "quang-ngai"
    assert {tree[slug] for slug in ("pho-khanh", "pho-phong", "nguyen-nghiem")} == {"pho-an"}


def test_producers_of_one_name_come_to_the_heir_as_two(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    import_rows(
        seeded,
        clock,
        "duc-pho-2024",
        candidate(1, "Xã Phổ An", "Nước mắm", key="a"),
        candidate(2, "Xã Phổ Khánh", "Mắm nhum", key="b"),
    )
    for slug in ("pho-an", "pho-khanh"):
        join(seeded, clock, slug, "moi-mot", clock.today())
    owners = rows(
        seeded,
        "SELECT DISTINCT p.producer_id FROM products p WHERE p.name IN ('Nước mắm', 'Mắm nhum')",
    )
    assert len(owners) == 2
    ((heir,),) = rows(seeded, "SELECT id FROM units WHERE slug = 'moi-mot'")
    homes = rows(seeded, "SELECT unit_id FROM producers WHERE name = 'HTX Nhà Nông'")
    assert homes == [(heir,), (heir,)]
    assert healthy(seeded, clock)


def test_roles_and_feeds_follow_and_none_is_doubled(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    appoint(seeded, clock)
    with seeded.write() as tx:
        grant_role(tx, HOST, "ha", Role.COMMUNE_OFFICER, "moi-mot", now=clock.now())
        create_token(tx, HOST, TokenOrder("lan", Scope.FEED, 90, unit="pho-an"), now=clock.now())
    lan = acting(seeded, "lan")
    for slug in ("pho-an", "pho-khanh"):
        join(seeded, clock, slug, "moi-mot", clock.today())
    assert roles_on(seeded, "pho-an") == roles_on(seeded, "pho-khanh") == []
    assert roles_on(seeded, "moi-mot") == [("ha", "commune_officer"), ("lan", "commune_officer")]
    assert rows(seeded, "SELECT u.slug FROM tokens t JOIN units u ON u.id = t.unit_id") == [("moi-mot",)]
    assert [grant.unit for grant in acting(seeded, "lan").grants] == ["moi-mot"]
    with seeded.write() as tx, pytest.raises(NotFound):  # the role of before sees nothing any more
        undo(tx, UndoOrder(TWO, lan, "x"), sender=SENDER, today=clock.today(), now=clock.now())


def test_a_step_of_before_is_undone_after_and_whoever_was_told_is_told(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock)
    walk_to(seeded, clock, TWO, "select")
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    join(seeded, clock, "pho-an", "moi-mot", clock.today())
    take_back(seeded, clock)
    ((address, unit),) = rows(
        seeded,
        "SELECT o.address, u.slug FROM outbox o JOIN desks k ON k.id = o.desk_id "
        "JOIN units u ON u.id = k.unit_id WHERE o.kind = 'correction'",
    )
    assert (address, unit) == ("pho-an@duc-pho.example", "pho-an")
    assert healthy(seeded, clock)


def test_who_moves_a_product_on_while_it_changes_its_unit_looks_again(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock)
    with seeded.read() as tx:
        seen = product_by_code(tx, TWO)
    assert seen is not None
    join(seeded, clock, "pho-an", "moi-mot", clock.today())
    with seeded.write() as tx, pytest.raises(Stale):
        move(tx, seen, {"state": State.REGISTERED}, clock.now())
    act(seeded, clock, TWO, "register")
    assert rows(seeded, "SELECT unit FROM transitions") == [("Phường Mới Một",)]


# -- what comes later ---------------------------------------------------------------------------------------


def test_an_old_file_of_units_brings_nobody_back(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", clock.today())
    before = contacts_of(seeded, "pho-an"), contacts_of(seeded, "moi-hai")
    text = (
        'format = 1\n[[units]]\nid = "pho-an"\nname = "Xã Khác"\nlevel = "commune"\noffice = "x"\n'
        'emails = ["lai@pho-an.example"]\n'
    )
    assert load_new_units(seeded, clock, text).merged == ("pho-an",)
    assert (contacts_of(seeded, "pho-an"), contacts_of(seeded, "moi-hai")) == before
    assert rows(seeded, "SELECT name FROM units WHERE slug = 'pho-an'") == [("Xã Phổ An",)]


def test_a_list_with_the_old_name_goes_to_the_heir(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "pho-khanh", clock.today())
    import_rows(seeded, clock, "duc-pho-2024", candidate(1, "Xã Phổ An", "Nước mắm"))
    assert unit_of(seeded, "DP24-015") == "pho-khanh"


def test_a_plan_of_a_district_that_has_ended_is_its_heirs(seeded: Database, clock: FixedClock) -> None:
    the_district_ends(seeded, clock)
    clock.move_to(THE_DAY)
    sweep(seeded, clock, SENDER)
    with seeded.write() as tx:
        load_plan(tx, next_plan(), actor="minh", today=clock.today(), now=clock.now())
    owner = "SELECT u.slug FROM plans p JOIN units u ON u.id = p.unit_id WHERE p.slug = :plan"
    assert rows(seeded, owner, plan=NEXT) == [("quang-ngai",)]


# -- refusals --------------------------------------------------------------------------------------------


def test_what_cannot_be_recorded_is_said_in_one_sentence(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    day = timedelta(days=1)
    refusals: tuple[tuple[str, str, date, type[Exception], str], ...] = (
        ("nowhere", "moi-mot", SOON, NotFound, "No unit is called nowhere"),
        ("pho-khanh", "nowhere", SOON, NotFound, "no unit nowhere to merge into"),
        ("pho-khanh", "pho-khanh", SOON, WrongUse, "cannot be merged into itself"),
        ("moi-hai", "pho-an", SOON + day, Conflict, "would close a circle"),
        ("pho-khanh", "pho-an", SOON, Conflict, "pho-an ends on 2024-04-26; merge into moi-hai instead"),
        ("moi-hai", "moi-mot", SOON, Conflict, "pho-an is to be merged into moi-hai on 2024-04-26"),
    )
    before = everything(seeded)
    for old, new, on, error, sentence in refusals:
        with pytest.raises(error, match=sentence):
            join(seeded, clock, old, new, on)
    assert everything(seeded) == before
    join(seeded, clock, "pho-khanh", "pho-an", SOON - day)
    join(seeded, clock, "moi-hai", "moi-mot", SOON + day)


def test_a_merger_can_be_recorded_anew_until_its_day(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-hai", SOON)
    join(seeded, clock, "pho-an", "moi-mot", SOON + timedelta(days=1))
    clock.move_to(SOON + timedelta(days=1))
    sweep(seeded, clock, SENDER)
    assert unit_of(seeded, TWO) == "moi-mot"
    with pytest.raises(Conflict, match="pho-an ended on 2024-04-27 and was merged into moi-mot"):
        join(seeded, clock, "pho-an", "moi-hai", THE_DAY)


def test_only_who_manages_both_units_records_a_merger(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    appoint(seeded, clock)
    for login, new in (("minh", "pho-khanh"), ("quan", "moi-mot")):
        actor = acting(seeded, login)
        with seeded.write() as tx, pytest.raises(NotPermitted):
            merge(tx, actor, "pho-an", new, SOON, today=clock.today(), now=clock.now())
    quan = acting(seeded, "quan")
    with seeded.write() as tx:
        merge(tx, quan, "pho-an", "pho-khanh", SOON, today=clock.today(), now=clock.now())
    assert rows(seeded, "SELECT actor, acting_for FROM audit WHERE action = 'unit.merge'") == [
        ("quan", "duc-pho")
    ]


def test_an_heir_may_come_from_a_file_that_is_shipped(seeded: Database, clock: FixedClock) -> None:
    join(seeded, clock, "pho-an", "vi-du", SOON)
    assert rows(seeded, "SELECT COUNT(*) FROM units WHERE slug = 'vi-du'") == [(1,)]
    assert rows(seeded, "SELECT action, subject FROM audit ORDER BY seq DESC LIMIT 2") == [
        ("unit.merge", "unit:pho-an"),
        ("unit.load", "units"),
    ]
