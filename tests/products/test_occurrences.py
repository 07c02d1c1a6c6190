"""What happens to a product for itself: recorded, taken back, and what its plan counts from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.overview.products import product_in_full
from ocop_workflow.products.occurrences import Happening, record_occurrence, undo_occurrence
from ocop_workflow.views import to_plain
from tests.changes.amending import SEED_TEXT, change, deadline_rows, is_sound, preview
from tests.factories import LAN, MINH, SEED, load_seed, rows
from tests.stories.cast import acting, appoint
from tests.stories.days import daily
from tests.stories.journeys import everything, open_deadlines, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.errors import OcopError
    from ocop_workflow.products.step_views import OccurredView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
TWO = "DP24-002"
APPROVED = "duyet-ke-hoach"
OWN = f"""
[[events]]
id = "{APPROVED}"
name = "Kế hoạch kinh doanh được duyệt"
of = "product"
"""
COUNTED = (
    SEED_TEXT.replace(
        'when = { months = ["2024-06", "2024-07"] }',
        f'when = {{ after = {{ event = "{APPROVED}", days = 60 }} }}',
    )
    + OWN
)


def selected(database: Database, clock: FixedClock, text: str = COUNTED) -> None:
    """Load the town's plan with an event of the product's own, and have one product selected."""
    load_seed(database, clock, text)
    walk_to(database, clock, TWO, "select")


def record(
    database: Database,
    clock: FixedClock,
    on: str | None = None,
    *,
    actor: Actor = LAN,
    event: str = APPROVED,
    tags: frozenset[str] | None = None,
) -> OccurredView:
    with database.write() as tx:
        given = Happening(TWO, event, actor, tags)
        day = DAY(on) if on else None
        return record_occurrence(tx, given, day, today=clock.today(), now=clock.now())


def undo(database: Database, clock: FixedClock, reason: str = "ghi nhầm sản phẩm") -> OccurredView:
    with database.write() as tx:
        given = Happening(TWO, APPROVED, LAN)
        return undo_occurrence(tx, given, reason, today=clock.today(), now=clock.now())


def test_before_it_happens_the_next_milestone_is_ahead_and_then_its_own(
    database: Database, clock: FixedClock
) -> None:
    selected(database, clock)
    assert open_deadlines(database, TWO) == {"commune-evaluation": DAY("2024-10-31")}
    clock.move_to(DAY("2024-06-12"))
    done = record(database, clock, "2024-06-10")
    assert (done.event, done.name, done.on, done.by, done.undone) == (
        APPROVED,
        "Kế hoạch kinh doanh được duyệt",
        DAY("2024-06-10"),
        "lan",
        None,
    )
    assert open_deadlines(database, TWO) == {"consulting": DAY("2024-08-09")}
    last = [(row[0], *row[3:5]) for row in deadline_rows(database, TWO)][-2:]
    assert last == [("commune-evaluation", "2024-06-12", "recounted"), ("consulting", "", "")]
    is_sound(database, clock)


def test_the_year_goes_on_from_it_and_everything_adds_up(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    record(database, clock, "2024-06-10")
    daily(database, clock, "2024-06-13", "2024-08-12")  # the authority is reminded, then it is late
    said = (
        "SELECT r.stage FROM reminders r JOIN deadlines d ON d.id = r.deadline_id "
        "WHERE d.rule = 'consulting' AND r.status = 'due' ORDER BY r.stage"
    )
    assert rows(database, said) == [
        (-30,),
        (-14,),
        (-7,),
        (-3,),
        (-1,),
        (1,),
    ]
    step(database, clock, TWO, "start_consulting", DAY("2024-08-13"))
    assert open_deadlines(database, TWO) == {"commune-evaluation": DAY("2024-10-31")}
    daily(database, clock, "2024-08-14", "2024-08-20")
    is_sound(database, clock)


def test_told_late_it_is_late_at_once(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-09-02"))
    record(database, clock, "2024-06-10")
    assert open_deadlines(database, TWO) == {"consulting": DAY("2024-08-09")}
    daily(database, clock, "2024-09-03", "2024-09-10")
    is_sound(database, clock)


def test_taken_back_it_has_never_happened_and_may_be_recorded_rightly(
    database: Database, clock: FixedClock
) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    record(database, clock, "2024-06-10")
    daily(database, clock, "2024-06-13", "2024-06-17")
    clock.move_to(DAY("2024-06-18"))
    assert undo(database, clock).on is None
    assert open_deadlines(database, TWO) == {"commune-evaluation": DAY("2024-10-31")}
    is_sound(database, clock)
    record(database, clock, "2024-06-15")
    assert open_deadlines(database, TWO) == {"consulting": DAY("2024-08-14")}
    daily(database, clock, "2024-06-19", "2024-08-16")
    is_sound(database, clock)


def test_a_step_that_is_undone_leaves_it_as_it_is(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    record(database, clock, "2024-06-10")
    step(database, clock, TWO, "start_consulting", DAY("2024-06-20"))
    assert open_deadlines(database, TWO) == {"commune-evaluation": DAY("2024-10-31")}
    step(database, clock, TWO, "withdraw", DAY("2024-06-21"), reason="chủ thể xin rút")
    is_sound(database, clock)


def test_a_changed_plan_and_another_day_shift_what_counts_from_it(
    database: Database, clock: FixedClock
) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    record(database, clock, "2024-06-10")
    longer = COUNTED.replace("days = 60", "days = 90")
    assert [(move.old_due, move.new_due) for move in preview(database, clock, longer).moves] == [
        (DAY("2024-08-09"), DAY("2024-09-08"))
    ]
    change(database, clock, longer)
    assert open_deadlines(database, TWO) == {"consulting": DAY("2024-09-08")}
    is_sound(database, clock)


def test_it_is_shown_with_the_product_and_with_the_plan(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    with database.read() as tx:
        assert to_plain(product_in_full(tx, TWO, clock.today()))["own_events"] == [
            {
                "event": APPROVED,
                "name": "Kế hoạch kinh doanh được duyệt",
                "on": None,
                "by": None,
                "undone": None,
            }
        ]
        (line,) = plan_overview(tx, SEED, clock.today()).events
    assert line.day_words == "mỗi sản phẩm một ngày"
    record(database, clock, "2024-06-10")
    with database.read() as tx:
        (shown,) = product_in_full(tx, TWO, clock.today()).own_events
    assert (shown.on, shown.by, shown.undone) == (DAY("2024-06-10"), "lan", None)
    undo(database, clock)
    with database.read() as tx:
        (shown,) = product_in_full(tx, TWO, clock.today()).own_events
    assert (shown.on, shown.by, shown.undone) == (None, "lan", "ghi nhầm sản phẩm")


@pytest.mark.parametrize(
    ("on", "event", "kind", "sentence"),
    [
        ("2024-06-13", APPROVED, InvalidInput, "13/06/2024 còn ở tương lai"),
        ("2023-12-31", APPROVED, InvalidInput, "31/12/2023 đứng trước ngày kế hoạch duc-pho-2024 bắt đầu"),
        (
            "2024-06-10",
            "fair",
            NotFound,
            "không có sự kiện riêng của sản phẩm tên fair; có: duyet-ke-hoach",
        ),
    ],
)
def test_what_cannot_have_happened_is_refused_and_nothing_changes(
    database: Database, clock: FixedClock, on: str, event: str, kind: type[OcopError], sentence: str
) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    before = everything(database)
    with pytest.raises(kind) as refused:
        record(database, clock, on, event=event)
    told = [refused.value.text.vi, *(item.text.vi for item in getattr(refused.value, "faults", ()))]
    assert any(sentence in line for line in told), told
    assert everything(database) == before


def test_twice_is_refused_and_so_is_taking_back_what_never_was(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    with pytest.raises(NotFound, match="has no event duyet-ke-hoach on record"):
        undo(database, clock)
    record(database, clock, "2024-06-10")
    with pytest.raises(Conflict, match="is recorded for 2024-06-10; undo it first"):
        record(database, clock, "2024-06-11")
    with pytest.raises(InvalidInput, match="needs a reason"):
        undo(database, clock, " ")


def test_it_needs_the_right_to_edit_the_product_and_the_product_that_was_seen(
    database: Database, clock: FixedClock
) -> None:
    selected(database, clock)
    appoint(database, clock)
    clock.move_to(DAY("2024-06-12"))
    with pytest.raises(NotFound):
        record(database, clock, actor=acting(database, "ha"))
    with pytest.raises(NotPermitted):
        record(database, clock, actor=acting(database, "vinh"))
    with pytest.raises(Stale):
        record(database, clock, actor=MINH, tags=frozenset({"0"}))
    assert rows(database, "SELECT COUNT(*) FROM occurrences") == [(0,)]


def test_the_audit_says_who_recorded_and_who_took_back(database: Database, clock: FixedClock) -> None:
    selected(database, clock)
    clock.move_to(DAY("2024-06-12"))
    record(database, clock, "2024-06-10")
    undo(database, clock)
    told = "SELECT action, actor, subject FROM audit WHERE action LIKE 'occurrence%' ORDER BY seq"
    assert rows(database, told) == [
        ("occurrence.record", "lan", "occurrence:1"),
        ("occurrence.undo", "lan", "occurrence:1"),
    ]
