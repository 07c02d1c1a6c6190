"""A commune without a product hears of the registration, too, where its plan speaks to every commune."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.changes import preview_removal, remove_plan
from ocop_workflow.changes.entry import what_lies_behind
from ocop_workflow.overview import list_queries as listing
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.products.registering import NewProduct, Particulars, create_product
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.examination.reckoning.balance import Wrong
from ocop_workflow.upkeep.simulation import Scenario, simulate
from tests.changes.amending import amended, change, corrections, is_sound
from tests.factories import LAN, SEED, SENDER, act, letter_text, load_seed, rows, told_to_all
from tests.fakes import VIETNAM
from tests.stories.days import daily, letters, run
from tests.stories.journeys import NEXT, candidate, import_rows, load_text, next_plan
from tests.stories.mergers import join, load_new_units

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SILENT = {
    "pho-chau",
    "pho-cuong",
    "pho-hoa",
    "pho-minh",
    "pho-thanh",
    "pho-thuan",
    "pho-van",
    "pho-vinh",
}
LETTER = """\
Kính gửi: UBND phường Phổ Hòa

Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 23/04/2024.

1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, còn 7 ngày
   Đơn vị chưa có sản phẩm nào trong kế hoạch này.
   Việc cần làm: Rà soát sản phẩm tiềm năng trên địa bàn, lựa chọn chủ thể đủ tiêu chuẩn và nộp phiếu đăng \
ký ý tưởng sản phẩm cho Phòng Kinh tế.
   Nơi thực hiện: Phòng Kinh tế thị xã Đức Phổ (Văn phòng Nông thôn mới thị xã)
   Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: "Thời gian thực hiện: Tháng 3 – 4 năm 2024."
   English: no product yet, due 2024-04-30, 7 days left.
"""


@pytest.fixture
def town(database: Database, clock: FixedClock) -> Database:
    """The seed on 23/4/2024, speaking to every commune: seven have its 14 products, eight have none."""
    load_seed(database, clock, told_to_all())
    return database


def told(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return what was recorded of communes without a product, by commune: stage, status, whether said."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for slug, *rest in rows(
        database,
        "SELECT u.slug, r.stage, r.status, r.digest_id IS NOT NULL FROM reminders r "
        "JOIN deadlines d ON d.id = r.deadline_id JOIN desks k ON k.id = r.desk_id "
        "JOIN units u ON u.id = k.unit_id "
        "WHERE d.kind = 'commune' ORDER BY r.stage",
    ):
        found.setdefault(slug, []).append((*rest[:2], bool(rest[2])))
    return found


def deadlines_of(database: Database, slug: str) -> list[tuple[object, ...]]:
    """Return a commune's own deadlines that lasted: due, opened, closed, why; its flag raised, cleared."""
    found = rows(
        database,
        "SELECT CAST(d.due_on AS TEXT), CAST(d.opened_on AS TEXT), CAST(d.closed_on AS TEXT), "
        "d.closed_because, CAST(f.raised_on AS TEXT), CAST(f.cleared_on AS TEXT) FROM deadlines d "
        "JOIN units u ON u.id = d.unit_id LEFT JOIN flags f ON f.deadline_id = d.id "
        "WHERE u.slug = :slug ORDER BY d.id",
        slug=slug,
    )
    return [row for row in found if row[1] != row[2]]


def bring_in(database: Database, clock: FixedClock, unit: str, plan: str = SEED) -> str:
    order = NewProduct(plan, unit, "Nón lá", Particulars(producer="HTX Nón", address="Thôn 1"))
    with database.write() as tx:
        return create_product(tx, order, actor=LAN, today=clock.today(), now=clock.now())


# -- who hears what ------------------------------------------------------------------------------------


def test_every_commune_without_a_product_gets_the_letter_of_the_registration(
    town: Database, clock: FixedClock
) -> None:
    report = run(town, clock, "2024-04-23")
    assert (report.counts.reminders, report.counts.withheld, report.counts.letters) == (14 + 8, 28 + 16, 15)
    before = [(-30, "withheld", False), (-14, "withheld", False), (-7, "due", True)]
    assert told(town) == dict.fromkeys(SILENT, before)
    (mime,) = letters(town, "pho-hoa@duc-pho.example", "sent")
    assert letter_text(mime).startswith(LETTER)
    is_sound(town, clock)


def test_the_seed_itself_speaks_only_to_those_that_have_products(seeded: Database, clock: FixedClock) -> None:
    report = run(seeded, clock, "2024-04-23")
    assert (report.counts.reminders, report.counts.withheld, report.counts.letters) == (14, 28, 7)
    assert told(seeded) == {}


