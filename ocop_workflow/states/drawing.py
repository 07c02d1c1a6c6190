"""The table drawn for people: Markdown, with a diagram and a table for each ladder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Level
from ocop_workflow.states.forms import example_of, form_of
from ocop_workflow.states.lifecycle import ACTS, Transition, build_lifecycle, lifecycle_of
from ocop_workflow.states.words import Branch, Event, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocop_workflow.errors import Text
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states.forms import Field
    from ocop_workflow.states.lifecycle import Lifecycle

_INTRO = """\
# Trạng thái và bước chuyển · States and transitions

Written by `ocop states draw` from the table in `ocop_workflow/states/lifecycle.py`; not edited by hand.

The levels of a regulation form its ladder, and the table is built for a ladder. A state that a ladder
lacks does not exist for its products. Whatever is not in the table is refused, and the refusal says what
is allowed instead and what is missing. Deadlines are not in it: they never block a step.
"""

_BRANCHES = {
    Branch.ANY: "",
    Branch.FIRST: "hồ sơ lần đầu / a first dossier",
    Branch.RE_RATING: "đánh giá lại, nâng hạng / a re-rating",
    Branch.CERTIFICATE_RUNS: "đánh giá lại, nâng hạng; giấy chứng nhận còn hiệu lực / "
    "a re-rating whose certificate runs",
    Branch.CERTIFICATE_OVER: "đánh giá lại, nâng hạng; giấy chứng nhận hết hiệu lực / "
    "a re-rating whose certificate is over",
}


def draw(regulations: Sequence[Regulation]) -> str:
    """Return the page `docs/states.md`.

    Args:
        regulations: the rule packs to draw; those with the same ladder share a chapter.
    """
    ladders: dict[tuple[str, ...], list[Regulation]] = {}
    for regulation in regulations:
        ladders.setdefault(regulation.ladder, []).append(regulation)
    chapters = ["\n".join(_chapter(sharing)) for sharing in ladders.values()]
    return "\n".join([_INTRO, *_states_table(), *_forms(), *chapters])


def _states_table() -> Iterator[str]:
    yield from ("## Trạng thái · States", "", "| state | trạng thái |", "|---|---|")
    yield from (f"| `{state}` | {state.label} |" for state in State)
    yield ""


def _forms() -> Iterator[str]:
    """Draw what each event takes; the ladder of all levels knows every event."""
    lifecycle = lifecycle_of(tuple(Level))
    yield from ("## Dữ liệu của từng thao tác · The data of each event", "")
    yield "Ghi sau `--data` của `ocop advance`, hoặc ở `data` của API; xem `ocop states form THAO-TÁC`."
    yield "Given behind `--data` of `ocop advance` or as `data` over HTTP; see `ocop states form EVENT`."
    yield from (
        "",
        "| event · thao tác | key | nghĩa · meaning | cách ghi · written | |",
        "|---|---|---|---|---|",
    )
    for event in ACTS:
        yield from _form(event, form_of(event, lifecycle))
    yield ""


def _form(event: Event, form: tuple[Field, ...]) -> Iterator[str]:
    """Draw what one event takes; its name stands in the first line."""
    if not form:
        yield f"| `{event}`<br>{event.label} | – | không có dữ liệu / no data | | |"
        return
    keys = [pair for field in form for pair in _keys(field)]
    for index, (key, field) in enumerate(keys):
        named = "" if index else f"`{event}`<br>{event.label}"
        written, asked = _both(field.written), _both(field.asked.text)
        yield f"| {named} | `{key}` | {_meaning(field)} | {written} | {asked} |"
    yield f"| | | ví dụ · example | `{json.dumps(example_of(form), ensure_ascii=False)}` | |"


def _keys(field: Field) -> Iterator[tuple[str, Field]]:
    yield field.key, field
    yield from ((f"{field.key}.{part.key}", part) for part in field.parts)


def _meaning(field: Field) -> str:
    return f"{_both(field.text)} ({_both(field.note)})" if field.note.vi else _both(field.text)


def _both(text: Text) -> str:
    return f"{text.vi} / {text.en}"


def _chapter(sharing: list[Regulation]) -> Iterator[str]:
    lifecycle = build_lifecycle(sharing[0])
    labels = " → ".join(level.label for level in lifecycle.ladder)
    yield f"## Bậc thang {labels} · {' → '.join(lifecycle.ladder)}"
    yield ""
    yield "Quy định dùng bậc thang này · regulations with this ladder:"
    yield ""
    yield from (f"- QĐ {regulation.number} (`{regulation.id}`)" for regulation in sharing)
    yield ""
    yield from _diagram(lifecycle)
    yield ""
    yield from _table(lifecycle)
    yield ""


def _diagram(lifecycle: Lifecycle) -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2", "    direction TB")
    yield from (f'    state "{state.label}" as {state}' for state in lifecycle.states)
    yield f"    [*] --> {State.IDEA}"
    arrows: dict[tuple[State, State], list[str]] = {}
    for row in lifecycle.transitions:
        arrows.setdefault((row.source, row.target), []).append(row.event)
    yield from (
        f"    {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()
    )
    left = {row.source for row in lifecycle.transitions}
    yield from (f"    {state} --> [*]" for state in lifecycle.states if state not in left)
    yield "```"


def _table(lifecycle: Lifecycle) -> Iterator[str]:
    yield "| event · thao tác | from → to | by whose hand · ai làm | needs · điều kiện |"
    yield "|---|---|---|---|"
    alike: dict[Transition, list[State]] = {}
    for row in lifecycle.transitions:
        # rows that differ only in where they start are one line; `IDEA` merely stands in for the start
        same = Transition(row.event, State.IDEA, row.target, row.hands, row.needs, row.branch)
        alike.setdefault(same, []).append(row.source)
    yield from (_line(row, sources) for row, sources in alike.items())


def _line(row: Transition, sources: Iterable[State]) -> str:
    way = f"{', '.join(f'`{source}`' for source in sources)} → `{row.target}`"
    if row.branch is not Branch.ANY:
        way += f"<br>({_BRANCHES[row.branch]})"
    hands = "<br>".join(f"{hand.label} / {hand}" for hand in row.hands)
    asked = "<br>".join(f"{need.text.vi} / {need.text.en}" for need in row.needs) or "–"
    return f"| `{row.event}`<br>{row.event.label} | {way} | {hands} | {asked} |"
