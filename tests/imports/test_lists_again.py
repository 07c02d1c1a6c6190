"""A list comes again: corrected, a year later, or put right; nothing is doubled and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes import preview_removal, remove_plan
from ocop_workflow.errors import InvalidInput
from ocop_workflow.imports.annex import read_list
from ocop_workflow.imports.answers import Answers
from ocop_workflow.imports.importing import File, import_annex, read_file
from ocop_workflow.imports.reading.candidate import AnnexContent, Candidate, CellQuestion, CrossColumn
from ocop_workflow.imports.reading.sheet import read_sheets
from ocop_workflow.imports.report import RowVerdict
from ocop_workflow.overview.past import product_on
from ocop_workflow.overview.products import product_page
from ocop_workflow.products.questions.answering import answer_question, list_questions
from ocop_workflow.products.registering import NewProduct, Particulars, create_product
from ocop_workflow.states import State
from ocop_workflow.upkeep.examination import examine, prove
from tests.changes.amending import amended, change, extend, is_sound
from tests.factories import LAN, MINH, SEED, act, rows
from tests.fakes import VIETNAM
from tests.stories.journeys import (
    NEXT,
    candidate,
    everything,
    import_rows,
    load_text,
    next_plan,
    open_deadlines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.imports.importing import ImportReport
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SHIPPED = Path(str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv"))
LIST = "duc-pho-2024"  # the name of its one sheet


@pytest.fixture
def planned(database: Database, clock: FixedClock) -> Database:
    """The seed's plan, without products."""
    load_text(database, clock, shipped_plan_text(SEED))
    return database


def bring(
    database: Database, clock: FixedClock, *found: Candidate, plan: str = SEED, **answers: str
) -> ImportReport:
    """Import rows whose cells are B and C, with answers by cell."""
    placed = tuple(replace(row, places=(f"B{row.row}", f"C{row.row}")) for row in found)
    file = File("danh-sach.csv", "0" * 64, AnnexContent(placed), Answers(answers))
    with database.write() as tx:
        return import_annex(tx, file, plan, actor=MINH, today=clock.today(), now=clock.now())


def bring_text(
    database: Database, clock: FixedClock, text: str, plan: str = SEED, answers: dict[str, str] | None = None
) -> ImportReport:
    """Import a text in the place of the seed's list."""
    path = Path("duc-pho-2024.csv")
    path.write_text(text, "utf-8")
    given = Answers(answers or {})
    annex = read_list(read_sheets(path), given)
    with database.write() as tx:
        file = File(path.name, "0" * 64, annex, given)
        return import_annex(tx, file, plan, actor=MINH, today=clock.today(), now=clock.now())


def verdicts(report: ImportReport) -> list[tuple[str, str]]:
    return [(row.verdict.value, row.code) for row in report.rows]


def asked(report: ImportReport) -> list[tuple[str, str, str]]:
    """Return what rows wait for: cell, the likely product, the question."""
    return [(doubt.cell, str(doubt.proposed), doubt.vi) for row in report.rows for doubt in row.doubts]


def assert_sound(database: Database, clock: FixedClock) -> None:
    """The books balance, by the invariants and by the proof."""
    assert [finding.text.en for finding in examine(database, clock).findings] == []
    with database.read() as tx:
        assert [row.text.en for row in prove(tx, VIETNAM).unbalanced] == []


KHO_BO = candidate(5, "Xã Phổ An", "Khô Bò")
KHO_GA = candidate(6, "Xã Phổ An", "Khô Gà")
CHA_LUA = candidate(7, "Phường Phổ Ninh", "Chả lụa")


# -- a corrected list ------------------------------------------------------------------------------------


@pytest.fixture
def corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The seed's list with a name and a producer mended."""
    monkeypatch.chdir(tmp_path)
    text = SHIPPED.read_text("utf-8")
    return text.replace("Chả lụa,", "Chả lụa Phổ Ninh,").replace("Võ Giới,", "Võ Văn Giới,")


