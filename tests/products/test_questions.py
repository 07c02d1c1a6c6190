"""What an import has asked is answered by an officer, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.errors import InvalidInput, NotFound, NotPermitted
from ocop_workflow.products.questions.answering import answer_question, list_questions
from tests.changes.amending import is_sound
from tests.factories import LAN, SEED, load_seed, rows
from tests.stories.cast import acting, appoint

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.products.questions.queries import QuestionRecord
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def asked(database: Database, *, answered: bool = False) -> list[QuestionRecord]:
    with database.read() as tx:
        return list_questions(tx, plan=SEED, answered=answered)


def answer(
    database: Database, clock: FixedClock, number: int, word: str = "là hai sản phẩm", by: Actor = LAN
) -> QuestionRecord:
    with database.write() as tx:
        return answer_question(tx, by, number, word, now=clock.now())


def test_an_answer_is_kept_with_who_and_when_and_the_same_file_does_not_ask_again(
    seeded: Database, clock: FixedClock
) -> None:
    first, second = asked(seeded)
    assert "có phải là hai sản phẩm khác nhau không?" in first.vi
    done = answer(seeded, clock, first.id, "  là hai sản phẩm ")
    assert (done.answer, done.answered_by, done.answered_at) == ("là hai sản phẩm", "lan", clock.now())
    assert [item.id for item in asked(seeded)] == [second.id]
    assert [item.id for item in asked(seeded, answered=True)] == [first.id, second.id]
    again = load_seed(seeded, clock)
    assert {row.code: [text.vi for text in row.questions] for row in again.rows if row.questions} == {
        second.code: [second.vi]
    }
    ((subject, after),) = rows(seeded, "SELECT subject, after FROM audit WHERE action = 'question.answer'")
    assert subject == f"product:{first.code}"
    told = json.loads(after) if isinstance(after, str) else after
    assert told == {"question": first.id, "answer": "là hai sản phẩm"}
    is_sound(seeded, clock)


def test_a_second_thought_takes_the_first_answers_place(seeded: Database, clock: FixedClock) -> None:
    first, _ = asked(seeded)
    answer(seeded, clock, first.id)
    assert answer(seeded, clock, first.id, "là một").answer == "là một"
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action = 'question.answer'") == [(2,)]


def test_who_may_enter_products_there_may_answer(seeded: Database, clock: FixedClock) -> None:
    first, _ = asked(seeded)
    ((home,),) = rows(seeded, "SELECT slug FROM units WHERE id = :id", id=first.unit_id)
    other = "nguyen-nghiem" if home != "nguyen-nghiem" else "pho-an"
    appoint(
        seeded,
        clock,
        {
            "lan": (Role.COMMUNE_OFFICER, str(home)),
            "ha": (Role.COMMUNE_OFFICER, other),
            "xem": (Role.VIEWER, "duc-pho"),
            "minh": (Role.AUTHORITY_OFFICER, "duc-pho"),
        },
    )
    with pytest.raises(NotFound):
        answer(seeded, clock, first.id, by=acting(seeded, "ha"))
    with pytest.raises(NotPermitted):
        answer(seeded, clock, first.id, by=acting(seeded, "xem"))
    assert answer(seeded, clock, first.id, by=acting(seeded, "lan")).answered_by == "lan"
    assert answer(seeded, clock, first.id, by=acting(seeded, "minh")).answered_by == "minh"
    with seeded.read() as tx:
        assert list_questions(tx, acting(seeded, "ha"), answered=True) == []


@pytest.mark.parametrize("word", ["", " \n ", "x" * 501])
def test_an_answer_says_something_and_no_novel(seeded: Database, clock: FixedClock, word: str) -> None:
    first, _ = asked(seeded)
    with pytest.raises(InvalidInput):
        answer(seeded, clock, first.id, word)
    with pytest.raises(NotFound):
        answer(seeded, clock, 999_999)
