"""A new law comes in force while dossiers are open: they go on under it, without losing a step."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.letters.outbox import list_letters, show_letter
from ocop_workflow.overview.products import product_in_full
from ocop_workflow.products.papers.keeping import list_papers
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from ocop_workflow.upkeep.examination.proof import prove
from tests.factories import LAN, SENDER, act, letter_text, rows
from tests.fakes import VIETNAM
from tests.stories.journeys import certificates, everything, open_deadlines, state_of, step

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE, TWO, THREE = "DP24-001", "DP24-002", "DP24-003"
OLD, BETWEEN, LATEST = "qd-148-2023", "qd-1489-2025", "qd-26-2026"


def report(database: Database, clock: FixedClock, code: str, day: date, **data: object) -> None:
    """Let a commune report on a dossier on that day."""
    step(database, clock, code, "register", date(2025, 5, 5), **data)
    step(database, clock, code, "select", date(2025, 5, 20))
    step(database, clock, code, "start_consulting", date(2025, 6, 10))
    step(database, clock, code, "commune_evaluate", day)


def day_comes(database: Database, clock: FixedClock, day: date) -> None:
    clock.move_to(day)
    assert sweep(database, clock, SENDER).faults == ()


def history(database: Database, code: str) -> list[tuple[object, ...]]:
    return rows(
        database,
        "SELECT t.event, t.source, t.target, t.actor, CAST(t.on_day AS TEXT), t.regulation, t.note "
        "FROM transitions t JOIN products p ON p.id = t.product_id WHERE p.code = :code ORDER BY t.seq",
        code=code,
    )


def regulation_of(database: Database, clock: FixedClock, code: str) -> str | None:
    with database.read() as tx:
        return product_in_full(tx, code, clock.today()).dossiers[-1].regulation


def is_sound(database: Database, clock: FixedClock) -> bool:
    """Tell whether doctor and proof find nothing."""
    found = [item for item in examine(database, clock).findings if item.severity is Severity.VIOLATED]
    with database.read() as tx:
        return found == [] and prove(tx, VIETNAM).unbalanced == []


def test_a_dossier_that_a_commune_reported_on_goes_to_the_province(
    seeded: Database, clock: FixedClock
) -> None:
    """The case `regime-changes-under-a-dossier`: reported on 20/6/2025, swept on 10/7."""
    report(seeded, clock, ONE, date(2025, 6, 20))
    assert regulation_of(seeded, clock, ONE) == OLD

    day_comes(seeded, clock, date(2025, 7, 10))
    assert regulation_of(seeded, clock, ONE) == BETWEEN
    assert history(seeded, ONE)[-1] == (
        "change_regulation",
        "commune_evaluated",
        "commune_evaluated",
        "scheduler",
        "2025-07-10",
        BETWEEN,
        "QĐ 1489/QĐ-TTg có hiệu lực từ 06/7/2025; không rõ điều khoản chuyển tiếp",
    )
    step(seeded, clock, ONE, "score_province", date(2025, 9, 1), mean="65")
    step(seeded, clock, ONE, "certify", date(2025, 9, 20))
    assert certificates(seeded, ONE) == [(3, "1234/QĐ-UBND", "2028-09-20", None, None)]
    assert is_sound(seeded, clock)


def test_between_the_districts_end_and_the_new_law_its_steps_are_refused(
    seeded: Database, clock: FixedClock
) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    with pytest.raises(EventRefused) as refused:
        step(seeded, clock, ONE, "score_district", date(2025, 7, 1))
    assert (
        "cấp huyện còn tồn tại: từ 01/7/2025 không còn cấp huyện, và chưa có quy định nào thay; từ 06/7/2025 "
        "hồ sơ chuyển sang quy định mới (change_regulation)"
    ) in refused.value.text.vi
    # what it did while it stood is recorded afterwards
    given = {"session_date": "2025-06-27", "mean": "65"}
    act(seeded, clock, ONE, "score_district", given, on=date(2025, 6, 30))
    assert state_of(seeded, ONE) == "district_scored"


def test_what_a_district_scored_is_kept_as_a_paper_and_counts_no_more(
    seeded: Database, clock: FixedClock
) -> None:
    report(seeded, clock, ONE, date(2025, 6, 12))
    step(seeded, clock, ONE, "score_district", date(2025, 6, 20), mean="82.5")
    step(seeded, clock, ONE, "escalate", date(2025, 6, 27), sent_on="2025-06-27", samples=5)
    day_comes(seeded, clock, date(2025, 7, 6))

    assert state_of(seeded, ONE) == "commune_evaluated"
    with seeded.read() as tx:
        shown = product_in_full(tx, ONE, clock.today())
        (paper,) = list_papers(tx, ONE, LAN, today=clock.today()).other
    assert shown.score is None
    assert (paper.name, paper.number, paper.issuer, paper.issued_on) == (
        "Kết quả chấm điểm cấp huyện theo 148/QĐ-TTg: 82,5 điểm; đã gửi 5 sản phẩm mẫu",
        "1235/QĐ-UBND",
        "UBND thị xã Đức Phổ",
        date(2025, 6, 27),
    )
    step(seeded, clock, ONE, "score_province", date(2025, 9, 1), mean="71")
    step(seeded, clock, ONE, "certify", date(2025, 9, 20))
    assert [row[:1] for row in certificates(seeded, ONE)] == [(4,)]
    assert is_sound(seeded, clock)


def test_the_commune_is_told_by_letter(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 12))
    step(seeded, clock, ONE, "score_district", date(2025, 6, 20), mean="82.5")
    day_comes(seeded, clock, date(2025, 7, 7))
    with seeded.read() as tx:
        found = [row.id for row in list_letters(tx, None, 100) if row.kind == "notice"]
        words = letter_text(show_letter(tx, max(found)).mime)
    assert words == TOLD


TOLD = """\
Kính gửi: UBND xã Phổ Phong