def test_a_corrected_list_asks_for_each_row_that_resembles_and_each_product_it_no_longer_names(
    seeded: Database, clock: FixedClock, corrected: str
) -> None:
    before = everything(seeded)
    report = bring_text(seeded, clock, corrected)
    assert (report.added, report.count(RowVerdict.SAME), report.waits) == (0, 12, True)
    assert asked(report) == [
        (
            "C14",
            "DP24-012",
            "Giống DP24-012 “Nấm Bào Ngư”, Võ Giới; là DP24-012 sửa tên, hay là sản phẩm mới?",
        ),
        (
            "C15",
            "DP24-013",
            "Giống DP24-013 “Chả lụa”, Phạm Miền; là DP24-013 sửa tên, hay là sản phẩm mới?",
        ),
    ]
    assert [doubt.vi for doubt in report.doubts] == [
        "DP24-012 “Nấm Bào Ngư” không còn trong danh sách (có thể là dòng 14); giữ hay rút?",
        "DP24-013 “Chả lụa” không còn trong danh sách (có thể là dòng 15); giữ hay rút?",
    ]
    assert everything(seeded) == before


def test_answered_same_the_product_is_corrected_and_known_from_then_on(
    seeded: Database, clock: FixedClock, corrected: str
) -> None:
    answers = {"C14": "trùng", f"{LIST}!C15": "DP24-013"}
    report = bring_text(seeded, clock, corrected, answers=answers)
    assert verdicts(report)[11:13] == [("corrected", "DP24-012"), ("corrected", "DP24-013")]
    assert (report.waits, report.doubts) == (False, ())
    assert rows(
        seeded,
        "SELECT p.code, p.name, d.name, p.version, p.edits FROM products p JOIN producers d "
        "ON d.id = p.producer_id WHERE p.edits IS NOT NULL ORDER BY p.code",
    ) == [
        ("DP24-012", "Nấm Bào Ngư", "Võ Văn Giới", 0, 1),
        ("DP24-013", "Chả lụa Phổ Ninh", "Phạm Miền", 0, 1),
    ]
    edits = rows(seeded, "SELECT subject FROM audit WHERE action = 'product.edit' ORDER BY seq")
    assert edits == [("product:DP24-012",), ("product:DP24-013",)]
    after = everything(seeded)
    again = bring_text(seeded, clock, corrected)
    assert (again.count(RowVerdict.SAME), again.waits, again.doubts) == (14, False, ())
    assert everything(seeded) == after
    assert_sound(seeded, clock)


def test_answered_new_the_product_is_added_and_the_old_one_is_still_asked_about(
    seeded: Database, clock: FixedClock, corrected: str
) -> None:
    report = bring_text(seeded, clock, corrected, answers={"C14": "mới", "C15": "bỏ qua"})
    assert verdicts(report)[11:13] == [("new", "DP24-015"), ("left_out", "")]
    assert [doubt.code for doubt in report.doubts] == ["DP24-012", "DP24-013"]
    told = bring_text(
        seeded, clock, corrected, answers={"C15": "bỏ qua", "DP24-012": "rút", "DP24-013": "giữ"}
    )
    assert (told.doubts, [step.commands for step in told.steps]) == (
        (),
        [('ocop advance DP24-012 withdraw --as minh --data \'{"reason": "không còn trong danh sách"}\'',)],
    )
    assert rows(seeded, "SELECT state FROM products WHERE code = 'DP24-012'") == [("idea",)]


def test_two_rows_cannot_be_one_product(planned: Database, clock: FixedClock) -> None:
    bring(planned, clock, KHO_BO)
    both = (replace(KHO_BO, name="Khô Bò cay", key="1"), replace(KHO_BO, row=8, name="Khô Bò mật", key="2"))
    with pytest.raises(InvalidInput) as caught:
        bring(planned, clock, *both, C5="DP24-001", C8="DP24-001")
    assert [fault.text.en for fault in caught.value.faults] == [
        "DP24-001 was answered to be row 5; a product is one row only"
    ]


def test_a_list_that_adds_or_is_of_other_communes_leaves_the_others_alone(
    planned: Database, clock: FixedClock
) -> None:
    bring(planned, clock, KHO_BO, KHO_GA)
    report = bring(planned, clock, CHA_LUA)
    assert (verdicts(report), report.doubts) == ([("new", "DP24-003")], ())