def test_one_that_has_registered_nothing_is_late_and_hears_so_until_the_plans_year_ends(
    town: Database, clock: FixedClock
) -> None:
    daily(town, clock, "2024-04-23", "2024-05-07")
    assert deadlines_of(town, "pho-hoa") == [("2024-04-30", "2024-04-23", None, None, "2024-05-01", None)]
    assert [stage for stage, status, _ in told(town)["pho-hoa"] if status == "due"] == [-7, -1, 1, 7]
    is_sound(town, clock)
    run(town, clock, "2024-12-31")
    heard = told(town)["pho-hoa"]
    run(town, clock, "2025-01-07")
    assert told(town)["pho-hoa"] == heard
    is_sound(town, clock)


def test_the_authority_is_not_told_of_each_commune_its_letter_names_them_all(
    town: Database, clock: FixedClock
) -> None:
    daily(town, clock, "2024-04-29", "2024-05-02")
    assert told(town).keys() == SILENT
    letter = letter_text(letters(town, "phong-kinh-te@duc-pho.example", "sent")[-1])
    assert letter.count("Phổ Hòa") == 1
    assert "Đơn vị chưa có sản phẩm" not in letter


# -- its first product takes it up ---------------------------------------------------------------------


@pytest.mark.parametrize("way", ["created", "imported"])
def test_the_first_product_takes_the_deadline_up_and_nothing_is_said_twice(
    town: Database, clock: FixedClock, way: str
) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 25))
    if way == "created":
        bring_in(town, clock, "pho-hoa")
    else:
        import_rows(town, clock, SEED, candidate(1, "Phổ Hòa", "Nón lá"))
    assert deadlines_of(town, "pho-hoa") == [
        ("2024-04-30", "2024-04-23", "2024-04-25", "taken_up", None, None)
    ]
    daily(town, clock, "2024-04-26", "2024-05-02")
    assert told(town)["pho-hoa"][-1][0] == -7
    said = letter_text(letters(town, "pho-hoa@duc-pho.example", "sent")[-1])
    assert "Nón lá" in said
    assert "Đơn vị chưa có sản phẩm" not in said
    is_sound(town, clock)


def test_what_was_unsaid_when_the_product_came_is_said_of_the_product_alone(
    town: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 4, 27))  # a Saturday: recorded, and no letter
    run(town, clock, "2024-04-27")
    bring_in(town, clock, "pho-hoa")
    assert told(town)["pho-hoa"][-1] == (-1, "cancelled", False)
    run(town, clock, "2024-05-02")
    is_sound(town, clock)


def test_a_late_commune_that_brings_a_product_leaves_its_lateness_on_record(
    town: Database, clock: FixedClock
) -> None:
    daily(town, clock, "2024-04-30", "2024-05-03")
    bring_in(town, clock, "pho-hoa")
    assert deadlines_of(town, "pho-hoa")[0][2:] == ("2024-05-03", "taken_up", "2024-05-01", "2024-05-03")
    is_sound(town, clock)


def test_late_with_no_sweep_in_between_is_late_all_the_same(town: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 5, 8))
    bring_in(town, clock, "pho-hoa")
    assert deadlines_of(town, "pho-hoa")[0][2:] == ("2024-05-08", "taken_up", "2024-05-01", "2024-05-08")
    run(town, clock, "2024-05-09")
    is_sound(town, clock)


def test_undoing_what_had_brought_the_only_product_lets_the_commune_hear_again(
    town: Database, clock: FixedClock
) -> None:
    code = bring_in(town, clock, "pho-hoa")
    act(town, clock, code, "withdraw")
    load_text(town, clock, told_to_all(next_plan()))
    run(town, clock, "2024-04-24")
    of_next = "JOIN plans p ON p.id = d.plan_id WHERE p.slug = :plan AND d.kind = 'commune'"
    open_there = (
        "SELECT COUNT(*) FROM deadlines d JOIN units u ON u.id = d.unit_id AND u.slug = 'pho-hoa' "
        f"{of_next} AND d.closed_on IS NULL"
    )
    assert rows(town, open_there, plan=NEXT) == [(1,)]
    act(town, clock, code, "resubmit", {"plan": NEXT})
    assert rows(town, open_there, plan=NEXT) == [(0,)]
    assert rows(town, open_there, plan=SEED) == [(1,)]  # where it has nothing now
    is_sound(town, clock)
    clock.move_to(date(2024, 4, 25))
    with town.write() as tx:
        undo(tx, UndoOrder(code, LAN, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert rows(town, open_there, plan=NEXT) == [(1,)]
    assert rows(town, open_there, plan=SEED) == [(0,)]
    run(town, clock, "2024-04-26")
    is_sound(town, clock)


# -- a plan that changes -------------------------------------------------------------------------------


def test_a_date_that_moves_moves_for_them_and_whoever_was_told_gets_one_correction(
    town: Database, clock: FixedClock
) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 25))
    impact = change(town, clock, amended("2024-05-15", text=told_to_all()))
    assert sum(move.kind == "commune" for move in impact.moves) == 8
    assert impact.corrections == 15
    (letter,) = [letter for key, letter in corrections(town).items() if "pho-hoa@" in key]
    assert "1. Đăng ký ý tưởng sản phẩm – đã báo: hạn 30/04/2024; nay: hạn 15/05/2024" in letter
    assert [row[:4] for row in deadlines_of(town, "pho-hoa")] == [
        ("2024-04-30", "2024-04-23", "2024-04-25", "moved"),
        ("2024-05-15", "2024-04-25", None, None),
    ]
    daily(town, clock, "2024-04-26", "2024-05-16")
    is_sound(town, clock)


