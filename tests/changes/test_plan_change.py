"""A plan that changes in mid-year: seen first, then all at once; nobody is left with a wrong date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text as sql

from ocop_workflow.access import Actor
from ocop_workflow.audit import chain as audit
from ocop_workflow.changes import change_plan, is_change, plan_versions
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted
from ocop_workflow.notifications import PermanentDeliveryError, TemporaryDeliveryError
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.activities import finish_activity
from tests.changes.amending import (
    SEED_TEXT,
    amended,
    change,
    corrections,
    deadline_rows,
    deliver,
    is_sound,
    preview,
)
from tests.factories import LAN, SEED, SENDER, act, rows
from tests.fakes import RecordingMailer
from tests.picture import give_address, picture
from tests.stories.days import daily, run, sweep_on
from tests.stories.journeys import everything, load_text, next_plan, open_deadlines

if TYPE_CHECKING:
    from ocop_workflow.plans.views import VersionView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
TO_PHO_AN = """\
Kính gửi: UBND xã Phổ An

Chương trình Mỗi xã một sản phẩm (OCOP), thư đính chính ngày 25/04/2024.
Lý do: Kế hoạch OCOP năm 2024 đã được thay đổi. Những hạn sau đây đã báo trước nay không còn đúng.

1. Đăng ký ý tưởng sản phẩm – đã báo: hạn 30/04/2024; nay: hạn 15/05/2024
   Sản phẩm (4):
   - DP24-003  Khô Gà
   - DP24-004  Cơm rang
   - DP24-005  Cơm cháy
   - DP24-006  Khô Bò
   English: 4 products, told: due 2024-04-30; now: due 2024-05-15.