def test_a_product_that_somebody_typed_in_is_recognised(planned: Database, clock: FixedClock) -> None:
    with planned.write() as tx:
        particulars = Particulars(producer="HTX Nhà Nông")
        order = NewProduct(SEED, "pho-an", "Khô bò", particulars)
        create_product(tx, order, actor=MINH, today=clock.today(), now=clock.now())
    assert asked(bring(planned, clock, KHO_BO))[0][:2] == ("C5", "DP24-001")
    report = bring(planned, clock, KHO_BO, C5="đúng")
    assert verdicts(report) == [("corrected", "DP24-001")]
    with planned.read() as tx:
        view = product_page(tx, "DP24-001", clock.today()).product
    assert (view.name, view.address) == ("Khô Bò", "Thôn 1")
    assert bring(planned, clock, KHO_BO).count(RowVerdict.SAME) == 1
    assert_sound(planned, clock)


def test_after_the_communes_report_the_record_stays_and_says_so(planned: Database, clock: FixedClock) -> None:
    bring(planned, clock, KHO_BO)
    for event in ("register", "select", "start_consulting"):
        act(planned, clock, "DP24-001", event)
    clock.move_to(date(2024, 10, 2))
    act(planned, clock, "DP24-001", "commune_evaluate")
    report = bring(planned, clock, replace(KHO_BO, name="Khô Bò cay"), C5="đúng")
    assert verdicts(report) == [("same", "DP24-001")]
    assert [step.text.vi for step in report.steps] == [
        "DP24-001 đã ở «Cấp xã đã đánh giá» nên tên và chủ thể trong sổ giữ nguyên."
    ]


# -- the list of the next year ---------------------------------------------------------------------------


def test_next_years_list_asks_for_each_product_that_another_plan_has(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    with seeded.write() as tx:
        file = read_file(SHIPPED)
        report = import_annex(tx, file, NEXT, actor=MINH, today=clock.today(), now=clock.now())
    assert [str(doubt.proposed) for row in report.rows for doubt in row.doubts] == [
        f"DP24-{number:03}" for number in range(1, 15)
    ]
    assert asked(report)[1] == (
        "C4",
        "DP24-002",
        (
            "Sản phẩm cùng tên, cùng chủ thể đã có: DP24-002 (kế hoạch duc-pho-2024, Ý tưởng); "
            "là sản phẩm ấy, hay là sản phẩm mới?"
        ),
    )
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]


def test_answered_same_no_second_product_is_made_and_the_way_is_shown(
    planned: Database, clock: FixedClock
) -> None:
    upgrade = candidate(7, "Phường Phổ Ninh", "Chả lụa", CrossColumn.UPGRADE_3_TO_4)
    bring(planned, clock, KHO_BO, KHO_GA, upgrade)
    act(planned, clock, "DP24-002", "withdraw")
    load_text(planned, clock, next_plan())
    report = bring(planned, clock, KHO_BO, KHO_GA, upgrade, plan=NEXT, C5="trùng", C6="DP24-002", C7="đúng")
    assert verdicts(report) == [("recognised", f"DP24-00{number}") for number in (1, 2, 3)]
    assert [step.commands for step in report.steps] == [
        (
            (
                "ocop advance DP24-001 withdraw --as minh "
                '--data \'{"reason": "chuyển sang kế hoạch duc-pho-next"}\''
            ),
            'ocop advance DP24-001 resubmit --as minh --data \'{"plan": "duc-pho-next"}\'',
        ),
        ('ocop advance DP24-002 resubmit --as minh --data \'{"plan": "duc-pho-next"}\'',),
        (
            (
                "ocop advance DP24-003 open_re_rating --as minh "
                '--data \'{"kind": "upgrade", "plan": "duc-pho-next"}\''
            ),
        ),
    ]
    again = bring(planned, clock, KHO_BO, KHO_GA, upgrade, plan=NEXT)
    assert (again.waits, again.count(RowVerdict.SAME), len(again.steps)) == (False, 3, 3)
    act(planned, clock, "DP24-002", "resubmit", {"plan": NEXT})
    taken = bring(planned, clock, KHO_BO, KHO_GA, upgrade, plan=NEXT)
    assert [step.code for step in taken.steps] == ["DP24-001", "DP24-003"]
    assert_sound(planned, clock)