Sản phẩm Du lịch dịch vụ cộng đồng ở nông thôn (DP24-001): chuyển sang quy định mới, ngày 07/07/2025.
Trạng thái hiện nay: Cấp xã đã đánh giá.
- Từ nay theo: QĐ 1489/QĐ-TTg
- Căn cứ: QĐ 1489/QĐ-TTg có hiệu lực từ 06/7/2025; không rõ điều khoản chuyển tiếp (hệ thống hiểu như vậy)
- Điểm đã chấm: 82,5 (cấp huyện), lưu trong hồ sơ
- Việc tiếp theo: Hội đồng OCOP tỉnh Quảng Ngãi chấm điểm

English: product DP24-001, change regulation, 2025-07-07.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""


def test_a_sweep_twice_carries_nothing_over_twice(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    day_comes(seeded, clock, date(2025, 7, 7))
    once = history(seeded, ONE)
    day_comes(seeded, clock, date(2025, 7, 7))
    day_comes(seeded, clock, date(2025, 7, 8))
    assert history(seeded, ONE) == once


def test_one_that_two_laws_left_behind_takes_two_steps(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    day_comes(seeded, clock, date(2026, 7, 22))
    assert [(row[0], row[5]) for row in history(seeded, ONE)][-2:] == [
        ("change_regulation", BETWEEN),
        ("change_regulation", LATEST),
    ]
    assert is_sound(seeded, clock)


@pytest.mark.parametrize(("day", "regulation"), [(date(2026, 7, 21), BETWEEN), (date(2026, 7, 22), LATEST)])
def test_the_last_day_of_the_term_is_still_the_old_laws(
    seeded: Database, clock: FixedClock, day: date, regulation: str
) -> None:
    report(seeded, clock, ONE, date(2026, 5, 20))
    day_comes(seeded, clock, day)
    assert regulation_of(seeded, clock, ONE) == regulation


def test_an_authority_may_take_the_step_earlier(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2026, 5, 20))
    with pytest.raises(EventRefused):
        step(seeded, clock, ONE, "change_regulation", date(2026, 5, 21))
    step(seeded, clock, ONE, "change_regulation", date(2026, 5, 22))
    assert regulation_of(seeded, clock, ONE) == LATEST
    with pytest.raises(EventRefused):  # no other has come
        step(seeded, clock, ONE, "change_regulation", date(2026, 5, 23))


def test_of_a_step_whose_time_has_not_come_nobody_speaks(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    with seeded.read() as tx:
        shown = product_in_full(tx, ONE, clock.today())
    assert "change_regulation" not in {*shown.allowed, *shown.missing}
    clock.move_to(date(2025, 7, 6))
    with seeded.read() as tx:
        assert "change_regulation" in product_in_full(tx, ONE, clock.today()).allowed


def test_what_was_not_received_needs_no_step_and_what_was_decided_stays(
    seeded: Database, clock: FixedClock
) -> None:
    step(seeded, clock, TWO, "register", date(2025, 5, 5))
    report(seeded, clock, THREE, date(2025, 6, 12))
    step(seeded, clock, THREE, "score_district", date(2025, 6, 20), mean="65")
    step(seeded, clock, THREE, "certify", date(2025, 6, 27))
    before = history(seeded, TWO), history(seeded, THREE)
    day_comes(seeded, clock, date(2026, 8, 3))
    assert (history(seeded, TWO), history(seeded, THREE)) == before
    assert regulation_of(seeded, clock, TWO) is None
    assert regulation_of(seeded, clock, THREE) == OLD
    # the next step of one that was not received goes by the law of its day
    step(seeded, clock, TWO, "select", date(2026, 8, 4))
    assert history(seeded, TWO)[-1][5] == LATEST
    assert is_sound(seeded, clock)


def test_undoing_brings_state_score_and_law_back_until_the_next_sweep(
    seeded: Database, clock: FixedClock
) -> None:
    report(seeded, clock, ONE, date(2025, 6, 12))
    step(seeded, clock, ONE, "score_district", date(2025, 6, 20), mean="82.5")
    day_comes(seeded, clock, date(2025, 7, 7))
    with seeded.write() as tx:
        undo(tx, UndoOrder(ONE, LAN, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert state_of(seeded, ONE) == "district_scored"
    assert regulation_of(seeded, clock, ONE) == OLD
    with seeded.read() as tx:
        assert list_papers(tx, ONE, LAN, today=clock.today()).other == ()
        assert product_in_full(tx, ONE, clock.today()).score is not None
    assert is_sound(seeded, clock)
    day_comes(seeded, clock, date(2025, 7, 8))
    assert state_of(seeded, ONE) == "commune_evaluated"
    assert is_sound(seeded, clock)


def test_the_plans_dates_go_on(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    before = open_deadlines(seeded, ONE)
    day_comes(seeded, clock, date(2025, 7, 7))
    assert open_deadlines(seeded, ONE) == before


def test_a_rehearsal_writes_nothing(seeded: Database, clock: FixedClock) -> None:
    report(seeded, clock, ONE, date(2025, 6, 20))
    clock.move_to(date(2025, 7, 7))
    before = everything(seeded)
    sweep(seeded, clock, SENDER, rehearsal=True)
    assert everything(seeded) == before
