"""Rules of the outbox: keys that never repeat, Message-IDs that never change, and when to try again."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.notifications.mailer import BUDGET
from ocop_workflow.notifications.outbox import (
    MARGIN,
    Breaker,
    GiveUp,
    Letter,
    LetterKind,
    RetryAt,
    RetryPolicy,
    Tried,
    again_key,
    digest_key,
    first_key,
    message_id,
    notice_key,
)
from ocop_workflow.store.database import LOCK_WAIT_MS

WRITTEN = datetime(2024, 4, 23, tzinfo=UTC)
POLICY = RetryPolicy(chance=lambda: 1.0)  # the longest wait that could be drawn
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, 1 * MINUTE),
        (2, 2 * MINUTE),
        (3, 4 * MINUTE),
        (4, 8 * MINUTE),
        (9, 256 * MINUTE),
        (10, 6 * HOUR),  # 512 minutes would be longer
        (11, 6 * HOUR),
        (5000, 6 * HOUR),
        (0, 1 * MINUTE),
    ],
)
def test_waits_double_up_to_six_hours(attempts: int, wait: timedelta) -> None:
    assert POLICY.after(Tried(attempts, WRITTEN), WRITTEN) == RetryAt(WRITTEN + wait)


@pytest.mark.parametrize(
    ("tried", "age", "verdict"),
    [
        (Tried(1, WRITTEN, alone=True), 14 * DAY - MINUTE, RetryAt(WRITTEN + 14 * DAY)),
        (Tried(1, WRITTEN, alone=True), 14 * DAY, GiveUp("expired")),
        (Tried(1, WRITTEN), 140 * DAY, RetryAt(WRITTEN + 140 * DAY + MINUTE)),  # nothing else leaves either
        (Tried(1, WRITTEN, ambiguous=3), DAY, RetryAt(WRITTEN + DAY + MINUTE)),
        (Tried(1, WRITTEN, ambiguous=4), DAY, GiveUp("uncertain")),
        (Tried(1, WRITTEN, ambiguous=4), 14 * DAY, GiveUp("uncertain")),
        (Tried(1, WRITTEN, refusals=2, alone=True), 2 * DAY, RetryAt(WRITTEN + 2 * DAY + MINUTE)),
        (Tried(1, WRITTEN, refusals=3, alone=True), DAY - MINUTE, RetryAt(WRITTEN + DAY)),
        (Tried(1, WRITTEN, refusals=3, alone=True), DAY, GiveUp("refused")),
    ],
)
def test_a_letter_is_given_up_for_what_it_alone_has_met_or_a_fourth_uncertain_end(
    tried: Tried, age: timedelta, verdict: RetryAt | GiveUp
) -> None:
    assert POLICY.after(tried, WRITTEN + age) == verdict


def test_a_policy_is_a_value() -> None:
    hasty = RetryPolicy(
        first=MINUTE / 2, longest=MINUTE, horizon=HOUR, doubt=MINUTE, refusals=1, ambiguous_limit=0,
        chance=lambda: 1.0,
    )  # fmt: skip

    assert hasty.after(Tried(1, WRITTEN), WRITTEN) == RetryAt(WRITTEN + MINUTE / 2)
    assert hasty.after(Tried(9, WRITTEN), WRITTEN) == RetryAt(WRITTEN + MINUTE)
    assert hasty.after(Tried(1, WRITTEN, alone=True), WRITTEN + HOUR) == GiveUp("expired")
    assert hasty.after(Tried(1, WRITTEN, refusals=1), WRITTEN + MINUTE) == GiveUp("refused")
    assert hasty.after(Tried(1, WRITTEN, ambiguous=1), WRITTEN) == GiveUp("uncertain")


def test_a_wait_is_drawn_anew_between_ten_seconds_and_the_longest() -> None:
    third, fifth = Tried(3, WRITTEN), Tried(5, WRITTEN)
    assert RetryPolicy(chance=lambda: 0.5).after(third, WRITTEN) == RetryAt(WRITTEN + 2 * MINUTE)
    assert RetryPolicy(chance=lambda: 0.0).after(third, WRITTEN) == RetryAt(WRITTEN + MINUTE / 6)
    waits = {RetryPolicy().after(fifth, WRITTEN) for _ in range(20)}
    assert len(waits) > 1


def test_a_breaker_opens_after_three_faults_in_a_row_for_five_minutes() -> None:
    breaker = Breaker()
    assert [breaker.open_until(faults, WRITTEN) for faults in (0, 1, 2, 3, 4)] == [
        None, None, None, WRITTEN + 5 * MINUTE, WRITTEN + 5 * MINUTE,
    ]  # fmt: skip
    assert [breaker.is_probing(faults) for faults in (0, 2, 3, 9)] == [False, False, True, True]


def test_a_letter_sent_again_has_a_key_of_its_own() -> None:
    assert again_key("digest:pho-an", 2) == "digest:pho-an#2"
    assert again_key("digest:pho-an#2", 3) == "digest:pho-an#3"


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("digest:pho-an#2", "digest:pho-an"),
        ("digest:pho-an#12", "digest:pho-an"),
        ("digest:pho-an", "digest:pho-an"),
        ("digest:pho-an#1", "digest:pho-an#1"),
        ("digest:pho-an#x", "digest:pho-an#x"),
    ],
)
def test_a_copys_key_tells_its_letters(key: str, first: str) -> None:
    assert first_key(key) == first


@given(
    st.integers(0, 10**6),
    st.integers(0, 10),
    st.integers(0, 10),
    st.booleans(),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.floats(0, 1),
)
def test_a_letter_is_given_up_or_tried_later_and_within_six_hours(
    attempts: int, ambiguous: int, refusals: int, alone: bool, age: timedelta, chance: float
) -> None:
    now = WRITTEN + age

    verdict = RetryPolicy(chance=lambda: chance).after(
        Tried(attempts, WRITTEN, ambiguous, refusals, alone), now
    )

    if isinstance(verdict, GiveUp):
        assert ambiguous > 3 or (alone and age >= 14 * DAY) or (refusals >= 3 and age >= DAY)
    else:
        assert now < verdict.when <= now + 6 * HOUR


def test_a_lease_that_a_slow_sender_could_outlast_is_refused() -> None:
    shortest = BUDGET + MARGIN
    assert timedelta(milliseconds=LOCK_WAIT_MS) + MINUTE <= MARGIN
    RetryPolicy(lease=shortest)
    with pytest.raises(ValueError, match="a lease of 0:03:04 is shorter than sending may take"):
        RetryPolicy(lease=shortest - timedelta(seconds=1))


def test_a_digests_key_is_unit_address_and_day() -> None:
    assert digest_key("pho-an", "pho-an@duc-pho.example", date(2024, 4, 23), 1) == (
        "digest:pho-an:pho-an@duc-pho.example:2024-04-23:1"
    )


def test_a_notices_key_is_product_step_and_address() -> None:
    assert notice_key("DP24-001", 3, "pho-an@duc-pho.example") == "notice:DP24-001:3:pho-an@duc-pho.example"


def test_a_message_id_comes_from_the_key_and_the_senders_domain() -> None:
    wanted = hashlib.sha256(b"digest:pho-an").hexdigest()[:32]

    assert message_id("digest:pho-an", "ocop@duc-pho.example") == f"<{wanted}@duc-pho.example>"
    assert message_id("digest:pho-an", "ocop@duc-pho.example") != message_id("x", "ocop@duc-pho.example")


def test_a_letters_checksum_is_sha256_of_its_bytes() -> None:
    letter = Letter("k", LetterKind.NOTICE, 1, "a@b.example", "s", "<m@b.example>", b"bytes\r\n")

    assert letter.sha256 == hashlib.sha256(b"bytes\r\n").hexdigest()
