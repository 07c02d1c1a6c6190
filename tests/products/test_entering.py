"""Certificates that no plan of ours knew: entered by themselves, with their product while they run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.calendar.subjects import DONE
from ocop_workflow.clock import VIETNAM
from ocop_workflow.errors import Conflict, InvalidInput
from ocop_workflow.overview.deadlines import WantedDeadlines, watch_deadlines
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.overview.feed_queries import Period, feed_groups
from ocop_workflow.overview.past import product_on
from ocop_workflow.overview.products import (
    WantedProducts,
    list_products,
    product_in_full,
    product_page,
)
from ocop_workflow.people.producers import ProducerLikely
from ocop_workflow.places.queries import unit_by_slug
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.products.settling.register import WantedCertificates, list_certificates
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import MINH, SEED, SENDER, act, letter_text, rows
from tests.overview.test_feed import entries, read, token_for
from tests.stories.days import run, sweep_on
from tests.stories.journeys import NEXT, load_text, next_plan, open_deadlines, state_of
from tests.stories.mergers import the_district_ends

if TYPE_CHECKING:
    from ocop_workflow.certificates.views import ListedCertificateView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "SO-000001"
RUNNING: dict[str, Any] = {
    "unit": "pho-an",
    "product": "Nước mắm Kỳ Tân",
    "producer": "Hộ kinh doanh Kỳ Tân",
    "representative": "Chủ hộ Kỳ Tân",
    "certificate": {
        "star": 3,
        "number": "88/QĐ-UBND",
        "decided_on": "2021-11-20",
        "valid_until": "2024-11-20",
    },
    "signer": "Chủ tịch UBND huyện",
}
OLD = {**RUNNING["certificate"], "decided_on": "2020-11-20", "valid_until": "2023-11-20"}
ENDED = {**RUNNING, "ended_on": "2023-05-04", "ended_because": "revoked"}


def enter(database: Database, clock: FixedClock, data: dict[str, Any]) -> ListedCertificateView:
    with database.write() as tx:
        return enter_certificate(tx, Entering(MINH, data, clock.today(), clock.now()))


def assert_sound(database: Database, clock: FixedClock) -> None:
    found = [item for item in examine(database, clock).findings if item.invariant not in (13, 17)]
    assert found == []
    with database.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def test_a_running_one_brings_its_product_in_outside_every_plan(seeded: Database, clock: FixedClock) -> None:
    view = enter(seeded, clock, RUNNING)
    assert (view.product, view.status, view.standing.value) == (CODE, "valid", "confirmed")
    with seeded.read() as tx:
        shown = product_in_full(tx, CODE, clock.today())
        page = product_page(tx, CODE, clock.today())
    assert (shown.state.value, shown.plan, shown.dossiers) == ("monitored", "", ())
    assert (shown.producer, shown.representative) == ("Hộ kinh doanh Kỳ Tân", "Chủ hộ Kỳ Tân")
    assert [(step.event.value, step.target.value) for step in page.history] == [
        ("enter_register", "monitored")
    ]
    assert open_deadlines(seeded, CODE) == {"expiry": date(2024, 11, 20)}
    assert {event.value for event in shown.allowed} == {"open_re_rating", "decline_renewal", "conclude"}
    assert_sound(seeded, clock)


def test_ward_and_town_hear_in_time_that_it_ends(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    sweep_on(seeded, clock, "2024-04-23")
    sweep_on(seeded, clock, "2024-08-22")  # three months before, on 20/8
    said = rows(
        seeded,
        "SELECT o.address, o.mime FROM outbox o JOIN digests g ON g.id = o.digest_id "
        "WHERE g.day = '2024-08-22' ORDER BY o.address",
    )
    heard = {address for address, mime in said if "Nước mắm Kỳ Tân" in letter_text(mime)}
    assert all("Nơi thực hiện: Sổ đăng ký" not in letter_text(mime) for _, mime in said)
    assert heard == {"phong-kinh-te@duc-pho.example", "pho-an@duc-pho.example"}
    sweep_on(seeded, clock, "2024-11-21")
    assert rows(
        seeded,
        "SELECT CAST(raised_on AS TEXT) FROM flags f JOIN deadlines d ON d.id = f.deadline_id "
        "WHERE d.plan_id IS NULL",
    ) == [("2024-11-21",)]
    assert_sound(seeded, clock)


def test_why_its_day_is_what_it_is_can_be_asked(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    with seeded.read() as tx:
        told = explain_product(tx, CODE, clock.today())
    assert [(item.rule, item.due_on) for item in told] == [("expiry", date(2024, 11, 20))]


def test_a_re_rating_gives_it_its_first_plan_and_undoing_takes_that_back(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    enter(seeded, clock, RUNNING)
    clock.move_to(date(2024, 6, 3))
    act(seeded, clock, CODE, "open_re_rating", {"kind": "renewal", "plan": NEXT})
    assert state_of(seeded, CODE) == "re_rating"
    assert rows(
        seeded,
        "SELECT number, kind FROM dossiers d JOIN products p ON p.id = d.product_id WHERE p.code = :c",
        c=CODE,
    ) == [(1, "renewal")]
    assert open_deadlines(seeded, CODE) == {
        "commune-evaluation": date(2024, 10, 31),
        "expiry": date(2024, 11, 20),
    }
    assert_sound(seeded, clock)
    with seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert state_of(seeded, CODE) == "monitored"
    assert rows(seeded, "SELECT plan_id, dossier_no FROM products WHERE code = :c", c=CODE) == [(None, 0)]
    assert open_deadlines(seeded, CODE) == {"expiry": date(2024, 11, 20)}
    assert_sound(seeded, clock)


def test_that_it_came_in_cannot_be_undone(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    with pytest.raises(Conflict, match="came in by that certificate"), seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())


@pytest.mark.parametrize(
    ("change", "status", "ended_on"),
    [
        ({"ended_on": "2023-05-04", "ended_because": "revoked"}, "revoked", "2023-05-04"),
        (
            {
                "certificate": {
                    **RUNNING["certificate"],
                    "decided_on": "2020-11-20",
                    "valid_until": "2023-11-20",
                }
            },
            "expired",
            "2023-11-21",
        ),
    ],
)
def test_of_one_that_has_ended_there_is_only_the_certificate(
    seeded: Database, clock: FixedClock, change: dict[str, Any], status: str, ended_on: str
) -> None:
    view = enter(seeded, clock, {**RUNNING, **change})
    assert (view.product, view.name, view.producer) == ("", "Nước mắm Kỳ Tân", "Hộ kinh doanh Kỳ Tân")
    assert view.status == status
    assert rows(seeded, "SELECT product_id, CAST(ended_on AS TEXT) FROM certificates") == [(None, ended_on)]
    assert rows(seeded, "SELECT COUNT(*) FROM products WHERE code LIKE 'SO-%'") == [(0,)]
    with seeded.read() as tx:
        listed = list_certificates(tx, clock.today(), WantedCertificates(unit="pho-an"))
        elsewhere = list_certificates(tx, clock.today(), WantedCertificates(unit="pho-hoa"))
    assert ([item.id for item in listed], elsewhere) == ([view.id], [])
    assert_sound(seeded, clock)


def test_what_cannot_be_is_said_at_once_and_nothing_is_written(seeded: Database, clock: FixedClock) -> None:
    wrong = {
        **ENDED,
        "certificate": {**RUNNING["certificate"], "decided_on": "2024-05-01", "valid_until": "2024-04-30"},
    }
    with pytest.raises(InvalidInput) as caught:
        enter(seeded, clock, wrong)
    assert {item.place for item in caught.value.faults} == {
        "certificate.decided_on",
        "certificate.valid_until",
        "ended_on",
    }
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]


def test_the_same_one_is_entered_once(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    with pytest.raises(Conflict, match="has the certificate 88/QĐ-UBND"):
        enter(seeded, clock, RUNNING)


def test_it_stands_in_every_list_of_its_commune_and_in_no_other(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    today = clock.today()
    token = token_for(seeded, clock, "pho-an")
    with seeded.read() as tx:
        near = list_products(tx, today, WantedProducts(unit="pho-an"))
        far = list_products(tx, today, WantedProducts(unit="pho-hoa"))
        planned = list_products(tx, today, WantedProducts(plan=SEED))
        then = product_on(tx, CODE, today)
        waiting = watch_deadlines(tx, MINH, today, 100, wanted=WantedDeadlines(milestone="expiry"))
    assert CODE in {item.code for item in near}
    assert CODE not in {item.code for item in (*far, *planned)}
    assert (then.plan, then.state.value) == ("", "monitored")
    assert [(item.code, item.plan, item.subject.value) for item in waiting] == [(CODE, "", "certificate")]
    assert CODE in entries(read(seeded, clock, token))


def test_it_outlives_the_end_of_the_district(seeded: Database, clock: FixedClock) -> None:
    lasting = {**RUNNING["certificate"], "decided_on": "2023-11-20", "valid_until": "2026-11-20"}
    enter(seeded, clock, {**RUNNING, "certificate": lasting})
    enter(seeded, clock, {**ENDED, "product": "Muối Sa Huỳnh"})
    sweep_on(seeded, clock, "2024-04-23")
    the_district_ends(seeded, clock)
    run(seeded, clock, "2025-07-01")
    with seeded.read() as tx:
        found = list_certificates(tx, clock.today(), WantedCertificates())
    assert {item.unit_now for item in found} <= {"Xã Mới Một", "Xã Mới Hai"}
    assert {item.unit for item in found} == {"Xã Phổ An"}
    assert_sound(seeded, clock)


def test_counted_among_very_many_it_is_one_whatever_was_undone(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    enter(seeded, clock, RUNNING)
    act(seeded, clock, CODE, "open_re_rating", {"kind": "renewal", "plan": NEXT})
    with seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    with seeded.read() as tx:
        unit = unit_by_slug(tx, "pho-an")
        assert unit is not None
        period = Period(clock.today(), clock.today(), date(2025, 12, 31))
        groups = feed_groups(tx, unit.id, period, DONE)
    assert [(item.rule, item.products, item.open) for item in groups if item.plan_id is None] == [
        ("expiry", 1, 1)
    ]


def test_who_makes_it_is_known_by_its_registration_number(seeded: Database, clock: FixedClock) -> None:
    def made_by(number: str, **said: Any) -> int:  # noqa: ANN401 - as JSON has it
        paper = {**RUNNING["certificate"], "number": number}
        sent = {**RUNNING, "product": f"Mắm {number}", "certificate": paper, **said}
        entered = enter(seeded, clock, sent)
        ((producer,),) = rows(
            seeded, "SELECT producer_id FROM products WHERE code = :code", code=entered.product
        )
        return int(producer)

    first = made_by("1/QĐ", producer="HTX A", registration="MST 4300-123.456")
    assert made_by("2/QĐ", producer="Hợp tác xã A", registration="4300123456") == first
    assert made_by("3/QĐ", producer=None, registration="43.0012.3456") == first
    other = made_by("4/QĐ", producer="HTX A", registration="4300999999")  # another number is another one
    assert other != first
    with pytest.raises(ProducerLikely) as asked:  # a name alone is never an identity
        made_by("5/QĐ", producer="htx a", registration=None)
    assert [one.id for one in asked.value.likely] == [first, other]
    assert made_by("5/QĐ", producer="HTX A", producer_id=other) == other
    assert made_by("6/QĐ", producer="HTX A", new_producer=True) not in (first, other)
    assert rows(
        seeded, "SELECT registration FROM producers WHERE id IN (:a, :b) ORDER BY id", a=first, b=other
    ) == [
        ("4300123456",),
        ("4300999999",),
    ]
    named = "SELECT producer FROM certificates WHERE number = '2/QĐ'"
    assert rows(seeded, named) == [("Hợp tác xã A",)]  # as its decision names it


def test_who_makes_it_has_to_be_there_or_to_be_named(seeded: Database, clock: FixedClock) -> None:
    for said, place, detail in (
        ({"producer_id": 2**31 - 1}, "producer_id", "there is no producer 2147483647"),
        (
            {"producer": None, "registration": "4300000001"},
            "producer",
            "say who has this registration number",
        ),
        (
            {"certificate": OLD, "registration": "4300000001"},
            "registration",
            "of one that has ended only the name is kept",
        ),
    ):
        with pytest.raises(InvalidInput) as caught:
            enter(seeded, clock, {**RUNNING, **said})
        assert [(fault.place, fault.text.en) for fault in caught.value.faults] == [(place, detail)]
    assert rows(seeded, "SELECT COUNT(*) FROM certificates") == [(0,)]
