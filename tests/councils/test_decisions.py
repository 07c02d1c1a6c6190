"""The decision on a session: each product by its star, one letter a commune, and nothing undone behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted
from ocop_workflow.products.evaluation.deciding import SessionDecision, decide_session
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.councils.words import Sitting
from tests.councils.stage import DAY, MEMBERS, Stage, opened, parts
from tests.factories import SENDER, act, letter_text, rows
from tests.stories.journeys import state_of

if TYPE_CHECKING:
    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

#: three stars are the town's, four the province's, two nobody's
THREE, FOUR, TWO = "DP24-002", "DP24-005", "DP24-004"
GIVEN = SessionDecision("1234/QĐ-UBND", date(2024, 11, 25), "Chủ tịch UBND thị xã", date(2024, 11, 26))


@pytest.fixture
def closed(seeded: Database, clock: FixedClock, memory: Memory) -> Stage:
    """A closed session with a product of three stars, one of four and one of two; it is 26/11/2024."""

    def deed() -> tuple[int, int]:
        stage = opened(seeded, clock, THREE, FOUR, TWO)
        for code, total in ((THREE, "65"), (FOUR, "75"), (TWO, "45")):
            for login in MEMBERS:
                stage.score(login, code, parts(total))
            stage.close(code)
            stage.confirm(code)
        stage.end()
        return stage.council, stage.number

    council, number = memory.lead(seeded, ("council closed", clock.instant), deed)
    clock.move_to(date(2024, 11, 26))
    return Stage(seeded, clock, council, number)


def decide(stage: Stage, given: SessionDecision = GIVEN, by: str = "secretary") -> tuple[Advanced, ...]:
    with stage.database.write() as tx:
        return decide_session(
            tx,
            stage.number,
            given,
            actor=stage.actor(by),
            sender=SENDER,
            today=stage.clock.today(),
            now=stage.clock.now(),
        )


def test_each_product_goes_where_its_star_leads(closed: Stage) -> None:
    done = decide(closed)
    assert {(item.code, item.event.value, item.state.value) for item in done} == {
        (THREE, "certify", "certified"),
        (FOUR, "escalate", "escalated_to_province"),
        (TWO, "reject", "not_rated"),
    }
    view = closed.view()
    assert (view.stage, view.decision_number, view.decided_on, view.signer) == (
        Sitting.DECIDED,
        "1234/QĐ-UBND",
        date(2024, 11, 25),
        "Chủ tịch UBND thị xã",
    )
    ((star, number),) = rows(closed.database, "SELECT star, number FROM certificates WHERE ended_on IS NULL")
    assert (star, number) == (3, "1234/QĐ-UBND")


def test_the_commune_is_told_star_score_validity_and_what_was_missed_in_one_letter(closed: Stage) -> None:
    decide(closed)
    letters = [
        letter_text(mime)
        for (mime,) in rows(
            closed.database,
            "SELECT mime FROM outbox WHERE kind = 'notice' AND state = 'pending' "
            "AND address = 'pho-an@duc-pho.example' ORDER BY id DESC",
        )
    ]
    (letter,) = [text for text in letters if "1234/QĐ-UBND" in text]
    for line in (
        "Hạng: 3 sao",
        "Điểm trung bình: 65",
        "Giấy chứng nhận có giá trị đến: 25/11/2027",
        "Để được 4 sao: thiếu 45 điểm trong tổng các phiếu",
    ):
        assert line in letter
    others = [
        letter_text(mime)
        for (mime,) in rows(closed.database, "SELECT mime FROM outbox WHERE kind = 'notice' ORDER BY id DESC")
    ]
    (rejected,) = {text for text in others if "cần từ 50 điểm để đạt 3 sao" in text}
    assert "Điểm trung bình: 45 (cấp huyện)" in rejected
    assert "Để được 3 sao: thiếu 45 điểm trong tổng các phiếu" in rejected


def test_what_goes_up_says_when_it_left_and_with_how_many_samples(closed: Stage) -> None:
    decide(closed, replace(GIVEN, sent_on=date(2024, 11, 26), samples=5))
    told = "SELECT data FROM transitions WHERE event = :event"
    ((up,),) = rows(closed.database, told, event="escalate")
    assert ("2024-11-26" in str(up), '"samples": 5' in str(up).replace("'", '"')) == (True, True)
    ((kept,),) = rows(closed.database, told, event="certify")
    assert "samples" not in str(kept)
    letters = [letter_text(mime) for (mime,) in rows(closed.database, "SELECT mime FROM outbox")]
    (letter,) = [text for text in letters if "Số sản phẩm mẫu: 5" in text]
    assert "Ngày gửi hồ sơ, mẫu: 26/11/2024" in letter


def test_nothing_leaves_before_it_is_decided(closed: Stage) -> None:
    with pytest.raises(InvalidInput) as error:
        decide(closed, replace(GIVEN, sent_on=date(2024, 11, 24)))
    assert "sent_on" in {fault.place for fault in error.value.faults}


def test_a_decision_rests_on_a_closed_session_and_lies_after_it(
    seeded: Database, clock: FixedClock, closed: Stage
) -> None:
    early = SessionDecision("1/QĐ", date(2024, 11, 19), "Chủ tịch", date(2024, 11, 26))
    with pytest.raises(InvalidInput) as error:
        decide(closed, early)
    assert "19/11/2024" in " ".join(item.text.vi for item in error.value.faults)
    assert closed.view().stage is Sitting.CLOSED
    assert state_of(seeded, THREE) == "district_scored"
    with pytest.raises(NotPermitted):
        decide(closed, by="m1")
    decide(closed)
    with pytest.raises(Conflict, match="is decided"):
        decide(closed)
    assert clock.today() > DAY


def test_what_was_decided_is_not_undone_by_hand(closed: Stage) -> None:
    decide(closed)

    def take_back() -> None:
        with closed.database.write() as tx:
            order = UndoOrder(THREE, closed.actor("secretary"), "nhầm")
            undo(tx, order, sender=SENDER, today=closed.clock.today(), now=closed.clock.now())

    take_back()  # the recognition
    with pytest.raises(Conflict, match="only another decision changes that"):
        take_back()  # the score


def test_what_was_decided_by_hand_before_stays_and_nothing_left_is_said(closed: Stage) -> None:
    for code, event in ((THREE, "certify"), (FOUR, "escalate"), (TWO, "reject")):
        act(closed.database, closed.clock, code, event)
    with pytest.raises(Conflict, match="Nothing in session 1 waits"):
        decide(closed)
