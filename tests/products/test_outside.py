"""The province works outside: the town records what it scores and decides, from its paper, and says so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role
from ocop_workflow.errors import NotPermitted
from ocop_workflow.overview.products import product_page, product_view
from ocop_workflow.people.officers import add_officer, disable_officer
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.refusals import EventRefused, way_on
from ocop_workflow.states import Event
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine
from tests.factories import SENDER
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import certificates, state_of, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"
PAPER = {"number": "88/BB-HĐ", "date": "2024-12-10", "signer": "Chủ tịch Hội đồng tỉnh"}
SCORED: dict[str, Any] = {"session_date": "2024-12-10", "mean": "75"}
CERTIFIED = {
    "decision_number": "99/QĐ-UBND",
    "decision_date": "2024-12-12",
    "signer": "Chủ tịch UBND tỉnh",
    "published_on": "2024-12-12",
}


@pytest.fixture
def escalated(seeded: Database, clock: FixedClock) -> Database:
    """A product with 75 points that the town has sent up to the province, and the town's officers."""
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="75")
    step(seeded, clock, ONE, "escalate", date(2024, 11, 25))
    appoint(seeded, clock)
    clock.move_to(date(2024, 12, 12), hour=9)
    return seeded


def do(database: Database, clock: FixedClock, login: str, event: str, data: dict[str, Any]) -> None:
    with database.write() as tx:
        order = Order(ONE, event, acting(database, login), data)
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def test_the_town_records_score_and_decision_from_the_provinces_paper(
    escalated: Database, clock: FixedClock
) -> None:
    do(escalated, clock, "minh", "score_province", {**SCORED, "paper": PAPER})
    do(escalated, clock, "minh", "certify", CERTIFIED)

    assert state_of(escalated, ONE) == "certified"
    assert certificates(escalated, ONE) == [(4, "99/QĐ-UBND", "2027-12-12", None, None)]
    with escalated.read() as tx:
        labels = [entry.label for entry in product_page(tx, ONE, clock.today()).history]
    assert labels[-3:] == [
        "Chuyển cấp trên",
        "Cấp tỉnh chấm điểm (ghi theo văn bản)",
        "Công nhận (ghi theo văn bản)",
    ]
    sweep(escalated, clock, SENDER)
    unsent = 17  # nobody delivers in this test
    assert [item.text.en for item in examine(escalated, clock).findings if item.invariant != unsent] == []


def test_without_the_paper_it_is_refused_with_what_is_missing(escalated: Database, clock: FixedClock) -> None:
    with pytest.raises(EventRefused) as refused:
        do(escalated, clock, "minh", "score_province", SCORED)
    assert [missing.name for missing in refused.value.refusal.missing] == ["paper"]
    assert refused.value.text.vi == (
        "DP24-001 (Đã chuyển cấp tỉnh): chưa thể «Cấp tỉnh chấm điểm», còn thiếu: số, ngày, người ký của "
        "văn bản, khi ghi thay cấp chưa dùng hệ thống (paper)."
    )


@pytest.mark.parametrize("role", [Role.AUTHORITY_OFFICER, Role.COUNCIL_SECRETARY])
def test_once_the_province_has_an_officer_only_the_province_acts(
    escalated: Database, clock: FixedClock, role: Role
) -> None:
    with escalated.read() as tx:
        view = product_view(tx, ONE, clock.today(), acting(escalated, "minh"))
        assert view.needs[Event.SCORE_PROVINCE] == ("session_date", "mean", "paper")
    with escalated.write() as tx:
        add_officer(tx, HOST, "tinh", "Tỉnh", role, "quang-ngai", now=clock.now())

    with pytest.raises(NotPermitted) as refused:
        do(escalated, clock, "minh", "score_province", {**SCORED, "paper": PAPER})
    assert refused.value.text.vi == (
        "DP24-001: «Cấp tỉnh chấm điểm» không thuộc quyền của minh; việc này do Hội đồng OCOP tỉnh "
        "Quảng Ngãi làm. Có thể: withdraw (Rút; cần reason)."
    )
    with escalated.read() as tx:
        view = product_view(tx, ONE, clock.today(), acting(escalated, "minh"))
    assert Event.SCORE_PROVINCE not in view.allowed

    with escalated.write() as tx:
        disable_officer(tx, HOST, "tinh", now=clock.now())
    do(escalated, clock, "minh", "score_province", {**SCORED, "paper": PAPER})


def test_a_ward_is_told_who_records_it(escalated: Database, clock: FixedClock) -> None:
    with pytest.raises(NotPermitted) as refused:
        do(escalated, clock, "thu", "score_province", {**SCORED, "paper": PAPER})
    assert refused.value.text.vi == (
        "DP24-001: «Cấp tỉnh chấm điểm» không thuộc quyền của thu; việc này do Hội đồng OCOP tỉnh Quảng Ngãi "
        "làm; cấp tỉnh chưa có cán bộ trong hệ thống, nên Phòng Kinh tế thị xã Đức Phổ ghi theo văn bản."
    )
    assert refused.value.text.en == (
        "DP24-001: thu may not score province; it is in the hands of the OCOP council of tỉnh Quảng Ngãi "
        "(the province); the province has no officer here, so Phòng Kinh tế thị xã Đức Phổ "
        "(the plan's authority) records it from its document."
    )
    with escalated.read() as tx:
        page = product_page(tx, ONE, clock.today(), acting(escalated, "thu"))
    assert way_on(page.product.needs, page.waiting).vi == (
        "không có; đang chờ Phòng Kinh tế thị xã Đức Phổ (ghi theo văn bản của Hội đồng OCOP tỉnh "
        "Quảng Ngãi): Cấp tỉnh chấm điểm, UBND xã Phổ Phong hoặc Phòng Kinh tế thị xã Đức Phổ: Rút"
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMINISTRATOR])
def test_who_cannot_act_for_the_province_does_not_bring_it_in(
    escalated: Database, clock: FixedClock, role: Role
) -> None:
    with escalated.write() as tx:
        add_officer(tx, HOST, "tinh", "Tỉnh", role, "quang-ngai", now=clock.now())
    do(escalated, clock, "minh", "score_province", {**SCORED, "paper": PAPER})


def test_the_provinces_own_step_bears_no_mark(escalated: Database, clock: FixedClock) -> None:
    with escalated.write() as tx:
        add_officer(tx, HOST, "tinh", "Tỉnh", Role.COUNCIL_SECRETARY, "quang-ngai", now=clock.now())
    do(escalated, clock, "tinh", "score_province", SCORED)
    with escalated.read() as tx:
        assert product_page(tx, ONE, clock.today()).history[-1].label == "Cấp tỉnh chấm điểm"
