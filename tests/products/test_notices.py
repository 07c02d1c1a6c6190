"""Notices: eight events tell the commune at once, in a letter of their own; no other event mails."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.audit.seals import Seal
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.errors import Conflict
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.outbox import hold, resend
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.products import bulk
from ocop_workflow.products.notices import notices
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit
from ocop_workflow.upkeep.examination import examine
from tests.contents import remember, rewind
from tests.factories import LAN, MINH, SENDER, act, letter_text, rows
from tests.fakes import RecordingMailer
from tests.stories.journeys import load_text, next_plan, revoke, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO = "DP24-002"


def letters(database: Database) -> list[tuple[str, bytes]]:
    """Return (address, bytes) of every letter, oldest first."""
    return [(row[0], bytes(row[1])) for row in rows(database, "SELECT address, mime FROM outbox ORDER BY id")]


def move_in(database: Database, on: date, *emails: str) -> None:
    """Give the commune Phổ An other addresses from a day on."""
    unit = Unit(
        id="pho-an",
        name="Xã Phổ An",
        level=Level.COMMUNE,
        parent="duc-pho",
        office="UBND xã Phổ An",
        emails=emails,
    )
    with database.write() as tx:
        save_units(tx, [unit], on)


def test_exactly_eight_events_are_told(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, "DP24-001", "begin_monitoring")
    step(seeded, clock, "DP24-001", "open_re_rating", date(2024, 12, 3))
    step(seeded, clock, "DP24-001", "conclude", date(2024, 12, 4))
    step(seeded, clock, "DP24-001", "dismiss", date(2024, 12, 4))
    revoke(seeded, clock, "DP24-001", date(2024, 12, 4))
    clock.move_to(date(2024, 4, 23))
    walk_to(seeded, clock, "DP24-003", "register")
    step(seeded, clock, "DP24-003", "decline", date(2024, 5, 2))
    step(seeded, clock, "DP24-003", "resubmit", date(2024, 5, 3))
    step(seeded, clock, "DP24-003", "withdraw", date(2024, 5, 4))
    walk_to(seeded, clock, "DP24-004", "commune_evaluate")
    step(seeded, clock, "DP24-004", "send_back", date(2024, 10, 2))
    step(seeded, clock, "DP24-004", "commune_evaluate", date(2024, 10, 3))
    step(seeded, clock, "DP24-004", "score_district", date(2024, 10, 4), mean="92")
    step(seeded, clock, "DP24-004", "escalate", date(2024, 10, 5))
    step(seeded, clock, "DP24-004", "score_province", date(2024, 10, 6), mean="92")
    step(seeded, clock, "DP24-004", "escalate", date(2024, 10, 7))
    step(seeded, clock, "DP24-004", "score_central", date(2024, 10, 8), mean="20")
    step(seeded, clock, "DP24-004", "reject", date(2024, 10, 9))
    walk_to(seeded, clock, "DP24-005", "certify")
    step(seeded, clock, "DP24-005", "lapse", date(2027, 11, 26))
    happened = {event for (event,) in rows(seeded, "SELECT DISTINCT event FROM transitions")}
    assert len(happened) == 20
    told = rows(
        seeded,
        "SELECT DISTINCT t.event FROM outbox o JOIN transitions t ON t.id = o.transition_id ORDER BY t.event",
    )
    assert [event for (event,) in told] == [
        "certify",
        "decline",
        "escalate",
        "lapse",
        "reject",
        "revoke",
        "select",
        "send_back",
    ]
    assert rows(seeded, "SELECT DISTINCT kind FROM outbox") == [("notice",)]


def test_a_notice_says_what_was_decided_and_why(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "register")
    step(seeded, clock, TWO, "decline", date(2024, 5, 20))
    ((address, mime),) = letters(seeded)
    assert address == "pho-an@duc-pho.example"
    assert letter_text(mime) == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Sản phẩm Khô Bò (DP24-002): không lựa chọn, ngày 20/05/2024.\n"
        "Trạng thái hiện nay: Không được lựa chọn.\n"
        "- Lý do: chưa đủ điều kiện\n"
        "- Việc tiếp theo: có thể nộp lại hồ sơ (thao tác «Nộp lại») khi sản phẩm đã đủ điều kiện\n"
        "\n"
        "English: product DP24-002, decline, 2024-05-20.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )
    message = message_from_bytes(mime, policy=policy.default)
    assert message["Subject"] == "[OCOP] Không lựa chọn: Khô Bò (DP24-002)"


def told(step_words: str, state: str, details: list[str], in_english: str) -> str:
    """Write out a letter about Khô Bò."""
    return (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        f"Sản phẩm Khô Bò (DP24-002): {step_words}.\n"
        f"Trạng thái hiện nay: {state}.\n"
        + "".join(f"- {line}\n" for line in details)
        + f"\nEnglish: product DP24-002, {in_english}.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )


def test_a_certificate_is_told_with_its_star_score_and_validity(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "certify")
    assert letter_text(letters(seeded)[-1][1]) == told(
        "công nhận, ngày 26/11/2024",
        "Đã được công nhận",
        [
            "Hạng: 3 sao",
            "Điểm trung bình: 65",
            "Giấy chứng nhận có giá trị đến: 25/11/2027",
            "Số quyết định: 1234/QĐ-UBND",
            "Ngày quyết định: 25/11/2024",
            "Người ký: Chủ tịch UBND thị xã",
            "Ngày công bố kết quả: 26/11/2024",
        ],
        "certify, 3 stars, valid until 2027-11-25, 2024-11-26",
    )


def test_being_selected_is_told_with_what_is_next(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "select")
    assert letter_text(letters(seeded)[-1][1]) == told(
        "lựa chọn, ngày 20/05/2024",
        "Được lựa chọn",
        ["Việc tiếp theo: Phòng Kinh tế thị xã Đức Phổ bố trí tư vấn, hoàn thiện sản phẩm"],
        "select, 2024-05-20",
    )


def test_whoever_is_sent_back_hears_why(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "commune_evaluate")
    step(seeded, clock, TWO, "send_back", date(2024, 10, 5))
    assert letter_text(letters(seeded)[-1][1]) == told(
        "trả lại để hoàn thiện, ngày 05/10/2024",
        "Đang tư vấn, hoàn thiện",
        [
            "Lý do: thiếu phiếu kiểm nghiệm",
            "Việc tiếp theo: hoàn thiện hồ sơ theo lý do trên, rồi UBND cấp xã đánh giá và báo cáo lại",
        ],
        "send back, 2024-10-05",
    )


@pytest.mark.parametrize(
    ("score", "told_score", "missed"),
    [
        ({"mean": "42.5"}, "42,5 (cấp huyện)", "cần từ 50 điểm để đạt 3 sao"),
        ({"mean": "93", "gates_met": 2}, "93 (cấp huyện)", "chưa đạt các điều kiện tối thiểu của hạng 3 sao"),
        (
            {"mean": "42", "gates_met": 1},
            "42 (cấp huyện)",
            "cần từ 50 điểm để đạt 3 sao; chưa đạt các điều kiện tối thiểu của hạng 3 sao",
        ),
    ],
)
def test_whoever_gets_no_star_hears_the_score_and_what_was_missed(
    seeded: Database, clock: FixedClock, score: dict[str, object], told_score: str, missed: str
) -> None:
    walk_to(seeded, clock, TWO, "commune_evaluate")
    step(seeded, clock, TWO, "score_district", date(2024, 11, 20), **score)
    step(seeded, clock, TWO, "reject", date(2024, 11, 26))
    assert letter_text(letters(seeded)[-1][1]) == told(
        "không xếp hạng, ngày 26/11/2024",
        "Chưa đạt hạng",
        [
            f"Điểm trung bình: {told_score}",
            f"Chưa đạt: {missed}",
            "Việc tiếp theo: có thể nộp lại hồ sơ (thao tác «Nộp lại») khi sản phẩm đã đủ điều kiện",
        ],
        "reject, 2024-11-26",
    )


def test_a_re_rating_that_fails_hears_that_its_certificate_still_runs(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, TWO, "begin_monitoring")
    step(seeded, clock, TWO, "open_re_rating", date(2024, 12, 3))
    step(seeded, clock, TWO, "commune_evaluate", date(2024, 12, 4), report_date="2024-12-04")
    step(seeded, clock, TWO, "score_district", date(2024, 12, 10), session_date="2024-12-10", mean="42")
    step(seeded, clock, TWO, "reject", date(2024, 12, 11))
    said = letter_text(letters(seeded)[-1][1])
    assert "Trạng thái hiện nay: Đang theo dõi sau công nhận.\n" in said
    assert "- Giấy chứng nhận đang có vẫn có giá trị đến: 25/11/2027\n" in said
    assert "Nộp lại" not in said


def test_whoever_is_sent_up_hears_whereto_and_what_is_next(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "commune_evaluate")
    step(seeded, clock, TWO, "score_district", date(2024, 11, 20), mean="92")
    step(seeded, clock, TWO, "escalate", date(2024, 11, 26))
    decision = ["Số quyết định: 1235/QĐ-UBND", "Ngày quyết định: 25/11/2024"]
    assert letter_text(letters(seeded)[-1][1]) == told(
        "chuyển cấp trên, ngày 26/11/2024",
        "Đã chuyển cấp tỉnh",
        [
            "Chuyển đến: UBND tỉnh Quảng Ngãi",
            *decision,
            "Việc tiếp theo: Hội đồng OCOP tỉnh Quảng Ngãi chấm điểm",
        ],
        "escalate, 2024-11-26",
    )
    step(seeded, clock, TWO, "score_province", date(2024, 12, 10), mean="92")
    step(seeded, clock, TWO, "escalate", date(2024, 12, 11))
    assert letter_text(letters(seeded)[-1][1]) == told(
        "chuyển cấp trên, ngày 11/12/2024",
        "Đã chuyển trung ương",
        [
            "Chuyển đến: Bộ Nông nghiệp và Phát triển nông thôn",
            decision[0],
            "Ngày quyết định: 11/12/2024",  # no older than the scores of 10/12 that it rests on
            "Việc tiếp theo: Hội đồng OCOP trung ương (Bộ Nông nghiệp và Phát triển nông thôn) chấm điểm",
        ],
        "escalate, 2024-12-11",
    )


@pytest.mark.parametrize(
    ("event", "on", "words", "state", "more"),
    [
        (
            "revoke",
            date(2025, 3, 3),
            "thu hồi, ngày 03/03/2025",
            "Đã thu hồi",
            [
                "Cơ quan thu hồi: UBND thị xã Đức Phổ",
                "Số quyết định: 88/QĐ-UBND",
                "Ngày quyết định: 03/03/2025",
                "Người ký: Chủ tịch UBND thị xã",
                "Căn cứ: ngừng sản xuất",
                "Kết luận, xác nhận: số 3/KL-PKT ngày 03/03/2025 của Phòng Kinh tế",
                "Nội dung kết luận: chủ thể không còn sản xuất",
            ],
        ),
        (
            "lapse",
            date(2027, 11, 26),
            "ghi nhận hết hạn, ngày 26/11/2027",
            "Hết hạn",
            ["Việc tiếp theo: có thể nộp lại hồ sơ (thao tác «Nộp lại») khi sản phẩm đã đủ điều kiện"],
        ),
    ],
)
def test_a_certificate_that_ends_is_named(
    seeded: Database, clock: FixedClock, event: str, on: date, words: str, state: str, more: list[str]
) -> None:
    walk_to(seeded, clock, TWO, "certify")
    if event == "revoke":
        step(seeded, clock, TWO, "conclude", on)
    step(seeded, clock, TWO, event, on)
    assert letter_text(letters(seeded)[-1][1]) == told(
        words,
        state,
        [
            "Giấy chứng nhận: 3 sao, quyết định số 1234/QĐ-UBND ngày 25/11/2024",
            "Có giá trị đến: 25/11/2027",
            *more,
        ],
        f"{event}, {on}",
    )


def test_a_notice_goes_to_the_addresses_of_the_day_it_is_written(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "register")
    move_in(seeded, date(2024, 5, 15), "mot@pho-an.example", "hai@pho-an.example")
    clock.move_to(date(2024, 5, 20))
    act(seeded, clock, TWO, "select", on=date(2024, 5, 2))
    assert [address for address, _ in letters(seeded)] == ["mot@pho-an.example", "hai@pho-an.example"]
    assert len(set(rows(seeded, "SELECT key, message_id FROM outbox"))) == 2


def test_a_commune_without_an_address_gets_no_letter_and_the_event_happens(
    seeded: Database, clock: FixedClock
) -> None:
    move_in(seeded, date(2024, 4, 23))
    walk_to(seeded, clock, TWO, "select")
    assert letters(seeded) == []
    assert rows(seeded, "SELECT state FROM products WHERE code = :code", code=TWO) == [("selected",)]


def test_a_refused_event_tells_nobody(seeded: Database, clock: FixedClock) -> None:
    with pytest.raises(EventRefused):
        act(seeded, clock, TWO, "select")
    assert letters(seeded) == []


# -- what happens in one go ------------------------------------------------------------------------------


def unsent(database: Database) -> list[str]:
    """Return the words of the notices that wait, oldest first."""
    found = rows(database, "SELECT mime FROM outbox WHERE state = 'pending' AND kind = 'notice' ORDER BY id")
    return [letter_text(mime) for (mime,) in found]


def three_are_selected(database: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 5, 20), hour=9)
    for code in ("DP24-002", "DP24-003", "DP24-004"):
        act(database, clock, code, "register")
        act(database, clock, code, "select")
        clock.wait(timedelta(seconds=20))


def test_steps_for_one_commune_in_one_go_are_one_letter(seeded: Database, clock: FixedClock) -> None:
    three_are_selected(seeded, clock)
    act(seeded, clock, "DP24-005", "register")
    act(seeded, clock, "DP24-005", "decline")
    act(seeded, clock, "DP24-001", "register")
    act(seeded, clock, "DP24-001", "select")  # of another commune

    ours, other = unsent(seeded)

    assert "(DP24-001): lựa chọn" in other
    assert ours == ONE_GO
    ((mime,),) = rows(
        seeded, "SELECT mime FROM outbox WHERE key = 'notice:DP24-005:2:pho-an@duc-pho.example'"
    )
    assert message_from_bytes(mime, policy=policy.default)["Subject"] == (
        "[OCOP] 4 việc: 4 sản phẩm – UBND xã Phổ An, ngày 20/05/2024"
    )
    clock.wait(timedelta(minutes=1))
    mailer = RecordingMailer()
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    assert [to for _, to, _ in mailer.sent].count("pho-an@duc-pho.example") == 1
    assert [item for item in examine(seeded, clock).findings if item.invariant != 13] == []


ONE_GO = """\
Kính gửi: UBND xã Phổ An