English: dates have changed (the plan duc-pho-2024 was changed).

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động. Hạn mới sẽ được nhắc như thường lệ.
"""


def correction_key(version: int, unit: str) -> str:
    return f"correction:plan:{SEED}:{version}:{unit}:{unit}@duc-pho.example"


# -- what is seen first ------------------------------------------------------------------------------


def test_the_impact_says_what_moves_what_is_said_and_who_was_told(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)
    before = everything(seeded)

    impact = preview(seeded, clock, amended("2024-05-15"))

    assert everything(seeded) == before
    assert {(move.milestone, move.old_due, move.new_due) for move in impact.moves} == {
        ("registration", DAY("2024-04-30"), DAY("2024-05-15"))
    }
    assert [move.product for move in impact.moves] == [f"DP24-{number:03}" for number in range(1, 15)]
    of_pho_an = [
        (line.comes, line.stage, line.day.isoformat(), line.deadlines)
        for line in impact.reminders
        if line.unit == "Xã Phổ An" and line.day < DAY("2024-05-20")
    ]
    assert of_pho_an == [
        (False, "D-3", "2024-04-26", 5),
        (False, "D-1", "2024-04-26", 5),
        (False, "D+1", "2024-05-02", 5),
        (False, "D+7", "2024-05-07", 5),
        (False, "D+14", "2024-05-14", 5),
        (True, "D-14", "2024-04-26", 5),
        (True, "D-7", "2024-05-08", 5),
        (True, "D-3", "2024-05-10", 5),
        (True, "D-1", "2024-05-14", 5),
        (True, "D+1", "2024-05-16", 5),
    ]
    assert [(line.address, line.products) for line in impact.told if line.unit == "Xã Phổ An"] == [
        ("pho-an@duc-pho.example", tuple(f"DP24-{number:03}" for number in range(2, 7)))
    ]
    assert (len(impact.told), impact.corrections, impact.taken_back) == (7, 7, 0)


def test_a_change_that_is_confirmed_with_the_hash_of_another_day_changes_nothing(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    seen = preview(seeded, clock, amended("2024-05-15")).hash
    act(seeded, clock, "DP24-002", "register")  # meanwhile Lan has registered one
    before = everything(seeded)

    with pytest.raises(Conflict, match="not what was looked at any more"):
        change(seeded, clock, amended("2024-05-15"), confirm=seen)
    with pytest.raises(Conflict):
        change(
            seeded, clock, amended("2024-05-16"), confirm=preview(seeded, clock, amended("2024-05-15")).hash
        )

    assert everything(seeded) == before


def test_what_binds_a_plans_products_cannot_change(seeded: Database, clock: FixedClock) -> None:
    other = (
        amended("2024-05-15")
        .replace('code = "DP24"', 'code = "DP25"')
        .replace("year = 2024", "year = 2025")
        .replace('regulation = "qd-148-2023"', 'regulation = "qd-1489-2025"')
        .replace('actor = "district"', 'actor = "province"')
        .replace('unit = "duc-pho"', 'unit = "quang-ngai"')
    )
    with pytest.raises(InvalidInput) as refused:
        preview(seeded, clock, other)
    assert [fault.place for fault in refused.value.faults] == ["unit", "year", "regulation", "code"]
    assert refused.value.faults[1].text.en == (
        "the year cannot change: it is 2024, the file says 2025; load a new plan instead"
    )
    with pytest.raises(Conflict, match="nothing to change"):
        preview(seeded, clock, SEED_TEXT)


def test_only_who_may_change_plans_there_does(seeded: Database, clock: FixedClock) -> None:
    confirm = preview(seeded, clock, amended("2024-05-15")).hash
    with seeded.write() as tx, pytest.raises(NotPermitted):
        change_plan(
            tx,
            amended("2024-05-15"),
            confirm,
            actor=Actor("ha", "10.0.0.1"),
            sender=SENDER,
            today=clock.today(),
            now=clock.now(),
        )


# -- later, earlier, there and back --------------------------------------------------------------------


def test_a_later_day_after_reminders_were_sent_is_told_once_and_reminded_anew(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    act(seeded, clock, "DP24-002", "register")  # its date was told, too, but it does not move any more
    clock.move_to(DAY("2024-04-25"), 9)

    impact = change(seeded, clock, amended("2024-05-15"))
    daily(seeded, clock, "2024-04-25", "2024-05-20")

    assert len(impact.moves) == 13
    assert sorted(corrections(seeded)) == sorted(
        correction_key(2, unit)
        for unit in (
            "nguyen-nghiem",
            "pho-an",
            "pho-khanh",
            "pho-nhon",
            "pho-ninh",
            "pho-phong",
            "pho-quang",
        )
    )
    assert corrections(seeded)[correction_key(2, "pho-an")] == TO_PHO_AN
    assert deadline_rows(seeded, "DP24-001") == [
        ("registration", "2024-04-30", "2024-04-23", "2024-04-25", "moved", "", ""),
        ("registration", "2024-05-15", "2024-04-25", "", "", "2024-05-16", ""),
    ]
    assert [
        row[4] for row in picture(seeded).said if row[1:4] == ("pho-phong", "DP24-001", "registration")
    ] == [
        -7,  # of the old date
        -30,  # in force when the new date opens
        -14,
        -7,
        -3,
        -1,
        1,
    ]
    is_sound(seeded, clock)


def test_a_late_product_is_late_no_more_but_was_on_record(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-03")
    clock.move_to(DAY("2024-05-03"), 9)

    change(seeded, clock, amended("2024-05-15"))
    daily(seeded, clock, "2024-05-04", "2024-05-06")

    assert deadline_rows(seeded, "DP24-001") == [
        ("registration", "2024-04-30", "2024-04-23", "2024-05-03", "moved", "2024-05-01", "2024-05-03"),
        ("registration", "2024-05-15", "2024-05-03", "", "", "", ""),
    ]
    assert f"correction:plan:{SEED}:2:duc-pho:phong-kinh-te@duc-pho.example" in corrections(seeded)
    is_sound(seeded, clock)


def test_an_earlier_day_that_is_past_is_late_at_once_and_nagged_from_then_on(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)

    change(seeded, clock, amended("2024-04-15"))
    deliver(seeded, clock)
    daily(seeded, clock, "2024-04-25", "2024-05-03")

    assert deadline_rows(seeded, "DP24-001")[1:] == [
        ("registration", "2024-04-15", "2024-04-24", "", "", "2024-04-24", "")
    ]
    said = [row for row in picture(seeded).said if row[1:4] == ("pho-phong", "DP24-001", "registration")]
    assert [(row[0].isoformat(), row[4]) for row in said] == [
        ("2024-04-23", -7),  # no burst of D-30, D-14 …: the next word is the nag of the second week
        ("2024-05-02", 14),
    ]
    is_sound(seeded, clock)


def test_there_and_back_again_mails_in_each_period(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)
    change(seeded, clock, amended("2024-05-31"))
    daily(seeded, clock, "2024-04-25", "2024-05-02")  # D-30 of 31/5 is said on 26/4… of 1/5
    clock.move_to(DAY("2024-05-02"), 9)
    change(seeded, clock, SEED_TEXT)
    daily(seeded, clock, "2024-05-03", "2024-05-08")

    assert [version.version for version in versions(seeded)] == [1, 2, 3]
    assert len(corrections(seeded)) == 14
    assert corrections(seeded)[correction_key(3, "pho-phong")].splitlines()[5] == (
        "1. Đăng ký ý tưởng sản phẩm – đã báo: hạn 31/05/2024; nay: hạn 30/04/2024"
    )
    assert [row[:5] for row in deadline_rows(seeded, "DP24-001")] == [
        ("registration", "2024-04-30", "2024-04-23", "2024-04-24", "moved"),
        ("registration", "2024-05-31", "2024-04-24", "2024-05-02", "moved"),
        ("registration", "2024-04-30", "2024-05-02", "", ""),
    ]
    said = [row for row in picture(seeded).said if row[1:4] == ("pho-phong", "DP24-001", "registration")]
    assert [row[4] for row in said] == [-7, -30, 1, 7]
    is_sound(seeded, clock)


def versions(database: Database) -> list[VersionView]:
    with database.read() as tx:
        return plan_versions(tx, SEED)


# -- letters that have not gone out ------------------------------------------------------------------


def test_a_letter_that_has_not_gone_out_is_taken_back_and_nobody_is_corrected(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    sweep_on(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-23"), 9)

    impact = change(seeded, clock, amended("2024-05-15"))
    is_sound(seeded, clock)
    daily(seeded, clock, "2024-04-24", "2024-04-26")

    assert (impact.taken_back, impact.corrections, corrections(seeded)) == (7, 0, {})
    assert {state for *_, state in picture(seeded).letters if _[0] == DAY("2024-04-23")} == {"superseded"}
    is_sound(seeded, clock)


def test_what_else_a_letter_says_that_is_taken_back_is_said_by_the_next(
    seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    daily(seeded, clock, "2024-04-24", "2024-05-16")
    sweep_on(seeded, clock, "2024-05-17")  # D-14 of the selection, D+17… of registration is not due
    clock.move_to(DAY("2024-05-17"), 9)

    impact = change(seeded, clock, amended("2024-06-14", "selection"))
    run(seeded, clock, "2024-05-18")  # a day off: nothing is said
    run(seeded, clock, "2024-05-20")

    assert impact.taken_back >= 1
    is_sound(seeded, clock)


def test_a_correction_that_waits_is_replaced_by_the_next_one(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)
    change(seeded, clock, amended("2024-05-15"))
    clock.move_to(DAY("2024-04-24"), 10)

    impact = change(seeded, clock, amended("2024-05-20"))

    assert (impact.taken_back, impact.corrections) == (7, 7)
    assert "đã báo: hạn 30/04/2024; nay: hạn 20/05/2024" in corrections(seeded)[correction_key(3, "pho-an")]
    clock.move_to(DAY("2024-04-24"), 11)
    back = change(seeded, clock, SEED_TEXT)
    assert (back.taken_back, back.corrections) == (7, 0)  # what everybody was told is true again
    is_sound(seeded, clock)


def test_of_two_addresses_only_the_one_that_was_told_is_corrected(
    seeded: Database, clock: FixedClock
) -> None:
    give_address(seeded, "pho-ninh", "chu-tich@pho-ninh.example", DAY("2024-04-01"))
    sweep_on(seeded, clock, "2024-04-23")
    refused = {"chu-tich@pho-ninh.example"}
    deliver(seeded, clock, _Refusing(refused))
    clock.move_to(DAY("2024-04-24"), 9)

    impact = change(seeded, clock, amended("2024-05-15"))

    assert (impact.taken_back, impact.corrections) == (1, 7)
    assert [key for key in corrections(seeded) if "pho-ninh" in key] == [correction_key(2, "pho-ninh")]
    is_sound(seeded, clock)


class _Refusing(RecordingMailer):
    """Puts off the letters to some addresses, which certainly have not arrived."""

    def __init__(self, addresses: set[str]) -> None:
        super().__init__()
        self._addresses = addresses

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        if recipient in self._addresses:
            raise TemporaryDeliveryError("451 later")
        return super().send(sender, recipient, message)


def test_a_letter_that_may_have_arrived_has_told_and_one_that_was_refused_has_not(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    errors = [PermanentDeliveryError("550 no"), TemporaryDeliveryError("cut", ambiguous=True)]
    deliver(seeded, clock, RecordingMailer(failures=[*errors]))
    clock.move_to(DAY("2024-04-24"), 9)
    dead, cut = (
        address
        for (address,) in rows(
            seeded, "SELECT address FROM outbox WHERE state = 'dead' OR ambiguous > 0 ORDER BY id"
        )
    )

    told = {line.address for line in preview(seeded, clock, amended("2024-05-15")).told}
    change(seeded, clock, amended("2024-05-15"))

    assert dead not in told
    assert cut in told
    assert len(corrections(seeded)) == 6


def test_an_address_that_is_given_up_gets_no_letter(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    with seeded.write() as tx:
        tx.execute(
            sql("UPDATE contacts SET valid_to = :day WHERE address = 'pho-an@duc-pho.example'"),
            {"day": "2024-04-24"},
        )
    clock.move_to(DAY("2024-04-24"), 9)

    impact = change(seeded, clock, amended("2024-05-15"))

    assert [line.in_use for line in impact.told if line.unit == "Xã Phổ An"] == [False]
    assert correction_key(2, "pho-an") not in corrections(seeded)
    assert impact.corrections == 6


# -- what else a change may do ---------------------------------------------------------------------------


def test_a_milestone_that_falls_away_is_told_and_still_explained(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)

    change(seeded, clock, without_registration())

    assert [row[:5] for row in deadline_rows(seeded, "DP24-001")] == [
        ("registration", "2024-04-30", "2024-04-23", "2024-04-24", "dropped"),
        ("selection", "2024-05-31", "2024-04-24", "", ""),
    ]
    assert "đã báo: hạn 30/04/2024; nay: không còn hạn" in corrections(seeded)[correction_key(2, "pho-an")]
    with seeded.read() as tx:
        explained = explain_product(tx, "DP24-001", clock.today())
        then = explain_product(tx, "DP24-001", DAY("2024-04-23"))
    assert [(item.name, item.closed_on) for item in then] == [("Đăng ký ý tưởng sản phẩm", None)]
    assert [item.name for item in explained] == [
        "Đăng ký ý tưởng sản phẩm",
        "Đánh giá, lựa chọn ý tưởng sản phẩm",
    ]
    is_sound(seeded, clock)


def without_registration() -> str:
    """The seed's plan without its first milestone."""
    start = SEED_TEXT.index('[[milestones]]\nid = "registration"')
    return SEED_TEXT[:start] + SEED_TEXT[SEED_TEXT.index("[[milestones]]", start + 1) :]


