"""What an answer leaves to people: the steps that a product has to take, as commands that can be pasted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.imports.judging.resembling import ENDED
from ocop_workflow.imports.report import NextStep
from ocop_workflow.states import State

if TYPE_CHECKING:
    from ocop_workflow.imports.queries import Stocked

#: where a certificate runs, so that the product goes on by a re-rating
_CERTIFIED = frozenset({State.CERTIFIED, State.MONITORED})


def into_plan(stocked: Stocked, plan: str, login: str, *, upgrade: bool) -> list[NextStep]:
    """Return how a product of another plan comes into this one."""
    commands: tuple[str, ...]
    if stocked.state in _CERTIFIED:
        kind = "upgrade" if upgrade else "renewal"
        commands = (_advance(stocked.code, "open_re_rating", login, {"kind": kind, "plan": plan}),)
    elif stocked.state in ENDED - {State.REVOKED}:
        commands = (_advance(stocked.code, "resubmit", login, {"plan": plan}),)
    elif stocked.state is State.REVOKED:
        commands = ()
    else:
        reason = f"chuyển sang kế hoạch {plan}"
        commands = (
            _advance(stocked.code, "withdraw", login, {"reason": reason}),
            _advance(stocked.code, "resubmit", login, {"plan": plan}),
        )
    vi = f"{stocked.code} còn thuộc kế hoạch {stocked.plan_slug} («{stocked.state.label}»)"
    en = f"{stocked.code} still belongs to the plan {stocked.plan_slug} ({stocked.state.value})"
    if not commands:
        return [NextStep(stocked.code, Text(f"{vi}, không vào kế hoạch khác được.", f"{en}, for good."), ())]
    return [
        NextStep(
            stocked.code,
            Text(f"{vi}; để đưa vào kế hoạch {plan}:", f"{en}; to take it into the plan {plan}:"),
            commands,
        )
    ]


def withdraw(stocked: Stocked, login: str) -> NextStep:
    """Return how a product that the list no longer names is withdrawn."""
    return NextStep(
        stocked.code,
        Text(f"{stocked.code} không còn trong danh sách; để rút:", f"To withdraw {stocked.code}:"),
        (_advance(stocked.code, "withdraw", login, {"reason": "không còn trong danh sách"}),),
    )


def not_corrected(stocked: Stocked) -> NextStep:
    """Say that a product's record stays as it is, for a report rests on it."""
    return NextStep(
        stocked.code,
        Text(
            f"{stocked.code} đã ở «{stocked.state.label}» nên tên và chủ thể trong sổ giữ nguyên.",
            f"{stocked.code} is {stocked.state.value}, so its name and producer stay as recorded.",
        ),
        (),
    )


def _advance(code: str, event: str, login: str, data: dict[str, str]) -> str:
    return f"ocop advance {code} {event} --as {login} --data '{json.dumps(data, ensure_ascii=False)}'"


__all__ = ["into_plan", "not_corrected", "withdraw"]
