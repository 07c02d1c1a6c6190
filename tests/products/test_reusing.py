"""Papers of an earlier dossier that go on being good: taken over with their files, never asked for again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import InvalidInput, NotPermitted
from ocop_workflow.products.papers.keeping import NewPaper, add_paper, list_papers, withdraw_paper
from ocop_workflow.products.papers.reusing import reuse_papers
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from tests.factories import rows, write
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.paper_views import PapersView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "VD26-001"
BYTES = "5e" * 32
#: to be found again by their numbers 1, 2, 3, 4
LICENCE = NewPaper(
    "business_registration", number="4300", issuer="Sở Tài chính", shelf="tủ 1", criteria=("1.1",)
)
TEST = NewPaper("test_report", number="KN-7", issued_on=date(2026, 5, 2), expires_on=date(2027, 5, 1))
OLD_TEST = NewPaper("test_report", number="KN-1", issued_on=date(2026, 1, 2), expires_on=date(2026, 8, 31))
AWARD = NewPaper("other", name="Giải sản phẩm tiêu biểu")


@pytest.fixture
def renewed(database: Database, clock: FixedClock) -> Database:
    """A product whose first dossier holds four papers, one with a file; its second was opened on 1/9/2026."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    for paper in (LICENCE, TEST, OLD_TEST, AWARD):
        with database.write() as tx:
            add_paper(tx, CODE, paper, actor=HOST, today=clock.today(), now=clock.now())
    write(
        database,
        "INSERT INTO paper_files (paper_id, name, size, sha256, media_type, added_at, added_by) "
        "VALUES (2, 'kiem-nghiem.pdf', 5, :sha256, 'application/pdf', '2026-06-01 00:00:00', 'host')",
        sha256=BYTES,
    )
    for event, on, data in (
        ("register", date(2026, 6, 2), {"received_on": "2026-06-01"}),
        ("select", date(2026, 6, 5), {}),
        ("start_consulting", date(2026, 6, 10), {}),
        ("commune_evaluate", date(2026, 6, 20), {}),
        ("score_province", date(2026, 6, 25), {"mean": "65"}),
        ("certify", date(2026, 7, 1), {}),
        ("begin_monitoring", date(2026, 7, 2), {}),
        ("open_re_rating", date(2026, 9, 1), {"plan": EXAMPLE, "kind": "upgrade"}),
    ):
        step(database, clock, CODE, event, on, **data)
    return database


def papers(database: Database, clock: FixedClock) -> PapersView:
    with database.read() as tx:
        return list_papers(tx, CODE, HOST, today=clock.today())


def reuse(database: Database, clock: FixedClock, *numbers: int, actor: Actor = HOST) -> None:
    with database.write() as tx:
        reuse_papers(tx, CODE, numbers, actor=actor, today=clock.today(), now=clock.now())


def held(found: PapersView) -> list[tuple[str, str | None, int | None, list[str]]]:
    """Return the evidence and other papers of the current dossier: kind, number, whence, its files."""
    every = [paper for item in found.evidence for paper in item.papers] + list(found.other)
    return [(p.kind, p.number or p.name, p.reused_from, [file.name for file in p.files]) for p in every]


def test_what_the_dossier_before_holds_is_offered_with_what_has_expired_marked(
    renewed: Database, clock: FixedClock
) -> None:
    found = papers(renewed, clock)
    assert (found.dossier, held(found)) == (2, [])
    assert [(paper.id, paper.dossier, paper.kind, paper.expired) for paper in found.before] == [
        (1, 1, "business_registration", False),
        (2, 1, "test_report", False),
        (3, 1, "test_report", True),
        (4, 1, "other", False),
    ]


def test_it_is_taken_over_with_its_files_and_says_whence(renewed: Database, clock: FixedClock) -> None:
    reuse(renewed, clock, 1, 2, 4)
    found = papers(renewed, clock)
    assert held(found) == [
        ("business_registration", "4300", 1, []),
        ("test_report", "KN-7", 2, ["kiem-nghiem.pdf"]),
        ("other", "Giải sản phẩm tiêu biểu", 4, []),
    ]
    (licence,) = [paper for item in found.evidence for paper in item.papers if paper.number == "4300"]
    assert (licence.issuer, licence.shelf, licence.criteria) == ("Sở Tài chính", "tủ 1", ("1.1",))
    assert [paper.id for paper in found.before] == [3]
    assert rows(renewed, "SELECT DISTINCT sha256 FROM paper_files") == [(BYTES,)]
    assert rows(
        renewed, "SELECT action, COUNT(*) FROM audit WHERE action = 'paper.reuse' GROUP BY action"
    ) == [("paper.reuse", 3)]
    # of the file itself there is none in the store here: rule 42 is asked by tests of files
    found_wrong = [item for item in examine(renewed, clock).findings if item.severity is Severity.VIOLATED]
    assert found_wrong == []


def test_withdrawn_it_is_offered_again(renewed: Database, clock: FixedClock) -> None:
    reuse(renewed, clock, 4)
    (taken,) = papers(renewed, clock).other
    with renewed.write() as tx:
        withdraw_paper(tx, CODE, taken.id, "chọn nhầm", actor=HOST, now=clock.now())
    assert 4 in [paper.id for paper in papers(renewed, clock).before]


@pytest.mark.parametrize(
    ("numbers", "vi"),
    [
        ((), "chưa chọn giấy tờ nào"),
        ((3,), "giấy tờ 3 đã hết hạn ngày 31/08/2026: phải nộp giấy mới"),
        ((999,), "giấy tờ 999 không nằm trong hồ sơ trước, hoặc đã được dùng lại"),
    ],
)
def test_what_cannot_be_used_again_is_refused_with_why(
    renewed: Database, clock: FixedClock, numbers: tuple[int, ...], vi: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        reuse(renewed, clock, *numbers)
    assert [fault.text.vi for fault in refused.value.faults] == [vi]


def test_twice_is_refused_and_a_faulty_choice_does_nothing(renewed: Database, clock: FixedClock) -> None:
    reuse(renewed, clock, 4)
    with pytest.raises(InvalidInput):
        reuse(renewed, clock, 1, 4)
    assert [paper.id for paper in papers(renewed, clock).before] == [1, 2, 3]


def test_a_kind_that_todays_law_does_not_name_keeps_its_name(renewed: Database, clock: FixedClock) -> None:
    write(renewed, "UPDATE papers SET kind = 'producer_report' WHERE id = 1")
    write(renewed, "UPDATE dossiers SET regulation = 'qd-1489-2025' WHERE number = 1")
    reuse(renewed, clock, 1)
    (paper,) = papers(renewed, clock).other
    assert (paper.kind, paper.name, paper.number) == ("other", "Báo cáo của chủ thể", "4300")


def test_who_only_looks_takes_nothing_over(renewed: Database, clock: FixedClock) -> None:
    appoint(renewed, clock, {"vinh": (Role.VIEWER, "an-binh")})
    with pytest.raises(NotPermitted):
        reuse(renewed, clock, 1, actor=acting(renewed, "vinh"))
    assert len(papers(renewed, clock).before) == 4