Có 4 việc vừa được ghi về sản phẩm của địa phương, ngày 20/05/2024.

1. Sản phẩm Khô Bò (DP24-002): lựa chọn, ngày 20/05/2024.
   Trạng thái hiện nay: Được lựa chọn.
   - Việc tiếp theo: Phòng Kinh tế thị xã Đức Phổ bố trí tư vấn, hoàn thiện sản phẩm
   English: product DP24-002, select, 2024-05-20.

2. Sản phẩm Khô Gà (DP24-003): lựa chọn, ngày 20/05/2024.
   Trạng thái hiện nay: Được lựa chọn.
   - Việc tiếp theo: Phòng Kinh tế thị xã Đức Phổ bố trí tư vấn, hoàn thiện sản phẩm
   English: product DP24-003, select, 2024-05-20.

3. Sản phẩm Cơm rang (DP24-004): lựa chọn, ngày 20/05/2024.
   Trạng thái hiện nay: Được lựa chọn.
   - Việc tiếp theo: Phòng Kinh tế thị xã Đức Phổ bố trí tư vấn, hoàn thiện sản phẩm
   English: product DP24-004, select, 2024-05-20.

4. Sản phẩm Cơm cháy (DP24-005): không lựa chọn, ngày 20/05/2024.
   Trạng thái hiện nay: Không được lựa chọn.
   - Lý do: chưa đủ điều kiện
   - Việc tiếp theo: có thể nộp lại hồ sơ (thao tác «Nộp lại») khi sản phẩm đã đủ điều kiện
   English: product DP24-005, decline, 2024-05-20.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""


