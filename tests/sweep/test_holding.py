"""A sweep whose day is hardly meant stops and asks; what a clock that ran ahead wrote is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.access import operator
from ocop_workflow.errors import WrongUse
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.sweep.daily import SweepOrder, SweepReport, careful_sweep, sweep
from ocop_workflow.sweep.holding import Caution, SweepHeld, tell_of_hold
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.examination.reckoning.balance import Proof, Wrong
from ocop_workflow.upkeep.health import health
from ocop_workflow.upkeep.simulation import Scenario, simulate
from tests.contents import remember, rewind
from tests.factories import SENDER, act, letter_text, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.picture import dump, picture
from tests.stories.days import DAY, daily, letters, plain, run

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock
    from tests.picture import Picture

pytestmark = pytest.mark.alike

QUAN = operator("host:test", "quan")


def ask(
    database: Database,
    clock: FixedClock,
    day: str | None = None,
    *,
    confirm: str | None = None,
    rehearsal: bool = False,
    caution: Caution | None = None,
) -> SweepReport:
    """Ask for the check as every entrance does."""
    order = SweepOrder(DAY(day) if day else None, rehearsal, QUAN, DAY(confirm) if confirm else None)
    return careful_sweep(database, clock, SENDER, order, caution or Caution())


def proof(database: Database, clock: FixedClock) -> Proof:
    with database.read() as tx:
        return prove(tx, VIETNAM, today=clock.today())


def is_healthy(database: Database, clock: FixedClock) -> bool:
    return examine(database, clock).findings == ()


# -- which days are held -------------------------------------------------------------------------------


def test_a_day_far_after_the_last_sweep_is_held_and_nothing_is_written(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    before = dump(seeded)
    clock.move_to(DAY("2024-05-15"))

    with pytest.raises(SweepHeld) as held:
        ask(seeded, clock)

    assert held.value.members == {
        "day": "2024-05-15",
        "last_day": "2024-04-23",
        "letters": 8,
        "confirm": "ocop sweep --on 2024-05-15 --confirm 2024-05-15",
    }
    assert held.value.text.vi == (
        "Ngày 15/05/2024 đứng sau lần quét gần nhất, ngày 23/04/2024, tới 22 ngày; chưa ghi gì. Hãy xem lại "
        "ngày giờ; nếu đúng ngày ấy thì xác nhận: ocop sweep --on 2024-05-15 --confirm 2024-05-15"
    )
    assert dump(seeded) == before


def test_twenty_one_days_without_power_are_taken_for_what_they_are(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-05-14"))
    assert ask(seeded, clock).counts.flags_raised == 14


def test_the_gap_is_a_setting(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-05-15"))
    assert ask(seeded, clock, caution=Caution(gap=22)).day == DAY("2024-05-15")


def test_a_day_before_the_last_sweep_is_held_and_that_day_itself_is_not(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-24")  # a day with nothing to do counts, too
    run(seeded, clock, "2024-04-25")

    assert ask(seeded, clock).day == DAY("2024-04-25")
    with pytest.raises(SweepHeld, match="2024-04-24 lies before the last sweep, of 2024-04-25"):
        ask(seeded, clock, "2024-04-24")


def test_a_sweep_that_broke_off_does_not_count(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    run(seeded, clock, "2024-05-10")
    with seeded.write() as tx:
        tx.execute(text("UPDATE sweeps SET finished_at = NULL WHERE id = 2"))
    clock.move_to(DAY("2024-05-15"))
    with pytest.raises(SweepHeld) as held:
        ask(seeded, clock)
    assert held.value.members["last_day"] == "2024-04-23"


@pytest.mark.parametrize(("first", "held"), [(6, True), (7, False)])
def test_a_first_sweep_with_more_letters_about_what_is_long_past_is_held(
    seeded: Database, clock: FixedClock, first: int, held: bool
) -> None:
    clock.move_to(DAY("2024-07-01"))  # registration was due on 30/4
    before = dump(seeded)
    if not held:
        assert ask(seeded, clock, caution=Caution(first=first)).counts.letters == 8
        return
    with pytest.raises(SweepHeld) as caught:
        ask(seeded, clock, caution=Caution(first=first))
    assert caught.value.members["last_day"] is None
    assert caught.value.text.vi.startswith(
        "Lần quét đầu tiên, ngày 01/07/2024, sẽ viết 8 thư, phần lớn chỉ về những hạn đã qua hơn 60 ngày"
    )
    assert dump(seeded) == before


def test_a_first_sweep_about_what_is_not_so_long_past_is_not_held(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-06-28"))  # 59 days after
    assert ask(seeded, clock, caution=Caution(first=0)).counts.letters == 8


# -- confirming ------------------------------------------------------------------------------------------


def test_only_the_very_day_can_be_confirmed_and_it_stands_in_the_audit(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-05-15"))
    with pytest.raises(WrongUse, match="2024-05-14 is confirmed, but 2024-05-15 is to be swept"):
        ask(seeded, clock, confirm="2024-05-14")

    assert ask(seeded, clock, confirm="2024-05-15").counts.letters == 8

    found = rows(seeded, "SELECT actor, subject FROM audit WHERE action = 'sweep.confirm'")
    assert found == [("quan", "sweep:2024-05-15")]


def test_confirming_what_is_not_held_confirms_nothing(seeded: Database, clock: FixedClock) -> None:
    assert ask(seeded, clock, confirm="2024-04-23").counts.letters == 7
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action = 'sweep.confirm'") == [(0,)]


def test_a_rehearsal_says_that_it_would_be_held(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    before = dump(seeded)

    report = ask(seeded, clock, "2024-05-15", rehearsal=True)

    assert report.held is not None
    assert plain(report)["held"] == {
        "detail": report.held.text.vi,
        "day": "2024-05-15",
        "last_day": "2024-04-23",
        "letters": 8,
        "confirm": "ocop sweep --on 2024-05-15 --confirm 2024-05-15",
    }
    assert dump(seeded) == before
    assert ask(seeded, clock, "2024-05-14", rehearsal=True).held is None


def test_a_simulation_is_never_held(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-06-03")
    simulated = simulate(seeded, Scenario("duc-pho-2024", DAY("2024-05-01"), DAY("2024-05-02")), SENDER)
    later = simulate(seeded, Scenario("duc-pho-2024", DAY("2024-11-01"), DAY("2024-11-01")), SENDER)
    assert (simulated.faults, len(later.letters)) == ((), 8)


# -- taking back what a clock that ran ahead recorded --------------------------------------------------


def run_ahead(database: Database, clock: FixedClock, day: str, *, send: bool = False) -> None:
    """Let one sweep run by a clock that is far ahead, and set the clock right again."""
    right = clock.instant
    clock.move_to(DAY(day))
    sweep(database, clock, SENDER)
    if send:
        deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)
    clock.instant = right


@pytest.mark.parametrize("ahead", ["2024-05-24", "2024-12-20"])
@pytest.mark.parametrize("back_on", ["2024-04-24", "2024-04-26", "2024-05-02"])
def test_nothing_is_left_of_a_sweep_that_ran_ahead_and_sent_nothing(
    seeded: Database, clock: FixedClock, memory: Memory, ahead: str, back_on: str
) -> None:
    def live(*, wrong: bool) -> Picture:
        run(seeded, clock, "2024-04-23")
        act(seeded, clock, "DP24-002", "register")  # no sweep has met its new deadline yet
        if wrong:
            run_ahead(seeded, clock, ahead)
        clock.move_to(DAY(back_on))
        ask(seeded, clock, confirm=back_on)
        deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
        daily(seeded, clock, (DAY(back_on) + timedelta(days=1)).isoformat(), "2024-05-21")
        return picture(seeded)

    before = remember(seeded)
    right = memory.lead(seeded, ("never wrong", back_on), lambda: live(wrong=False))
    rewind(seeded, before)
    healed = live(wrong=True)

    assert (healed.deadlines, healed.flags, healed.reminders, healed.said) == (
        right.deadlines,
        right.flags,
        right.reminders,
        right.said,
    )
    assert [row for row in healed.letters if row[4] not in ("cancelled", "superseded")] == right.letters
    assert proof(seeded, clock).unbalanced == []
    assert is_healthy(seeded, clock)


def test_what_had_been_sent_stays_sent_and_the_rest_is_said_in_its_time(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-12-20", send=True)
    clock.move_to(DAY("2024-04-26"))

    ask(seeded, clock, confirm="2024-04-26")

    seen = picture(seeded)
    of_one = [(row[3], row[5]) for row in seen.reminders if (row[0], row[4]) == ("DP24-013", "pho-ninh")]
    assert of_one == [
        (-1, "due"),
        (-14, "withheld"),
        (-3, "superseded"),
        (-30, "withheld"),
        (-7, "due"),
        (231, "due"),  # it was sent, and nobody can take that back
    ]
    assert seen.flags == []
    assert [row[0] for row in seen.said if row[1:3] == ("pho-ninh", "DP24-013")] == [
        DAY("2024-04-23"),
        DAY("2024-04-26"),
        DAY("2024-12-20"),
    ]
    daily(seeded, clock, "2024-04-27", "2024-05-07")
    assert proof(seeded, clock).unbalanced == []
    assert is_healthy(seeded, clock)
    with seeded.read() as tx:
        assert health(tx, clock).ok


def test_the_audit_says_what_was_taken_back(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-05-24")
    clock.move_to(DAY("2024-04-24"))

    ask(seeded, clock, confirm="2024-04-24")

    with seeded.read() as tx:
        (after,) = tx.scalars(text("SELECT after FROM audit WHERE action = 'sweep.confirm'"))
    assert '"sweeps": [2]' in str(after) or after["taken_back"]["sweeps"] == [2]
    assert rows(seeded, "SELECT id FROM sweeps WHERE taken_back_at IS NOT NULL") == [(2,)]


def test_a_letter_that_waited_is_said_anew_when_the_one_that_overtook_it_is_taken_back(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-04-23"))
    sweep(seeded, clock, SENDER)  # the relay does not answer
    run_ahead(seeded, clock, "2024-05-24")
    clock.move_to(DAY("2024-04-24"))

    assert ask(seeded, clock, confirm="2024-04-24").counts.letters == 7

    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")
    assert "hạn 30/04/2024, còn 6 ngày" in letter_text(mime)
    assert proof(seeded, clock).unbalanced == []


def test_what_sweeps_recorded_before_they_signed_it_is_taken_back_as_well(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-12-20")
    with seeded.write() as tx:
        tx.execute(text("UPDATE reminders SET sweep_id = NULL"))
    clock.move_to(DAY("2024-04-26"))

    ask(seeded, clock, confirm="2024-04-26")

    daily(seeded, clock, "2024-04-27", "2024-05-07")
    assert proof(seeded, clock).unbalanced == []


def test_a_deadline_that_was_met_meanwhile_keeps_what_is_true_of_it(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-12-20")
    clock.move_to(DAY("2024-05-02"))
    act(seeded, clock, "DP24-002", "register")

    ask(seeded, clock, confirm="2024-05-02")

    daily(seeded, clock, "2024-05-03", "2024-05-07")
    assert proof(seeded, clock).unbalanced == []
    assert is_healthy(seeded, clock)


def test_the_day_that_ran_ahead_is_swept_when_it_comes(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-05-07")
    ask(seeded, clock, confirm="2024-04-23")
    daily(seeded, clock, "2024-04-24", "2024-05-06")

    assert run(seeded, clock, "2024-05-07").counts.letters == 8  # D+7
    assert proof(seeded, clock).unbalanced == []


# -- what is said of it meanwhile ------------------------------------------------------------------------


def test_before_it_is_taken_back_the_proof_says_what_is_missing(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    run_ahead(seeded, clock, "2024-12-20")
    clock.move_to(DAY("2024-05-02"))

    found = proof(seeded, clock)

    assert not found.is_balanced
    assert found.last_sweep == DAY("2024-04-23")
    assert found.balance.adds_up
    missing = [row for row in found.unbalanced if row.wrong is Wrong.MISSING and row.product == "DP24-013"]
    assert missing[0].text.vi == (
        "DP24-013 · registration · D-3 · Phường Phổ Ninh 26/04/2024: lẽ ra phải có lời nhắc này mà không ghi "
        "(bị thay thế bởi mức nhắc của một ngày chưa đến)."
    )


def test_health_and_doctor_name_it(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(DAY("2024-05-15"))

    with seeded.read() as tx:
        found = health(tx, clock)
    (finding,) = examine(seeded, clock).findings

    assert not found.ok
    (sentence,) = found.sentences
    assert sentence.vi == (
        "Việc quét thời hạn đang dừng, chờ xác nhận: Ngày 15/05/2024 đứng sau lần quét gần nhất, ngày "
        "23/04/2024, tới 22 ngày. Xem lại giờ của máy; nếu đúng ngày thì chạy "
        "`ocop sweep --on 2024-05-15 --confirm 2024-05-15`."
    )
    assert finding.text == sentence


def test_the_authority_is_told_once_until_another_sweep_has_ended(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    for day in ("2024-05-15", "2024-05-16"):
        clock.move_to(DAY(day))
        tell(seeded, clock)
    ask(seeded, clock, confirm="2024-05-16")
    clock.move_to(DAY("2024-06-20"))
    tell(seeded, clock)

    told = rows(
        seeded, "SELECT mime, address FROM outbox WHERE kind = 'warning' AND state = 'pending' ORDER BY id"
    )
    assert [address for _, address in told] == ["phong-kinh-te@duc-pho.example"] * 2
    assert letter_text(told[0][0]) == HELD_LETTER
    assert {item.invariant for item in examine(seeded, clock).findings} == {13, 17}  # held; and nobody sends


def tell(database: Database, clock: FixedClock) -> None:
    with pytest.raises(SweepHeld) as held:
        ask(database, clock)
    tell_of_hold(database, held.value, SENDER, clock.today(), clock.now())


HELD_LETTER = """\
Kính gửi: Phòng Kinh tế thị xã Đức Phổ

