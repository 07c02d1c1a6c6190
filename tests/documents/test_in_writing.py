"""A session in writing: the letter that asks, the forms of an answer, the minutes of what came back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.documents.drafting import list_documents
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.regulations.councils.words import SessionMode
from tests.councils.stage import DAY, MEMBERS, PASSWORD, Stage, parts, prepare
from tests.documents.nd30 import faults_of
from tests.documents.reading import Read
from tests.documents.test_town_documents import draft
from tests.fakes import VIETNAM
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from ocop_workflow.documents.views import DocumentLineView
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

TEXTS = Path(__file__).parent / "texts"
ONE, TWO = "DP24-002", "DP24-005"
HEADED = ("TM. HỘI ĐỒNG", "CHỦ TỊCH HỘI ĐỒNG")


def expected(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8").rstrip("\n")


@pytest.fixture
def asked(seeded: Database, clock: FixedClock, memory: Memory) -> Stage:
    """Two products; the agency's sheets are signed; all agree on one, on the other two do not say yes."""

    def deed() -> tuple[int, int]:
        stage = prepare(seeded, clock, ONE, TWO, mode=SessionMode.WRITTEN)
        with seeded.write() as tx:
            set_password(tx, HOST, "secretary", PASSWORD, now=clock.now())
        stage.open()
        for code, total in ((ONE, "65"), (TWO, "72")):
            stage.score("secretary", code, parts(total))
        for login in MEMBERS:
            answer(stage, login, ONE)
        for login in MEMBERS[2:]:
            answer(stage, login, TWO)
        answer(stage, "vice", TWO, "vùng nguyên liệu đã đổi")
        return stage.council, stage.number

    council, number = memory.lead(seeded, ("asked in writing", clock.instant), deed)
    clock.move_to(DAY)
    return Stage(seeded, clock, council, number)


def answer(stage: Stage, login: str, code: str, against: str = "") -> None:
    with stage.database.write() as tx:
        answer_in_writing(
            tx,
            stage.number,
            code,
            agrees=not against,
            reason=against,
            actor=stage.actor(login),
            now=stage.clock.now(),
        )


def listed(stage: Stage) -> dict[str, DocumentLineView]:
    with stage.database.read() as tx:
        view = list_documents(tx, stage.number, stage.actor("secretary"), Surroundings(VIETNAM))
    return {line.kind.value: line for line in view.documents}


def test_a_letter_asks_the_members_and_invites_nobody(asked: Stage) -> None:
    content = draft(asked, "invitation")
    assert Read(content).text == expected("asking")
    assert faults_of(content, signs=HEADED) == []
    line = listed(asked)["invitation"]
    assert (line.label, line.proposed) == ("Công văn lấy ý kiến bằng văn bản", "01/HĐOCOP-……")


def test_each_member_gets_the_form_of_an_answer_and_the_agency_its_sheet(asked: Stage) -> None:
    read = Read(draft(asked, "blank-sheets", product=TWO))
    labels = [line.text for line in read.of("Label")]
    assert labels.count("Người đánh giá: Secretary, cơ quan của secretary") == 1
    named = [one for one in labels if one.startswith("Thành viên được lấy ý kiến:")]
    assert len(named) == len(MEMBERS)
    assert labels.count("Cơ quan đề xuất: 72 điểm") == len(MEMBERS)
    assert labels.count("Hạn trả lời: hết ngày 20 tháng 11 năm 2024") == len(MEMBERS)
    assert "☒" not in read.text


def test_the_minutes_say_what_was_proposed_who_agreed_and_by_which_day(asked: Stage) -> None:
    asked.close(ONE)
    asked.close(TWO)
    asked.confirm(ONE)
    content = draft(asked, "minutes")
    assert Read(content).text == expected("minutes-in-writing")
    assert faults_of(content, signs=("THƯ KÝ",), is_minutes=True) == []
    assert listed(asked)["minutes"].label == "Biên bản lấy ý kiến bằng văn bản"


def test_the_councils_report_says_that_nobody_met(asked: Stage) -> None:
    asked.close(ONE)
    text = Read(draft(asked, "council-report")).text
    assert (
        "Hội đồng lấy ý kiến bằng văn bản, không họp; 09 thành viên được lấy ý kiến, hạn trả lời hết ngày 20 "
        "tháng 11 năm 2024, về 02 sản phẩm mà Phòng Kinh tế thị xã Đức Phổ đề xuất kết quả." in text
    )
