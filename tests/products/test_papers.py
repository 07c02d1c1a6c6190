"""The papers of a dossier: what the regulation asks for, what is there, what has run out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.papers.keeping import (
    NewPaper,
    add_paper,
    list_ending,
    list_papers,
    withdraw_paper,
)
from ocop_workflow.products.papers.reading import read_paper
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination.doctor import examine
from tests.factories import SENDER, act, rows, write
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.paper_views import PapersView, PaperView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
SLIP = NewPaper("registration", number="12/PĐK", issued_on=date(2024, 4, 20), shelf="tủ 2, ngăn 1")


def add(
    database: Database, clock: FixedClock, paper: NewPaper, login: str = "", code: str = CODE
) -> PaperView:
    with database.write() as tx:
        actor = actor_on_host(tx, login, "a test") if login else HOST
        return add_paper(tx, code, paper, actor=actor, today=clock.today(), now=clock.now())


def listed(database: Database, clock: FixedClock, actor: Actor = HOST) -> PapersView:
    with database.read() as tx:
        return list_papers(tx, CODE, actor, today=clock.today())


def test_the_regulation_says_what_a_dossier_needs_and_who_brings_it(
    seeded: Database, clock: FixedClock
) -> None:
    found = listed(seeded, clock)
    assert (found.regulation, found.dossier, found.lacking, found.expired) == ("148/QĐ-TTg", 1, 2, 0)
    assert [(task.kind, task.brought_by_label, task.lacking) for task in found.tasks] == [
        ("registration", "chủ thể", True),
        ("producer_report", "chủ thể", True),
        ("commune_report", "UBND cấp xã, khi gửi lên", False),
        ("result_decision", "UBND cấp huyện, khi gửi lên", False),
        ("samples", "UBND cấp huyện, khi gửi lên", False),
    ]


def test_a_paper_that_is_there_is_lacking_no_more(seeded: Database, clock: FixedClock) -> None:
    paper = add(seeded, clock, SLIP)
    assert (paper.id, paper.number, paper.shelf, paper.recorded_by) == (
        1,
        "12/PĐK",
        "tủ 2, ngăn 1",
        HOST.login,
    )
    found = listed(seeded, clock)
    assert (found.lacking, found.tasks[0].lacking, found.tasks[0].papers) == (1, False, (paper,))
    ((action, after),) = rows(seeded, "SELECT action, after FROM audit WHERE subject = 'paper:1'")
    assert action == "paper.add"
    assert CODE in str(after)


def test_a_paper_that_ran_out_is_lacking_again_the_day_after(seeded: Database, clock: FixedClock) -> None:
    last = clock.today() + timedelta(days=10)
    add(seeded, clock, NewPaper("registration", expires_on=last))
    clock.move_to(last)
    (paper,) = listed(seeded, clock).tasks[0].papers
    assert (paper.days_left, paper.expired, listed(seeded, clock).lacking) == (0, False, 1)
    clock.move_to(last + timedelta(days=1))
    (paper,) = listed(seeded, clock).tasks[0].papers
    found = listed(seeded, clock)
    assert (paper.days_left, paper.expired, found.lacking, found.expired) == (-1, True, 2, 1)


def test_what_the_regulation_does_not_name_has_a_name_of_its_own(seeded: Database, clock: FixedClock) -> None:
    add(seeded, clock, NewPaper("other", name="Giải thưởng tỉnh", criteria=("3.5", "3.5", "5.1")))
    (paper,) = listed(seeded, clock).other
    assert (paper.name, paper.criteria) == ("Giải thưởng tỉnh", ("3.5", "5.1"))


def test_every_fault_of_a_paper_is_told_at_once(seeded: Database, clock: FixedClock) -> None:
    today = clock.today()
    wrong = NewPaper(
        "passport",
        issued_on=today + timedelta(days=1),
        expires_on=today,
        criteria=("3.5", "ba", "1.2.3.4"),
    )
    with pytest.raises(InvalidInput) as error:
        add(seeded, clock, wrong)
    assert [item.place for item in error.value.faults] == ["kind", "issued_on", "expires_on", "criteria"]
    with pytest.raises(InvalidInput) as error:
        add(seeded, clock, NewPaper("other"))
    assert [item.place for item in error.value.faults] == ["name"]
    with pytest.raises(InvalidInput) as error:
        read_paper({"kind": "Other!", "issued_on": "yesterday", "colour": "red"})
    assert {item.place for item in error.value.faults} == {"kind", "issued_on", "colour"}
    assert rows(seeded, "SELECT COUNT(*) FROM papers") == [(0,)]


def test_another_communes_officer_neither_sees_nor_records(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    with pytest.raises(NotFound):
        add(seeded, clock, SLIP, "ha")
    with pytest.raises(NotPermitted):
        add(seeded, clock, SLIP, "vinh")
    assert add(seeded, clock, SLIP, "lan").recorded_by == "lan"


def test_a_paper_is_withdrawn_with_a_reason_and_stays_on_record(seeded: Database, clock: FixedClock) -> None:
    paper = add(seeded, clock, SLIP)
    with seeded.write() as tx:
        withdraw_paper(tx, CODE, paper.id, "ghi nhầm sản phẩm", actor=HOST, now=clock.now())
    assert listed(seeded, clock).lacking == 2
    assert rows(seeded, "SELECT withdrawn_because FROM papers") == [("ghi nhầm sản phẩm",)]
    for number in (paper.id, 999):
        with pytest.raises(NotFound), seeded.write() as tx:
            withdraw_paper(tx, CODE, number, "lần nữa", actor=HOST, now=clock.now())
    with pytest.raises(InvalidInput), seeded.write() as tx:
        withdraw_paper(tx, CODE, paper.id, " ", actor=HOST, now=clock.now())


def test_a_dossier_that_holds_papers_is_not_undone_away(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    paper = add(seeded, clock, SLIP)
    order = UndoOrder(CODE, HOST, "nhầm")
    with pytest.raises(Conflict) as error, seeded.write() as tx:
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert error.value.text.vi == (f"Hồ sơ 2 của {CODE} đã có giấy tờ; rút giấy tờ ra trước, rồi hoàn tác.")
    with seeded.write() as tx:
        withdraw_paper(tx, CODE, paper.id, "chuyển hồ sơ", actor=HOST, now=clock.now())
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert listed(seeded, clock).dossier == 1
    assert not [item for item in examine(seeded, clock).findings if item.invariant == 39]


def test_a_new_dossier_begins_without_the_papers_of_the_one_before(
    seeded: Database, clock: FixedClock
) -> None:
    add(seeded, clock, SLIP)
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    assert (listed(seeded, clock).dossier, listed(seeded, clock).lacking) == (2, 2)


def test_the_doctor_sees_papers_of_no_dossier_and_those_that_end_before_they_began(
    seeded: Database, clock: FixedClock
) -> None:
    add(seeded, clock, SLIP)
    add(seeded, clock, SLIP)
    write(seeded, "UPDATE papers SET dossier = 7 WHERE id = 1")
    write(seeded, "UPDATE papers SET expires_on = '2020-01-01' WHERE id = 2")
    told = [item.text.vi for item in examine(seeded, clock).findings if item.invariant == 39]
    assert told == [
        f"Giấy tờ 1 thuộc hồ sơ 7 của {CODE}, mà hồ sơ ấy không có.",
        f"Giấy tờ 2 của {CODE} hết hạn trước ngày cấp.",
    ]


def test_what_runs_out_soon_is_listed_earliest_first_as_far_as_one_sees(
    seeded: Database, clock: FixedClock
) -> None:
    appoint(seeded, clock)
    today = clock.today()
    named = NewPaper(
        "other", name="An toàn thực phẩm", number="7/ATTP", expires_on=today + timedelta(days=60)
    )
    add(seeded, clock, named)
    add(seeded, clock, NewPaper("registration", expires_on=today - timedelta(days=1)))
    add(seeded, clock, NewPaper("registration", expires_on=today + timedelta(days=61)))
    add(seeded, clock, SLIP)
    gone = add(seeded, clock, NewPaper("registration", expires_on=today))
    elsewhere = add(seeded, clock, NewPaper("registration", expires_on=today), code="DP24-011")
    with seeded.write() as tx:
        withdraw_paper(tx, CODE, gone.id, "nhầm", actor=HOST, now=clock.now())
    with seeded.read() as tx:
        lan = list_ending(tx, actor_on_host(tx, "lan", "a test"), today=today)
        minh = list_ending(tx, actor_on_host(tx, "minh", "a test"), today=today, limit=1)
        far = list_ending(tx, HOST, today=today, within=61)
    assert [(item.code, item.name, item.number, item.days_left) for item in lan.papers] == [
        (CODE, "Phiếu đăng ký (lần đầu, nâng hạng hoặc đánh giá lại)", None, -1),
        (CODE, "An toàn thực phẩm", "7/ATTP", 60),
    ]
    assert (lan.count, minh.count, len(minh.papers), far.count) == (2, 3, 1, 4)
    assert elsewhere.days_left == 0
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    with seeded.read() as tx:  # papers of an earlier dossier are nobody's task any more
        assert list_ending(tx, HOST, today=today).count == 1