def test_a_plan_may_come_to_speak_to_every_commune_and_cease_to(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24))
    impact = change(seeded, clock, told_to_all())
    assert {(move.kind, move.old_due, move.new_due) for move in impact.moves} == {
        ("commune", None, date(2024, 4, 30))
    }
    run(seeded, clock, "2024-04-25")
    assert told(seeded).keys() == SILENT
    is_sound(seeded, clock)
    clock.move_to(date(2024, 4, 25))
    impact = change(seeded, clock, told_to_all().replace("every_commune", "commune"))
    assert impact.corrections == 8
    assert rows(seeded, "SELECT COUNT(*) FROM deadlines WHERE kind = 'commune' AND closed_on IS NULL") == [
        (0,)
    ]
    daily(seeded, clock, "2024-04-26", "2024-05-03")
    is_sound(seeded, clock)


def test_other_stages_hold_from_the_day_of_the_change(town: Database, clock: FixedClock) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24))
    change(town, clock, told_to_all().replace("[30, 14, 7, 3, 1] }", "[5] }", 1))
    daily(town, clock, "2024-04-24", "2024-05-03")
    assert [stage for stage, status, _ in told(town)["pho-hoa"] if status == "due"] == [-7, -5, 1]
    is_sound(town, clock)


# -- units that come, end, and are merged --------------------------------------------------------------

ANOTHER = """
format = 1
[[units]]
id = "pho-moi"
name = "Xã Phổ Mới"
level = "commune"
parent = "duc-pho"
office = "UBND xã Phổ Mới"
emails = ["pho-moi@duc-pho.example"]
"""


def test_a_commune_that_comes_later_is_told_from_then_on(town: Database, clock: FixedClock) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 25))
    load_new_units(town, clock, ANOTHER)
    assert deadlines_of(town, "pho-moi") == [("2024-04-30", "2024-04-25", None, None, None, None)]
    run(town, clock, "2024-04-26")
    assert told(town)["pho-moi"][-1] == (-1, "due", True)
    is_sound(town, clock)


def test_the_heir_hears_what_two_communes_without_a_product_would_have_heard(
    town: Database, clock: FixedClock
) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24))
    load_new_units(town, clock, ANOTHER)
    for old in ("pho-hoa", "pho-minh"):
        join(town, clock, old, "pho-moi", date(2024, 4, 25))
    is_sound(town, clock)
    daily(town, clock, "2024-04-25", "2024-05-03")
    assert [row[3] for row in deadlines_of(town, "pho-hoa")] == ["taken_up"]
    assert [stage for stage, status, said in told(town)["pho-moi"] if said] == [-7, -1, 1]
    is_sound(town, clock)


def test_an_heir_that_has_products_has_nothing_more_to_hear(town: Database, clock: FixedClock) -> None:
    run(town, clock, "2024-04-23")
    join(town, clock, "pho-hoa", "pho-an", date(2024, 4, 25))
    daily(town, clock, "2024-04-25", "2024-05-03")
    assert [row[2:4] for row in deadlines_of(town, "pho-an")] == [("2024-04-25", "taken_up")]
    is_sound(town, clock)


def test_after_the_district_only_those_that_were_told_go_on(town: Database, clock: FixedClock) -> None:
    run(town, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24))
    load_new_units(town, clock)
    join(town, clock, "duc-pho", "quang-ngai", date(2024, 4, 24))
    join(town, clock, "pho-hoa", "moi-mot", date(2024, 4, 25))
    daily(town, clock, "2024-04-25", "2024-05-03")
    assert [row[1:3] for row in deadlines_of(town, "moi-mot")] == [("2024-04-23", None)]
    assert deadlines_of(town, "moi-hai") == []
    is_sound(town, clock)


# -- tried out ----------------------------------------------------------------------------------------


def test_a_simulation_tells_their_letters_too(town: Database) -> None:
    scenario = Scenario(SEED, date(2024, 4, 23), date(2024, 5, 2))
    found = simulate(town, scenario, SENDER)
    assert {line.unit for line in found.letters if line.day == date(2024, 4, 23)} >= {"Phường Phổ Hòa"}
    assert [(line.milestone, line.count) for line in found.overdue] == [("registration", 22)]
    moved = simulate(
        town, Scenario(SEED, date(2024, 4, 23), date(2024, 5, 12), shifts={"registration": 10}), SENDER
    )
    assert [(line.day, line.count) for line in moved.overdue] == [(date(2024, 5, 11), 22)]


