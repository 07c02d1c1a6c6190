"""Which regulation rates a dossier: the one in force on the day of its receipt, whatever its plan names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.overview.products import product_in_full
from ocop_workflow.products.papers.keeping import list_papers
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from ocop_workflow.upkeep.examination.proof import prove
from tests.factories import LAN, SENDER, rows
from tests.fakes import VIETNAM
from tests.stories.journeys import (
    EXAMPLE,
    candidate,
    certificates,
    import_rows,
    load_text,
    open_deadlines,
    state_of,
    step,
)

if TYPE_CHECKING:
    from ocop_workflow.dossiers.views import DossierRunView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

NEW, OLD = "VD26-001", "DP24-001"
OF_2025, OF_2026 = "qd-1489-2025", "qd-26-2026"


@pytest.fixture
def province(database: Database, clock: FixedClock) -> Database:
    """A province's plan of 2026, which goes by QĐ 26, with one product, imported on 4/5/2026."""
    clock.move_to(date(2026, 5, 4))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    return database


def runs(database: Database, clock: FixedClock, code: str) -> tuple[DossierRunView, ...]:
    """Return a product's dossiers as they are shown."""
    with database.read() as tx:
        return product_in_full(tx, code, clock.today()).dossiers


def rated_by(database: Database, clock: FixedClock, code: str) -> list[tuple[str | None, str | None]]:
    return [(run.regulation, run.regulation_number) for run in runs(database, clock, code)]


def is_sound(database: Database, clock: FixedClock) -> bool:
    """Tell whether doctor and proof find nothing."""
    found = [item for item in examine(database, clock).findings if item.severity is Severity.VIOLATED]
    with database.read() as tx:
        return found == [] and prove(tx, VIETNAM).unbalanced == []


def test_until_it_is_received_a_dossier_goes_by_its_plan(province: Database, clock: FixedClock) -> None:
    step(province, clock, NEW, "register", date(2026, 5, 5))
    assert rated_by(province, clock, NEW) == [(None, None)]


@pytest.mark.parametrize(
    ("received", "regulation"),
    [
        ("2026-05-21", (OF_2025, "1489/QĐ-TTg")),  # the last day of the old one
        ("2026-05-22", (OF_2026, "26/2026/QĐ-TTg")),
        ("2025-07-05", ("qd-148-2023", "148/QĐ-TTg")),
        ("2025-07-06", (OF_2025, "1489/QĐ-TTg")),
    ],
)
def test_the_day_of_receipt_decides(
    province: Database, clock: FixedClock, received: str, regulation: tuple[str, str]
) -> None:
    step(province, clock, NEW, "register", date(2026, 5, 25), received_on=received)
    assert rated_by(province, clock, NEW) == [regulation]
    assert rows(province, "SELECT regulation FROM transitions") == [(regulation[0],)]
    assert is_sound(province, clock)


def test_one_that_was_received_before_is_asked_for_the_papers_of_then(
    province: Database, clock: FixedClock
) -> None:
    step(province, clock, NEW, "register", date(2026, 5, 25), received_on="2026-05-20")
    with province.read() as tx:
        assert list_papers(tx, NEW, LAN, today=clock.today()).regulation == "1489/QĐ-TTg"


def test_a_plan_of_the_districts_years_gives_a_later_dossier_no_district(
    seeded: Database, clock: FixedClock
) -> None:
    step(seeded, clock, OLD, "register", date(2024, 4, 25))
    step(seeded, clock, OLD, "select", date(2024, 5, 20))
    step(seeded, clock, OLD, "start_consulting", date(2026, 9, 2), received_on="2026-09-01")
    step(seeded, clock, OLD, "commune_evaluate", date(2026, 9, 10))
    assert rated_by(seeded, clock, OLD) == [(OF_2026, "26/2026/QĐ-TTg")]
    with pytest.raises(EventRefused) as refused:
        step(seeded, clock, OLD, "score_district", date(2026, 10, 1))
    told = "DP24-001 đang ở «Cấp xã đã đánh giá», không thể «Cấp huyện chấm điểm»; có thể: score_province"
    assert refused.value.text.vi.startswith(told)
    step(seeded, clock, OLD, "score_province", date(2026, 10, 1), mean="75")
    step(seeded, clock, OLD, "certify", date(2026, 11, 20))
    assert state_of(seeded, OLD) == "certified"
    assert certificates(seeded, OLD) == [(4, "1234/QĐ-UBND", "2029-11-20", None, None)]
    assert rows(seeded, "SELECT DISTINCT regulation FROM transitions ORDER BY regulation") == [
        ("qd-148-2023",),
        (OF_2026,),
    ]
    assert is_sound(seeded, clock)


def test_the_plans_dates_stay_the_plans(seeded: Database, clock: FixedClock) -> None:
    step(seeded, clock, OLD, "register", date(2024, 4, 25))
    step(seeded, clock, OLD, "select", date(2024, 5, 20))
    step(seeded, clock, OLD, "start_consulting", date(2026, 9, 2), received_on="2026-09-01")
    step(seeded, clock, OLD, "commune_evaluate", date(2026, 9, 10))
    assert open_deadlines(seeded, OLD) == {"outcome": date(2024, 11, 30)}


def test_undoing_the_receipt_gives_the_plans_law_back(province: Database, clock: FixedClock) -> None:
    step(province, clock, NEW, "register", date(2026, 5, 25), received_on="2026-05-20")
    with province.write() as tx:
        undo(tx, UndoOrder(NEW, LAN, "nhầm ngày"), sender=SENDER, today=clock.today(), now=clock.now())
    assert rated_by(province, clock, NEW) == [(None, None)]
    assert rows(province, "SELECT regulation FROM transitions ORDER BY seq") == [(OF_2025,), (OF_2026,)]
    assert is_sound(province, clock)


def test_a_later_word_on_the_day_of_receipt_counts(province: Database, clock: FixedClock) -> None:
    step(province, clock, NEW, "register", date(2026, 5, 25), received_on="2026-05-20")
    step(province, clock, NEW, "select", date(2026, 6, 5))
    step(province, clock, NEW, "start_consulting", date(2026, 6, 10), received_on="2026-06-09")
    assert rated_by(province, clock, NEW) == [(OF_2026, "26/2026/QĐ-TTg")]
    assert is_sound(province, clock)


def test_the_next_dossier_has_a_law_of_its_own_and_keeps_set_and_official_code(
    province: Database, clock: FixedClock
) -> None:
    for event, on, data in (
        ("register", date(2026, 5, 25), {"received_on": "2026-05-20"}),
        ("select", date(2026, 6, 5), {}),
        ("start_consulting", date(2026, 6, 10), {}),
        ("commune_evaluate", date(2026, 6, 20), {}),
        ("score_province", date(2026, 6, 25), {"mean": "65"}),
        ("certify", date(2026, 7, 1), {"official_code": "51-21445-001-2026"}),
        ("begin_monitoring", date(2026, 7, 2), {}),
        ("open_re_rating", date(2026, 9, 1), {"plan": EXAMPLE, "kind": "upgrade"}),
    ):
        step(province, clock, NEW, event, on, **data)
    shown = runs(province, clock, NEW)
    assert [(run.number, run.regulation, run.official_code) for run in shown] == [
        (1, OF_2025, "51-21445-001-2026"),
        (2, None, "51-21445-001-2026"),
    ]
    assert is_sound(province, clock)
