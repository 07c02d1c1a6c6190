"""Two at once in a session: one goes before the other, and nothing is half of both."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Role
from ocop_workflow.councils import session_queries
from ocop_workflow.councils.founding import NewMember, seat_member
from ocop_workflow.councils.listing import ListEntry, put_on_list
from ocop_workflow.councils.scoring import filling, sheet_queries
from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.councils.sittings import NewSession, draft_session
from ocop_workflow.errors import Conflict, InvalidInput, OcopError
from ocop_workflow.people import officer_queries
from ocop_workflow.people.officers import add_officer
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode, Sitting
from ocop_workflow.upkeep.examination.doctor import examine
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import DAY, MEMBERS, PASSWORD, TOWN, Stage, evaluated, parts, prepare
from tests.factories import SENDER, rows
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: how often a race is run whose moment nobody can hold
TIMES = 5


class Other:
    """What somebody else does meanwhile, in a thread and a transaction of their own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.answer: object = None
        self.refusal: OcopError | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.answer = self._work()
        except OcopError as error:
            self.refusal = error

    def begin(self, seconds: float = 0.4) -> None:
        """Let it begin; it has so long to be through, or waits for us."""
        self._thread.start()
        self._thread.join(seconds)

    def end(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


def in_between(monkeypatch: pytest.MonkeyPatch, room: Any, name: str, other: Other) -> None:  # noqa: ANN401 - a module
    """Let the other begin at the very moment at which we first call this."""
    real = getattr(room, name)

    def call(*given: object, **named: object) -> object:
        monkeypatch.setattr(room, name, real)
        other.begin()
        return real(*given, **named)

    monkeypatch.setattr(room, name, call)


def at_once(*works: Callable[[], object]) -> list[Other]:
    """Let all of them begin at once, and wait for them."""
    gate = threading.Barrier(len(works))

    def behind(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            gate.wait(10)
            return work()

        return run

    others = [Other(behind(work)) for work in works]
    for other in others:
        other.begin(0)
    for other in others:
        other.end()
    return others


def violated(stage: Stage) -> list[int]:
    return [item.invariant for item in examine(stage.database, stage.clock).findings if item.invariant > 39]


# -- a sheet -----------------------------------------------------------------------------------------------


def test_a_choice_at_the_moment_of_signing_is_refused_and_not_in_the_signed_sheet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.save("m1", ONE, parts("70"))
    late = Other(lambda: stage.save("m1", ONE, {"parts.A": "12"}))
    in_between(monkeypatch, filling, "checksum_of", late)
    stage.sign("m1", ONE)
    late.end()
    assert isinstance(late.refusal, Conflict)
    assert stage.sheet("m1", ONE).entries == parts("70")
    assert violated(stage) == []


def test_of_two_signatures_at_once_one_counts(stage: Stage) -> None:
    for login in MEMBERS[:TIMES]:
        stage.save(login, ONE, parts("70"))
        both = at_once(*[lambda login=login: stage.sign(login, ONE)] * 2)
        assert sorted(type(it.refusal).__name__ for it in both) == ["Conflict", "NoneType"]
    assert rows(stage.database, "SELECT count(*) FROM audit WHERE action = 'sheet.sign'") == [(TIMES,)]
    assert violated(stage) == []


def test_two_tabs_of_one_member_fill_in_one_sheet(stage: Stage) -> None:
    for login in MEMBERS[:TIMES]:
        both = at_once(
            lambda login=login: stage.save(login, ONE, {"parts.A": "30"}),  # type: ignore[misc]  # a default
            lambda login=login: stage.save(login, ONE, {"parts.B": "20"}),  # type: ignore[misc]  # a default
        )
        assert [it.refusal for it in both] == [None, None]
        assert stage.sheet(login, ONE).entries == {"parts.A": "30", "parts.B": "20"}
    assert rows(stage.database, "SELECT count(*) FROM score_sheets") == [(TIMES,)]


def test_a_signature_at_the_moment_of_closing_counts_or_is_refused(stage: Stage) -> None:
    for login in MEMBERS:
        stage.save(login, ONE, parts("70"))
    *signing, closing = at_once(
        *(lambda login=login: stage.sign(login, ONE) for login in MEMBERS),
        lambda: stage.close(ONE),
    )
    assert closing.refusal is None
    acknowledged = {login for login, it in zip(MEMBERS, signing, strict=True) if it.answer}
    assert {sheet.member for sheet in stage.result(ONE).sheets} == acknowledged
    assert violated(stage) == []


def test_a_signature_while_all_score_again_is_of_one_round(stage: Stage) -> None:
    for login in MEMBERS[:-1]:
        stage.score(login, ONE, parts("40" if login == "m1" else "70"))
    stage.save("m7", ONE, parts("70"))

    def again() -> None:
        stage.close(ONE)
        stage.again(ONE)

    signing, scoring_again = at_once(lambda: stage.sign("m7", ONE), again)
    assert scoring_again.refusal is None
    signed = rows(
        stage.database,
        "SELECT round, sha256 FROM score_sheets WHERE member_id = :m AND stage != 'open'",
        m=stage.member("m7"),
    )
    assert signed == ([(1, signing.answer)] if signing.answer else [])
    assert violated(stage) == []


# -- a product ---------------------------------------------------------------------------------------------


def test_of_two_confirmations_at_once_one_is_the_score(stage: Stage) -> None:
    for login in MEMBERS:
        stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    both = at_once(*[lambda: stage.confirm(ONE)] * 2)
    assert sorted(type(it.refusal).__name__ for it in both) == ["Conflict", "NoneType"]
    done = "SELECT count(*) FROM transitions WHERE event = 'score_district'"
    assert rows(stage.database, done) == [(1,)]
    assert violated(stage) == []


def test_a_product_is_put_on_one_of_two_lists_at_once(
    prepared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with prepared.database.write() as tx:
        new = NewSession(prepared.council, "Phiên 2 năm 2024", DAY)
        second = draft_session(tx, new, actor=prepared.actor("secretary"), now=prepared.clock.now())

    def put(number: int) -> None:
        with prepared.database.write() as tx:
            put_on_list(
                tx, number, [ListEntry(ONE)], actor=prepared.actor("secretary"), now=prepared.clock.now()
            )

    prepared.out(ONE)
    late = Other(lambda: put(second))
    in_between(monkeypatch, session_queries, "insert_scored", late)
    put(prepared.number)
    late.end()
    assert isinstance(late.refusal, InvalidInput)
    assert late.refusal.faults[0].text.en == f"sits in session {prepared.number}; take it out there first"
    there = (
        "SELECT count(*) FROM session_products s JOIN products p ON p.id = s.product_id "
        "WHERE p.code = :code AND s.stage = 'waiting'"
    )
    assert rows(prepared.database, there, code=ONE) == [(1,)]


def test_a_score_that_is_undone_while_the_session_closes_leaves_it_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for login in MEMBERS:
        stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    stage.confirm(ONE)
    stage.out(TWO)
    closing = Other(stage.end)
    in_between(monkeypatch, session_queries, "write_scored", closing)
    with stage.database.write() as tx:
        order = UndoOrder(ONE, stage.actor("secretary"), "xác nhận nhầm")
        undo(tx, order, sender=SENDER, today=stage.clock.today(), now=stage.clock.now())
    closing.end()
    assert isinstance(closing.refusal, Conflict)
    assert (stage.view().stage, stage.view().products[0].stage) == (Sitting.OPEN, Scoring.CLOSED)


def test_a_step_undone_while_a_list_takes_its_product_is_done_before_or_not_at_all(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = prepare(seeded, clock, TWO)
    evaluated(seeded, clock, ONE)
    listing = Other(lambda: stage.list(ONE))
    in_between(monkeypatch, session_queries, "hold_products", listing)
    refusal: OcopError | None = None
    try:
        with seeded.write() as tx:
            order = UndoOrder(ONE, HOST, "ghi nhầm")
            undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    except OcopError as error:
        refusal = error
    listing.end()
    sits = [product.code for product in stage.view().products]
    assert (ONE in sits) is (refusal is not None)
    assert violated(stage) == []


# -- in writing, seats -------------------------------------------------------------------------------------


def test_an_answer_at_the_moment_of_closing_is_there_before_or_refused(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = prepare(seeded, clock, ONE, mode=SessionMode.WRITTEN)
    with seeded.write() as tx:
        set_password(tx, HOST, "secretary", PASSWORD, now=clock.now())
    stage.open()
    stage.score("secretary", ONE, parts("72"))
    closed_first: list[bool] = []

    def close() -> None:
        stage.close(ONE)
        closed_first.append(rows(seeded, "SELECT count(*) FROM session_opinions") == [(0,)])

    closing = Other(close)
    in_between(monkeypatch, sheet_queries, "sheets_in", closing)
    with seeded.write() as tx:
        answer_in_writing(tx, stage.number, ONE, agrees=True, actor=stage.actor("m1"), now=clock.now())
    closing.end()
    assert (closing.refusal, closed_first) == (None, [False])


def test_of_two_who_are_seated_as_chair_at_once_one_is(
    prepared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = DAY.replace(day=DAY.day + 1)
    with prepared.database.write() as tx:
        tx.exec_driver_sql("DELETE FROM council_members WHERE duty = 'chair'")
        for login in ("left", "right"):
            add_officer(tx, HOST, login, login.title(), Role.COUNCIL_MEMBER, TOWN, now=prepared.clock.now())

    def seat(login: str) -> None:
        with prepared.database.write() as tx:
            given = NewMember(login, CouncilDuty.CHAIR, "UBND thị xã", after)
            seat_member(tx, prepared.council, given, actor=HOST, now=prepared.clock.now())

    late = Other(lambda: seat("right"))
    in_between(monkeypatch, officer_queries, "grants_of", late)
    seat("left")
    late.end()
    assert isinstance(late.refusal, Conflict)
