"""What has been counted stands: nobody who has read the sheets can move a result without scoring again."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.councils.attendance import note_attendance
from ocop_workflow.councils.founding import NewMember, end_seat, seat_member
from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.councils.scoring.paper import TypedSheet, type_sheet
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted
from ocop_workflow.people.officers import grant_role
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import DAY, MEMBERS, PASSWORD, RULES, TOWN, Stage, parts, prepare
from tests.factories import SENDER, rows
from tests.stories.cast import HOST
from tests.stories.journeys import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.regulations.rubrics import CouncilRules
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def attend(stage: Stage, login: str, *, is_present: bool) -> None:
    with stage.database.write() as tx:
        note_attendance(
            tx,
            stage.number,
            stage.member(login),
            is_present=is_present,
            actor=stage.actor("secretary"),
            now=stage.clock.now(),
        )


def seat(stage: Stage, login: str, since: date, duty: CouncilDuty = CouncilDuty.MEMBER) -> int:
    with stage.database.write() as tx:
        given = NewMember(login, duty, "Phòng Kinh tế", since)
        return seat_member(tx, stage.council, given, actor=stage.actor("secretary"), now=stage.clock.now())


def unseat(stage: Stage, login: str, until: date) -> None:
    with stage.database.write() as tx:
        end_seat(
            tx,
            stage.council,
            stage.member(login),
            until,
            actor=stage.actor("secretary"),
            now=stage.clock.now(),
        )


@pytest.fixture
def counted(stage: Stage) -> Stage:
    """Eight have given 70, the seventh member 61; scoring of the first product is closed."""
    for login in MEMBERS:
        stage.score(login, ONE, parts("61" if login == "m7" else "70"))
    stage.close(ONE)
    return stage


# -- who is there, who sits there --------------------------------------------------------------------------


def test_nobody_who_has_signed_is_noted_as_away_afterwards(counted: Stage) -> None:
    with pytest.raises(Conflict) as error:
        attend(counted, "m7", is_present=False)
    assert error.value.text.vi == "M7 đã ký phiếu ở phiên này, nên không ghi vắng mặt được nữa."
    attend(counted, "m7", is_present=True)
    assert counted.result(ONE).outcome == counted.result(ONE, "chair").outcome
    assert len(counted.result(ONE).sheets) == 9


def test_whoever_has_signed_nothing_yet_may_still_be_noted_as_away(stage: Stage) -> None:
    attend(stage, "m7", is_present=False)
    assert "m7" not in [item.login for item in stage.view().members if item.is_present]


@pytest.mark.parametrize(
    "change",
    [
        lambda stage: unseat(stage, "m7", DAY),
        lambda stage: seat(stage, "clerk", DAY),
    ],
    ids=["ended", "seated"],
)
def test_no_seat_changes_behind_a_session_that_was_opened(
    counted: Stage, change: Callable[[Stage], object]
) -> None:
    with pytest.raises(Conflict) as error:
        change(counted)
    assert error.value.text.vi == (
        "Phiên “Phiên 1 năm 2024” ngày 20/11/2024 đã khai mạc với hội đồng lúc đó; chỉ đổi từ ngày "
        "21/11/2024."
    )
    unseat(counted, "m7", DAY + timedelta(days=1))
    seat(counted, "clerk", DAY + timedelta(days=1))
    assert len(counted.result(ONE).sheets) == 9


def test_one_sits_once_on_every_day(prepared: Stage) -> None:
    unseat(prepared, "m7", DAY + timedelta(days=10))
    unseat(prepared, "chair", DAY + timedelta(days=10))
    with pytest.raises(Conflict, match="sits in this council already"):
        seat(prepared, "m7", DAY)
    with pytest.raises(Conflict, match="The council has a chair"):
        seat(prepared, "clerk", DAY, CouncilDuty.CHAIR)
    seat(prepared, "m7", DAY + timedelta(days=10))
    seat(prepared, "clerk", DAY + timedelta(days=10), CouncilDuty.CHAIR)


# -- the list ----------------------------------------------------------------------------------------------


def test_a_product_that_is_named_twice_comes_on_the_list_once(prepared: Stage) -> None:
    prepared.out(ONE)
    prepared.list(ONE, ONE.lower(), f" {ONE} ")
    assert [item.code for item in prepared.view().products if item.stage is Scoring.WAITING] == [TWO, ONE]


def test_a_conflict_stays_with_a_product_that_comes_back_on_the_list(stage: Stage) -> None:
    stage.conflict("m1", ONE)
    stage.out(ONE)
    stage.list(ONE)
    with pytest.raises(NotPermitted, match="A conflict of interest"):
        stage.save("m1", ONE, parts("70"))


def test_no_step_is_undone_under_a_session(stage: Stage) -> None:
    def take_back() -> None:
        with stage.database.write() as tx:
            order = UndoOrder(ONE, HOST, "ghi nhầm")
            undo(tx, order, sender=SENDER, today=stage.clock.today(), now=stage.clock.now())

    with pytest.raises(Conflict) as error:
        take_back()
    assert error.value.text.vi == f"{ONE} đang nằm trong phiên họp số 1; rút khỏi phiên ấy rồi mới hoàn tác."
    stage.out(ONE)
    take_back()
    assert state_of(stage.database, ONE) == "consulting"


# -- after a spread ----------------------------------------------------------------------------------------


def test_the_chair_says_nothing_to_a_spread_before_all_have_scored_again(stage: Stage) -> None:
    for login in MEMBERS:
        stage.score(login, ONE, parts("50" if login == "m7" else "70"))
    stage.close(ONE)
    with pytest.raises(Conflict) as error:
        stage.chair_says(ONE, "lấy trung bình")
    assert error.value.text.vi == f"{ONE} chưa chấm lại; ý kiến về điểm chênh ghi sau khi chấm lại."
    stage.again(ONE)
    for login in MEMBERS:
        stage.sign(login, ONE)
    stage.close(ONE)
    with pytest.raises(Conflict, match="with a note of the chair"):
        stage.confirm(ONE)
    stage.chair_says(ONE, "lấy trung bình")
    stage.confirm(ONE)


# -- nothing tells of a sheet ------------------------------------------------------------------------------


def test_no_entry_of_the_audit_lets_a_sheet_be_guessed_while_it_is_blind(stage: Stage) -> None:
    stage.score("m1", ONE, parts("71"))
    told = "\n".join(str(row) for row in rows(stage.database, "SELECT action, before, after FROM audit"))
    for a, b, c in itertools.product(range(41), range(26), range(36)):
        entries = {"parts.A": str(a), "parts.B": str(b), "parts.C": str(c)}
        whole = {
            "session": stage.number,
            "product": ONE,
            "sheet": "qd-148-2023",
            "member": "m1",
            "round": 1,
            "entries": entries,
        }
        words = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(words.encode()).hexdigest() not in told, entries


def test_closing_writes_down_what_was_signed(stage: Stage) -> None:
    stage.save("m1", ONE, parts("71"))
    checksum = stage.sign("m1", ONE)
    stage.close(ONE)
    ((after,),) = rows(stage.database, "SELECT after FROM audit WHERE action = 'session.close_scoring'")
    assert f"m1 {checksum}" in str(after)


# -- days --------------------------------------------------------------------------------------------------


def test_dossiers_are_not_sent_on_a_day_to_come(prepared: Stage) -> None:
    with pytest.raises(InvalidInput) as error:
        prepared.send(DAY + timedelta(days=1))
    assert [(item.place, item.text.vi) for item in error.value.faults] == [
        ("sent_on", "21/11/2024 còn ở tương lai")
    ]


# -- paper -------------------------------------------------------------------------------------------------


def test_whoever_scores_another_product_of_the_session_types_no_sheet(stage: Stage) -> None:
    with stage.database.write() as tx:
        grant_role(tx, HOST, "m1", Role.COUNCIL_SECRETARY, TOWN, now=stage.clock.now())
    stage.conflict("m1", ONE)
    for login in MEMBERS[1:]:
        if login not in {"m1", "m7"}:
            stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    with stage.database.write() as tx, pytest.raises(NotPermitted, match="do not score in this session"):
        type_sheet(
            tx,
            stage.number,
            ONE,
            stage.member("m7"),
            TypedSheet(parts("61"), "tủ 3"),
            actor=stage.actor("m1"),
            now=stage.clock.now(),
        )


# -- in writing --------------------------------------------------------------------------------------------


def written(database: Database, clock: FixedClock, rules: CouncilRules = RULES) -> Stage:
    """A session in writing, opened."""
    stage = prepare(database, clock, ONE, mode=SessionMode.WRITTEN, rules=rules)
    with database.write() as tx:
        set_password(tx, HOST, "secretary", PASSWORD, now=clock.now())
    stage.open()
    return stage


def agree(stage: Stage, *logins: str) -> None:
    for login in logins:
        with stage.database.write() as tx:
            answer_in_writing(
                tx, stage.number, ONE, agrees=True, actor=stage.actor(login), now=stage.clock.now()
            )


def test_nobody_has_agreed_to_another_sheet_than_the_one_that_was_shown(
    seeded: Database, clock: FixedClock
) -> None:
    stage = written(seeded, clock)
    stage.score("secretary", ONE, parts("72"))
    agree(stage, *MEMBERS[1:])
    stage.close(ONE)
    with pytest.raises(Conflict) as error:
        stage.again(ONE)
    assert error.value.text.vi == f"{ONE}: lấy ý kiến bằng văn bản thì không chấm lại; chuyển sang họp."


def test_in_writing_a_secretary_who_scores_elsewhere_is_not_asked_about_the_own_sheet(
    seeded: Database, clock: FixedClock
) -> None:
    stage = written(seeded, clock, RULES.model_copy(update={"secretary_scores": True}))
    stage.score("secretary", ONE, parts("72"))
    agree(stage, *MEMBERS)
    stage.close(ONE)
    assert stage.result(ONE).missing == ()
    stage.confirm(ONE)


def test_in_writing_the_agency_has_one_sheet(seeded: Database, clock: FixedClock) -> None:
    stage = prepare(seeded, clock, ONE, mode=SessionMode.WRITTEN)
    seat(stage, "clerk", DAY, CouncilDuty.SECRETARY)
    with seeded.write() as tx:
        for login in ("secretary", "clerk"):
            set_password(tx, HOST, login, PASSWORD, now=clock.now())
    stage.open()
    stage.score("secretary", ONE, parts("72"))
    agree(stage, *MEMBERS)
    stage.score("clerk", ONE, parts("90"))
    stage.close(ONE)
    outcome = stage.result(ONE).outcome
    assert outcome
    assert (outcome.n, outcome.mean) == (1, "72")
