"""Answers to lists of certificates that outlive the list: what was answered once is not asked again.

They are kept as their list is published, under the unit in whose name it was brought, and hold for the lists
of that unit and of those under it, until somebody there revokes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import NotFound, NotPermitted
from ocop_workflow.imports import answer_queries as answers
from ocop_workflow.imports.register.file import WHOLE_LIST
from ocop_workflow.places import queries as units
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.answer_queries import RememberedAnswer
    from ocop_workflow.imports.register.file import RegisterOrder
    from ocop_workflow.store import Connection

#: the longest key, question's answer that is kept
_LONGEST_KEY, _LONGEST_ANSWER = 300, 500


def lasts(key: str) -> bool:
    """Tell whether a question means the same in every list: it names no place in one, nor the whole list."""
    return "!" not in key and not key.isdecimal() and key not in WHOLE_LIST and len(key) <= _LONGEST_KEY


def recall(tx: Connection, actor: Actor) -> dict[str, str]:
    """Return what was answered before, by the key of its question; the latest word holds."""
    return {held.key: held.answer for held in answers.answers_under(tx, _above(tx, actor))}


def _above(tx: Connection, actor: Actor) -> set[int] | None:
    """Return the units whose answers hold for an actor's lists: the actor's own, and those above them."""
    roots = actor.units_with(Permission.EDIT_PRODUCTS)
    return None if roots is None else {unit for root in roots for unit in units.lineage(tx, root)}


def remember(tx: Connection, order: RegisterOrder, answered: Mapping[str, tuple[str, str]]) -> None:
    """Keep what was answered to a list that counts, unless it is known already.

    Args:
        tx: a writing transaction.
        order: who has brought the list, when.
        answered: by the key of each question how it was asked, and the answer.
    """
    known, roots = recall(tx, order.actor), order.actor.units_with(Permission.EDIT_PRODUCTS)
    rows = [
        {
            "unit_id": min(roots) if roots else None,
            "key": key,
            "question": question,
            "answer": answer[:_LONGEST_ANSWER],
            "at": order.now,
            "by": clean(order.actor.login)[:100],
        }
        for key, (question, answer) in sorted(answered.items())
        if lasts(key) and known.get(key) != answer
    ]
    answers.insert_answers(tx, rows)


def list_remembered(tx: Connection, actor: Actor) -> list[RememberedAnswer]:
    """Return the answers that hold for an actor's lists, oldest first.

    Raises:
        NotPermitted: the actor may bring no certificates in.
    """
    if actor.units_with(Permission.EDIT_PRODUCTS) == frozenset():
        raise NotPermitted(
            f"{actor.login} không có quyền nhập giấy chứng nhận.",
            f"{actor.login} may not bring certificates in.",
        )
    return answers.answers_under(tx, _above(tx, actor))


def may_revoke(actor: Actor, held: RememberedAnswer) -> bool:
    """Tell whether an actor may revoke an answer: it is that of a unit of the actor's own."""
    roots = actor.units_with(Permission.EDIT_PRODUCTS)
    return roots is None or held.unit_id in roots


def revoke(tx: Connection, actor: Actor, number: int, now: datetime) -> None:
    """Let an answer hold no longer: the next list asks again.

    Raises:
        NotFound: no such answer holds for the actor's lists.
        NotPermitted: it is another unit's.
    """
    held = next((one for one in list_remembered(tx, actor) if one.id == number), None)
    if held is None:
        raise NotFound(f"Không có câu trả lời số {number}.", f"There is no answer {number}.")
    if not may_revoke(actor, held):
        raise NotPermitted(
            f"Câu trả lời {number} là của {held.unit or 'máy chủ'}; nơi ấy mới bỏ được.",
            f"The answer {number} belongs to {held.unit or 'the host'}, which alone may revoke it.",
        )
    answers.revoke_answer(tx, number, clean(actor.login)[:100], now)
    deed = Deed("answer.revoke", f"answer:{number}", {"question": held.question, "answer": held.answer})
    audit.record(tx, actor, deed, now)
