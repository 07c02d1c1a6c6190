"""Notices: eight events tell the commune at once, in a letter of their own; no other event mails."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit
from ocop_workflow.services.plans import save_units
from ocop_workflow.services.products import EventRefused
from tests.factories import act, letter_text, rows
from tests.services.journeys import load_text, next_plan, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.storage import Database
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
    step(seeded, clock, "DP24-001", "revoke", date(2024, 12, 4))
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
    assert len(happened) == 18
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
    assert rows(seeded, "SELECT DISTINCT kind, state FROM outbox") == [("notice", "pending")]


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
        "\n"
        "English: product DP24-002, decline, 2024-05-20.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )
    message = message_from_bytes(mime, policy=policy.default)
    assert message["Subject"] == "[OCOP] Không lựa chọn: Khô Bò (DP24-002)"


def test_a_certificate_is_told_with_its_decision_and_without_the_score(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "certify")
    said = letter_text(letters(seeded)[-1][1])
    assert said == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Sản phẩm Khô Bò (DP24-002): công nhận, ngày 26/11/2024.\n"
        "Trạng thái hiện nay: Đã được công nhận.\n"
        "- Số quyết định: 1234/QĐ-UBND\n"
        "- Ngày quyết định: 25/11/2024\n"
        "\n"
        "English: product DP24-002, certify, 2024-11-26.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )


def test_a_revocation_names_its_ground_and_conclusion(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "certify")
    step(seeded, clock, TWO, "revoke", date(2025, 3, 3))
    said = letter_text(letters(seeded)[-1][1])
    assert "- Căn cứ: ngừng sản xuất\n- Kết luận: biên bản kiểm tra số 3\n" in said


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