def test_an_explanation_gives_the_words_under_which_the_date_stood(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-24"), 9)
    change(seeded, clock, amended("2024-05-15"))
    with seeded.read() as tx:
        old, new = explain_product(tx, "DP24-001", clock.today())
    assert (old.when, new.when) == ('months = ["2024-03", "2024-04"]', "by = 2024-05-15")


def test_other_reminders_of_the_same_day_leave_the_deadline_and_its_flag_alone(
    seeded: Database, clock: FixedClock
) -> None:
    daily(seeded, clock, "2024-04-23", "2024-04-24")
    clock.move_to(DAY("2024-04-24"), 9)
    often = SEED_TEXT.replace("days_before = [30, 14, 7, 3, 1]", "days_before = [7, 5, 2]", 1)

    impact = change(seeded, clock, often)
    daily(seeded, clock, "2024-04-25", "2024-05-03")

    assert (impact.moves, corrections(seeded)) == ((), {})
    assert [(line.comes, line.stage) for line in impact.reminders if line.unit == "Xã Phổ Phong"] == [
        (False, "D-3"),
        (False, "D-1"),
        (True, "D-5"),
        (True, "D-2"),
    ]
    assert [row[:4] for row in deadline_rows(seeded, "DP24-001")] == [
        ("registration", "2024-04-30", "2024-04-23", "")
    ]
    said = [row for row in picture(seeded).said if row[1:4] == ("pho-phong", "DP24-001", "registration")]
    assert [row[4] for row in said] == [-7, -5, -2, 1]
    is_sound(seeded, clock)


def test_other_reminders_while_the_sweep_is_behind_balance_too(seeded: Database, clock: FixedClock) -> None:
    often = SEED_TEXT.replace("days_before = [30, 14, 7, 3, 1]", "days_before = [7, 5, 2]", 1)
    clock.move_to(DAY("2024-04-24"), 5)  # no sweep has seen the deadlines yet
    change(seeded, clock, often)
    run(seeded, clock, "2024-04-24")
    clock.move_to(DAY("2024-05-06"), 5)  # days without power, then first the plan, then the sweep
    change(seeded, clock, SEED_TEXT)
    daily(seeded, clock, "2024-05-06", "2024-05-08")

    assert [row[5] for row in deadline_rows(seeded, "DP24-001")] == ["2024-05-01"]
    is_sound(seeded, clock)


def test_an_activity_moves_likewise_and_one_that_is_done_stays_done(
    seeded: Database, clock: FixedClock
) -> None:
    moved = SEED_TEXT.replace('when = { quarter = "2024-Q2" }', "when = { by = 2024-07-15 }", 1)
    assert moved != SEED_TEXT
    run(seeded, clock, "2024-05-31")
    clock.move_to(DAY("2024-06-03"), 9)

    impact = change(seeded, clock, moved)
    assert [(move.milestone, move.old_due, move.new_due) for move in impact.moves if not move.product] == [
        ("training", DAY("2024-06-30"), DAY("2024-07-15"))
    ]
    assert [
        (line.unit, line.milestone, line.products) for line in impact.told if line.milestone == "training"
    ]
    is_sound(seeded, clock)
    with seeded.write() as tx:
        done = finish_activity(tx, LAN, "training", plan=None, on=None, today=clock.today(), now=clock.now())
    assert (done.due_on, done.days_late) == (DAY("2024-07-15"), 0)
    clock.move_to(DAY("2024-06-04"), 9)
    assert [move for move in change(seeded, clock, SEED_TEXT).moves if not move.product] == []
    run(seeded, clock, "2024-06-05")
    is_sound(seeded, clock)


def test_the_earlier_version_is_kept_and_the_audit_says_who_changed_what(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-24"), 9)
    text = amended("2024-05-15")
    with seeded.read() as tx:
        assert (is_change(tx, text), is_change(tx, SEED_TEXT)) == (True, False)

    change(seeded, clock, text)

    assert rows(seeded, "SELECT version, text, loaded_by, replaced_by FROM plan_versions") == [
        (1, SEED_TEXT, "minh", LAN.login)
    ]
    assert rows(seeded, "SELECT version, text, loaded_by FROM plans") == [(2, text, LAN.login)]
    assert rows(seeded, "SELECT action, subject FROM audit ORDER BY seq")[-1:] == [
        ("plan.change", f"plan:{SEED}")
    ]
    with seeded.read() as tx:
        assert audit.verify(tx).bad_seq is None


def test_a_change_that_breaks_off_leaves_everything_under_one_version(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-04-24"), 9)
    confirm = preview(seeded, clock, amended("2024-05-15")).hash
    before = everything(seeded)

    for step in ("close_deadlines", "look_at_again", "record_corrections"):
        with monkeypatch.context() as broken:
            broken.setattr(f"ocop_workflow.changes.queries.{step}", _power_cut)
            with pytest.raises(KeyboardInterrupt):
                change(seeded, clock, amended("2024-05-15"), confirm=confirm)
        assert everything(seeded) == before, step
    change(seeded, clock, amended("2024-05-15"), confirm=confirm)
    is_sound(seeded, clock)


def _power_cut(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_a_step_that_is_undone_after_the_change_opens_the_new_date(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    act(seeded, clock, "DP24-002", "register")
    clock.move_to(DAY("2024-04-24"), 9)
    change(seeded, clock, amended("2024-05-15"))
    clock.move_to(DAY("2024-04-24"), 10)
    with seeded.write() as tx:
        order = UndoOrder("DP24-002", LAN, "nhầm sản phẩm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())

    assert open_deadlines(seeded, "DP24-002") == {"registration": DAY("2024-05-15")}
    run(seeded, clock, "2024-04-25")
    is_sound(seeded, clock)
