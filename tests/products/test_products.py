"""Advancing a product: everything that an event brings about, in one transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.states import Event, State
from ocop_workflow.sweep.daily import sweep
from tests.factories import GOOD_DATA, LAN, SEED, SENDER, act, rows
from tests.fakes import FixedClock
from tests.stories.journeys import (
    FIRST_YEAR,
    NEXT,
    certificates,
    closed_deadlines,
    flags_of,
    load_text,
    next_plan,
    open_deadlines,
    revoke,
    state_of,
    step,
    walk_to,
)

if TYPE_CHECKING:
    from ocop_workflow.store import Database

ONE = "DP24-001"


@pytest.fixture
def two_plans(seeded: Database, clock: FixedClock) -> Database:
    """The seed, and a later plan of the same town."""
    load_text(seeded, clock, next_plan())
    return seeded


def history(database: Database, code: str = ONE) -> list[products.HistoryEntry]:
    with database.read() as tx:
        record = products.product_by_code(tx, code)
        assert record is not None
        return products.history(tx, record.id)


# -- the whole way ---------------------------------------------------------------------------------

#: after each event of the first year: the state, and what is due
FIRST_YEAR_EXPECTED = (
    ("registered", {"selection": date(2024, 5, 31)}),
    ("selected", {"consulting": date(2024, 7, 31)}),
    ("consulting", {"commune-evaluation": date(2024, 10, 31)}),
    ("commune_evaluated", {"outcome": date(2024, 11, 30)}),
    ("district_scored", {"outcome": date(2024, 11, 30)}),
    ("certified", {"expiry": date(2027, 11, 25)}),
    ("monitored", {"expiry": date(2027, 11, 25)}),
)


def test_a_product_walks_from_idea_to_monitored_with_one_plan_deadline_at_a_time(
    seeded: Database, clock: FixedClock
) -> None:
    assert open_deadlines(seeded, ONE) == {"registration": date(2024, 4, 30)}
    for (event, on), expected in zip(FIRST_YEAR, FIRST_YEAR_EXPECTED, strict=True):
        step(seeded, clock, ONE, event, on)
        assert (state_of(seeded, ONE), open_deadlines(seeded, ONE)) == expected
    assert closed_deadlines(seeded, ONE) == [
        ("registration", "2024-04-23", "2024-04-30", "2024-04-25", "reached"),
        ("selection", "2024-04-25", "2024-05-31", "2024-05-20", "reached"),
        ("consulting", "2024-05-20", "2024-07-31", "2024-06-10", "reached"),
        ("commune-evaluation", "2024-06-10", "2024-10-31", "2024-10-01", "reached"),
        ("outcome", "2024-10-01", "2024-11-30", "2024-11-26", "reached"),
    ]
    assert flags_of(seeded, ONE) == []
    assert certificates(seeded, ONE) == [(3, "1234/QĐ-UBND", "2027-11-25", None, None)]


def test_the_history_has_no_gap_and_keeps_who_when_why_and_under_which_rules(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, ONE, "begin_monitoring")
    told = history(seeded)
    assert [entry.seq for entry in told] == list(range(1, 8))
    assert [(entry.event.value, entry.on) for entry in told] == list(FIRST_YEAR)
    assert [entry.source for entry in told[1:]] == [entry.target for entry in told[:-1]]
    assert {(entry.actor, entry.plan_slug, entry.regulation) for entry in told} == {
        ("lan", SEED, "qd-148-2023")
    }
    assert [entry.data for entry in told] == [GOOD_DATA.get(event, {}) for event, _ in FIRST_YEAR]
    assert told[0].at == FixedClock.at(date(2024, 4, 25)).now()
    assert told[-1].target is State.MONITORED


def test_the_answer_says_what_was_done(seeded: Database, clock: FixedClock) -> None:
    done = act(seeded, clock, ONE, "register")
    assert (done.code, done.event, done.source, done.state, done.version) == (
        ONE,
        Event.REGISTER,
        State.IDEA,
        State.REGISTERED,
        1,
    )
    assert [(deadline.rule, deadline.due_on) for deadline in done.deadlines] == [
        ("selection", date(2024, 5, 31))
    ]


def test_registration_fills_in_what_the_annex_left_open(seeded: Database, clock: FixedClock) -> None:
    """Text is stored composed and without anything invisible, however it was typed."""
    act(
        seeded,
        clock,
        ONE,
        "register",
        {
            "group": "tourism",
            "producer": "Hợp tác xã\u00a0 Du lịch",
            "address": " Thôn\u200b Tân Phong ",
            "received_on": "2024-04-20",
        },
    )
    found = rows(
        seeded,
        "SELECT p.product_group, c.address, CAST(d.received_on AS TEXT), m.name FROM products p "
        "JOIN dossiers d ON d.product_id = p.id "
        "JOIN producers m ON m.id = p.producer_id JOIN contacts c ON c.id = p.address_id "
        "WHERE p.code = :code",
        code=ONE,
    )
    assert found == [("tourism", "Thôn Tân Phong", "2024-04-20", "Hợp tác xã Du lịch")]


def test_what_is_on_record_need_not_be_given_again(two_plans: Database, clock: FixedClock) -> None:
    act(two_plans, clock, ONE, "register")
    act(two_plans, clock, ONE, "withdraw")
    act(two_plans, clock, ONE, "resubmit", {"plan": NEXT})
    act(two_plans, clock, ONE, "register", {})
    assert rows(two_plans, "SELECT state, product_group FROM products WHERE code = :c", c=ONE) == [
        ("registered", "food")
    ]


def test_a_note_is_stored_as_clean_text(seeded: Database, clock: FixedClock) -> None:
    order = Order(ONE, "register", LAN, {"group": "food"}, note="Đã nộp\x00 phiếu\n")
    with seeded.write() as tx:
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert history(seeded)[0].note == "Đã nộp phiếu"


def test_the_exact_mean_is_kept_as_a_fraction(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    clock.move_to(date(2024, 11, 20))
    sheets = {"session_date": "2024-11-20", "sheets": ["89.9", "90", "89.95"], "gates_met": 4}
    act(seeded, clock, ONE, "score_district", sheets)
    assert rows(seeded, "SELECT score_level, score_mean, gates_met FROM dossiers WHERE score_mean <> ''") == [
        ("district", "1799/20", 4)
    ]


def test_the_official_code_stands_beside_the_plans_own(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "score_district")
    step(seeded, clock, ONE, "certify", date(2024, 11, 26), official_code="OCOP-51-534-001-2024")
    found = "SELECT official_code FROM dossiers d JOIN products p ON p.id = d.product_id WHERE code = :code"
    assert rows(seeded, found, code=ONE) == [("OCOP-51-534-001-2024",)]


# -- lateness -----------------------------------------------------------------------------------------


def test_a_late_product_moves_on_and_its_lateness_stays_on_record(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    assert flags_of(seeded, ONE) == [("registration", "2024-05-01", None)]
    step(seeded, clock, ONE, "register", date(2024, 5, 10))
    assert flags_of(seeded, ONE) == [("registration", "2024-05-01", "2024-05-10")]
    assert closed_deadlines(seeded, ONE) == [
        ("registration", "2024-04-23", "2024-04-30", "2024-05-10", "reached")
    ]


def test_lateness_is_recorded_although_no_sweep_ever_ran(seeded: Database, clock: FixedClock) -> None:
    step(seeded, clock, ONE, "register", date(2024, 5, 10))
    assert flags_of(seeded, ONE) == [("registration", "2024-05-01", "2024-05-10")]


def test_lateness_is_judged_by_the_day_it_happened(seeded: Database, clock: FixedClock) -> None:
    """Done on the last day, written down ten days later: in time, whatever the sweep had to think."""
    clock.move_to(date(2024, 5, 10))
    act(seeded, clock, ONE, "register", on=date(2024, 4, 30))
    assert flags_of(seeded, ONE) == []
    sweep(seeded, clock, SENDER)
    act(seeded, clock, "DP24-002", "register", on=date(2024, 4, 30))
    assert flags_of(seeded, "DP24-002") == [("registration", "2024-05-01", "2024-05-01")]
    assert [row[3] for row in closed_deadlines(seeded, "DP24-002")] == ["2024-04-30"]


# -- back and again -------------------------------------------------------------------------------------


def test_sending_back_opens_the_communes_milestone_anew(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "send_back", date(2024, 10, 5))
    assert (state_of(seeded, ONE), open_deadlines(seeded, ONE)) == (
        "consulting",
        {"commune-evaluation": date(2024, 10, 31)},
    )
    assert closed_deadlines(seeded, ONE)[-1] == (
        "outcome",
        "2024-10-01",
        "2024-11-30",
        "2024-10-05",
        "sent_back",
    )
    step(seeded, clock, ONE, "commune_evaluate", date(2024, 10, 20))
    assert [row for row in closed_deadlines(seeded, ONE) if row[0] == "commune-evaluation"] == [
        ("commune-evaluation", "2024-06-10", "2024-10-31", "2024-10-01", "reached"),
        ("commune-evaluation", "2024-10-05", "2024-10-31", "2024-10-20", "reached"),
    ]


def test_a_withdrawn_product_has_no_deadline_and_begins_again_under_the_plan_it_names(
    two_plans: Database, clock: FixedClock
) -> None:
    walk_to(two_plans, clock, ONE, "score_district")
    step(two_plans, clock, ONE, "withdraw", date(2024, 11, 22))
    assert (state_of(two_plans, ONE), open_deadlines(two_plans, ONE)) == ("withdrawn", {})
    assert closed_deadlines(two_plans, ONE)[-1][3:] == ("2024-11-22", "ended")
    step(two_plans, clock, ONE, "resubmit", date(2024, 12, 1))
    assert (state_of(two_plans, ONE), open_deadlines(two_plans, ONE)) == (
        "idea",
        {"registration": date(2024, 4, 30)},
    )
    assert history(two_plans)[-1].plan_slug == NEXT
    assert dossiers(two_plans) == [(1, "first", "65"), (2, "first", None)]
    sweep(two_plans, clock, SENDER)
    assert flags_of(two_plans, ONE) == [("registration", "2024-12-01", None)]


def dossiers(database: Database) -> list[tuple[Any, ...]]:
    return rows(
        database,
        "SELECT d.number, d.kind, d.score_mean FROM dossiers d JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :c ORDER BY d.number",
        c=ONE,
    )


# -- certificates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "last_day"),
    [
        ({"decision_date": "2024-11-21"}, "2027-11-21"),
        ({"decision_date": "2024-11-25"}, "2027-11-25"),
        ({"decision_date": "2024-11-25", "valid_until": "2027-11-24"}, "2027-11-24"),
    ],
)
def test_validity_runs_36_months_unless_the_certificate_prints_a_day(
    seeded: Database, clock: FixedClock, given: dict[str, str], last_day: str
) -> None:
    walk_to(seeded, clock, ONE, "score_district")
    step(seeded, clock, ONE, "certify", date(2024, 11, 26), **given)
    assert certificates(seeded, ONE) == [(3, "1234/QĐ-UBND", last_day, None, None)]
    assert open_deadlines(seeded, ONE) == {"expiry": date.fromisoformat(last_day)}


def renew(database: Database, clock: FixedClock, *, until: str, opened: date = date(2027, 6, 1)) -> None:
    """Walk a monitored product through its renewal until the district has scored it `until`."""
    walk_to(database, clock, ONE, "begin_monitoring")
    step(database, clock, ONE, "open_re_rating", opened)
    step(database, clock, ONE, "commune_evaluate", opened.replace(month=7))
    step(database, clock, ONE, "score_province", opened.replace(month=8), mean=until)


def test_a_renewal_belongs_to_the_plan_it_names_and_keeps_its_certificate(
    two_plans: Database, clock: FixedClock
) -> None:
    walk_to(two_plans, clock, ONE, "begin_monitoring")
    step(two_plans, clock, ONE, "open_re_rating", date(2027, 6, 1))
    entry = history(two_plans)[-1]
    assert (entry.target, entry.plan_slug) == (State.RE_RATING, NEXT)
    assert dossiers(two_plans) == [(1, "first", "65"), (2, "renewal", None)]
    assert certificates(two_plans, ONE) == [(3, "1234/QĐ-UBND", "2027-11-25", None, None)]
    assert open_deadlines(two_plans, ONE) == {
        "commune-evaluation": date(2024, 10, 31),
        "expiry:qd-26-2026": date(2027, 11, 25),
    }
    assert closed_deadlines(two_plans, ONE)[-1][4] == "moved"


def test_certifying_a_renewal_ends_the_certificate_before_it_and_counts_anew(
    two_plans: Database, clock: FixedClock
) -> None:
    renew(two_plans, clock, until="66")
    step(
        two_plans,
        clock,
        ONE,
        "certify",
        date(2027, 9, 10),
        decision_number="9/QĐ-UBND",
        decision_date="2027-09-09",
    )
    assert certificates(two_plans, ONE) == [
        (3, "1234/QĐ-UBND", "2027-11-25", "2027-09-10", "renewed"),
        (3, "9/QĐ-UBND", "2030-09-09", None, None),
    ]
    assert open_deadlines(two_plans, ONE) == {
        "re_rating_filing:qd-26-2026": date(2030, 5, 12),
        "expiry:qd-26-2026": date(2030, 9, 9),
    }
    expiries = [row for row in closed_deadlines(two_plans, ONE) if str(row[0]).startswith("expiry")]
    assert [(row[2], row[3], row[4]) for row in expiries] == [
        ("2027-11-25", "2027-06-01", "moved"),
        ("2027-11-25", "2027-09-10", "moved"),
    ]


@pytest.mark.parametrize("event", ["reject", "withdraw"])
def test_a_renewal_that_leads_to_nothing_falls_back_on_the_certificate_while_it_runs(
    two_plans: Database, clock: FixedClock, event: str
) -> None:
    renew(two_plans, clock, until="40")
    step(two_plans, clock, ONE, event, date(2027, 11, 25))
    assert (state_of(two_plans, ONE), open_deadlines(two_plans, ONE)) == (
        "monitored",
        {"re_rating_filing:qd-26-2026": date(2027, 7, 28), "expiry:qd-26-2026": date(2027, 11, 25)},
    )
    assert closed_deadlines(two_plans, ONE)[-1][4] == ("ended" if event == "withdraw" else "reached")


@pytest.mark.parametrize("event", ["reject", "withdraw"])
def test_a_renewal_that_leads_to_nothing_lapses_when_the_certificate_is_over(
    two_plans: Database, clock: FixedClock, event: str
) -> None:
    renew(two_plans, clock, until="40")
    step(two_plans, clock, ONE, event, date(2027, 11, 26))
    assert (state_of(two_plans, ONE), open_deadlines(two_plans, ONE)) == ("lapsed", {})
    assert certificates(two_plans, ONE) == [(3, "1234/QĐ-UBND", "2027-11-25", "2027-11-26", "lapsed")]


def test_a_certificate_lapses_only_when_its_last_day_is_over(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "begin_monitoring")
    with pytest.raises(EventRefused, match="a certificate whose validity is over"):
        step(seeded, clock, ONE, "lapse", date(2027, 11, 25))
    step(seeded, clock, ONE, "lapse", date(2027, 11, 26))
    assert certificates(seeded, ONE) == [(3, "1234/QĐ-UBND", "2027-11-25", "2027-11-26", "lapsed")]
    assert open_deadlines(seeded, ONE) == {}
    assert flags_of(seeded, ONE) == [("expiry", "2027-11-26", "2027-11-26")]


def test_revoking_ends_the_certificate_at_once(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "certify")
    revoke(seeded, clock, ONE, date(2025, 3, 3))
    assert (state_of(seeded, ONE), open_deadlines(seeded, ONE)) == ("revoked", {})
    assert certificates(seeded, ONE) == [(3, "1234/QĐ-UBND", "2027-11-25", "2025-03-03", "revoked")]