def test_answered_new_it_is_another_product(planned: Database, clock: FixedClock) -> None:
    bring(planned, clock, KHO_BO)
    load_text(planned, clock, next_plan())
    assert verdicts(bring(planned, clock, KHO_BO, plan=NEXT, C5="mới")) == [("new", "DN24-001")]


def test_a_plan_that_was_loaded_by_mistake_goes_with_what_its_lists_and_others_said(
    planned: Database, clock: FixedClock
) -> None:
    bring(planned, clock, KHO_BO, KHO_GA)
    bring(planned, clock, replace(KHO_BO, target=CrossColumn.UPGRADE_3_TO_4))
    load_text(planned, clock, next_plan())
    bring(planned, clock, KHO_GA, CHA_LUA, plan=NEXT, C6="trùng")
    with planned.write() as tx:
        remove_plan(tx, SEED, preview_removal(tx, SEED).hash, actor=LAN, now=clock.now())
    assert rows(planned, "SELECT COUNT(*) FROM recognised_rows UNION ALL SELECT COUNT(*) FROM restarts") == [
        (0,),
        (0,),
    ]
    assert rows(planned, "SELECT code FROM products") == [("DN24-001",)]


# -- a tick that was read wrongly ------------------------------------------------------------------------


def test_a_product_that_began_as_an_idea_by_mistake_is_put_right_by_the_corrected_list(
    planned: Database, clock: FixedClock
) -> None:
    bring(planned, clock, replace(KHO_BO, target=None), KHO_GA)
    assert set(open_deadlines(planned, "DP24-001")) == {"registration"}
    clock.move_to(date(2024, 4, 24))
    upgrade = replace(KHO_BO, target=CrossColumn.UPGRADE_3_TO_4)
    report = bring(planned, clock, upgrade, replace(KHO_GA, target=CrossColumn.FOUR_STARS))
    assert verdicts(report) == [("corrected", "DP24-001"), ("corrected", "DP24-002")]
    assert open_deadlines(planned, "DP24-001") == {}
    assert rows(planned, "SELECT code, state, target, version FROM products ORDER BY code") == [
        ("DP24-001", "monitored", "upgrade_3_to_4", 0),
        ("DP24-002", "idea", "four_stars", 0),
    ]
    assert rows(planned, "SELECT closed_because FROM deadlines WHERE closed_on IS NOT NULL") == [
        ("corrected",)
    ]
    assert_sound(planned, clock)
    back = bring(planned, clock, KHO_BO, KHO_GA)
    assert [row.state for row in back.rows] == [State.IDEA, State.IDEA]
    assert set(open_deadlines(planned, "DP24-001")) == {"registration"}
    assert_sound(planned, clock)


@pytest.mark.parametrize("clock_goes", [timedelta(), timedelta(seconds=-7)], ids=["still", "set back"])
def test_a_list_that_puts_right_stands_in_the_order_of_the_audit_whatever_the_clock_says(
    planned: Database, clock: FixedClock, clock_goes: timedelta
) -> None:
    """Lists that say idea and upgrade in turn, among changes of the plan and an extension."""
    upgrade = replace(KHO_BO, target=CrossColumn.UPGRADE_3_TO_4)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: bring(planned, clock, KHO_BO),
        lambda: bring(planned, clock, upgrade),
        lambda: change(planned, clock, amended("2024-05-15")),
        lambda: bring(planned, clock, KHO_BO),
        lambda: extend(planned, clock, "DP24-001", to="2024-05-20"),
        lambda: bring(planned, clock, upgrade),
        lambda: change(planned, clock, amended("2024-05-16")),
        lambda: bring(planned, clock, KHO_BO),
        lambda: act(planned, clock, "DP24-001", "register"),
    )
    for deed in deeds:
        deed()
        is_sound(planned, clock)
        clock.wait(clock_goes)


def test_a_day_before_the_list_was_put_right_shows_what_is_known_by_now(
    planned: Database, clock: FixedClock
) -> None:
    bring(planned, clock, KHO_BO)
    first = clock.today()
    clock.move_to(date(2024, 4, 24))
    bring(planned, clock, replace(KHO_BO, target=CrossColumn.UPGRADE_3_TO_4))
    with planned.read() as tx:
        then = product_on(tx, "DP24-001", first)
    assert (then.state, then.deadlines) == (State.MONITORED, ())


