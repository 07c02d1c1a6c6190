"""A digest of thousands of products: short enough for every mailbox, and everything in it counts as told."""

from __future__ import annotations

import time
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.overview.explain import explain_product
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, letter_text, rows
from tests.stories.crowds import multiply
from tests.stories.days import DAY, letters, run

if TYPE_CHECKING:
    from email.message import EmailMessage

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

WARD = "pho-an@duc-pho.example"


def page_of(mime: bytes) -> str:
    message: EmailMessage = message_from_bytes(mime, policy=policy.default)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.ordeal
def test_3500_products_late_are_one_short_letter_for_each_desk(seeded: Database, clock: FixedClock) -> None:
    multiply(seeded, 3486)
    clock.move_to(DAY("2024-05-02"))
    began = time.process_time()
    sweep(seeded, clock, SENDER)
    assert time.process_time() - began < 10
    (ward,) = letters(seeded, WARD)
    assert len(page_of(ward).encode()) < 100_000
    assert len(ward) < 250_000  # text and page, as base64
    text = letter_text(ward)
    assert "Sản phẩm (3.491):" in text
    assert (
        "   và 3.391 sản phẩm khác, xem tại "
        "https://ocop.duc-pho.example/products?plan=duc-pho-2024&unit=pho-an\n" in text
    )


def test_what_is_only_counted_was_told_all_the_same(seeded: Database, clock: FixedClock) -> None:
    multiply(seeded, 986)
    run(seeded, clock, "2024-05-02")
    told = (
        "SELECT count(*) FROM reminders JOIN desks ON desks.id = desk_id JOIN units ON units.id = unit_id "
        "WHERE digest_id IS NOT NULL AND status = 'due' AND slug = 'pho-an'"
    )
    assert rows(seeded, told) == [(991,)]
    unnamed = "DP24-X900"
    (sent,) = letters(seeded, WARD, "sent")
    assert unnamed not in letter_text(sent)
    with seeded.read() as tx:
        explained = explain_product(tx, unnamed, clock.today())
    said = [to for deadline in explained for stage in deadline.stages for to in stage.said_to]
    assert {(to.unit, to.letter_day, to.letters) for to in said if to.status == "said"} == {
        ("Xã Phổ An", clock.today(), ("sent",)),
        ("Thị xã Đức Phổ", clock.today(), ("sent",)),
    }
