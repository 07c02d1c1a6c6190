"""A session from its list to its end: who may do what, and when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.councils.founding import (
    NewCouncil,
    NewMember,
    change_rules,
    end_seat,
    found_council,
    seat_member,
)
from ocop_workflow.councils.sittings import NewSession, draft_session, open_session
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, Sitting
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.states import State
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import DAY, MEMBERS, RULES, parts
from tests.factories import SENDER, act, rows, write
from tests.stories.cast import HOST, appoint
from tests.stories.journeys import state_of

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from ocop_workflow.upkeep.examination.findings import Finding
    from tests.councils.stage import Stage
    from tests.fakes import FixedClock


def faults(error: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {item.place: item.text.vi for item in error.value.faults}


# -- founding --------------------------------------------------------------------------------------------


def test_a_commune_has_no_council_and_no_decision_lies_ahead(seeded: Database, clock: FixedClock) -> None:
    given = NewCouncil("pho-an", "Hội đồng", "1/QĐ-UBND", date(2024, 4, 24))
    with seeded.write() as tx, pytest.raises(InvalidInput) as error:
        found_council(tx, given, actor=HOST, today=clock.today(), now=clock.now())
    assert faults(error) == {
        "unit": "Xã Phổ An là cấp xã; cấp xã không có hội đồng chấm điểm",
        "decided_on": "24/04/2024 còn ở tương lai",
    }


def test_one_sits_once_there_is_one_chair_and_whoever_sits_has_a_role(prepared: Stage) -> None:
    def seat(login: str, duty: CouncilDuty) -> None:
        with prepared.database.write() as tx:
            given = NewMember(login, duty, "Phòng Kinh tế", DAY)
            seat_member(
                tx, prepared.council, given, actor=prepared.actor("secretary"), now=prepared.clock.now()
            )

    with pytest.raises(Conflict, match="sits in this council already"):
        seat("m1", CouncilDuty.MEMBER)
    with pytest.raises(Conflict, match="The council has a chair"):
        seat("clerk", CouncilDuty.CHAIR)
    with pytest.raises(NotFound):
        seat("nobody", CouncilDuty.MEMBER)
    with pytest.raises(NotPermitted), prepared.database.write() as tx:
        end_seat(
            tx,
            prepared.council,
            prepared.member("m2"),
            DAY,
            actor=prepared.actor("m1"),
            now=prepared.clock.now(),
        )


def test_a_seat_that_has_ended_is_none_on_the_sessions_day(prepared: Stage) -> None:
    with prepared.database.write() as tx:
        end_seat(
            tx,
            prepared.council,
            prepared.member("m7"),
            DAY,
            actor=prepared.actor("secretary"),
            now=prepared.clock.now(),
        )
    assert "m7" not in [item.login for item in prepared.view().members]


# -- the list ----------------------------------------------------------------------------------------------


def test_only_what_waits_for_this_council_comes_on_its_list(prepared: Stage) -> None:
    with pytest.raises(InvalidInput) as error:
        prepared.list(ONE, "DP24-003", "DP99-001")
    assert faults(error) == {
        ONE: "đang nằm trong phiên số 1; rút khỏi phiên ấy trước",
        "DP24-003": "đang ở “Ý tưởng”, chưa đến lượt hội đồng này chấm",
        "DP99-001": "không có sản phẩm này ở Thị xã Đức Phổ",
    }
    assert [item.code for item in prepared.view().products] == [ONE, TWO]


def test_what_is_taken_out_can_come_into_the_next_session(prepared: Stage) -> None:
    prepared.out(TWO)
    with prepared.database.write() as tx:
        given = NewSession(prepared.council, "Phiên 2", date(2024, 11, 27))
        prepared.number = draft_session(
            tx, given, actor=prepared.actor("secretary"), now=prepared.clock.now()
        )
    prepared.list(TWO)
    assert [(item.code, item.stage) for item in prepared.view().products] == [(TWO, Scoring.WAITING)]


def test_a_commune_hears_of_no_session(prepared: Stage) -> None:
    appoint(prepared.database, prepared.clock, {"lan": (Role.COMMUNE_OFFICER, "pho-an")})
    with pytest.raises(NotFound, match="There is no session 1"):
        prepared.view("lan")


# -- opening -----------------------------------------------------------------------------------------------


def test_a_session_opens_with_quorum_chair_list_and_dossiers_sent_in_time(prepared: Stage) -> None:
    with prepared.database.write() as tx:
        tx.exec_driver_sql("UPDATE council_sessions SET sent_on = '2024-11-20'")
    prepared.clock.move_to(date(2024, 11, 19))
    prepared.call_over("chair", "m1", "m2")
    with pytest.raises(InvalidInput) as error:
        prepared.open()
    assert [(item.place, item.text.vi) for item in error.value.faults] == [
        ("held_on", "ngày họp là 20/11/2024"),
        (
            "sent_on",
            "hồ sơ gửi 20/11/2024; phải trước phiên ít nhất 1 ngày làm việc, sớm nhất họp 21/11/2024",
        ),
        (
            "attendance",
            "có mặt 6 trên 9 thành viên chấm điểm; cần ít nhất 7 (Quy chế Hội đồng, QĐ 9/QĐ-UBND, Điều 5)",
        ),
        ("attendance", "chủ tịch Hội đồng chưa có mặt"),
    ]
    assert prepared.view().stage is Sitting.DRAFT


def test_a_number_may_be_the_quorum_and_the_chair_may_be_away(prepared: Stage) -> None:
    rules = CouncilRules(source="Quy chế, Điều 6", quorum="5", chair_required=False)
    with prepared.database.write() as tx:
        change_rules(tx, prepared.council, rules, actor=prepared.actor("secretary"), now=prepared.clock.now())
    prepared.call_over("chair", "m1", "m2", "m3")
    prepared.open()
    assert (prepared.view().stage, prepared.view().quorum, prepared.view().present) == (Sitting.OPEN, 5, 5)


def test_rules_that_change_later_change_no_open_session(stage: Stage) -> None:
    with stage.database.write() as tx:
        rules = CouncilRules(source="Quy chế mới", quorum="9")
        change_rules(tx, stage.council, rules, actor=stage.actor("secretary"), now=stage.clock.now())
    assert stage.view().rules.source == RULES.source


def test_members_do_not_run_the_session(prepared: Stage) -> None:
    prepared.call_over()
    with prepared.database.write() as tx, pytest.raises(NotPermitted):
        open_session(tx, prepared.number, actor=prepared.actor("m1"), today=DAY, now=prepared.clock.now())


def violated(stage: Stage) -> list[Finding]:
    found = examine(stage.database, stage.clock).findings
    return [item for item in found if item.severity is Severity.VIOLATED]


# -- results become scores ---------------------------------------------------------------------------------


def scored(stage: Stage, code: str, *totals: str) -> None:
    for login, total in zip(MEMBERS, totals, strict=True):
        stage.score(login, code, parts(total))
    stage.close(code)


def test_a_confirmed_result_is_the_score_and_names_its_session(stage: Stage) -> None:
    scored(stage, ONE, *["70"] * 8, "69")
    done = stage.confirm(ONE)
    assert done.state is State.DISTRICT_SCORED
    ((mean, gates),) = rows(
        stage.database,
        "SELECT score_mean, gates_met FROM dossiers JOIN products ON id = product_id WHERE code = :code",
        code=ONE,
    )
    assert (mean, gates) == ("629/9", 5)
    ((data,),) = rows(stage.database, "SELECT data FROM transitions WHERE id = :id", id=done.transition_id)
    assert '"session": 1' in str(data).replace("'", '"')
    assert stage.view().products[0].stage is Scoring.CONFIRMED


def test_the_session_ends_when_each_product_has_a_result_or_is_out(stage: Stage) -> None:
    scored(stage, ONE, *["70"] * 9)
    stage.confirm(ONE)
    with pytest.raises(Conflict) as error:
        stage.end()
    assert error.value.text.vi == (
        f"Còn 1 sản phẩm chưa có kết quả: {TWO}. Xác nhận kết quả hoặc rút khỏi phiên trước."
    )
    stage.out(TWO)
    stage.end()
    assert stage.view().stage is Sitting.CLOSED


def test_an_undone_score_waits_for_its_confirmation_again(stage: Stage) -> None:
    scored(stage, ONE, *["70"] * 9)
    stage.confirm(ONE)
    stage.out(TWO)
    stage.end()
    with stage.database.write() as tx:
        order = UndoOrder(ONE, stage.actor("secretary"), "xác nhận nhầm")
        undo(tx, order, sender=SENDER, today=stage.clock.today(), now=stage.clock.now())
    assert stage.view().stage is Sitting.OPEN
    assert stage.view().products[0].stage is Scoring.CLOSED
    assert state_of(stage.database, ONE) == "commune_evaluated"
    stage.confirm(ONE)
    assert violated(stage) == []


def test_no_score_by_hand_of_what_sits_in_a_session(stage: Stage) -> None:
    with pytest.raises(Conflict, match="sits in session 1"):
        act(stage.database, stage.clock, ONE, "score_district")
    stage.out(ONE)
    assert act(stage.database, stage.clock, ONE, "score_district").state is State.DISTRICT_SCORED


@pytest.mark.parametrize(
    ("event", "why"),
    [("withdraw", "Rút: ngừng sản xuất"), ("send_back", "Trả lại để hoàn thiện: thiếu phiếu kiểm nghiệm")],
)
def test_what_leaves_takes_itself_out_of_the_session(stage: Stage, event: str, why: str) -> None:
    stage.score("m1", ONE, parts("70"))
    act(stage.database, stage.clock, ONE, event)
    listed = stage.view().products[0]
    assert (listed.stage, listed.out_because) == (Scoring.OUT, why)
    found = stage.result(ONE)
    assert found.outcome is None
    assert [sheet.total for sheet in (*found.sheets, *found.apart)] == [70]


def test_two_of_one_name_are_told_apart(stage: Stage) -> None:
    write(stage.database, "UPDATE officers SET name = 'Vice' WHERE login = 'm1'")
    stage.score("m1", ONE, parts("70"))
    (listed,) = [item for item in stage.view().products if item.code == ONE]
    assert listed.signed == ("Vice (m1)",)
    assert "Vice (vice)" in listed.waiting_for