def test_what_was_sent_tried_held_or_waits_for_long_is_told_by_itself(
    seeded: Database, clock: FixedClock
) -> None:
    for state in ("state = 'sent'", "attempts = 1", "state = 'held'", "created_at = '2024-05-20 01:50:00'"):
        before = remember(seeded)
        three_are_selected(seeded, clock)
        with seeded.write() as tx:
            tx.execute(text(f"UPDATE outbox SET {state} WHERE state = 'pending'"))
        act(seeded, clock, "DP24-005", "register")
        act(seeded, clock, "DP24-005", "decline")

        assert "Sản phẩm Cơm cháy (DP24-005): không lựa chọn" in unsent(seeded)[-1]
        assert "DP24-002" not in unsent(seeded)[-1]
        rewind(seeded, before)


def test_one_letter_tells_of_fifty_steps_at_most(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "AT_MOST", 2)
    three_are_selected(seeded, clock)
    assert [letter.count("lựa chọn, ngày") for letter in unsent(seeded)] == [2, 1]


def test_an_undone_step_leaves_the_letter_that_waits_and_the_rest_is_told(
    seeded: Database, clock: FixedClock
) -> None:
    three_are_selected(seeded, clock)

    assert undo_last(seeded, clock, "DP24-003") == (1, 0)

    (letter,) = unsent(seeded)
    assert ["DP24-002" in letter, "DP24-003" in letter, "DP24-004" in letter] == [True, False, True]
    assert undo_last(seeded, clock, "DP24-002") == (1, 0)
    (letter,) = unsent(seeded)
    assert letter.splitlines()[2] == "Sản phẩm Cơm rang (DP24-004): lựa chọn, ngày 20/05/2024."
    assert undo_last(seeded, clock, "DP24-004") == (1, 0)
    assert unsent(seeded) == []
    assert [item for item in examine(seeded, clock).findings if item.invariant != 13] == []