# -- the books ----------------------------------------------------------------------------------------

OF_PHO_HOA = "kind = 'commune' AND unit_id = (SELECT id FROM units WHERE slug = 'pho-hoa')"
NUMBER = f"(SELECT id FROM deadlines WHERE {OF_PHO_HOA})"
OF_STAGE = f"deadline_id = {NUMBER} AND stage = -14"
NEVER = (
    f"INSERT INTO reminders (deadline_id, stage, desk_id, day, status) SELECT {NUMBER}, 99, k.id, due_on, "
    f"'superseded' FROM deadlines d JOIN desks k ON k.unit_id = d.unit_id WHERE d.id = {NUMBER}"
)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (f"UPDATE deadlines SET rule = 'selection' WHERE {OF_PHO_HOA}", "does not stand so"),
        (f"UPDATE deadlines SET closed_on = opened_on WHERE {OF_PHO_HOA}", "ought to be open"),
        (
            (
                "UPDATE deadlines SET unit_id = (SELECT unit_id FROM products WHERE code = 'DP24-001') "
                f"WHERE {OF_PHO_HOA}"
            ),
            "is open",
        ),
    ],
)
def test_the_doctor_finds_a_commune_that_is_told_wrongly(
    town: Database, clock: FixedClock, damage: str, found: str
) -> None:
    with town.write() as tx:
        tx.execute(text(damage))
    said = [finding.text.en for finding in examine(town, clock).findings if finding.invariant == 9]
    assert any(found in line for line in said), said


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        (f"DELETE FROM reminders WHERE {OF_STAGE}", Wrong.MISSING),
        (f"UPDATE reminders SET status = 'due' WHERE {OF_STAGE}", Wrong.WRONG_STATUS),
        (NEVER, Wrong.EXTRA),
        (f"UPDATE deadlines SET due_on = opened_on WHERE {OF_PHO_HOA}", Wrong.DEADLINE_EXTRA),
    ],
)
def test_the_proof_tells_what_a_commune_ought_to_have_heard(
    town: Database, clock: FixedClock, damage: str, wrong: Wrong
) -> None:
    daily(town, clock, "2024-04-23", "2024-04-25")
    with town.write() as tx:
        tx.execute(text(damage))
    with town.read() as tx:
        assert wrong in {row.wrong for row in prove(tx, VIETNAM).unbalanced}


def test_a_plan_shows_whom_it_tells_to_register(town: Database, clock: FixedClock) -> None:
    with town.read() as tx:
        silent = plan_overview(tx, SEED, clock.today()).silent
    assert len(silent) == 8
    assert silent[0] == "Phường Phổ Hòa"


def test_loading_late_says_that_communes_are_late_at_once(database: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 5, 8))
    with database.read() as tx:
        late = what_lies_behind(tx, told_to_all(), clock.today())
    assert late is not None
    assert [item.kind for item in late.behind] == ["milestone", "commune"]
    clock.move_to(date(2025, 1, 2))
    with database.read() as tx:
        late = what_lies_behind(tx, told_to_all(), clock.today())
    assert late is not None
    assert "commune" not in {item.kind for item in late.behind}


def test_a_plan_taken_out_takes_their_deadlines_with_it(town: Database, clock: FixedClock) -> None:
    sweep(town, clock, SENDER)
    with town.write() as tx:
        confirm = preview_removal(tx, SEED).hash
        remove_plan(tx, SEED, confirm, actor=LAN, now=clock.now())
    assert rows(town, "SELECT COUNT(*) FROM deadlines") == [(0,)]
    assert rows(town, "SELECT COUNT(*) FROM reminders") == [(0,)]


def test_the_communes_own_officer_sees_its_deadline_and_takes_note_of_its_flag(
    town: Database, clock: FixedClock
) -> None:
    daily(town, clock, "2024-05-02", "2024-05-02")
    with town.read() as tx:
        (home,) = tx.execute(text("SELECT id FROM units WHERE slug = 'pho-hoa'")).scalars()
        (other,) = tx.execute(text("SELECT id FROM units WHERE slug = 'pho-minh'")).scalars()
        seen = listing.open_deadlines(tx, frozenset({home}), 50)
        assert [(row.code, row.unit, row.rule) for row in seen] == [(None, "Phường Phổ Hòa", "registration")]
        assert listing.unit_of_deadline(tx, seen[0].id) == home
        assert seen[0].id not in {row.id for row in listing.open_deadlines(tx, frozenset({other}), 50)}
