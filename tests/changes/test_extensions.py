"""Extensions: a numbered decision gives products more time; it can be revoked, and forgets no lateness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Actor
from ocop_workflow.changes import grant_extension, plan_extensions, preview_extension, preview_revocation
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.overview.explain import explain_product
from tests.changes.amending import (
    SEED_TEXT,
    amended,
    change,
    corrections,
    deadline_rows,
    extend,
    is_sound,
    order,
    revoke,
)
from tests.factories import SEED, SENDER, act, rows
from tests.stories.days import daily, run
from tests.stories.journeys import everything, open_deadlines

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
TWO = ("DP24-002", "DP24-007")
TO_PHO_AN = """\
Kính gửi: UBND xã Phổ An

Chương trình Mỗi xã một sản phẩm (OCOP), thư đính chính ngày 24/04/2024.
Lý do: gia hạn theo quyết định số 15/QĐ-UBND ngày 22/04/2024. Những hạn sau đây đã báo trước nay không còn \
đúng.

1. Đăng ký ý tưởng sản phẩm – đã báo: hạn 30/04/2024; nay: hạn 20/05/2024
   Sản phẩm (1):
   - DP24-002  Khô Bò
   English: 1 product, told: due 2024-04-30; now: due 2024-05-20.

English: dates have changed (extension, decision 15/QĐ-UBND of 2024-04-22).

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động. Hạn mới sẽ được nhắc như thường lệ.
"""


def test_more_time_is_for_those_products_alone_and_told_to_their_communes(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)

    granted = extend(seeded, clock, *TWO, to="2024-05-20")
    daily(seeded, clock, "2024-04-25", "2024-05-03")

    assert [move.product for move in granted.impact.moves] == list(TWO)
    assert corrections(seeded) == {
        "correction:extension:1:granted:pho-an:pho-an@duc-pho.example": TO_PHO_AN,
        "correction:extension:1:granted:nguyen-nghiem:nguyen-nghiem@duc-pho.example": TO_PHO_AN.replace(
            "xã Phổ An", "phường Nguyễn Nghiêm"
        ).replace("DP24-002  Khô Bò", "DP24-007  Dầu phụng"),
    }
    assert open_deadlines(seeded, "DP24-002") == {"registration": DAY("2024-05-20")}
    assert open_deadlines(seeded, "DP24-003") == {"registration": DAY("2024-04-30")}
    with seeded.read() as tx:
        assert [item.extension for item in explain_product(tx, "DP24-002", clock.today())] == [
            "",
            "quyết định số 15/QĐ-UBND ngày 22/04/2024, bão số 1",
        ]
    is_sound(seeded, clock)


def test_it_holds_for_what_opens_later_and_when_the_product_comes_back(
    seeded: Database, clock: FixedClock
) -> None:
    extend(seeded, clock, "DP24-002", to="2024-11-15", milestone="commune-evaluation")
    for event in ("register", "select", "start_consulting"):
        act(seeded, clock, "DP24-002", event)
    assert open_deadlines(seeded, "DP24-002") == {"commune-evaluation": DAY("2024-11-15")}
    for event in ("commune_evaluate", "send_back"):
        act(seeded, clock, "DP24-002", event, on=clock.today())
    assert open_deadlines(seeded, "DP24-002") == {"commune-evaluation": DAY("2024-11-15")}
    run(seeded, clock, "2024-04-23")
    is_sound(seeded, clock)


def test_revoked_the_plans_own_day_holds_again_late_at_once_if_it_is_past(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)
    number = extend(seeded, clock, *TWO, to="2024-05-20").id
    daily(seeded, clock, "2024-04-25", "2024-05-06")
    clock.move_to(DAY("2024-05-06"), 9)

    impact = revoke(seeded, clock, number)
    daily(seeded, clock, "2024-05-07", "2024-05-08")

    assert [(move.product, move.old_due, move.new_due) for move in impact.moves] == [
        (code, DAY("2024-05-20"), DAY("2024-04-30")) for code in TWO
    ]
    assert deadline_rows(seeded, "DP24-002")[1:] == [
        ("registration", "2024-05-20", "2024-04-24", "2024-05-06", "moved", "", ""),
        ("registration", "2024-04-30", "2024-05-06", "", "", "2024-05-06", ""),
    ]
    told = corrections(seeded)["correction:extension:1:revoked:pho-an:pho-an@duc-pho.example"]
    assert "Lý do: thu hồi gia hạn theo quyết định số 15/QĐ-UBND ngày 22/04/2024." in told
    assert "đã báo: hạn 20/05/2024; nay: hạn 30/04/2024" in told
    with seeded.read() as tx:
        ((record, codes),) = plan_extensions(tx, SEED)
    assert (record.revoked_on, codes) == (DAY("2024-05-06"), TWO)
    is_sound(seeded, clock)


def test_lateness_stays_on_record(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-03")
    clock.move_to(DAY("2024-05-03"), 9)
    extend(seeded, clock, "DP24-002", to="2024-05-20")
    run(seeded, clock, "2024-05-06")
    assert deadline_rows(seeded, "DP24-002") == [
        ("registration", "2024-04-30", "2024-04-23", "2024-05-03", "moved", "2024-05-01", "2024-05-03"),
        ("registration", "2024-05-20", "2024-05-03", "", "", "", ""),
    ]
    is_sound(seeded, clock)


def test_the_latest_decision_holds_and_the_one_before_when_it_is_revoked(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-24"), 9)
    extend(seeded, clock, *TWO, to="2024-05-10")
    clock.move_to(DAY("2024-04-24"), 10)
    second = extend(seeded, clock, "DP24-002", to="2024-05-20").id
    clock.move_to(DAY("2024-04-24"), 11)
    revoke(seeded, clock, second)
    assert open_deadlines(seeded, "DP24-002") == {"registration": DAY("2024-05-10")}
    run(seeded, clock, "2024-04-25")
    is_sound(seeded, clock)


def test_a_plan_that_comes_to_say_a_later_day_overtakes_it(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(DAY("2024-04-24"), 9)
    extend(seeded, clock, "DP24-002", to="2024-05-10")
    clock.move_to(DAY("2024-04-24"), 10)
    change(seeded, clock, amended("2024-05-15"))
    assert open_deadlines(seeded, "DP24-002") == {"registration": DAY("2024-05-15")}
    clock.move_to(DAY("2024-04-24"), 11)
    change(seeded, clock, SEED_TEXT)
    assert open_deadlines(seeded, "DP24-002") == {"registration": DAY("2024-05-10")}
    run(seeded, clock, "2024-04-25")
    is_sound(seeded, clock)


def test_every_fault_of_an_order_is_said_at_once(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-003", "register")
    wrong = replace(
        order("DP24-002", "DP24-003", "DP24-999", to="2024-04-30"),
        decision_number=" ",
        reason="",
        decided_on=DAY("2024-04-24"),
    )
    with seeded.read() as tx:
        with pytest.raises(InvalidInput) as refused:
            preview_extension(tx, wrong, clock.today())
        with pytest.raises(InvalidInput) as nothing:
            preview_extension(tx, order(to="2024-05-20", milestone="none"), clock.today())
        with pytest.raises(NotFound):
            preview_extension(tx, replace(wrong, plan="none"), clock.today())
    assert [(fault.place, fault.text.en) for fault in refused.value.faults] == [
        ("decision_number", "1 to 300 letters are needed"),
        ("reason", "a reason is needed"),
        ("decided_on", "it is in the future"),
        ("DP24-002", "the new day 2024-04-30 is not after the one that holds, 2024-04-30"),
        ("DP24-003", "has no due day of registration ahead (registered)"),
        ("DP24-999", "has no dossier in the plan duc-pho-2024"),
    ]
    assert [fault.place for fault in nothing.value.faults] == ["codes", "milestone"]


def test_drift_and_what_is_revoked_already_are_conflicts(seeded: Database, clock: FixedClock) -> None:
    given = order("DP24-002", to="2024-05-20")
    with seeded.read() as tx:
        seen = preview_extension(tx, given, clock.today()).hash
    run(seeded, clock, "2024-04-23")
    before = everything(seeded)
    with seeded.write() as tx, pytest.raises(Conflict, match="not what was looked at"):
        grant_extension(
            tx, given, seen, actor=Actor("minh", "host", is_operator=True), sender=SENDER,
            today=clock.today(), now=clock.now(),
        )  # fmt: skip
    with seeded.write() as tx, pytest.raises(NotPermitted):
        grant_extension(
            tx,
            given,
            seen,
            actor=Actor("ha", "10.0.0.1"),
            sender=SENDER,
            today=clock.today(),
            now=clock.now(),
        )
    assert everything(seeded) == before
    clock.move_to(DAY("2024-04-24"), 9)
    number = extend(seeded, clock, "DP24-002", to="2024-05-20").id
    clock.move_to(DAY("2024-04-24"), 10)
    revoke(seeded, clock, number)
    with seeded.read() as tx:
        with pytest.raises(Conflict, match="was revoked on 2024-04-24"):
            preview_revocation(tx, number, clock.today())
        with pytest.raises(NotFound, match="There is no extension 7"):
            preview_revocation(tx, 7, clock.today())
    assert [row[0] for row in rows(seeded, "SELECT action FROM audit ORDER BY seq")[-2:]] == [
        "extension.grant",
        "extension.revoke",
    ]