def test_what_was_answered_is_not_asked_again_of_a_product_put_right(
    planned: Database, clock: FixedClock
) -> None:
    name, address = CellQuestion("Tên?", "Name?"), CellQuestion("Địa chỉ?", "Address?")
    star, certificate = CellQuestion("Hạng sao?", "Star?"), CellQuestion("Giấy nào?", "Certificate?")
    unclear = replace(KHO_BO, target=None, questions=(name, address, star))
    bring(planned, clock, unclear)
    with planned.write() as tx:
        answer_question(tx, MINH, 1, "đúng tên", now=clock.now())
    assert [text.vi for text in bring(planned, clock, unclear).rows[0].questions] == ["Địa chỉ?", "Hạng sao?"]
    upgrade = replace(unclear, target=CrossColumn.UPGRADE_3_TO_4, questions=(name, address, certificate))
    for verdict in (RowVerdict.CORRECTED, RowVerdict.SAME):
        (row,) = bring(planned, clock, upgrade).rows
        assert (row.verdict, row.questions) == (verdict, (address, certificate))
    with planned.read() as tx:
        asked_by_now = [(item.id, item.vi, item.answered) for item in list_questions(tx, answered=True)]
    assert asked_by_now == [
        (1, "Tên?", True),
        (2, "Địa chỉ?", False),
        (3, "Hạng sao?", True),
        (4, "Giấy nào?", False),
    ]


def test_once_a_product_has_taken_a_step_the_list_only_asks(planned: Database, clock: FixedClock) -> None:
    import_rows(planned, clock, SEED, KHO_BO)
    act(planned, clock, "DP24-001", "register")
    (row,) = bring(planned, clock, replace(KHO_BO, target=CrossColumn.UPGRADE_3_TO_4)).rows
    assert (row.verdict, row.state, [question.vi for question in row.questions]) == (
        RowVerdict.SAME,
        State.REGISTERED,
        [
            (
                "Danh sách ghi hạng đăng ký khác với sổ, nhưng DP24-001 ở «Đã đăng ký»; "
                "sổ giữ nguyên, có cần hoàn tác bước nào không?"
            )
        ],
    )


# -- communes written in short ---------------------------------------------------------------------------


def test_a_row_is_known_again_however_its_commune_was_written(planned: Database, clock: FixedClock) -> None:
    bring(planned, clock, KHO_BO)
    for name in ("X. Phổ An", "Phổ An", "xã Phổ An, thị xã Đức Phổ"):
        assert verdicts(bring(planned, clock, replace(KHO_BO, unit_name=name))) == [("same", "DP24-001")]


def test_a_commune_that_is_nearly_known_is_asked_for_and_answered(
    planned: Database, clock: FixedClock
) -> None:
    odd = replace(KHO_BO, unit_name="Xã Phổ Ann")
    assert asked(bring(planned, clock, odd)) == [
        ("B5", "Xã Phổ An", "Ô B5: không có xã, phường nào tên “Xã Phổ Ann”; có phải là Xã Phổ An không?")
    ]
    assert bring(planned, clock, odd, B5="bỏ qua").count(RowVerdict.LEFT_OUT) == 1
    assert [row.unit for row in bring(planned, clock, odd, B5="P. Phổ Minh").rows] == ["Phường Phổ Minh"]
    assert [row.unit for row in bring(planned, clock, odd, B5="đúng").rows] == ["Xã Phổ An"]
    with pytest.raises(InvalidInput) as caught:
        bring(planned, clock, odd, B5="Xã Sa Huỳnh")
    assert [fault.text.en for fault in caught.value.faults] == [
        "no commune called Xã Sa Huỳnh lies under Thị xã Đức Phổ"
    ]


def test_an_answer_at_a_cell_of_no_question_is_told(planned: Database, clock: FixedClock) -> None:
    report = bring(planned, clock, KHO_BO, C99="đúng")
    assert [question.en for question in report.questions] == [
        "The answer at C99 fits no question; is another cell meant?"
    ]