def test_a_step_undone_after_the_letter_left_is_corrected_alone(seeded: Database, clock: FixedClock) -> None:
    three_are_selected(seeded, clock)
    clock.wait(timedelta(minutes=1))
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)

    assert undo_last(seeded, clock, "DP24-003") == (0, 1)

    assert unsent(seeded) == []
    ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE kind = 'notice' AND state = 'sent'")
    with seeded.write() as tx, pytest.raises(Conflict):
        resend(tx, LAN, number, SENDER, clock.now())


def test_a_letter_whose_sender_died_is_not_sent_again_once_a_step_of_it_was_undone(
    seeded: Database, clock: FixedClock
) -> None:
    three_are_selected(seeded, clock)
    clock.wait(timedelta(minutes=1))
    with seeded.write() as tx:
        claim_next(tx, clock.now(), LEASE)

    assert undo_last(seeded, clock, "DP24-003") == (0, 1)
    clock.wait(2 * LEASE)
    mailer = RecordingMailer()
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)

    told = [letter_text(message) for _, _, message in mailer.sent]
    assert len(told) == 2  # the correction, and what still holds
    assert any("DP24-002" in words and "DP24-004" in words and "DP24-003" not in words for words in told)


def test_a_held_letter_stays_held_without_the_step_that_was_undone(
    seeded: Database, clock: FixedClock
) -> None:
    three_are_selected(seeded, clock)
    ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE state = 'pending'")
    with seeded.write() as tx:
        hold(tx, LAN, number, clock.now())

    undo_last(seeded, clock, "DP24-003")

    ((mime,),) = rows(seeded, "SELECT mime FROM outbox WHERE state = 'held'")
    assert "DP24-003" not in letter_text(mime)
    assert unsent(seeded) == []


