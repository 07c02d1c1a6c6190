"""From when the 45 days of a renewal run: provisionally from its receipt, then from when it was complete."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.changes.test_new_law import day_comes, is_sound
from tests.factories import MINH, SEED, SENDER, letter_text
from tests.stories.days import letters
from tests.stories.journeys import open_deadlines, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-002"
FILED, REPORTED, COMPLETE = date(2027, 6, 1), date(2027, 6, 15), date(2027, 6, 18)
PROVISIONAL = {"re_rating_decision_until_complete:qd-26-2026": date(2027, 7, 16)}
CERTAIN = {"re_rating_decision:qd-26-2026": date(2027, 8, 2)}


@pytest.fixture
def filed(seeded: Database, clock: FixedClock) -> Database:
    """A renewal that its commune has reported on."""
    walk_to(seeded, clock, ONE, "begin_monitoring")
    day_comes(seeded, clock, date(2026, 5, 22))
    step(seeded, clock, ONE, "open_re_rating", FILED, plan=SEED, received_on=FILED.isoformat())
    step(seeded, clock, ONE, "commune_evaluate", REPORTED)
    return seeded


def decided_by(database: Database) -> dict[str, date]:
    return {rule: due for rule, due in open_deadlines(database, ONE).items() if rule.startswith("re_rating")}


def test_until_somebody_says_so_they_run_from_its_receipt(filed: Database, clock: FixedClock) -> None:
    assert decided_by(filed) == PROVISIONAL
    step(filed, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on=COMPLETE.isoformat())
    assert decided_by(filed) == CERTAIN
    assert is_sound(filed, clock)


def test_letters_say_which_it_is(filed: Database, clock: FixedClock) -> None:
    day_comes(filed, clock, date(2027, 7, 2))  # a fortnight ahead
    (told, *_) = [letter_text(one) for one in letters(filed, "phong-kinh-te@duc-pho.example")][-1:]
    assert (
        "Kết quả đánh giá lại (tạm tính từ ngày nhận hồ sơ, chưa ghi ngày hồ sơ đủ) – hạn 16/07/2027" in told
    )
    step(filed, clock, ONE, "confirm_complete", date(2027, 7, 5), complete_on=COMPLETE.isoformat())
    day_comes(filed, clock, date(2027, 7, 19))
    (told, *_) = [letter_text(one) for one in letters(filed, "phong-kinh-te@duc-pho.example")][-1:]
    assert "Kết quả đánh giá lại – hạn 02/08/2027, còn 14 ngày" in told
    assert is_sound(filed, clock)


def test_taken_back_they_run_from_its_receipt_again(filed: Database, clock: FixedClock) -> None:
    step(filed, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on=COMPLETE.isoformat())
    with filed.write() as tx:
        undo(tx, UndoOrder(ONE, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert decided_by(filed) == PROVISIONAL
    assert is_sound(filed, clock)


def test_it_was_not_complete_before_it_was_received_and_is_so_once(
    filed: Database, clock: FixedClock
) -> None:
    with pytest.raises(InvalidInput) as refused:
        step(filed, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on="2027-05-31")
    (fault,) = refused.value.faults
    assert "ngày hồ sơ đủ 31/05/2027" in fault.text.vi
    step(filed, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on=COMPLETE.isoformat())
    with pytest.raises(EventRefused):
        step(filed, clock, ONE, "confirm_complete", date(2027, 6, 22), complete_on="2027-06-22")


def test_the_next_dossier_begins_anew(filed: Database, clock: FixedClock) -> None:
    step(filed, clock, ONE, "confirm_complete", date(2027, 6, 21), complete_on=COMPLETE.isoformat())
    step(filed, clock, ONE, "withdraw", date(2027, 6, 28), reason="làm lại hồ sơ")
    step(filed, clock, ONE, "open_re_rating", date(2027, 7, 1), plan=SEED, received_on="2027-07-01")
    assert decided_by(filed) == {"re_rating_decision_until_complete:qd-26-2026": date(2027, 8, 15)}
    assert is_sound(filed, clock)
