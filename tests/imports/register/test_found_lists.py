"""The ten shapes in which lists of certificates are found: asked about, entered; twice changes nothing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from ocop_workflow.imports.register.importing import read_register_file
from ocop_workflow.imports.register.returning import register_back
from tests.imports.register import found_lists
from tests.imports.register.bringing import assert_sound, bring, register, told
from tests.stories.journeys import everything

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.imports.register.found_lists import FoundList

PLACES = {"Xã Phổ An": "A", "Xã Phổ Khánh": "K", "Xã Phổ Phong": "P"}

#: of each list: the register after it, as (product, star, producer, commune, decision, decided, runs)
IN_THE_REGISTER: dict[str, set[tuple[str, int, str | None, str, str, str, bool]]] = {
    "ANNEX": {
        ("Mắm thử A", 3, "HTX giả định A", "A", "100/QĐ-UBND", "2024-01-02", True),
        ("Nước mắm thử A", 4, "HTX giả định A", "A", "100/QĐ-UBND", "2024-01-02", True),
        ("Muối thử B", 3, "HTX giả định B", "K", "100/QĐ-UBND", "2024-01-02", True),
        ("Muối hầm thử B", 4, "HTX giả định B", "K", "100/QĐ-UBND", "2024-01-02", True),
        ("Chè thử C", 4, "Đại diện thử C", "P", "100/QĐ-UBND", "2024-01-02", True),
        ("Chè gói thử C", 5, "Đại diện thử C", "P", "100/QĐ-UBND", "2024-01-02", True),
    },
    "CITY": {
        ("Yến thử A", 4, "Công ty giả định A", "A", "9/QĐ-UBND", "2023-12-20", True),
        ("Yến thử A", 3, "Công ty giả định A", "A", "12/QĐ-UBND", "2021-08-05", False),
        ("Yến khô thử A", 3, "Công ty giả định A", "A", "12/QĐ-UBND", "2021-08-05", True),
        ("Bánh thử B", 3, "Hộ giả định B", "K", "12/QĐ-UBND", "2021-08-05", True),
        ("Kẹo thử B", 3, "Hộ giả định B", "K", "12/QĐ-UBND", "2021-08-05", True),
        ("Mứt thử B", 3, "Hộ giả định B", "K", "12/QĐ-UBND", "2021-08-05", True),
    },
    "COUNCIL": {
        ("Mắm thử A", 4, "HTX giả định A", "A", "100/QĐ-UBND", "2024-01-02", True),
        ("Muối thử B", 3, "HTX giả định B", "K", "100/QĐ-UBND", "2024-01-02", True),
    },
    "COMMUNE": {
        ("Mắm thử A", 3, "Công ty giả định A", "A", "100/QĐ-UBND", "2024-01-02", True),
        ("Nước mắm thử A", 4, "Công ty giả định A", "A", "100/QĐ-UBND", "2024-01-02", True),
    },
    "PORTAL": {("Mắm thử A", 3, "HTX giả định A", "A", "5/QĐ-UBND", "2023-08-05", True)},
    "DECISION": {
        ("Mắm thử A", 3, "HTX giả định A", "A", "39/QĐ-UBND", "2023-08-05", True),
        ("Muối thử B", 3, "HTX giả định B", "K", "39/QĐ-UBND", "2023-08-05", True),
    },
    "SEVERAL": {
        ("Rau cải thử", 4, "HTX giả định A", "A", "2008/QĐ-UBND", "2023-04-07", True),
        ("Cà chua thử", 3, "HTX giả định A", "A", "2008/QĐ-UBND", "2023-04-07", True),
        ("Dưa thử", 3, "HTX giả định A", "A", "2008/QĐ-UBND", "2023-04-07", True),
    },
    "OWNER_AND_COMMUNE": {("Cốm thử A", 3, "HTX giả định A", "A", "8/QĐ-UBND", "2023-08-05", True)},
    "ENDED": {
        ("Mắm thử A", 4, "HTX giả định A", "A", "3/QĐ-UBND", "2020-06-01", False),
        ("Muối thử B", 3, "HTX giả định B", "K", "4/QĐ-UBND", "2020-06-01", False),
    },
    "STANDARD": {("Mắm thử A", 3, "HTX giả định A", "A", "100/QĐ-UBND", "2024-01-02", True)},
}

#: of each list as it comes, before anybody has answered: what becomes of its rows
AS_IT_COMES: dict[str, list[tuple[int, str, str]]] = {
    "ANNEX": [
        (
            3,
            "fault",
            "điền vào cột “Số quyết định” của dòng, hoặc trả lời một lần cho cả danh sách",
        ),
        (4, "fault", "thiếu số quyết định"),
        (5, "question", "dòng này lệch 2 ô sang phải, đã dời lại"),
        (6, "question", "dòng này lệch 2 ô sang phải, đã dời lại"),
        (7, "fault", "thiếu số quyết định"),
        (8, "fault", "thiếu số quyết định"),
    ],
    "CITY": [
        (5, "new", "đã được thay bằng giấy mới"),
        (5, "new", ""),
        (6, "new", ""),
        (7, "new", ""),
        (8, "new", "một chủ thể với dòng 7"),
        (9, "new", ""),
        (10, "fault", "năm 2020 không khớp ngày quyết định 05/08/2021"),
    ],
    "COUNCIL": [
        (5, "fault", "bảng kết quả của hội đồng là đề nghị, chưa phải quyết định: thiếu số quyết định"),
        (6, "fault", "chưa phải quyết định"),
        (7, "fault", "không rõ hạng sao"),
    ],
    "COMMUNE": [(3, "fault", "thiếu số quyết định"), (4, "fault", "thiếu số"), (5, "left_out", "chưa đạt")],
    "PORTAL": [
        (8, "new", ""),
        (9, "fault", "hai cột nêu hai chủ thể: “HTX giả định B”, “HTX giả định khác”"),
    ],
    "DECISION": [(5, "new", ""), (6, "new", "")],
    "SEVERAL": [
        (3, "new", "tách từ ô “Rau cải thử Cà chua thử Dưa thử”"),
        (3, "new", ""),
        (3, "new", ""),
    ],
    "OWNER_AND_COMMUNE": [(2, "new", "chứng cứ C"), (3, "left_out", "chưa đạt hạng sao")],
    "ENDED": [(4, "new", "đã hết hạn"), (6, "new", "đã hết hạn")],
    "STANDARD": [(2, "fault", "thiếu số quyết định"), (3, "fault", "thiếu số quyết định")],
}


@pytest.mark.parametrize("name", AS_IT_COMES)
def test_what_a_found_list_lacks_is_told_and_nothing_is_entered(
    name: str, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    found: FoundList = getattr(found_lists, name)
    report = bring(staffed, clock, read_register_file(found.write(tmp_path)), publish=False)
    expected = AS_IT_COMES[name]
    assert told(report) == [(row, verdict) for row, verdict, _ in expected]
    for verdict, (_, _, words) in zip(report.verdicts, expected, strict=True):
        assert words in verdict.detail, verdict.detail
    assert register(staffed, clock) == []


@pytest.mark.parametrize("name", IN_THE_REGISTER)
def test_a_found_list_comes_in_once_it_is_answered_and_twice_changes_nothing(
    name: str, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    found: FoundList = getattr(found_lists, name)
    file = read_register_file(found.write(tmp_path)).told(found.answers)
    report = bring(staffed, clock, file)
    assert report.published, [one for one in report.verdicts if one.verdict.value in {"fault", "question"}]
    assert {
        (
            view.name,
            view.star,
            view.producer,
            PLACES[view.unit_now],
            view.decision,
            view.decided_on.isoformat(),
            view.status == "valid",
        )
        for view in register(staffed, clock)
    } == IN_THE_REGISTER[name]
    before = everything(staffed)
    again = bring(staffed, clock, file)
    assert (again.new, again.changed, again.published) == (0, 0, True)
    assert {one.verdict.value for one in again.verdicts} <= {"same", "left_out"}
    assert everything(staffed) == before
    assert_sound(staffed, clock)


def test_a_council_proposes_whatever_is_told_of_its_evidence(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    found = found_lists.COUNCIL
    file = read_register_file(found.write(tmp_path)).told(found.answers)
    report = bring(staffed, clock, file, evidence="A")
    assert {(view.standing.value, view.evidence.value) for view in register(staffed, clock)} == {
        ("proposed", "B2")
    }
    assert "bảng kết quả của hội đồng chỉ là đề nghị" in report.verdicts[0].detail


def test_a_status_that_says_otherwise_than_its_decision_is_asked_about(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    file = read_register_file(found_lists.STANDARD.write(tmp_path)).told(found_lists.DECIDED)
    report = bring(staffed, clock, file)
    assert told(report) == [(2, "new"), (3, "question")]
    assert "dòng ghi hết hiệu lực" in report.verdicts[1].detail


def test_a_decision_is_told_once_on_the_sheet_that_comes_back(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    file = read_register_file(found_lists.COMMUNE.write(tmp_path))
    book = load_workbook(io.BytesIO(register_back(file, bring(staffed, clock, file))))
    page = book["Hỏi chung"]
    keys = [page.cell(row, 1).value for row in range(2, page.max_row + 1)]
    assert keys == ["số quyết định", "ngày quyết định", "cơ quan"]
    for row, key in enumerate(keys, start=2):
        page.cell(row, 4).value = found_lists.DECIDED[str(key)]
    book.save(tmp_path / "back.xlsx")
    report = bring(staffed, clock, read_register_file(tmp_path / "back.xlsx"))
    assert told(report) == [(3, "new"), (4, "new"), (5, "left_out")]
    assert report.published
    assert {view.issuer for view in register(staffed, clock)} == {"UBND thị xã Đức Phổ"}


def test_the_lines_of_a_cell_come_back_as_they_were(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    file = read_register_file(found_lists.SEVERAL.write(tmp_path))
    report = bring(staffed, clock, file, publish=False)
    (tmp_path / "back.xlsx").write_bytes(register_back(file, report))
    back = read_register_file(tmp_path / "back.xlsx")
    assert back.recognitions == file.recognitions