Chương trình Mỗi xã một sản phẩm (OCOP), thư về hệ thống nhắc việc, ngày 15/05/2024.

Việc quét thời hạn đang dừng, chờ xác nhận.
Ngày 15/05/2024 đứng sau lần quét gần nhất, ngày 23/04/2024, tới 22 ngày. Có thể đồng hồ của máy chạy sai \
nên hệ thống dừng lại, chưa ghi gì.
Từ nay đến khi được xác nhận, không có thư nhắc việc nào được viết.

Việc cần làm:
- Báo người phụ trách máy chủ xem lại ngày giờ của máy.
- Giờ sai: chỉnh lại; lần quét sau tự chạy.
- Ngày đúng: xác nhận bằng lệnh: ocop sweep --on 2024-05-15 --confirm 2024-05-15

English: The daily check stands still: 2024-05-15 lies 22 days after the last sweep, of 2024-04-23. Check \
the clock, or confirm the day.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""


def test_a_held_first_sweep_is_known_to_health_once_the_scheduler_has_met_it(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 7, 1))
    with pytest.raises(SweepHeld) as held:
        ask(seeded, clock, caution=Caution(first=6))
    with seeded.read() as tx:
        assert health(tx, clock).sweep_held is None
    tell_of_hold(seeded, held.value, SENDER, clock.today(), clock.now())
    with seeded.read() as tx:
        assert health(tx, clock).sweep_held == held.value.hold
    ask(seeded, clock, confirm="2024-07-01", caution=Caution(first=6))
    with seeded.read() as tx:
        assert health(tx, clock).sweep_held is None