def test_a_copy_of_one_letter_tells_of_the_same_steps(seeded: Database, clock: FixedClock) -> None:
    three_are_selected(seeded, clock)
    clock.wait(timedelta(minutes=1))
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE state = 'sent'")
    with seeded.write() as tx:
        resend(tx, LAN, number, SENDER, clock.now())

    assert undo_last(seeded, clock, "DP24-003") == (1, 1)

    (letter,) = unsent(seeded)
    assert "DP24-003" not in letter
    assert [item for item in examine(seeded, clock).findings if item.invariant != 13] == []


def test_one_order_for_many_products_is_one_letter_a_commune(seeded: Database, clock: FixedClock) -> None:
    codes = [f"DP24-{number:03}" for number in range(1, 15)]
    for code in codes:
        act(seeded, clock, code, "register")
    order = bulk.BulkOrder(codes, "select", MINH, {})
    with seeded.write() as tx:
        seal = Seal((b"a key",), clock.now())
        token = bulk.preview(tx, order, clock.today(), seal).token
        bulk.carry_out(tx, order, token, seal=seal, sender=SENDER, today=clock.today())

    assert len(unsent(seeded)) == 7
    assert rows(seeded, "SELECT COUNT(*) FROM outbox WHERE kind = 'notice'") == [(7,)]
    assert rows(seeded, "SELECT COUNT(*) FROM notice_steps") == [(14,)]


def undo_last(database: Database, clock: FixedClock, code: str) -> tuple[int, int]:
    """Take a product's last step back. Returns how many letters were cancelled and corrected."""
    with database.write() as tx:
        order = UndoOrder(code, MINH, "nhập nhầm")
        done = undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    return done.cancelled, done.corrections
