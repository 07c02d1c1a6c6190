"""Why this date: the clause, its words, the reading, each stage's day, and what was said to whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import NotFound
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.overview.explanation_views import ExplanationView, SaidToView, StageView, Unsaid
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"
PHO_PHONG, DUC_PHO = "Xã Phổ Phong", "Thị xã Đức Phổ"


def explained(database: Database, on: date, code: str = ONE) -> list[ExplanationView]:
    with database.read() as tx:
        return explain_product(tx, code, on)


def line(label: str, plain: date, day: date, *said: SaidToView, off: str = "") -> StageView:
    return StageView(label, plain, off, day, said, provisional=False, unsaid=None if said else Unsaid.NOT_YET)


def withheld(unit: str) -> SaidToView:
    return SaidToView(unit, "withheld", "before_opened", None, ())


def said(unit: str, on: date) -> SaidToView:
    return SaidToView(unit, "said", None, on, ("pending",))


def test_a_milestone_is_explained_from_its_words_to_its_stages(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    (found,) = explained(seeded, clock.today())
    assert (found.rule, found.name, found.basis, found.as_written) == (
        "registration",
        "Đăng ký ý tưởng sản phẩm",
        "mục III.1.b, Kế hoạch OCOP năm 2024",
        "Thời gian thực hiện: Tháng 3 – 4 năm 2024.",
    )
    assert (found.when, found.reckoning, found.reading) == (
        'months = ["2024-03", "2024-04"]',
        "hết tháng 4/2024",
        "",
    )
    assert (found.due_on, found.opened_on, found.closed_on, found.days_late) == (
        date(2024, 4, 30),
        date(2024, 4, 23),
        None,
        0,
    )
    assert found.stages == (
        line("D-30", date(2024, 3, 31), date(2024, 3, 29), withheld(PHO_PHONG), off="Chủ nhật"),
        line("D-14", date(2024, 4, 16), date(2024, 4, 16), withheld(PHO_PHONG)),
        line("D-7", date(2024, 4, 23), date(2024, 4, 23), said(PHO_PHONG, date(2024, 4, 23))),
        line("D-3", date(2024, 4, 27), date(2024, 4, 26), off="thứ Bảy"),
    )


def test_lateness_its_flag_and_its_nags_are_told(seeded: Database, clock: FixedClock) -> None:
    for day in (date(2024, 4, 23), date(2024, 4, 26), date(2024, 5, 2)):
        clock.move_to(day)
        with seeded.write() as tx:
            tx.execute(text("UPDATE outbox SET state = 'sent'"))
        sweep(seeded, clock, SENDER)
    (found,) = explained(seeded, date(2024, 5, 2))
    assert (found.days_late, found.raised_on, found.cleared_on) == (2, date(2024, 5, 1), None)
    assert found.stages[3:] == (
        line(
            "D-3",
            date(2024, 4, 27),
            date(2024, 4, 26),
            SaidToView(PHO_PHONG, "superseded", None, None, ()),
            off="thứ Bảy",
        ),
        line(
            "D-1",
            date(2024, 4, 29),
            date(2024, 4, 26),
            SaidToView(PHO_PHONG, "said", None, date(2024, 4, 26), ("sent",)),
            off="Nghỉ hoán đổi dịp 30/4 và 1/5",
        ),
        line(
            "D+1",
            date(2024, 5, 1),
            date(2024, 5, 2),
            said(DUC_PHO, date(2024, 5, 2)),
            said(PHO_PHONG, date(2024, 5, 2)),
            off="Ngày Quốc tế lao động",
        ),
        line("D+7", date(2024, 5, 7), date(2024, 5, 7)),
    )


def test_what_came_later_is_not_known_on_an_earlier_day(seeded: Database, clock: FixedClock) -> None:
    for day in (date(2024, 4, 23), date(2024, 5, 2)):
        clock.move_to(day)
        sweep(seeded, clock, SENDER)
    step(seeded, clock, ONE, "register", date(2024, 5, 10))
    (as_it_was,) = explained(seeded, date(2024, 4, 30))
    assert (as_it_was.closed_on, as_it_was.closed_because, as_it_was.raised_on, as_it_was.days_late) == (
        None,
        None,
        None,
        0,
    )
    late, following = explained(seeded, date(2024, 5, 10))
    assert (late.closed_on, late.closed_because, late.days_late, late.raised_on, late.cleared_on) == (
        date(2024, 5, 10),
        "reached",
        10,
        date(2024, 5, 1),
        date(2024, 5, 10),
    )
    assert (following.rule, following.opened_on) == ("selection", date(2024, 5, 10))


def unsaid(found: ExplanationView) -> list[tuple[str, Unsaid | None]]:
    return [(stage.label, stage.unsaid) for stage in found.stages]


def test_a_deadline_that_closed_before_a_stage_was_said_says_so(
    database: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2026, 4, 24))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    as_imported = explained(database, date(2026, 4, 24), "VD26-001")[0]
    assert {reason for _, reason in unsaid(as_imported)} == {Unsaid.BEFORE_OPENED, Unsaid.NOT_YET}
    assert as_imported.stages[-1].unsaid is Unsaid.NOT_YET
    assert as_imported.stages[-1].day > date(2026, 4, 24)
    step(database, clock, "VD26-001", "register", date(2026, 4, 24))
    for day in (date(2026, 4, 24), date(2026, 5, 20)):
        clock.move_to(day)
        closed = explained(database, day, "VD26-001")[0]
        assert closed.closed_on == date(2026, 4, 24)
        assert {reason for _, reason in unsaid(closed)} == {Unsaid.CLOSED_BEFORE}
        sweep(database, clock, SENDER)


def test_what_the_closing_left_unsaid_is_not_called_superseded(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    step(seeded, clock, ONE, "register", date(2024, 5, 10))
    closed = explained(seeded, date(2024, 5, 10))[0]
    assert [(stage.label, {said.status for said in stage.said_to}) for stage in closed.stages] == [
        ("D-30", {"withheld"}),
        ("D-14", {"withheld"}),
        ("D-7", {"said"}),
        ("D-3", {"closed_before"}),
        ("D-1", {"closed_before"}),
        ("D+1", {"closed_before"}),
        ("D+7", {"closed_before"}),
        ("D+14", set()),
    ]


def test_a_day_that_no_sweep_has_dealt_with_yet_waits_for_it(seeded: Database, clock: FixedClock) -> None:
    (before,) = explained(seeded, clock.today())
    assert unsaid(before) == [
        ("D-30", Unsaid.BEFORE_OPENED),
        ("D-14", Unsaid.BEFORE_OPENED),
        ("D-7", Unsaid.AWAITS_SWEEP),
    ]
    sweep(seeded, clock, SENDER)
    (after,) = explained(seeded, clock.today())
    assert unsaid(after) == [("D-30", None), ("D-14", None), ("D-7", None), ("D-3", Unsaid.NOT_YET)]


def test_before_a_deadline_opened_there_is_nothing_to_explain(seeded: Database) -> None:
    assert explained(seeded, date(2024, 4, 22)) == []


def test_the_certificates_end_is_explained_by_the_regulation(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "certify")
    found = explained(seeded, date(2024, 11, 26))[-1]
    assert (found.rule, found.when, found.due_on) == ("expiry", "expiry +0 days", date(2027, 11, 25))
    assert found.basis == "thời hạn 36 tháng của giấy chứng nhận, QĐ 148/QĐ-TTg (theo nguồn thứ cấp)"
    # 26 months ahead, on a day whose year is known; the days off of 2027 are not yet
    assert [(stage.label, stage.provisional) for stage in found.stages] == [("D-791", False)]


def test_the_reading_of_an_outcome_is_the_plan_owners(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    found = explained(seeded, date(2024, 10, 1))[-1]
    assert found.when == "by = 2024-11-30"
    assert "done by 30 November, inclusive" in found.reading


@pytest.mark.parametrize(
    ("steps", "when"),
    [
        (0, 'before_month = "2026-03"'),
        (1, "range = [2026-03-02, 2026-03-20]"),
        (2, 'after = { event = "selected", working_days = 10 }'),
        (3, "any_of = [{ before = 2026-04-30 }, { before = 2026-10-30 }]"),
    ],
)
def test_a_time_is_written_as_in_the_plan_file(
    database: Database, clock: FixedClock, steps: int, when: str
) -> None:
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    for event in ("register", "select", "start_consulting")[:steps]:
        step(database, clock, "VD26-001", event, date(2026, 6, 2))
    found = explained(database, date(2026, 6, 2), "VD26-001")[-1]
    assert found.when == when
    assert f"when = {{ {when} }}" in shipped_plan_text(EXAMPLE)


def test_no_product_no_explanation(seeded: Database) -> None:
    with pytest.raises(NotFound, match="DP24-099"):
        explained(seeded, date(2024, 4, 23), "DP24-099")
