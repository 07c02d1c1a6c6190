"""The town's session of 2024 under QĐ 148/QĐ-TTg: scored by parts, decided by the body, sent up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.documents.drafting import (
    DocumentOrder,
    draft_document,
    list_documents,
)
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.errors import Conflict
from ocop_workflow.products.evaluation.deciding import decide_session
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.regulations.councils.words import SessionMode
from tests.councils.stage import DAY, MEMBERS, Stage, opened, parts, prepare
from tests.councils.test_decisions import FOUR, GIVEN, THREE, TWO
from tests.documents.nd30 import faults_of
from tests.documents.reading import Read
from tests.factories import SENDER
from tests.fakes import VIETNAM

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

OUT = "DP24-003"


def draft(stage: Stage, kind: str, *, product: str | None = None, commune: str | None = None) -> bytes:
    with stage.database.read() as tx:
        order = DocumentOrder(SessionDocument(kind), commune, product)
        drafted = draft_document(tx, stage.number, order, stage.actor("secretary"), Surroundings(VIETNAM))
    return drafted.written().content


@pytest.fixture
def town(seeded: Database, clock: FixedClock, memory: Memory) -> Stage:
    """Products of three, four and two stars, and one that was taken out; decided on 25/11/2024."""

    def deed() -> tuple[int, int]:
        stage = opened(seeded, clock, THREE, FOUR, TWO, OUT)
        for code, total in ((THREE, "65"), (FOUR, "75"), (TWO, "45")):
            for login in MEMBERS:
                stage.score(login, code, parts(total))
            stage.close(code)
            stage.confirm(code)
        stage.out(OUT)
        stage.end()
        clock.move_to(date(2024, 11, 26))
        with seeded.write() as tx:
            decide_session(
                tx,
                stage.number,
                GIVEN,
                actor=stage.actor("secretary"),
                sender=SENDER,
                today=clock.today(),
                now=clock.now(),
            )
        return stage.council, stage.number

    council, number = memory.lead(seeded, ("documents of the town", clock.instant), deed)
    clock.move_to(date(2024, 11, 26))
    return Stage(seeded, clock, council, number)


def test_the_body_signs_the_recognition_of_three_stars(town: Stage) -> None:
    content = draft(town, "decision")
    assert faults_of(content, signs=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")) == []
    text = Read(content).text
    assert "Số: 1234/QĐ-UBND\nĐức Phổ, ngày 25 tháng 11 năm 2024" in text
    assert "\nỦY BAN NHÂN DÂN THỊ XÃ ĐỨC PHỔ\n" in text
    assert "Căn cứ Quyết định số 148/QĐ-TTg ngày 24 tháng 02 năm 2023 của Thủ tướng Chính phủ" in text
    assert "Công nhận 01 sản phẩm OCOP của thị xã Đức Phổ (01 sản phẩm 3 sao)" in text
    assert "25/11/2027" in text


def test_what_is_the_provinces_goes_up_by_a_letter_and_nothing_is_approved(town: Stage) -> None:
    text = Read(draft(town, "letter-up")).text
    assert "Kính gửi: Ủy ban nhân dân tỉnh Quảng Ngãi" in text
    assert faults_of(draft(town, "letter-up"), signs=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")) == []
    with pytest.raises(Conflict, match="does not issue it under qd-148-2023"):
        draft(town, "approval")
    with town.database.read() as tx:
        view = list_documents(tx, town.number, town.actor("secretary"), Surroundings(VIETNAM))
    assert SessionDocument.APPROVAL not in {line.kind for line in view.documents}


def test_a_notice_of_no_star_says_band_and_points_that_lack(town: Stage) -> None:
    text = Read(draft(town, "notice", product=TWO)).text
    assert "- Điểm trung bình: 45,00;\n- Kết quả: không được công nhận;\n" in text
    assert "- Điểm trung bình 45,00: hạng 3 sao cần từ 50 điểm;\n" in text
    assert "- Để đạt hạng 3 sao cần: thêm 45 điểm trong tổng số điểm của các phiếu;\n" in text
    with pytest.raises(Conflict, match="is not recognised at this level"):
        draft(town, "certificate", product=TWO)


def test_a_product_that_was_taken_out_stands_in_the_minutes_with_its_reason(town: Stage) -> None:
    text = Read(draft(town, "minutes")).text
    assert "Rút khỏi phiên, không có kết quả: chủ thể xin rút." in text
    assert OUT not in Read(draft(town, "results")).text
    with pytest.raises(Conflict, match="out of the session"):
        draft(town, "blank-sheets", product=OUT)


def test_sheets_by_parts_print_what_was_given_for_each(town: Stage) -> None:
    read = Read(draft(town, "filled-sheets", product=THREE))
    cells = [line.text for line in read.lines]
    place = cells.index("Phần A")
    assert cells[place : place + 12] == [
        *("Phần A", "40", "40"),
        *("Phần B", "25", "25"),
        *("Phần C", "35", "0"),
        *("TỔNG ĐIỂM", "100", "65"),
    ]


def test_before_the_session_only_invitation_and_blank_sheets_can_be_drafted(
    seeded: Database, clock: FixedClock
) -> None:
    stage = prepare(seeded, clock, THREE)
    with seeded.read() as tx:
        view = list_documents(tx, stage.number, stage.actor("secretary"), Surroundings(VIETNAM))
    assert {line.kind.value for line in view.documents if line.ready} == {"invitation", "blank-sheets"}
    content = draft(stage, "invitation")
    assert faults_of(content) == []
    assert "phiếu chấm hoàn thành chậm nhất ngày 20/11/2024" in Read(content).text
    sheets = Read(draft(stage, "blank-sheets", product=THREE))
    assert len(sheets.of("Signing")) == len(MEMBERS)


def test_in_writing_nobody_is_invited_to_a_place(seeded: Database, clock: FixedClock) -> None:
    stage = prepare(seeded, clock, THREE, mode=SessionMode.WRITTEN)
    text = Read(draft(stage, "invitation")).text
    assert "V/v lấy ý kiến bằng văn bản về đánh giá, phân hạng sản phẩm OCOP" in text
    assert "2. Địa điểm" not in text


def test_who_was_absent_is_named_with_the_reason(seeded: Database, clock: FixedClock) -> None:
    stage = prepare(seeded, clock, THREE)
    stage.call_over("m7")
    clock.move_to(DAY)
    stage.open()
    text = Read(draft(stage, "minutes")).text
    assert "Có mặt: 08 trên 09 thành viên chấm điểm (theo quy chế cần ít nhất 07)" in text
    assert "Vắng mặt: 01 thành viên:\n- M7, cơ quan của m7, ủy viên; lý do: ……………;" in text
