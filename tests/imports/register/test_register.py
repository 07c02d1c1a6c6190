"""A list of certificates comes into the register: what becomes of each row, and twice changes nothing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from ocop_workflow.access import Role
from ocop_workflow.certificates.looking_up import look_up
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.imports.register.importing import read_register_file
from ocop_workflow.imports.register.returning import register_back
from ocop_workflow.people.officers import add_officer
from ocop_workflow.states import CertificateStanding
from tests.factories import rows
from tests.imports.register.bringing import MAM, MUOI, assert_sound, bring, listed, register, says, told
from tests.stories.cast import HOST
from tests.stories.journeys import everything, open_deadlines

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def test_certificates_come_in_and_their_clocks_run(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    report = bring(staffed, clock, listed(tmp_path, MAM, MUOI))
    assert (report.rows, report.new, report.published) == (2, 2, True)
    running, ended = register(staffed, clock)
    assert (running.product, running.name, running.producer, running.unit) == (
        "SO-000001",
        "Mắm cái",
        "HTX A",
        "xã Phổ An",
    )
    assert (running.status, running.standing.value, running.evidence.value) == ("valid", "confirmed", "A")
    assert (running.decision, running.issuer) == ("0001/QĐ-UBND", "UBND huyện")
    assert open_deadlines(staffed, "SO-000001") == {"expiry": running.valid_until}
    assert (ended.product, ended.status, ended.ended and ended.ended.because) == ("", "expired", "lapsed")
    with staffed.read() as tx:
        for view in (running, ended):
            assert view.page is not None
            assert look_up(tx, view.page.removeprefix("/c/"), clock.today()).product == view.name
    assert_sound(staffed, clock)


def test_the_same_list_twice_changes_nothing(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    file = listed(tmp_path, MAM, MUOI)
    bring(staffed, clock, file)
    before = everything(staffed)
    again = bring(staffed, clock, file)
    assert (again.new, again.same, again.published) == (0, 2, True)
    assert everything(staffed) == before


def test_without_publishing_nothing_is_written(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    before = everything(staffed)
    report = bring(staffed, clock, listed(tmp_path, MAM), publish=False)
    assert (report.new, report.published, report.is_clean) == (1, False, True)
    assert everything(staffed) == before


def test_one_row_at_fault_keeps_the_whole_list_out(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    before = everything(staffed)
    faulty = '3,Tôm,HTX C,"xã Phổ An",3 sao,,05/8/2023,,'
    report = bring(staffed, clock, listed(tmp_path, MAM, faulty))
    assert told(report) == [(2, "new"), (3, "fault")]
    assert (report.published, report.verdicts[1].detail[:19]) == (False, "thiếu số quyết định")
    assert everything(staffed) == before


@pytest.mark.parametrize(
    ("row", "verdict", "words"),
    [
        ("1,A,B,xã Phổ An,6 sao,1/QĐ,05/8/2023,,", "fault", "không rõ hạng sao"),
        ("1,A,B,xã Phổ An,,1/QĐ,05/8/2023,,", "fault", "không rõ hạng sao"),
        ("1,A,B,xã Phổ An,0,,,,", "left_out", "chưa đạt hạng sao"),
        ("1,A,B,xã Phổ An,3,1/QĐ,,,", "fault", "thiếu ngày quyết định"),
        ("1,A,B,xã Phổ An,3,1/QĐ,31/2/2023,,", "fault", "“31/2/2023” không phải ngày"),
        ("1,A,B,xã Phổ An,3,1/QĐ,05/8/2030,,", "fault", "còn ở tương lai"),
        ("1,A,B,xã Phổ An,3,1/QĐ,05/8/2023,05/8/2022,", "fault", "đứng trước ngày quyết định"),
        ("1,A,B,xã Phổ An,3,1/QĐ,05/8/2023,05/8/2029,", "question", "muộn hơn 36 tháng"),
        ("1,A,B,xã Ở Đâu Đâu,3,1/QĐ,05/8/2023,,", "fault", "không có xã, phường nào tên"),
        ("1,A,B,Thôn 1,3,1/QĐ,05/8/2023,,", "fault", "không rõ xã, phường"),
        ("1,A,B,xã Phổ Anh,3,1/QĐ,05/8/2023,,", "question", "có phải là Xã Phổ An?"),
    ],
)
def test_what_is_amiss_is_told_and_nothing_is_invented(
    staffed: Database, clock: FixedClock, tmp_path: Path, row: str, verdict: str, words: str
) -> None:
    (one,) = bring(staffed, clock, listed(tmp_path, row)).verdicts
    assert (one.verdict.value, words in one.detail) == (verdict, True), one.detail
    assert register(staffed, clock) == []


def test_what_is_asked_is_answered_in_the_list_that_goes_back(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    rows_ = (
        "1,A,B,xã Phổ Anh,3,1/QĐ,05/8/2023,,",
        "2,C,D,xã Phổ An,3,1/QĐ,05/8/2023,05/8/2029,",
        "3,E,F,x,9,,,,",
    )
    file = listed(tmp_path, *rows_)
    report = bring(staffed, clock, file)
    assert told(report) == [(2, "question"), (3, "question"), (4, "fault")]
    book = load_workbook(io.BytesIO(register_back(file, report)))
    sheet = book.active
    assert sheet is not None
    own = sheet.max_column - 3
    assert [sheet.cell(1, own + n).value for n in range(4)] == ["Kết quả", "Câu hỏi", "Đề xuất", "Trả lời"]
    assert [sheet.cell(row, own).value for row in (2, 3, 4)] == ["cần hỏi", "cần hỏi", "lỗi"]
    assert sheet.cell(2, own + 2).value == "Xã Phổ An"
    for row, word in ((2, "đúng"), (3, "nhập"), (4, "bỏ qua")):
        sheet.cell(row, own + 3).value = word
    book.save(tmp_path / "back.xlsx")
    answered = bring(staffed, clock, read_register_file(tmp_path / "back.xlsx"))
    assert (told(answered), answered.published) == ([(2, "new"), (3, "new"), (4, "left_out")], True)
    assert {view.unit_now for view in register(staffed, clock)} == {"Xã Phổ An"}
    assert_sound(staffed, clock)


def test_an_older_recognition_never_lowers_a_present_star(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    newer = '1,Mắm cái,HTX A,"xã Phổ An",4 sao,9/QĐ-UBND,05/8/2023,,UBND tỉnh'
    older = '2,Mắm cái,HTX A,"xã Phổ An",3 sao,1/QĐ-UBND,05/8/2021,,UBND huyện'
    bring(staffed, clock, listed(tmp_path, older, newer))
    by_star = {view.star: view for view in register(staffed, clock)}
    assert (by_star[4].status, by_star[4].product) == ("valid", "SO-000001")
    assert (by_star[3].status, by_star[3].ended and str(by_star[3].ended.on)) == ("replaced", "2023-08-05")
    third = '1,Mắm cái,HTX A,"xã Phổ An",3 sao,0/QĐ-UBND,05/8/2022,,UBND huyện'  # and one that comes later
    bring(staffed, clock, listed(tmp_path, third))
    assert [view.star for view in register(staffed, clock, status="running")] == [4]
    with staffed.read() as tx:
        for view in register(staffed, clock, status="replaced"):
            assert view.page is not None
            assert look_up(tx, view.page.removeprefix("/c/"), clock.today()).replaced_by == by_star[4].page
    assert_sound(staffed, clock)


def test_two_producers_of_one_name_have_a_product_each(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM, MAM.replace("HTX A", "HTX khác").replace("1,", "3,", 1)))
    assert [(view.product, view.producer) for view in register(staffed, clock)] == [
        ("SO-000001", "HTX A"),
        ("SO-000002", "HTX khác"),
    ]


def test_a_row_that_stands_twice_is_one(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    report = bring(staffed, clock, listed(tmp_path, MAM, MAM))
    assert sorted(verdict for _, verdict in told(report)) == ["new", "same"]
    assert len(register(staffed, clock)) == 1


def test_what_is_known_by_less_or_brought_by_another_level_is_proposed(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    without_body = MAM.replace("UBND huyện", "")
    for login, evidence, line in (
        ("minh", "C", MAM),
        ("minh", "B2", MAM),
        ("lan", "A", MAM),
        ("minh", "A", without_body),
    ):
        report = bring(staffed, clock, listed(tmp_path, line), login=login, evidence=evidence, publish=False)
        assert report.verdicts[0].standing is CertificateStanding.PROPOSED, (login, evidence)
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    (found,) = register(staffed, clock)
    assert (found.standing.value, found.page, found.product) == ("proposed", None, "SO-000001")
    assert_sound(staffed, clock)


def test_what_was_proposed_by_a_list_is_confirmed_and_brings_its_product_in(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM, MUOI), evidence="C")
    paper = {"paper_number": "0001/QĐ-UBND", "paper_date": "2023-08-05"}
    confirmed = says(staffed, clock, 1, "confirmed", **paper)
    assert (confirmed.product, confirmed.status, confirmed.evidence.value) == ("SO-000001", "valid", "A")
    assert confirmed.page is not None
    assert says(staffed, clock, 2, "confirmed", **paper).status == "expired"
    with pytest.raises(Conflict):
        says(staffed, clock, 1, "confirmed", **paper)
    assert_sound(staffed, clock)


def test_what_was_proposed_by_a_list_is_refused(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    with pytest.raises(InvalidInput):
        says(staffed, clock, 1, "refused")
    refused = says(staffed, clock, 1, "refused", reason="không có quyết định này")
    assert (refused.status, refused.page) == ("refused", None)
    assert_sound(staffed, clock)


def test_no_product_is_joined_by_its_name(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    ((producer,),) = rows(
        staffed,
        "SELECT r.name FROM producers r JOIN products p ON p.producer_id = r.id WHERE p.code = 'DP24-002'",
    )
    line = f'1,Khô Bò,{producer},"xã Phổ An",3 sao,5/QĐ-UBND,05/8/2023,,UBND huyện'
    report = bring(staffed, clock, listed(tmp_path, line))
    (one,) = report.verdicts
    assert (one.standing, "DP24-002 cùng tên" in one.detail) == (CertificateStanding.PROPOSED, True)
    with pytest.raises(Conflict, match="DP24-002 of Xã Phổ An is called so"):
        says(staffed, clock, 1, "confirmed", paper_number="5/QĐ-UBND", paper_date="2023-08-05")
    assert_sound(staffed, clock)


def test_the_register_contradicts_a_list_that_says_otherwise(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM))
    (one,) = bring(staffed, clock, listed(tmp_path, MAM.replace("3 sao", "4 sao"))).verdicts
    assert one.detail == "sổ đã có quyết định này: 3 sao, ngày 05/08/2023 (số 1)"


def test_who_may_bring_a_list_in(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    with staffed.write() as tx:
        add_officer(tx, HOST, "xem", "xem", Role.VIEWER, "duc-pho", now=clock.now())
    with pytest.raises(NotPermitted):
        bring(staffed, clock, listed(tmp_path, MAM), login="xem")
    (one,) = bring(staffed, clock, listed(tmp_path, MUOI), login="lan").verdicts  # of another ward
    assert (one.verdict.value, one.proposed) == ("question", "Xã Phổ An")
    assert register(staffed, clock) == []


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_register_file(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("Họ tên,Điện thoại\nA,1\n", "utf-8")
    with pytest.raises(InvalidInput, match=r"other\.csv is no list of certificates"):
        read_register_file(tmp_path / "other.csv")
