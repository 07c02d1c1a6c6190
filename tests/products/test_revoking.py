"""Revoking a certificate: a conclusion, its clock, the decision, its undoing; by the law of that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.certificates.looking_up import look_up
from ocop_workflow.certificates.queries import certificates_of
from ocop_workflow.errors import InvalidInput
from ocop_workflow.overview.products import product_page
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.settling.register import show_certificate
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.factories import MINH, SENDER, act, rows
from tests.products.test_entering import CODE, RUNNING, assert_sound, enter
from tests.stories.days import run
from tests.stories.journeys import (
    FIRST_YEAR,
    flags_of,
    open_deadlines,
    revoke,
    state_of,
    step,
    walk_to,
)

if TYPE_CHECKING:
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"
#: a Wednesday under QĐ 26/2026; the fifteenth day after it is a Thursday
DAY, DUE = date(2026, 6, 10), date(2026, 6, 25)
STOPPED = {"ground": "đ", "conclusion_body": "UBND xã Phổ An", "conclusion_number": "9/XN-UBND"}


def kept(database: Database, code: str = ONE) -> CertificateRecord:
    with database.read() as tx:
        ((number,),) = rows(database, "SELECT id FROM products WHERE code = :code", code=code)
        return certificates_of(tx, number)[-1]


def page(database: Database, today: date) -> dict[str, Any]:
    with database.read() as tx:
        found = look_up(tx, kept(database).token, today)
    return {"status": found.status, "on": found.ended_on, "why": found.ended_why}


def take_back(database: Database, clock: FixedClock, code: str = ONE) -> None:
    with database.write() as tx:
        undo(tx, UndoOrder(code, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())


@pytest.fixture
def certified(seeded: Database, clock: FixedClock) -> Database:
    """A product of Phổ An that the town recognised in 2024, by QĐ 148."""
    walk_to(seeded, clock, ONE, FIRST_YEAR[-1][0])
    return seeded


def test_a_conclusion_opens_the_clock_of_its_days_law_whatever_the_plan_names(
    certified: Database, clock: FixedClock
) -> None:
    before = open_deadlines(certified, ONE)
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    assert (state_of(certified, ONE), open_deadlines(certified, ONE)) == (
        "monitored",
        {
            "re_rating_filing:qd-26-2026": date(2027, 7, 28),
            "expiry:qd-26-2026": before["expiry"],
            "revocation_decision": DUE,
        },
    )
    with certified.read() as tx:
        found = show_certificate(tx, 1, DAY)
        shown = product_page(tx, ONE, DAY)
    assert (found.concluded_on, found.decide_by, found.status) == (DAY, DUE, "valid")
    assert found.history[-1].label == "Ghi kết luận để xem xét thu hồi"
    assert {event.value for event in shown.product.allowed} >= {"revoke", "dismiss"}
    assert "conclude" not in shown.product.allowed
    assert_sound(certified, clock)


def test_the_authority_is_reminded_and_a_missed_day_is_on_the_list_of_what_is_late(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    for day in ("2026-06-11", "2026-06-18", "2026-06-26"):
        run(certified, clock, day)
    told = rows(
        certified,
        "SELECT r.stage, u.slug FROM reminders r JOIN deadlines d ON d.id = r.deadline_id "
        "JOIN desks k ON k.id = r.desk_id JOIN units u ON u.id = k.unit_id WHERE d.rule = "
        "'revocation_decision' AND r.status = 'due' "
        "ORDER BY r.stage",
    )
    assert told == [(-7, "duc-pho"), (1, "duc-pho")]
    assert flags_of(certified, ONE)[-1] == ("revocation_decision", "2026-06-26", None)
    step(certified, clock, ONE, "dismiss", date(2026, 6, 29))
    assert "revocation_decision" not in open_deadlines(certified, ONE)
    assert_sound(certified, clock)


def test_under_the_older_law_no_clock_is_known_and_none_is_made_up(
    certified: Database, clock: FixedClock
) -> None:
    before = open_deadlines(certified, ONE)
    step(certified, clock, ONE, "conclude", date(2025, 3, 3))
    assert open_deadlines(certified, ONE) == before
    with certified.read() as tx:
        found = show_certificate(tx, 1, date(2025, 3, 3))
    assert (found.concluded_on, found.decide_by) == (date(2025, 3, 3), None)


def test_the_heir_of_a_district_that_is_gone_revokes_and_everybody_sees_it_at_once(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    step(certified, clock, ONE, "revoke", DAY + timedelta(days=5))
    ended = DAY + timedelta(days=5)
    assert (kept(certified).issuer, kept(certified).ended_by) == (
        "UBND thị xã Đức Phổ",
        "UBND tỉnh Quảng Ngãi",
    )
    assert page(certified, ended) == {
        "status": "revoked",
        "on": ended,
        "why": "bị thu hồi ngày 15/06/2026, bởi UBND tỉnh Quảng Ngãi",
    }
    assert open_deadlines(certified, ONE) == {}
    assert_sound(certified, clock)


def test_undoing_a_revocation_lets_the_certificate_run_and_the_clock_go_on(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    step(certified, clock, ONE, "revoke", DAY + timedelta(days=5))
    take_back(certified, clock)
    assert state_of(certified, ONE) == "monitored"
    assert open_deadlines(certified, ONE)["revocation_decision"] == DUE
    assert page(certified, DAY) == {"status": "valid", "on": None, "why": None}
    with certified.read() as tx:
        told = [deed.label for deed in show_certificate(tx, 1, DAY).history[-3:]]
    assert told == ["Ghi kết luận để xem xét thu hồi", "Thu hồi", "Hoàn tác: Thu hồi"]
    assert_sound(certified, clock)

    take_back(certified, clock)  # and the conclusion itself
    assert "revocation_decision" not in open_deadlines(certified, ONE)
    with certified.read() as tx:
        assert show_certificate(tx, 1, DAY).concluded_on is None
    assert_sound(certified, clock)


def test_undoing_what_was_dismissed_brings_the_conclusion_back(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    step(certified, clock, ONE, "dismiss", DAY + timedelta(days=1))
    take_back(certified, clock)
    assert open_deadlines(certified, ONE)["revocation_decision"] == DUE
    assert_sound(certified, clock)


def test_a_conclusion_stays_with_its_certificate_through_a_re_rating(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    step(certified, clock, ONE, "open_re_rating", DAY + timedelta(days=1), plan="duc-pho-2024")
    assert open_deadlines(certified, ONE)["revocation_decision"] == DUE
    step(certified, clock, ONE, "withdraw", DAY + timedelta(days=2))
    assert open_deadlines(certified, ONE)["revocation_decision"] == DUE
    assert_sound(certified, clock)


def test_days_that_cannot_be_are_refused(certified: Database, clock: FixedClock) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    clock.move_to(DAY + timedelta(days=5))
    decided = {"decision_number": "88/QĐ-UBND", "decision_date": "2026-06-09", "signer": "Chủ tịch"}
    with pytest.raises(InvalidInput) as early:
        act(certified, clock, ONE, "revoke", decided)
    assert [item.place for item in early.value.faults] == ["decision_date"]
    ahead = {**decided, "decision_date": "2026-07-01"}
    with pytest.raises(InvalidInput) as late:
        act(certified, clock, ONE, "revoke", ahead)
    assert [item.place for item in late.value.faults] == ["decision_date"]
    with pytest.raises(InvalidInput, match="The day of the event"):
        act(certified, clock, ONE, "dismiss", {"reason": "xong"}, date(2026, 6, 9))


def test_there_is_one_conclusion_at_a_time_and_none_without_a_certificate(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    with pytest.raises(EventRefused, match="no conclusion that still waits"):
        step(certified, clock, ONE, "conclude", DAY, **STOPPED)
    with pytest.raises(EventRefused):
        step(certified, clock, "DP24-003", "conclude", DAY, **STOPPED)


def test_a_certificate_known_from_a_list_alone_is_revoked_too(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    revoke(seeded, clock, CODE, date(2024, 6, 3))
    assert (kept(seeded, CODE).ended_because, kept(seeded, CODE).ended_by) == (
        "revoked",
        "UBND thị xã Đức Phổ",
    )
    assert_sound(seeded, clock)
