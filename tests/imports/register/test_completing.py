"""A list names what the register has already: what was missing is filled in, nothing is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.products.settling.register import show_certificate
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from tests.factories import SENDER, rows
from tests.imports.register.bringing import assert_sound, bring, listed, register, says, told
from tests.stories.cast import acting
from tests.stories.journeys import everything

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HEADING = "TT,Tên sản phẩm,Chủ thể,Người đại diện,Địa chỉ,Hạng sao,Số quyết định,Ngày cấp,Cơ quan,Nguồn"
BARE = '1,Mắm cái,,,"Thôn 1, xã Phổ An",3 sao,1/QĐ-UBND,05/8/2023,,'
WHOLE = BARE.replace("Mắm cái,,", "Mắm cái,HTX A,").replace("2023,,", "2023,UBND huyện,")


def test_what_was_missing_is_filled_in_and_told_in_its_history(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, BARE, heading=HEADING), evidence="C")
    (before,) = register(staffed, clock)
    assert (before.producer, before.issuer, before.evidence.value) == (None, None, "C")
    file = listed(tmp_path, WHOLE + "https://cong-bao.example/1", heading=HEADING)
    report = bring(staffed, clock, file)
    (one,) = report.verdicts
    assert (one.verdict.value, report.changed, report.published) == ("changed", 1, True)
    assert one.detail == ("bổ sung giấy số 1: cơ quan, chủ thể, chứng cứ C → A, được xác nhận")
    (view,) = register(staffed, clock)
    assert (view.producer, view.issuer, view.evidence.value) == ("HTX A", "UBND huyện", "A")
    assert (view.standing.value, view.product, view.page is not None) == ("confirmed", "SO-000001", True)
    assert rows(staffed, "SELECT source FROM certificates") == [
        ("https://cong-bao.example/1 (so.csv, so, dòng 2)",)
    ]
    with staffed.read() as tx:
        history = show_certificate(tx, view.id, clock.today()).history
    assert "bổ sung giấy chứng nhận từ danh sách" in [deed.label for deed in history]
    assert rows(
        staffed,
        "SELECT r.name FROM producers r JOIN products p ON p.producer_id = r.id WHERE p.code = 'SO-000001'",
    ) == [("HTX A",)]
    now = everything(staffed)
    again = bring(staffed, clock, file)
    assert (again.same, again.changed, again.published) == (1, 0, True)
    assert everything(staffed) == now
    assert_sound(staffed, clock)


def test_less_evidence_changes_nothing(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    file = listed(tmp_path, WHOLE, heading=HEADING)
    bring(staffed, clock, file, evidence="A")
    before = everything(staffed)
    for evidence in ("B1", "B2", "C"):
        assert bring(staffed, clock, file, evidence=evidence).same == 1
    assert everything(staffed) == before


def test_evidence_rises_step_by_step(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    file = listed(tmp_path, WHOLE, heading=HEADING)
    seen = []
    for evidence in ("C", "B2", "B1", "A"):
        bring(staffed, clock, file, evidence=evidence)
        (view,) = register(staffed, clock)
        seen.append((view.evidence.value, view.standing.value))
    assert seen == [("C", "proposed"), ("B2", "proposed"), ("B1", "confirmed"), ("A", "confirmed")]
    assert_sound(staffed, clock)


def test_a_confirmation_by_a_list_can_be_taken_back(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    file = listed(tmp_path, WHOLE, heading=HEADING)
    bring(staffed, clock, file, evidence="C")
    bring(staffed, clock, file, evidence="A")
    with staffed.write() as tx:
        order = Reopening(1, acting(staffed, "minh"), "nhầm danh sách")
        unsettle(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert [view.standing.value for view in register(staffed, clock)] == ["proposed"]
    assert_sound(staffed, clock)


@pytest.mark.parametrize(
    ("there", "here", "words"),
    [
        ("UBND huyện", "UBND tỉnh", "cơ quan: sổ ghi “UBND huyện”, danh sách ghi “UBND tỉnh”"),
        ("UBND huyện", "Ủy ban nhân dân huyện", None),
    ],
)
def test_what_stands_there_is_never_written_over(
    staffed: Database, clock: FixedClock, tmp_path: Path, there: str, here: str, words: str | None
) -> None:
    bring(staffed, clock, listed(tmp_path, WHOLE, heading=HEADING))
    before = everything(staffed)
    other = WHOLE.replace(there, here)
    (one,) = bring(staffed, clock, listed(tmp_path, other, heading=HEADING)).verdicts
    if words is None:
        assert one.verdict.value == "same"
    else:
        assert (one.verdict.value, one.proposed, words in one.detail) == ("question", "giữ", True), one.detail
        assert one.key is not None
        kept = listed(tmp_path, other, heading=HEADING, answers={one.key: "giữ"})
        assert told(bring(staffed, clock, kept)) == [(2, "same")]
    assert everything(staffed) == before


def test_a_representative_of_whom_nobody_had_told_is_named(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, WHOLE, heading=HEADING))
    named = WHOLE.replace("HTX A,,", "HTX A,Đại diện thử,")
    assert told(bring(staffed, clock, listed(tmp_path, named, heading=HEADING))) == [(2, "changed")]
    assert rows(staffed, "SELECT representative FROM producers WHERE name = 'HTX A'") == [("Đại diện thử",)]
    another = WHOLE.replace("HTX A,,", "HTX A,Đại diện khác,")
    (one,) = bring(staffed, clock, listed(tmp_path, another, heading=HEADING)).verdicts
    assert (one.verdict.value, "người đại diện: sổ ghi “Đại diện thử”" in one.detail) == ("question", True)
    assert_sound(staffed, clock)


def test_what_was_refused_stays_refused(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    file = listed(tmp_path, WHOLE, heading=HEADING)
    bring(staffed, clock, file, evidence="C")
    says(staffed, clock, 1, "refused", reason="không có quyết định này")
    before = everything(staffed)
    (one,) = bring(staffed, clock, file, evidence="A").verdicts
    assert (one.verdict.value, "không được xác nhận" in one.detail) == ("same", True), one.detail
    assert everything(staffed) == before


def test_two_rows_of_one_decision_that_disagree_are_at_fault(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    other = WHOLE.replace("UBND huyện", "UBND tỉnh")
    report = bring(staffed, clock, listed(tmp_path, WHOLE, other, heading=HEADING))
    assert told(report) == [(2, "new"), (3, "fault")]
    assert report.verdicts[1].detail == "nói khác dòng 2 về cùng một quyết định; để lại một dòng đúng"
